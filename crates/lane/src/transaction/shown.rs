//! The view that everybody sees, worked out anew from what custody holds.

use std::{sync::Arc, time::Instant};

use rowcall_rollcall::Lane;

use super::{Inner, Transaction};
use crate::{
    Error,
    outlook::{Outlook, Pending},
    view::{Missing, SeatView, TransactionView, Waiting},
};

impl Transaction {
    /// Works the view out anew.
    pub(crate) fn refresh(&self) -> Result<(), Error> {
        self.refresh_locked(&mut self.lock())
    }

    pub(super) fn refresh_locked(&self, inner: &mut Inner) -> Result<(), Error> {
        let equipment = &self.equipment;
        let call = inner.open()?.read(|held| {
            let evidence = held.evidence(&equipment.models.calibration, self.at);
            rowcall_rollcall::call(&evidence)
        })?;
        let call = call.map_err(|e| Error::request(e.to_string()))?;
        let gate = &self.lane().policy.quality;
        inner.settled_seats = inner.open()?.read(|held| {
            let fit = held.frames().iter().flat_map(|frame| {
                let camera = self.lane().camera(&frame.camera);
                let fit = frame.faces.iter();
                let fit = fit.filter(|f| f.quality.failures(gate).is_empty());
                fit.filter_map(move |f| camera?.seat_of(f.face, frame.width, frame.height))
            });
            let out = held.declaration().opted_out_seats.iter().copied();
            fit.chain(out).collect()
        })?;
        inner.version += 1;
        inner.is_stale = inner.waiting_frames > 0;
        inner.last = Some(Instant::now());
        let waiting = Waiting {
            frames: inner.waiting_frames,
            documents: inner.reading.iter().filter(|reading| **reading).count(),
        };
        let left = self.due().saturating_sub(equipment.clock.read().since_boot);
        let shown_holds = inner.holds.clone();
        let Inner {
            open,
            reading,
            expected,
            dropped,
            cameras,
            decisions,
            version,
            asked,
            ..
        } = &mut *inner;
        let open = open.as_mut().ok_or_else(|| Error::gone("transaction"))?;
        let is_announced = expected.is_some_and(|n| usize::from(n) > reading.len());
        let pending = Pending {
            documents: waiting.documents > 0 || is_announced,
            frames: waiting.frames > 0,
        };
        let is_under_way = self.is_under_way();
        let mut view = open.read(|held| {
            let outlook = Outlook {
                lane: self.lane(),
                calibration: &equipment.models.calibration,
                held,
                call: &call,
                decisions,
                reading,
                pending,
                asked,
            };
            let seats = outlook.seats();
            TransactionView {
                id: self.id.clone(),
                lane: equipment.lane.clone(),
                direction: self.direction,
                station: match (&equipment.apart, is_under_way) {
                    (None, _) => None,
                    (Some(_), true) => self.station.clone(),
                    (Some(apart), false) => Some(apart.cameras.clone()),
                },
                is_under_way,
                version: *version,
                seconds_left: left.as_secs(),
                is_vehicle_out: held.is_vehicle_out(),
                outcome: Some(call.vehicle.outcome),
                reasons: call.vehicle.reasons.clone(),
                occupants: call.vehicle.occupants,
                expected_documents: *expected,
                documents: outlook.documents(&seats),
                seats,
                strangers: outlook.strangers(),
                cameras: outlook.cameras(dropped, cameras),
                waiting,
                missing: outlook.missing(*expected, waiting),
                adjudication: decisions.vehicle,
                holds: shown_holds,
            }
        })?;
        if is_under_way {
            before_cameras(&mut view, self.lane());
        }
        view.heed_officers();
        let are_asked = view.seats.iter().filter(|seat| seat.state.needs_officer());
        inner.asked.extend(are_asked.filter_map(|seat| seat.seat));
        inner.call = Some(call);
        self.view.send_replace(Arc::new(view));
        Ok(())
    }
}

/// Leaves out what only cameras can tell, of a vehicle that hasn't come to them: nobody is
/// missing from it, and nobody is asked about it.
fn before_cameras(view: &mut TransactionView, lane: &Lane) {
    view.outcome = None;
    view.reasons.clear();
    let seats = lane.seats().into_iter();
    view.seats = seats.map(|seat| SeatView::empty(Some(seat))).collect();
    for document in &mut view.documents {
        document.advice = None;
    }
    view.missing
        .retain(|missing| !matches!(missing, Missing::People | Missing::Adjudication));
}
