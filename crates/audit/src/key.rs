//! Keys of notes, in the text forms that C2SP signed-note and Go's
//! `sumdb/note` give them.

use crate::Error;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What a key signs (C2SP signed-note, "Signature types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// `0x01`: Ed25519 over a note's text. A log's key.
    Note,
    /// `0x04`: a witness's timestamped cosignature (C2SP tlog-cosignature).
    Cosignature,
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Self::Note => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// The name of a key, which for a log is its origin: not empty, printable, no
/// white space and no `+` (C2SP signed-note, "Format"), at most 128 bytes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct KeyName(String);

impl KeyName {
    /// Takes `name` over.
    ///
    /// # Errors
    /// If it is not a key name, or begins with `rowcall/`, which this crate
    /// keeps for what else a log's key signs.
    pub fn new(name: &str) -> Result<Self, Error> {
        let good = !name.is_empty() && name.len() <= 128 && name.chars().all(Self::may_have);
        // A checkpoint begins with its origin: no checkpoint may read as a
        // receipt or as a key rotation, which one key signs too.
        if !good || name.starts_with("rowcall/") {
            return Err(Error::operator(format!(
                "{name:?} cannot name a log: 1 to 128 bytes without spaces or '+' \
                 and not beginning with \"rowcall/\", such as lane3.example.org/rowcall"
            )));
        }
        Ok(Self(name.to_owned()))
    }

    /// What any key's name may have in it.
    pub(crate) fn may_have(c: char) -> bool {
        !c.is_whitespace() && !c.is_control() && c != '+'
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A public key that notes or cosignatures are verified with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifierKey {
    name: KeyName,
    purpose: Purpose,
    key: VerifyingKey,
}

impl VerifierKey {
    /// From the 32 bytes of an Ed25519 public key (RFC 8032).
    ///
    /// # Errors
    /// If the bytes are no point of the curve, or one of small order.
    pub fn new(name: KeyName, purpose: Purpose, key: &[u8; 32]) -> Result<Self, Error> {
        let key = VerifyingKey::from_bytes(key)
            .ok()
            .filter(|key| !key.is_weak())
            .ok_or_else(|| {
                Error::operator(format!("the key of {name} is no Ed25519 public key"))
            })?;
        Ok(Self { name, purpose, key })
    }

    /// Reads the form of [`fmt::Display`]: `<name>+<key ID, 8 hex
    /// digits>+<base64 of the type byte and the key>`.
    ///
    /// # Errors
    /// If it is not that form, or the key ID is not the key's.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::operator(format!(
                "{text:?} is not a verifier key ({why}); it has the form \
                 lane3.example.org/rowcall+8 hex digits+base64"
            ))
        };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse("not three parts with '+' between"));
        };
        let material = STANDARD
            .decode(material)
            .map_err(|_| refuse("not base64"))?;
        let (purpose, key) = split_material(&material).ok_or_else(|| refuse("not Ed25519"))?;
        let parsed = Self::new(KeyName::new(name)?, purpose, key)?;
        if id != format!("{:08x}", parsed.id()) {
            return Err(refuse("its key ID is not that of its key"));
        }
        Ok(parsed)
    }

    /// The key's name.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What the key signs.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The 32 bytes of the public key.
    pub fn bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// `SHA-256(name || 0x0A || type || key)[:4]`, big-endian (C2SP
    /// signed-note, "Signatures").
    pub fn id(&self) -> u32 {
        let hash = Sha256::new()
            .chain_update(self.name.as_str())
            .chain_update([b'\n', self.purpose.byte()])
            .chain_update(self.key.as_bytes())
            .finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }

    /// Whether `signature` over `message` is this key's. Strict: a signature
    /// has one form only.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.purpose.byte()];
        material.extend_from_slice(self.key.as_bytes());
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.id(),
            STANDARD.encode(material)
        )
    }
}

/// A private key; wiped when dropped, never printed.
pub struct SignerKey {
    public: VerifierKey,
    secret: SigningKey,
}

impl SignerKey {
    /// From the 32 bytes of an Ed25519 seed (RFC 8032, section 5.1.5), which
    /// come from the caller's source of randomness.
    ///
    /// # Errors
    /// Never in practice: no seed gives a weak public key.
    pub fn from_seed(name: KeyName, purpose: Purpose, seed: &[u8; 32]) -> Result<Self, Error> {
        let secret = SigningKey::from_bytes(seed);
        let public = VerifierKey::new(name, purpose, secret.verifying_key().as_bytes())?;
        Ok(Self { public, secret })
    }

    /// Reads [`SignerKey::to_secret_text`].
    ///
    /// # Errors
    /// If it is not that form. The message holds nothing of the text.
    pub fn parse_secret_text(text: &str) -> Result<Self, Error> {
        let refuse = || Error::operator("this is not a signer key (PRIVATE+KEY+name+ID+base64)");
        let rest = text
            .trim_end()
            .strip_prefix("PRIVATE+KEY+")
            .ok_or_else(refuse)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse());
        };
        let material = Zeroizing::new(STANDARD.decode(material).map_err(|_| refuse())?);
        let (purpose, seed) = split_material(&material).ok_or_else(refuse)?;
        let key = Self::from_seed(KeyName::new(name)?, purpose, seed)?;
        (id == format!("{:08x}", key.public.id()))
            .then_some(key)
            .ok_or_else(refuse)
    }

    /// The private key as Go's `sumdb/note` writes it: for a key file that its
    /// owner alone can read.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut material = Zeroizing::new(vec![self.public.purpose.byte()]);
        material.extend_from_slice(self.secret.as_bytes());
        let encoded = Zeroizing::new(STANDARD.encode(&*material));
        let (name, id) = (&self.public.name, self.public.id());
        Zeroizing::new(format!("PRIVATE+KEY+{name}+{id:08x}+{}", &*encoded))
    }

    /// The public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.public
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({}, secret withheld)", self.public.name)
    }
}

fn split_material(material: &[u8]) -> Option<(Purpose, &[u8; 32])> {
    let (kind, key) = material.split_first()?;
    let purpose = match kind {
        0x01 => Purpose::Note,
        0x04 => Purpose::Cosignature,
        _ => return None,
    };
    Some((purpose, key.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair in the documentation of Go's `sumdb/note`.
    const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const GO_SECRET: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    #[test]
    fn keys_of_the_go_implementation() {
        let public = VerifierKey::parse(GO_PUBLIC).unwrap();
        assert_eq!(public.to_string(), GO_PUBLIC);
        let secret = SignerKey::parse_secret_text(GO_SECRET).unwrap();
        assert_eq!(secret.verifier(), &public);
        assert_eq!(&*secret.to_secret_text(), GO_SECRET);
    }

    #[test]
    fn keys_that_are_none() {
        let cases = [
            "",
            "PeterNeumann",
            "PeterNeumann+c74f20a3+",
            "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "rowcall/receipt/v1+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ];
        let accepted: Vec<_> = cases
            .iter()
            .filter(|c| VerifierKey::parse(c).is_ok())
            .collect();
        assert!(accepted.is_empty(), "{accepted:?}");
        let error = SignerKey::parse_secret_text(&GO_SECRET.replace("AYEK", "AYEL")).unwrap_err();
        assert!(!error.to_string().contains("AYEL"), "{error}");
    }
}
