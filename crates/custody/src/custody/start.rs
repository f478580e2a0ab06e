//! Starting, after whatever happened to the process before.

use super::command::Actor;
use super::shared::Shared;
use super::state::{OpenSet, State};
use super::{Custody, actor};
use crate::book::Book;
use crate::clock::{Clock, Reading, Timeline};
use crate::hold::files::HoldFiles;
use crate::hold::keys::KeyFile;
use crate::mac::{StoreKey, key_check};
use crate::officer::LogIn;
use crate::policy::{Keys, Places, Policy};
use crate::store::Store;
use crate::{Error, LockedKey};
use rand_core::CryptoRng;
use rowcall_audit::entry::Minute;
use rowcall_audit::{Checkpoint, Entry, Event, KeyName, Log, LogFolder, Recovery, SignerKey};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;

/// What was found at start-up: worth a line in the start-up log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Started {
    /// What the audit log's recovery put aside.
    pub recovery: Recovery,
    /// Transactions that the last process had left open; their receipts are
    /// written now.
    pub left_open: usize,
    /// Holds that ended at start-up.
    pub holds_ended: usize,
    /// Nobody knows how much time has passed, because the machine was booted with
    /// its clock behind or because what was remembered of time is not as custody
    /// wrote it: every hold was ended.
    pub clock_uncertain: bool,
    /// How many entries of the log were read; the others stand in a snapshot.
    pub entries_read: u64,
    /// The log was handed over to the first of the keys: the other is not needed
    /// any more.
    pub log_key_changed: bool,
    /// How many holds' keys were wrapped anew with another site key, where there
    /// is one: the former is not needed any more.
    pub rewrapped: Option<usize>,
}

impl Custody {
    /// Takes custody up, or begins it where there is nothing yet: opens and
    /// recovers the audit log, writes a receipt for every transaction that a
    /// process left open when it ended, and ends holds that are over or no
    /// longer whole. The [`LogIn`] is the one way to officers.
    ///
    /// # Errors
    /// If another process has it, a key does not fit, the log has been rolled
    /// back behind what was seen of it, or anything cannot be read or written.
    /// Where a key does not fit or the log was rolled back, nothing was touched.
    pub fn start(
        places: &Places,
        policy: Policy,
        keys: Keys,
        clock: impl Clock + 'static,
        mut random: Box<dyn CryptoRng + Send>,
    ) -> Result<(Self, LogIn, Started), Error> {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let reading = clock.read();
        let minute = Minute::from_unix_seconds(reading.wall);
        let log_name = name_of(&keys.log)?;
        let had_store = places.store.exists();
        let store = Store::open(&places.store)?;
        let site = SiteKeys::new(&store, keys.site, keys.former_site)?;
        let seen = store.log_seen(&log_name)?;
        if seen.is_none() && !site.is_new {
            return Err(Error::device(format!(
                "custody's store {} does not remember the audit log any more: somebody has \
                 changed it. Keep both as they are and find out why before going on",
                places.store.display()
            )));
        }
        let (log, recovery, successor) = open_log(places, keys.log, minute, seen.as_ref())?;
        let folder = LogFolder::open(&places.log)?;
        let snapshot = store.snapshot(&site.store_keys())?;
        let book = Book::read(&folder, snapshot.as_deref())?;
        let entries_read = book.read_here();
        let time = Time::resume(&store, &site, &book, reading, had_store)?;
        let key_file = KeyFile::open(&places.hold_keys, policy.live_holds + 1, &mut *random)?;
        let (log_in, seal) = LogIn::new();
        let shared = Arc::new(Shared {
            stopped: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            clock,
            log: log_name,
            files: HoldFiles::open(&places.holds)?,
            seal,
        });
        let snapshot_at = book.size;
        let SiteKeys {
            present,
            former,
            is_new,
            store_key,
            ..
        } = site;
        let mut state = State {
            log,
            book,
            store,
            store_key,
            keys: key_file,
            site: present,
            officers: keys.officers,
            policy,
            random,
            shared: shared.clone(),
            line: time.line,
            step: time.step,
            open: OpenSet::default(),
            holds: BTreeMap::new(),
            unwritten: Vec::new(),
            outcomes: Vec::new(),
            unremembered: None,
            snapshot_at,
        };
        let mut started = Started {
            recovery,
            left_open: state.book.open.len(),
            clock_uncertain: time.uncertain,
            entries_read,
            log_key_changed: successor.is_some(),
            ..Started::default()
        };
        state.take_holds_of_version_1()?;
        if is_new {
            started.rewrapped = state.rewrap(former.as_ref())?;
        }
        started.holds_ended = state.announce(successor, time.uncertain)?;
        state.housekeep(true)?;
        state.date();
        let (send, receive) = channel();
        std::thread::Builder::new()
            .name("custody".to_owned())
            .spawn(move || actor::run_guarded(state, &receive))
            .map_err(|e| Error::device(format!("cannot start custody's thread: {e}")))?;
        let actor = Actor::new(send);
        Ok((Self { actor, shared }, log_in, started))
    }
}

fn name_of(keys: &[SignerKey]) -> Result<KeyName, Error> {
    let first = keys
        .first()
        .ok_or_else(|| Error::operator("no key was given to sign the audit log with"))?;
    Ok(first.verifier().name().clone())
}

/// The site key, held against what the store knows of it before anything else is
/// done: a wrong key at one start must not end a hold.
struct SiteKeys {
    present: LockedKey,
    former: Option<LockedKey>,
    /// Whether the store does not know it yet.
    is_new: bool,
    store_key: StoreKey,
    former_store_key: Option<StoreKey>,
}

impl SiteKeys {
    fn new(store: &Store, present: LockedKey, former: Option<LockedKey>) -> Result<Self, Error> {
        let is = |key: &LockedKey, check: &[u8]| key_check(key)[..] == *check;
        let checks = store.site_checks()?;
        let is_new = match &checks {
            None => true,
            Some([Some(known), None]) if is(&present, known) => false,
            Some([Some(known), next]) => {
                let follows = next.as_ref().is_none_or(|next| is(&present, next));
                let changes = former.as_ref().is_some_and(|former| is(former, known));
                if !(follows && changes) {
                    return Err(Error::operator(
                        "the site key is not the one that this lane's holds are wrapped with. \
                         Nothing was touched. Give that key; or, to change it, the new key and \
                         that one as the former",
                    ));
                }
                true
            }
            Some(_) => {
                return Err(Error::device(
                    "custody's store has no check of the site key",
                ));
            }
        };
        Ok(Self {
            store_key: StoreKey::new(&present),
            former_store_key: former.as_ref().map(StoreKey::new),
            present,
            former,
            is_new,
        })
    }

    fn store_keys(&self) -> Vec<&StoreKey> {
        let former = self.former_store_key.as_ref();
        std::iter::once(&self.store_key).chain(former).collect()
    }
}

/// What is known of time.
struct Time {
    line: Timeline,
    step: Option<Entry>,
    uncertain: bool,
}

impl Time {
    fn resume(
        store: &Store,
        site: &SiteKeys,
        book: &Book,
        reading: Reading,
        had_store: bool,
    ) -> Result<Self, Error> {
        let minute = Minute::from_unix_seconds(reading.wall);
        // A store of version 1 had nobody vouch for its time line. It is believed
        // for its own holds, and never where there is one of the present version.
        let from_version_1 = store.site_checks()?.is_none() && store.holds()?.is_empty();
        let found = store.timeline(&site.store_keys())?;
        let known = found.filter(|(_, _, vouched)| *vouched || from_version_1);
        let (resumed, uncertain) = match known {
            Some((now, last, _)) => {
                let resumed = Timeline::resume(now, last, reading);
                let uncertain = resumed.uncertain;
                (resumed, uncertain)
            }
            None => {
                let lost = had_store || !book.holds.is_empty();
                (Timeline::resume(0, reading, reading), lost)
            }
        };
        let last_minute = book.last_minute.unwrap_or(minute);
        let step = (resumed.step.is_some() || minute < last_minute).then(|| {
            let expected = resumed.step.map_or(0, |step| step.expected);
            let was = Minute::from_unix_seconds(expected).max(last_minute);
            Entry {
                minute,
                event: Event::ClockStepped { was },
            }
        });
        Ok(Self {
            line: resumed.line,
            step,
            uncertain,
        })
    }
}

/// Opens the log with whichever key signed it last, or begins it; and the key
/// that it is to be handed over to, where that is another.
fn open_log(
    places: &Places,
    mut keys: Vec<SignerKey>,
    minute: Minute,
    seen: Option<&Checkpoint>,
) -> Result<(Log, Recovery, Option<SignerKey>), Error> {
    if places.log.join("checkpoint").exists() {
        let folder = LogFolder::open(&places.log)?;
        let signed = |key: &SignerKey| folder.note().verify(key.verifier()).is_ok();
        let at = keys.iter().position(signed);
        // The first, if another signed: it is to sign from now on.
        let mut keys: Vec<_> = keys.into_iter().map(Some).collect();
        let signer = at.and_then(|at| keys[at].take());
        let successor = keys[0].take().filter(|_| signer.is_some());
        let (log, recovery) = Log::open(&places.log, signer.into_iter().collect(), seen)?;
        return Ok((log, recovery, successor));
    }
    // A log that was there and is gone must not be begun anew in silence.
    if let Some(seen) = seen {
        return Err(Error::device(format!(
            "the audit log in {} is gone: it had {} entries. Put it back before going on",
            places.log.display(),
            seen.size
        )));
    }
    let log = Log::create(&places.log, keys.swap_remove(0), minute)?;
    Ok((log, Recovery::default(), None))
}
