//! RSA signatures (RFC 8017): the arithmetic is the `rsa` crate's, the
//! encodings are checked here, because that crate ties the mask generation's
//! hash to the message's and documents do not (SHA-256 with MGF1 over SHA-1).

use ::rsa::hazmat::rsa_encrypt;
use ::rsa::{BoxedUint, PublicKey};

use super::curves::significant;
use super::{Hash, VerifyError};

/// Longest modulus that is tried; the longest in use by a CSCA is 6144.
const MOST_BITS: usize = 8192;

/// `signature` to the power of the public exponent, as long as the modulus.
pub fn recover(n: &[u8], e: &[u8], signature: &[u8]) -> Result<Vec<u8>, VerifyError> {
    let unsupported = || VerifyError::Unsupported("an RSA key of a size that is not supported");
    let n = significant(n);
    let e = significant(e);
    let bits = n.len() * 8;
    if !(512..=MOST_BITS).contains(&bits) || e.len() > 4 {
        return Err(unsupported());
    }
    let precision = u32::try_from(bits).map_err(|_| unsupported())?;
    let modulus = BoxedUint::from_be_slice(n, precision).map_err(|_| unsupported())?;
    let exponent = BoxedUint::from_be_slice(e, 64).map_err(|_| unsupported())?;
    let key = PublicKey::new_with_size_limits(modulus.clone(), exponent, 512..=MOST_BITS)
        .map_err(|_| unsupported())?;
    let signature = significant(signature);
    if signature.len() > n.len() {
        return Err(VerifyError::Wrong);
    }
    let s = BoxedUint::from_be_slice(signature, precision).map_err(|_| VerifyError::Wrong)?;
    if s >= modulus {
        return Err(VerifyError::Wrong);
    }
    let message = rsa_encrypt(&key, &s).map_err(|_| VerifyError::Wrong)?;
    let bytes = message.to_be_bytes();
    let bytes = significant(&bytes);
    let mut padded = vec![0; n.len().saturating_sub(bytes.len())];
    padded.extend_from_slice(bytes);
    Ok(padded)
}

/// EMSA-PKCS1-v1_5 (RFC 8017, 9.2), by comparison with the one right encoding.
pub(super) fn pkcs1(encoded: &[u8], hash: Hash, digest: &[u8]) -> Result<(), VerifyError> {
    for info in hash.digest_info() {
        let tail = info.len() + digest.len();
        let Some(fill) = encoded.len().checked_sub(tail + 3).filter(|f| *f >= 8) else {
            continue;
        };
        let mut expected = vec![0x00, 0x01];
        expected.resize(2 + fill, 0xff);
        expected.push(0);
        expected.extend_from_slice(info);
        expected.extend_from_slice(digest);
        if expected == encoded {
            return Ok(());
        }
    }
    Err(VerifyError::Wrong)
}

/// EMSA-PSS verification (RFC 8017, 9.1.2); `modulus_bits` is exact.
pub(super) fn pss(
    encoded: &[u8],
    modulus_bits: usize,
    hash: Hash,
    mgf: Hash,
    salt_len: usize,
    digest: &[u8],
) -> Result<(), VerifyError> {
    let em_bits = modulus_bits.saturating_sub(1);
    let em_len = em_bits.div_ceil(8);
    // Where the modulus has 8k + 1 bits the encoding is a byte shorter.
    let (lead, em) = encoded.split_at(encoded.len().saturating_sub(em_len));
    let h = hash.length();
    let Some(db_len) = em_len.checked_sub(h + 1) else {
        return Err(VerifyError::Wrong);
    };
    if lead.iter().any(|b| *b != 0) || em.last() != Some(&0xbc) || db_len < salt_len + 1 {
        return Err(VerifyError::Wrong);
    }
    let (masked, rest) = em.split_at(db_len);
    let hashed = &rest[..h];
    let mut db = masked.to_vec();
    for (i, mask) in mgf1(mgf, hashed, db_len).into_iter().enumerate() {
        db[i] ^= mask;
    }
    let unused = 8 * em_len - em_bits;
    if u32::from(masked[0]) >> (8 - unused) != 0 {
        return Err(VerifyError::Wrong);
    }
    db[0] &= 0xff_u8.checked_shr(unused as u32).unwrap_or(0);
    let (padding, salt) = db.split_at(db_len - salt_len);
    let Some((one, zeros)) = padding.split_last() else {
        return Err(VerifyError::Wrong);
    };
    if *one != 1 || zeros.iter().any(|b| *b != 0) {
        return Err(VerifyError::Wrong);
    }
    if hash.digest(&[&[0; 8], digest, salt]) == hashed {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}

/// MGF1 (RFC 8017, B.2.1).
fn mgf1(hash: Hash, seed: &[u8], len: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(len + hash.length());
    let mut counter = 0_u32;
    while mask.len() < len {
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()]));
        counter += 1;
    }
    mask.truncate(len);
    mask
}
