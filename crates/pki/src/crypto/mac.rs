//! Message authentication of secure messaging (Doc 9303-11, 9.7 and 9.8).

use aes::{Aes128, Aes192, Aes256};
use cmac::{Cmac, KeyInit, Mac};
use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt};
use des::{Des, cipher::Array};

use super::Hash;

/// A cipher that secure messaging uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// 3DES with two keys.
    TripleDes,
    /// AES with keys of 128 bits.
    Aes128,
    /// AES with keys of 192 bits.
    Aes192,
    /// AES with keys of 256 bits.
    Aes256,
}

impl Cipher {
    /// Bytes of a block, which is also the length of the send sequence counter.
    pub fn block(self) -> usize {
        match self {
            Self::TripleDes => 8,
            _ => 16,
        }
    }

    /// The eight bytes that authenticate `data` under `key`, padding added
    /// (ISO/IEC 9797-1, padding method 2). `None` if the key has the wrong
    /// length.
    pub fn authenticate(self, key: &[u8], data: &[&[u8]]) -> Option<[u8; 8]> {
        let mut padded = data.concat();
        padded.push(0x80);
        padded.resize(padded.len().next_multiple_of(self.block()), 0);
        self.authenticate_whole(key, &padded)
    }

    /// As [`Cipher::authenticate`], without padding.
    pub fn authenticate_whole(self, key: &[u8], data: &[u8]) -> Option<[u8; 8]> {
        fn cmac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Option<[u8; 8]> {
            let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
            mac.update(data);
            mac.finalize().into_bytes().get(..8)?.try_into().ok()
        }
        match self {
            Self::TripleDes => retail(key, data),
            Self::Aes128 => cmac::<Cmac<Aes128>>(key, data),
            Self::Aes192 => cmac::<Cmac<Aes192>>(key, data),
            Self::Aes256 => cmac::<Cmac<Aes256>>(key, data),
        }
    }
}

/// The key for authentication from a shared secret (Doc 9303-11, 9.7.1: the
/// secret with counter 2).
pub fn derive_mac_key(cipher: Cipher, secret: &[u8]) -> Vec<u8> {
    let (hash, len) = match cipher {
        Cipher::TripleDes | Cipher::Aes128 => (Hash::Sha1, 16),
        Cipher::Aes192 => (Hash::Sha256, 24),
        Cipher::Aes256 => (Hash::Sha256, 32),
    };
    let mut key = hash.digest(&[secret, &[0, 0, 0, 2]]);
    key.truncate(len);
    // DES ignores the parity bit of each byte, so it is not adjusted.
    key
}

/// ISO/IEC 9797-1, MAC algorithm 3 with DES: every block under the first key,
/// the last also out of the second and into the first.
fn retail(key: &[u8], data: &[u8]) -> Option<[u8; 8]> {
    let (first, second) = key.split_at_checked(8)?;
    let first = Des::new_from_slice(first).ok()?;
    let second = Des::new_from_slice(second).ok()?;
    let mut chain = Array::from([0_u8; 8]);
    for block in data.chunks(8) {
        for (c, b) in chain.iter_mut().zip(block) {
            *c ^= b;
        }
        first.encrypt_block(&mut chain);
    }
    second.decrypt_block(&mut chain);
    first.encrypt_block(&mut chain);
    Some(chain.into())
}

#[cfg(test)]
mod tests {
    use super::{Cipher, derive_mac_key};

    fn hex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|p| u8::from_str_radix(std::str::from_utf8(p).expect("ASCII"), 16).expect("hex"))
            .collect()
    }

    /// Doc 9303-11, Appendix D: from the seed of the session to the checksum of
    /// the chip's answer to SELECT.
    #[test]
    fn worked_example_of_secure_messaging_with_3des() {
        let key = derive_mac_key(Cipher::TripleDes, &hex("0036D272F5C350ACAC50C3F572D23600"));
        // The standard's key has its parity bits adjusted.
        let odd: Vec<u8> = key
            .iter()
            .map(|b| b & 0xfe | u8::from((b & 0xfe).count_ones() % 2 == 0))
            .collect();
        assert_eq!(odd, hex("F1CB1F1FB5ADF208806B89DC579DC1F8"));
        let answer = hex("99029000");
        let mac = Cipher::TripleDes.authenticate(&key, &[&hex("887022120C06C228"), &answer]);
        assert_eq!(mac.map(Vec::from), Some(hex("FA855A5D4C50A8ED")));
    }

    /// Doc 9303-11, Appendix G: from the secret of PACE to its token.
    #[test]
    fn worked_example_of_pace_with_aes() {
        let key = derive_mac_key(
            Cipher::Aes128,
            &hex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925"),
        );
        assert_eq!(key, hex("FE251C7858B356B24514B3BD5F4297D1"));
        let object = hex(
            "7F494F060A04007F000702020402028641049E880F842905B8B3181F7AF7CAA9F0EFB7\
             43847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B7\
             68B326904B59A0193776F094",
        );
        let token = Cipher::Aes128.authenticate_whole(&key, &object);
        assert_eq!(token.map(Vec::from), Some(hex("C2B0BD78D94BA866")));
    }
}
