//! A matrix product over all channels with weights that are stored as bytes: the
//! values are rounded to 16 bits, and sums of products of integers are exact.

use std::ops::Range;

use crate::{
    Activation, BLOCK, Bytes, Isa, Rows, RowsMut,
    filter::{activate, tiles, with_count},
    isa::Body,
    rows::product,
    simd::{self, Simd},
};

/// The largest magnitude of a rounded value.
const LARGEST: f32 = 32_767.0;
/// How many registers look for a row's largest magnitude.
const MAXIMA: usize = 4;
/// The longest run of weights with one scale: as many products of 16-bit values and
/// differences of bytes as 32 bits can hold the sum of, 256 · 32,767 · 255 < 2^31.
pub const LONGEST_RUN: usize = 256;

/// Weights as bytes, packed by [`pack_pointwise`], with a bias and an activation for
/// each output channel, padded to whole blocks.
#[derive(Clone, Copy, Debug)]
pub struct ByteFilter<'a> {
    /// For each block of outputs, for each pair of input channels, 16 pairs.
    pub weights: &'a [i16],
    /// For each block of outputs, for each run of input channels, 16 scales.
    pub scales: &'a [f32],
    /// How many input channels have a scale in common: a multiple of 16, at most
    /// [`LONGEST_RUN`].
    pub run: usize,
    /// One for each channel.
    pub bias: &'a [f32],
    /// What follows.
    pub activation: Activation<'a>,
}

/// Weights and scales for [`pointwise`] from ONNX's order, `[outputs][inputs]`.
///
/// # Panics
/// If there aren't as many as that, or the inputs aren't whole runs.
pub fn pack_pointwise(bytes: Bytes<'_>, (outputs, inputs): (usize, usize)) -> (Vec<i16>, Vec<f32>) {
    let Bytes {
        values,
        zeros,
        scales,
        run,
    } = bytes;
    assert_eq!(values.len(), outputs * inputs, "the number of weights");
    assert!(inputs.is_multiple_of(run), "inputs that aren't whole runs");
    let (blocks, runs) = (outputs.div_ceil(BLOCK), inputs / run);
    assert_eq!(scales.len(), outputs * runs, "the number of scales");
    assert_eq!(zeros.len(), outputs * runs, "the number of zeros");
    let mut weights = vec![0; blocks * inputs * BLOCK];
    let mut packed = vec![0.0; blocks * runs * BLOCK];
    for (i, (values, (zero, scale))) in values
        .chunks_exact(run)
        .zip(zeros.iter().zip(scales))
        .enumerate()
    {
        let (o, of_run) = (i / runs, i % runs);
        let (block, lane) = (o / BLOCK, o % BLOCK);
        packed[(block * runs + of_run) * BLOCK + lane] = *scale;
        let first = (block * inputs + of_run * run) / 2;
        for (i, &value) in values.iter().enumerate() {
            let pair = (first + i / 2) * BLOCK + lane;
            weights[2 * pair + i % 2] = i16::from(value) - i16::from(*zero);
        }
    }
    (weights, packed)
}

/// How many values of scratch memory [`pointwise`] needs for so many rows.
pub fn pointwise_scratch(src: &crate::Geometry, rows: usize) -> usize {
    let rounded = product([src.blocks, src.width, BLOCK / 2]);
    product([rows, rounded + BLOCK])
}

/// Rows `rows` of `dst`, which is as wide and high as `src`: every output channel
/// from every input channel of the same pixel.
///
/// Each row of the input is divided by a scale that makes its largest magnitude
/// 32,767 and rounded; products with the weights are summed exactly within a run of
/// channels, the runs' sums in order. A value is thus off by at most 1 / 65,534 of
/// its row's largest.
///
/// # Panics
/// If `dst` has other sides than `src`, the filter isn't of these extents, or
/// `scratch` is shorter than [`pointwise_scratch`] says.
pub fn pointwise(
    isa: Isa,
    filter: ByteFilter<'_>,
    src: Rows<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
    scratch: &mut [f32],
) {
    let (from, to) = (*src.geometry(), *dst.geometry());
    assert_eq!(
        (from.width, from.height),
        (to.width, to.height),
        "the sides"
    );
    assert!(rows.end <= to.height, "rows beyond the tensor");
    let inputs = from.blocks * BLOCK;
    let run = filter.run;
    assert!((BLOCK..=LONGEST_RUN).contains(&run), "a run of {run}");
    assert!(
        run.is_multiple_of(BLOCK) && inputs.is_multiple_of(run),
        "the runs"
    );
    let blocks = to.blocks * BLOCK;
    let (weights, scales) = (product([blocks, inputs]), product([blocks, inputs / run]));
    assert_eq!(filter.weights.len(), weights, "the weights");
    assert_eq!(filter.scales.len(), scales, "the scales");
    assert_eq!(filter.bias.len(), blocks, "the biases");
    if let Activation::PRelu(slopes) = filter.activation {
        assert_eq!(slopes.len(), blocks, "the slopes");
    }
    assert!(
        scratch.len() >= pointwise_scratch(&from, rows.len()),
        "too little scratch memory"
    );
    let (scales, rounded) = scratch.split_at_mut(rows.len() * BLOCK);
    let body = Pointwise {
        filter,
        src,
        dst,
        rows,
        scales,
        rounded: halves(rounded),
    };
    // SAFETY: the rounded rows hold every pixel of the rows, the weights, scales,
    // biases and slopes are as many as the blocks call for, as checked; rows are cut
    // safely.
    unsafe { isa.run(body) }
}

/// Memory for floats as memory for twice as many 16-bit integers.
fn halves(values: &mut [f32]) -> &mut [i16] {
    let (start, len) = (values.as_mut_ptr(), 2 * values.len());
    // SAFETY: the same bytes, borrowed for as long; any bits are good for either
    // type, and a float's alignment is good for an integer half its size.
    unsafe { std::slice::from_raw_parts_mut(start.cast(), len) }
}

struct Pointwise<'a> {
    filter: ByteFilter<'a>,
    src: Rows<'a>,
    dst: RowsMut<'a>,
    rows: Range<usize>,
    /// For each row, what a rounded value stands for.
    scales: &'a mut [f32],
    /// For each row, each block, each pixel, 16 channels.
    rounded: &'a mut [i16],
}

impl Body for Pointwise<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(mut self) {
        let registers = self.dst.geometry().blocks * BLOCK / S::LANES;
        let mut first = 0;
        // SAFETY: the caller's.
        unsafe {
            for i in 0..self.rows.len() {
                self.round::<S>(i);
            }
            if S::REGISTERS == 4 {
                while first < registers {
                    self.outputs::<S, 4>(first);
                    first += 4;
                }
                return;
            }
            while first + 2 <= registers {
                self.outputs::<S, 2>(first);
                first += 2;
            }
            // Only where a register holds a whole block can there be one left.
            if S::LANES == BLOCK && first < registers {
                self.outputs::<S, 1>(first);
            }
        }
    }
}

impl Pointwise<'_> {
    /// Rounds row `rows.start + i` to 16 bits.
    #[inline(always)]
    unsafe fn round<S: Simd>(&mut self, i: usize) {
        let from = *self.src.geometry();
        let row = self.src.row((self.rows.start + i) as isize);
        let plane = from.width * BLOCK;
        let start = |block: usize| (block * from.pitch() + from.halo) * BLOCK;
        // SAFETY: each block's pixels lie inside the row, and the rounded row is as
        // long as all of them.
        unsafe {
            // Several, so that none waits for the one before.
            let mut largest = [S::zero(); MAXIMA];
            for block in 0..from.blocks {
                let mut at = 0;
                while at + MAXIMA * S::LANES <= plane {
                    for (i, largest) in largest.iter_mut().enumerate() {
                        let v = simd::load::<S>(row, start(block) + at + i * S::LANES);
                        *largest = S::max(*largest, S::abs(v));
                    }
                    at += MAXIMA * S::LANES;
                }
                while at < plane {
                    let v = simd::load::<S>(row, start(block) + at);
                    largest[0] = S::max(largest[0], S::abs(v));
                    at += S::LANES;
                }
            }
            let mut lanes = [0.0; MAXIMA * BLOCK];
            for (i, largest) in largest.into_iter().enumerate() {
                simd::store::<S>(&mut lanes, i * S::LANES, largest);
            }
            let largest = lanes.iter().fold(0.0_f32, |m, v| m.max(*v));
            // A row without a value that can be told from zero is zero.
            let fits = largest > f32::MIN_POSITIVE * LARGEST && largest.is_finite();
            let scale = S::splat(if fits { LARGEST / largest } else { 0.0 });
            self.scales[i * BLOCK] = if fits { largest / LARGEST } else { 0.0 };
            let to = i * from.blocks * plane;
            for block in 0..from.blocks {
                for at in (0..plane).step_by(S::LANES) {
                    let v = simd::load::<S>(row, start(block) + at);
                    simd::store_rounded::<S>(self.rounded, to + block * plane + at, v, scale);
                }
            }
        }
    }

    /// All rows of `R` registers of output channels: their weights stay in the
    /// cache meanwhile.
    #[inline(always)]
    unsafe fn outputs<S: Simd, const R: usize>(&mut self, first: usize) {
        let width = self.dst.geometry().width;
        let one = self.filter.run == self.src.geometry().blocks * BLOCK;
        for i in 0..self.rows.len() {
            // SAFETY: the caller's; each tile lies inside the row.
            unsafe {
                if one {
                    for (x, pixels) in tiles(width, S::PIXELS) {
                        with_count!(pixels, S::PIXELS, P =>
                            self.tile::<S, R, P, true>(first, i, x));
                    }
                } else {
                    for (x, pixels) in tiles(width, S::FEW_PIXELS) {
                        with_count!(pixels, S::FEW_PIXELS, P =>
                            self.tile::<S, R, P, false>(first, i, x));
                    }
                }
            }
        }
    }

    /// A tile of pixels; `ONE`: of all input channels in one run.
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const P: usize, const ONE: bool>(
        &mut self,
        first: usize,
        i: usize,
        x: usize,
    ) {
        let (from, to) = (*self.src.geometry(), *self.dst.geometry());
        let inputs = from.blocks * BLOCK;
        let run = self.filter.run;
        let runs = if ONE { 1 } else { inputs / run };
        let each = BLOCK / S::LANES;
        let place: [(usize, usize); R] =
            std::array::from_fn(|r| ((first + r) / each, (first + r) % each * S::LANES));
        let plane = from.width * BLOCK;
        let mut pixel = i * from.blocks * plane + x * BLOCK;
        // SAFETY: `first + R` registers are at most those of the output blocks, so
        // biases, slopes, scales and weights are in bounds; `x + P ≤ width`.
        unsafe {
            let mut totals = [[S::zero(); R]; P];
            let mut at: [usize; R] =
                std::array::from_fn(|r| 2 * (place[r].0 * inputs / 2 * BLOCK + place[r].1));
            for number in 0..runs {
                let mut sums = [[S::no_sums(); R]; P];
                for _ in 0..run / BLOCK {
                    for pair in 0..BLOCK / 2 {
                        let weights: [S::Pairs; R] = std::array::from_fn(|r| {
                            simd::load_pairs::<S>(self.filter.weights, at[r] + pair * 2 * BLOCK)
                        });
                        for p in 0..P {
                            let at = pixel + p * BLOCK + 2 * pair;
                            let v = simd::splat_pair::<S>(self.rounded, at);
                            for r in 0..R {
                                sums[p][r] = S::dot(sums[p][r], weights[r], v);
                            }
                        }
                    }
                    at = at.map(|at| at + BLOCK * BLOCK);
                    pixel += plane;
                }
                for r in 0..R {
                    let (block, lane) = place[r];
                    let scale = (block * runs + number) * BLOCK + lane;
                    let scale = simd::load::<S>(self.filter.scales, scale);
                    for p in 0..P {
                        totals[p][r] = S::fma(S::floats(sums[p][r]), scale, totals[p][r]);
                    }
                }
            }
            let scale = simd::splat::<S>(self.scales, i * BLOCK);
            let row = self.dst.row_mut(self.rows.start + i);
            for r in 0..R {
                let (block, lane) = place[r];
                let bias = simd::load::<S>(self.filter.bias, block * BLOCK + lane);
                for p in 0..P {
                    let v = S::fma(totals[p][r], scale, bias);
                    let v = activate::<S>(self.filter.activation, v, block * BLOCK + lane);
                    let pixel = block * to.pitch() + to.halo + x + p;
                    simd::store::<S>(row, pixel * BLOCK + lane, v);
                }
            }
        }
    }
}
