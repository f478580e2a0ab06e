//! Custody's database: what is known of holds, outcomes without identity, the
//! time line, and what was seen of the log. docs/privacy.md states the life of
//! every column, and a test holds the schema against it.
//!
//! No picture and no ciphertext is in it. Times are in whole minutes of custody's
//! own time line. What decides how long a hold lives, or what is still open, is
//! bound to the site key, so that whoever can write the file cannot change it.

mod private;
mod schema;

use crate::Error;
use crate::clock::{Reading, coarse};
use crate::hold::{NONCE, StoredHold};
use crate::mac::StoreKey;
use rowcall_audit::{Checkpoint, Hash, KeyName};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use private::time as file_time;
pub(crate) use schema::HoldOfVersion1;
#[cfg(test)]
pub(crate) use schema::VERSION_1;

/// The outcome of a transaction, without identity.
#[derive(Clone)]
pub(crate) struct Outcome {
    pub(crate) transaction: u64,
    /// When it ended, in minutes of custody's own time line.
    pub(crate) ended: i64,
    pub(crate) minute: String,
    pub(crate) cause: &'static str,
    pub(crate) documents: u64,
    pub(crate) confirmed: u64,
    pub(crate) referred: u64,
}

/// What is remembered after each append, in one step.
pub(crate) struct Memory<'a> {
    pub(crate) outcomes: &'a [Outcome],
    pub(crate) seen: &'a Checkpoint,
    pub(crate) now: i64,
    pub(crate) last: Reading,
    pub(crate) key: &'a StoreKey,
}

/// The open database.
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the database, or makes it, readable by its owner alone. Deleted
    /// rows are overwritten, nothing is kept in temporary files, and a commit is
    /// durable when it returns. One of an older version is brought to the
    /// present one, but for its holds: [`Store::take_holds_of_version_1`].
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        private::make(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        schema::bring_up(&connection, path)?;
        private::keep(path)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
        })
    }

    /// Every column that there is, as `table.column`.
    #[cfg(test)]
    pub(crate) fn columns() -> Result<Vec<String>, Error> {
        schema::columns()
    }

    /// Dates the database's files by a whole minute.
    pub(crate) fn date(&self, minute: rowcall_audit::entry::Minute) {
        private::date(&self.path, minute);
    }

    /// What tells the site key apart from another: for the present key, and for
    /// the one that holds are being wrapped with anew.
    pub(crate) fn site_checks(&self) -> Result<Option<[Option<Vec<u8>>; 2]>, Error> {
        let sql = "SELECT present, next FROM site_check";
        let checks = |row: &Row<'_>| Ok([row.get(0)?, row.get(1)?]);
        Ok(self.connection.query_row(sql, [], checks).optional()?)
    }

    pub(crate) fn set_site_checks(&self, present: &[u8], next: Option<&[u8]>) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO site_check VALUES (1, ?, ?)";
        self.connection.execute(sql, params![present, next])?;
        Ok(())
    }

    /// The holds of a database of version 1, whose ciphertexts lay in it.
    pub(crate) fn holds_of_version_1(&self) -> Result<Vec<HoldOfVersion1>, Error> {
        schema::holds_of_version_1(&self.connection)
    }

    /// Takes over holds that [`Store::holds_of_version_1`] gave.
    pub(crate) fn take_holds_of_version_1(&mut self, holds: &[StoredHold]) -> Result<(), Error> {
        let step = self.connection.transaction()?;
        for hold in holds {
            insert_hold(&step, hold)?;
        }
        schema::drop_version_1(&step)?;
        step.commit()?;
        self.truncate();
        Ok(())
    }

    /// Counts a hold that is to be made.
    pub(crate) fn count_hold(&self, hold: u64, made: i64) -> Result<(), Error> {
        self.connection.execute(
            "INSERT OR REPLACE INTO holds_made VALUES (?, ?)",
            params![signed(hold), made],
        )?;
        Ok(())
    }

    pub(crate) fn insert_hold(&self, hold: &StoredHold) -> Result<(), Error> {
        insert_hold(&self.connection, hold)
    }

    pub(crate) fn move_hold(&self, hold: u64, slot: u16) -> Result<(), Error> {
        let sql = "UPDATE holds SET slot = ? WHERE hold = ?";
        self.connection.execute(sql, params![slot, signed(hold)])?;
        Ok(())
    }

    pub(crate) fn holds(&self) -> Result<Vec<StoredHold>, Error> {
        let sql = "SELECT hold, slot, context, due, file, nonce FROM holds ORDER BY hold";
        let mut query = self.connection.prepare(sql)?;
        let stored = |row: &Row<'_>| {
            let hold: i64 = row.get(0)?;
            let nonce: [u8; NONCE] = row.get(5)?;
            Ok(StoredHold {
                hold: hold.unsigned_abs(),
                slot: row.get(1)?,
                context: row.get(2)?,
                due: row.get(3)?,
                file: row.get(4)?,
                nonce,
            })
        };
        let holds = query.query_map([], stored)?;
        Ok(holds.collect::<Result<_, _>>()?)
    }

    pub(crate) fn delete_hold(&self, hold: u64) -> Result<(), Error> {
        self.connection
            .execute("DELETE FROM holds WHERE hold = ?", [signed(hold)])?;
        Ok(())
    }

    /// How many holds were made since minute `since`.
    pub(crate) fn holds_made_since(&self, since: i64) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM holds_made WHERE made >= ?";
        let count: i64 = self.connection.query_row(sql, [since], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Remembers what an append changed.
    pub(crate) fn remember(&mut self, memory: &Memory<'_>) -> Result<(), Error> {
        let step = self.connection.transaction()?;
        for outcome in memory.outcomes {
            step.execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![
                    signed(outcome.transaction),
                    outcome.ended,
                    outcome.minute,
                    outcome.cause,
                    signed(outcome.documents),
                    signed(outcome.confirmed),
                    signed(outcome.referred)
                ],
            )?;
        }
        step.execute(
            "INSERT OR REPLACE INTO log_seen VALUES (1, ?, ?, ?)",
            params![
                memory.seen.origin.as_str(),
                signed(memory.seen.size),
                memory.seen.root.0
            ],
        )?;
        let (now, last) = coarse(memory.now, memory.last);
        step.execute(
            "INSERT OR REPLACE INTO timeline VALUES (1, ?, ?, ?, ?, ?)",
            params![
                now,
                last.wall,
                last.boot,
                signed(last.since_boot.as_secs()),
                memory.key.mac(&timeline_text(now, last))
            ],
        )?;
        step.commit()?;
        Ok(())
    }

    /// Deletes outcomes that ended, and counts of holds that were made, before
    /// these minutes; what was deleted leaves the write-ahead log too, as soon as
    /// nobody else reads the database.
    pub(crate) fn forget(&self, outcomes: i64, holds_made: i64) -> Result<(), Error> {
        self.connection
            .execute("DELETE FROM outcomes WHERE ended < ?", [outcomes])?;
        self.connection
            .execute("DELETE FROM holds_made WHERE made < ?", [holds_made])?;
        self.truncate();
        Ok(())
    }

    /// Empties the write-ahead log into the database. It has to wait for other
    /// readers: the next one does it then.
    fn truncate(&self) {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let _ = self.connection.query_row(sql, [], |_| Ok(()));
        let _ = self.connection.busy_timeout(Duration::from_secs(5));
    }

    /// The stored time line, if there is one, and whether one of `keys` vouches
    /// for it.
    pub(crate) fn timeline(
        &self,
        keys: &[&StoreKey],
    ) -> Result<Option<(i64, Reading, bool)>, Error> {
        let sql = "SELECT now, wall, boot, since_boot, mac FROM timeline";
        let timeline = |row: &Row<'_>| {
            let seconds: i64 = row.get(3)?;
            let last = Reading {
                wall: row.get(1)?,
                boot: row.get(2)?,
                since_boot: Duration::from_secs(seconds.unsigned_abs()),
            };
            let mac: Option<Vec<u8>> = row.get(4)?;
            Ok((row.get(0)?, last, mac))
        };
        let found = self.connection.query_row(sql, [], timeline).optional()?;
        Ok(found.map(|(now, last, mac)| {
            let text = timeline_text(now, last);
            let vouched = mac.is_some_and(|mac| keys.iter().any(|key| key.is_mac(&text, &mac)));
            (now, last, vouched)
        }))
    }

    /// The last checkpoint that was seen of the log. Version 1 did not say of
    /// which: that of the log named `origin`.
    pub(crate) fn log_seen(&self, origin: &KeyName) -> Result<Option<Checkpoint>, Error> {
        let seen = |row: &Row<'_>| {
            let origin: String = row.get(0)?;
            let size: i64 = row.get(1)?;
            Ok((origin, size.unsigned_abs(), Hash(row.get(2)?)))
        };
        let sql = "SELECT origin, size, root FROM log_seen";
        let found = self.connection.query_row(sql, [], seen).optional()?;
        let Some((stored, size, root)) = found else {
            return Ok(None);
        };
        let origin = match stored.as_str() {
            "" => origin.clone(),
            _ => KeyName::new(&stored)?,
        };
        Ok(Some(Checkpoint { origin, size, root }))
    }

    /// A snapshot of what the log leaves open, if one of `keys` vouches for it.
    pub(crate) fn snapshot(&self, keys: &[&StoreKey]) -> Result<Option<String>, Error> {
        let sql = "SELECT state, mac FROM snapshot";
        let row = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
        let found = self.connection.query_row(sql, [], row).optional()?;
        let vouched =
            |(state, mac): &(String, Vec<u8>)| keys.iter().any(|key| key.is_mac(state, mac));
        Ok(found.filter(vouched).map(|(state, _)| state))
    }

    pub(crate) fn set_snapshot(&self, state: &str, key: &StoreKey) -> Result<(), Error> {
        self.connection.execute(
            "INSERT OR REPLACE INTO snapshot VALUES (1, ?, ?)",
            params![state, key.mac(state)],
        )?;
        Ok(())
    }
}

fn insert_hold(connection: &Connection, hold: &StoredHold) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?)",
        params![
            signed(hold.hold),
            hold.slot,
            hold.context,
            hold.due,
            hold.file,
            hold.nonce
        ],
    )?;
    Ok(())
}

fn timeline_text(now: i64, last: Reading) -> String {
    format!(
        "rowcall/timeline/v1 now={now} wall={} boot={:?} since_boot={}",
        last.wall,
        last.boot,
        last.since_boot.as_secs()
    )
}

/// SQLite's integers have a sign; nothing counted here comes near it.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
