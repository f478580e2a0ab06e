//! The lane's own store: people, tokens and counts. A file of its own beside
//! custody's, with nothing in it of anybody who passes.

use std::{
    collections::BTreeMap,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use crate::{Error, role::Role};

/// The version of the schema that this program writes.
const VERSION: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE user (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL
) STRICT;
CREATE TABLE token (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    until INTEGER NOT NULL
) STRICT;
CREATE TABLE tally (
    day INTEGER NOT NULL,
    lane TEXT NOT NULL,
    what TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, lane, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE lookout (
    lane TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;
";

/// What a lane's watch over its rates counted in hours that are over, each once. An older
/// program leaves the table alone.
const PERIODS: &str = "
CREATE TABLE IF NOT EXISTS period (
    day INTEGER NOT NULL,
    lane TEXT NOT NULL,
    counts TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS period_day ON period (lane, day);
";

/// The store; clones are of one connection.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

/// Somebody who may log in.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) password: String,
    pub(crate) must_change: bool,
}

/// A device that may ask.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) label: String,
    /// The minute since 1970 in which it ends.
    pub(crate) until: i64,
}

impl Store {
    /// Opens the store, or makes it.
    ///
    /// # Errors
    /// If it can't be read or written, isn't whole, or is of a later version.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |e: &dyn std::fmt::Display| {
            Error::device(format_args!("the lane's store {}: {e}", path.display()))
        };
        let connection = Connection::open(path).map_err(|e| failed(&e))?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
            .map_err(|e| failed(&e))?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;")
            .map_err(|e| failed(&e))?;
        let whole: String = connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|e| failed(&e))?;
        if whole != "ok" {
            return Err(failed(&format_args!(
                "it isn't whole ({whole}): restore it from the back-up"
            )));
        }
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|e| failed(&e))?;
        match version {
            0 => connection
                .execute_batch(&format!(
                    "BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"
                ))
                .map_err(|e| failed(&e))?,
            VERSION => {}
            later => {
                return Err(failed(&format_args!(
                    "it is of version {later}; this program reads up to {VERSION}"
                )));
            }
        }
        connection.execute_batch(PERIODS).map_err(|e| failed(&e))?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Looks whether a store is whole, without changing it.
    ///
    /// # Errors
    /// If it can't be read, isn't whole, or is of a later version.
    pub(crate) fn check(path: &Path) -> Result<(), Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let failed = |e: &dyn std::fmt::Display| {
            Error::device(format_args!("the lane's store {}: {e}", path.display()))
        };
        let store = Connection::open_with_flags(path, flags).map_err(|e| failed(&e))?;
        let of = |question| store.query_row(question, [], |row| row.get::<_, String>(0));
        let whole = of("PRAGMA integrity_check(1)").map_err(|e| failed(&e))?;
        if whole != "ok" {
            return Err(failed(&format_args!(
                "it isn't whole ({whole}): restore it from the back-up"
            )));
        }
        let version: i64 = store
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|e| failed(&e))?;
        match version {
            0..=VERSION => Ok(()),
            later => Err(failed(&format_args!(
                "it is of version {later}; this program reads up to {VERSION}"
            ))),
        }
    }

    /// Copies a store, while it may be in use, to a file of its owner's alone.
    ///
    /// # Errors
    /// If it isn't whole, or the copy is there already or can't be written.
    pub(crate) fn copy(path: &Path, to: &Path) -> Result<(), Error> {
        Self::check(path)?;
        let failed = |e: &dyn std::fmt::Display| {
            Error::operator(format_args!("the copy {}: {e}", to.display()))
        };
        // Made first, so that nobody else can ever read it.
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(to)
            .map_err(|e| failed(&e))?;
        let name = to.to_str().ok_or_else(|| failed(&"its name isn't UTF-8"))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let store = Connection::open_with_flags(path, flags)?;
        // An empty file is taken for a store without anything in it.
        store
            .execute("VACUUM INTO ?1", [name])
            .map_err(|e| failed(&e))?;
        Self::check(to)
    }

    pub(crate) fn users(&self) -> Result<Vec<User>, Error> {
        let store = self.lock();
        let mut all =
            store.prepare("SELECT name, role, password, must_change FROM user ORDER BY name")?;
        let rows = all.query_map([], user)?;
        rows.map(|row| row?.ok_or_else(unknown_role)).collect()
    }

    pub(crate) fn user(&self, name: &str) -> Result<Option<User>, Error> {
        let store = self.lock();
        let found = store
            .query_row(
                "SELECT name, role, password, must_change FROM user WHERE name = ?1",
                [name],
                user,
            )
            .optional()?;
        found.map(|user| user.ok_or_else(unknown_role)).transpose()
    }

    pub(crate) fn set_user(&self, user: &User) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO user VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET role = ?2, password = ?3, must_change = ?4",
            params![user.name, user.role.code(), user.password, user.must_change],
        )?;
        Ok(())
    }

    pub(crate) fn remove_user(&self, name: &str) -> Result<bool, Error> {
        Ok(self
            .lock()
            .execute("DELETE FROM user WHERE name = ?1", [name])?
            > 0)
    }

    pub(crate) fn add_token(&self, token: &Token, hash: &[u8; 32]) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO token VALUES (?1, ?2, ?3, ?4)",
            params![token.id, token.label, hash, token.until],
        )?;
        Ok(())
    }

    pub(crate) fn tokens(&self) -> Result<Vec<Token>, Error> {
        let store = self.lock();
        let mut all = store.prepare("SELECT id, label, until FROM token ORDER BY label")?;
        let rows = all.query_map([], |row| {
            Ok(Token {
                id: row.get(0)?,
                label: row.get(1)?,
                until: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The token with this hash, unless its time is over in the minute `now`.
    pub(crate) fn token(&self, hash: &[u8; 32], now: i64) -> Result<Option<Token>, Error> {
        let found = self.lock().query_row(
            "SELECT id, label, until FROM token WHERE hash = ?1 AND until > ?2",
            params![hash, now],
            |row| {
                Ok(Token {
                    id: row.get(0)?,
                    label: row.get(1)?,
                    until: row.get(2)?,
                })
            },
        );
        Ok(found.optional()?)
    }

    pub(crate) fn remove_token(&self, id: &str) -> Result<bool, Error> {
        Ok(self
            .lock()
            .execute("DELETE FROM token WHERE id = ?1", [id])?
            > 0)
    }

    /// Counts, by what; `day` is days since 1970.
    pub(crate) fn count(&self, day: i64, lane: &str, what: &[(String, u64)]) -> Result<(), Error> {
        let mut store = self.lock();
        let all = store.transaction()?;
        for (what, count) in what {
            all.execute(
                "INSERT INTO tally VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (day, lane, what) DO UPDATE SET count = count + ?4",
                params![day, lane, what, i64::try_from(*count).unwrap_or(i64::MAX)],
            )?;
        }
        all.commit()?;
        Ok(())
    }

    /// What was counted at a lane from `first` to before `end`, on days with `fewest`
    /// vehicles at least: from what is shown with and without a day of fewer, a vehicle
    /// could be worked out.
    pub(crate) fn tally(
        &self,
        lane: &str,
        (first, end): (i64, i64),
        fewest: u64,
    ) -> Result<BTreeMap<String, u64>, Error> {
        let store = self.lock();
        let mut all = store.prepare(
            "SELECT what, SUM(count) FROM tally
             WHERE lane = ?1 AND day >= ?2 AND day < ?3 AND day IN (
                 SELECT day FROM tally
                 WHERE lane = ?1 AND what = 'vehicles' AND count >= ?4
             )
             GROUP BY what",
        )?;
        let fewest = i64::try_from(fewest).unwrap_or(i64::MAX);
        let rows = all.query_map(params![lane, first, end, fewest], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The state of a lane's watch over its rates, as it was stored.
    pub(crate) fn lookout(&self, lane: &str) -> Result<Option<String>, Error> {
        let found =
            self.lock()
                .query_row("SELECT state FROM lookout WHERE lane = ?1", [lane], |row| {
                    row.get(0)
                });
        Ok(found.optional()?)
    }

    pub(crate) fn set_lookout(&self, lane: &str, state: &str) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO lookout VALUES (?1, ?2) ON CONFLICT (lane) DO UPDATE SET state = ?2",
            params![lane, state],
        )?;
        Ok(())
    }

    /// Adds what was counted in hours that ended on a day.
    pub(crate) fn add_period(&self, day: i64, lane: &str, counts: &str) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO period VALUES (?1, ?2, ?3)",
            params![day, lane, counts],
        )?;
        Ok(())
    }

    /// What was counted from the day `first` on, in the order in which it ended.
    pub(crate) fn periods(&self, lane: &str, first: i64) -> Result<Vec<(i64, String)>, Error> {
        let store = self.lock();
        let mut all = store.prepare(
            "SELECT day, counts FROM period WHERE lane = ?1 AND day >= ?2 ORDER BY rowid",
        )?;
        let rows = all.query_map(params![lane, first], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets counts from before `day`.
    pub(crate) fn forget_before(&self, day: i64) -> Result<(), Error> {
        let store = self.lock();
        store.execute("DELETE FROM tally WHERE day < ?1", [day])?;
        store.execute("DELETE FROM period WHERE day < ?1", [day])?;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown_role() -> Error {
    Error::device("the lane's store has a user of an unknown role: it was changed by hand")
}

fn user(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<User>> {
    let (name, role, password, must_change) = (
        row.get(0)?,
        row.get::<_, String>(1)?,
        row.get(2)?,
        row.get(3)?,
    );
    Ok(Role::parse(&role).map(|role| User {
        name,
        role,
        password,
        must_change,
    }))
}

#[cfg(test)]
mod tests {
    use super::Store;

    /// Days that aren't over, and days of few vehicles, are in no number.
    #[test]
    fn no_number_tells_of_a_few_vehicles() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("lane.sqlite")).expect("a store");
        let day = |day: i64, vehicles: u64| {
            let what = [
                ("vehicles".to_owned(), vehicles),
                ("row 1 confirmed".to_owned(), vehicles),
            ];
            store.count(day, "booth", &what).expect("counted");
        };
        day(10, 12);
        day(11, 9);
        day(12, 30);
        day(13, 50);
        let of = |end: i64| {
            let counted = store.tally("booth", (0, end), 10).expect("read");
            counted.get("row 1 confirmed").copied().unwrap_or(0)
        };
        assert_eq!(of(11), 12);
        assert_eq!(of(12), 12, "day 11 had nine");
        assert_eq!(of(13), 42);
        store.forget_before(13).expect("forgotten");
        assert_eq!(of(14), 50);
    }

    #[test]
    fn a_copy_holds_what_the_store_held_and_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (path, to) = (
            folder.path().join("lane.sqlite"),
            folder.path().join("copy.sqlite"),
        );
        let store = Store::open(&path).expect("a store");
        let what = [("vehicles".to_owned(), 12)];
        store.count(10, "booth", &what).expect("counted");
        // It is in use as it is copied.
        Store::copy(&path, &to).expect("copied");
        let mode = std::fs::metadata(&to).expect("it").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let copy = Store::open(&to).expect("a store");
        let counted = copy.tally("booth", (0, 11), 10).expect("read");
        assert_eq!(counted.get("vehicles"), Some(&12));
        let error = Store::copy(&path, &to).expect_err("it is there");
        assert!(error.to_string().contains("copy.sqlite"), "{error}");
        // A store that was damaged isn't copied over a good one's name.
        let mut bytes = std::fs::read(&to).expect("it");
        bytes[4096..8192].fill(0xAA);
        let damaged = folder.path().join("damaged.sqlite");
        std::fs::write(&damaged, bytes).expect("written");
        assert!(Store::copy(&damaged, &folder.path().join("other")).is_err());
        assert!(!folder.path().join("other").exists());
    }

    #[test]
    fn a_store_of_another_version_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lane.sqlite");
        drop(Store::open(&path).expect("a store"));
        let later = rusqlite::Connection::open(&path).expect("a store");
        later.execute_batch("PRAGMA user_version = 9").expect("set");
        drop(later);
        let error = Store::open(&path).err().expect("refused");
        assert!(error.to_string().contains("version 9"), "{error}");
        std::fs::write(&path, vec![7; 8192]).expect("written");
        assert!(Store::open(&path).is_err(), "no database");
    }
}
