//! SHA-256, the pin of a model file.

use std::{fmt, str::FromStr};

use sha2::Digest as _;

/// A SHA-256 digest (FIPS 180-4), written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl FromStr for Sha256 {
    type Err = String;

    /// Reads 64 hexadecimal digits of either case; the error says what else
    /// was there.
    fn from_str(s: &str) -> Result<Self, String> {
        let bytes = s.as_bytes();
        if bytes.len() != 64 {
            return Err(format!(
                "a SHA-256 has 64 hexadecimal digits, this has {} characters",
                bytes.len()
            ));
        }
        if let Some(other) = s.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("{other:?} isn't a hexadecimal digit"));
        }
        let mut digest = [0; 32];
        base16ct::mixed::decode(bytes, &mut digest).map_err(|e| e.to_string())?;
        Ok(Self(digest))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Sha256;

    #[test]
    fn reads_what_it_writes() {
        // FIPS 180-4's own example: the digest of "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Sha256::of(b"abc").to_string(), abc);
        assert_eq!(abc.to_uppercase().parse(), Ok(Sha256::of(b"abc")));
    }

    #[test]
    fn says_what_is_wrong_with_a_digest() {
        for (text, why) in [
            ("", "0 characters"),
            ("ba78", "4 characters"),
            (&"x".repeat(64), "'x' isn't"),
            (&"é".repeat(32), "isn't a hex"),
        ] {
            let error = text.parse::<Sha256>().expect_err(text);
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }
}
