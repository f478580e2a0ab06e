//! Text: PEM (RFC 7468), LDIF, or Base64 without anything around it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Collection;

impl Collection {
    pub(super) fn text(&mut self, name: &str, bytes: &[u8]) {
        if let Some(blocks) = pem_blocks(bytes) {
            return match blocks {
                Ok(blocks) => blocks.iter().for_each(|block| self.block(name, block)),
                Err(why) => self.refuse(name, why),
            };
        }
        if super::ldif::is_ldif(bytes) {
            return self.ldif(name, bytes);
        }
        match bare_base64(bytes) {
            Some(der) => self.elements(name, &der),
            None => self.refuse(name, guess(bytes)),
        }
    }

    fn block(&mut self, name: &str, block: &Block) {
        if block.label.ends_with("KEY") {
            self.refuse(name, format!("a {}, which has no place here", block.label));
        } else if block.label.starts_with("TRUSTED") {
            // What openssl puts after the certificate is its own.
            match crate::ber::Reader::new(&block.der, 0).read() {
                Ok(first) => self.element(name, &first),
                Err(e) => self.refuse(name, format!("damaged or cut: {e}")),
            }
        } else {
            self.elements(name, &block.der);
        }
    }
}

/// A block of a PEM file.
pub(super) struct Block {
    /// What it says that it is.
    label: String,
    /// What is in it.
    der: Vec<u8>,
}

/// The blocks of a PEM file, whatever stands between them; `None` if it is none.
pub(super) fn pem_blocks(bytes: &[u8]) -> Option<Result<Vec<Block>, String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.contains("-----BEGIN ") {
        return None;
    }
    Some(text.split("-----BEGIN ").skip(1).map(block).collect())
}

fn block(part: &str) -> Result<Block, String> {
    let (label, rest) = part
        .split_once("-----")
        .ok_or("a PEM block whose first line has no end")?;
    let (body, _) = rest
        .split_once("-----END")
        .ok_or("a PEM block without an end")?;
    let compact: String = body.split_whitespace().collect();
    let der = STANDARD
        .decode(compact)
        .map_err(|e| format!("a PEM block that is not Base64: {e}"))?;
    Ok(Block {
        label: label.trim().to_owned(),
        der,
    })
}

/// Base64 of DER with nothing around it.
fn bare_base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let compact: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .collect();
    let der = STANDARD.decode(compact).ok()?;
    der.starts_with(&[0x30]).then_some(der)
}

/// Whether the beginning is text, in ASCII or UTF-8.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    const ENOUGH: usize = 512;
    bytes
        .iter()
        .take(ENOUGH)
        .all(|b| *b >= 0x20 && *b != 0x7f || b.is_ascii_whitespace())
}

/// What it seems to be instead, for a person.
pub(super) fn guess(bytes: &[u8]) -> &'static str {
    let begins = |with: &str| {
        bytes
            .get(..with.len())
            .is_some_and(|b| b.eq_ignore_ascii_case(with.as_bytes()))
    };
    if begins("<!doctype") || begins("<html") {
        "a web page, as a download that failed leaves"
    } else if begins("%pdf") {
        "a PDF"
    } else if begins("bzh") || begins("7z") || begins("\u{fd}7zXZ") || begins("rar!") {
        "an archive of a kind that is not read; unpack it"
    } else if is_text(bytes) {
        "text with neither PEM nor LDIF in it"
    } else {
        "neither a certificate, a revocation list nor a master list, and no collection of them"
    }
}
