//! ECDSA verification (BSI TR-03111, 4.2.1.2).
//!
//! P-256, P-384, P-521, brainpoolP256r1 and brainpoolP384r1 go to the crates
//! of those names. The other curves have none; for them there is the short
//! path below. It verifies only, so everything in it is public and variable
//! time is no leak.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, Uint};

use super::VerifyError;
use super::curves::{Curve, significant};

/// Room for the 521 bits of the longest curve.
const LIMBS: usize = 9;
type Number = Uint<LIMBS>;
type Residue = FixedMontyForm<LIMBS>;

/// Verifies `r`, `s` over `digest` with the public `point` (SEC 1 encoding).
pub(super) fn verify(
    curve: &'static Curve,
    point: &[u8],
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> Result<(), VerifyError> {
    match by_crate::verify(curve, point, digest, r, s) {
        Some(result) => result,
        None => generic(curve, point, digest, r, s),
    }
}

/// `curve` by the crate that has it; `None` if none has.
mod by_crate {
    use super::{Curve, VerifyError, significant};

    macro_rules! with {
        ($curve:ty, $point:expr, $digest:expr, $r:expr, $s:expr, $len:expr) => {{
            use ecdsa::signature::hazmat::PrehashVerifier;
            use ecdsa::{Signature, VerifyingKey};
            let key =
                VerifyingKey::<$curve>::from_sec1_bytes($point).map_err(|_| VerifyError::BadKey);
            let mut rs = vec![0; 2 * $len];
            let (r, s) = (significant($r), significant($s));
            if r.len() > $len || s.len() > $len {
                return Some(Err(VerifyError::Wrong));
            }
            rs[$len - r.len()..$len].copy_from_slice(r);
            rs[2 * $len - s.len()..].copy_from_slice(s);
            Some(key.and_then(|key| {
                let signature =
                    Signature::<$curve>::from_slice(&rs).map_err(|_| VerifyError::Wrong)?;
                key.verify_prehash($digest, &signature)
                    .map_err(|_| VerifyError::Wrong)
            }))
        }};
    }

    pub(super) fn verify(
        curve: &Curve,
        point: &[u8],
        digest: &[u8],
        r: &[u8],
        s: &[u8],
    ) -> Option<Result<(), VerifyError>> {
        use bp256::BrainpoolP256r1;
        use bp384::BrainpoolP384r1;
        use p256::NistP256;
        use p384::NistP384;
        use p521::NistP521;
        // The crates refuse digests shorter than half the field.
        if digest.len() < curve.p.len() / 2 {
            return None;
        }
        match curve.name {
            "P-256" => with!(NistP256, point, digest, r, s, 32),
            "P-384" => with!(NistP384, point, digest, r, s, 48),
            "P-521" => with!(NistP521, point, digest, r, s, 66),
            "brainpoolP256r1" => with!(BrainpoolP256r1, point, digest, r, s, 32),
            "brainpoolP384r1" => with!(BrainpoolP384r1, point, digest, r, s, 48),
            _ => None,
        }
    }
}

fn number(bytes: &[u8]) -> Option<Number> {
    let bytes = significant(bytes);
    let mut padded = [0; LIMBS * 8];
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(Number::from_be_slice(&padded))
}

/// A point in Jacobian coordinates; `z` zero is the point at infinity.
#[derive(Clone, Copy)]
struct Point {
    x: Residue,
    y: Residue,
    z: Residue,
}

struct Field {
    params: FixedMontyParams<LIMBS>,
    a: Residue,
    b: Residue,
}

impl Field {
    fn of(curve: &Curve) -> Option<Self> {
        let p = Odd::new(number(curve.p)?).into_option()?;
        let params = FixedMontyParams::new_vartime(p);
        Some(Self {
            a: Residue::new(&number(curve.a)?, &params),
            b: Residue::new(&number(curve.b)?, &params),
            params,
        })
    }

    fn residue(&self, bytes: &[u8]) -> Option<Residue> {
        let n = number(bytes).filter(|n| n < self.params.modulus().as_ref())?;
        Some(Residue::new(&n, &self.params))
    }

    fn affine(&self, x: &[u8], y: &[u8]) -> Option<Point> {
        let (x, y) = (self.residue(x)?, self.residue(y)?);
        let right = x.square().mul(&x).add(&self.a.mul(&x)).add(&self.b);
        (y.square() == right).then(|| Point {
            x,
            y,
            z: Residue::one(&self.params),
        })
    }

    fn infinity(&self) -> Point {
        let one = Residue::one(&self.params);
        Point {
            x: one,
            y: one,
            z: Residue::zero(&self.params),
        }
    }

    fn is_zero(&self, v: &Residue) -> bool {
        *v == Residue::zero(&self.params)
    }

    /// Doubling for any `a` ("dbl-2007-bl" of the Explicit-Formulas Database).
    fn double(&self, p: &Point) -> Point {
        if self.is_zero(&p.z) || self.is_zero(&p.y) {
            return self.infinity();
        }
        let xx = p.x.square();
        let yy = p.y.square();
        let yyyy = yy.square();
        let zz = p.z.square();
        let s = p.x.add(&yy).square().sub(&xx).sub(&yyyy).double();
        let m = xx.double().add(&xx).add(&self.a.mul(&zz.square()));
        let x = m.square().sub(&s.double());
        let y = m.mul(&s.sub(&x)).sub(&yyyy.double().double().double());
        let z = p.y.add(&p.z).square().sub(&yy).sub(&zz);
        Point { x, y, z }
    }

    /// Addition ("add-2007-bl"), with the cases that formula leaves out.
    fn add(&self, p: &Point, q: &Point) -> Point {
        if self.is_zero(&p.z) {
            return *q;
        }
        if self.is_zero(&q.z) {
            return *p;
        }
        let z1z1 = p.z.square();
        let z2z2 = q.z.square();
        let u1 = p.x.mul(&z2z2);
        let u2 = q.x.mul(&z1z1);
        let s1 = p.y.mul(&q.z).mul(&z2z2);
        let s2 = q.y.mul(&p.z).mul(&z1z1);
        if u1 == u2 {
            return if s1 == s2 {
                self.double(p)
            } else {
                self.infinity()
            };
        }
        let h = u2.sub(&u1);
        let i = h.double().square();
        let j = h.mul(&i);
        let r = s2.sub(&s1).double();
        let v = u1.mul(&i);
        let x = r.square().sub(&j).sub(&v.double());
        let y = r.mul(&v.sub(&x)).sub(&s1.mul(&j).double());
        let z = p.z.add(&q.z).square().sub(&z1z1).sub(&z2z2).mul(&h);
        Point { x, y, z }
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
    let len = curve.p.len();
    let q = match point {
        [4, xy @ ..] if xy.len() == 2 * len => field.affine(&xy[..len], &xy[len..]),
        _ => None,
    }
    .ok_or(VerifyError::BadKey)?;
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
    if field.is_zero(&sum.z) {
        return Err(VerifyError::Wrong);
    }
    let z_inverse = sum
        .z
        .invert_vartime()
        .into_option()
        .ok_or(VerifyError::Wrong)?;
    let x = sum.x.mul(&z_inverse.square()).retrieve();
    let modulus = NonZero::new(n).into_option().ok_or(VerifyError::BadKey)?;
    if x.rem_vartime(&modulus) == r {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::{generic, number};
    use crate::crypto::curves::CURVES;

    #[test]
    fn every_generator_lies_on_its_curve_and_has_its_order() {
        for curve in &CURVES {
            let field = super::Field::of(curve).expect("a field");
            let g = field.affine(curve.gx, curve.gy).expect(curve.name);
            let n = number(curve.n).expect("a number");
            let mut sum = field.infinity();
            for bit in (0..n.bit_width_vartime()).rev() {
                sum = field.double(&sum);
                if n.bit_vartime(bit) {
                    sum = field.add(&sum, &g);
                }
            }
            assert!(field.is_zero(&sum.z), "{}", curve.name);
        }
    }

    #[test]
    fn the_short_path_agrees_with_the_p256_crate() {
        use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
        let curve = CURVES
            .iter()
            .find(|c| c.name == "P-256")
            .expect("in the table");
        for i in 1..20_u8 {
            let key = SigningKey::from_slice(&[i; 32]).expect("a key");
            let digest = [i ^ 0x5a; 32];
            let signature: Signature = key.sign_prehash(&digest).expect("signs");
            let bytes = signature.to_bytes();
            let point = key.verifying_key().to_sec1_point(false);
            let check = |digest: &[u8]| {
                generic(curve, point.as_bytes(), digest, &bytes[..32], &bytes[32..])
            };
            assert!(check(&digest).is_ok());
            assert!(check(&[i; 32]).is_err());
        }
    }
}
