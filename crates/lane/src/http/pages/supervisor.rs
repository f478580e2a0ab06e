//! What the supervisor's page shows: counts of the last weeks, none of few vehicles.

mod rates;

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::{Query, State},
    http::HeaderMap,
    response::Html,
};
use jiff::{Timestamp, ToSpan as _, tz::Offset};
use rowcall_words::outcome::SeatOutcome;
use serde::Deserialize;

use super::{App, viewer};
use crate::{
    Error,
    console::supervisor::{
        self, Agreement, Alarm, Camera, CameraHealth, Effect, Group, Policy, Stage, SupervisorPage,
        Vehicles,
    },
    desk::Desk,
    http::blocking,
    judgements::STEPS,
    people::Identity,
};

/// Days that are shown.
const DAYS: i64 = 28;
/// Vehicles below which no number is shown: one of them could be read from it.
const FEWEST: u64 = 10;

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
        let counts = Counts(service.store.tally(desk.name(), days, FEWEST)?);
        let last = service.today().saturating_sub(1.days());
        let page = SupervisorPage {
            viewer,
            lane: desk.name().to_owned(),
            lanes: names
                .into_iter()
                .filter(|name| *name != desk.name())
                .collect(),
            days: (last.saturating_sub((DAYS - 1).days()), last),
            rates: rates::shown(
                desk,
                &service.store.periods(desk.name(), today - DAYS)?,
                today,
            ),
            vehicles: counts.vehicles(),
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

    /// How long vehicles took; the store has no time of a single one.
    fn vehicles(&self) -> Option<Vehicles> {
        let took: Vec<(u64, u64)> = STEPS
            .iter()
            .map(|step| (*step, self.of(&format!("took {step}"))))
            .collect();
        let count: u64 = took.iter().map(|(_, count)| count).sum();
        let within = |share: f64| {
            let mut so_far = 0;
            let step = took.iter().find(|(_, here)| {
                so_far += here;
                so_far as f64 >= share * count as f64
            });
            step.map_or(0.0, |(step, _)| *step as f64)
        };
        (self.is_enough() && count >= FEWEST).then(|| Vehicles {
            count,
            median: within(0.5),
            ninety: within(0.9),
            all_confirmed: self.of("vehicle all-confirmed"),
        })
    }

    fn referrals(&self) -> Vec<(SeatOutcome, u64)> {
        if !self.is_enough() {
            return Vec::new();
        }
        let count = |outcome: &SeatOutcome| {
            let rows = self.0.iter().filter(|(what, _)| {
                let mut words = what.split(' ');
                words.next() == Some("row") && words.nth(1) == Some(outcome.as_str())
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
            // What one does that the lane has itself is known this moment; of one whose
            // frames are brought, what the vehicles of these days saw of it.
            let health = desk.camera(name).map(|own| own.health());
            Camera {
                name: (*name).to_owned(),
                state: match &health {
                    Some(health) => state(health.state),
                    None => match (of("delivering"), of("frozen"), of("missing")) {
                        (0, 0, 0) => CameraHealth::NotSeen,
                        (well, frozen, missing) if well >= frozen + missing => {
                            CameraHealth::Delivering
                        }
                        (_, frozen, missing) if frozen > missing => CameraHealth::Frozen,
                        _ => CameraHealth::NoFrames,
                    },
                },
                frames_per_second: health.as_ref().map_or(0.0, |h| h.frames_per_second),
                frame_age: health
                    .and_then(|h| h.frame_age)
                    .map(|age| age.as_secs_f64()),
                dropped: of("dropped"),
            }
        };
        names.iter().map(camera).collect()
    }
}

fn state(state: rowcall_camera::State) -> CameraHealth {
    use rowcall_camera::State;
    match state {
        State::Refused => CameraHealth::Refused,
        State::NoFrames => CameraHealth::NoFrames,
        State::Connecting => CameraHealth::Connecting,
        State::FrozenPicture => CameraHealth::Frozen,
        State::TooDark => CameraHealth::TooDark,
        State::OutOfFocus => CameraHealth::OutOfFocus,
        State::LateClock => CameraHealth::LateClock,
        State::Delivering => CameraHealth::Delivering,
        // A state that this page has no words for isn't one to rely on.
        _ => CameraHealth::NoFrames,
    }
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
    let calibration = &desk.equipment.models.calibration;
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
        model: desk
            .equipment
            .models
            .analyser
            .embedder
            .manifest()
            .name
            .clone(),
        calibration: calibration.name().to_owned(),
        effects: effects(desk),
        rules,
    }
}

/// What a budget means for 10,000 vehicles: the one in force, ten times as many errors
/// and a tenth. One beyond the calibration's data is left out.
fn effects(desk: &Desk) -> Vec<Effect> {
    let Some((_, lane)) = desk.layouts().next() else {
        return Vec::new();
    };
    let calibration = &desk.equipment.models.calibration;
    let in_force = lane.policy.vehicle_false_confirm_rate;
    let budgets = [in_force / 10.0, in_force, in_force * 10.0].into_iter();
    let known = budgets.filter(|budget| {
        *budget == in_force || (*budget < 1.0 && !calibration.threshold(*budget).beyond_data)
    });
    known
        .map(|budget| Effect {
            budget,
            wrong: 10_000.0 * budget,
            // A calibration says nothing of how many honest people it refers.
            referred: None,
            is_in_force: budget == in_force,
        })
        .collect()
}
