//! Points of a curve, for the curves that no crate has and for key agreement
//! with recorded keys: variable time.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, Uint};

use super::curves::{Curve, significant};

/// Room for the 521 bits of the longest curve.
pub(super) const LIMBS: usize = 9;
pub(super) type Number = Uint<LIMBS>;
pub(super) type Residue = FixedMontyForm<LIMBS>;

pub(super) fn number(bytes: &[u8]) -> Option<Number> {
    let bytes = significant(bytes);
    let mut padded = [0; LIMBS * 8];
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(Number::from_be_slice(&padded))
}

/// A point in Jacobian coordinates; `z` zero is the point at infinity.
#[derive(Clone, Copy)]
pub(super) struct Point {
    x: Residue,
    y: Residue,
    z: Residue,
}

/// The numbers that a curve is over, and the curve.
pub(super) struct Field {
    bytes: usize,
    params: FixedMontyParams<LIMBS>,
    a: Residue,
    b: Residue,
}

impl Field {
    pub(super) fn of(curve: &Curve) -> Option<Self> {
        let p = Odd::new(number(curve.p)?).into_option()?;
        let params = FixedMontyParams::new_vartime(p);
        Some(Self {
            a: Residue::new(&number(curve.a)?, &params),
            b: Residue::new(&number(curve.b)?, &params),
            params,
            bytes: curve.p.len(),
        })
    }

    fn residue(&self, bytes: &[u8]) -> Option<Residue> {
        let n = number(bytes).filter(|n| n < self.params.modulus().as_ref())?;
        Some(Residue::new(&n, &self.params))
    }

    pub(super) fn affine(&self, x: &[u8], y: &[u8]) -> Option<Point> {
        let (x, y) = (self.residue(x)?, self.residue(y)?);
        let right = x.square().mul(&x).add(&self.a.mul(&x)).add(&self.b);
        (y.square() == right).then(|| Point {
            x,
            y,
            z: Residue::one(&self.params),
        })
    }

    pub(super) fn infinity(&self) -> Point {
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
    pub(super) fn double(&self, p: &Point) -> Point {
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
    pub(super) fn add(&self, p: &Point, q: &Point) -> Point {
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

    /// The point of an uncompressed encoding (SEC 1, 2.3.4), if it lies on the
    /// curve.
    pub(super) fn decode(&self, point: &[u8]) -> Option<Point> {
        match point {
            [4, xy @ ..] if xy.len() == 2 * self.bytes => {
                self.affine(&xy[..self.bytes], &xy[self.bytes..])
            }
            _ => None,
        }
    }

    /// `k` times the point, in variable time.
    pub(super) fn multiply(&self, k: &Number, point: &Point) -> Point {
        let mut sum = self.infinity();
        for bit in (0..k.bit_width_vartime()).rev() {
            sum = self.double(&sum);
            if k.bit_vartime(bit) {
                sum = self.add(&sum, point);
            }
        }
        sum
    }

    /// The point's x; `None` at infinity.
    pub(super) fn abscissa(&self, point: &Point) -> Option<Number> {
        let z_inverse = point.z.invert_vartime().into_option()?;
        Some(point.x.mul(&z_inverse.square()).retrieve())
    }

    /// The point's x and y; `None` at infinity.
    #[cfg(test)]
    pub(super) fn coordinates(&self, point: &Point) -> Option<(Number, Number)> {
        let z = point.z.invert_vartime().into_option()?;
        let y = point.y.mul(&z.square()).mul(&z).retrieve();
        Some((self.abscissa(point)?, y))
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, number};
    use crate::crypto::curves::CURVES;

    #[test]
    fn every_generator_lies_on_its_curve_and_has_its_order() {
        for curve in &CURVES {
            let field = Field::of(curve).expect("a field");
            let g = field.affine(curve.gx, curve.gy).expect(curve.name);
            let n = number(curve.n).expect("a number");
            let last = field.multiply(&n, &g);
            assert!(field.is_zero(&last.z), "{}", curve.name);
        }
    }
}
