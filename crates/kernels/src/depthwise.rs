//! A filter of each channel by itself.

use std::ops::Range;

use crate::{
    BLOCK, Filter, Isa, Rows, RowsMut, Window,
    filter::{activate, tiles, with_count},
    isa::Body,
    rows::product,
    simd::{self, Simd},
};

/// The sides of the window that [`depthwise`] knows.
const KERNEL: usize = 3;

/// Weights for [`depthwise`] from ONNX's order, `[channels][3][3]`. Packed: for
/// each block of channels, for each pixel of the window, 16 channels.
///
/// # Panics
/// If there aren't as many weights as that.
pub fn pack_depthwise(weights: &[f32], channels: usize) -> Vec<f32> {
    const TAPS: usize = KERNEL * KERNEL;
    assert_eq!(weights.len(), channels * TAPS, "the number of weights");
    let mut packed = vec![0.0; channels.div_ceil(BLOCK) * TAPS * BLOCK];
    for (c, of_channel) in weights.chunks_exact(TAPS).enumerate() {
        for (tap, &w) in of_channel.iter().enumerate() {
            packed[(c / BLOCK * TAPS + tap) * BLOCK + c % BLOCK] = w;
        }
    }
    packed
}

/// Rows `rows` of `dst`: every channel from itself, through a window of 3 x 3. The
/// sum starts at the bias and runs over the window's rows, then its columns.
///
/// # Panics
/// If the window isn't of 3 x 3 or leaves the rows, or the filter isn't of these
/// extents.
pub fn depthwise(
    isa: Isa,
    filter: Filter<'_>,
    window: Window,
    src: Rows<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
) {
    let (from, to) = (*src.geometry(), *dst.geometry());
    assert_eq!(window.kernel, KERNEL, "the side of the window");
    assert_eq!(from.blocks, to.blocks, "the number of channels");
    window.check((from.width, from.halo), &to);
    filter.check(product([to.blocks, KERNEL * KERNEL, BLOCK]), to.blocks);
    assert!(rows.end <= to.height, "rows beyond the tensor");
    let body = Depthwise {
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

struct Depthwise<'a> {
    filter: Filter<'a>,
    window: Window,
    src: Rows<'a>,
    dst: RowsMut<'a>,
    rows: Range<usize>,
}

impl Body for Depthwise<'_> {
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

impl Depthwise<'_> {
    #[inline(always)]
    unsafe fn strided<S: Simd, const STRIDE: usize>(mut self) {
        let to = *self.dst.geometry();
        for y in self.rows.clone() {
            let top = self.window.top(y);
            let src: [&[f32]; KERNEL] = [0, 1, 2].map(|ky| self.src.row(top + ky));
            for channel in (0..to.blocks * BLOCK).step_by(S::LANES) {
                for (x, pixels) in tiles(to.width, S::DEPTHWISE) {
                    // SAFETY: the caller's; the tile lies inside the row.
                    unsafe {
                        with_count!(pixels, S::DEPTHWISE, P =>
                            self.tile::<S, STRIDE, P>(&src, channel, y, x));
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<S: Simd, const STRIDE: usize, const P: usize>(
        &mut self,
        src: &[&[f32]; KERNEL],
        channel: usize,
        y: usize,
        x: usize,
    ) {
        let (from, to) = (*self.src.geometry(), *self.dst.geometry());
        let (block, lane) = (channel / BLOCK, channel % BLOCK);
        let left = block * from.pitch() + from.halo - self.window.pad + x * STRIDE;
        // SAFETY: `channel + LANES` is within the output blocks, so biases, slopes
        // and weights are in bounds; `x + P ≤ width`, so that input pixels are
        // inside the row by `Window::check`.
        unsafe {
            let mut sums = [simd::load::<S>(self.filter.bias, channel); P];
            for ky in 0..KERNEL {
                for kx in 0..KERNEL {
                    let tap = block * KERNEL * KERNEL + ky * KERNEL + kx;
                    let weight = simd::load::<S>(self.filter.weights, tap * BLOCK + lane);
                    for p in 0..P {
                        let pixel = left + p * STRIDE + kx;
                        let v = simd::load::<S>(src[ky], pixel * BLOCK + lane);
                        sums[p] = S::fma(v, weight, sums[p]);
                    }
                }
            }
            let activation = self.filter.activation;
            let row = self.dst.row_mut(y);
            for p in 0..P {
                let v = activate::<S>(activation, sums[p], channel);
                let pixel = block * to.pitch() + to.halo + x + p;
                simd::store::<S>(row, pixel * BLOCK + lane, v);
            }
        }
    }
}
