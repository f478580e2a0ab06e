//! A network's first convolution, over a picture's planes.

use std::ops::Range;

use crate::{
    BLOCK, Filter, Isa, RowsMut, Window,
    filter::{activate, tiles, with_count},
    isa::Body,
    rows::product,
    simd::{self, Simd},
};

/// A picture by planes, of which `ring` rows are kept at a time. Row `y` lies at
/// slot `y mod ring`: for each channel, `halo` zeros, the row's values, `halo` zeros.
#[derive(Clone, Copy)]
pub struct Planes<'a> {
    /// The values of all rows that are kept.
    pub data: &'a [f32],
    /// At least as many zeros as a row has values.
    pub zeros: &'a [f32],
    /// How many planes.
    pub channels: usize,
    /// Values in a row of a plane.
    pub width: usize,
    /// Rows of the whole picture.
    pub height: usize,
    /// Zeros at either end of a row.
    pub halo: usize,
    /// How many rows are kept.
    pub ring: usize,
}

impl<'a> Planes<'a> {
    /// Values in a row of all planes.
    pub fn row_len(&self) -> usize {
        self.channels * (self.width + 2 * self.halo)
    }

    /// Whether all rows that are kept are there, and a row of zeros.
    fn is_whole(&self) -> bool {
        let pitch = self
            .halo
            .checked_mul(2)
            .and_then(|h| h.checked_add(self.width));
        let row = pitch.and_then(|p| p.checked_mul(self.channels));
        row.is_some_and(|row| {
            let all = row.checked_mul(self.ring);
            all.is_some_and(|all| self.data.len() >= all) && self.zeros.len() >= row
        })
    }

    fn row(&self, y: isize) -> &'a [f32] {
        match usize::try_from(y) {
            Ok(y) if y < self.height => {
                let start = y % self.ring * self.row_len();
                &self.data[start..start + self.row_len()]
            }
            _ => &self.zeros[..self.row_len()],
        }
    }
}

/// Weights for [`stem`] from ONNX's order, `[outputs][channels][kernel][kernel]`.
/// Packed: for each block of outputs, for each row of the window, channel, column,
/// 16 outputs.
///
/// # Panics
/// If there aren't as many weights as that.
pub fn pack_stem(weights: &[f32], (outputs, channels): (usize, usize), kernel: usize) -> Vec<f32> {
    let taps = channels * kernel * kernel;
    assert_eq!(weights.len(), outputs * taps, "the number of weights");
    let mut packed = vec![0.0; outputs.div_ceil(BLOCK) * taps * BLOCK];
    for (i, &w) in weights.iter().enumerate() {
        let (o, channel) = (i / taps, i / (kernel * kernel) % channels);
        let (ky, kx) = (i / kernel % kernel, i % kernel);
        let tap = (ky * channels + channel) * kernel + kx;
        packed[(o / BLOCK * taps + tap) * BLOCK + o % BLOCK] = w;
    }
    packed
}

/// Rows `rows` of `dst`. The sum starts at the bias and runs over the window's
/// rows, the channels, the window's columns.
///
/// # Panics
/// If the window leaves the rows, or the filter isn't of these extents.
pub fn stem(
    isa: Isa,
    filter: Filter<'_>,
    window: Window,
    src: Planes<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
) {
    let to = *dst.geometry();
    assert!(src.is_whole(), "too few values");
    window.check((src.width, src.halo), &to);
    let taps = product([src.channels, window.kernel, window.kernel]);
    filter.check(product([to.blocks, taps, BLOCK]), to.blocks);
    assert!(rows.end <= to.height, "rows beyond the tensor");
    let body = Stem {
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

struct Stem<'a> {
    filter: Filter<'a>,
    window: Window,
    src: Planes<'a>,
    dst: RowsMut<'a>,
    rows: Range<usize>,
}

impl Body for Stem<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        // SAFETY: the caller's; the stride was checked to be 1 or 2.
        unsafe {
            match self.window.stride {
                1 => self.strided::<S, 1, 0>(),
                // What detectors and embedders begin with, with loops of known lengths.
                2 if self.window.kernel == 3 => self.strided::<S, 2, 3>(),
                _ => self.strided::<S, 2, 0>(),
            }
        }
    }
}

impl Stem<'_> {
    /// `KERNEL`: the window's sides, or 0 if they aren't known beforehand.
    #[inline(always)]
    unsafe fn strided<S: Simd, const STRIDE: usize, const KERNEL: usize>(mut self) {
        let to = *self.dst.geometry();
        let registers = to.blocks * BLOCK / S::LANES;
        for y in self.rows.clone() {
            for (x, pixels) in tiles(to.width, S::PIXELS) {
                let mut first = 0;
                // SAFETY: the caller's; the tile lies inside the row.
                unsafe {
                    with_count!(pixels, S::PIXELS, P => {
                        if S::REGISTERS == 4 {
                            while first < registers {
                                self.tile::<S, STRIDE, KERNEL, 4, P>(first, y, x);
                                first += 4;
                            }
                        }
                        while first + 2 <= registers {
                            self.tile::<S, STRIDE, KERNEL, 2, P>(first, y, x);
                            first += 2;
                        }
                        if S::LANES == BLOCK && first < registers {
                            self.tile::<S, STRIDE, KERNEL, 1, P>(first, y, x);
                        }
                    });
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn tile<
        S: Simd,
        const STRIDE: usize,
        const KERNEL: usize,
        const R: usize,
        const P: usize,
    >(
        &mut self,
        first: usize,
        y: usize,
        x: usize,
    ) {
        let to = *self.dst.geometry();
        let channels = self.src.channels;
        let kernel = match KERNEL {
            0 => self.window.kernel,
            known => known,
        };
        let pitch = self.src.width + 2 * self.src.halo;
        let each = BLOCK / S::LANES;
        let place: [(usize, usize); R] =
            std::array::from_fn(|r| ((first + r) / each, (first + r) % each * S::LANES));
        // SAFETY: as in `convolve`.
        unsafe {
            let start: [S::V; R] = std::array::from_fn(|r| {
                simd::load::<S>(self.filter.bias, place[r].0 * BLOCK + place[r].1)
            });
            let mut sums = [start; P];
            let mut at: [usize; R] = std::array::from_fn(|r| {
                place[r].0 * kernel * kernel * channels * BLOCK + place[r].1
            });
            for ky in 0..kernel {
                let row = self.src.row(self.window.top(y) + ky as isize);
                for channel in 0..channels {
                    let left = channel * pitch + self.src.halo - self.window.pad + x * STRIDE;
                    for kx in 0..kernel {
                        let weights: [S::V; R] =
                            std::array::from_fn(|r| simd::load::<S>(self.filter.weights, at[r]));
                        for p in 0..P {
                            let v = simd::splat::<S>(row, left + kx + p * STRIDE);
                            for r in 0..R {
                                sums[p][r] = S::fma(v, weights[r], sums[p][r]);
                            }
                        }
                        at = at.map(|at| at + BLOCK);
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
