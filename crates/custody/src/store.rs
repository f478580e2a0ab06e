//! Custody's database: ciphertext of holds, outcomes without identity, the
//! time line, and the last checkpoint seen. docs/privacy.md states the life of
//! every column, and a test holds the schema against it.

use crate::Error;
use crate::clock::Reading;
use crate::hold::seal::Sealed;
use rowcall_audit::Hash;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::path::Path;
use std::time::Duration;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS holds (
        hold INTEGER PRIMARY KEY,
        slot INTEGER NOT NULL UNIQUE,
        context TEXT NOT NULL,
        due INTEGER NOT NULL,
        nonce BLOB NOT NULL,
        ciphertext BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS holds_made (
        hold INTEGER PRIMARY KEY,
        made INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS outcomes (
        transaction_entry INTEGER PRIMARY KEY,
        ended INTEGER NOT NULL,
        minute TEXT NOT NULL,
        cause TEXT NOT NULL,
        documents INTEGER NOT NULL,
        confirmed INTEGER NOT NULL,
        referred INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS timeline (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        now INTEGER NOT NULL,
        wall INTEGER NOT NULL,
        boot BLOB NOT NULL,
        since_boot INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS log_seen (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        size INTEGER NOT NULL,
        root BLOB NOT NULL
    ) STRICT;
";

/// A stored hold.
pub(crate) struct StoredHold {
    pub(crate) hold: u64,
    pub(crate) slot: u16,
    pub(crate) context: String,
    /// When it ends, on custody's own time line.
    pub(crate) due: i64,
}

/// The outcome of a transaction, without identity.
pub(crate) struct Outcome {
    pub(crate) transaction: u64,
    pub(crate) ended: i64,
    pub(crate) minute: String,
    pub(crate) cause: &'static str,
    pub(crate) documents: u64,
    pub(crate) confirmed: u64,
    pub(crate) referred: u64,
}

/// The open database.
pub(crate) struct Store(Connection);

impl Store {
    /// Opens the database, or makes it. Deleted rows are overwritten, nothing
    /// is kept in temporary files, and a commit is durable when it returns.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    /// Every column that there is, as `table.column`.
    #[cfg(test)]
    pub(crate) fn columns() -> Result<Vec<String>, Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        let mut query = connection.prepare(
            "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' ORDER BY 1",
        )?;
        let columns = query.query_map([], |row| row.get(0))?;
        Ok(columns.collect::<Result<_, _>>()?)
    }

    /// Counts a hold that is to be made.
    pub(crate) fn count_hold(&self, hold: u64, made: i64) -> Result<(), Error> {
        self.0.execute(
            "INSERT OR REPLACE INTO holds_made VALUES (?, ?)",
            params![signed(hold), made],
        )?;
        Ok(())
    }

    pub(crate) fn insert_hold(&self, hold: &StoredHold, sealed: &Sealed) -> Result<(), Error> {
        self.0.execute(
            "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?)",
            params![
                signed(hold.hold),
                hold.slot,
                hold.context,
                hold.due,
                sealed.nonce,
                sealed.ciphertext
            ],
        )?;
        Ok(())
    }

    pub(crate) fn holds(&self) -> Result<Vec<StoredHold>, Error> {
        let mut query = self
            .0
            .prepare("SELECT hold, slot, context, due FROM holds")?;
        let holds = query.query_map([], stored_hold)?;
        Ok(holds.collect::<Result<_, _>>()?)
    }

    pub(crate) fn hold(&self, hold: u64) -> Result<Option<StoredHold>, Error> {
        let sql = "SELECT hold, slot, context, due FROM holds WHERE hold = ?";
        Ok(self
            .0
            .query_row(sql, [signed(hold)], stored_hold)
            .optional()?)
    }

    pub(crate) fn sealed(&self, hold: u64) -> Result<Option<Sealed>, Error> {
        let sql = "SELECT nonce, ciphertext FROM holds WHERE hold = ?";
        let sealed = |row: &Row<'_>| {
            Ok(Sealed {
                nonce: row.get(0)?,
                ciphertext: row.get(1)?,
            })
        };
        Ok(self.0.query_row(sql, [signed(hold)], sealed).optional()?)
    }

    /// Deletes a hold's ciphertext, from the write-ahead log too.
    pub(crate) fn delete_hold(&self, hold: u64) -> Result<(), Error> {
        self.0
            .execute("DELETE FROM holds WHERE hold = ?", [signed(hold)])?;
        self.0
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// How many holds were made after `since`.
    pub(crate) fn holds_made_since(&self, since: i64) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM holds_made WHERE made > ?";
        let count: i64 = self.0.query_row(sql, [since], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    pub(crate) fn insert_outcome(&self, outcome: &Outcome) -> Result<(), Error> {
        self.0.execute(
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
        Ok(())
    }

    /// Deletes outcomes that ended, and counts of holds that were made, before
    /// these times.
    pub(crate) fn forget(&self, outcomes: i64, holds_made: i64) -> Result<(), Error> {
        self.0
            .execute("DELETE FROM outcomes WHERE ended < ?", [outcomes])?;
        self.0
            .execute("DELETE FROM holds_made WHERE made < ?", [holds_made])?;
        Ok(())
    }

    pub(crate) fn timeline(&self) -> Result<Option<(i64, Reading)>, Error> {
        let sql = "SELECT now, wall, boot, since_boot FROM timeline";
        let timeline = |row: &Row<'_>| {
            let seconds: i64 = row.get(3)?;
            let last = Reading {
                wall: row.get(1)?,
                boot: row.get(2)?,
                since_boot: Duration::from_secs(seconds.unsigned_abs()),
            };
            Ok((row.get(0)?, last))
        };
        Ok(self.0.query_row(sql, [], timeline).optional()?)
    }

    pub(crate) fn set_timeline(&self, now: i64, last: Reading) -> Result<(), Error> {
        self.0.execute(
            "INSERT OR REPLACE INTO timeline VALUES (1, ?, ?, ?, ?)",
            params![now, last.wall, last.boot, signed(last.since_boot.as_secs())],
        )?;
        Ok(())
    }

    pub(crate) fn log_seen(&self) -> Result<Option<(u64, Hash)>, Error> {
        let seen = |row: &Row<'_>| {
            let size: i64 = row.get(0)?;
            Ok((size.unsigned_abs(), Hash(row.get(1)?)))
        };
        let sql = "SELECT size, root FROM log_seen";
        Ok(self.0.query_row(sql, [], seen).optional()?)
    }

    pub(crate) fn set_log_seen(&self, size: u64, root: Hash) -> Result<(), Error> {
        self.0.execute(
            "INSERT OR REPLACE INTO log_seen VALUES (1, ?, ?)",
            params![signed(size), root.0],
        )?;
        Ok(())
    }
}

fn stored_hold(row: &Row<'_>) -> rusqlite::Result<StoredHold> {
    let hold: i64 = row.get(0)?;
    Ok(StoredHold {
        hold: hold.unsigned_abs(),
        slot: row.get(1)?,
        context: row.get(2)?,
        due: row.get(3)?,
    })
}

/// SQLite's integers have a sign; nothing counted here comes near it.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
