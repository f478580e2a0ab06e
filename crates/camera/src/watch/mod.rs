//! One camera, watched: a task of its own connects, waits, begins anew, looks at the
//! camera's health, and keeps the newest captures for whoever wants them. Nothing that
//! a camera does stalls another one, or whoever reads.

mod backoff;
mod facts;
pub(crate) mod health;
mod lag;
mod options;
mod slot;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::{Instant, sleep, timeout},
};

use crate::{
    CameraConfig, Clock, Error, ErrorKind, Source, caps,
    capture::{Capture, Picture, Shot},
    look::{Grey, Look},
    push::{self, Pusher},
    stream::{Event, Opener},
};
use backoff::Backoff;
use facts::Facts;
use health::Health;
pub use options::{Options, Thresholds};
use slot::Slot;

/// A connection that lasted so long, and gave frames, was a good one.
const GOOD_AFTER: Duration = Duration::from_secs(10);
/// Of a gap between two wanted frames, so much must have passed: arrivals vary.
const EARLY: f32 = 0.8;

/// A watched camera. Dropping it ends the watch and the connection.
pub struct Watch {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// One reader's captures; dropping it wipes what waits in it.
pub struct Frames {
    shared: Arc<Shared>,
    slot: Arc<Slot>,
}

struct Shared {
    options: Options,
    clock: Arc<dyn Clock>,
    facts: Mutex<Facts>,
    readers: Mutex<Vec<Weak<Slot>>>,
    before: Mutex<Option<Grey>>,
    is_looking: AtomicBool,
}

impl Watch {
    /// Begins to watch. To be called within a tokio runtime.
    pub fn spawn(opener: Box<dyn Opener>, options: Options, clock: Arc<dyn Clock>) -> Self {
        let facts = Facts::new(options.thresholds.clone(), Instant::now());
        let shared = Arc::new(Shared {
            options,
            clock,
            facts: Mutex::new(facts),
            readers: Mutex::default(),
            before: Mutex::default(),
            is_looking: AtomicBool::new(false),
        });
        let task = tokio::spawn(run(opener.into(), Arc::clone(&shared)));
        Self { shared, task }
    }

    /// Watches a configured camera; with the end that takes its frames if they are brought
    /// to it. Give each camera a `seed` of its own, so that they don't come back in step.
    ///
    /// # Errors
    /// As [`opener`](crate::opener).
    pub fn of(
        camera: &CameraConfig,
        seed: u64,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Option<Pusher>), Error> {
        let (opener, pusher): (Box<dyn Opener>, _) = match camera.source {
            Source::Push => {
                let (pusher, pushed) = push::channel();
                (Box::new(pushed), Some(pusher))
            }
            _ => (crate::opener(camera)?, None),
        };
        let watch = Self::spawn(opener, Options::new(camera, seed), clock);
        Ok((watch, pusher))
    }

    /// What is known of the camera now.
    pub fn health(&self) -> Health {
        self.shared.facts().health(Instant::now())
    }

    /// A reader of what comes from now on. While there is none, frames are looked at
    /// for the camera's health and dropped.
    pub fn frames(&self) -> Frames {
        let slot = Arc::new(Slot::new(self.shared.options.keep));
        lock(&self.shared.readers).push(Arc::downgrade(&slot));
        let shared = Arc::clone(&self.shared);
        Frames { shared, slot }
    }

    /// Ends the watch and the connection. A picture that is being decoded is let go when
    /// it is done.
    pub async fn stop(mut self) {
        self.task.abort();
        // Ended by that, or before.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Frames {
    /// The oldest capture that still waits, or the next one that comes. Waits for ever
    /// if the camera gives none: have a time limit, and look at [`Watch::health`].
    /// Nothing is lost if the future is dropped.
    pub async fn next(&self) -> Arc<Capture> {
        loop {
            let capture = self.slot.take().await;
            if self.is_fresh(&capture) {
                return capture;
            }
        }
    }

    /// The oldest capture that waits, if any does.
    pub fn try_next(&self) -> Option<Arc<Capture>> {
        loop {
            let capture = self.slot.try_take()?;
            if self.is_fresh(&capture) {
                return Some(capture);
            }
        }
    }

    /// To be called when the picture of a capture couldn't be decoded: it counts.
    pub fn report_damaged(&self, why: &rowcall_picture::Error) {
        let why = Error::new(ErrorKind::Damaged, why);
        self.shared.facts().damaged(&why, Instant::now());
    }

    fn is_fresh(&self, capture: &Capture) -> bool {
        let limit = self.shared.options.thresholds.frame_age_limit;
        let is_fresh = capture.arrived.elapsed() <= limit;
        self.shared.facts().counters.stale += u64::from(!is_fresh);
        is_fresh
    }
}

/// Session after session, for ever.
async fn run(opener: Arc<dyn Opener>, shared: Arc<Shared>) {
    let mut backoff = Backoff::new(shared.options.seed);
    loop {
        let began = Instant::now();
        let received = shared.facts().counters.received;
        // Its own task: what panics in it, a decoder, ends the session alone.
        let session = session(Arc::clone(&opener), Arc::clone(&shared));
        let mut session = Ending(tokio::spawn(session));
        let why = match (&mut session.0).await {
            Ok(why) => why,
            Err(e) => Error::new(
                ErrorKind::Internal,
                "this program failed on what the camera sent; please report it",
            )
            .because(e),
        };
        let gave = shared.facts().counters.received > received;
        if gave && began.elapsed() >= GOOD_AFTER {
            backoff.reset();
        }
        *lock(&shared.before) = None;
        shared.facts().lost(&why, Instant::now());
        sleep(backoff.next(why.needs_somebody())).await;
    }
}

/// One connection, and why it ended.
async fn session(opener: Arc<dyn Opener>, shared: Arc<Shared>) -> Error {
    let within = shared.options.answer_within;
    let silent = |what: &str| {
        let seconds = within.as_secs_f32();
        Error::new(ErrorKind::Silent, format_args!("{what} within {seconds} s"))
    };
    let mut stream = match timeout(within, opener.open()).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(why)) => return why,
        Err(_) => return silent("it doesn't answer"),
    };
    shared.facts().opened();
    let mut pace = Pace::default();
    loop {
        let event = match opener.is_asked() {
            true => match timeout(within, stream.next()).await {
                Ok(event) => event,
                Err(_) => return silent("it is connected, and sent no frame"),
            },
            false => stream.next().await,
        };
        match event {
            Ok(Event::Shot(shot)) => shared.take(shot, stream.about(), &mut pace),
            Ok(Event::Skipped { bytes, arrived }) => shared.facts().skipped(bytes, arrived),
            Ok(Event::Damaged(why)) => shared.facts().damaged(&why, Instant::now()),
            Err(why) => return why,
        }
    }
}

/// When there was a frame last that was handed out, and one that was looked at.
#[derive(Default)]
struct Pace {
    handed: Option<Instant>,
    looked: Option<Instant>,
}

impl Shared {
    fn facts(&self) -> MutexGuard<'_, Facts> {
        lock(&self.facts)
    }

    fn take(self: &Arc<Self>, shot: Shot, about: crate::stream::About, pace: &mut Pace) {
        let now = shot.arrived;
        let (is_stale, sequence) = {
            let mut facts = self.facts();
            let is_stale = facts.shot(&shot, self.clock.wall(), about);
            (is_stale, facts.counters.received)
        };
        if let Err(why) = outside(&shot.picture) {
            return self.facts().damaged(&why, now);
        }
        let capture = Arc::new(Capture {
            sequence,
            picture: shot.picture,
            arrived: now,
            taken: shot.taken,
        });
        let passed = |since: Option<Instant>, gap: Duration| {
            since.is_none_or(|since| now.saturating_duration_since(since) >= gap)
        };
        if passed(pace.looked, self.options.look_every) && self.look(&capture) {
            pace.looked = Some(now);
        }
        let gap = Duration::from_secs_f32(EARLY / self.options.frames_per_second.max(0.01));
        if is_stale {
            self.facts().counters.stale += 1;
        } else if !passed(pace.handed, gap) {
            self.facts().counters.thinned += 1;
        } else {
            pace.handed = Some(now);
            self.hand_out(&capture);
        }
    }

    fn hand_out(&self, capture: &Arc<Capture>) {
        let mut readers = lock(&self.readers);
        let (mut handed, mut overrun) = (0, 0);
        readers.retain(|reader| {
            let Some(slot) = reader.upgrade() else {
                return false;
            };
            handed += 1;
            overrun += u64::from(slot.put(Arc::clone(capture)));
            true
        });
        drop(readers);
        let mut facts = self.facts();
        facts.counters.overrun += overrun;
        match handed {
            0 => facts.counters.unwanted += 1,
            _ => facts.counters.handed_out += 1,
        }
    }

    /// Looks at a picture beside all else; whether it does, since it may be at one.
    fn look(self: &Arc<Self>, capture: &Arc<Capture>) -> bool {
        if self.is_looking.swap(true, Ordering::AcqRel) {
            return false;
        }
        let (shared, capture) = (Arc::clone(self), Arc::clone(capture));
        spawn_blocking(move || {
            let _done = Looking(&shared.is_looking);
            let looked = Grey::of(&capture.picture);
            drop(capture);
            match looked {
                Ok(grey) => {
                    let mut before = lock(&shared.before);
                    let look: Look = grey.look(before.as_ref());
                    *before = Some(grey);
                    shared.facts().looked(look, Instant::now());
                }
                Err(why) => {
                    let why = Error::new(ErrorKind::Damaged, &why).because(why);
                    shared.facts().damaged(&why, Instant::now());
                }
            }
        });
        true
    }
}

/// What can be seen of a picture's file from outside.
fn outside(picture: &Picture) -> Result<(), Error> {
    match picture {
        Picture::Encoded(file) if file.len() > caps::MAX_FRAME_BYTES => Err(Error::new(
            ErrorKind::TooLarge,
            format_args!(
                "a frame has {} bytes, {} are allowed",
                file.len(),
                caps::MAX_FRAME_BYTES
            ),
        )),
        Picture::Encoded(file) if !rowcall_picture::is_picture(file) => {
            Err(Error::new(ErrorKind::Damaged, "a frame isn't a picture"))
        }
        _ => Ok(()),
    }
}

/// Ends a task with its owner.
struct Ending<T>(JoinHandle<T>);

impl<T> Drop for Ending<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Looking<'a>(&'a AtomicBool);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Locks, also after a panic: what is behind these locks is counted, not built on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
