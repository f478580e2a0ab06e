//! The line between two parts (RFC 2046, 5.1.1), as cameras write it.

use super::leniency::Leniency;
use crate::caps::MAX_BOUNDARY_BYTES;

/// A boundary without dashes before it must be this long to be told from a picture.
const LONG_ENOUGH: usize = 6;
/// Dashes before a boundary, at most.
const MAX_DASHES: usize = 4;

/// Knows the line. Before the boundary stand the two dashes of RFC 2046, those that
/// are the boundary's own, or none.
pub(super) struct Delimiter {
    /// The boundary without dashes before it; empty while it isn't known.
    core: Vec<u8>,
    /// How many dashes RFC 2046 wants before it.
    dashes: usize,
    /// Whether one was found: then another one isn't learned any more.
    settled: bool,
}

/// What stands at a place.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// A delimiter of so many bytes, without the rest of its line.
    Yes {
        length: usize,
        last: bool,
        odd: Option<Leniency>,
    },
    /// None.
    No,
    /// More bytes will tell.
    Unsure,
}

impl Delimiter {
    pub(super) fn new(boundary: Option<&str>) -> Self {
        let boundary = boundary.unwrap_or_default().as_bytes();
        let boundary = &boundary[..boundary.len().min(MAX_BOUNDARY_BYTES - 2)];
        let own = boundary.iter().take_while(|b| **b == b'-').count();
        Self {
            core: boundary[own..].to_vec(),
            dashes: own + 2,
            settled: false,
        }
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// Takes the delimiter from the first line of a body, if it is one and isn't what
    /// was declared.
    pub(super) fn learn(&mut self, line: &[u8]) -> bool {
        self.settled = !self.core.is_empty();
        let line = line.trim_ascii_end();
        let differs = self.core.is_empty() || !matches!(self.at_line(line), Found::Yes { .. });
        let dashes = line.iter().take_while(|b| **b == b'-').count();
        let core = &line[dashes..];
        if differs && dashes >= 2 && !core.is_empty() && line.len() <= MAX_BOUNDARY_BYTES {
            (self.core, self.dashes) = (core.to_vec(), dashes);
            self.settled = true;
            return true;
        }
        false
    }

    /// [`Self::at`] a line that is whole.
    fn at_line(&self, line: &[u8]) -> Found {
        let mut whole = line.to_vec();
        whole.extend_from_slice(b"\r\n");
        self.at(&whole, true)
    }

    /// What stands at the beginning of `bytes`, which is the beginning of a line or
    /// directly behind a picture if `free`.
    pub(super) fn at(&self, bytes: &[u8], free: bool) -> Found {
        if self.core.is_empty() || !free {
            return Found::No;
        }
        let most = self.dashes.max(MAX_DASHES);
        let dashes = bytes.iter().take(most).take_while(|b| **b == b'-').count();
        let rest = &bytes[dashes..];
        let common = rest
            .iter()
            .zip(&self.core)
            .take_while(|(a, b)| a == b)
            .count();
        if common < self.core.len() {
            let could_go_on = common == rest.len();
            return if could_go_on {
                Found::Unsure
            } else {
                Found::No
            };
        }
        if dashes < 2 && self.core.len() < LONG_ENOUGH {
            return Found::No;
        }
        let length = dashes + self.core.len();
        let odd = (dashes != self.dashes).then_some(Leniency::BoundaryDashes);
        let yes = |last, length| Found::Yes { length, last, odd };
        match bytes[length..] {
            [b'-', b'-', ..] => yes(true, length + 2),
            [] | [b'-'] => Found::Unsure,
            [next, ..] if next.is_ascii_whitespace() => yes(false, length),
            _ => Found::No,
        }
    }

    /// Where the first delimiter begins at or after `from`; and up to where there is
    /// none for certain, whatever comes. `free` is whether one may stand first.
    pub(super) fn find(&self, bytes: &[u8], from: usize, free: bool) -> (Option<usize>, usize) {
        if self.core.is_empty() {
            return (None, bytes.len());
        }
        // The dashes and what ends a line before them are looked at again.
        let from = from.saturating_sub(self.dashes.max(MAX_DASHES) + 2);
        let mut search = from;
        let finder = memchr::memmem::Finder::new(&self.core);
        while let Some(at) = finder.find(&bytes[search..]) {
            let core = search + at;
            let most = self.dashes.max(MAX_DASHES);
            let before = bytes[..core].iter().rev().take(most);
            let dashes = before.take_while(|b| **b == b'-').count();
            let start = core - dashes;
            let free = match &bytes[..start] {
                [] => free,
                before => matches!(before, [.., b'\n'] | [.., 0xff, 0xd9]),
            };
            match self.at(&bytes[start..], free) {
                Found::Yes { .. } => return (Some(start), start),
                Found::Unsure => return (None, start),
                Found::No => search = core + 1,
            }
        }
        let tail = self.dashes.max(MAX_DASHES) + self.core.len();
        (
            None,
            bytes.len().saturating_sub(tail).max(from.min(bytes.len())),
        )
    }
}
