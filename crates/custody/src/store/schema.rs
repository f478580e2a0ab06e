//! The schema: its version, how an older one becomes the present one, and
//! whether the file is what its version says.

use crate::Error;
use crate::hold::NONCE;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::BTreeMap;
use std::path::Path;

/// "Rwcl": the file is custody's.
const APPLICATION: i32 = 0x5277_636c;

const VERSION: i32 = 2;

const PRESENT: &str = "
    CREATE TABLE site_check (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        present BLOB NOT NULL,
        next BLOB
    ) STRICT;
    CREATE TABLE holds (
        hold INTEGER PRIMARY KEY,
        slot INTEGER NOT NULL UNIQUE,
        context TEXT NOT NULL,
        due INTEGER NOT NULL,
        file TEXT NOT NULL UNIQUE,
        nonce BLOB NOT NULL
    ) STRICT;
    CREATE TABLE holds_made (
        hold INTEGER PRIMARY KEY,
        made INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE outcomes (
        transaction_entry INTEGER PRIMARY KEY,
        ended INTEGER NOT NULL,
        minute TEXT NOT NULL,
        cause TEXT NOT NULL,
        documents INTEGER NOT NULL,
        confirmed INTEGER NOT NULL,
        referred INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE timeline (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        now INTEGER NOT NULL,
        wall INTEGER NOT NULL,
        boot BLOB NOT NULL,
        since_boot INTEGER NOT NULL,
        mac BLOB NOT NULL
    ) STRICT;
    CREATE TABLE log_seen (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        origin TEXT NOT NULL,
        size INTEGER NOT NULL,
        root BLOB NOT NULL
    ) STRICT;
    CREATE TABLE snapshot (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        state TEXT NOT NULL,
        mac BLOB NOT NULL
    ) STRICT;
";

/// Version 1 had no number, and the ciphertexts of holds were in it.
#[cfg(test)]
pub(crate) const VERSION_1: &str = "
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

/// From version 1: its holds stay aside until custody has the keys at hand. Its
/// time line has nobody who vouches for it: custody takes it over only while it
/// has no hold of this version.
const FROM_1: &str = "
    ALTER TABLE holds RENAME TO holds_of_version_1;
    ALTER TABLE outcomes RENAME TO old_outcomes;
    ALTER TABLE holds_made RENAME TO old_holds_made;
    ALTER TABLE timeline RENAME TO old_timeline;
    ALTER TABLE log_seen RENAME TO old_log_seen;
";
const FROM_1_ROWS: &str = "
    INSERT INTO outcomes SELECT transaction_entry, ended / 60, minute, cause, documents,
        confirmed, referred FROM old_outcomes;
    INSERT INTO holds_made SELECT hold, made / 60 FROM old_holds_made;
    INSERT INTO timeline SELECT one, now, wall, boot, since_boot, x'' FROM old_timeline;
    INSERT INTO log_seen SELECT one, '', size, root FROM old_log_seen;
    DROP TABLE old_outcomes;
    DROP TABLE old_holds_made;
    DROP TABLE old_timeline;
    DROP TABLE old_log_seen;
";

/// A hold as version 1 kept it.
pub(crate) struct HoldOfVersion1 {
    pub(crate) hold: u64,
    pub(crate) slot: u16,
    pub(crate) context: String,
    pub(crate) due: i64,
    pub(crate) nonce: [u8; NONCE],
    pub(crate) ciphertext: Vec<u8>,
}

/// Makes the tables, brings older ones up to the present version, and checks
/// that the file is whole and of that version.
pub(super) fn bring_up(connection: &Connection, path: &Path) -> Result<(), Error> {
    let number = |name: &str| -> Result<i32, Error> {
        Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
    };
    let refuse = |why: &str| Error::device(format!("custody's store {}: {why}", path.display()));
    let tables = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| {
        row.get::<_, i64>(0)
    })?;
    match (number("user_version")?, number("application_id")?) {
        (0, 0) if tables == 0 => {
            let step = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
            step.execute_batch(PRESENT)?;
            name(&step)?;
            step.commit()?;
        }
        (0, 0) if objects(connection)?.contains_key("holds") => {
            let step = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
            step.execute_batch(FROM_1)?;
            step.execute_batch(PRESENT)?;
            step.execute_batch(FROM_1_ROWS)?;
            name(&step)?;
            step.commit()?;
        }
        (VERSION, APPLICATION) => {}
        (newer, APPLICATION) if newer > VERSION => {
            return Err(refuse(&format!(
                "it is of version {newer}, this program knows {VERSION}: use the newer program"
            )));
        }
        _ => return Err(refuse("it is another program's database")),
    }
    check(connection).map_err(|why| refuse(&why))
}

fn name(connection: &Connection) -> Result<(), Error> {
    connection.pragma_update(None, "user_version", VERSION)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    Ok(())
}

/// Whether the tables are those of the present version and the file is whole.
fn check(connection: &Connection) -> Result<(), String> {
    let said = |e: rusqlite::Error| e.to_string();
    let whole: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(said)?;
    if whole != "ok" {
        return Err(format!(
            "it is damaged ({whole}): restore it, or begin anew without it"
        ));
    }
    let fresh = Connection::open_in_memory().map_err(said)?;
    fresh.execute_batch(PRESENT).map_err(said)?;
    let expected = objects(&fresh).map_err(|e| e.to_string())?;
    let mut found = objects(connection).map_err(|e| e.to_string())?;
    // Between two steps of an upgrade.
    found.remove(OLD_HOLDS);
    let differs = |name: &&String| expected.get(*name) != found.get(*name);
    match expected.keys().chain(found.keys()).find(differs) {
        None => Ok(()),
        Some(name) => Err(format!(
            "{name} in it is not what version {VERSION} has: somebody has changed it"
        )),
    }
}

const OLD_HOLDS: &str = "holds_of_version_1";

/// Tables, indices and triggers by name, with what made them.
fn objects(connection: &Connection) -> Result<BTreeMap<String, Option<String>>, Error> {
    let mut query = connection
        .prepare("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_auto%'")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn holds_of_version_1(connection: &Connection) -> Result<Vec<HoldOfVersion1>, Error> {
    if !objects(connection)?.contains_key(OLD_HOLDS) {
        return Ok(Vec::new());
    }
    let mut query = connection.prepare(&format!(
        "SELECT hold, slot, context, due, nonce, ciphertext FROM {OLD_HOLDS}"
    ))?;
    let holds = query.query_map([], |row| {
        let hold: i64 = row.get(0)?;
        Ok(HoldOfVersion1 {
            hold: hold.unsigned_abs(),
            slot: row.get(1)?,
            context: row.get(2)?,
            due: row.get(3)?,
            nonce: row.get(4)?,
            ciphertext: row.get(5)?,
        })
    })?;
    Ok(holds.collect::<Result<_, _>>()?)
}

pub(super) fn drop_version_1(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch(&format!("DROP TABLE IF EXISTS {OLD_HOLDS}"))?;
    Ok(())
}

/// Every column that there is, as `table.column`.
#[cfg(test)]
pub(super) fn columns() -> Result<Vec<String>, Error> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(PRESENT)?;
    let mut query = connection.prepare(
        "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
         WHERE m.type = 'table' ORDER BY 1",
    )?;
    let columns = query.query_map([], |row| row.get(0))?;
    Ok(columns.collect::<Result<_, _>>()?)
}
