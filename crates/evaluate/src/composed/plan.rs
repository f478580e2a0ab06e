//! What a composed vehicle is made of. People are numbers of the caller's set.

use rowcall_words::seat::Seat;
use serde::Serialize;

/// What is the matter with a composed vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing: everybody has their own document.
    OwnDocuments,
    /// There is a document more, of somebody who isn't there.
    AbsentHolder,
    /// A stranger sits in the place of a document's holder.
    WrongHolder,
    /// A document's holder is the person of the whole set most like the occupant.
    LookAlike,
    /// Somebody else sits on a seat in some of its frames.
    TwoPeople,
    /// The genuine document of somebody absent, and beside it a page with the same
    /// machine readable zone and the occupant's face.
    UntrustedPage,
    /// The same with a portrait that is half the occupant's and half the holder's.
    MixedPage,
    /// A face in the cabin that is on no seat.
    Bystander,
    /// A camera that delivered nothing.
    DeadCamera,
    /// A camera that delivered one picture again and again.
    FrozenCamera,
}

impl Kind {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 10] = [
        Self::OwnDocuments,
        Self::AbsentHolder,
        Self::WrongHolder,
        Self::LookAlike,
        Self::TwoPeople,
        Self::UntrustedPage,
        Self::MixedPage,
        Self::Bystander,
        Self::DeadCamera,
        Self::FrozenCamera,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnDocuments => "own documents",
            Self::AbsentHolder => "absent holder",
            Self::WrongHolder => "wrong holder",
            Self::LookAlike => "nearest look-alike",
            Self::TwoPeople => "two people on a seat",
            Self::UntrustedPage => "page with the occupant",
            Self::MixedPage => "page half mixed",
            Self::Bystander => "bystander inside",
            Self::DeadCamera => "dead camera",
            Self::FrozenCamera => "frozen camera",
        }
    }

    /// Whether such a vehicle ought to be cleared.
    pub fn is_honest(self) -> bool {
        self == Self::OwnDocuments
    }
}

/// A vehicle to compose.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition {
    /// Its number, from 0; everything about it follows from that and the seed.
    pub number: u64,
    /// What is the matter with it.
    pub kind: Kind,
    /// Which of the given vehicles it is made of.
    pub vehicle: usize,
    /// Who sits where. All other seats are empty.
    pub seats: Vec<SeatPlan>,
    /// The documents presented.
    pub documents: Vec<DocumentPlan>,
    /// What a camera doesn't do.
    pub fault: Option<(CameraFault, usize)>,
    /// Whose face is inside, on no seat.
    pub bystander: Option<usize>,
}

/// An occupant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeatPlan {
    /// Where.
    pub seat: Seat,
    /// Who.
    pub person: usize,
    /// Somebody else on the same seat.
    pub second: Option<Second>,
}

/// Somebody else on a seat, in some of its frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Second {
    /// Who.
    pub person: usize,
    /// In which frames.
    pub when: When,
}

/// Some of the frames of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// So many first ones of every camera.
    First(usize),
    /// So many last ones of every camera.
    Last(usize),
    /// All of one camera, by its place in the lane.
    Camera(usize),
}

impl When {
    /// Whether frame `i` of `n` of this camera is among them.
    pub fn includes(self, camera: usize, i: usize, n: usize) -> bool {
        match self {
            Self::First(k) => i < k,
            Self::Last(k) => i + k >= n,
            Self::Camera(c) => c == camera,
        }
    }
}

/// A document to present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPlan {
    /// Whose name and number stand in it.
    pub holder: usize,
    /// Whose face.
    pub portrait: PortraitPlan,
    /// Whether a check digit of its zone is wrong, so that it may not confirm.
    pub is_altered: bool,
}

/// A document's portrait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortraitPlan {
    /// Somebody's first photograph.
    Of(usize),
    /// Half one person's, half another's.
    Mixed(usize, usize),
}

/// What a camera may do instead of delivering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraFault {
    /// Nothing.
    Dead,
    /// One picture again and again.
    Frozen,
}

impl Composition {
    /// Whether the person on this seat is the holder of this document, and nobody
    /// else sat there.
    pub fn is_right(&self, seat: Seat, document: usize) -> bool {
        let own = self.seats.iter().find(|s| s.seat == seat);
        own.is_some_and(|s| s.second.is_none() && self.documents[document].holder == s.person)
    }

    /// Whether the person on this seat ought to be confirmed.
    pub fn is_honest(&self, seat: &SeatPlan) -> bool {
        (0..self.documents.len()).any(|d| self.is_right(seat.seat, d))
    }
}
