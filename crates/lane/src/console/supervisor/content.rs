//! What the supervisor's page shows.

use rowcall_words::outcome::SeatOutcome;
use rowcall_words::seat::Seat;

use crate::console::Viewer;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct SupervisorPage {
    /// Who looks.
    pub viewer: Viewer,
    /// The lane.
    pub lane: String,
    /// Other lanes, to change to.
    pub lanes: Vec<String>,
    /// The first and the last day that the figures are of.
    pub days: (jiff::civil::Date, jiff::civil::Date),
    /// Rates by what they are of.
    pub rates: Vec<Rates>,
    /// Vehicles and how long they took; none where there were too few.
    pub vehicles: Option<Vehicles>,
    /// How often seats were referred, by reason.
    pub referrals: Vec<(SeatOutcome, u64)>,
    /// How officers' blind judgements agree with the machine; none where it is of too
    /// few vehicles or officers.
    pub agreement: Option<Agreement>,
    /// The cameras.
    pub cameras: Vec<Camera>,
    /// Rates that have changed, the newest first.
    pub alarms: Vec<Alarm>,
    /// The policy in force.
    pub policy: Policy,
}

/// What a rate is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// All that the lane saw.
    Lane,
    /// A row of seats.
    Row(u8),
    /// A seat.
    Seat(Seat),
    /// A camera, by its name.
    Camera(String),
    /// The hours of any day from the first to before the second, 0..=24.
    Hours(u8, u8),
    /// Hours of today, which ended before the second, UTC.
    Today(u8, u8),
}

/// Three rates that mean different remedies.
#[derive(Clone, Debug)]
pub struct Rates {
    /// What they are of.
    pub group: Group,
    /// Of occupants, how many were seen.
    pub capture: Option<Rate>,
    /// Of those seen, how many well enough.
    pub quality: Option<Rate>,
    /// Of those, how many matched a document.
    pub matched: Option<Rate>,
}

/// A rate with its 95 % interval, 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The rate.
    pub rate: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
    /// Of how many people.
    pub people: u64,
}

/// How long vehicles took, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vehicles {
    /// How many.
    pub count: u64,
    /// Half of them took at most so long.
    pub median: f64,
    /// Nine of ten took at most so long.
    pub ninety: f64,
    /// Vehicles of which everybody was confirmed.
    pub all_confirmed: u64,
}

/// How blind judgements agree with what the machine leant to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Judgements `same` or `different` that agree.
    pub agree: u64,
    /// And that don't.
    pub differ: u64,
    /// Judgements `can't tell`.
    pub cannot_tell: u64,
}

/// How a camera does.
#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    /// Its name.
    pub name: String,
    /// What it does, or the gravest of what is wrong.
    pub state: CameraHealth,
    /// Frames a second.
    pub frames_per_second: f32,
    /// How long ago the last frame came, in seconds.
    pub frame_age: Option<f64>,
    /// Frames that could not be looked at in time, of the days shown.
    pub dropped: u64,
}

/// What a camera does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraHealth {
    /// No vehicle came that it could have shown.
    NotSeen,
    /// It refuses the connection.
    Refused,
    /// No frame comes.
    NoFrames,
    /// It is being connected to.
    Connecting,
    /// The picture stands.
    Frozen,
    /// Hardly any light.
    TooDark,
    /// Nothing is sharp.
    OutOfFocus,
    /// Its clock is off, or its frames come late.
    LateClock,
    /// All well.
    Delivering,
}

/// A rate that has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Of what.
    pub group: Group,
    /// Which rate.
    pub stage: Stage,
    /// Whether it fell; it rose otherwise.
    pub is_fall: bool,
    /// When it was noticed.
    pub at: jiff::civil::DateTime,
    /// When it probably began.
    pub since: jiff::civil::DateTime,
    /// What was expected, in percent.
    pub expected: u8,
    /// What it has been since, in percent; none where that is of too few.
    pub since_then: Option<u8>,
}

/// One of the three rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Of occupants, how many were seen.
    Capture,
    /// Of those seen, how many well enough.
    Quality,
    /// Of those, how many matched.
    Match,
}

/// The policy, as people read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The face model's name.
    pub model: String,
    /// The calibration's name.
    pub calibration: String,
    /// What a threshold does, the strictest first.
    pub effects: Vec<Effect>,
    /// Other rules: what (its key in the lane file) and its value.
    pub rules: Vec<(String, String)>,
}

/// What a threshold does to 10,000 vehicles, by the calibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The policy's `vehicle_false_confirm_rate`.
    pub budget: f64,
    /// Of 10,000 vehicles in which one person isn't the holder, how many would be
    /// confirmed.
    pub wrong: f64,
    /// Of 10,000 vehicles in which everybody is, how many would be referred; none where
    /// nobody measured it.
    pub referred: Option<f64>,
    /// Whether it is the one in force.
    pub is_in_force: bool,
}
