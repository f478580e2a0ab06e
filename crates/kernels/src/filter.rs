//! What a filter is made of.

use crate::{
    BLOCK, Geometry,
    simd::{self, Simd},
};

/// Where a filter stands for an output pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its sides.
    pub kernel: usize,
    /// How far it moves from one output pixel to the next: 1 or 2.
    pub stride: usize,
    /// How many pixels of zeros lie before the first: on the left and above.
    pub pad: usize,
}

/// The last step of a filter.
#[derive(Clone, Copy, Debug)]
pub enum Activation<'a> {
    /// Nothing.
    None,
    /// Negative values become zero.
    Relu,
    /// Negative values are multiplied by a slope of their channel.
    PRelu(&'a [f32]),
}

/// Packed weights, a bias and an activation for each output channel, all padded to
/// whole blocks.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// As the kernel's `pack_…` function gives them.
    pub weights: &'a [f32],
    /// One for each channel.
    pub bias: &'a [f32],
    /// What follows.
    pub activation: Activation<'a>,
}

impl Filter<'_> {
    pub(crate) fn check(&self, weights: usize, blocks: usize) {
        assert_eq!(self.weights.len(), weights, "the number of weights");
        assert_eq!(self.bias.len(), blocks * BLOCK, "the number of biases");
        if let Activation::PRelu(slopes) = self.activation {
            assert_eq!(slopes.len(), blocks * BLOCK, "the number of slopes");
        }
    }
}

impl Window {
    /// Makes sure that a filter of which every output row is as wide as `dst` finds
    /// all its pixels within a row of `src` and its halo.
    pub(crate) fn check(&self, (width, halo): (usize, usize), dst: &Geometry) {
        assert!(matches!(self.stride, 1 | 2), "a stride of {}", self.stride);
        assert!(self.kernel > 0 && dst.width > 0, "an empty filter or row");
        assert!(halo >= self.pad, "the halo is narrower than the padding");
        let places = (dst.width - 1).checked_mul(self.stride);
        let last = places.and_then(|p| p.checked_add(self.kernel)?.checked_add(halo - self.pad));
        assert!(
            last.is_some_and(|last| last <= width + 2 * halo),
            "the filter leaves the row"
        );
    }

    /// The first input row of output row `y`.
    pub(crate) fn top(&self, y: usize) -> isize {
        (y * self.stride) as isize - self.pad as isize
    }
}

/// # Safety
/// `channel + LANES` isn't beyond the slopes; the machine has `S`'s instructions.
#[inline(always)]
pub(crate) unsafe fn activate<S: Simd>(
    activation: Activation<'_>,
    v: S::V,
    channel: usize,
) -> S::V {
    // SAFETY: the caller's.
    unsafe {
        match activation {
            Activation::None => v,
            Activation::Relu => S::max(v, S::zero()),
            Activation::PRelu(slopes) => {
                let slope = simd::load::<S>(slopes, channel);
                S::fma(slope, S::min(v, S::zero()), S::max(v, S::zero()))
            }
        }
    }
}

/// Splits `width` pixels into as few tiles of at most `most` as will do, nearly equal.
#[inline(always)]
pub(crate) fn tiles(width: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = width.div_ceil(most);
    let (each, longer) = (width / count, width % count);
    (0..count).map(move |i| (i * each + i.min(longer), each + usize::from(i < longer)))
}

/// Calls `$body` with the constant `$P` equal to `$n`, which is at most `$most`, at
/// most 14.
macro_rules! with_count {
    ($n:expr, $most:expr, $P:ident => $body:expr) => {
        with_count!(@ $n, $most, $P, $body, 1 2 3 4 5 6 7 8 9 10 11 12 13 14)
    };
    (@ $n:expr, $most:expr, $P:ident, $body:expr, $($count:literal)*) => {
        match $n {
            $($count if $count <= $most => { const $P: usize = $count; $body })*
            n => unreachable!("a tile of {n} pixels"),
        }
    };
}
pub(crate) use with_count;
