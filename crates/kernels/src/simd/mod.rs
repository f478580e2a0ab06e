//! What a body needs of an instruction set.

#[cfg(target_arch = "aarch64")]
mod arm;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "aarch64")]
pub(crate) use arm::Neon;
pub(crate) use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

/// A register of 32-bit floats and its arithmetic.
///
/// # Safety (of every function)
/// The machine has the instructions; a pointer is good for [`Simd::LANES`] values
/// (of its own type) without any alignment.
pub(crate) trait Simd: Copy {
    /// The register.
    type V: Copy;
    /// How many values it holds; divides 16.
    const LANES: usize;
    /// The tile of a matrix product that keeps its sums in registers: pixels, and
    /// registers of output channels.
    const PIXELS: usize;
    /// See [`Simd::PIXELS`].
    const REGISTERS: usize;
    /// As [`Simd::PIXELS`], where two sums of each are kept.
    const FEW_PIXELS: usize;
    /// How many pixels of a depthwise filter are summed at once.
    const DEPTHWISE: usize;

    unsafe fn zero() -> Self::V;
    unsafe fn splat(value: f32) -> Self::V;
    unsafe fn load(from: *const f32) -> Self::V;
    unsafe fn store(to: *mut f32, v: Self::V);
    /// Signed bytes as floats.
    unsafe fn load_bytes(from: *const i8) -> Self::V;
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn max(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn min(a: Self::V, b: Self::V) -> Self::V;
    /// `a · b + c`.
    unsafe fn fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;

    /// 32-bit sums of products of 16-bit numbers, as many as a register of floats has.
    type Sums: Copy;
    /// A pair of 16-bit numbers for each sum.
    type Pairs: Copy;
    /// One pair for all sums.
    type Pair: Copy;

    unsafe fn no_sums() -> Self::Sums;
    /// [`Simd::LANES`] pairs.
    unsafe fn load_pairs(from: *const i16) -> Self::Pairs;
    /// One pair.
    unsafe fn splat_pair(from: *const i16) -> Self::Pair;
    /// The sums plus both products of the pairs, modulo 2^32.
    unsafe fn dot(sums: Self::Sums, a: Self::Pairs, b: Self::Pair) -> Self::Sums;
    unsafe fn floats(sums: Self::Sums) -> Self::V;
    unsafe fn abs(v: Self::V) -> Self::V;
    /// Values times `scale`, which lie between ±32,767, rounded to the nearest and
    /// in doubt even integer.
    unsafe fn store_rounded(to: *mut i16, v: Self::V, scale: Self::V);
}

/// The register at `slice[i..]`.
///
/// # Safety
/// `i + LANES ≤ slice.len()`, and the machine has `S`'s instructions.
#[inline(always)]
pub(crate) unsafe fn load<S: Simd>(slice: &[f32], i: usize) -> S::V {
    debug_assert!(i + S::LANES <= slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::load(slice.as_ptr().add(i)) }
}

/// As [`load`], of signed bytes.
///
/// # Safety
/// As [`load`].
#[inline(always)]
pub(crate) unsafe fn load_bytes<S: Simd>(slice: &[i8], i: usize) -> S::V {
    debug_assert!(i + S::LANES <= slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::load_bytes(slice.as_ptr().add(i)) }
}

/// A register full of `slice[i]`.
///
/// # Safety
/// `i < slice.len()`, and the machine has `S`'s instructions.
#[inline(always)]
pub(crate) unsafe fn splat<S: Simd>(slice: &[f32], i: usize) -> S::V {
    debug_assert!(i < slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::splat(*slice.get_unchecked(i)) }
}

/// Writes a register to `slice[i..]`.
///
/// # Safety
/// As [`load`].
#[inline(always)]
pub(crate) unsafe fn store<S: Simd>(slice: &mut [f32], i: usize, v: S::V) {
    debug_assert!(i + S::LANES <= slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::store(slice.as_mut_ptr().add(i), v) }
}

/// Pairs at `slice[i..]`.
///
/// # Safety
/// `i + 2 · LANES ≤ slice.len()`, and the machine has `S`'s instructions.
#[inline(always)]
pub(crate) unsafe fn load_pairs<S: Simd>(slice: &[i16], i: usize) -> S::Pairs {
    debug_assert!(i + 2 * S::LANES <= slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::load_pairs(slice.as_ptr().add(i)) }
}

/// The pair at `slice[i..]`, for every sum.
///
/// # Safety
/// `i + 2 ≤ slice.len()`, and the machine has `S`'s instructions.
#[inline(always)]
pub(crate) unsafe fn splat_pair<S: Simd>(slice: &[i16], i: usize) -> S::Pair {
    debug_assert!(i + 2 <= slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::splat_pair(slice.as_ptr().add(i)) }
}

/// Writes rounded values to `slice[i..]`; see [`Simd::store_rounded`].
///
/// # Safety
/// As [`load`]; the values lie between ±32,767 when scaled.
#[inline(always)]
pub(crate) unsafe fn store_rounded<S: Simd>(slice: &mut [i16], i: usize, v: S::V, scale: S::V) {
    debug_assert!(i + S::LANES <= slice.len(), "{i} of {}", slice.len());
    // SAFETY: in bounds by the caller's promise.
    unsafe { S::store_rounded(slice.as_mut_ptr().add(i), v, scale) }
}
