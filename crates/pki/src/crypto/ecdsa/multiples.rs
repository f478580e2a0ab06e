//! Multiples of a point that scalars are multiplied with again and again.
//!
//! A signer's key is seen once; an issuer's key verifies signer after signer. With
//! its multiples at hand a product is an addition for each window of the scalar
//! and no doubling (Brickell, Gordon, McCurley and Wilson, EUROCRYPT '92).
//! Everything here is public, so variable time is no leak.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use ::ecdsa::elliptic_curve::Group;

/// `d · 2^(width · i)` times a point for every window i and 1 ≤ d ≤ 2^(width − 1).
pub(super) struct Multiples<G> {
    width: u32,
    points: Vec<G>,
}

impl<G: Group> Multiples<G> {
    /// Of `base`, for scalars of `bits` bits in windows of `width` bits, 1 to 7.
    pub(super) fn of(base: G, bits: u32, width: u32) -> Self {
        let half = 1 << (width - 1);
        // The carry out of the last window may need one more.
        let windows = bits / width + 1;
        let mut points = Vec::with_capacity(half * windows as usize);
        let mut base = base;
        for _ in 0..windows {
            let mut multiple = base;
            for _ in 0..half {
                points.push(multiple);
                multiple += base;
            }
            for _ in 0..width {
                base = base.double();
            }
        }
        Self { width, points }
    }

    /// `scalar`, big-endian and of no more bits than were said, times the point.
    pub(super) fn times(&self, scalar: &[u8]) -> G {
        let half = 1 << (self.width - 1);
        let mut sum = G::identity();
        let mut carry = 0;
        for (i, multiples) in self.points.chunks_exact(half).enumerate() {
            let digit = window(scalar, i as u32 * self.width, self.width) + carry;
            // Digits above the half are taken from the next window's one.
            carry = usize::from(digit > half);
            if carry == 1 {
                if let Some(multiple) = multiples.get((half * 2 - digit).wrapping_sub(1)) {
                    sum -= *multiple;
                }
            } else if let Some(multiple) = multiples.get(digit.wrapping_sub(1)) {
                sum += *multiple;
            }
        }
        sum
    }
}

/// `scalar`, big-endian, times the point, which nobody will ask for again: doublings
/// with an addition for each digit of a non-adjacent form of five bits, one in six
/// (Solinas 2000). The crates' own product takes the time of a secret scalar.
pub(super) fn product<G: Group>(base: G, scalar: &[u8]) -> G {
    const WIDTH: u32 = 5;
    const HALF: usize = 1 << (WIDTH - 1);
    // 1, 3, 5 ... times the point.
    let twice = base.double();
    let odd: Vec<G> = std::iter::successors(Some(base), |p| Some(*p + twice))
        .take(HALF / 2)
        .collect();
    let bits = 8 * scalar.len() as u32;
    // Place, and digit: positive, or negative by the flag.
    let mut digits: Vec<(u32, usize, bool)> = Vec::new();
    let (mut at, mut carry) = (0, 0);
    while at <= bits {
        if window(scalar, at, 1) == carry {
            at += 1;
            continue;
        }
        let digit = window(scalar, at, WIDTH) + carry;
        let is_negative = digit > HALF;
        carry = usize::from(is_negative);
        digits.push((
            at,
            if is_negative { 2 * HALF - digit } else { digit },
            is_negative,
        ));
        at += WIDTH;
    }
    let mut sum = G::identity();
    let mut place = digits.last().map_or(0, |(at, ..)| *at);
    for (at, digit, is_negative) in digits.into_iter().rev() {
        for _ in at..place {
            sum = sum.double();
        }
        place = at;
        if let Some(multiple) = odd.get(digit / 2) {
            if is_negative {
                sum -= *multiple;
            } else {
                sum += *multiple;
            }
        }
    }
    for _ in 0..place {
        sum = sum.double();
    }
    sum
}

/// `width` bits of a big-endian number from the bit `from` on, counted from the
/// lowest; beyond its end they are 0.
fn window(number: &[u8], from: u32, width: u32) -> usize {
    let byte = |i: usize| {
        let at = number.len().checked_sub(i + 1);
        at.map_or(0, |at| usize::from(number[at]))
    };
    let first = from as usize / 8;
    let both = byte(first) | byte(first + 1) << 8;
    both >> (from % 8) & ((1 << width) - 1)
}

/// Something that is worth making for the one who asks again only.
pub(super) struct OnReuse<T> {
    asked: AtomicU32,
    made: OnceLock<T>,
}

impl<T> OnReuse<T> {
    pub(super) const fn new() -> Self {
        Self {
            asked: AtomicU32::new(0),
            made: OnceLock::new(),
        }
    }

    /// `None` at the first call, what `make` makes from the second on.
    pub(super) fn get(&self, make: impl FnOnce() -> T) -> Option<&T> {
        if self.made.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) == 0 {
            return None;
        }
        Some(self.made.get_or_init(make))
    }
}

#[cfg(test)]
mod tests {
    use p256::elliptic_curve::ff::PrimeField;
    use p256::{ProjectivePoint, Scalar};
    use proptest::prelude::*;

    use super::{Multiples, OnReuse, product};

    fn scalars() -> impl Strategy<Value = Scalar> {
        let edges = prop::sample::select(vec![
            Scalar::ZERO,
            Scalar::ONE,
            -Scalar::ONE,
            Scalar::from(0x8080_8080_8080_8080_u64),
            Scalar::from(u64::MAX),
        ]);
        let any = any::<[u8; 32]>().prop_filter_map("in range", |bytes| {
            Scalar::from_repr(bytes.into()).into_option()
        });
        prop_oneof![1 => edges, 8 => any]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_product_is_the_crates(scalar in scalars(), base in scalars(), width in 1..=7_u32) {
            let base = ProjectivePoint::GENERATOR * base;
            let multiples = Multiples::of(base, 256, width);
            prop_assert_eq!(multiples.times(&scalar.to_repr()), base * scalar);
            prop_assert_eq!(product(base, &scalar.to_repr()), base * scalar);
        }
    }

    #[test]
    fn only_who_asks_again_gets_it() {
        let cell = OnReuse::new();
        assert_eq!(cell.get(|| 1), None);
        assert_eq!(cell.get(|| 2), Some(&2));
        assert_eq!(cell.get(|| 3), Some(&2));
    }
}
