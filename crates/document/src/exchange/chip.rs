//! Chip authentication (Doc 9303-11, 6.2): that the chip knows the private key
//! of DG14, because it answered under session keys that only that key gives.

use super::Failure;
use crate::error::Error;
use rowcall_pki::ber::{Reader, Tlv};
use rowcall_pki::crypto::{Agreement, Cipher, VerifyError, derive_mac_key};

/// A recorded chip authentication: what the reader had, and the chip's first
/// answer under the new session keys.
#[derive(Clone, Copy)]
pub struct ChipAuthentication<'a> {
    /// EF.DG14, whole.
    pub dg14: &'a [u8],
    /// Which of several keys was used; `None` where DG14 has one.
    pub key_id: Option<u32>,
    /// The reader's ephemeral private key of this exchange, big-endian.
    pub ephemeral_private_key: &'a [u8],
    /// The send sequence counter of the answer: 2 for the first, in 8 bytes
    /// for 3DES and 16 for AES.
    pub send_sequence_counter: &'a [u8],
    /// The answer's protected data objects: `87` or `85` if any, `99`, `8E`
    /// (Doc 9303-11, 9.8.4); the status word after them may be left in.
    pub response: &'a [u8],
}

/// The ephemeral key opens the session and is not shown.
impl std::fmt::Debug for ChipAuthentication<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChipAuthentication(key {:?})", self.key_id)
    }
}

impl ChipAuthentication<'_> {
    /// Agrees on the session keys as the reader did and verifies the answer's
    /// checksum under them. It proves something only if DG14 is among the
    /// signed data groups and the ephemeral key was fresh.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Document`] if DG14 or the answer cannot be read, or
    /// the checksum is wrong.
    pub fn verify(&self) -> Result<(), Error> {
        Ok(self.check()?)
    }

    pub(crate) fn check(&self) -> Result<(), Failure> {
        let chip = key_in_dg14(self.dg14, self.key_id)?;
        let secret = chip
            .key
            .secret(self.ephemeral_private_key)
            .map_err(|e| match e {
                VerifyError::Unsupported(what) => {
                    Failure::not_checked(format!("EF.DG14: not checked: {what}"))
                }
                VerifyError::BadKey | VerifyError::Wrong => Failure::not_checked(
                    "EF.DG14: the chip's key and the reader's agree on nothing",
                ),
            })?;
        let wrong = || Failure::Wrong("the chip's answer after chip authentication is wrong");
        let key = derive_mac_key(chip.cipher, &secret);
        let (covered, checksum) = split(self.response).ok_or(Failure::Wrong(
            "the chip's answer has no status (99) and checksum (8E)",
        ))?;
        let block = chip.cipher.block();
        if self.send_sequence_counter.len() != block {
            return Err(Failure::not_checked(format!(
                "the send sequence counter has {} bytes, not {block}",
                self.send_sequence_counter.len()
            )));
        }
        let expected = chip
            .cipher
            .authenticate(&key, &[self.send_sequence_counter, covered])
            .ok_or_else(wrong)?;
        if checksum == expected {
            Ok(())
        } else {
            Err(wrong())
        }
    }
}

/// The data objects that the checksum covers, and the checksum.
fn split(response: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut objects = Reader::new(response, 0);
    let mut status = false;
    loop {
        let start = objects.offset();
        let object = objects.read().ok()?;
        match object.tag {
            0x85 | 0x87 if !status => {}
            0x99 if !status && object.value.len() == 2 => status = true,
            0x8e if status => return Some((&response[..start], object.value)),
            _ => return None,
        }
    }
}

/// A chip's static key, and the cipher of the session that it opens.
struct ChipKey {
    key: Agreement,
    cipher: Cipher,
}

/// id-PK-DH and id-PK-ECDH, less their last arc (Doc 9303-11, 9.2.4).
const PUBLIC_KEY: &[u8] = &[0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x01];
/// id-CA, less its last two (Doc 9303-11, 9.2.7).
const CHIP_AUTHENTICATION: &[u8] = &[0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x03];
const MOST_INFOS: usize = 64;

/// The key with the identifier. A chip without ChipAuthenticationInfo speaks
/// 3DES (Doc 9303-11, 6.2.3).
fn key_in_dg14(dg14: &[u8], key_id: Option<u32>) -> Result<ChipKey, Failure> {
    let malformed = |e| Failure::not_checked(format!("EF.DG14: {e}"));
    let outer = Reader::new(dg14, 0)
        .expect(0x6e, "no DG14")
        .map_err(malformed)?;
    let set = outer
        .contents()
        .expect(0x31, "no SecurityInfos")
        .map_err(malformed)?;
    let mut keys = Vec::new();
    let mut ciphers = Vec::new();
    for info in set.contents().take(MOST_INFOS) {
        let mut fields = info.map_err(malformed)?.contents();
        let protocol = fields.expect(0x06, "no protocol").map_err(malformed)?;
        if let Some([family @ (1 | 2)]) = protocol.value.strip_prefix(PUBLIC_KEY) {
            let spki = fields.expect(0x30, "no public key").map_err(malformed)?;
            keys.push((identifier(&mut fields), *family, spki));
        } else if let Some([family @ (1 | 2), cipher]) =
            protocol.value.strip_prefix(CHIP_AUTHENTICATION)
        {
            fields.expect(0x02, "no version").map_err(malformed)?;
            ciphers.push((identifier(&mut fields), *family, *cipher));
        }
    }
    let missing = || Failure::not_checked("EF.DG14: it has no such key for chip authentication");
    let (id, family, spki): (Option<u32>, u8, Tlv<'_>) = match (key_id, &keys[..]) {
        (None, [only]) => *only,
        (None, _) => return Err(missing()),
        (Some(wanted), _) => *keys
            .iter()
            .find(|(id, ..)| *id == Some(wanted))
            .ok_or_else(missing)?,
    };
    let cipher = ciphers
        .iter()
        .find(|(of, kind, _)| *kind == family && (*of == id || of.is_none()))
        .map_or(Some(Cipher::TripleDes), |(_, _, cipher)| match cipher {
            1 => Some(Cipher::TripleDes),
            2 => Some(Cipher::Aes128),
            3 => Some(Cipher::Aes192),
            4 => Some(Cipher::Aes256),
            _ => None,
        })
        .ok_or_else(|| Failure::not_checked("EF.DG14: not checked: a cipher that is not known"))?;
    Ok(ChipKey {
        key: Agreement::read(&spki).map_err(malformed)?,
        cipher,
    })
}

fn identifier(fields: &mut Reader<'_>) -> Option<u32> {
    fields.optional(0x02).ok().flatten()?.small_uint()
}
