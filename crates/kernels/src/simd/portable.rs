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
}
