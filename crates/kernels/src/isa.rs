//! Instruction sets, and running a body with one.

use crate::simd::{Portable, Simd};

/// An instruction set that this machine has. There is no other way to one than
/// its detection, so that holding an `Isa` proves that its instructions exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Isa(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Portable,
    Fused,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Isa {
    /// Plain Rust: everywhere, and the slowest.
    pub const fn portable() -> Self {
        Self(Kind::Portable)
    }

    /// Plain Rust with fused products, whose bits are those of the vector
    /// instruction sets: the oracle of their tests. Very slow where a fused
    /// product isn't an instruction of the target.
    pub const fn fused() -> Self {
        Self(Kind::Fused)
    }

    /// AVX2 with FMA, if the machine has both.
    pub fn avx2() -> Option<Self> {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Some(Self(Kind::Avx2));
        }
        None
    }

    /// AVX-512 (foundation, byte and word, doubleword and quadword, vector length,
    /// neural networks), if the machine has all five: the first generation, which
    /// lacks the last, also slows down when it uses the others.
    pub fn avx512() -> Option<Self> {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni")
        {
            return Some(Self(Kind::Avx512));
        }
        None
    }

    /// NEON, if the machine has it.
    pub fn neon() -> Option<Self> {
        #[cfg(all(target_arch = "aarch64", not(miri)))]
        if std::arch::is_aarch64_feature_detected!("neon") {
            return Some(Self(Kind::Neon));
        }
        None
    }

    /// The fastest that the machine has.
    pub fn best() -> Self {
        Self::avx512()
            .or_else(Self::avx2)
            .or_else(Self::neon)
            .unwrap_or(Self::portable())
    }

    /// Every instruction set that the machine has, the fastest first; the oracle
    /// [`Isa::fused`] isn't among them.
    pub fn all() -> impl Iterator<Item = Self> {
        let vector = [Self::avx512(), Self::avx2(), Self::neon()];
        vector.into_iter().flatten().chain([Self::portable()])
    }

    /// Whether it multiplies 16-bit integers at least as fast as floats.
    pub fn has_integer_products(self) -> bool {
        !matches!(self.0, Kind::Portable)
    }

    /// What it is called: `avx512`, `avx2`, `neon`, `portable`, `fused`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            Kind::Fused => "fused",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
            #[cfg(target_arch = "aarch64")]
            Kind::Neon => "neon",
        }
    }

    /// Runs `body` with this instruction set.
    ///
    /// # Safety
    /// As the body's own.
    #[inline]
    pub(crate) unsafe fn run<B: Body>(self, body: B) {
        // SAFETY: the body's conditions are the caller's; that the machine has
        // the features was found when this value was made.
        unsafe {
            match self.0 {
                Kind::Portable => body.run::<Portable<false>>(),
                Kind::Fused => body.run::<Portable<true>>(),
                #[cfg(target_arch = "x86_64")]
                Kind::Avx2 => avx2(body),
                #[cfg(target_arch = "x86_64")]
                Kind::Avx512 => avx512(body),
                #[cfg(target_arch = "aarch64")]
                Kind::Neon => neon(body),
            }
        }
    }
}

impl std::fmt::Debug for Isa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Arithmetic that is written once for all instruction sets.
pub(crate) trait Body {
    /// Runs it. Implementations are `#[inline(always)]`, so that they end up in a
    /// function for which the instruction set is enabled.
    ///
    /// # Safety
    /// The machine has `S`'s instructions; indices lie inside their slices.
    unsafe fn run<S: Simd>(self);
}

/// # Safety
/// The machine has AVX2 and FMA; the body's own conditions.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<B: Body>(body: B) {
    // SAFETY: the caller's.
    unsafe { body.run::<crate::simd::Avx2>() }
}

/// # Safety
/// The machine has these parts of AVX-512; the body's own conditions.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")]
unsafe fn avx512<B: Body>(body: B) {
    // SAFETY: the caller's.
    unsafe { body.run::<crate::simd::Avx512>() }
}

/// # Safety
/// The machine has NEON; the body's own conditions.
#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon")]
unsafe fn neon<B: Body>(body: B) {
    // SAFETY: the caller's.
    unsafe { body.run::<crate::simd::Neon>() }
}
