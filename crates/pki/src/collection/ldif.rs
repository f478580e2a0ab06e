//! LDIF (RFC 2849) as the ICAO PKD and states' directories serve it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Collection, Item};
use crate::ber::Reader;

/// Whether the text begins as LDIF: comments, a version, then an entry's name.
pub(super) fn is_ldif(bytes: &[u8]) -> bool {
    let first = bytes
        .split(|b| *b == b'\n')
        .map(|line| line.trim_ascii_end())
        .find(|line| !line.is_empty() && !line.starts_with(b"#") && !begins(line, "version:"));
    first.is_some_and(|line| begins(line, "dn:"))
}

fn begins(line: &[u8], with: &str) -> bool {
    line.get(..with.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
}

/// What an attribute holds (RFC 4523; ICAO PKD, data elements).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    User,
    Issuer,
    List,
    MasterList,
}

impl Holds {
    fn of(attribute: &str) -> Option<Self> {
        let base = attribute.split(';').next().unwrap_or_default();
        Some(match base.to_ascii_lowercase().as_str() {
            "usercertificate" => Self::User,
            "cacertificate" => Self::Issuer,
            "certificaterevocationlist" | "authorityrevocationlist" | "deltarevocationlist" => {
                Self::List
            }
            "pkdmasterlistcontent" | "cscamasterlist" | "cscamasterlistdata" => Self::MasterList,
            _ => return None,
        })
    }
}

impl Collection {
    pub(super) fn ldif(&mut self, name: &str, bytes: &[u8]) {
        let before = self.items.len() + self.unusable.len();
        let mut entry = String::new();
        for line in logical_lines(bytes) {
            let Some((attribute, value)) = split(&line) else {
                entry.clear();
                continue;
            };
            if attribute.eq_ignore_ascii_case("dn") {
                entry = match value {
                    Value::Text(text) => text.to_owned(),
                    Value::Base64(text) => decoded(text)
                        .and_then(|bytes| String::from_utf8(bytes).ok())
                        .unwrap_or_default(),
                    Value::Elsewhere => String::new(),
                };
                continue;
            }
            let place = format!("{name}, {entry}");
            if attribute.eq_ignore_ascii_case("changetype")
                && !matches!(value, Value::Text(kind) if kind.eq_ignore_ascii_case("add"))
            {
                self.refuse(
                    &place,
                    "a change to another collection; give the complete one",
                );
                continue;
            }
            let Some(holds) = Holds::of(attribute) else {
                continue;
            };
            match value {
                Value::Base64(text) => match decoded(text) {
                    Some(der) => self.attribute(&place, holds, &der),
                    None => self.refuse(&place, format!("{attribute} is not Base64")),
                },
                Value::Text("") => {}
                Value::Text(_) => self.refuse(&place, format!("{attribute} is text, not Base64")),
                Value::Elsewhere => {
                    self.refuse(
                        &place,
                        format!("{attribute} lies elsewhere, and is not fetched"),
                    );
                }
            }
        }
        if self.items.len() + self.unusable.len() == before {
            self.refuse(
                name,
                "LDIF without certificates, revocation lists or master lists",
            );
        }
    }

    fn attribute(&mut self, place: &str, holds: Holds, der: &[u8]) {
        if holds == Holds::MasterList {
            return self.elements(place, der);
        }
        match Reader::new(der, 0).read() {
            Ok(element) => self.signed_by_issuer(place, &element, |certificate| {
                // A directory lists whoever signs documents; an issuer's is there to
                // be trusted.
                if holds == Holds::Issuer || certificate.is_ca == Some(true) {
                    Item::Certificate(certificate)
                } else {
                    Item::Listed(certificate)
                }
            }),
            Err(e) => self.refuse(place, format!("damaged or cut: {e}")),
        }
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim()).ok()
}

enum Value<'a> {
    Text(&'a str),
    Base64(&'a str),
    /// At an address.
    Elsewhere,
}

/// An attribute and its value; `None` between entries.
fn split(line: &str) -> Option<(&str, Value<'_>)> {
    let (attribute, value) = line.split_once(':')?;
    Some((
        attribute.trim(),
        match value.as_bytes().first() {
            Some(b':') => Value::Base64(&value[1..]),
            Some(b'<') => Value::Elsewhere,
            _ => Value::Text(value.trim()),
        },
    ))
}

/// Lines with what was folded put together again: a line that begins with a space
/// goes on the one before (RFC 2849, note 2). Comments are left out.
fn logical_lines(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    let mut lines = bytes
        .split(|b| *b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_vec();
        while let Some(more) = lines.next_if(|next| next.first() == Some(&b' ')) {
            line.extend_from_slice(&more[1..]);
        }
        Some(String::from_utf8_lossy(&line).into_owned())
    })
    .filter(|line| !line.starts_with('#'))
}
