//! Seats, as the driver sees them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::word::words;

/// A seat: row 1 is the front row. Written `1-left`, `2-centre`, `3-right`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Seat {
    /// The row, counted from the front, 1..=9.
    pub row: u8,
    /// The side.
    pub side: Side,
}

words! {
    /// A side of the vehicle, as the driver sees it.
    Side {
        /// At the driver's left hand.
        Left,
        /// Between the two.
        Centre,
        /// At the driver's right hand.
        Right,
    }
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.row, self.side)
    }
}

impl FromStr for Seat {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let parsed = s.split_once('-').and_then(|(row, side)| {
            let row = row
                .parse()
                .ok()
                .filter(|row| (1..=9).contains(row) && !s.starts_with(['+', '0']))?;
            let side = side.parse().ok()?;
            Some(Self { row, side })
        });
        parsed.ok_or_else(|| {
            format!("{s:?} isn't a seat; seats are written like 1-left, 2-centre or 3-right")
        })
    }
}

impl From<Seat> for String {
    fn from(seat: Seat) -> Self {
        seat.to_string()
    }
}

impl TryFrom<String> for Seat {
    type Error = String;

    fn try_from(s: String) -> Result<Self, String> {
        s.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::Seat;

    #[test]
    fn seats_are_read_as_they_are_written() {
        for text in ["1-left", "2-centre", "9-right"] {
            assert_eq!(
                text.parse::<Seat>().map(|s| s.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in [
            "", "1", "left", "0-left", "10-left", "1-middle", "+1-left", "01-left", "1-Left",
            "1-left ",
        ] {
            assert!(text.parse::<Seat>().is_err(), "{text}");
        }
    }
}
