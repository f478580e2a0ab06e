//! What the supervisor's page shows: counts of the last weeks, none of few vehicles.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::{Query, State},
    http::HeaderMap,
    response::Html,
};
use jiff::{Timestamp, ToSpan as _, tz::Offset};
use rowcall_audit::entry::SeatOutcome;
use rowcall_drift::interval::wilson;
use serde::Deserialize;

use super::{App, viewer};
use crate::{
    Error,
    console::supervisor::{
        self, Agreement, Alarm, Camera, CameraHealth, Group, Policy, Rate, Rates, Stage,
        SupervisorPage,
    },
    desk::Desk,
    http::blocking,
    people::Identity,
    view::SeatState,
};

/// Days that are shown.
const DAYS: i64 = 28;
/// Vehicles below which no number is shown: one of them could be read from it.
const FEWEST: u64 = 10;
/// The level of intervals.
const CONFIDENCE: f64 = 0.95;

/// Which lane.
#[derive(Deserialize)]
pub(super) struct Which {
    lane: Option<String>,
}

pub(super) async fn page(
    State(app): State<App>,
    Query(which): Query<Which>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let viewer = viewer(&app, &headers, identity);
    blocking(move || {
        let service = &app.service;
        let names: Vec<String> = service.desks.keys().cloned().collect();
        let lane = which.lane.or_else(|| names.first().cloned());
        let desk = service.desk(lane.as_deref().unwrap_or_default())?;
        let today = service.clock.read().wall.div_euclid(24 * 3600);
        // Today isn't over: two looks would tell what happened in between.
        let days = (today - DAYS, today);
        let counts = Counts(service.store.tally(&desk.name, days, FEWEST)?);
        let last = service.today().saturating_sub(1.days());
        let page = SupervisorPage {
            viewer,
            lane: desk.name.clone(),
            lanes: names
                .into_iter()
                .filter(|name| *name != desk.name)
                .collect(),
            days: (last.saturating_sub((DAYS - 1).days()), last),
            rates: counts.rates(desk),
            // The store has no times of single vehicles.
            vehicles: None,
            referrals: counts.referrals(),
            agreement: counts.agreement(),
            cameras: counts.cameras(desk),
            alarms: desk
                .lookout
                .alarms()
                .iter()
                .map(|a| alarm(desk, a))
                .collect(),
            policy: policy(desk),
        };
        Ok(Html(supervisor::page(&page)))
    })
    .await
}

/// What was counted, by what.
struct Counts(BTreeMap<String, u64>);

impl Counts {
    fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    fn is_enough(&self) -> bool {
        self.of("vehicles") >= FEWEST
    }

    fn rates(&self, desk: &Desk) -> Vec<Rates> {
        if !self.is_enough() {
            return Vec::new();
        }
        let mut rows: Vec<u8> = desk
            .layouts()
            .flat_map(|(_, lane)| lane.seats())
            .map(|seat| seat.row)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        let lane = rows.iter().map(|row| self.people(&format!("row {row}")));
        let lane = lane.reduce(People::plus).map(|all| all.rates(Group::Lane));
        let by_row = rows.iter().map(|row| {
            let people = self.people(&format!("row {row}"));
            people.rates(Group::Row(*row))
        });
        lane.into_iter().chain(by_row).collect()
    }

    /// How far people got who sat there.
    fn people(&self, place: &str) -> People {
        let of = |state: SeatState| self.of(&format!("{place} {}", <&str>::from(state)));
        let matched = of(SeatState::Confirmed) + of(SeatState::DocumentNotTrusted);
        let unlike = of(SeatState::NoMatchingDocument)
            + of(SeatState::Ambiguous)
            + of(SeatState::Look)
            + of(SeatState::PortraitUnusable);
        People {
            missed: of(SeatState::NotCaptured),
            poor: of(SeatState::PoorQuality),
            unlike,
            matched,
        }
    }

    fn referrals(&self) -> Vec<(SeatOutcome, u64)> {
        if !self.is_enough() {
            return Vec::new();
        }
        let count = |outcome: &SeatOutcome| {
            let rows = self.0.iter().filter(|(what, _)| {
                let mut words = what.split(' ');
                words.next() == Some("row") && words.nth(1) == Some(outcome.code())
            });
            rows.map(|(_, count)| count).sum::<u64>()
        };
        let reasons = SeatOutcome::ALL
            .iter()
            .filter(|o| **o != SeatOutcome::Confirmed);
        let counted = reasons.map(|outcome| (*outcome, count(outcome)));
        counted.filter(|(_, count)| *count >= FEWEST).collect()
    }

    fn agreement(&self) -> Option<Agreement> {
        let of =
            |said: &str, machine: &str| self.of(&format!("judgement {said} machine-{machine}"));
        let found = Agreement {
            agree: of("same", "like") + of("different", "unlike"),
            differ: of("same", "unlike") + of("different", "like"),
            cannot_tell: of("cannot-tell", "like") + of("cannot-tell", "unlike"),
        };
        let all = found.agree + found.differ + found.cannot_tell;
        (all >= FEWEST).then_some(found)
    }

    fn cameras(&self, desk: &Desk) -> Vec<Camera> {
        let mut names: Vec<&str> = desk
            .layouts()
            .flat_map(|(_, lane)| &lane.cameras)
            .map(|camera| camera.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let camera = |name: &&str| {
            let of = |what: &str| self.of(&format!("camera {name} {what}"));
            Camera {
                name: (*name).to_owned(),
                state: match (of("delivering"), of("frozen"), of("missing")) {
                    (0, 0, 0) => CameraHealth::NoFrames,
                    (well, frozen, missing) if well >= frozen + missing => CameraHealth::Delivering,
                    (_, frozen, missing) if frozen > missing => CameraHealth::Frozen,
                    _ => CameraHealth::NoFrames,
                },
                frames_per_second: 0.0,
                frame_age: None,
                dropped: of("dropped"),
            }
        };
        names.iter().map(camera).collect()
    }
}

/// How far people got.
#[derive(Clone, Copy)]
struct People {
    missed: u64,
    poor: u64,
    unlike: u64,
    matched: u64,
}

impl People {
    fn plus(self, other: Self) -> Self {
        Self {
            missed: self.missed + other.missed,
            poor: self.poor + other.poor,
            unlike: self.unlike + other.unlike,
            matched: self.matched + other.matched,
        }
    }

    fn rates(self, group: Group) -> Rates {
        let fit = self.matched + self.unlike;
        let seen = fit + self.poor;
        Rates {
            group,
            capture: rate(seen, seen + self.missed),
            quality: rate(fit, seen),
            matched: rate(self.matched, fit),
        }
    }
}

/// A rate with its interval; none of few people.
fn rate(passed: u64, of: u64) -> Option<Rate> {
    if of < FEWEST {
        return None;
    }
    let whole = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let interval = wilson(whole(passed), whole(of), CONFIDENCE);
    Some(Rate {
        rate: passed as f64 / of as f64,
        low: interval.low,
        high: interval.high,
        people: of,
    })
}

fn alarm(desk: &Desk, of: &rowcall_drift::Alarm) -> Alarm {
    use rowcall_drift::{Direction, Stage as Watched};
    let at = |hour: rowcall_drift::Hour| {
        let at = Timestamp::from_second(3600 * i64::from(hour.0)).unwrap_or(Timestamp::MAX);
        Offset::UTC.to_datetime(at)
    };
    Alarm {
        group: match of.key.place {
            None => Group::Lane,
            Some((row, camera)) => desk
                .lookout
                .camera(camera)
                .map_or(Group::Row(row.get()), |name| Group::Camera(name.to_owned())),
        },
        stage: match of.key.stage {
            Watched::Seen => Stage::Capture,
            Watched::Quality => Stage::Quality,
            Watched::Match => Stage::Match,
        },
        is_fall: of.direction == Direction::Fall,
        at: at(of.at),
        since: at(of.since),
        expected: of.expected,
        since_then: of.since_then,
    }
}

fn policy(desk: &Desk) -> Policy {
    let calibration = &desk.models.calibration;
    let mut rules = Vec::new();
    if let Some((_, lane)) = desk.layouts().next()
        && let Ok(serde_json::Value::Object(all)) = serde_json::to_value(&lane.policy)
    {
        let plain = all
            .into_iter()
            .filter(|(_, value)| !value.is_object() && !value.is_null());
        rules.extend(plain.map(|(key, value)| (key, value.to_string())));
    }
    Policy {
        model: desk.models.analyser.embedder.manifest().name.clone(),
        calibration: calibration.name().to_owned(),
        // A calibration says nothing of how many honest people it refers.
        effects: Vec::new(),
        rules,
    }
}
