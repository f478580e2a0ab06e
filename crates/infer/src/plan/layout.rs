//! Where everything lies for a picture of one size, and what is done together.
//!
//! Steps of which each is the only reader of the one before run as a *chain*, row by
//! row: what lies between them is a ring of a few rows that stays in the cache. Where
//! a chain would need more than [`CACHE`], it is cut where least has to be written
//! out. Memory of what isn't needed any more is used again.

use std::ops::Range;

use rowcall_kernels::{BLOCK, Geometry};

use super::graph::{Filter, Graph, Operation, OutputKind, PICTURE, Step, TensorId, Weights};

/// What the rings and weights of a chain may take, in values: more than the second-level
/// cache of a core (1 MiB on servers), for a ring of which a part waits in the third costs
/// less than whole tensors that are written to memory and read again. Measured best among
/// 0.5 to 8 MB (2026-11-27, AMD EPYC, one thread).
const CACHE: usize = 2400 * 1024 / size_of::<f32>();
/// A matrix product should be of at least so many pixels, for its weights are read
/// anew each time.
const PIXELS: usize = 64;
/// Chains aren't longer than this.
pub(super) const MAX_CHAIN: usize = 32;

/// A plan for one size of picture.
#[derive(Debug)]
pub(super) struct Layout {
    /// The picture's rows.
    pub(super) picture: Picture,
    /// Where each tensor lies; `None` for those that nothing makes.
    pub(super) tensors: Vec<Option<Placed>>,
    pub(super) chains: Vec<Chain>,
    /// Where each output lies.
    pub(super) outputs: Vec<Range<usize>>,
    /// Zeros, which nothing writes.
    pub(super) zeros: Range<usize>,
    /// A flattened tensor.
    pub(super) flat: Range<usize>,
    /// Rows rounded to 16 bits.
    pub(super) scratch: Range<usize>,
    /// Values in all.
    pub(super) len: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) channels: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) halo: usize,
    pub(super) ring: usize,
    pub(super) place: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) geometry: Geometry,
    pub(super) place: Range<usize>,
}

/// Steps done together, the last one's rows in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chain {
    /// The number of each step, and how many rows it makes at once.
    pub(super) steps: Vec<(usize, usize)>,
}

/// Height and width.
type Sides = (usize, usize);

/// Plans for a picture of these sides; `Err` says why the network doesn't take it.
pub(super) fn layout(graph: &Graph, sides: Sides) -> Result<Layout, String> {
    let sides = all_sides(graph, sides)?;
    let chains: Vec<Chain> = runs(graph)
        .iter()
        .flat_map(|run| cut(graph, &sides, run))
        .collect();
    let mut chains = chains;
    chains.sort_by_key(|chain| chain.steps.last().map(|s| s.0));
    let tensors: Vec<Option<Geometry>> = (0..graph.channels.len())
        .map(|tensor| geometry(graph, &sides, &chains, tensor))
        .collect();
    Ok(place(graph, &sides, chains, tensors))
}

/// The sides of every tensor.
fn all_sides(graph: &Graph, picture: Sides) -> Result<Vec<Sides>, String> {
    let mut sides = vec![(0, 0); graph.channels.len()];
    sides[PICTURE] = picture;
    for step in &graph.steps {
        let (height, width) = sides[step.inputs[0]];
        let out = match &step.operation {
            Operation::Stem(f) | Operation::Convolve(f) | Operation::Depthwise(f) => {
                f.window.places(height).zip(f.window.places(width))
            }
            Operation::MaxPool => Some((height / 2, width / 2)),
            Operation::Add { enlarged, .. } => {
                let scale = if *enlarged { 2 } else { 1 };
                let (other_height, other_width) = sides[step.inputs[1]];
                (other_height * scale == height && other_width * scale == width)
                    .then_some((height, width))
            }
            Operation::Emit(_) => Some((height, width)),
            Operation::Dense(dense) => {
                let inputs = height * width * graph.channels[step.inputs[0]];
                (inputs == dense.inputs).then_some((1, 1))
            }
        };
        let out = out.filter(|(height, width)| *height > 0 && *width > 0);
        let out = out.ok_or("its layers don't fit a picture of these sides")?;
        if let Some(tensor) = step.output {
            sides[tensor] = out;
        }
    }
    Ok(sides)
}

/// Steps in runs of which each is the only reader of the one before.
fn runs(graph: &Graph) -> Vec<Vec<usize>> {
    let next = |i: usize| {
        let tensor = graph.steps[i].output?;
        let mut readers = graph.readers(tensor);
        let reader = readers.next().filter(|_| readers.next().is_none())?;
        let step = &graph.steps[reader];
        let streams = step.inputs[0] == tensor
            && step.inputs.get(1) != Some(&tensor)
            && !matches!(step.operation, Operation::Dense(_));
        streams.then_some(reader)
    };
    let mut headed = vec![false; graph.steps.len()];
    let mut runs = Vec::new();
    for i in 0..graph.steps.len() {
        if !headed[i] {
            let run: Vec<usize> = std::iter::successors(Some(i), |i| next(*i)).collect();
            run.iter().for_each(|i| headed[*i] = true);
            runs.push(run);
        }
    }
    runs
}

/// Cuts a run into chains that fit the cache, so that as little as can be lies
/// between them.
fn cut(graph: &Graph, sides: &[Sides], run: &[usize]) -> Vec<Chain> {
    // The least written when the first `i` steps are done, and the chain before.
    let mut best: Vec<(usize, usize)> = vec![(0, 0)];
    for end in 1..=run.len() {
        let written = graph.steps[run[end - 1]].output.map_or(0, |tensor| {
            let (height, width) = sides[tensor];
            height * width * graph.channels[tensor].next_multiple_of(BLOCK)
        });
        let choices = (end.saturating_sub(MAX_CHAIN)..end)
            .filter(|&start| end - start == 1 || chain(graph, sides, &run[start..end]).1 <= CACHE);
        let choice = choices.map(|start| (best[start].0 + written, start)).min();
        best.push(choice.unwrap_or((usize::MAX, end - 1)));
    }
    let mut chains = Vec::new();
    let mut end = run.len();
    while end > 0 {
        let start = best[end].1;
        chains.push(chain(graph, sides, &run[start..end]).0);
        end = start;
    }
    chains
}

/// A chain of these steps, and the values of its rings and weights.
fn chain(graph: &Graph, sides: &[Sides], steps: &[usize]) -> (Chain, usize) {
    let rows_of = |i: usize| match graph.steps[i].output {
        Some(tensor) => sides[tensor],
        None => sides[graph.steps[i].inputs[0]],
    };
    let (height, width) = rows_of(steps[steps.len() - 1]);
    let mut rows = match steps.len() {
        1 => height,
        _ => PIXELS.div_ceil(width).min(height),
    };
    let mut chain = Vec::with_capacity(steps.len());
    let mut values = 0;
    for (place, &i) in steps.iter().enumerate().rev() {
        let step = &graph.steps[i];
        chain.push((i, rows));
        values += step.weights();
        if place > 0 {
            let (height, width) = sides[step.inputs[0]];
            let channels = graph.channels[step.inputs[0]].next_multiple_of(BLOCK);
            values += step.rows_needed(rows).min(height) * width * channels;
            rows = (rows * step.stride()).min(height);
        }
    }
    chain.reverse();
    (Chain { steps: chain }, values)
}

/// The extents of a tensor: of a ring within a chain, otherwise whole.
fn geometry(
    graph: &Graph,
    sides: &[Sides],
    chains: &[Chain],
    tensor: TensorId,
) -> Option<Geometry> {
    let maker = graph.steps.iter().position(|s| s.output == Some(tensor))?;
    let (height, width) = sides[tensor];
    let links = chains.iter().flat_map(|chain| chain.steps.windows(2));
    let ring = links
        .filter(|link| link[0].0 == maker)
        .map(|link| graph.steps[link[1].0].rows_needed(link[1].1))
        .next();
    Some(Geometry {
        blocks: graph.channels[tensor].div_ceil(BLOCK),
        width,
        height,
        halo: halo(graph, tensor),
        ring: ring.map_or(height, |ring| ring.min(height)),
    })
}

/// The widest padding of a tensor's readers.
fn halo(graph: &Graph, tensor: TensorId) -> usize {
    let pads = graph
        .readers(tensor)
        .filter_map(|i| graph.steps[i].filter())
        .map(|filter| filter.window.pads.0.max(filter.window.pads.1));
    pads.max().unwrap_or(0)
}

fn place(
    graph: &Graph,
    sides: &[Sides],
    chains: Vec<Chain>,
    geometries: Vec<Option<Geometry>>,
) -> Layout {
    let chain_of = |step: usize| {
        chains
            .iter()
            .position(|chain| chain.steps.iter().any(|s| s.0 == step))
            .unwrap_or(0)
    };
    let last = chains.len();
    let mut wanted = Vec::new();
    let mut want = |len: usize, from: usize, to: usize| {
        wanted.push((len.next_multiple_of(BLOCK), from, to));
        wanted.len() - 1
    };
    let (height, width) = sides[PICTURE];
    let reader = graph.readers(PICTURE).next().unwrap_or(0);
    let rows = chains.iter().flat_map(|chain| &chain.steps);
    let rows = rows.filter(|s| s.0 == reader).map(|s| s.1).next();
    let mut picture = Picture {
        channels: graph.channels[PICTURE],
        width,
        height,
        halo: halo(graph, PICTURE),
        ring: graph.steps[reader]
            .rows_needed(rows.unwrap_or(1))
            .min(height),
        place: 0..0,
    };
    let picture_row = picture.channels * (width + 2 * picture.halo);
    let rows = geometries.iter().flatten().map(Geometry::row_len);
    let zeros = want(rows.chain([picture_row]).max().unwrap_or(0), 0, last);
    let outputs: Vec<usize> = graph
        .outputs
        .iter()
        .enumerate()
        .map(|(i, output)| match output.kind {
            OutputKind::Vector { length } => want(length, 0, last),
            OutputKind::Cells { channels } => {
                let (height, width) = emitted(graph, sides, i);
                want(height * width * channels, 0, last)
            }
        })
        .collect();
    let at = chain_of(reader);
    let picture_place = want(picture.ring * picture_row, at, at);
    let dense = graph.steps.iter().enumerate().find_map(|(i, step)| {
        let Operation::Dense(dense) = &step.operation else {
            return None;
        };
        Some((dense.inputs, chain_of(i)))
    });
    let flat = dense.map(|(len, at)| want(len, at, at));
    let rounded = chains.iter().flat_map(|chain| &chain.steps);
    let rounded = rounded.filter_map(|&(i, rows)| {
        let filter = graph.steps[i].filter()?;
        let geometry = geometries[graph.steps[i].inputs[0]].as_ref()?;
        let bytes = matches!(filter.weights, Weights::Packed(true));
        bytes.then(|| rowcall_kernels::pointwise_scratch(geometry, rows))
    });
    let scratch_len = rounded.max().unwrap_or(0);
    let scratch = want(scratch_len, 0, last);
    let tensors: Vec<Option<usize>> = geometries
        .iter()
        .enumerate()
        .map(|(tensor, geometry)| {
            let maker = graph.steps.iter().position(|s| s.output == Some(tensor))?;
            let from = chain_of(maker);
            let to = graph.readers(tensor).map(chain_of).max().unwrap_or(from);
            Some(want(geometry.as_ref()?.len(), from, to))
        })
        .collect();
    let (starts, len) = pack(&wanted);
    let range = |i: usize, len: usize| starts[i]..starts[i] + len;
    picture.place = range(picture_place, picture.ring * picture_row);
    let output_len = |i: usize| match graph.outputs[i].kind {
        OutputKind::Vector { length } => length,
        OutputKind::Cells { channels } => {
            let (height, width) = emitted(graph, sides, i);
            height * width * channels
        }
    };
    Layout {
        picture,
        tensors: std::iter::zip(&geometries, &tensors)
            .map(|(geometry, place)| {
                let geometry = (*geometry)?;
                let place = range((*place)?, geometry.len());
                Some(Placed { geometry, place })
            })
            .collect(),
        outputs: outputs
            .iter()
            .enumerate()
            .map(|(i, &place)| range(place, output_len(i)))
            .collect(),
        zeros: range(zeros, wanted[zeros].0),
        scratch: range(scratch, scratch_len),
        flat: flat.map_or(0..0, |i| range(i, dense.map_or(0, |d| d.0))),
        chains,
        len,
    }
}

/// The sides of the tensor that an output is made of.
fn emitted(graph: &Graph, sides: &[Sides], output: usize) -> Sides {
    let makes = |step: &&Step| match &step.operation {
        Operation::Emit(emissions) => emissions.iter().any(|e| e.output == output),
        _ => false,
    };
    let maker = graph.steps.iter().find(makes);
    maker.map_or((0, 0), |step| sides[step.inputs[0]])
}

/// Places pieces (length, first and last chain that needs it) so that none overlap
/// at any time: the longest first, each as low as it can lie. Gives where each
/// starts, and the length of all.
fn pack(wanted: &[(usize, usize, usize)]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(wanted[i].0), i));
    let mut starts = vec![0; wanted.len()];
    let mut placed: Vec<usize> = Vec::new();
    for i in order {
        let (len, from, to) = wanted[i];
        let mut taken: Vec<Range<usize>> = placed
            .iter()
            .filter(|&&p| wanted[p].1 <= to && from <= wanted[p].2)
            .map(|&p| starts[p]..starts[p] + wanted[p].0)
            .collect();
        taken.sort_by_key(|range| range.start);
        let mut start = 0;
        for range in taken {
            if range.start >= start + len {
                break;
            }
            start = start.max(range.end);
        }
        starts[i] = start;
        placed.push(i);
    }
    let len = placed.iter().map(|&p| starts[p] + wanted[p].0).max();
    (starts, len.unwrap_or(0))
}

impl Step {
    pub(super) fn filter(&self) -> Option<&Filter> {
        match &self.operation {
            Operation::Stem(f) | Operation::Convolve(f) | Operation::Depthwise(f) => Some(f),
            _ => None,
        }
    }

    /// How many rows of its first input it moves on by with each of its own.
    fn stride(&self) -> usize {
        match &self.operation {
            Operation::MaxPool => 2,
            _ => self.filter().map_or(1, |filter| filter.window.stride),
        }
    }

    /// How many rows of its first input it needs at once for so many of its own.
    fn rows_needed(&self, rows: usize) -> usize {
        let kernel = match &self.operation {
            Operation::MaxPool => 2,
            _ => self.filter().map_or(1, |filter| filter.window.kernel),
        };
        rows.saturating_sub(1) * self.stride() + kernel
    }

    /// The end of the rows of its first input, `height` in all, that its own up to
    /// `end` need.
    pub(super) fn rows_until(&self, end: usize, height: usize) -> usize {
        let pad = self.filter().map_or(0, |filter| filter.window.pads.0);
        self.rows_needed(end).saturating_sub(pad).min(height)
    }

    fn weights(&self) -> usize {
        let count = |f: &Filter| f.outputs * f.inputs * f.window.kernel * f.window.kernel;
        let halved = |f: &Filter| match f.weights {
            Weights::Packed(true) => count(f) / 2,
            _ => count(f),
        };
        self.filter().map_or(0, halved)
    }
}
