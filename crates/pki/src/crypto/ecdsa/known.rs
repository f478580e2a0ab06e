//! The curves that have crates of their own.

use std::fmt;
use std::sync::Arc;

use ::ecdsa::elliptic_curve::ops::{Invert as _, Reduce};
use ::ecdsa::elliptic_curve::point::AffineCoordinates as _;
use ::ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ::ecdsa::elliptic_curve::{
    AffinePoint, CurveArithmetic, CurveGroup as _, FieldBytes, FieldBytesSize, Group as _,
    PrimeField as _, ProjectivePoint, Scalar,
};
use ::ecdsa::{EcdsaCurve, Signature, VerifyingKey};
use bp256::BrainpoolP256r1;
use bp384::BrainpoolP384r1;
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;

use super::multiples::{Multiples, OnReuse, product};
use super::{Curve, VerifyError, significant};

/// Bits of a window for a generator, which every signature of its curve needs,
/// and for a key. On P-256 they make 1,376 and 832 points, 132 and 80 kB.
const GENERATOR_WINDOW: u32 = 6;
const KEY_WINDOW: u32 = 5;

/// What is kept of a key that verifies more than one signature, as issuers' do.
/// Clones share it.
#[derive(Clone)]
pub struct Reuse(Arc<OnReuse<Option<Box<dyn Prepared>>>>);

impl Reuse {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self(Arc::new(OnReuse::new()))
    }
}

impl fmt::Debug for Reuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reuse")
    }
}

/// A key with its multiples.
trait Prepared: Send + Sync {
    fn verify(&self, digest: &[u8], r: &[u8], s: &[u8]) -> Result<(), VerifyError>;
}

/// Verifies by the crate that has `curve`; `None` if none has.
pub(super) fn verify(
    curve: &Curve,
    point: &[u8],
    reuse: &Reuse,
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> Option<Result<(), VerifyError>> {
    // The crates refuse digests shorter than half the field.
    if digest.len() < curve.p.len() / 2 {
        return None;
    }
    let by = match curve.name {
        "P-256" => with::<NistP256>,
        "P-384" => with::<NistP384>,
        "P-521" => with::<NistP521>,
        "brainpoolP256r1" => with::<BrainpoolP256r1>,
        "brainpoolP384r1" => with::<BrainpoolP384r1>,
        _ => return None,
    };
    Some(by(point, reuse, digest, r, s))
}

fn with<C: Known>(
    point: &[u8],
    reuse: &Reuse,
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> Result<(), VerifyError>
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let key = || VerifyingKey::<C>::from_sec1_bytes(point).map_err(|_| VerifyError::BadKey);
    let prepared = reuse.0.get(|| {
        let key = key().ok()?;
        let point = ProjectivePoint::<C>::from(*key.as_affine());
        let multiples = Multiples::of(point, Scalar::<C>::NUM_BITS, KEY_WINDOW);
        Some(Box::new(PreparedKey::<C>(multiples)) as Box<dyn Prepared>)
    });
    match prepared {
        Some(Some(prepared)) => prepared.verify(digest, r, s),
        Some(None) => Err(VerifyError::BadKey),
        None => {
            let point = ProjectivePoint::<C>::from(*key()?.as_affine());
            check::<C>(digest, r, s, |u2| product(point, &u2.to_repr()))
        }
    }
}

/// A signature of 0 < r, s < n.
fn signature<C: Known>(r: &[u8], s: &[u8]) -> Result<Signature<C>, VerifyError> {
    let fixed = |number: &[u8]| {
        let mut bytes = FieldBytes::<C>::default();
        let number = significant(number);
        let from = bytes.len().checked_sub(number.len())?;
        bytes[from..].copy_from_slice(number);
        Some(bytes)
    };
    let both = fixed(r).zip(fixed(s)).ok_or(VerifyError::Wrong)?;
    Signature::from_scalars(both.0, both.1).map_err(|_| VerifyError::Wrong)
}

/// A curve of a crate, and the multiples of its generator.
trait Known: EcdsaCurve + CurveArithmetic {
    fn generator() -> &'static OnReuse<Multiples<ProjectivePoint<Self>>>;
}

macro_rules! known {
    ($($curve:ty),*) => {$(
        impl Known for $curve {
            fn generator() -> &'static OnReuse<Multiples<ProjectivePoint<Self>>> {
                static GENERATOR: OnReuse<Multiples<ProjectivePoint<$curve>>> = OnReuse::new();
                &GENERATOR
            }
        }
    )*};
}

known!(
    NistP256,
    NistP384,
    NistP521,
    BrainpoolP256r1,
    BrainpoolP384r1
);

/// The multiples of a key.
struct PreparedKey<C: CurveArithmetic>(Multiples<ProjectivePoint<C>>);

impl<C: Known> Prepared for PreparedKey<C>
where
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    fn verify(&self, digest: &[u8], r: &[u8], s: &[u8]) -> Result<(), VerifyError> {
        check::<C>(digest, r, s, |u2| self.0.times(&u2.to_repr()))
    }
}

/// ECDSA (SEC 1, 4.1.4), given the product of the key's point with a scalar. The
/// generator's multiples serve keys that are seen once, too.
fn check<C: Known>(
    digest: &[u8],
    r: &[u8],
    s: &[u8],
    of_key: impl FnOnce(&Scalar<C>) -> ProjectivePoint<C>,
) -> Result<(), VerifyError>
where
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let (r, s) = signature::<C>(r, s)?.split_scalars();
    let inverse = s.invert_vartime();
    // The leftmost bits of the digest, as many as the order has: of all five
    // curves' orders either whole bytes or more than any digest has.
    let mut e = FieldBytes::<C>::default();
    let taken = digest.len().min(e.len());
    let from = e.len() - taken;
    e[from..].copy_from_slice(&digest[..taken]);
    let u1 = Scalar::<C>::reduce(&e) * *inverse;
    let u2 = *r * *inverse;

    let generator = C::generator().get(|| {
        let base = ProjectivePoint::<C>::generator();
        Multiples::of(base, Scalar::<C>::NUM_BITS, GENERATOR_WINDOW)
    });
    let sum = of_key(&u2)
        + match generator {
            Some(generator) => generator.times(&u1.to_repr()),
            None => ProjectivePoint::<C>::mul_by_generator(&u1),
        };
    if bool::from(sum.is_identity()) {
        return Err(VerifyError::Wrong);
    }
    let x = Scalar::<C>::reduce(&sum.to_affine().x());
    if x == *r {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use ::ecdsa::SigningKey;
    use ::ecdsa::elliptic_curve::FieldBytes;
    use ::ecdsa::hazmat::sign_prehashed;
    use ::ecdsa::signature::hazmat::PrehashVerifier as _;
    use proptest::prelude::*;

    use super::{
        BrainpoolP256r1, BrainpoolP384r1, Known, NistP256, NistP384, NistP521, Reuse, verify,
    };
    use crate::crypto::VerifyError;
    use crate::crypto::curves::CURVES;

    /// What the first use of a key says, and what the next two say.
    fn uses(
        curve: &str,
        point: &[u8],
        digest: &[u8],
        r: &[u8],
        s: &[u8],
    ) -> [Result<(), VerifyError>; 3] {
        let curve = CURVES
            .iter()
            .find(|c| c.name == curve)
            .expect("in the table");
        let reuse = Reuse::new();
        [(); 3].map(|()| verify(curve, point, &reuse, digest, r, s).expect("has a crate"))
    }

    /// A number of 31 bytes, above 0 and below every order.
    fn field<C: Known>(number: &[u8; 31]) -> FieldBytes<C> {
        let mut bytes = FieldBytes::<C>::default();
        let from = bytes.len() - number.len();
        bytes[from..].copy_from_slice(number);
        bytes[from] |= 1;
        bytes
    }

    macro_rules! agrees {
        ($test:ident, $curve:ty, $name:literal) => {
            proptest! {
                #![proptest_config(ProptestConfig::with_cases(12))]
                #[test]
                fn $test(
                    secret in any::<[u8; 31]>(),
                    nonce in any::<[u8; 31]>(),
                    digest in prop::collection::vec(any::<u8>(), 33..=64),
                    flip in any::<prop::sample::Index>(),
                ) {
                    let key = SigningKey::<$curve>::from_bytes(&field::<$curve>(&secret)).expect("a key");
                    let nonce = SigningKey::<$curve>::from_bytes(&field::<$curve>(&nonce)).expect("a nonce");
                    let (signature, _) = sign_prehashed(
                        key.as_nonzero_scalar(),
                        nonce.as_nonzero_scalar(),
                        &digest,
                    )
                    .expect("signs");
                    let point = key.verifying_key().to_sec1_point(false);
                    let mut rs = signature.to_bytes().to_vec();
                    let check = |point: &[u8], rs: &[u8], digest: &[u8]| {
                        let (r, s) = rs.split_at(rs.len() / 2);
                        uses($name, point, digest, r, s)
                    };
                    let verifier = key.verifying_key();
                    prop_assert!(verifier.verify_prehash(&digest, &signature).is_ok());
                    prop_assert_eq!(check(point.as_bytes(), &rs, &digest), [Ok(()); 3]);

                    let mut other = digest.clone();
                    other[flip.index(32)] ^= 1;
                    let wrong = [Err(VerifyError::Wrong); 3];
                    prop_assert!(verifier.verify_prehash(&other, &signature).is_err());
                    prop_assert_eq!(check(point.as_bytes(), &rs, &other), wrong);
                    let at = flip.index(rs.len());
                    rs[at] ^= 1;
                    prop_assert_eq!(check(point.as_bytes(), &rs, &digest), wrong);
                    let mut off = point.as_bytes().to_vec();
                    let last = off.len() - 1;
                    off[last] ^= 1;
                    let bad = [Err(VerifyError::BadKey); 3];
                    prop_assert_eq!(check(&off, &rs, &digest), bad);
                }
            }
        };
    }

    agrees!(p256_agrees, NistP256, "P-256");
    agrees!(p384_agrees, NistP384, "P-384");
    agrees!(p521_agrees, NistP521, "P-521");
    agrees!(brainpool_p256_agrees, BrainpoolP256r1, "brainpoolP256r1");
    agrees!(brainpool_p384_agrees, BrainpoolP384r1, "brainpoolP384r1");

    #[test]
    fn numbers_that_no_signature_has_are_wrong() {
        let curve = CURVES
            .iter()
            .find(|c| c.name == "P-256")
            .expect("in the table");
        let generator = [&[4], curve.gx, curve.gy].concat();
        let one = [1];
        let cases: [(&str, &[u8], &[u8]); 5] = [
            ("r is 0", &[0], &one),
            ("s is 0", &one, &[]),
            ("r is the order", curve.n, &one),
            ("s is the order", &one, curve.n),
            ("r is longer than the order", &[1; 33], &one),
        ];
        for (what, r, s) in cases {
            let said = uses("P-256", &generator, &[7; 32], r, s);
            assert_eq!(said, [Err(VerifyError::Wrong); 3], "{what}");
        }
        // u1·G + u2·G with r = -e: the point at infinity.
        let key = p256::Scalar::from(5_u64);
        let minus: [u8; 32] = (-key).to_bytes().into();
        let mut digest = [0; 32];
        digest[31] = 5;
        let said = uses("P-256", &generator, &digest, &minus, &one);
        assert_eq!(said, [Err(VerifyError::Wrong); 3]);
    }
}
