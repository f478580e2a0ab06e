//! The supervisor's page: how the lane does, in aggregate. No officer and no vehicle can
//! be told from it: whoever fills it leaves out what is of too few.

use askama::Template;
use fluent_bundle::FluentValue;
use rowcall_audit::entry::SeatOutcome;
use rowcall_rollcall::Seat;

use super::{
    Viewer, html,
    phrase::{self, Sign},
    shell::Shell,
    words::Words,
};

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
    /// The hours from the first to before the second, 0..=24.
    Hours(u8, u8),
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
    /// Of 10,000 vehicles in which everybody is, how many would be referred.
    pub referred: f64,
    /// Whether it is the one in force.
    pub is_in_force: bool,
}

/// The page.
pub fn page(page: &SupervisorPage) -> String {
    let shell = Shell::of(&page.viewer, "supervisor-title", "/supervisor");
    let w = shell.w;
    let (first, last) = page.days;
    let span = match first == last {
        true => first.to_string(),
        false => format!("{first} – {last}"),
    };
    html(&Supervisor {
        span,
        tables: tables(&w, &page.rates),
        agreement: page.agreement.map(|agreement| said(&w, agreement)),
        referrals: referrals(&w, &page.referrals),
        cameras: page.cameras.iter().map(|c| camera(&w, c)).collect(),
        alarms: page.alarms.iter().map(|a| alarm(&w, a)).collect(),
        effects: page.policy.effects.iter().map(effect).collect(),
        policy: w.with(
            "policy-of",
            &[
                ("model", page.policy.model.as_str().into()),
                ("calibration", page.policy.calibration.as_str().into()),
            ],
        ),
        vehicles: page.vehicles.map(|v| vehicles(&w, v)).unwrap_or_default(),
        shell,
        page,
    })
}

#[derive(Template)]
#[template(path = "supervisor.html")]
struct Supervisor<'a> {
    shell: Shell,
    page: &'a SupervisorPage,
    span: String,
    vehicles: Vec<(String, String)>,
    tables: Vec<Table>,
    referrals: Vec<Bar>,
    agreement: Option<String>,
    cameras: Vec<CameraRow>,
    alarms: Vec<AlarmRow>,
    policy: String,
    effects: Vec<EffectRow>,
}

/// Rates of one kind of group.
struct Table {
    title: String,
    rows: Vec<(String, [Option<Cell>; 3])>,
}

/// A rate as it is drawn: a bar of 0..=100 with its interval.
struct Cell {
    text: String,
    interval: String,
    people: String,
    rate: String,
    low: String,
    span: String,
}

struct Bar {
    sign: Sign,
    count: u64,
    share: usize,
}

struct CameraRow {
    name: String,
    sign: Sign,
    advice: String,
    numbers: String,
}

struct AlarmRow {
    title: String,
    text: String,
}

struct EffectRow {
    budget: String,
    wrong: String,
    referred: String,
    is_in_force: bool,
}

fn tables(w: &Words, rates: &[Rates]) -> Vec<Table> {
    type Kind = (&'static str, fn(&Group) -> bool);
    let kinds: [Kind; 5] = [
        ("rates-lane", |g| matches!(g, Group::Lane)),
        ("rates-rows", |g| matches!(g, Group::Row(_))),
        ("rates-seats", |g| matches!(g, Group::Seat(_))),
        ("rates-cameras", |g| matches!(g, Group::Camera(_))),
        ("rates-hours", |g| matches!(g, Group::Hours(..))),
    ];
    let table = |(title, is_of): Kind| {
        let rows = rates.iter().filter(|rates| is_of(&rates.group));
        let rows = rows.map(|rates| {
            let cells = [rates.capture, rates.quality, rates.matched];
            (
                group(w, &rates.group),
                cells.map(|rate| rate.map(|rate| cell(w, rate))),
            )
        });
        Table {
            title: w.t(title),
            rows: rows.collect(),
        }
    };
    let tables = kinds.into_iter().map(table);
    tables.filter(|table| !table.rows.is_empty()).collect()
}

fn group(w: &Words, group: &Group) -> String {
    match group {
        Group::Lane => w.t("group-lane"),
        Group::Row(row) => w.n("group-row", usize::from(*row)),
        Group::Seat(seat) => phrase::seat_name(w, Some(*seat)),
        Group::Camera(name) => w.named("group-camera", name),
        Group::Hours(from, until) => format!("{from:02}:00–{until:02}:00"),
    }
}

fn cell(w: &Words, rate: Rate) -> Cell {
    let percent = |share: f64| (100.0 * share.clamp(0.0, 1.0)).round() as u8;
    let drawn = |share: f64| format!("{:.1}", 100.0 * share.clamp(0.0, 1.0));
    Cell {
        text: format!("{}\u{202f}%", percent(rate.rate)),
        interval: format!("{}–{}", percent(rate.low), percent(rate.high)),
        people: w.n("rates-people", rate.people as usize),
        rate: drawn(rate.rate),
        low: drawn(rate.low),
        span: drawn((rate.high - rate.low).max(0.0)),
    }
}

fn vehicles(w: &Words, vehicles: Vehicles) -> Vec<(String, String)> {
    let seconds = |value: f64| w.with("seconds", &[("count", (value.round() as u64).into())]);
    vec![
        (w.t("vehicles-count"), phrase::grouped(vehicles.count)),
        (
            w.t("vehicles-confirmed"),
            phrase::grouped(vehicles.all_confirmed),
        ),
        (w.t("vehicles-median"), seconds(vehicles.median)),
        (w.t("vehicles-ninety"), seconds(vehicles.ninety)),
    ]
}

fn referrals(w: &Words, referrals: &[(SeatOutcome, u64)]) -> Vec<Bar> {
    let most = referrals.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let bar = |(reason, count): &(SeatOutcome, u64)| Bar {
        sign: Sign::new("idle", "alert", w.t2("seat", reason.code())),
        count: *count,
        share: (100 * count).checked_div(most).unwrap_or(0) as usize,
    };
    referrals.iter().map(bar).collect()
}

fn said(w: &Words, agreement: Agreement) -> String {
    let all = agreement.agree + agreement.differ;
    let share = (100 * agreement.agree).checked_div(all).unwrap_or(0);
    let arguments = [
        ("share", FluentValue::from(share)),
        ("all", FluentValue::from(all)),
        ("unsure", FluentValue::from(agreement.cannot_tell)),
    ];
    w.with("agreement-said", &arguments)
}

fn camera(w: &Words, camera: &Camera) -> CameraRow {
    let (tone, name) = match camera.state {
        CameraHealth::Refused => ("bad", "refused"),
        CameraHealth::NoFrames => ("bad", "no-frames"),
        CameraHealth::Connecting => ("warn", "connecting"),
        CameraHealth::Frozen => ("bad", "frozen"),
        CameraHealth::TooDark => ("warn", "too-dark"),
        CameraHealth::OutOfFocus => ("warn", "out-of-focus"),
        CameraHealth::LateClock => ("warn", "late-clock"),
        CameraHealth::Delivering => ("good", "delivering"),
    };
    let dropped = ("dropped", FluentValue::from(camera.dropped));
    let numbers = match camera.frame_age {
        Some(age) => {
            let rate = FluentValue::from(format!("{:.1}", camera.frames_per_second));
            let age = FluentValue::from(format!("{age:.1}"));
            w.with("health-numbers", &[("rate", rate), ("age", age), dropped])
        }
        // One that is brought its frames isn't watched.
        None => w.with("health-dropped", &[dropped]),
    };
    let icon = if tone == "good" { "check" } else { "alert" };
    CameraRow {
        name: camera.name.clone(),
        sign: Sign::new(tone, icon, w.t2("health", name)),
        advice: w.t2("health-advice", name),
        numbers,
    }
}

fn alarm(w: &Words, alarm: &Alarm) -> AlarmRow {
    let stage = match alarm.stage {
        Stage::Capture => "capture",
        Stage::Quality => "quality",
        Stage::Match => "match",
    };
    let time = |at: jiff::civil::DateTime| at.strftime("%Y-%m-%d %H:%M").to_string();
    let arguments = [
        ("stage", FluentValue::from(w.t2("alarm-stage", stage))),
        ("group", group(w, &alarm.group).into()),
        ("at", time(alarm.at).into()),
        ("since", time(alarm.since).into()),
        ("expected", FluentValue::from(alarm.expected)),
        (
            "now",
            alarm
                .since_then
                .map_or("–".to_owned(), |p| p.to_string())
                .into(),
        ),
    ];
    let direction = if alarm.is_fall {
        "alarm-fell"
    } else {
        "alarm-rose"
    };
    let advice = w.t2("alarm-advice", stage);
    AlarmRow {
        title: w.with(direction, &arguments),
        text: format!("{} {advice}", w.with("alarm-since", &arguments)),
    }
}

fn effect(effect: &Effect) -> EffectRow {
    let count = |count: f64| match count {
        c if c >= 10.0 => phrase::grouped(c.round() as u64),
        c => format!("{c:.1}"),
    };
    EffectRow {
        budget: phrase::one_in(effect.budget).map_or("–".into(), |n| format!("1 / {n}")),
        wrong: count(effect.wrong),
        referred: count(effect.referred),
        is_in_force: effect.is_in_force,
    }
}
