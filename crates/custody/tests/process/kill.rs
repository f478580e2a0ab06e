//! Kill -9 at random points: the log verifies, nothing acknowledged is lost,
//! and no file holds anything of a person.

use crate::lane::{places, signer, spawn, start};
use crate::search::{files, needles, search};
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{Event, LogFolder};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::time::Duration;

/// How many kills; `ROWCALL_KILLS` asks for more.
fn kills() -> u64 {
    let asked = std::env::var("ROWCALL_KILLS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(50)
}

/// Lets a lane run until it has acknowledged `lines` things and for
/// `microseconds` more, kills it, and gives what it had said. Counted in
/// acknowledgements and not in time alone, so that a slow machine is killed at
/// the same points as a fast one.
fn run_and_kill(folder: &Path, lines: u64, microseconds: u64) -> Vec<(String, u64)> {
    let mut lane = spawn(folder);
    let mut out = BufReader::new(lane.stdout.take().unwrap());
    let mut line = String::new();
    while !line.ends_with("ready 0\n") {
        line.clear();
        assert_ne!(
            out.read_line(&mut line).unwrap(),
            0,
            "the lane did not start"
        );
    }
    let mut out = out.lines().map_while(Result::ok);
    let mut heard: Vec<String> = out.by_ref().take(lines as usize).collect();
    std::thread::sleep(Duration::from_micros(microseconds));
    lane.kill().unwrap();
    lane.wait().unwrap();
    heard.extend(out);
    let mut said = Vec::new();
    for line in heard {
        // The last line may be cut off: then it was not said.
        if let Some((what, number)) = line.split_once(' ')
            && let Ok(number) = number.parse()
        {
            said.push((what.to_owned(), number));
        }
    }
    said
}

#[test]
fn killed_at_fifty_points() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let needles = needles();
    let mut seed = 0x0123_4567_89ab_cdef_u64 ^ u64::from(std::process::id());
    let (mut acknowledged, mut cut, mut left_open) = (0, 0, 0);
    let mut killed_while_open = 0;
    for kill in 0..kills() {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let said = run_and_kill(folder, seed % 10, (seed >> 8) % 50_000);
        let found = search(folder, &needles);
        assert!(found.is_empty(), "after kill {kill}: {found:#?}");

        let (custody, _, started) = start(folder);
        custody.shutdown().unwrap();
        cut += usize::from(started.recovery.aside > 0);
        left_open += started.left_open;
        killed_while_open += usize::from(started.left_open > 0);
        let options = Options {
            key: Some(signer().verifier().clone()),
            ..Options::default()
        };
        let report = verify(&places(folder).log, &options, &mut |_, _| ());
        let report = report.unwrap_or_else(|finding| panic!("after kill {kill}: {finding}"));
        assert!(report.state.open_transactions().is_empty());
        let log = LogFolder::open(&places(folder).log).unwrap();
        for (what, number) in &said {
            assert!(
                holds(&log, what, *number),
                "kill {kill} lost {what:?} {number}"
            );
        }
        acknowledged += said.len();
        let found = search(folder, &needles);
        assert!(found.is_empty(), "after recovery {kill}: {found:#?}");
    }
    let log = LogFolder::open(&places(folder).log).unwrap();
    let entries = log.checkpoint().size;
    eprintln!(
        "{} kills: {acknowledged} acknowledgements, all in the log of {entries} entries; \
         {left_open} transactions left open; {cut} recoveries cut off a tail; {} files searched",
        kills(),
        files(folder).len()
    );
    // The kills must have hit something, or this shows nothing.
    assert!(
        killed_while_open as u64 >= kills() / 4,
        "{killed_while_open}"
    );
    assert!(acknowledged as u64 > kills());
}

/// Whether the log has what was said.
fn holds(log: &LogFolder, what: &str, number: u64) -> bool {
    let at = |n: u64| log.entry(n).map(|entry| entry.event);
    let later = || (number..log.checkpoint().size).filter_map(|n| at(n).ok());
    match what {
        "opened" => matches!(at(number), Ok(Event::Opened { .. })),
        "held" => matches!(at(number), Ok(Event::HoldMade { .. })),
        "closed" => later().any(|event| {
            matches!(event, Event::Destroyed { transaction, cause, .. }
                if transaction == number && cause.as_str() == "closed")
        }),
        "released" => {
            later().any(|event| matches!(event, Event::HoldReleased { hold, .. } if hold == number))
        }
        _ => true,
    }
}

/// The search finds everything that it looks for, wherever it is planted.
#[test]
fn the_search_finds_what_is_planted() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    run_and_kill(folder, 4, 1_000);
    let needles = needles();
    assert_eq!(search(folder, &needles), Vec::<String>::new());
    let mut missed = Vec::new();
    for needle in &needles {
        let expected = |file: &Path| format!("{} in {}", needle.name, file.display());
        let mut check = |file: &Path, place: &str| {
            if !search(folder, &needles).contains(&expected(file)) {
                missed.push(format!("{} planted in {place}", needle.name));
            }
        };
        // In the write-ahead log, not yet in the database; then in the database.
        let store = places(folder).store;
        let wal = folder.join("custody.sqlite-wal");
        let database = rusqlite::Connection::open(&store).unwrap();
        database
            .execute_batch("CREATE TABLE planted (b BLOB); PRAGMA wal_autocheckpoint = 0")
            .unwrap();
        database
            .execute("INSERT INTO planted VALUES (?)", [&needle.bytes])
            .unwrap();
        check(&wal, "the write-ahead log");
        database
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        check(&store, "the database");
        database
            .execute_batch("PRAGMA secure_delete = ON; DROP TABLE planted")
            .unwrap();
        database
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        drop(database);
        // At the end of an entry bundle and of the key file; in a temporary file.
        let bundle = files(&places(folder).log.join("tile/entries")).swap_remove(0);
        for (file, place) in [
            (bundle, "a bundle"),
            (places(folder).hold_keys, "the hold keys"),
            (places(folder).log.join("tmp/0000-x"), "a temporary file"),
        ] {
            let original = std::fs::read(&file).ok();
            let mut bytes = original.clone().unwrap_or_default();
            bytes.extend_from_slice(&needle.bytes);
            std::fs::write(&file, bytes).unwrap();
            check(&file, place);
            match original {
                Some(original) => std::fs::write(&file, original).unwrap(),
                None => std::fs::remove_file(&file).unwrap(),
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert_eq!(search(folder, &needles), Vec::<String>::new());
}
