//! ECDSA verification (BSI TR-03111, 4.2.1.2).
//!
//! P-256, P-384, P-521, brainpoolP256r1 and brainpoolP384r1 go to the crates
//! of those names. The other curves have none; for them there is the short
//! path below. It verifies only, so everything in it is public and variable
//! time is no leak.

mod known;

use crypto_bigint::modular::FixedMontyParams;
use crypto_bigint::{NonZero, Odd};

use super::VerifyError;
use super::curves::{Curve, significant};
use super::point::{Field, LIMBS, Number, Residue, number};

/// Verifies `r`, `s` over `digest` with the public `point` (SEC 1 encoding).
pub(super) fn verify(
    curve: &'static Curve,
    point: &[u8],
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> Result<(), VerifyError> {
    match known::verify(curve, point, digest, r, s) {
        Some(result) => result,
        None => generic(curve, point, digest, r, s),
    }
}

fn generic(
    curve: &'static Curve,
    point: &[u8],
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> Result<(), VerifyError> {
    let field = Field::of(curve).ok_or(VerifyError::BadKey)?;
    let q = field.decode(point).ok_or(VerifyError::BadKey)?;
    let g = field
        .affine(curve.gx, curve.gy)
        .ok_or(VerifyError::BadKey)?;

    let n = number(curve.n).ok_or(VerifyError::BadKey)?;
    let order = Odd::new(n).into_option().ok_or(VerifyError::BadKey)?;
    let order_params = FixedMontyParams::new_vartime(order);
    let in_range = |v: &[u8]| {
        number(v)
            .filter(|v| *v != Number::ZERO && *v < n)
            .ok_or(VerifyError::Wrong)
    };
    let r = in_range(r)?;
    let s = in_range(s)?;

    // The leftmost bits of the digest, as many as the order has.
    let bits = n.bit_width_vartime();
    let digest_bits = 8 * digest.len() as u32;
    let digest = &digest[..digest.len().min(LIMBS * 8)];
    let mut e = number(digest).ok_or(VerifyError::Wrong)?;
    let kept = 8 * digest.len() as u32;
    if digest_bits > bits && kept > bits {
        e = e.shr_vartime(kept - bits);
    }
    let s_inverse = Residue::new(&s, &order_params)
        .invert_vartime()
        .into_option()
        .ok_or(VerifyError::Wrong)?;
    let u1 = Residue::new(&e, &order_params).mul(&s_inverse).retrieve();
    let u2 = Residue::new(&r, &order_params).mul(&s_inverse).retrieve();

    // u1·G + u2·Q in one run over the bits (Shamir's trick).
    let both = field.add(&g, &q);
    let mut sum = field.infinity();
    for bit in (0..bits).rev() {
        sum = field.double(&sum);
        match (u1.bit_vartime(bit), u2.bit_vartime(bit)) {
            (true, true) => sum = field.add(&sum, &both),
            (true, false) => sum = field.add(&sum, &g),
            (false, true) => sum = field.add(&sum, &q),
            (false, false) => {}
        }
    }
    let x = field.abscissa(&sum).ok_or(VerifyError::Wrong)?;
    let modulus = NonZero::new(n).into_option().ok_or(VerifyError::BadKey)?;
    if x.rem_vartime(&modulus) == r {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}
