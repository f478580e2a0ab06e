//! People and machines: passwords, sessions, tokens.

mod password;

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    Error, ErrorKind,
    random_id::random_id,
    role::Role,
    store::{Store, Token, User},
};

/// A session that nobody used for so long ends: a console that stands idle shows
/// nobody's vehicle to whoever comes by.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// No session lasts longer than a shift.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// Failures before whoever tries has to wait.
const FREE_TRIES: u32 = 3;
/// The longest that they wait.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Names that are remembered for failures; beyond that the oldest is forgotten.
const MOST_FAILURES: usize = 4096;
/// Passwords that are checked at a time: each takes 19 MiB.
const MOST_CHECKS: usize = 4;
/// Sessions at a time.
const MOST_SESSIONS: usize = 256;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// A user's name, or a token's label.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What a form or script of theirs has to bring along; none for a token, which no
    /// browser sends by itself.
    pub(crate) csrf: Option<String>,
    pub(crate) must_change: bool,
}

/// Everybody who may log in, and who is.
pub(crate) struct People {
    store: Store,
    sessions: Mutex<HashMap<[u8; 32], Session>>,
    failures: Mutex<HashMap<String, Failures>>,
    checks: AtomicUsize,
}

struct Session {
    identity: Identity,
    begun: Duration,
    used: Duration,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Duration,
}

/// A token that was just made.
pub(crate) struct NewToken {
    /// What it is taken back by.
    pub(crate) id: String,
    /// What its device sends: kept nowhere.
    pub(crate) secret: Zeroizing<String>,
}

impl People {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            sessions: Mutex::default(),
            failures: Mutex::default(),
            checks: AtomicUsize::new(0),
        }
    }

    /// Checks a password; the session's secret, which only its cookie holds.
    ///
    /// # Errors
    /// One answer for a wrong name and a wrong password; or how long to wait.
    pub(crate) fn log_in(
        &self,
        name: &str,
        password: &str,
        now: Duration,
    ) -> Result<Zeroizing<String>, Error> {
        if let Some(wait) = self.wait(name, now) {
            let seconds = wait.as_secs().max(1);
            return Err(Error::busy(format_args!(
                "too many wrong passwords: try again in {seconds} seconds"
            ))
            .after(seconds));
        }
        let _turn = self.turn()?;
        let user = self.store.user(name)?;
        // As much work for a name that isn't there.
        let right = password::is_right(user.as_ref().map(|u| u.password.as_str()), password);
        let Some(user) = user.filter(|_| right) else {
            self.failed(name, now);
            return Err(Error::new(
                ErrorKind::Unknown,
                "the name or the password is wrong",
            ));
        };
        self.lock_failures().remove(name);
        Ok(self.begin(&user, now))
    }

    /// Begins a session of somebody whom a provider of accounts knows.
    pub(crate) fn welcome(&self, name: &str, role: Role, now: Duration) -> Zeroizing<String> {
        let user = User {
            name: name.to_owned(),
            role,
            password: String::new(),
            must_change: false,
        };
        self.begin(&user, now)
    }

    /// Begins a session for somebody whose identity was checked.
    fn begin(&self, user: &User, now: Duration) -> Zeroizing<String> {
        let secret = Zeroizing::new(format!("{}{}", random_id(), random_id()));
        let session = Session {
            identity: Identity {
                name: user.name.clone(),
                role: user.role,
                csrf: Some(random_id()),
                must_change: user.must_change,
            },
            begun: now,
            used: now,
        };
        let mut sessions = self.lock();
        if sessions.len() >= MOST_SESSIONS
            && let Some(oldest) = sessions.iter().min_by_key(|(_, s)| s.used)
        {
            let oldest = *oldest.0;
            sessions.remove(&oldest);
        }
        sessions.insert(hash(&secret), session);
        secret
    }

    /// Who a session's secret is of; with `use_it` the session lives on from now.
    pub(crate) fn session(&self, secret: &str, now: Duration, use_it: bool) -> Option<Identity> {
        let mut sessions = self.lock();
        let key = hash(secret);
        let session = sessions.get_mut(&key)?;
        if !session.lives(now) {
            sessions.remove(&key);
            return None;
        }
        if use_it {
            session.used = now;
        }
        Some(session.identity.clone())
    }

    pub(crate) fn log_out(&self, secret: &str) {
        self.lock().remove(&hash(secret));
    }

    /// Whose token it is, in the minute `minute` since 1970.
    pub(crate) fn token(&self, token: &str, minute: i64) -> Result<Option<Identity>, Error> {
        let found = self.store.token(&hash(token), minute)?;
        Ok(found.map(|token| Identity {
            name: token.label,
            role: Role::Device,
            csrf: None,
            must_change: false,
        }))
    }

    /// Makes a device's token, which is shown once.
    pub(crate) fn add_token(&self, label: &str, until: i64) -> Result<NewToken, Error> {
        if label.is_empty() || label.len() > 64 {
            return Err(Error::request("label: 1 to 64 bytes"));
        }
        let secret = Zeroizing::new(format!("rct-{}{}", random_id(), random_id()));
        let token = Token {
            id: random_id(),
            label: label.to_owned(),
            until,
        };
        self.store.add_token(&token, &hash(&secret))?;
        Ok(NewToken {
            id: token.id,
            secret,
        })
    }

    /// Adds somebody, or changes their role or password.
    pub(crate) fn set_user(
        &self,
        name: &str,
        role: Role,
        password: &str,
        must_change: bool,
    ) -> Result<(), Error> {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"._-".contains(&c);
        if !(1..=64).contains(&name.len()) || !name.bytes().all(fits) {
            return Err(Error::request(
                "name: small letters, digits, dots, - and _ only, at most 64",
            ));
        }
        if role == Role::Device {
            return Err(Error::request("role: a device has a token, no password"));
        }
        password::check(name, password)?;
        self.store.set_user(&User {
            name: name.to_owned(),
            role,
            password: password::made(password)?,
            must_change,
        })?;
        self.lock().retain(|_, s| s.identity.name != name);
        Ok(())
    }

    /// Takes somebody out, and ends their sessions.
    pub(crate) fn remove_user(&self, name: &str) -> Result<bool, Error> {
        self.lock().retain(|_, s| s.identity.name != name);
        self.store.remove_user(name)
    }

    /// Ends sessions that are over.
    pub(crate) fn sweep(&self, now: Duration) {
        self.lock().retain(|_, session| session.lives(now));
        let mut failures = self.lock_failures();
        failures.retain(|_, f| now.saturating_sub(f.last) < LONGEST_WAIT);
    }

    /// A turn to check a password, until it is dropped.
    fn turn(&self) -> Result<Turn<'_>, Error> {
        let turn = Turn(&self.checks);
        match self.checks.fetch_add(1, Ordering::Relaxed) < MOST_CHECKS {
            true => Ok(turn),
            false => Err(Error::busy(
                "too many log in at once: try again in a moment",
            )),
        }
    }

    fn wait(&self, name: &str, now: Duration) -> Option<Duration> {
        let failures = *self.lock_failures().get(name)?;
        let over = failures.count.checked_sub(FREE_TRIES)?;
        let wait = Duration::from_secs(1 << over.min(10)).min(LONGEST_WAIT);
        (failures.last + wait)
            .checked_sub(now)
            .filter(|w| !w.is_zero())
    }

    fn failed(&self, name: &str, now: Duration) {
        let mut failures = self.lock_failures();
        if failures.len() >= MOST_FAILURES
            && let Some(oldest) = failures.iter().min_by_key(|(_, f)| f.last)
        {
            let oldest = oldest.0.clone();
            failures.remove(&oldest);
        }
        let entry = failures.entry(name.chars().take(64).collect());
        let entry = entry.or_insert(Failures {
            count: 0,
            last: now,
        });
        entry.count += 1;
        entry.last = now;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_failures(&self) -> MutexGuard<'_, HashMap<String, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A password that is being checked.
struct Turn<'a>(&'a AtomicUsize);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Session {
    fn lives(&self, now: Duration) -> bool {
        now.saturating_sub(self.used) < IDLE && now.saturating_sub(self.begun) < LONGEST
    }
}

/// Secrets are 256 random bits: a plain hash of them tells nothing.
fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::People;
    use crate::{ErrorKind, role::Role, store::Store};

    const PASSWORD: &str = "a long enough sentence";

    fn people(folder: &tempfile::TempDir) -> People {
        let store = Store::open(&folder.path().join("lane.sqlite")).expect("a store");
        let people = People::new(store);
        people
            .set_user("b.quist", Role::Officer, PASSWORD, false)
            .expect("a user");
        people
    }

    #[test]
    fn a_session_ends_when_idle_after_a_shift_and_with_its_user() {
        let folder = tempfile::tempdir().expect("a folder");
        let people = people(&folder);
        let at = Duration::from_secs;
        let begin = || {
            people
                .log_in("b.quist", PASSWORD, at(0))
                .expect("it is right")
        };
        let idle = begin();
        assert!(people.session(&idle, at(29 * 60), true).is_some());
        assert!(
            people.session(&idle, at(58 * 60), true).is_some(),
            "used meanwhile"
        );
        assert!(people.session(&idle, at(90 * 60), true).is_none());
        let long = begin();
        for minute in (0..12 * 60).step_by(20) {
            assert!(people.session(&long, at(minute * 60), true).is_some());
        }
        assert!(people.session(&long, at(12 * 3600), true).is_none());
        let gone = begin();
        people.remove_user("b.quist").expect("removed");
        assert!(people.session(&gone, at(1), true).is_none());
        assert!(people.session("", at(1), true).is_none());
    }

    #[test]
    fn whoever_guesses_waits_longer_each_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let people = people(&folder);
        let mut now = Duration::from_secs(1000);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let error = people.log_in("b.quist", "wrong", now).expect_err("wrong");
            assert_eq!(error.kind(), ErrorKind::Unknown);
            let wait = people.wait("b.quist", now).unwrap_or_default();
            waits.push(wait.as_secs());
            if !wait.is_zero() {
                // Not even the right one is taken meanwhile.
                let error = people.log_in("b.quist", PASSWORD, now).expect_err("busy");
                assert_eq!(error.kind(), ErrorKind::Busy);
            }
            now += wait;
        }
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32]);
        // A name that isn't there is told apart by nothing.
        let unknown = people.log_in("nobody", PASSWORD, now).expect_err("unknown");
        assert_eq!(unknown.to_string(), "the name or the password is wrong");
        assert!(people.log_in("b.quist", PASSWORD, now).is_ok());
    }

    #[test]
    fn weak_passwords_and_odd_names_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let people = people(&folder);
        for (name, password) in [
            ("B.Quist", PASSWORD),
            ("", PASSWORD),
            ("a b", PASSWORD),
            ("c.rask", "short"),
            ("c.rask", "aaaaaaaaaaaaaaaa"),
            ("c.rask", "c.rask-c.rask"),
            ("c.rask", "password1234"),
        ] {
            let set = people.set_user(name, Role::Officer, password, false);
            assert!(set.is_err(), "{name:?} {password:?}");
        }
        assert!(
            people
                .set_user("c.rask", Role::Device, PASSWORD, false)
                .is_err()
        );
    }

    #[test]
    fn a_token_is_a_devices_until_its_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let people = people(&folder);
        let token = people.add_token("reader 1", 100).expect("a token").secret;
        let of = |minute| people.token(&token, minute).expect("read").map(|i| i.role);
        assert_eq!(of(99), Some(Role::Device));
        assert_eq!(of(100), None);
        assert_eq!(people.token("rct-", 0).expect("read"), None);
    }
}
