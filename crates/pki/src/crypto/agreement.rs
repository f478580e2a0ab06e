//! Key agreement with a chip's static key (Doc 9303-11, 9.6): DH (PKCS#3,
//! X9.42) and ECDH (BSI TR-03111, 4.3.1).

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, Uint};

use super::curves::{Curve, significant};
use super::key::PublicKey;
use super::point::{Field, number};
use super::{VerifyError, algorithm_identifier};
use crate::ber::{Reader, Result, Tlv};

/// Room for primes of 4096 bits.
const LIMBS: usize = 64;
/// The shortest prime that is tried: chips of 2006 have 1024 bits.
const LEAST_BITS: u32 = 1024;
const DH_KEY_AGREEMENT: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01];
const DH_PUBLIC_NUMBER: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3e, 0x02, 0x01];

/// One side's public key, with its domain.
#[derive(Clone, Debug)]
pub enum Agreement {
    /// Diffie-Hellman (PKCS#3).
    Dh {
        /// Modulus.
        prime: Vec<u8>,
        /// Public value.
        public: Vec<u8>,
    },
    /// The same on a curve (BSI TR-03111, 4.3).
    Ecdh {
        /// The curve.
        curve: &'static Curve,
        /// The point in the encoding of SEC 1, 2.3.3.
        point: Vec<u8>,
    },
    /// Cannot be used, and why.
    Unsupported(&'static str),
}

impl Agreement {
    /// From SubjectPublicKeyInfo.
    pub fn read(spki: &Tlv<'_>) -> Result<Self> {
        let mut parts = spki.contents();
        let (oid, parameters) = algorithm_identifier(&parts.expect(0x30, "no key algorithm")?)?;
        if oid != DH_KEY_AGREEMENT && oid != DH_PUBLIC_NUMBER {
            return Ok(match PublicKey::read(spki)? {
                PublicKey::Ec { curve, point } => Self::Ecdh { curve, point },
                PublicKey::Unsupported(what) => Self::Unsupported(what),
                PublicKey::Rsa { .. } => Self::Unsupported("an RSA key, which agrees on nothing"),
            });
        }
        let bits = parts.expect(0x03, "no key")?.bits()?;
        let public = Reader::new(bits, 0).expect(0x02, "no DH key")?;
        let Some(parameters) = parameters.filter(|p| p.tag == 0x30) else {
            return Ok(Self::Unsupported("a DH key without its prime"));
        };
        let prime = parameters.contents().expect(0x02, "no DH prime")?;
        Ok(Self::Dh {
            prime: significant(prime.value).to_vec(),
            public: significant(public.value).to_vec(),
        })
    }

    /// The secret that this key and `private` agree on, as long as the prime or
    /// the field.
    pub fn secret(&self, private: &[u8]) -> std::result::Result<Vec<u8>, VerifyError> {
        match self {
            Self::Dh { prime, public } => dh(prime, public, private),
            Self::Ecdh { curve, point } => ecdh(curve, point, private),
            Self::Unsupported(what) => Err(VerifyError::Unsupported(what)),
        }
    }
}

fn wide(bytes: &[u8]) -> Option<Uint<LIMBS>> {
    let bytes = significant(bytes);
    let mut padded = [0; LIMBS * 8];
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(Uint::from_be_slice(&padded))
}

fn dh(prime: &[u8], public: &[u8], private: &[u8]) -> std::result::Result<Vec<u8>, VerifyError> {
    const UNSUPPORTED: VerifyError = VerifyError::Unsupported("a DH prime of that size");
    let p = wide(prime).ok_or(UNSUPPORTED)?;
    if p.bit_width_vartime() < LEAST_BITS {
        return Err(UNSUPPORTED);
    }
    let odd = Odd::new(p).into_option().ok_or(VerifyError::BadKey)?;
    let y = wide(public).ok_or(VerifyError::BadKey)?;
    let x = wide(private).ok_or(VerifyError::BadKey)?;
    // 0, 1 and p - 1 make every secret guessable.
    if y <= Uint::ONE || y >= p.wrapping_sub(&Uint::ONE) || x == Uint::ZERO {
        return Err(VerifyError::BadKey);
    }
    let params = FixedMontyParams::new_vartime(odd);
    let secret = FixedMontyForm::new(&y, &params)
        .pow_bounded_exp(&x, x.bit_width_vartime())
        .retrieve();
    let bytes = secret.to_be_bytes();
    let start = bytes.as_ref().len() - significant(prime).len();
    Ok(bytes.as_ref()[start..].to_vec())
}

fn ecdh(
    curve: &'static Curve,
    point: &[u8],
    private: &[u8],
) -> std::result::Result<Vec<u8>, VerifyError> {
    let field = Field::of(curve).ok_or(VerifyError::BadKey)?;
    let q = field.decode(point).ok_or(VerifyError::BadKey)?;
    let n = number(curve.n).ok_or(VerifyError::BadKey)?;
    let k = number(private)
        .filter(|k| *k < n)
        .ok_or(VerifyError::BadKey)?;
    let x = field
        .abscissa(&field.multiply(&k, &q))
        .ok_or(VerifyError::BadKey)?;
    let bytes = x.to_be_bytes();
    let start = bytes.as_ref().len() - curve.p.len();
    Ok(bytes.as_ref()[start..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::Agreement;
    use crate::crypto::curves::CURVES;
    use crate::crypto::point::{Field, number};

    #[test]
    fn both_sides_agree_on_every_curve() {
        for curve in &CURVES {
            let field = Field::of(curve).expect("a field");
            let generator = field.affine(curve.gx, curve.gy).expect(curve.name);
            let public = |private: &[u8]| {
                let k = number(private).expect("a number");
                let (x, y) = field
                    .coordinates(&field.multiply(&k, &generator))
                    .expect("a point");
                let mut point = vec![4];
                for v in [x, y] {
                    let bytes = v.to_be_bytes();
                    let start = bytes.as_ref().len() - curve.p.len();
                    point.extend(&bytes.as_ref()[start..]);
                }
                Agreement::Ecdh { curve, point }
            };
            let (a, b) = ([7_u8; 20], [0x5b_u8; 18]);
            let secret = public(&a).secret(&b).expect("a secret");
            assert_eq!(secret, public(&b).secret(&a).expect("a secret"));
            assert_eq!(secret.len(), curve.p.len());
            assert!(public(&a).secret(curve.n).is_err(), "{}", curve.name);
        }
    }

    #[test]
    fn degenerate_keys_are_refused() {
        let mut prime = vec![0xff_u8; 128];
        let key = |public: Vec<u8>| Agreement::Dh {
            prime: vec![0xff; 128],
            public,
        };
        assert!(key(vec![3]).secret(&[5]).is_ok_and(|s| s.len() == 128));
        prime[127] = 0xfe;
        for public in [
            vec![],
            vec![1],
            prime.clone(),
            vec![0xff; 128],
            vec![0xff; 600],
        ] {
            assert!(key(public.clone()).secret(&[5]).is_err(), "{public:02x?}");
        }
        assert!(key(vec![3]).secret(&[]).is_err());
    }
}
