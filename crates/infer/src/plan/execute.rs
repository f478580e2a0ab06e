//! Doing what a layout says.

use std::ops::Range;

use rowcall_kernels::{BLOCK, Geometry, Planes, Rows, RowsMut};

use super::{
    Plan,
    graph::{Dense, Emission, Operation, Scaling},
    layout::{Chain, Layout, MAX_CHAIN, Picture},
    outputs::Outputs,
    packed::Packed,
};

/// Writes a row of a channel of the picture; see [`Plan::run`].
pub(super) type Source<'a> = dyn FnMut(usize, usize, &mut [f32]) + 'a;

/// Runs every chain; the outputs' values are there afterwards.
pub(super) fn execute(plan: &Plan, outputs: &mut Outputs<'_>, source: &mut Source<'_>) {
    let layout = outputs.layout.clone();
    for chain in &layout.chains {
        let mut run = Run {
            plan,
            layout: &layout,
            chain,
            values: outputs.values,
            source,
            done: [0; MAX_CHAIN],
            picture_rows: 0,
        };
        run.prepare();
        let last = chain.steps.len() - 1;
        run.advance(last, run.height(last));
    }
}

struct Run<'a, 's> {
    plan: &'a Plan,
    layout: &'a Layout,
    chain: &'a Chain,
    values: &'a mut [f32],
    source: &'a mut Source<'s>,
    /// How many rows each step of the chain has made.
    done: [usize; MAX_CHAIN],
    picture_rows: usize,
}

impl Run<'_, '_> {
    /// Zeros at the ends of the rows that the chain will write.
    fn prepare(&mut self) {
        for &(step, _) in &self.chain.steps {
            let output = self.plan.graph.steps[step].output;
            if let Some(placed) = output.and_then(|t| self.layout.tensors[t].as_ref()) {
                let values = &mut self.values[placed.place.clone()];
                RowsMut::new(values, placed.geometry).clear_halo();
            }
            if let Operation::Stem(_) = self.plan.graph.steps[step].operation {
                // Its halo is within the rows of the planes.
                self.values[self.layout.picture.place.clone()].fill(0.0);
            }
        }
    }

    /// How many rows a step makes in all.
    fn height(&self, link: usize) -> usize {
        let step = &self.plan.graph.steps[self.chain.steps[link].0];
        let tensor = match (&step.operation, step.output) {
            (Operation::Dense(_), _) => return 1,
            (_, Some(output)) => output,
            (_, None) => step.inputs[0],
        };
        let placed = self.layout.tensors[tensor].as_ref();
        placed.map_or(0, |placed| placed.geometry.height)
    }

    /// Makes the rows of a step up to `end`, and before them what they need.
    fn advance(&mut self, link: usize, end: usize) {
        let (number, most) = self.chain.steps[link];
        let step = &self.plan.graph.steps[number];
        while self.done[link] < end {
            let rows = self.done[link]..end.min(self.done[link] + most.max(1));
            if let Operation::Stem(_) = step.operation {
                let until = step.rows_until(rows.end, self.layout.picture.height);
                self.fetch(until);
            } else if link > 0 {
                let until = step.rows_until(rows.end, self.height(link - 1));
                self.advance(link - 1, until);
            }
            self.compute(number, rows.clone());
            self.done[link] = rows.end;
        }
    }

    /// Takes rows of the picture up to `end` from their source.
    fn fetch(&mut self, end: usize) {
        let picture = &self.layout.picture;
        let pitch = picture.width + 2 * picture.halo;
        let values = &mut self.values[picture.place.clone()];
        for y in self.picture_rows..end {
            let slot = y % picture.ring * picture.channels * pitch;
            let row = &mut values[slot..slot + picture.channels * pitch];
            for (channel, plane) in row.chunks_exact_mut(pitch).enumerate() {
                let plane = &mut plane[picture.halo..picture.halo + picture.width];
                (self.source)(channel, y, plane);
                for scaling in &self.plan.graph.scaling {
                    plane.iter_mut().for_each(|v| *v = scaling.apply(*v));
                }
            }
        }
        self.picture_rows = self.picture_rows.max(end);
    }

    fn compute(&mut self, number: usize, rows: Range<usize>) {
        let step = &self.plan.graph.steps[number];
        let isa = self.plan.isa;
        let packed = &self.plan.weights[number];
        let zeros = self.layout.zeros.clone();
        let place = |tensor: usize| self.layout.tensors[tensor].as_ref();
        let input = place(step.inputs[0]);
        let output = step.output.and_then(place);
        let all = &mut *self.values;
        match (&step.operation, input, output) {
            (Operation::Stem(_), _, Some(to)) => {
                let picture = &self.layout.picture;
                let [zeros, src, dst] =
                    split(all, [zeros, picture.place.clone(), to.place.clone()]);
                let (Packed::Filter(f), dst) = (packed, RowsMut::new(dst, to.geometry)) else {
                    return;
                };
                let planes = picture.planes(src, zeros);
                rowcall_kernels::stem(isa, f.filter(), f.window, planes, dst, rows);
            }
            (
                Operation::Convolve(_) | Operation::Depthwise(_) | Operation::MaxPool,
                Some(from),
                Some(to),
            ) => {
                let scratch = self.layout.scratch.clone();
                let [zeros, src, dst, scratch] =
                    split(all, [zeros, from.place.clone(), to.place.clone(), scratch]);
                let src = Rows::new(src, zeros, from.geometry);
                let dst = RowsMut::new(dst, to.geometry);
                match (&step.operation, packed) {
                    (Operation::Convolve(_), Packed::Filter(f)) => {
                        rowcall_kernels::convolve(isa, f.filter(), f.window, src, dst, rows);
                    }
                    (Operation::Convolve(_), Packed::Bytes(f)) => {
                        rowcall_kernels::pointwise(isa, f.filter(), src, dst, rows, scratch);
                    }
                    (Operation::Depthwise(_), Packed::Filter(f)) => {
                        rowcall_kernels::depthwise(isa, f.filter(), f.window, src, dst, rows);
                    }
                    _ => rowcall_kernels::max_pool(isa, src, dst, rows),
                }
            }
            (Operation::Add { enlarged, .. }, Some(a), Some(to)) => {
                let Some(b) = place(step.inputs[1]) else {
                    return;
                };
                let Packed::Activation(activation) = packed else {
                    return;
                };
                let [zeros, first, second, dst] = split(
                    all,
                    [zeros, a.place.clone(), b.place.clone(), to.place.clone()],
                );
                let summands = (
                    Rows::new(first, zeros, a.geometry),
                    Rows::new(second, zeros, b.geometry),
                );
                let dst = RowsMut::new(dst, to.geometry);
                let add = match enlarged {
                    true => rowcall_kernels::add_enlarged,
                    false => rowcall_kernels::add,
                };
                add(isa, summands, activation.kernel(), dst, rows);
            }
            (Operation::Emit(emissions), Some(from), _) => {
                for emission in emissions {
                    let output = self.layout.outputs[emission.output].clone();
                    let [src, dst] = split(all, [from.place.clone(), output]);
                    emit(emission, (src, &from.geometry), dst, rows.clone());
                }
            }
            (Operation::Dense(dense), Some(from), _) => {
                let Packed::Dense(weights) = packed else {
                    return;
                };
                let output = self.layout.outputs[dense.output].clone();
                let [src, flat, dst] =
                    split(all, [from.place.clone(), self.layout.flat.clone(), output]);
                flatten(dense, (src, &from.geometry), flat);
                weights.multiply(isa, &dense.bias, flat, dst);
            }
            _ => {}
        }
    }
}

/// Parts of the arena that don't overlap, as the layout made sure.
fn split<const N: usize>(values: &mut [f32], ranges: [Range<usize>; N]) -> [&mut [f32]; N] {
    match values.get_disjoint_mut(ranges) {
        Ok(parts) => parts,
        Err(why) => unreachable!("a layout whose parts overlap: {why}"),
    }
}

impl Picture {
    fn planes<'a>(&self, data: &'a [f32], zeros: &'a [f32]) -> Planes<'a> {
        Planes {
            data,
            zeros,
            channels: self.channels,
            width: self.width,
            height: self.height,
            halo: self.halo,
            ring: self.ring,
        }
    }
}

impl Scaling {
    fn apply(self, v: f32) -> f32 {
        match self {
            Self::Add(by) => v + by,
            Self::Subtract(by) => v - by,
            Self::Multiply(by) => v * by,
        }
    }
}

/// Some channels of rows of a tensor, pixel by pixel, to their output.
fn emit(
    emission: &Emission,
    (src, geometry): (&[f32], &Geometry),
    dst: &mut [f32],
    rows: Range<usize>,
) {
    let n = emission.channels;
    for y in rows {
        let row = y % geometry.ring * geometry.row_len();
        let cells = &mut dst[y * geometry.width * n..(y + 1) * geometry.width * n];
        let mut c = 0;
        // The part of the channels that lies in one block, then in the next.
        while c < n {
            let channel = emission.first_channel + c;
            let (block, lane) = (channel / BLOCK, channel % BLOCK);
            let part = (BLOCK - lane).min(n - c);
            let start = row + (block * geometry.pitch() + geometry.halo) * BLOCK;
            let pixels = src[start..start + geometry.width * BLOCK].chunks_exact(BLOCK);
            let pairs = cells.chunks_exact_mut(n).zip(pixels);
            let pairs = pairs.map(|(cell, pixel)| (&mut cell[c..], &pixel[lane..]));
            // What detectors have, whose few values are copied without a call each.
            match part {
                1 => pairs.for_each(|(cell, pixel)| copy::<1>(cell, pixel)),
                4 => pairs.for_each(|(cell, pixel)| copy::<4>(cell, pixel)),
                10 => pairs.for_each(|(cell, pixel)| copy::<10>(cell, pixel)),
                _ => pairs.for_each(|(cell, pixel)| cell[..part].copy_from_slice(&pixel[..part])),
            }
            c += part;
        }
        if emission.sigmoid {
            cells
                .iter_mut()
                .for_each(|v| *v = 1.0 / (1.0 + (-*v).exp()));
        }
    }
}

fn copy<const N: usize>(to: &mut [f32], from: &[f32]) {
    to[..N].copy_from_slice(&from[..N]);
}

/// A whole tensor in ONNX's order, each channel multiplied and shifted.
fn flatten(dense: &Dense, (src, geometry): (&[f32], &Geometry), flat: &mut [f32]) {
    let plane = geometry.width * geometry.height;
    for (c, values) in flat.chunks_exact_mut(plane).enumerate() {
        let (scale, shift) = match &dense.affine {
            Some((scales, shifts)) => (scales[c], shifts[c]),
            None => (1.0, 0.0),
        };
        for (y, row) in values.chunks_exact_mut(geometry.width).enumerate() {
            let block = c / BLOCK * geometry.pitch() + geometry.halo;
            let start = y * geometry.row_len() + block * BLOCK + c % BLOCK;
            let pixels = src[start..].iter().step_by(BLOCK);
            for (v, pixel) in row.iter_mut().zip(pixels) {
                *v = pixel * scale + shift;
            }
        }
    }
}
