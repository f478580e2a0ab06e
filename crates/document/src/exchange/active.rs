//! Active authentication (Doc 9303-11, 6.1): that the chip is no copy, from a
//! recorded exchange. The exchange itself is the chip reader's.

use super::Failure;
use crate::error::Error;
use rowcall_pki::ber::Reader;
use rowcall_pki::crypto::{Algorithm, Hash, PublicKey, VerifyError, recover, significant, verify};

/// Bytes of RND.IFD (Doc 9303-11, 6.1.2).
const CHALLENGE: usize = 8;

/// A recorded active authentication.
#[derive(Clone, Copy, Debug)]
pub struct ActiveAuthentication<'a> {
    /// EF.DG15, whole: the chip's public key.
    pub dg15: &'a [u8],
    /// EF.DG14, whole; names the algorithm of an elliptic curve key.
    pub dg14: Option<&'a [u8]>,
    /// The eight bytes that the reader sent.
    pub challenge: &'a [u8],
    /// What the chip answered to INTERNAL AUTHENTICATE.
    pub response: &'a [u8],
}

impl ActiveAuthentication<'_> {
    /// Verifies the response. It proves something only if DG15 (and DG14) are
    /// among the signed data groups.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Document`] if a file cannot be read or the response
    /// is wrong.
    pub fn verify(&self) -> Result<(), Error> {
        Ok(self.check()?)
    }

    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.challenge.len() != CHALLENGE {
            // A shorter one may have been answered before.
            return Err(Failure::not_checked(format!(
                "the challenge of active authentication has {} bytes, not {CHALLENGE}",
                self.challenge.len()
            )));
        }
        let malformed = |e| Failure::not_checked(format!("EF.DG15: {e}"));
        let outer = Reader::new(self.dg15, 0)
            .expect(0x6f, "no DG15")
            .map_err(malformed)?;
        let spki = outer
            .contents()
            .expect(0x30, "no public key")
            .map_err(malformed)?;
        let key = PublicKey::read(&spki).map_err(malformed)?;
        let result = match &key {
            PublicKey::Rsa { n, e, .. } => {
                recover(n, e, self.response).and_then(|f| iso_9796_2(&f, n, self.challenge))
            }
            PublicKey::Ec { .. } => {
                // The signature is plain in the standard, and a SEQUENCE on
                // some chips.
                let hash = self
                    .dg14
                    .and_then(algorithm_in_dg14)
                    .unwrap_or(Hash::Sha256);
                let check =
                    |algorithm| verify(&key, algorithm, None, &[self.challenge], self.response);
                check(Algorithm::EcdsaPlain(hash))
                    .or_else(|e| check(Algorithm::Ecdsa(Some(hash))).map_err(|_| e))
            }
            PublicKey::Unsupported(what) => Err(VerifyError::Unsupported(what)),
        };
        result.map_err(|e| match e {
            VerifyError::Unsupported(what) => {
                Failure::not_checked(format!("EF.DG15: not checked: {what}"))
            }
            _ => Failure::Wrong("the chip's answer to active authentication is wrong"),
        })
    }
}

/// The hash of ActiveAuthenticationInfo in DG14 (Doc 9303-11, 9.2.5).
fn algorithm_in_dg14(dg14: &[u8]) -> Option<Hash> {
    const ACTIVE_AUTHENTICATION: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x05];
    const PLAIN: &[u8] = &[0x04, 0x00, 0x7f, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01];
    let outer = Reader::new(dg14, 0).expect(0x6e, "no DG14").ok()?;
    let set = outer.contents().expect(0x31, "no SecurityInfos").ok()?;
    for info in set.contents().take(64) {
        let mut fields = info.ok()?.contents();
        let oid = fields.expect(0x06, "no protocol").ok()?;
        if oid.value != ACTIVE_AUTHENTICATION {
            continue;
        }
        fields.expect(0x02, "no version").ok()?;
        let algorithm = fields.expect(0x06, "no algorithm").ok()?;
        return match algorithm.value.strip_prefix(PLAIN)? {
            [1] => Some(Hash::Sha1),
            [2] => Some(Hash::Sha224),
            [3] => Some(Hash::Sha256),
            [4] => Some(Hash::Sha384),
            [5] => Some(Hash::Sha512),
            _ => None,
        };
    }
    None
}

/// ISO/IEC 9796-2, scheme 1 with partial recovery: the recovered bytes are
/// 6A, M1, the hash of M1 and the challenge, and a trailer.
fn iso_9796_2(recovered: &[u8], n: &[u8], challenge: &[u8]) -> Result<(), VerifyError> {
    check_recovered(recovered, challenge).or_else(|e| {
        // A signer may send the smaller of s and n - s.
        let other = subtract(significant(n), recovered).ok_or(e)?;
        check_recovered(&other, challenge)
    })
}

fn check_recovered(f: &[u8], challenge: &[u8]) -> Result<(), VerifyError> {
    let (hash, trailer) = match f {
        [.., 0xbc] => (Hash::Sha1, 1),
        [.., id, 0xcc] => {
            let hash = match id {
                0x33 => Hash::Sha1,
                0x34 => Hash::Sha256,
                0x35 => Hash::Sha512,
                0x36 => Hash::Sha384,
                0x38 => Hash::Sha224,
                _ => return Err(VerifyError::Unsupported("a hash of ISO/IEC 9796-2")),
            };
            (hash, 2)
        }
        _ => return Err(VerifyError::Wrong),
    };
    // The header's first bits are 01; padding with B..BA ends in A.
    let body_end = f
        .len()
        .checked_sub(trailer + hash.length())
        .ok_or(VerifyError::Wrong)?;
    let start = match f.first() {
        Some(0x6a) => 1,
        Some(first) if first & 0xf0 == 0x40 => {
            f.iter()
                .position(|b| b & 0x0f == 0x0a)
                .ok_or(VerifyError::Wrong)?
                + 1
        }
        Some(first) if first & 0xf0 == 0x60 => 1,
        _ => return Err(VerifyError::Wrong),
    };
    let m1 = f.get(start..body_end).ok_or(VerifyError::Wrong)?;
    let expected = &f[body_end..body_end + hash.length()];
    if hash.digest(&[m1, challenge]) == expected {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}

/// `a - b` of the same length, big-endian; `None` if negative.
fn subtract(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    if a.len() != b.len() || a < b {
        return None;
    }
    let mut out = vec![0; a.len()];
    let mut borrow = 0_i16;
    for i in (0..a.len()).rev() {
        let d = i16::from(a[i]) - i16::from(b[i]) - borrow;
        borrow = i16::from(d < 0);
        out[i] = (d & 0xff) as u8;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{check_recovered, subtract};

    fn hex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|p| u8::from_str_radix(std::str::from_utf8(p).expect("ASCII"), 16).expect("hex"))
            .collect()
    }

    /// Doc 9303-11, Appendix F (informative worked example).
    #[test]
    fn worked_example_of_doc_9303_11() {
        let f = hex(
            "6A9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991\
             B543F1696546C5524CF23A5303CD6C98599F40B79F377B5F3A1406B3B4D8F96784\
             D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD4E7292\
             E2DCDA3024B47DA8C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127BC",
        );
        let challenge = hex("F173589974BF40C6");
        assert!(check_recovered(&f, &challenge).is_ok());
        assert!(check_recovered(&f, &challenge[1..]).is_err());
        let mut other = f.clone();
        other[40] ^= 1;
        assert!(check_recovered(&other, &challenge).is_err());
    }

    #[test]
    fn subtraction_borrows() {
        assert_eq!(subtract(&[1, 0, 0], &[0, 0, 1]), Some(vec![0, 255, 255]));
        assert_eq!(subtract(&[0, 1], &[1, 0]), None);
    }
}
