//! Plain Rust.

use super::Simd;

/// Four values at a time, which compilers turn into whatever the target has.
/// `FUSED`: a product is added without being rounded first.
#[derive(Clone, Copy)]
pub(crate) struct Portable<const FUSED: bool>;

type V = [f32; 4];

fn map(a: V, b: V, f: impl Fn(f32, f32) -> f32) -> V {
    std::array::from_fn(|i| f(a[i], b[i]))
}

impl<const FUSED: bool> Simd for Portable<FUSED> {
    type V = V;
    const LANES: usize = 4;
    const PIXELS: usize = 4;
    const REGISTERS: usize = 2;
    const FEW_PIXELS: usize = 2;
    const DEPTHWISE: usize = 4;

    #[inline(always)]
    unsafe fn zero() -> V {
        [0.0; 4]
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> V {
        [value; 4]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> V {
        // SAFETY: good for four values by the trait's promise.
        unsafe { from.cast::<V>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, v: V) {
        // SAFETY: as above.
        unsafe { to.cast::<V>().write_unaligned(v) }
    }

    #[inline(always)]
    unsafe fn load_bytes(from: *const i8) -> V {
        // SAFETY: as above.
        unsafe { from.cast::<[i8; 4]>().read_unaligned() }.map(f32::from)
    }

    #[inline(always)]
    unsafe fn add(a: V, b: V) -> V {
        map(a, b, |a, b| a + b)
    }

    // As the instructions do it: the second operand where either isn't a number.
    #[inline(always)]
    unsafe fn max(a: V, b: V) -> V {
        map(a, b, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    unsafe fn min(a: V, b: V) -> V {
        map(a, b, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    unsafe fn fma(a: V, b: V, c: V) -> V {
        std::array::from_fn(|i| match FUSED {
            true => a[i].mul_add(b[i], c[i]),
            false => a[i] * b[i] + c[i],
        })
    }

    type Sums = [i32; 4];
    type Pairs = [i16; 8];
    type Pair = [i16; 2];

    #[inline(always)]
    unsafe fn no_sums() -> [i32; 4] {
        [0; 4]
    }

    #[inline(always)]
    unsafe fn load_pairs(from: *const i16) -> [i16; 8] {
        // SAFETY: good for four pairs by the trait's promise.
        unsafe { from.cast::<[i16; 8]>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn splat_pair(from: *const i16) -> [i16; 2] {
        // SAFETY: good for a pair by the trait's promise.
        unsafe { from.cast::<[i16; 2]>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn dot(sums: [i32; 4], a: [i16; 8], b: [i16; 2]) -> [i32; 4] {
        std::array::from_fn(|i| {
            let product = |j: usize| i32::from(a[2 * i + j]) * i32::from(b[j]);
            sums[i].wrapping_add(product(0)).wrapping_add(product(1))
        })
    }

    #[inline(always)]
    unsafe fn floats(sums: [i32; 4]) -> V {
        sums.map(|sum| sum as f32)
    }

    #[inline(always)]
    unsafe fn abs(v: V) -> V {
        v.map(f32::abs)
    }

    #[inline(always)]
    unsafe fn store_rounded(to: *mut i16, v: V, scale: V) {
        /// Where an addition of this leaves no bits after the point.
        const WHOLE: f32 = 12_582_912.0;
        // Adding and taking away rounds as the instructions do, and is much faster
        // than asking for it.
        let rounded: [i16; 4] = std::array::from_fn(|i| (v[i] * scale[i] + WHOLE - WHOLE) as i16);
        // SAFETY: good for four values by the trait's promise.
        unsafe { to.cast::<[i16; 4]>().write_unaligned(rounded) }
    }
}
