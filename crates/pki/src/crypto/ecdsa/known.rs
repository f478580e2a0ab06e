//! The curves that have crates of their own.

use ::ecdsa::elliptic_curve::FieldBytes;
use ::ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ::ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize};
use ::ecdsa::signature::hazmat::PrehashVerifier;
use ::ecdsa::{EcdsaCurve, Signature, VerifyingKey};
use bp256::BrainpoolP256r1;
use bp384::BrainpoolP384r1;
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;

use super::{Curve, VerifyError, significant};

/// Verifies by the crate that has `curve`; `None` if none has.
pub(super) fn verify(
    curve: &Curve,
    point: &[u8],
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
    Some(by(point, digest, r, s))
}

fn with<C>(point: &[u8], digest: &[u8], r: &[u8], s: &[u8]) -> Result<(), VerifyError>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    VerifyingKey<C>: PrehashVerifier<Signature<C>>,
{
    let key = VerifyingKey::<C>::from_sec1_bytes(point).map_err(|_| VerifyError::BadKey)?;
    let signature = signature::<C>(r, s).ok_or(VerifyError::Wrong)?;
    key.verify_prehash(digest, &signature)
        .map_err(|_| VerifyError::Wrong)
}

/// A signature of 0 < r, s < n.
fn signature<C: EcdsaCurve>(r: &[u8], s: &[u8]) -> Option<Signature<C>> {
    let fixed = |number: &[u8]| {
        let mut bytes = FieldBytes::<C>::default();
        let number = significant(number);
        let from = bytes.len().checked_sub(number.len())?;
        bytes[from..].copy_from_slice(number);
        Some(bytes)
    };
    Signature::from_scalars(fixed(r)?, fixed(s)?).ok()
}

#[cfg(test)]
mod tests {
    use ::ecdsa::SigningKey;
    use ::ecdsa::elliptic_curve::FieldBytes;
    use ::ecdsa::hazmat::sign_prehashed;
    use proptest::prelude::*;

    use super::{
        BrainpoolP256r1, BrainpoolP384r1, EcdsaCurve, NistP256, NistP384, NistP521, verify,
    };
    use crate::crypto::VerifyError;
    use crate::crypto::curves::{CURVES, Curve};
    use crate::crypto::ecdsa::generic;

    fn curve(name: &str) -> &'static Curve {
        CURVES
            .iter()
            .find(|c| c.name == name)
            .expect("in the table")
    }

    /// What the crate says, and the path for curves without one.
    fn said(
        curve: &'static Curve,
        point: &[u8],
        digest: &[u8],
        rs: &[u8],
    ) -> [Result<(), VerifyError>; 2] {
        let (r, s) = rs.split_at(rs.len() / 2);
        [
            verify(curve, point, digest, r, s).expect("has a crate"),
            generic(curve, point, digest, r, s),
        ]
    }

    /// A number of 31 bytes, above 0 and below every order.
    fn field<C: EcdsaCurve>(number: &[u8; 31]) -> FieldBytes<C> {
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
                    let curve = curve($name);
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
                    prop_assert_eq!(said(curve, point.as_bytes(), &digest, &rs), [Ok(()); 2]);
                    // n - s is as good as s.
                    let (r, s) = signature.split_scalars();
                    let other_half = [r.to_bytes(), (-*s).to_bytes()].concat();
                    prop_assert_eq!(said(curve, point.as_bytes(), &digest, &other_half), [Ok(()); 2]);

                    let mut other = digest.clone();
                    other[flip.index(32)] ^= 1;
                    let wrong = [Err(VerifyError::Wrong); 2];
                    prop_assert_eq!(said(curve, point.as_bytes(), &other, &rs), wrong);
                    let at = flip.index(rs.len());
                    rs[at] ^= 1;
                    prop_assert_eq!(said(curve, point.as_bytes(), &digest, &rs), wrong);
                    let mut off = point.as_bytes().to_vec();
                    let last = off.len() - 1;
                    off[last] ^= 1;
                    let bad = [Err(VerifyError::BadKey); 2];
                    prop_assert_eq!(said(curve, &off, &digest, &rs), bad);
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
        let curve = curve("P-256");
        let generator = [&[4], curve.gx, curve.gy].concat();
        let key = p256::Scalar::from(5_u64);
        let minus: [u8; 32] = (-key).to_bytes().into();
        let mut five = [0; 32];
        five[31] = 5;
        let one = [1];
        type Case<'a> = (&'a str, &'a [u8; 32], &'a [u8], &'a [u8]);
        let cases: [Case<'_>; 6] = [
            ("r is 0", &[7; 32], &[0], &one),
            ("s is 0", &[7; 32], &one, &[]),
            ("r is the order", &[7; 32], curve.n, &one),
            ("s is the order", &[7; 32], &one, curve.n),
            ("r is longer than the order", &[7; 32], &[1; 33], &one),
            // u1·G + u2·G with r = -e.
            ("the sum is the point at infinity", &five, &minus, &one),
        ];
        for (what, digest, r, s) in cases {
            let wrong = Err(VerifyError::Wrong);
            let said = verify(curve, &generator, digest, r, s).expect("has a crate");
            assert_eq!(said, wrong, "{what}");
            assert_eq!(generic(curve, &generator, digest, r, s), wrong, "{what}");
        }
    }
}
