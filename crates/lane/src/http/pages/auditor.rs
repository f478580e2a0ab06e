//! What the auditor's page shows: a reading of the log's last entries.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::{Query, State},
    http::HeaderMap,
    response::Html,
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};
use rowcall_audit::{Entry, Event, LogFolder, entry::Minute};
use rowcall_words::outcome::SeatOutcome;
use serde::Deserialize;

use super::{App, viewer};
use crate::{
    Error,
    console::auditor::{self, AuditorPage, Checkpoint, Hold, HoldEnd, Summary},
    http::blocking,
    people::Identity,
};

/// The page looks at so many entries at most, the newest: the verifier looks at all.
const MOST_ENTRIES: u64 = 100_000;

/// Which days; all that are looked at where none is named.
#[derive(Deserialize)]
pub(super) struct Period {
    from: Option<Date>,
    to: Option<Date>,
}

pub(super) async fn page(
    State(app): State<App>,
    Query(period): Query<Period>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let viewer = viewer(&app, &headers, identity);
    blocking(move || {
        let failed = |e: rowcall_audit::Error| Error::device(format_args!("audit log: {e}"));
        let log = LogFolder::open(&app.service.config.state.join("log")).map_err(failed)?;
        let checkpoint = log.checkpoint().clone();
        let mut reading = Reading::default();
        for index in checkpoint.size.saturating_sub(MOST_ENTRIES)..checkpoint.size {
            let entry = log.entry(index).map_err(failed)?;
            let day = civil(entry.minute).date();
            let is_before = period.from.is_some_and(|from| day < from);
            if !is_before && period.to.is_none_or(|to| day <= to) {
                reading.take(index, &entry);
            }
        }
        let (first, last) = (reading.first, reading.last);
        let page = AuditorPage {
            viewer,
            log: checkpoint.origin.to_string(),
            size: checkpoint.size,
            verifier: "/auditor/verify".into(),
            checkpoints: vec![Checkpoint {
                size: checkpoint.size,
                root: checkpoint.root.to_string(),
                at: last,
                witnesses: Vec::new(),
            }],
            period: (
                period.from.unwrap_or(first.date()),
                period.to.unwrap_or(last.date()),
            ),
            summary: reading.summary,
            holds: reading.holds.into_values().collect(),
        };
        Ok(Html(auditor::page(&page)))
    })
    .await
}

#[derive(Default)]
struct Reading {
    first: DateTime,
    last: DateTime,
    summary: Summary,
    holds: BTreeMap<u64, Hold>,
    limits: BTreeMap<u64, u32>,
    decided: BTreeMap<(u64, String), u64>,
}

impl Reading {
    fn take(&mut self, index: u64, entry: &Entry) {
        let at = civil(entry.minute);
        if self.first == DateTime::default() {
            self.first = at;
        }
        self.last = at;
        let summary = &mut self.summary;
        match &entry.event {
            Event::Started {} => summary.starts += 1,
            Event::Opened { limit, .. } => {
                summary.opened += 1;
                self.limits.insert(index, limit.get());
            }
            Event::Seat { outcome, .. } => match outcome {
                SeatOutcome::Confirmed => summary.confirmed += 1,
                _ => summary.referred += 1,
            },
            Event::Adjudicated {
                transaction,
                subject,
                ..
            } => {
                let key = (*transaction, format!("{subject:?}"));
                let before = self.decided.entry(key).or_default();
                *before += 1;
                summary.adjudicated.0 += 1;
                // The same subject was decided before.
                summary.adjudicated.1 += u64::from(*before > 1);
            }
            Event::Destroyed {
                transaction,
                opened,
                cause,
                images,
                templates,
                ..
            } => {
                let minutes = entry
                    .minute
                    .since_1970()
                    .saturating_sub(opened.since_1970());
                summary.longest_minutes = summary.longest_minutes.max(u64::from(minutes));
                summary.images += u64::from(images.get());
                summary.templates += u64::from(templates.get());
                let limit = self.limits.remove(transaction);
                // The minute in which it was due, and the one after.
                summary.late += u64::from(limit.is_some_and(|limit| minutes > limit + 1));
                match summary.destroyed.iter_mut().find(|(c, _)| c == cause) {
                    Some((_, count)) => *count += 1,
                    None => summary.destroyed.push((*cause, 1)),
                }
            }
            Event::HoldMade { reason, length, .. } => {
                let hold = Hold {
                    entry: index,
                    reason: *reason,
                    made: at,
                    due: later(entry.minute, length.get()),
                    views: 0,
                    end: HoldEnd::Live,
                };
                self.holds.insert(index, hold);
            }
            Event::HoldViewed { hold, .. } => self.of_hold(*hold, |hold| hold.views += 1),
            Event::HoldReleased { hold, .. } => {
                self.of_hold(*hold, |hold| hold.end = HoldEnd::Released(at));
            }
            Event::HoldExpired { hold, cause } => {
                self.of_hold(*hold, |hold| hold.end = HoldEnd::Expired(*cause, at));
            }
            Event::SetUpBegan { .. } => summary.set_ups += 1,
            Event::LaneFileWritten { .. } => summary.lane_files += 1,
            _ => {}
        }
    }

    fn of_hold(&mut self, hold: u64, change: impl FnOnce(&mut Hold)) {
        if let Some(hold) = self.holds.get_mut(&hold) {
            change(hold);
        }
    }
}

fn civil(minute: Minute) -> DateTime {
    later(minute, 0)
}

/// So many minutes after a minute, UTC.
fn later(minute: Minute, minutes: u32) -> DateTime {
    let second = 60 * (i64::from(minute.since_1970()) + i64::from(minutes));
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    Offset::UTC.to_datetime(at)
}
