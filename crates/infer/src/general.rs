//! Any network at all, by rten.

use prost::Message as _;
use rten::{Model as Rten, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, NdTensor};
use std::sync::Arc;

use crate::{Error, ErrorKind, onnx};

/// A picture larger than this (in values) is refused: 3 × 4,096 × 4,096.
const MAX_INPUT: usize = 3 * 4096 * 4096;

/// A network that no plan could be made of.
pub(crate) struct General {
    model: Rten,
    input: NodeId,
    outputs: Vec<(String, NodeId)>,
}

/// A thread to run such networks on.
pub(crate) type Pool = Arc<ThreadPool>;

impl General {
    /// A network whose constants are floats and whose sizes are free.
    pub(crate) fn new(model: &onnx::Model) -> Result<Self, Error> {
        let names: Vec<String> = model
            .graph
            .iter()
            .flat_map(|g| g.output.iter().map(|o| o.name.clone()))
            .collect();
        let unsupported = |e: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Unsupported, format!("it can't be executed: {e}"))
        };
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(model.encode_to_vec())
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

    pub(crate) fn output_names(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|(name, _)| name.as_str())
    }

    /// Every output's values for a picture that `source` gives row by row.
    pub(crate) fn run(
        &self,
        pool: Pool,
        [channels, height, width]: [usize; 3],
        source: &mut dyn FnMut(usize, usize, &mut [f32]),
    ) -> Result<Vec<Vec<f32>>, Error> {
        let failed = |e: &dyn std::fmt::Display| {
            Error::new(
                ErrorKind::Run,
                format!("the network doesn't take {channels} x {height} x {width}: {e}"),
            )
        };
        let values = channels
            .checked_mul(height)
            .and_then(|n| n.checked_mul(width))
            .filter(|n| *n <= MAX_INPUT)
            .ok_or_else(|| failed(&"it is too large"))?;
        let mut planes = vec![0.0; values];
        for (i, row) in planes.chunks_exact_mut(width.max(1)).enumerate() {
            source(i / height, i % height, row);
        }
        let input = NdTensor::from_data([1, channels, height, width], planes);
        let outputs: Vec<NodeId> = self.outputs.iter().map(|&(_, id)| id).collect();
        let options = RunOptions::default().with_thread_pool(Some(pool));
        let values = self
            .model
            .run(vec![(self.input, input.into())], &outputs, Some(options))
            .map_err(|e| failed(&e))?;
        values
            .into_iter()
            .map(|value| floats(value).ok_or_else(|| failed(&"an output isn't of 32-bit floats")))
            .collect()
    }
}

fn floats(value: Value) -> Option<Vec<f32>> {
    Some(value.into_tensor::<f32>()?.to_vec())
}
