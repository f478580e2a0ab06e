//! What is counted of vehicles: in all, by seat, row and camera, never by person.

use super::Service;
use crate::{
    Error,
    desk::Desk,
    judgements, lookout,
    transaction::Transaction,
    view::{Judgement, TransactionView},
};

impl Service {
    /// Counts an officer's blind judgement beside what the machine was inclined to:
    /// in all, never by officer, and not at all of a day on which too few judged.
    pub(crate) fn count_judgement(
        &self,
        transaction: &Transaction,
        judgement: Judgement,
        inclined: bool,
        officer: &str,
    ) -> Result<(), Error> {
        let said = match judgement {
            Judgement::Same => "same",
            Judgement::Different => "different",
            Judgement::CannotTell => "cannot-tell",
        };
        let machine = if inclined { "like" } else { "unlike" };
        let what = format!("judgement {said} machine-{machine}");
        let day = self.clock.read().wall.div_euclid(24 * 3600);
        let counted = self.desk_of(transaction)?.judged(day, officer, what);
        match counted.is_empty() {
            true => Ok(()),
            false => self.store.count(day, &transaction.equipment.lane, &counted),
        }
    }

    /// Counts what a transaction came to, without anybody in it.
    pub(super) fn count_outcome(
        &self,
        desk: &Desk,
        view: &TransactionView,
        seconds: u64,
    ) -> Result<(), Error> {
        let mut all = vec![("vehicles".to_owned(), 1), ("seconds".to_owned(), seconds)];
        let outcome = view.outcome.map_or("none", <&str>::from);
        all.push((format!("vehicle {outcome}"), 1));
        all.push((format!("took {}", judgements::at_most(seconds)), 1));
        for seat in &view.seats {
            if !seat.state.is_vacant() {
                let row = seat.seat.map_or(0, |s| s.row);
                let side = seat
                    .seat
                    .map_or_else(|| "unknown".into(), |s| s.to_string());
                let state: &str = seat.state.into();
                all.push((format!("row {row} {state}"), 1));
                all.push((format!("seat {side} {state}"), 1));
            }
        }
        for camera in &view.cameras {
            let name = &camera.name;
            all.push((format!("camera {name} frames"), camera.frames as u64));
            all.push((format!("camera {name} dropped"), camera.dropped));
            let state: &str = camera.state.into();
            all.push((format!("camera {name} {state}"), 1));
        }
        self.count(desk.name(), &all)
    }

    /// Holds a vehicle against what the lane usually does.
    pub(super) fn look_out(&self, desk: &Desk, view: &TransactionView) -> Result<(), Error> {
        let hour = lookout::hour(self.clock.read().wall);
        let observed = desk.lookout.observe(view, hour);
        for alarm in observed.raised {
            tracing::warn!(lane = desk.name(), ?alarm.key, expected = alarm.expected, "a rate has changed");
        }
        if let Some(period) = observed.ended {
            let counts = serde_json::to_string(&period).map_err(|e| Error::us(e.to_string()))?;
            // Whatever hours it has, they are over now.
            let day = i64::from(hour.0) / 24;
            self.store.add_period(day, desk.name(), &counts)?;
        }
        self.store.set_lookout(desk.name(), &desk.lookout.state()?)
    }

    fn count(&self, lane: &str, what: &[(String, u64)]) -> Result<(), Error> {
        let day = self.clock.read().wall.div_euclid(24 * 3600);
        self.store.count(day, lane, what)
    }
}
