//! What a file of a trust or revocation folder holds, told by its contents and
//! never by its name: certificates, revocation lists and master lists, alone, one
//! after another, in PEM, PKCS#7, LDIF (RFC 2849) as the ICAO PKD serves it, ZIP or
//! gzip, and these inside one another.
//!
//! Nothing is passed over: what can't be used is returned with the reason.

mod archive;
mod elements;
mod ldif;
mod text;

use crate::certificate::Certificate;
use crate::crl::Crl;
use crate::master_list::MasterList;

/// Archives inside one another.
const DEEPEST: usize = 3;

/// Things that can't be used of one file, each named.
const MOST_REFUSALS: usize = 200;

/// How much is read from one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that its archives may unpack to.
    pub unpacked: usize,
    /// Things in it.
    pub items: usize,
}

impl Limits {
    /// For files that an operator chose: the ICAO PKD's largest collection has some
    /// 100 MB and 30,000 document signers.
    pub const OPERATOR: Self = Self {
        unpacked: 256 << 20,
        items: 200_000,
    };
    /// For files that came with a document: no archives, and no more than a chip
    /// brings.
    pub const DOCUMENT: Self = Self {
        unpacked: 0,
        items: 64,
    };
}

/// Something that a file holds.
#[derive(Debug)]
pub enum Item {
    /// A certificate.
    Certificate(Certificate),
    /// A document signer's certificate from a directory: nobody put it there to
    /// trust it by itself.
    Listed(Certificate),
    /// A revocation list.
    Crl(Crl),
    /// A master list, its signature checked where there is one.
    MasterList(MasterList),
}

/// A file, or something in it, that was offered as trust or revocation data and
/// could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    /// The file's name as it was given, and the place in it where there is one.
    pub name: String,
    /// What was wrong with it.
    pub why: String,
}

/// What a file holds, and what of it can't be used.
#[derive(Debug)]
pub struct Collection {
    /// In the file's order, each with where it was found: the file's name, and for
    /// an archive the name in it.
    pub items: Vec<(String, Item)>,
    /// In the file's order.
    pub unusable: Vec<UnreadableFile>,
    limits: Limits,
    unpacked: usize,
}

impl Collection {
    /// Reads the file `name`.
    pub fn read(name: &str, bytes: &[u8], limits: Limits) -> Self {
        let mut collection = Self {
            items: Vec::new(),
            unusable: Vec::new(),
            limits,
            unpacked: 0,
        };
        collection.add(name, bytes, 0);
        collection
    }

    /// Adds what is in `bytes`, which were found `depth` archives deep.
    fn add(&mut self, name: &str, bytes: &[u8], depth: usize) {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let start = bytes.trim_ascii_start();
        match start {
            [] => self.refuse(name, "the file is empty"),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => self.archive(name, start, depth),
            [0x1f, 0x8b, ..] => self.gzip(name, start, depth),
            // White space before DER is DER's only where there is no white space.
            [0x30, ..] if !text::is_text(start) => self.elements(name, start),
            _ if text::is_text(start) => self.text(name, start),
            _ => self.refuse(name, text::guess(start)),
        }
    }

    fn take(&mut self, name: &str, item: Item) {
        if self.items.len() < self.limits.items {
            self.items.push((name.to_owned(), item));
        } else if self.unusable.last().is_none_or(|u| u.why != MORE) {
            self.refuse(name, MORE);
        }
    }

    fn refuse(&mut self, name: &str, why: impl Into<String>) {
        let why = match self.unusable.len() {
            0..MOST_REFUSALS => why.into(),
            MOST_REFUSALS => "... and there is more that can't be used".to_owned(),
            _ => return,
        };
        self.unusable.push(UnreadableFile {
            name: name.to_owned(),
            why,
        });
    }
}

const MORE: &str = "it holds more than is read from one file";
