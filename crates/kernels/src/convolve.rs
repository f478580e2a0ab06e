//! Convolution over all channels; of one pixel, that is a matrix product.

use std::ops::Range;

use crate::{
    BLOCK, Filter, Isa, Rows, RowsMut, Window,
    filter::{activate, tiles, with_count},
    isa::Body,
    rows::product,
    simd::{self, Simd},
};

/// Weights for [`convolve`] from ONNX's order, `[outputs][inputs][kernel][kernel]`.
/// Packed: for each block of outputs, for each pixel of the window, for each input
/// channel, 16 outputs.
///
/// # Panics
/// If there aren't as many weights as that.
pub fn pack_convolution(
    weights: &[f32],
    (outputs, inputs): (usize, usize),
    kernel: usize,
) -> Vec<f32> {
    let taps = kernel * kernel;
    assert_eq!(
        weights.len(),
        outputs * inputs * taps,
        "the number of weights"
    );
    let (blocks, padded) = (outputs.div_ceil(BLOCK), inputs.next_multiple_of(BLOCK));
    let mut packed = vec![0.0; blocks * taps * padded * BLOCK];
    for (o, of_output) in weights.chunks_exact(inputs * taps).enumerate() {
        for (i, of_input) in of_output.chunks_exact(taps).enumerate() {
            for (tap, &w) in of_input.iter().enumerate() {
                let place = ((o / BLOCK * taps + tap) * padded + i) * BLOCK + o % BLOCK;
                packed[place] = w;
            }
        }
    }
    packed
}

/// Rows `rows` of `dst`: every output channel from every input channel. The sum
/// starts at the bias and runs over the window's rows, its columns, the channels.
///
/// # Panics
/// If the window leaves the rows, or the filter isn't of these extents.
pub fn convolve(
    isa: Isa,
    filter: Filter<'_>,
    window: Window,
    src: Rows<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
) {
    let (from, to) = (*src.geometry(), *dst.geometry());
    window.check((from.width, from.halo), &to);
    let taps = product([window.kernel, window.kernel]);
    let weights = product([to.blocks, taps, from.blocks, BLOCK * BLOCK]);
    filter.check(weights, to.blocks);
    assert!(rows.end <= to.height, "rows beyond the tensor");
    let body = Convolve {
        filter,
        window,
        src,
        dst,
        rows,
    };
    // SAFETY: a window over each pixel of an output row lies inside the input's
    // row, as checked; the weights, biases and slopes are as many as the blocks
    // call for, as checked; rows are cut safely.
    unsafe { isa.run(body) }
}

struct Convolve<'a> {
    filter: Filter<'a>,
    window: Window,
    src: Rows<'a>,
    dst: RowsMut<'a>,
    rows: Range<usize>,
}

impl Body for Convolve<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        // SAFETY: the caller's; the stride was checked to be 1 or 2.
        unsafe {
            match self.window.stride {
                1 => self.strided::<S, 1>(),
                _ => self.strided::<S, 2>(),
            }
        }
    }
}

impl Convolve<'_> {
    #[inline(always)]
    unsafe fn strided<S: Simd, const STRIDE: usize>(mut self) {
        let registers = self.dst.geometry().blocks * BLOCK / S::LANES;
        let mut first = 0;
        // SAFETY: the caller's.
        unsafe {
            if S::REGISTERS == 4 {
                while first < registers {
                    self.outputs::<S, STRIDE, 4>(first);
                    first += 4;
                }
                return;
            }
            while first + 2 <= registers {
                self.outputs::<S, STRIDE, 2>(first);
                first += 2;
            }
            // Only where a register holds a whole block can there be one left.
            if S::LANES == BLOCK && first < registers {
                self.outputs::<S, STRIDE, 1>(first);
            }
        }
    }

    /// All rows of `R` registers of output channels: their weights stay in the
    /// cache meanwhile.
    #[inline(always)]
    unsafe fn outputs<S: Simd, const STRIDE: usize, const R: usize>(&mut self, first: usize) {
        let width = self.dst.geometry().width;
        for y in self.rows.clone() {
            for (x, pixels) in tiles(width, S::PIXELS) {
                // SAFETY: the caller's; the tile lies inside the row.
                unsafe {
                    with_count!(pixels, S::PIXELS, P => self.tile::<S, STRIDE, R, P>(first, y, x));
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<S: Simd, const STRIDE: usize, const R: usize, const P: usize>(
        &mut self,
        first: usize,
        y: usize,
        x: usize,
    ) {
        let (from, to) = (*self.src.geometry(), *self.dst.geometry());
        let (kernel, inputs) = (self.window.kernel, from.blocks * BLOCK);
        let each = BLOCK / S::LANES;
        let place: [(usize, usize); R] =
            std::array::from_fn(|r| ((first + r) / each, (first + r) % each * S::LANES));
        // SAFETY: `first + R` registers are at most those of the output blocks,
        // so biases, slopes and weights are in bounds; `x + P ≤ width`, so that
        // input pixels are inside the row by `Window::check`.
        unsafe {
            let start: [S::V; R] = std::array::from_fn(|r| {
                simd::load::<S>(self.filter.bias, place[r].0 * BLOCK + place[r].1)
            });
            let mut sums = [start; P];
            let mut at: [usize; R] =
                std::array::from_fn(|r| place[r].0 * kernel * kernel * inputs * BLOCK + place[r].1);
            for ky in 0..kernel {
                let row = self.src.row(self.window.top(y) + ky as isize);
                for kx in 0..kernel {
                    let left = from.halo - self.window.pad + x * STRIDE + kx;
                    for block in 0..from.blocks {
                        let pixel = (block * from.pitch() + left) * BLOCK;
                        for c in 0..BLOCK {
                            let weights: [S::V; R] = std::array::from_fn(|r| {
                                simd::load::<S>(self.filter.weights, at[r] + c * BLOCK)
                            });
                            for p in 0..P {
                                let v = simd::splat::<S>(row, pixel + p * STRIDE * BLOCK + c);
                                for r in 0..R {
                                    sums[p][r] = S::fma(v, weights[r], sums[p][r]);
                                }
                            }
                        }
                        at = at.map(|at| at + BLOCK * BLOCK);
                    }
                }
            }
            let activation = self.filter.activation;
            let row = self.dst.row_mut(y);
            for p in 0..P {
                for r in 0..R {
                    let (block, lane) = place[r];
                    let v = activate::<S>(activation, sums[p][r], block * BLOCK + lane);
                    let pixel = block * to.pitch() + to.halo + x + p;
                    simd::store::<S>(row, pixel * BLOCK + lane, v);
                }
            }
        }
    }
}
