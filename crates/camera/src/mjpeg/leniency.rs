//! What cameras do otherwise than the RFCs have it, by name.

use std::fmt;

/// What isn't as RFC 2046 or RFC 9112 have it, and is tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Leniency {
    /// The header doesn't say that the body has parts.
    PartsNotDeclared,
    /// The header names no boundary, or another one than is used.
    BoundaryNotDeclared,
    /// The delimiter lacks the two dashes before the boundary, or the header has
    /// them in it.
    BoundaryDashes,
    /// Lines end with LF alone.
    BareLineFeed,
    /// A part begins without header fields, or without the empty line after them.
    NoEmptyLine,
    /// A part doesn't say its length: it ends where the next one begins, and so
    /// comes one frame late.
    NoLength,
    /// A part's length is wrong, or no number.
    WrongLength,
    /// A part doesn't say that it is a JPEG, or says that it is something else.
    TypeNotDeclared,
    /// Bytes that belong to nothing stand between two parts.
    Between,
    /// A header field isn't one.
    OddField,
}

impl fmt::Display for Leniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PartsNotDeclared => "its header doesn't say that it sends parts",
            Self::BoundaryNotDeclared => "its header doesn't name the boundary that it uses",
            Self::BoundaryDashes => "its boundary and delimiter differ by their dashes",
            Self::BareLineFeed => "its lines end without CR",
            Self::NoEmptyLine => "no empty line stands before its frames",
            Self::NoLength => "its frames don't say their length, and come one frame late",
            Self::WrongLength => "its frames have another length than they say",
            Self::TypeNotDeclared => "its frames don't say that they are JPEG",
            Self::Between => "bytes that belong to nothing stand between its frames",
            Self::OddField => "a header field of its frames isn't one",
        })
    }
}
