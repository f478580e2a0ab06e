//! What is known of a camera at a moment.

use std::{fmt, time::Duration};

use tokio::time::Instant;

use rowcall_words::fault::Fault;

use crate::{Error, ErrorKind, look::Look, stream::About};

/// What a camera does, or what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum State {
    /// It refuses: somebody has to change the configuration, or the camera's.
    Refused,
    /// No frame has come for some time, connected or not.
    NoFrames,
    /// It is being connected to, and hasn't been without frames for long.
    Connecting,
    /// Frames come, and all show exactly the same: no sensor does that.
    FrozenPicture,
    /// Hardly any light comes in.
    TooDark,
    /// Nothing in the picture has a sharp edge.
    OutOfFocus,
    /// Its clock isn't ours, or its frames come later and later.
    LateClock,
    /// Frames come, and nothing is wrong with them.
    Delivering,
}

/// What is wrong with a camera, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What.
    pub state: State,
    /// Since when.
    pub since: Instant,
}

/// How often what happened since the watch began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames that came.
    pub received: u64,
    /// Bytes that came with them.
    pub bytes: u64,
    /// Frames that were given to a reader's slot at least once.
    pub handed_out: u64,
    /// Frames that nobody wanted.
    pub unwanted: u64,
    /// Frames that came more often than is wanted.
    pub thinned: u64,
    /// Frames that a reader was too slow for.
    pub overrun: u64,
    /// Frames that came, or waited, longer than their age limit.
    pub stale: u64,
    /// What should have been frames.
    pub damaged: u64,
    /// Connections after the first one.
    pub reconnects: u64,
}

/// Why a camera's last connection ended, or couldn't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What went wrong.
    pub kind: ErrorKind,
    /// Whose fault it is.
    pub fault: Fault,
    /// A sentence.
    pub detail: String,
    /// When.
    pub at: Instant,
}

/// All that is known of a camera at a moment.
#[derive(Clone, Debug)]
pub struct Health {
    /// What it does, or the gravest of what is wrong.
    pub state: State,
    /// Since when.
    pub since: Instant,
    /// All that is wrong, gravest first.
    pub conditions: Vec<Condition>,
    /// Why its last connection ended or couldn't be made.
    pub trouble: Option<Trouble>,
    /// Why the last frame that was none wasn't.
    pub damage: Option<Trouble>,
    /// How often what happened.
    pub counters: Counters,
    /// How long ago the last frame came.
    pub frame_age: Option<Duration>,
    /// How many came in a second, over the last five.
    pub frames_per_second: f32,
    /// How much later than the quickest of the last minutes the last frame came.
    pub lag: Option<Duration>,
    /// Seconds by which the camera's clock is behind ours; negative if it is ahead.
    pub clock_behind: Option<f64>,
    /// What the last look at a frame gave.
    pub look: Option<Look>,
    /// What the stream is.
    pub about: About,
}

impl Trouble {
    pub(super) fn new(error: &Error, at: Instant) -> Self {
        let mut detail = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            let text = crate::error::one_line(&inner.to_string());
            if !text.is_empty() && !detail.contains(&text) {
                detail = format!("{detail}: {text}");
            }
            cause = inner.source();
        }
        Self {
            kind: error.kind(),
            fault: error.fault(),
            detail: crate::error::one_line(&detail),
            at,
        }
    }
}

impl State {
    /// Whether a lane may take what the camera shows for what is there now.
    pub fn is_usable(self) -> bool {
        matches!(
            self,
            Self::Delivering | Self::TooDark | Self::OutOfFocus | Self::LateClock
        )
    }

    /// The name in lists, events and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::NoFrames => "no-frames",
            Self::Connecting => "connecting",
            Self::FrozenPicture => "frozen-picture",
            Self::TooDark => "too-dark",
            Self::OutOfFocus => "out-of-focus",
            Self::LateClock => "late-clock",
            Self::Delivering => "delivering",
        }
    }

    /// What to tell a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Refused => "it refuses; look at its address, user and password",
            Self::NoFrames => "no frames come; look at its power and its network",
            Self::Connecting => "it is being connected to",
            Self::FrozenPicture => "its picture stands still; restart the camera",
            Self::TooDark => "it is too dark; look at its light, its iris and its cover",
            Self::OutOfFocus => "nothing in its picture is sharp; focus it, or clean its glass",
            Self::LateClock => {
                "its clock isn't right or its frames come late; set its clock by NTP, look at its network"
            }
            Self::Delivering => "frames come",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
