//! What goes in: where somebody sat, and how far the machine got with them.

use rowcall_words::seat::Side;
use serde::{Deserialize, Serialize};

/// A row of seats from the front, 1..=32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Row(u8);

impl Row {
    /// Takes the number; `None` outside 1..=32.
    pub fn new(number: u8) -> Option<Self> {
        (1..=32).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Row {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::new(number).ok_or("a row is a number from 1 to 32")
    }
}

impl From<Row> for u8 {
    fn from(row: Row) -> Self {
        row.0
    }
}

/// A camera of the lane, by its place in the lane's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Camera(pub u16);

/// A seat, and the camera that looked at it best (or whose zone it is, where
/// none saw anybody).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The row.
    pub row: Row,
    /// The side.
    pub side: Side,
    /// The camera.
    pub camera: Camera,
}

/// How far the machine got with an occupant. Whoever opted out, or is checked
/// by hand by policy, is no outcome of the machine and is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// Not seen, though somebody is known to sit there.
    NotSeen,
    /// Seen; no picture was good enough.
    PoorQuality,
    /// Good enough; none of the vehicle's documents matched.
    NoMatch,
    /// One matched.
    Matched,
}

/// A stage at which an occupant can fail: the three rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Of the occupants, those who were seen.
    Seen,
    /// Of those seen, those with a good enough picture.
    Quality,
    /// Of those with one, those whom a document matched.
    Match,
}

impl Stage {
    /// Every stage in its order.
    pub const ALL: [Self; 3] = [Self::Seen, Self::Quality, Self::Match];

    /// Whether an occupant who got so far passed this stage; `None` if they
    /// never came to it.
    pub fn passed(self, reached: Reached) -> Option<bool> {
        match (self, reached) {
            (Self::Seen, reached) => Some(reached != Reached::NotSeen),
            (_, Reached::NotSeen) => None,
            (Self::Quality, reached) => Some(reached != Reached::PoorQuality),
            (Self::Match, Reached::PoorQuality) => None,
            (Self::Match, reached) => Some(reached == Reached::Matched),
        }
    }
}

/// A comparison score as a common logarithm of its likelihood ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score(pub f64);

/// One occupant of a decided vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeatOutcome {
    /// Where.
    pub place: Place,
    /// How far.
    pub reached: Reached,
    /// The best picture's quality component, 0..=100, if there was a picture.
    pub quality: Option<u8>,
    /// The fused probe's best score, if it was compared.
    pub score: Option<Score>,
}

/// Hours counted from any midnight of the lane's standard time: `hour % 24` is
/// the hour of the day, which the baseline goes by.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Hour(pub u32);

impl Hour {
    /// Hour of the day, 0..=23.
    pub fn of_day(self) -> usize {
        (self.0 % 24) as usize
    }
}
