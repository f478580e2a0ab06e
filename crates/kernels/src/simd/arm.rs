//! NEON.

use std::arch::aarch64::*;

use super::Simd;

/// Four values in each of 32 registers.
#[derive(Clone, Copy)]
pub(crate) struct Neon;

// SAFETY of every block below: the trait's callers promise that the machine has
// the instructions and that pointers are good for a register's values.

impl Simd for Neon {
    type V = float32x4_t;
    const LANES: usize = 4;
    // 24 sums, four registers of weights, one of the input.
    const PIXELS: usize = 6;
    const REGISTERS: usize = 4;
    const FEW_PIXELS: usize = 3;
    const DEPTHWISE: usize = 8;

    #[inline(always)]
    unsafe fn zero() -> float32x4_t {
        // SAFETY: see above.
        unsafe { vdupq_n_f32(0.0) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vdupq_n_f32(value) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, v: float32x4_t) {
        // SAFETY: see above.
        unsafe { vst1q_f32(to, v) }
    }

    #[inline(always)]
    unsafe fn load_bytes(from: *const i8) -> float32x4_t {
        // SAFETY: see above; four bytes are read as one word of any alignment.
        unsafe {
            let word = from.cast::<u32>().read_unaligned();
            let bytes = vreinterpret_s8_u32(vdup_n_u32(word));
            vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(bytes))))
        }
    }

    #[inline(always)]
    unsafe fn add(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vaddq_f32(a, b) }
    }

    #[inline(always)]
    unsafe fn max(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vbslq_f32(vcgtq_f32(a, b), a, b) }
    }

    #[inline(always)]
    unsafe fn min(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vbslq_f32(vcltq_f32(a, b), a, b) }
    }

    #[inline(always)]
    unsafe fn fma(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vfmaq_f32(c, a, b) }
    }

    type Sums = int32x4_t;
    type Pairs = int16x4x2_t;
    type Pair = [i16; 2];

    #[inline(always)]
    unsafe fn no_sums() -> int32x4_t {
        // SAFETY: see above.
        unsafe { vdupq_n_s32(0) }
    }

    #[inline(always)]
    unsafe fn load_pairs(from: *const i16) -> int16x4x2_t {
        // SAFETY: see above; the load is of four pairs.
        unsafe { vld2_s16(from) }
    }

    #[inline(always)]
    unsafe fn splat_pair(from: *const i16) -> [i16; 2] {
        // SAFETY: see above.
        unsafe { from.cast::<[i16; 2]>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn dot(sums: int32x4_t, a: int16x4x2_t, b: [i16; 2]) -> int32x4_t {
        // SAFETY: see above.
        unsafe { vmlal_n_s16(vmlal_n_s16(sums, a.0, b[0]), a.1, b[1]) }
    }

    #[inline(always)]
    unsafe fn floats(sums: int32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vcvtq_f32_s32(sums) }
    }

    #[inline(always)]
    unsafe fn abs(v: float32x4_t) -> float32x4_t {
        // SAFETY: see above.
        unsafe { vabsq_f32(v) }
    }

    #[inline(always)]
    unsafe fn store_rounded(to: *mut i16, v: float32x4_t, scale: float32x4_t) {
        // SAFETY: see above; the store is of four values.
        unsafe {
            let whole = vcvtnq_s32_f32(vmulq_f32(v, scale));
            vst1_s16(to, vqmovn_s32(whole));
        }
    }
}
