//! Vehicles from folders, arriving one after another as if they were filmed: what
//! `rowcall demo` plays.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rowcall_custody::seat_subject;
use rowcall_picture::{Image, Limits, Wiped};
use rowcall_pipeline::{
    folder::{Folder, entries::read_limited},
    source::DocumentSource as _,
};
use rowcall_words::outcome::VehicleOutcome;
use rowcall_words::seat::Seat;

use crate::{
    Error, ErrorKind, Service,
    http::encoded,
    service::Order,
    transaction::Transaction,
    view::{SeatState, TransactionView},
};

/// A vehicle as it is to arrive.
pub struct Act {
    /// Its folder.
    pub folder: Folder,
    /// What is different about it.
    pub twist: Twist,
}

/// What is different about a vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing.
    None,
    /// Whoever sits there opts out while the cameras look.
    OptOut(Seat),
    /// This camera shows nothing.
    DeadCamera(String),
    /// The last document is handed over late.
    LateDocument,
    /// Instead of the last document somebody else's is handed over: its folder.
    WrongDocument(PathBuf),
}

/// How fast it goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two moments of the cameras.
    pub frame: Duration,
    /// Between two documents.
    pub document: Duration,
    /// How long a vehicle that is cleared stays.
    pub cleared: Duration,
    /// How long a vehicle that isn't waits for an officer.
    pub referred: Duration,
    /// Between two vehicles.
    pub gap: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            frame: Duration::from_millis(450),
            document: Duration::from_millis(1200),
            cleared: Duration::from_secs(6),
            referred: Duration::from_secs(90),
            gap: Duration::from_secs(3),
        }
    }
}

impl Pace {
    /// As fast as the machine goes, for who doesn't watch: what isn't cleared still
    /// waits for its officer.
    pub fn fast() -> Self {
        Self {
            frame: Duration::from_millis(100),
            document: Duration::from_millis(100),
            cleared: Duration::from_secs(4),
            // Nearly as long as a vehicle may stay: a machine under load takes its time.
            referred: Duration::from_secs(540),
            gap: Duration::from_millis(500),
        }
    }
}

impl Service {
    /// Plays vehicles at a lane, one after another and again from the first, until
    /// `stop`; `turns` ends it after so many vehicles.
    ///
    /// # Errors
    /// If a vehicle's folder can't be read, or custody can't go on.
    pub fn play(
        &self,
        lane: &str,
        acts: &[Act],
        pace: &Pace,
        turns: Option<usize>,
        stop: &AtomicBool,
    ) -> Result<(), Error> {
        let all = acts.iter().cycle().take(turns.unwrap_or(usize::MAX));
        for act in all {
            if stop.load(Ordering::Relaxed) || acts.is_empty() {
                return Ok(());
            }
            self.wait_for_set_up(lane, act, stop)?;
            match self.arrive(lane, act, pace, stop) {
                // An officer closed it: the next one comes.
                Err(error) if error.kind() == ErrorKind::Gone => {}
                Err(error) if error.kind() == ErrorKind::Busy => {}
                other => other?,
            }
            rest(pace.gap, stop);
        }
        Ok(())
    }

    fn arrive(&self, lane: &str, act: &Act, pace: &Pace, stop: &AtomicBool) -> Result<(), Error> {
        let folder = &act.folder;
        let order = Order {
            layout: Some(folder.lane.name.clone()),
            occupants: folder.declared,
            documents: u8::try_from(folder.documents.len()).ok(),
            ..Order::default()
        };
        let transaction = self.open(lane, &order)?.transaction;
        let begun = Instant::now();
        let mut documents = folder.document_sources();
        if let Twist::WrongDocument(path) = &act.twist {
            documents.pop();
            documents.push(folder.document_at(path));
        }
        let mut documents = documents.into_iter().peekable();
        let moments = moments(folder, &act.twist);
        let mut handed = 0;
        let mut shown = 0;
        while !stop.load(Ordering::Relaxed) {
            self.check_open(&transaction)?;
            let due = pace.document * (handed + 1);
            let is_last = handed + 1 == folder.documents.len() as u32;
            let due = match (&act.twist, is_last) {
                (Twist::LateDocument, true) => due + 5 * pace.document,
                _ => due,
            };
            if let Some(document) = documents.next_if(|_| begun.elapsed() >= due) {
                let files = document.files()?;
                self.add_document(&transaction, Some(document.id()), files)?;
                handed += 1;
            }
            match moments.get(shown) {
                Some(moment) => self.film(&transaction, moment, 0)?,
                None if documents.peek().is_none() => break,
                None => {}
            }
            shown += 1;
            if let Twist::OptOut(seat) = act.twist
                && shown == moments.len().div_ceil(2)
                && let Some(subject) = seat_subject(seat)
            {
                transaction.opt_out(subject)?;
            }
            rest(pace.frame, stop);
        }
        self.wait_for_officer(&transaction, &moments, pace, stop)?;
        self.close(&transaction).map(drop)
    }

    /// A vehicle that is cleared goes on by itself; another waits for its officer.
    fn wait_for_officer(
        &self,
        transaction: &Arc<Transaction>,
        moments: &[Moment<'_>],
        pace: &Pace,
        stop: &AtomicBool,
    ) -> Result<(), Error> {
        let begun = Instant::now();
        let mut clear_since = None;
        let mut seen = BTreeSet::new();
        let mut take = 0_u8;
        while !stop.load(Ordering::Relaxed) && begun.elapsed() < pace.referred {
            self.check_open(transaction)?;
            let view = transaction.view();
            let now: BTreeSet<Seat> = shown_seats(&view).collect();
            let is_out = |seat: &Seat| {
                let mut all = view.seats.iter();
                all.any(|s| s.seat == Some(*seat) && s.state == SeatState::OptedOut)
            };
            // Somebody is to be captured anew, and the cameras still look.
            if seen.difference(&now).any(|seat| !is_out(seat)) {
                take = take.wrapping_add(1).max(1);
                for moment in moments {
                    self.film(transaction, moment, take)?;
                    rest(pace.frame, stop);
                }
            }
            seen = now;
            let is_quiet = view.waiting == crate::view::Waiting::default();
            let is_clear = view.outcome == Some(VehicleOutcome::AllConfirmed);
            match is_quiet && is_clear {
                false => clear_since = None,
                true => {
                    let since = *clear_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= pace.cleared {
                        break;
                    }
                }
            }
            rest(Duration::from_millis(200), stop);
        }
        Ok(())
    }

    /// What every camera shows at one moment, for the first time or once more.
    fn film(
        &self,
        transaction: &Arc<Transaction>,
        moment: &Moment<'_>,
        take: u8,
    ) -> Result<(), Error> {
        for (camera, path) in moment {
            let mut picture = Wiped::new(read_limited(path)?);
            if take > 0 {
                picture = in_other_light(&picture, take)?;
            }
            self.add_frame(transaction, camera, picture)?;
        }
        Ok(())
    }

    /// While somebody sets the cameras up no vehicle arrives: the cameras show people
    /// who sit there for it.
    fn wait_for_set_up(&self, lane: &str, act: &Act, stop: &AtomicBool) -> Result<(), Error> {
        let moments = moments(&act.folder, &Twist::None);
        for moment in moments.iter().cycle() {
            if stop.load(Ordering::Relaxed) || !self.is_set_up(lane) {
                break;
            }
            for (camera, path) in moment {
                let picture = Wiped::new(read_limited(path)?);
                self.show_set_up(self.desk(lane)?, camera, &picture);
            }
            rest(Duration::from_millis(500), stop);
        }
        Ok(())
    }

    fn check_open(&self, transaction: &Transaction) -> Result<(), Error> {
        self.find(&transaction.id).map(drop)
    }
}

/// Seats with a picture of whoever sits there.
fn shown_seats(view: &TransactionView) -> impl Iterator<Item = Seat> {
    let shown = view.seats.iter().filter(|seat| seat.picture.is_some());
    shown.filter_map(|seat| seat.seat)
}

/// What cameras show at one moment: each camera's name, and its frame's file.
type Moment<'a> = Vec<(&'a str, &'a std::path::Path)>;

/// The frames of each moment: the first of every camera, then the second, and so on.
fn moments<'a>(folder: &'a Folder, twist: &Twist) -> Vec<Moment<'a>> {
    let mut moments: Vec<Vec<_>> = Vec::new();
    for camera in &folder.lane.cameras {
        if *twist == Twist::DeadCamera(camera.name.clone()) {
            continue;
        }
        let own = folder.frames.iter().filter(|f| f.camera == camera.name);
        for (i, frame) in own.enumerate() {
            if moments.len() <= i {
                moments.push(Vec::new());
            }
            moments[i].push((frame.camera.as_str(), frame.path.as_path()));
        }
    }
    moments
}

/// The same scene a little later: no camera takes the same picture twice, and one that
/// seems to stands still.
fn in_other_light(file: &[u8], take: u8) -> Result<Wiped<u8>, Error> {
    let mut image = Image::decode(file, &Limits::FRAME)
        .map_err(|e| Error::us(format_args!("a frame of the demonstration: {e}")))?;
    let permille = 1000 + 12 * (1 + u32::from(take % 5));
    for value in image.rgb_mut() {
        *value = u8::try_from(u32::from(*value) * permille / 1000).unwrap_or(u8::MAX);
    }
    encoded(&image)
}

/// Waits, but no longer than until it is to stop.
fn rest(time: Duration, stop: &AtomicBool) {
    let end = Instant::now() + time;
    while !stop.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(50)));
    }
}
