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
        let mut y = self.rows.start;
        let pairs = STRIDE == 1 && self.dst.geometry().ring > 1;
        // SAFETY: the caller's.
        unsafe {
            while pairs && y + 2 <= self.rows.end {
                self.output_rows::<S, STRIDE, 2, 4>(y);
                y += 2;
            }
            while y < self.rows.end {
                self.output_rows::<S, STRIDE, 1, 3>(y);
                y += 1;
            }
        }
    }

    /// Rows `y..y + N` from `ROWS` of the input: two at once read four, where one after
    /// the other would read six.
    #[inline(always)]
    unsafe fn output_rows<S: Simd, const STRIDE: usize, const N: usize, const ROWS: usize>(
        &mut self,
        y: usize,
    ) {
        let (from, to) = (*self.src.geometry(), *self.dst.geometry());
        let top = self.window.top(y);
        let src = std::array::from_fn(|i| self.src.row(top + i as isize));
        let dst = self.dst.rows_mut::<N>(y);
        for channel in (0..to.blocks * BLOCK).step_by(S::LANES) {
            let (block, lane) = (channel / BLOCK, channel % BLOCK);
            let mut left = block * from.pitch() + from.halo - self.window.pad;
            let mut pixel = block * to.pitch() + to.halo;
            for (_, pixels) in tiles(to.width, S::DEPTHWISE / N) {
                // SAFETY: the caller's. `channel + LANES` is within the output blocks, so
                // biases, slopes and weights are in bounds; the tile lies inside the
                // output rows, and so input pixels lie inside theirs by `Window::check`.
                unsafe {
                    with_count!(pixels, S::DEPTHWISE / N, P => {
                        let sums = sums::<S, STRIDE, N, ROWS, P>(
                            &self.filter, &src, channel, left * BLOCK + lane);
                        for n in 0..N {
                            for p in 0..P {
                                let v = activate::<S>(self.filter.activation, sums[n][p], channel);
                                simd::store::<S>(dst[n], (pixel + p) * BLOCK + lane, v);
                            }
                        }
                    });
                }
                left += pixels * STRIDE;
                pixel += pixels;
            }
        }
    }
}

/// The sums of `P` pixels of `N` output rows, whose windows begin at `at` in the first
/// of the input rows.
///
/// # Safety
/// There are such channels, and so many pixels in the rows.
#[inline(always)]
unsafe fn sums<S: Simd, const STRIDE: usize, const N: usize, const ROWS: usize, const P: usize>(
    filter: &Filter<'_>,
    src: &[&[f32]; ROWS],
    channel: usize,
    at: usize,
) -> [[S::V; P]; N] {
    let (block, lane) = (channel / BLOCK, channel % BLOCK);
    // SAFETY: the caller's.
    unsafe {
        let mut sums = [[simd::load::<S>(filter.bias, channel); P]; N];
        for i in 0..ROWS {
            for kx in 0..KERNEL {
                for n in 0..N {
                    // Which row of the window of output row `n` this is.
                    let ky = i.wrapping_sub(n * STRIDE);
                    if ky < KERNEL {
                        let tap = (block * KERNEL + ky) * KERNEL + kx;
                        let weight = simd::load::<S>(filter.weights, tap * BLOCK + lane);
                        for p in 0..P {
                            let v = simd::load::<S>(src[i], at + (p * STRIDE + kx) * BLOCK);
                            sums[n][p] = S::fma(v, weight, sums[n][p]);
                        }
                    }
                }
            }
        }
        sums
    }
}
