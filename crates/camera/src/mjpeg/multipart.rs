//! The parts of a `multipart/x-mixed-replace` body, as cameras send it: RFC 2046,
//! 5.1.1, and what they make of it. Pure: bytes in, parts out, and it doesn't matter
//! how the bytes were cut.

use std::collections::BTreeSet;

pub use super::leniency::Leniency;
use super::{
    delimiter::{Delimiter, Found},
    head::Head,
};
use crate::{
    Error, ErrorKind,
    buffer::Buffer,
    caps::{MAX_BOUNDARY_BYTES, MAX_FRAME_BYTES, MAX_PART_HEAD_BYTES},
    capture::{Encoded, Taken},
};

/// Takes a body apart.
pub struct Parser {
    delimiter: Delimiter,
    buffer: Buffer,
    state: State,
    /// How much of the buffer was searched already.
    searched: usize,
    tolerated: BTreeSet<Leniency>,
    most: usize,
}

/// A part of a body.
#[derive(Debug)]
pub enum Part {
    /// A picture's file.
    Jpeg {
        /// Its bytes: they begin as a JPEG does.
        file: Encoded,
        /// When it was taken, if its header fields tell.
        taken: Option<Taken>,
    },
    /// Something else, or too much of it.
    Unusable(Error),
}

enum State {
    /// Looking for the next delimiter; `junk` once something else was thrown away.
    Seek { junk: bool },
    /// In the header fields of a part.
    Head,
    /// In the body of a part.
    Body(Head),
    /// After the last delimiter.
    Over,
}

impl Parser {
    /// For a body whose header declares this boundary, if any.
    pub fn new(boundary: Option<&str>) -> Self {
        Self::with_limit(boundary, MAX_FRAME_BYTES)
    }

    /// For a body that isn't declared to have parts, and begins as one that has.
    pub fn undeclared() -> Self {
        let mut parser = Self::new(None);
        parser.tolerated.insert(Leniency::PartsNotDeclared);
        parser
    }

    /// As [`Parser::new`], with parts of `most` bytes at most.
    pub fn with_limit(boundary: Option<&str>, most: usize) -> Self {
        Self {
            delimiter: Delimiter::new(boundary),
            buffer: Buffer::default(),
            state: State::Seek { junk: false },
            searched: 0,
            tolerated: BTreeSet::new(),
            most,
        }
    }

    /// Takes the next bytes. [`Parser::part`] is to be called until it gives nothing
    /// before the next ones: what is held is bounded by that.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// The next part that is whole.
    pub fn part(&mut self) -> Option<Part> {
        loop {
            match self.step()? {
                Step::On => {}
                Step::Part(part) => return Some(part),
            }
        }
    }

    /// What is left when the body ends: a part without a length that looks whole.
    pub fn finish(&mut self) -> Option<Part> {
        let State::Body(head) = self.state else {
            return None;
        };
        self.state = State::Over;
        let rest = self.buffer.as_slice();
        let length = trimmed(rest).len();
        let fits = head.length.is_none_or(|l| l == rest.len()) && rest.len() <= self.most;
        (fits && ends(rest)).then(|| self.emit(&head, length))
    }

    /// Whether the body said that it is over.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// What was tolerated so far.
    pub fn tolerated(&self) -> impl Iterator<Item = Leniency> {
        self.tolerated.iter().copied()
    }

    fn step(&mut self) -> Option<Step> {
        match self.state {
            State::Seek { junk } => self.seek(junk),
            State::Head => self.head(),
            State::Body(head) => match head.length {
                Some(length) => self.body_of(head, length),
                None => self.body_until(head),
            },
            State::Over => {
                self.buffer.skip(self.buffer.len());
                None
            }
        }
    }

    /// To the delimiter, over what is before it.
    fn seek(&mut self, junk: bool) -> Option<Step> {
        if !junk {
            let blank = |b: &&u8| b.is_ascii_whitespace();
            let blanks = self.buffer.as_slice().iter().take_while(blank).count();
            self.buffer.skip(blanks);
        }
        let rest = self.buffer.as_slice();
        if !junk && !self.delimiter.is_settled() {
            // The first line decides which delimiter this server uses.
            let end = memchr::memchr(b'\n', rest);
            if end.is_none() && rest.len() <= MAX_BOUNDARY_BYTES {
                return None;
            }
            let line = end.unwrap_or(rest.len());
            if self.delimiter.learn(&rest[..line]) {
                self.tolerated.insert(Leniency::BoundaryNotDeclared);
            } else if !self.delimiter.is_settled() {
                // Nothing is known to look for: line by line until one is like it.
                self.tolerated.insert(Leniency::Between);
                self.buffer.skip(end.map_or(line - 1, |end| end + 1));
                return Some(Step::On);
            }
        }
        match self.delimiter.at(rest, !junk) {
            Found::Yes { length, last, odd } => {
                self.note(odd);
                self.buffer.skip(length);
                self.searched = 0;
                self.state = if last { State::Over } else { State::Head };
                return Some(Step::On);
            }
            Found::Unsure => return None,
            Found::No => {}
        }
        if rest.is_empty() {
            return None;
        }
        self.tolerated.insert(Leniency::Between);
        self.state = State::Seek { junk: true };
        match self.delimiter.find(rest, 0, false) {
            (Some(at), _) => {
                self.buffer.skip(at);
                // At the start of a line, by the search.
                self.state = State::Seek { junk: false };
                self.delimiter.settle();
                Some(Step::On)
            }
            (None, clean) => {
                // One byte before what is unsure stays: it may end a line.
                self.buffer.skip(clean.saturating_sub(2));
                None
            }
        }
    }

    fn head(&mut self) -> Option<Step> {
        let rest = self.buffer.as_slice();
        let mut head = Head::default();
        let mut at = 0;
        let mut notes = Vec::new();
        let mut first = true;
        loop {
            let line = &rest[at..];
            if begins(line) {
                notes.push(Leniency::NoEmptyLine);
                break;
            }
            let too_long = Error::new(
                ErrorKind::TooLarge,
                format_args!("the header fields of a frame exceed {MAX_PART_HEAD_BYTES} bytes"),
            );
            let Some(length) = memchr::memchr(b'\n', line) else {
                if rest.len() > MAX_PART_HEAD_BYTES {
                    return Some(self.give_up(too_long));
                }
                return None;
            };
            at += length + 1;
            if at > MAX_PART_HEAD_BYTES {
                return Some(self.give_up(too_long));
            }
            let line = match line[..length].strip_suffix(b"\r") {
                Some(line) => line,
                None => {
                    notes.push(Leniency::BareLineFeed);
                    &line[..length]
                }
            };
            // The first one is what is left of the delimiter's line.
            if std::mem::take(&mut first) {
                continue;
            }
            if line.is_empty() {
                break;
            }
            if let Some(odd) = head.field(line) {
                notes.push(odd);
            }
        }
        self.buffer.skip(at);
        if head.length.is_none() {
            notes.push(Leniency::NoLength);
        }
        if !head.is_jpeg {
            notes.push(Leniency::TypeNotDeclared);
        }
        self.tolerated.extend(notes);
        self.searched = 0;
        self.state = State::Body(head);
        Some(Step::On)
    }

    /// A body that says its length, where that can be believed.
    fn body_of(&mut self, head: Head, length: usize) -> Option<Step> {
        if length > self.most {
            return Some(self.give_up(self.too_large()));
        }
        let rest = self.buffer.as_slice();
        if rest.len() < length {
            return None;
        }
        // A picture that ends as one does isn't kept waiting for what follows.
        if !ends(&rest[..length]) || length == 0 {
            let after = &rest[length..];
            let lines = after.len().min(4);
            let blanks = after[..lines]
                .iter()
                .take_while(|b| matches!(b, b'\r' | b'\n'));
            let blanks = blanks.count();
            match self.delimiter.at(&after[blanks..], true) {
                Found::Yes { .. } => {}
                Found::Unsure => return None,
                Found::No => {
                    self.tolerated.insert(Leniency::WrongLength);
                    let head = Head {
                        length: None,
                        ..head
                    };
                    self.state = State::Body(head);
                    return Some(Step::On);
                }
            }
        }
        Some(Step::Part(self.emit(&head, length)))
    }

    /// A body that ends where the next delimiter begins.
    fn body_until(&mut self, head: Head) -> Option<Step> {
        let rest = self.buffer.as_slice();
        let (found, clean) = self.delimiter.find(rest, self.searched, true);
        match found {
            Some(at) if at <= self.most => {
                let length = trimmed(&rest[..at]).len();
                let part = self.emit(&head, length);
                // What was trimmed is blank; `seek` goes over it.
                Some(Step::Part(part))
            }
            // The delimiter stands beyond what is allowed, wherever it is.
            Some(_) => Some(self.give_up(self.too_large())),
            None if clean > self.most => Some(self.give_up(self.too_large())),
            None => {
                self.searched = clean;
                None
            }
        }
    }

    fn emit(&mut self, head: &Head, length: usize) -> Part {
        let body = self.buffer.take(length);
        self.searched = 0;
        if !self.is_over() {
            self.state = State::Seek { junk: false };
        }
        if begins(&body) {
            return Part::Jpeg {
                file: body.into(),
                taken: head.taken,
            };
        }
        let what = match length {
            0 => "an empty frame".to_owned(),
            _ => format!("a frame of {length} bytes that isn't a JPEG"),
        };
        Part::Unusable(Error::new(
            ErrorKind::Unsupported,
            format_args!("it sends {what}"),
        ))
    }

    /// Leaves the part; what is left of it is thrown away as it comes.
    fn give_up(&mut self, why: Error) -> Step {
        self.searched = 0;
        self.state = State::Seek { junk: true };
        Step::Part(Part::Unusable(why))
    }

    fn too_large(&self) -> Error {
        Error::new(
            ErrorKind::TooLarge,
            format_args!(
                "a frame has more than {} bytes, which is the limit",
                self.most
            ),
        )
    }

    fn note(&mut self, odd: Option<Leniency>) {
        self.tolerated.extend(odd);
    }
}

enum Step {
    On,
    Part(Part),
}

fn begins(body: &[u8]) -> bool {
    body.starts_with(&[0xff, 0xd8, 0xff])
}

/// Whether a picture ends here (EOI), but for what fills up.
fn ends(body: &[u8]) -> bool {
    let filling = |b: &&u8| matches!(b, 0 | b'\r' | b'\n');
    let filled = body.iter().rev().take_while(filling).count();
    body[..body.len() - filled].ends_with(&[0xff, 0xd9])
}

/// Without the line's end that belongs to the delimiter after it.
fn trimmed(body: &[u8]) -> &[u8] {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    body.strip_suffix(b"\r").unwrap_or(body)
}
