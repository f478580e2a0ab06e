//! A network compiled once, run many times.
//!
//! A plan is made in three steps: [`read`] turns ONNX nodes into few steps, with
//! activations and normalisations inside the filters; [`merge`] joins narrow heads;
//! [`layout`] decides, for one size of picture, what runs together and where
//! everything lies. [`execute`] then does it, without another allocation.

mod execute;
mod graph;
mod layout;
mod merge;
mod outputs;
mod packed;
mod read;

use std::sync::Arc;

use rowcall_kernels::{Buffer, Isa};

pub use self::outputs::{Outputs, View};
use self::{graph::Graph, layout::Layout, packed::Packed};
use crate::{Error, ErrorKind, Sha256, expand::Folded};

/// A picture larger than this (in values) is refused: 3 × 4,096 × 4,096.
const MAX_INPUT: usize = 3 * 4096 * 4096;
/// An arena remembers the layouts of so many pairs of plan and size.
const LAYOUTS: usize = 16;

/// A network of the families that the plan knows: filters over all channels and
/// over each, of one picture, ending in cells or in one vector.
pub struct Plan {
    graph: Graph,
    weights: Vec<Packed>,
    pin: Sha256,
    isa: Isa,
}

/// The memory of a run, owned by whoever runs. It grows to what the largest run
/// needs, holds zeros before and after each, and is wiped when it is dropped.
pub struct Arena {
    buffer: Buffer,
    layouts: Vec<(Key, Arc<Layout>)>,
}

/// A plan and a picture's height and width.
#[derive(Clone, Copy, PartialEq)]
struct Key(Sha256, [usize; 2]);

impl Plan {
    /// The plan of the graph of the file that `pin` names.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`], naming the node that isn't known here.
    pub(crate) fn new(folded: &Folded, pin: Sha256, isa: Isa) -> Result<Self, Error> {
        let mut graph = read::read(folded, isa.has_integer_products())?;
        merge::merge_heads(&mut graph);
        if graph.readers(graph::PICTURE).count() != 1 {
            let why = "the picture isn't read by one filter";
            return Err(Error::new(ErrorKind::Unsupported, why));
        }
        let weights = graph.steps.iter_mut().map(Packed::take).collect();
        Ok(Self {
            graph,
            weights,
            pin,
            isa,
        })
    }

    /// The instructions that it runs with.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// The names of the outputs, in order.
    pub fn output_names(&self) -> impl Iterator<Item = &str> {
        self.graph.outputs.iter().map(|o| o.name.as_str())
    }

    /// How many channels its picture has.
    pub fn channels(&self) -> usize {
        self.graph.channels[graph::PICTURE]
    }

    /// Runs the network on a picture of this height and width, which `source` gives
    /// row by row: it is called with a channel, a row's number, and the row's values
    /// to write. Rows come in order; each is asked for once, one channel after
    /// another. Nothing is allocated if the arena has seen this plan and size
    /// lately.
    ///
    /// # Errors
    /// [`ErrorKind::Run`] if the picture is larger than 3 × 4,096 × 4,096 values, or
    /// of sides that the network doesn't take.
    pub fn run<'a>(
        &'a self,
        arena: &'a mut Arena,
        [height, width]: [usize; 2],
        mut source: impl FnMut(usize, usize, &mut [f32]),
    ) -> Result<Outputs<'a>, Error> {
        let layout = arena.layout(self, [height, width])?;
        if arena.buffer.len() < layout.len {
            arena.buffer = Buffer::new(layout.len);
        }
        let values = &mut arena.buffer.values_mut()[..layout.len];
        // From here on whatever happens, the values are wiped.
        let mut outputs = Outputs::new(values, layout, &self.graph);
        execute::execute(self, &mut outputs, &mut source);
        Ok(outputs)
    }
}

impl Arena {
    /// An empty arena.
    pub fn new() -> Self {
        Self {
            buffer: Buffer::new(0),
            layouts: Vec::with_capacity(LAYOUTS),
        }
    }

    /// How many bytes it holds.
    pub fn bytes(&self) -> usize {
        size_of_val(self.buffer.values())
    }

    /// Whether nothing of a run is left in it; always true between runs.
    pub fn is_clear(&self) -> bool {
        self.buffer.values().iter().all(|v| v.to_bits() == 0)
    }

    fn layout(&mut self, plan: &Plan, sides: [usize; 2]) -> Result<Arc<Layout>, Error> {
        let key = Key(plan.pin, sides);
        if let Some(known) = self.layouts.iter().position(|(k, _)| *k == key) {
            // The latest stands last.
            self.layouts[known..].rotate_left(1);
            return Ok(self.layouts[self.layouts.len() - 1].1.clone());
        }
        let [height, width] = sides;
        let channels = plan.channels();
        let failed = |why: &str| {
            let detail = format!("the network doesn't take {channels} x {height} x {width}: {why}");
            Error::new(ErrorKind::Run, detail)
        };
        let values = channels
            .checked_mul(height)
            .and_then(|n| n.checked_mul(width));
        if values.is_none_or(|n| n > MAX_INPUT) {
            return Err(failed("it is too large"));
        }
        let layout = layout::layout(&plan.graph, (height, width)).map_err(|why| failed(&why))?;
        let layout = Arc::new(layout);
        if self.layouts.len() == LAYOUTS {
            self.layouts.remove(0);
        }
        self.layouts.push((key, layout.clone()));
        Ok(layout)
    }
}

impl Default for Arena {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} bytes, withheld)", self.bytes())
    }
}
