//! One vehicle's stay at a lane, from opening to close.
//!
//! Custody owns whatever is biometric; this holds what an officer decided, what
//! waits, and the view that everybody else sees. Whoever changes something refreshes
//! the view, and all who watch are told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::civil::Date;
use rowcall_audit::entry::{AdjudicationReason, Subject};
use rowcall_camera::State;
use rowcall_custody::{
    Fact, HoldId, HoldRequest, Officer, OpenTransaction, Proposal, Seen, document_subject,
    seat_subject,
};
use rowcall_face::Image;
use rowcall_rollcall::{Lane, Presented, RollCall, Seat, SeatOutcome};
use tokio::sync::watch;

use crate::{
    Error,
    desk::Desk,
    log_words,
    outlook::{Decisions, Outlook},
    settled::{Settled, SettledDocument},
    view::{Adjudication, Direction, HoldView, Judgement, TransactionView, Waiting},
};

/// A transaction that is open.
pub(crate) struct Transaction {
    pub(crate) id: String,
    pub(crate) desk: Arc<Desk>,
    pub(crate) direction: Direction,
    /// Where this sort of vehicle has its seats.
    pub(crate) lane: Arc<Lane>,
    /// When it was opened and when its time is over, since boot.
    pub(crate) opened: Duration,
    pub(crate) due: Duration,
    /// What came before shows the vehicle before.
    pub(crate) began: Instant,
    at: Date,
    inner: Mutex<Inner>,
    view: watch::Sender<Arc<TransactionView>>,
    looks: Arc<Looks>,
}

/// How many frames and documents of a transaction wait or are being looked at.
#[derive(Default)]
struct Looks {
    count: Mutex<usize>,
    fewer: Condvar,
}

/// Held as long as a frame or a document, or what was made of it, is anywhere outside of
/// custody.
pub(crate) struct Looking(Arc<Looks>);

impl Looks {
    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nothing is looked at, but no longer than a look can take.
    fn wait(&self) {
        let count = self.count();
        let waited = self
            .fewer
            .wait_timeout_while(count, LONGEST_LOOK, |n| *n > 0);
        let (left, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(left);
        if timeout.timed_out() {
            tracing::error!("an analyst didn't let go of a transaction that is closed");
        }
    }
}

impl Clone for Looking {
    fn clone(&self) -> Self {
        *self.0.count() += 1;
        Self(self.0.clone())
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        *self.0.count() -= 1;
        self.0.fewer.notify_all();
    }
}

/// Looking at the largest frame takes seconds on the slowest machine.
const LONGEST_LOOK: Duration = Duration::from_secs(20);

struct Inner {
    /// None once it has been closed.
    open: Option<OpenTransaction>,
    /// By place: whether the document is still being read.
    reading: Vec<bool>,
    expected: Option<u8>,
    waiting_frames: usize,
    dropped: BTreeMap<String, u64>,
    /// How the lane's own cameras do.
    cameras: BTreeMap<String, State>,
    decisions: Decisions,
    call: Option<RollCall>,
    /// Seats on which somebody fit to be compared was seen, or that opted out.
    settled_seats: BTreeSet<Seat>,
    version: u64,
    last: Option<Instant>,
    frames: u64,
    holds: Vec<HoldView>,
}

fn hold_view(request: &HoldRequest, by: &str, proposal: Option<String>) -> HoldView {
    HoldView {
        proposal,
        proposed_by: by.to_owned(),
        seat: request.seat,
        document: usize::from(request.document),
        reason: request.reason.code(),
        minutes: request.length.get(),
    }
}

impl Inner {
    fn open(&mut self) -> Result<&mut OpenTransaction, Error> {
        self.open.as_mut().ok_or_else(|| Error::gone("transaction"))
    }
}

/// How often the view is worked out anew while frames still wait.
const PAUSE: Duration = Duration::from_millis(250);

/// What a transaction is opened with.
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) direction: Direction,
    pub(crate) lane: Arc<Lane>,
    pub(crate) open: OpenTransaction,
    pub(crate) occupants: Option<u8>,
    pub(crate) documents: Option<u8>,
    pub(crate) at: Date,
    pub(crate) limit: Duration,
}

impl Transaction {
    pub(crate) fn new(desk: Arc<Desk>, opened: Opened) -> Result<Arc<Self>, Error> {
        let now = desk.clock.read().since_boot;
        let mut open = opened.open;
        open.declare(opened.occupants)?;
        let view = TransactionView::of_nothing(&opened.id, &desk.name, opened.direction);
        let transaction = Arc::new(Self {
            id: opened.id,
            direction: opened.direction,
            lane: opened.lane,
            opened: now,
            due: now + opened.limit,
            began: Instant::now(),
            at: opened.at,
            inner: Mutex::new(Inner {
                open: Some(open),
                reading: Vec::new(),
                expected: opened.documents,
                waiting_frames: 0,
                dropped: BTreeMap::new(),
                cameras: BTreeMap::new(),
                decisions: Decisions::default(),
                call: None,
                settled_seats: BTreeSet::new(),
                version: 0,
                last: None,
                frames: 0,
                holds: Vec::new(),
            }),
            view: watch::Sender::new(Arc::new(view)),
            looks: Arc::default(),
            desk,
        });
        transaction.refresh()?;
        Ok(transaction)
    }

    /// To be kept with whatever of it is outside of custody.
    pub(crate) fn looking(&self) -> Looking {
        *self.looks.count() += 1;
        Looking(self.looks.clone())
    }

    /// What it looks like now, and whenever that changes.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<TransactionView>> {
        self.view.subscribe()
    }

    pub(crate) fn view(&self) -> Arc<TransactionView> {
        self.view.borrow().clone()
    }

    pub(crate) fn at(&self) -> Date {
        self.at
    }

    /// Seats whose zones are blackened in whatever is looked at from now on.
    pub(crate) fn opted_out(&self) -> Result<BTreeSet<Seat>, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| match held.is_vehicle_out() {
            true => self.lane.seats(),
            false => held.declaration().opted_out_seats.clone(),
        })?)
    }

    /// Seats that need no second look.
    pub(crate) fn settled_seats(&self) -> BTreeSet<Seat> {
        self.lock().settled_seats.clone()
    }

    pub(crate) fn frame_waits(&self) {
        self.lock().waiting_frames += 1;
    }

    /// A frame that waited goes without being looked at.
    pub(crate) fn frame_dropped(&self, camera: &str) {
        let mut inner = self.lock();
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        *inner.dropped.entry(camera.to_owned()).or_default() += 1;
    }

    /// A frame's name in results: nothing of when it was taken.
    pub(crate) fn next_frame(&self, camera: &str) -> String {
        let mut inner = self.lock();
        inner.frames += 1;
        format!("{camera}-{}", inner.frames)
    }

    /// Takes what a camera saw.
    pub(crate) fn add_frame(&self, seen: Seen) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        inner.open()?.add_frame(seen)?;
        let soon = inner.waiting_frames > 0;
        let early = inner.last.is_some_and(|last| last.elapsed() < PAUSE);
        match soon && early {
            true => Ok(()),
            false => self.refresh_locked(&mut inner),
        }
    }

    /// A frame that was taken and couldn't be read.
    pub(crate) fn add_unreadable(&self) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        inner.open()?.count_unreadable()?;
        self.refresh_locked(&mut inner)
    }

    /// How one of the lane's own cameras does, and whether what it would show is missing.
    pub(crate) fn set_camera(&self, name: &str, state: State, failed: bool) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.set_camera_failed(name, failed)?;
        inner.cameras.insert(name.to_owned(), state);
        self.refresh_locked(&mut inner)
    }

    /// Gives a document its place.
    pub(crate) fn announce_document(&self, id: String) -> Result<usize, Error> {
        let mut inner = self.lock();
        let place = inner.open()?.announce_document(id)?;
        inner.reading.push(true);
        self.refresh_locked(&mut inner)?;
        Ok(place)
    }

    /// Whether a document's holder opted out before it was read.
    pub(crate) fn is_document_out(&self, place: usize) -> Result<bool, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| {
            held.is_vehicle_out() || held.declaration().opted_out_documents.contains(&place)
        })?)
    }

    /// Takes a document that was read.
    pub(crate) fn set_document(
        &self,
        place: usize,
        presented: Presented,
        portrait: Option<Image>,
    ) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.reading[place] = false;
        let fact = log_words::document(&presented.document);
        inner.open()?.set_document(place, presented, portrait)?;
        let is_out = inner.open()?.read(|held| {
            held.is_vehicle_out() || held.declaration().opted_out_documents.contains(&place)
        })?;
        let fact = match is_out {
            true => log_words::document_opted_out(),
            false => fact,
        };
        inner.open()?.record(&[fact])?;
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn declare(
        &self,
        occupants: Option<u8>,
        documents: Option<u8>,
    ) -> Result<(), Error> {
        if occupants.is_some_and(|n| n > 64) {
            return Err(Error::request("occupants: a vehicle has at most 64"));
        }
        let mut inner = self.lock();
        inner.open()?.declare(occupants)?;
        inner.expected = documents.or(inner.expected);
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn opt_out(&self, subject: Subject) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.opt_out(subject)?;
        inner.call = None;
        inner.holds.retain(|hold| {
            let of = [
                seat_subject(hold.seat),
                Some(document_subject(hold.document)),
            ];
            let is_its = subject == Subject::Vehicle || of.contains(&Some(subject));
            hold.proposal.is_none() || !is_its
        });
        self.refresh_locked(&mut inner)
    }

    /// Forgets what was seen of a seat: it is captured anew.
    pub(crate) fn recapture(&self, seat: Seat) -> Result<(), Error> {
        self.check_seat(seat)?;
        let mut inner = self.lock();
        inner.open()?.recapture(seat)?;
        inner.decisions.judgements.remove(&seat);
        inner.settled_seats.remove(&seat);
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn set_aside(&self, place: usize, aside: bool) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.set_aside(place, aside)?;
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn join(&self, places: BTreeSet<usize>) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.join(places)?;
        self.refresh_locked(&mut inner)
    }

    /// An officer's judgement of a seat's picture and a portrait, made blind; what
    /// the machine thought of the same pair, for the aggregate.
    pub(crate) fn judge(
        &self,
        seat: Seat,
        document: usize,
        judgement: Judgement,
    ) -> Result<bool, Error> {
        self.check_seat(seat)?;
        let view = self.view();
        let shown = view.seats.iter().find(|s| s.seat == Some(seat));
        if !shown.is_some_and(|s| s.blind) {
            return Err(Error::conflict(
                "this seat isn't waiting for a judgement: another officer gave theirs, or new pictures settled it",
            ));
        }
        if document >= view.documents.len() {
            return Err(Error::request("document: there is none at this place"));
        }
        let mut inner = self.lock();
        inner
            .decisions
            .judgements
            .insert(seat, (document, judgement));
        let inclined = inner.call.as_ref().is_some_and(|call| {
            let of = call.seats.iter().find(|s| s.seat == Some(seat));
            of.is_some_and(|s| {
                s.document == Some(document)
                    && s.score
                        .is_some_and(|score| score.0 >= call.threshold.score.0)
            })
        });
        self.refresh_locked(&mut inner)?;
        Ok(inclined)
    }

    /// Records an officer's decision. One about the same subject corrects the one
    /// before: both are in the log.
    pub(crate) fn adjudicate(
        &self,
        subject: Subject,
        reason: AdjudicationReason,
        officer: &Officer,
    ) -> Result<(), Error> {
        let mut inner = self.lock();
        let seat = match subject {
            Subject::Seat(..) => {
                let seats = self.lane.seats();
                let seat = seats
                    .into_iter()
                    .find(|s| seat_subject(*s) == Some(subject));
                Some(seat.ok_or_else(|| Error::request("subject: the lane has no such seat"))?)
            }
            _ => None,
        };
        if let Some(seat) = seat {
            let blind = self
                .view()
                .seats
                .iter()
                .any(|s| s.seat == Some(seat) && s.blind);
            if blind {
                return Err(Error::conflict(
                    "say first whether the two pictures show one person: the decision comes after",
                ));
            }
        }
        let place = match subject {
            Subject::Document(number) => Some(usize::from(number.get())),
            _ => None,
        };
        if place.is_some_and(|place| place >= inner.reading.len()) {
            return Err(Error::request("subject: there is no such document"));
        }
        inner.open()?.record(&[Fact::Adjudicated {
            subject,
            officer,
            reason,
        }])?;
        let decided = |before: Option<&Adjudication>| Adjudication {
            reason: reason.code(),
            corrects: before.map_or(0, |before| before.corrects + 1),
        };
        let decisions = &mut inner.decisions;
        match (seat, place) {
            (Some(seat), _) => {
                let new = decided(decisions.seats.get(&seat));
                decisions.seats.insert(seat, new);
            }
            (_, Some(place)) => {
                let new = decided(decisions.documents.get(&place));
                decisions.documents.insert(place, new);
            }
            _ => decisions.vehicle = Some(decided(decisions.vehicle.as_ref())),
        }
        self.refresh_locked(&mut inner)
    }

    /// Puts an image pair on hold, or proposes to where it takes two officers; `by` is
    /// the officer's name, for who is to consent.
    pub(crate) fn hold(
        &self,
        request: &HoldRequest,
        officer: &Officer,
        by: &str,
    ) -> Result<HoldId, Error> {
        let mut inner = self.lock();
        let hold = inner.open()?.hold(request, officer)?;
        inner.holds.push(hold_view(request, by, None));
        self.refresh_locked(&mut inner)?;
        Ok(hold)
    }

    /// Proposes a hold, where it takes two officers.
    pub(crate) fn propose_hold(
        &self,
        request: &HoldRequest,
        officer: &Officer,
        by: &str,
    ) -> Result<Proposal, Error> {
        let mut inner = self.lock();
        let proposal = inner.open()?.propose_hold(request, officer)?;
        let view = hold_view(request, by, Some(proposal.number().to_string()));
        inner.holds.push(view);
        self.refresh_locked(&mut inner)?;
        Ok(proposal)
    }

    pub(crate) fn consent(&self, proposal: Proposal, officer: &Officer) -> Result<HoldId, Error> {
        let mut inner = self.lock();
        let hold = inner.open()?.consent(proposal, officer)?;
        let number = Some(proposal.number().to_string());
        for view in inner.holds.iter_mut().filter(|h| h.proposal == number) {
            view.proposal = None;
        }
        self.refresh_locked(&mut inner)?;
        Ok(hold)
    }

    /// The best picture of a seat, by `show`; nothing borrowed leaves it.
    pub(crate) fn seat_picture<R>(
        &self,
        seat: Seat,
        show: impl FnOnce(&Image) -> R,
    ) -> Result<Option<R>, Error> {
        let mut inner = self.lock();
        let Inner { open, call, .. } = &mut *inner;
        let shot = call.as_ref().and_then(|call| {
            let of = call.seats.iter().find(|s| s.seat == Some(seat))?;
            let shot = of.shots.first()?;
            Some((shot.frame, shot.face))
        });
        let open = open.as_mut().ok_or_else(|| Error::gone("transaction"))?;
        Ok(open.read(|held| {
            let (frame, face) = shot?;
            held.cut(frame, face).map(|cut| show(cut.image()))
        })?)
    }

    /// The portrait of a document, as [`Transaction::seat_picture`].
    pub(crate) fn portrait<R>(
        &self,
        place: usize,
        show: impl FnOnce(&Image) -> R,
    ) -> Result<Option<R>, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| held.portrait(place).map(show))?)
    }

    /// Works the view out anew.
    pub(crate) fn refresh(&self) -> Result<(), Error> {
        self.refresh_locked(&mut self.lock())
    }

    fn refresh_locked(&self, inner: &mut Inner) -> Result<(), Error> {
        let desk = &self.desk;
        let call = inner.open()?.read(|held| {
            let evidence = held.evidence(&desk.models.calibration, self.at);
            rowcall_rollcall::call(&evidence)
        })?;
        let call = call.map_err(|e| Error::request(e.to_string()))?;
        let gate = &self.lane.policy.quality;
        inner.settled_seats = inner.open()?.read(|held| {
            let fit = held.frames().iter().flat_map(|frame| {
                let camera = self.lane.camera(&frame.camera);
                let fit = frame.faces.iter();
                let fit = fit.filter(|f| f.quality.failures(gate).is_empty());
                fit.filter_map(move |f| camera?.seat_of(f.face, frame.width, frame.height))
            });
            let out = held.declaration().opted_out_seats.iter().copied();
            fit.chain(out).collect()
        })?;
        inner.version += 1;
        inner.last = Some(Instant::now());
        let waiting = Waiting {
            frames: inner.waiting_frames,
            documents: inner.reading.iter().filter(|reading| **reading).count(),
        };
        let left = self.due.saturating_sub(desk.clock.read().since_boot);
        let shown_holds = inner.holds.clone();
        let Inner {
            open,
            reading,
            expected,
            dropped,
            cameras,
            decisions,
            version,
            ..
        } = &mut *inner;
        let open = open.as_mut().ok_or_else(|| Error::gone("transaction"))?;
        let view = open.read(|held| {
            let outlook = Outlook {
                lane: &self.lane,
                calibration: &desk.models.calibration,
                held,
                call: &call,
                decisions,
                reading,
            };
            let seats = outlook.seats();
            TransactionView {
                id: self.id.clone(),
                lane: desk.name.clone(),
                direction: self.direction,
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
        inner.call = Some(call);
        self.view.send_replace(Arc::new(view));
        Ok(())
    }

    /// Ends it: outcomes go to the log, biometrics are destroyed, and what the
    /// calling system is owed is given, beside the last view.
    pub(crate) fn close(&self) -> Result<(Arc<TransactionView>, Settled), Error> {
        self.refresh()?;
        let view = self.view();
        let mut inner = self.lock();
        let mut facts: Vec<Fact<'_>> = Vec::new();
        if let Some(call) = &inner.call {
            facts.extend(call.seats.iter().filter_map(log_words::seat));
        }
        inner.open()?.record(&facts)?;
        let confirmed = inner.call.as_ref().map_or(0, |call| {
            let seats = call.seats.iter();
            seats
                .filter(|s| s.outcome == SeatOutcome::Confirmed)
                .count()
        });
        let documents = view.documents.iter();
        let documents = documents.map(SettledDocument::of).collect();
        let open = inner.open.take();
        let open = open.ok_or_else(|| Error::gone("transaction"))?;
        drop(inner);
        // What comes in from here on is turned away; the receipt says that nothing is
        // left when an analyst has nothing left either.
        self.looks.wait();
        let receipt = open.close()?.receipt().clone();
        self.let_go();
        let settled = Settled {
            id: self.id.clone(),
            outcome: view.outcome,
            confirmed,
            documents,
            receipt: receipt.to_string(),
        };
        Ok((view, settled))
    }

    /// Lets go of it without closing it: custody destroys what it holds, and whoever
    /// watches sees nothing of anybody.
    pub(crate) fn let_go(&self) {
        let mut inner = self.lock();
        inner.open = None;
        inner.call = None;
        inner.decisions = Decisions::default();
        drop(inner);
        let nothing = TransactionView::of_nothing(&self.id, &self.desk.name, self.direction);
        self.view.send_replace(Arc::new(nothing));
    }

    fn check_seat(&self, seat: Seat) -> Result<(), Error> {
        match self.lane.seats().contains(&seat) {
            true => Ok(()),
            false => Err(Error::request(format_args!(
                "seat: the lane has no zone for {seat}"
            ))),
        }
    }

    /// What an officer's word about a document is about.
    pub(crate) fn document_subject(&self, place: usize) -> Result<Subject, Error> {
        match place < self.lock().reading.len() {
            true => Ok(document_subject(place)),
            false => Err(Error::request("document: there is none at this place")),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
