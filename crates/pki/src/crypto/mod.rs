//! Signatures of documents: which algorithm, which key, right or wrong.

mod agreement;
mod curves;
mod ecdsa;
mod hash;
mod key;
mod lenient;
mod mac;
mod point;
mod rsa;

pub use agreement::Agreement;
pub use curves::significant;
pub use hash::Hash;
pub use key::PublicKey;
pub use lenient::{Oddity, verify_leniently};
pub use mac::{Cipher, derive_mac_key};
pub use rsa::recover;

use crate::ber::{Reader, Result, Tlv};

/// A signature algorithm with all its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5. `None`: the hash is named elsewhere.
    RsaPkcs1(Option<Hash>),
    /// RSASSA-PSS.
    RsaPss {
        /// Of the message.
        hash: Hash,
        /// Of the mask generation function.
        mgf: Hash,
        /// Bytes of salt.
        salt_len: usize,
    },
    /// ECDSA, the signature as SEQUENCE { r, s }.
    Ecdsa(Option<Hash>),
    /// ECDSA, the signature as r and s of fixed length (BSI TR-03111, 5.2.1).
    EcdsaPlain(Hash),
}

/// Why a signature did not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// Cannot be checked here.
    Unsupported(&'static str),
    /// The key is no key, a point off its curve for one, or isn't for this
    /// algorithm.
    BadKey,
    /// It is wrong.
    Wrong,
}

/// Object identifier and parameters of an AlgorithmIdentifier.
pub fn algorithm_identifier<'a>(tlv: &Tlv<'a>) -> Result<(&'a [u8], Option<Tlv<'a>>)> {
    let mut parts = tlv.contents();
    let oid = parts.expect(0x06, "no object identifier of an algorithm")?;
    let parameters = if parts.is_empty() {
        None
    } else {
        Some(parts.read()?)
    };
    Ok((oid.value, parameters))
}

/// The hash of an AlgorithmIdentifier; parameters do not matter.
pub fn hash_algorithm(tlv: &Tlv<'_>) -> Result<Option<Hash>> {
    Ok(Hash::from_oid(algorithm_identifier(tlv)?.0))
}

const ECDSA_WITH: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
/// Contents of object identifier 1.2.840.10045.2.1.
pub const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// The one mask generation function (RFC 8017, B.2.1).
const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
const PLAIN_ECDSA: &[u8] = &[0x04, 0x00, 0x7f, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01];

impl Algorithm {
    /// By its AlgorithmIdentifier; `Ok(None)` if it is none of these.
    pub fn read(tlv: &Tlv<'_>) -> Result<Option<Self>> {
        let (oid, parameters) = algorithm_identifier(tlv)?;
        if let Some(tail) = oid.strip_prefix(ECDSA_WITH) {
            return Ok(match tail {
                [1] => Some(Self::Ecdsa(Some(Hash::Sha1))),
                [3, 1] => Some(Self::Ecdsa(Some(Hash::Sha224))),
                [3, 2] => Some(Self::Ecdsa(Some(Hash::Sha256))),
                [3, 3] => Some(Self::Ecdsa(Some(Hash::Sha384))),
                [3, 4] => Some(Self::Ecdsa(Some(Hash::Sha512))),
                _ => None,
            });
        }
        if oid == EC_PUBLIC_KEY {
            return Ok(Some(Self::Ecdsa(None)));
        }
        if let Some([tail]) = oid.strip_prefix(PLAIN_ECDSA) {
            let hash = match tail {
                1 => Hash::Sha1,
                2 => Hash::Sha224,
                3 => Hash::Sha256,
                4 => Hash::Sha384,
                5 => Hash::Sha512,
                _ => return Ok(None),
            };
            return Ok(Some(Self::EcdsaPlain(hash)));
        }
        let Some([tail]) = oid.strip_prefix(PKCS1) else {
            return Ok(None);
        };
        Ok(match tail {
            1 => Some(Self::RsaPkcs1(None)),
            5 => Some(Self::RsaPkcs1(Some(Hash::Sha1))),
            10 => pss_parameters(parameters)?,
            11 => Some(Self::RsaPkcs1(Some(Hash::Sha256))),
            12 => Some(Self::RsaPkcs1(Some(Hash::Sha384))),
            13 => Some(Self::RsaPkcs1(Some(Hash::Sha512))),
            14 => Some(Self::RsaPkcs1(Some(Hash::Sha224))),
            _ => None,
        })
    }

    /// The hash, given the one that stands beside the algorithm.
    pub fn hash(self, beside: Option<Hash>) -> Option<Hash> {
        match self {
            Self::RsaPkcs1(hash) | Self::Ecdsa(hash) => hash.or(beside),
            Self::RsaPss { hash, .. } | Self::EcdsaPlain(hash) => Some(hash),
        }
    }

    /// A person's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs1(_) => "RSA PKCS#1",
            Self::RsaPss { .. } => "RSA-PSS",
            Self::Ecdsa(_) | Self::EcdsaPlain(_) => "ECDSA",
        }
    }
}

/// RSASSA-PSS-params with their defaults (RFC 4055, 3.1).
fn pss_parameters(parameters: Option<Tlv<'_>>) -> Result<Option<Algorithm>> {
    let mut hash = Some(Hash::Sha1);
    let mut mgf = Some(Hash::Sha1);
    let mut salt_len = 20;
    for field in parameters
        .iter()
        .filter(|p| p.tag == 0x30)
        .flat_map(Tlv::contents)
    {
        let field = field?;
        let mut inside = field.contents();
        match field.tag {
            0xa0 => hash = hash_algorithm(&inside.read()?)?,
            0xa1 => {
                let (oid, inner) = algorithm_identifier(&inside.read()?)?;
                mgf = match inner {
                    Some(inner) if oid == MGF1 => hash_algorithm(&inner)?,
                    _ => None,
                };
            }
            0xa2 => salt_len = inside.read()?.small_uint().unwrap_or(u32::MAX) as usize,
            // The trailer has one form (RFC 8017, A.2.3).
            0xa3 if inside.read()?.small_uint() == Some(1) => {}
            _ => return Ok(None),
        }
    }
    Ok(match (hash, mgf) {
        (Some(hash), Some(mgf)) => Some(Algorithm::RsaPss {
            hash,
            mgf,
            salt_len,
        }),
        _ => None,
    })
}

/// Verifies `signature` over the `message` in parts. `beside` is the hash
/// named beside an algorithm that names none.
pub fn verify(
    key: &PublicKey,
    algorithm: Algorithm,
    beside: Option<Hash>,
    message: &[&[u8]],
    signature: &[u8],
) -> std::result::Result<(), VerifyError> {
    let hash = algorithm
        .hash(beside)
        .ok_or(VerifyError::Unsupported("no hash algorithm is named"))?;
    let digest = hash.digest(message);
    match (key, algorithm) {
        (PublicKey::Rsa { purpose, .. }, _) if !purpose.allows(algorithm) => {
            Err(VerifyError::BadKey)
        }
        (PublicKey::Rsa { n, e, .. }, Algorithm::RsaPkcs1(_)) => {
            rsa::pkcs1(&rsa::recover(n, e, signature)?, hash, &digest)
        }
        (PublicKey::Rsa { n, e, .. }, Algorithm::RsaPss { mgf, salt_len, .. }) => rsa::pss(
            &rsa::recover(n, e, signature)?,
            key.bits(),
            hash,
            mgf,
            salt_len,
            &digest,
        ),
        (PublicKey::Ec { curve, point }, Algorithm::Ecdsa(_)) => {
            let (r, s) = ecdsa_sequence(signature).ok_or(VerifyError::Wrong)?;
            ecdsa::verify(curve, point, &digest, r, s)
        }
        (PublicKey::Ec { curve, point }, Algorithm::EcdsaPlain(_)) => {
            if signature.is_empty() || !signature.len().is_multiple_of(2) {
                return Err(VerifyError::Wrong);
            }
            let (r, s) = signature.split_at(signature.len() / 2);
            ecdsa::verify(curve, point, &digest, r, s)
        }
        (PublicKey::Unsupported(what), _) => Err(VerifyError::Unsupported(what)),
        _ => Err(VerifyError::Wrong),
    }
}

fn ecdsa_sequence(signature: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut outer = Reader::new(signature, 0);
    let sequence = outer.expect(0x30, "a sequence").ok()?;
    let mut parts = sequence.contents();
    let r = parts.expect(0x02, "r").ok()?;
    let s = parts.expect(0x02, "s").ok()?;
    (outer.is_empty() && parts.is_empty()).then_some(())?;
    Some((r.uint_bytes()?, s.uint_bytes()?))
}
