//! A network that can be run.

use std::sync::Arc;

use prost::Message as _;
use rten::{Model as Rten, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, Layout as _, NdTensor};

use crate::{Error, ErrorKind, Sha256, expand, onnx};

/// A picture larger than this (in values) is refused: 3 × 4,096 × 4,096.
const MAX_INPUT: usize = 3 * 4096 * 4096;

/// An executable network of one picture in, some tensors out.
pub struct Network {
    model: Rten,
    input: NodeId,
    outputs: Vec<(String, NodeId)>,
}

/// A thread to run networks on, made by the caller. The arithmetic of one run
/// stays on it, so that results don't depend on the number of workers.
#[derive(Clone)]
pub struct Worker(Arc<ThreadPool>);

/// A dense tensor: values in row-major order and their shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// The size along each axis, outermost first.
    pub shape: Vec<usize>,
    /// The values, as many as the product of `shape`.
    pub values: Vec<f32>,
}

impl Worker {
    /// One thread that waits for work.
    pub fn new() -> Self {
        Self(Arc::new(ThreadPool::with_num_threads(1)))
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl Network {
    /// Reads an ONNX file of one input after holding it against its hash.
    ///
    /// # Errors
    /// [`ErrorKind::HashMismatch`] if `file` isn't the file that `pin` names;
    /// [`ErrorKind::NotOnnx`] or [`ErrorKind::Unsupported`] if it can't be
    /// executed.
    pub fn load(file: &[u8], pin: Sha256) -> Result<Self, Error> {
        let found = Sha256::of(file);
        if found != pin {
            return Err(Error::new(
                ErrorKind::HashMismatch,
                format!("its SHA-256 is {found}, its manifest says {pin}"),
            ));
        }
        let mut model = onnx::Model::decode(file)
            .map_err(|e| Error::new(ErrorKind::NotOnnx, format!("it isn't an ONNX file: {e}")))?;
        expand::expand(&mut model)?;
        let expanded = model.encode_to_vec();
        let names: Vec<String> = model
            .graph
            .iter()
            .flat_map(|g| g.output.iter().map(|o| o.name.clone()))
            .collect();
        drop(model);
        let unsupported = |e: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Unsupported, format!("it can't be executed: {e}"))
        };
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(expanded)
            .map_err(|e| unsupported(&e))?;
        let &[input] = model.input_ids() else {
            return Err(unsupported(&format!(
                "it takes {} inputs, a picture is one",
                model.input_ids().len()
            )));
        };
        let outputs = names
            .into_iter()
            .map(|name| {
                model
                    .node_id(&name)
                    .map(|id| (name, id))
                    .map_err(|e| unsupported(&e))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            model,
            input,
            outputs,
        })
    }

    /// The names of the outputs, in the order that [`Network::run`] gives them.
    pub fn output_names(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|(name, _)| name.as_str())
    }

    /// Runs the network on one picture: `planes` holds `channels · height ·
    /// width` values, channel by channel, row by row.
    ///
    /// # Errors
    /// [`ErrorKind::Run`] if the picture has another number of values, more
    /// than 3 × 4,096 × 4,096 of them, or a shape that the network doesn't take.
    pub fn run(
        &self,
        planes: Vec<f32>,
        [channels, height, width]: [usize; 3],
        worker: &Worker,
    ) -> Result<Vec<Tensor>, Error> {
        let failed = |e: &dyn std::fmt::Display| {
            Error::new(
                ErrorKind::Run,
                format!("the network doesn't take {channels} x {height} x {width}: {e}"),
            )
        };
        if planes.len() > MAX_INPUT
            || channels
                .checked_mul(height)
                .and_then(|n| n.checked_mul(width))
                != Some(planes.len())
        {
            return Err(failed(&format!("{} values were given", planes.len())));
        }
        let input = NdTensor::from_data([1, channels, height, width], planes);
        let outputs: Vec<NodeId> = self.outputs.iter().map(|&(_, id)| id).collect();
        let options = RunOptions::default().with_thread_pool(Some(worker.0.clone()));
        let values = self
            .model
            .run(vec![(self.input, input.into())], &outputs, Some(options))
            .map_err(|e| failed(&e))?;
        values
            .into_iter()
            .map(|value| tensor(value).ok_or_else(|| failed(&"an output isn't of 32-bit floats")))
            .collect()
    }
}

fn tensor(value: Value) -> Option<Tensor> {
    let tensor = value.into_tensor::<f32>()?;
    Some(Tensor {
        shape: tensor.shape().to_vec(),
        values: tensor.to_vec(),
    })
}
