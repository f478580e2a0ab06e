//! Signatures that are right by the key, and not as the standards write them.

use super::{Algorithm, Hash, PublicKey, VerifyError, ecdsa, ecdsa_sequence, rsa, verify};
use crate::ber::Reader;

/// What is odd about a signature that the key made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The algorithm named is that of the key (id-ecPublicKey), not one of
    /// signatures (RFC 5758, 3.2).
    KeyForAlgorithm,
    /// The key says that it is for RSASSA-PSS, and signed by PKCS#1 (RFC 4055, 1.2).
    KeyForAnotherScheme,
    /// The digest's algorithm stands beside the signature's and contradicts it, and
    /// was the one used.
    ContradictingHash(Hash),
    /// r and s side by side where a sequence of two numbers belongs (RFC 3279, 2.2.3).
    PlainNumbers,
    /// r or s is written as a negative number: a zero is missing before it
    /// (X.690, 8.3).
    NegativeNumbers,
}

impl std::fmt::Display for Oddity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::KeyForAlgorithm => {
                f.write_str("it names the algorithm of its key instead of its own (id-ecPublicKey)")
            }
            Self::KeyForAnotherScheme => {
                f.write_str("it is by PKCS#1, and its key says that it is for RSASSA-PSS")
            }
            Self::ContradictingHash(hash) => write!(
                f,
                "it was made with {}, as the digest's algorithm says and the signature's denies",
                hash.name()
            ),
            Self::PlainNumbers => {
                f.write_str("r and s stand side by side instead of in a sequence")
            }
            Self::NegativeNumbers => f.write_str("r or s is written as a negative number"),
        }
    }
}

/// Verifies `signature` as [`verify`] does, and where it is wrong that way, in the
/// ways in which documents in circulation are known to deviate: whose key made it is
/// what counts. What was odd is returned.
///
/// # Errors
/// Why the key did not make it in any of these ways, or why that can't be known.
pub fn verify_leniently(
    key: &PublicKey,
    algorithm: Algorithm,
    beside: Option<Hash>,
    message: &[&[u8]],
    signature: &[u8],
) -> Result<Vec<Oddity>, VerifyError> {
    let mut odd = Vec::new();
    if algorithm == Algorithm::Ecdsa(None) {
        odd.push(Oddity::KeyForAlgorithm);
    }
    let strict = verify(key, algorithm, beside, message, signature);
    let (Err(VerifyError::Wrong | VerifyError::BadKey), Some(hash)) =
        (strict, algorithm.hash(beside))
    else {
        return strict.map(|()| odd);
    };
    let other = beside.filter(|other| *other != hash);
    let Some(way) = way(key, algorithm, signature) else {
        return strict.map(|()| odd);
    };
    for hash in [Some(hash), other].into_iter().flatten() {
        let contradicting = (Some(hash) == other).then_some(Oddity::ContradictingHash(hash));
        // In no other way is what was tried.
        if (way.is_some() || contradicting.is_some())
            && is_by(key, algorithm, hash, message, signature)
        {
            odd.extend(way);
            odd.extend(contradicting);
            return Ok(odd);
        }
    }
    strict.map(|()| odd)
}

/// In what other way than the algorithm's own the key may have made it; `None`: in
/// none at all.
fn way(key: &PublicKey, algorithm: Algorithm, signature: &[u8]) -> Option<Option<Oddity>> {
    match (key, algorithm) {
        (PublicKey::Rsa { purpose, .. }, Algorithm::RsaPkcs1(_)) => {
            Some((!purpose.allows(algorithm)).then_some(Oddity::KeyForAnotherScheme))
        }
        (PublicKey::Ec { .. }, Algorithm::Ecdsa(_)) => Some(numbers(signature)?.1),
        _ => None,
    }
}

/// Whether the key made it over this hash, whatever is odd about it.
fn is_by(
    key: &PublicKey,
    algorithm: Algorithm,
    hash: Hash,
    message: &[&[u8]],
    signature: &[u8],
) -> bool {
    let digest = hash.digest(message);
    match (key, algorithm) {
        (PublicKey::Rsa { n, e, .. }, Algorithm::RsaPkcs1(_)) => rsa::recover(n, e, signature)
            .and_then(|encoded| rsa::pkcs1(&encoded, hash, &digest))
            .is_ok(),
        (PublicKey::Ec { curve, point }, Algorithm::Ecdsa(_)) => numbers(signature)
            .is_some_and(|((r, s), _)| ecdsa::verify(curve, point, &digest, r, s).is_ok()),
        _ => false,
    }
}

/// r and s.
type Numbers<'a> = (&'a [u8], &'a [u8]);

/// r and s, and what is odd about how they are written.
fn numbers(signature: &[u8]) -> Option<(Numbers<'_>, Option<Oddity>)> {
    if let Some(numbers) = ecdsa_sequence(signature) {
        return Some((numbers, None));
    }
    let signed = || {
        let mut outer = Reader::new(signature, 0);
        let sequence = outer.expect(0x30, "a sequence").ok()?;
        let mut parts = sequence.contents();
        let r = parts.expect(0x02, "r").ok()?;
        let s = parts.expect(0x02, "s").ok()?;
        (outer.is_empty() && parts.is_empty()).then_some((r.value, s.value))
    };
    if let Some(numbers) = signed() {
        return Some((numbers, Some(Oddity::NegativeNumbers)));
    }
    let halves = !signature.is_empty() && signature.len().is_multiple_of(2);
    halves.then(|| {
        let numbers = signature.split_at(signature.len() / 2);
        (numbers, Some(Oddity::PlainNumbers))
    })
}
