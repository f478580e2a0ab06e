//! Signed notes (C2SP signed-note).

use crate::{Error, KeyName, SignerKey, VerifierKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The most signatures that a note may carry: the specification asks for at
/// least 16.
const MAX_SIGNATURES: usize = 64;

/// The most bytes of a note that are read: a signature of the largest kind that
/// the specification expects has nearly 5 kB, a third more in base64.
pub(crate) const MAX_NOTE_BYTES: usize = 512 * 1024;

/// A text and the signatures on it. Nothing is verified by reading one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name, of any length: it may be of a key that nobody here knows.
    pub name: String,
    /// The key's ID.
    pub id: u32,
    /// What follows the key ID: 64 bytes for Ed25519, 72 for a cosignature.
    pub bytes: Vec<u8>,
}

impl Note {
    /// A note of `text`, signed with `key`.
    ///
    /// # Errors
    /// If the text cannot be a note's: it must end in a newline and hold no
    /// other control characters.
    pub fn sign(text: String, key: &SignerKey) -> Result<Self, Error> {
        check_text(&text).map_err(Error::us)?;
        let signature = NoteSignature {
            name: key.verifier().name().to_string(),
            id: key.verifier().id(),
            bytes: key.sign(text.as_bytes()).to_vec(),
        };
        Ok(Self {
            text,
            signatures: vec![signature],
        })
    }

    /// A note of a text and a signature that `key` made on it elsewhere.
    pub(crate) fn from_parts(text: String, key: &VerifierKey, signature: &[u8]) -> Self {
        let signature = NoteSignature {
            name: key.name().to_string(),
            id: key.id(),
            bytes: signature.to_vec(),
        };
        Self {
            text,
            signatures: vec![signature],
        }
    }

    /// Reads a note; its [`fmt::Display`] form is the same bytes again.
    ///
    /// # Errors
    /// If the bytes are not a signed note.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let refuse = |why: &str| Error::log(format!("not a signed note: {why}"));
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(refuse("longer than 512 KiB"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| refuse("not UTF-8"))?;
        let at = whole.rfind("\n\n").ok_or_else(|| refuse("no blank line"))?;
        let (text, lines) = (&whole[..at + 1], &whole[at + 2..]);
        check_text(text).map_err(refuse)?;
        let lines = lines
            .strip_suffix('\n')
            .ok_or_else(|| refuse("no signature, or no newline at its end"))?;
        let signatures = lines
            .split('\n')
            .map(parse_line)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| refuse("a signature line of another form"))?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(refuse("more than 64 signatures"));
        }
        let note = Self {
            text: text.to_owned(),
            signatures,
        };
        // Base64 has several spellings of some bytes; only one is read here.
        (note.to_string().as_bytes() == bytes)
            .then_some(note)
            .ok_or_else(|| refuse("not in its canonical form"))
    }

    /// The signed text, with its final newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks the signature of `key`, a log's key.
    ///
    /// # Errors
    /// If there is none by that name and ID, or it does not verify.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), Error> {
        let mut found = false;
        for signature in self.by(key) {
            found = true;
            if !key.verifies(self.text.as_bytes(), &signature.bytes) {
                return Err(Error::log(format!("the signature of {key} is false")));
            }
        }
        found
            .then_some(())
            .ok_or_else(|| Error::log(format!("no signature of {key}")))
    }

    /// Checks every signature that bears the name and ID of one of `keys`, a
    /// log's; there may be none.
    ///
    /// # Errors
    /// If one does not verify.
    pub(crate) fn reject_false(&self, keys: &[VerifierKey]) -> Result<(), Error> {
        for key in keys {
            if self.by(key).next().is_some() {
                self.verify(key)?;
            }
        }
        Ok(())
    }

    /// The signatures that bear the name and ID of `key`.
    pub(crate) fn by<'a>(
        &'a self,
        key: &'a VerifierKey,
    ) -> impl Iterator<Item = &'a NoteSignature> {
        let id = key.id();
        self.signatures
            .iter()
            .filter(move |s| s.id == id && s.name == key.name().as_str())
    }

    /// Adds a signature, or replaces the one by the same key.
    pub(crate) fn attach(&mut self, signature: NoteSignature) {
        self.signatures
            .retain(|s| (s.id, &s.name) != (signature.id, &signature.name));
        self.signatures.push(signature);
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, id, bytes } in &self.signatures {
            let mut all = id.to_be_bytes().to_vec();
            all.extend_from_slice(bytes);
            writeln!(f, "\u{2014} {name} {}", STANDARD.encode(all))?;
        }
        Ok(())
    }
}

fn check_text(text: &str) -> Result<(), &'static str> {
    if !text.ends_with('\n') {
        return Err("its text does not end in a newline");
    }
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err("its text has control characters");
    }
    Ok(())
}

fn parse_line(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, bytes) = bytes.split_first_chunk::<4>()?;
    let named = !name.is_empty() && name.chars().all(KeyName::may_have);
    (named && !bytes.is_empty()).then_some(NoteSignature {
        name: name.to_owned(),
        id: u32::from_be_bytes(*id),
        bytes: bytes.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signed note in the documentation of Go's `sumdb/note`.
    const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const GO_SECRET: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    #[test]
    fn the_note_of_the_go_implementation() {
        let note = Note::parse(GO_NOTE.as_bytes()).unwrap();
        note.verify(&VerifierKey::parse(GO_PUBLIC).unwrap())
            .unwrap();
        let key = SignerKey::parse_secret_text(GO_SECRET).unwrap();
        let again = Note::sign(note.text().to_owned(), &key).unwrap();
        assert_eq!(again.to_string(), GO_NOTE);
    }

    /// C2SP signed-note, "Example".
    #[test]
    fn the_note_of_the_specification() {
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let text = "This is an example message.\n\n\
            \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let note = Note::parse(text.as_bytes()).unwrap();
        note.verify(&VerifierKey::parse(key).unwrap()).unwrap();
        assert_eq!(note.to_string(), text);
    }

    #[test]
    fn any_changed_byte_is_found() {
        let key = VerifierKey::parse(GO_PUBLIC).unwrap();
        let mut missed = Vec::new();
        for at in 0..GO_NOTE.len() {
            for bit in 0..8 {
                let mut bytes = GO_NOTE.as_bytes().to_vec();
                bytes[at] ^= 1 << bit;
                if Note::parse(&bytes).is_ok_and(|note| note.verify(&key).is_ok()) {
                    missed.push((at, bit));
                }
            }
        }
        assert!(missed.is_empty(), "(byte, bit): {missed:?}");
    }
}
