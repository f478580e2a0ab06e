//! The supervisor's page: how the lane does, in aggregate. No officer and no vehicle can
//! be told from it: whoever fills it leaves out what is of too few.

mod content;
mod rows;

use askama::Template;

use super::{html, phrase::Sign, shell::Shell};

pub use content::{
    Agreement, Alarm, Camera, CameraHealth, Effect, Group, Policy, Rate, Rates, Stage,
    SupervisorPage, Vehicles,
};

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
        tables: rows::tables(&w, &page.rates),
        agreement: page.agreement.map(|agreement| rows::said(&w, agreement)),
        referrals: rows::referrals(&w, &page.referrals),
        cameras: page.cameras.iter().map(|c| rows::camera(&w, c)).collect(),
        alarms: page.alarms.iter().map(|a| rows::alarm(&w, a)).collect(),
        effects: page.policy.effects.iter().map(rows::effect).collect(),
        policy: w.with(
            "policy-of",
            &[
                ("model", page.policy.model.as_str().into()),
                ("calibration", page.policy.calibration.as_str().into()),
            ],
        ),
        vehicles: page
            .vehicles
            .map(|v| rows::vehicles(&w, v))
            .unwrap_or_default(),
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
