//! Public keys (RFC 3279, 2.3; RFC 5480).

use super::curves::{Curve, by_oid, by_parameters, significant};
use super::{Algorithm, EC_PUBLIC_KEY, PKCS1, algorithm_identifier, pss_parameters};
use crate::ber::{Reader, Result, Tlv};

/// A key that verifies signatures.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// RSA.
    Rsa {
        /// Modulus.
        n: Vec<u8>,
        /// Public exponent.
        e: Vec<u8>,
        /// What the key says that it is for.
        purpose: RsaPurpose,
    },
    /// ECDSA.
    Ec {
        /// The curve, named or spelt out.
        curve: &'static Curve,
        /// The point in the encoding of SEC 1, 2.3.3; it may lie on no curve.
        point: Vec<u8>,
    },
    /// Cannot be used, and why.
    Unsupported(&'static str),
}

/// What an RSA key says that it is for (RFC 4055, 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaPurpose {
    /// rsaEncryption: every scheme.
    Any,
    /// id-RSASSA-PSS without parameters.
    Pss,
    /// id-RSASSA-PSS with these, or a longer salt (RFC 4055, 3.3); `None`: some
    /// that aren't known here.
    PssWith(Option<Algorithm>),
}

impl RsaPurpose {
    pub(super) fn allows(self, algorithm: Algorithm) -> bool {
        let Algorithm::RsaPss {
            hash,
            mgf,
            salt_len,
        } = algorithm
        else {
            return self == Self::Any;
        };
        match self {
            Self::Any | Self::Pss => true,
            Self::PssWith(Some(Algorithm::RsaPss {
                hash: own,
                mgf: own_mgf,
                salt_len: least,
            })) => hash == own && mgf == own_mgf && salt_len >= least,
            Self::PssWith(_) => false,
        }
    }
}

impl PublicKey {
    /// From SubjectPublicKeyInfo.
    pub fn read(spki: &Tlv<'_>) -> Result<Self> {
        let mut parts = spki.contents();
        let (oid, parameters) = algorithm_identifier(&parts.expect(0x30, "no key algorithm")?)?;
        let bits = parts.expect(0x03, "no key")?.bits()?;
        if oid == EC_PUBLIC_KEY {
            return Ok(match parameters {
                Some(_) if matches!(bits.first(), Some(6 | 7)) => {
                    Self::Unsupported("a point of a curve in hybrid form (X9.62, 4.3.6)")
                }
                Some(parameters) => match curve(&parameters)? {
                    Some(curve) => Self::Ec {
                        curve,
                        point: bits.to_vec(),
                    },
                    None => Self::Unsupported("an elliptic curve that is not a known one"),
                },
                None => Self::Unsupported("an elliptic curve that is not named"),
            });
        }
        if let Some([kind @ (1 | 10)]) = oid.strip_prefix(PKCS1) {
            let purpose = match parameters.filter(|p| p.tag == 0x30) {
                _ if *kind == 1 => RsaPurpose::Any,
                None => RsaPurpose::Pss,
                Some(parameters) => RsaPurpose::PssWith(pss_parameters(Some(parameters))?),
            };
            let key = Reader::new(bits, 0).expect(0x30, "no RSA key")?;
            let mut numbers = key.contents();
            let n = numbers.expect(0x02, "no RSA modulus")?;
            let e = numbers.expect(0x02, "no RSA exponent")?;
            // Some issuers leave out the zero before a high first bit; no key
            // is negative, so both are read as the same number.
            return Ok(Self::Rsa {
                n: significant(n.value).to_vec(),
                e: significant(e.value).to_vec(),
                purpose,
            });
        }
        Ok(Self::Unsupported(
            "a key algorithm other than RSA and ECDSA",
        ))
    }

    /// Length of the modulus or of the curve's field, in bits.
    pub fn bits(&self) -> usize {
        let of = |bytes: &[u8]| {
            let bytes = significant(bytes);
            bytes
                .first()
                .map_or(0, |first| bytes.len() * 8 - first.leading_zeros() as usize)
        };
        match self {
            Self::Rsa { n, .. } => of(n),
            Self::Ec { curve, .. } => of(curve.p),
            Self::Unsupported(_) => 0,
        }
    }

    /// For a person: `RSA 4096`, `brainpoolP384r1`.
    pub fn name(&self) -> String {
        match self {
            Self::Rsa { .. } => format!("RSA {}", self.bits()),
            Self::Ec { curve, .. } => curve.name.to_owned(),
            Self::Unsupported(what) => (*what).to_owned(),
        }
    }
}

/// The known curve that ECParameters name or spell out (SEC 1, C.2).
fn curve(parameters: &Tlv<'_>) -> Result<Option<&'static Curve>> {
    match parameters.tag {
        0x06 => Ok(by_oid(parameters.value)),
        0x30 => {
            let mut parts = parameters.contents();
            parts.expect(0x02, "no version of curve parameters")?;
            let mut field = parts.expect(0x30, "no field of a curve")?.contents();
            field.expect(0x06, "no field type of a curve")?;
            let prime = field.read()?;
            let mut ab = parts.expect(0x30, "no coefficients of a curve")?.contents();
            let a = ab.expect(0x04, "no coefficient a")?;
            let b = ab.expect(0x04, "no coefficient b")?;
            let generator = parts.expect(0x04, "no generator of a curve")?;
            let order = parts.expect(0x02, "no order of a generator")?;
            let cofactor = parts.optional(0x02)?.and_then(|c| c.small_uint());
            if prime.tag != 0x02 || cofactor.is_some_and(|c| c != 1) {
                return Ok(None);
            }
            Ok(by_parameters(
                prime.value,
                a.value,
                b.value,
                generator.value,
                order.value,
            ))
        }
        _ => Ok(None),
    }
}
