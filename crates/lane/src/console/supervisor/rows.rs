//! From what is shown to rows of words, in the viewer's language.

use fluent_bundle::FluentValue;
use rowcall_words::outcome::SeatOutcome;

use super::{
    Agreement, Alarm, AlarmRow, Bar, Camera, CameraHealth, CameraRow, Cell, Effect, EffectRow,
    Group, Rate, Rates, Stage, Table, Vehicles,
};
use crate::console::{
    phrase::{self, Sign},
    words::Words,
};

pub(super) fn tables(w: &Words, rates: &[Rates]) -> Vec<Table> {
    type Kind = (&'static str, fn(&Group) -> bool);
    let kinds: [Kind; 6] = [
        ("rates-lane", |g| matches!(g, Group::Lane)),
        ("rates-rows", |g| matches!(g, Group::Row(_))),
        ("rates-seats", |g| matches!(g, Group::Seat(_))),
        ("rates-cameras", |g| matches!(g, Group::Camera(_))),
        ("rates-today", |g| matches!(g, Group::Today(..))),
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
        Group::Hours(from, until) | Group::Today(from, until) => {
            format!("{from:02}:00–{until:02}:00")
        }
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

pub(super) fn vehicles(w: &Words, vehicles: Vehicles) -> Vec<(String, String)> {
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

pub(super) fn referrals(w: &Words, referrals: &[(SeatOutcome, u64)]) -> Vec<Bar> {
    let most = referrals.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let bar = |(reason, count): &(SeatOutcome, u64)| Bar {
        sign: Sign::new("idle", "alert", w.t2("seat", reason.as_str())),
        count: *count,
        share: (100 * count).checked_div(most).unwrap_or(0) as usize,
    };
    referrals.iter().map(bar).collect()
}

pub(super) fn said(w: &Words, agreement: Agreement) -> String {
    let all = agreement.agree + agreement.differ;
    let share = (100 * agreement.agree).checked_div(all).unwrap_or(0);
    let arguments = [
        ("share", FluentValue::from(share)),
        ("all", FluentValue::from(all)),
        ("unsure", FluentValue::from(agreement.cannot_tell)),
    ];
    w.with("agreement-said", &arguments)
}

pub(super) fn camera(w: &Words, camera: &Camera) -> CameraRow {
    let (tone, name) = match camera.state {
        CameraHealth::NotSeen => ("idle", "not-seen"),
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
    let icon = match tone {
        "good" => "check",
        "idle" => "info",
        _ => "alert",
    };
    CameraRow {
        name: camera.name.clone(),
        sign: Sign::new(tone, icon, w.t2("health", name)),
        advice: w.t2("health-advice", name),
        numbers,
    }
}

pub(super) fn alarm(w: &Words, alarm: &Alarm) -> AlarmRow {
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

pub(super) fn effect(effect: &Effect) -> EffectRow {
    let count = |count: f64| match count {
        c if c >= 10.0 => phrase::grouped(c.round() as u64),
        c => format!("{c:.1}"),
    };
    EffectRow {
        budget: phrase::one_in(effect.budget).map_or("–".into(), |n| format!("1 / {n}")),
        wrong: count(effect.wrong),
        referred: effect.referred.map_or("–".into(), count),
        is_in_force: effect.is_in_force,
    }
}
