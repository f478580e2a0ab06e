//! A network that can be run, by a plan where there is one.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use prost::Message as _;
use rowcall_kernels::{Isa, wipe};

use crate::{
    Arena, Error, ErrorKind, Outputs, Plan, Sha256, expand,
    general::{General, Pool},
    onnx,
};

/// An executable network of one picture in, some tensors out.
pub struct Network(Engine);

enum Engine {
    Plan(Box<Plan>),
    General(Box<General>),
}

/// Where networks are run, made by the caller: the memory for it and, for a network
/// without a plan, a thread. The arithmetic of one run stays on one thread, so that
/// results don't depend on the number of workers.
#[derive(Default)]
pub struct Worker {
    arena: Mutex<Arena>,
    pool: OnceLock<Pool>,
}

/// The values of a run's outputs, in the order of [`Network::output_names`].
pub struct Values<'a>(Kind<'a>);

enum Kind<'a> {
    Plan(Outputs<'a>),
    General(Vec<Vec<f32>>),
}

impl Worker {
    /// A worker without memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn pool(&self) -> Pool {
        let pool = || Arc::new(rten::ThreadPool::with_num_threads(1));
        self.pool.get_or_init(pool).clone()
    }
}

impl Values<'_> {
    /// The values of the output in place `i`, in row-major order; empty if there is
    /// no such output.
    pub fn get(&self, i: usize) -> &[f32] {
        match &self.0 {
            Kind::Plan(outputs) => outputs.get(i).map_or(&[], |view| view.values),
            Kind::General(outputs) => outputs.get(i).map_or(&[], Vec::as_slice),
        }
    }

    /// How many outputs there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Plan(outputs) => outputs.len(),
            Kind::General(outputs) => outputs.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Drop for Values<'_> {
    fn drop(&mut self) {
        if let Kind::General(outputs) = &mut self.0 {
            outputs.iter_mut().for_each(|values| wipe(values));
        }
    }
}

/// The graph of a file that hashes to `pin`.
fn open(file: &[u8], pin: Sha256) -> Result<(expand::Folded, onnx::Model), Error> {
    let found = Sha256::of(file);
    if found != pin {
        return Err(Error::new(
            ErrorKind::HashMismatch,
            format!("its SHA-256 is {found}, its manifest says {pin}"),
        ));
    }
    let not_onnx = |detail: String| Error::new(ErrorKind::NotOnnx, detail);
    let mut model =
        onnx::Model::decode(file).map_err(|e| not_onnx(format!("it isn't an ONNX file: {e}")))?;
    let graph = model.graph.take();
    let graph = graph.ok_or_else(|| not_onnx("the file holds no graph".to_owned()))?;
    Ok((expand::fold(graph)?, model))
}

/// The same network as an ONNX file without quantised weights, for programs that
/// don't know them; with the picture's height and width free, or as they were.
///
/// # Errors
/// As [`Network::load`].
pub fn expanded(file: &[u8], pin: Sha256, free_sizes: bool) -> Result<Vec<u8>, Error> {
    let (folded, model) = open(file, pin)?;
    Ok(expand::expand(folded, model, free_sizes)?.encode_to_vec())
}

impl Plan {
    /// Reads an ONNX file of one input after holding it against its hash, and plans
    /// to run it with these instructions.
    ///
    /// # Errors
    /// [`ErrorKind::HashMismatch`] if `file` isn't the file that `pin` names;
    /// [`ErrorKind::NotOnnx`] if it isn't ONNX; [`ErrorKind::Unsupported`] if it uses
    /// what a plan doesn't know, which [`Network`] may.
    pub fn load(file: &[u8], pin: Sha256, isa: Isa) -> Result<Self, Error> {
        Self::new(&open(file, pin)?.0, pin, isa)
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
        let (folded, model) = open(file, pin)?;
        Ok(Self(match Plan::new(&folded, pin, Isa::best()) {
            Ok(plan) => Engine::Plan(Box::new(plan)),
            Err(_) => Engine::General(Box::new(General::new(&expand::expand(
                folded, model, true,
            )?)?)),
        }))
    }

    /// As [`Network::load`], but never by a plan: what plans are held against.
    ///
    /// # Errors
    /// As [`Network::load`].
    pub fn load_general(file: &[u8], pin: Sha256) -> Result<Self, Error> {
        let (folded, model) = open(file, pin)?;
        let general = General::new(&expand::expand(folded, model, true)?)?;
        Ok(Self(Engine::General(Box::new(general))))
    }

    /// The plan that it runs by; `None` if it uses what plans don't know.
    pub fn plan(&self) -> Option<&Plan> {
        match &self.0 {
            Engine::Plan(plan) => Some(plan),
            Engine::General(_) => None,
        }
    }

    /// The names of the outputs, in the order that [`Network::run`] gives them.
    pub fn output_names(&self) -> Vec<&str> {
        match &self.0 {
            Engine::Plan(plan) => plan.output_names().collect(),
            Engine::General(general) => general.output_names().collect(),
        }
    }

    /// Runs the network on a picture of `[channels, height, width]` and gives what
    /// `read` makes of the outputs, which are wiped after it. `source` is called
    /// with a channel, a row's number, and the row's values to write.
    ///
    /// # Errors
    /// [`ErrorKind::Run`] if the picture has more than 3 × 4,096 × 4,096 values or a
    /// shape that the network doesn't take.
    pub fn run<T>(
        &self,
        worker: &Worker,
        [channels, height, width]: [usize; 3],
        mut source: impl FnMut(usize, usize, &mut [f32]),
        read: impl FnOnce(&Values<'_>) -> T,
    ) -> Result<T, Error> {
        match &self.0 {
            Engine::Plan(plan) => {
                if plan.channels() != channels {
                    let takes = plan.channels();
                    let detail = format!("the network takes {takes} channels, not {channels}");
                    return Err(Error::new(ErrorKind::Run, detail));
                }
                // A run that panicked has wiped what it left.
                let mut arena = worker.arena.lock().unwrap_or_else(PoisonError::into_inner);
                let outputs = plan.run(&mut arena, [height, width], source)?;
                Ok(read(&Values(Kind::Plan(outputs))))
            }
            Engine::General(general) => {
                let sides = [channels, height, width];
                let outputs = general.run(worker.pool(), sides, &mut source)?;
                Ok(read(&Values(Kind::General(outputs))))
            }
        }
    }
}
