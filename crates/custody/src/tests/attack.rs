//! What somebody can do who can write custody's files, or gives a wrong key.

use super::failure::open_with_pair;
use super::made;
use super::world::*;
use crate::{ErrorKind, HoldId};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::SystemTime;

/// A world with a hold of five minutes that a process left behind.
fn with_hold() -> (World, HoldId) {
    let world = World::new();
    let custody = world.start().unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    let hold = open.hold(&hold_request(), &officer).unwrap();
    open.close().unwrap();
    custody.shutdown().unwrap();
    (world, hold)
}

/// Whether the hold can be looked at, after a start.
fn lives(world: &World, hold: HoldId) -> bool {
    let custody = world.start().unwrap();
    let officer = world.officer("d. holm");
    let lives = custody.view_hold(hold, &officer).is_ok();
    assert_eq!(custody.holds().unwrap().contains(&hold), lives);
    custody.shutdown().unwrap();
    world.verify();
    lives
}

/// Whatever decides how long a hold lives, or what it opens, cannot be changed in
/// the database or beside it: it ends instead.
#[test]
fn what_a_hold_is_cannot_be_changed() {
    let (world, hold) = with_hold();
    assert!(lives(&world, hold), "left alone");
    let statements = [
        "UPDATE holds SET due = due + 60",
        "UPDATE holds SET due = due - 60",
        "UPDATE holds SET slot = slot + 1",
        "UPDATE holds SET context = context || ' '",
        "UPDATE holds SET nonce = zeroblob(24)",
        "UPDATE holds SET file = '00'",
        "DELETE FROM holds",
        "DELETE FROM timeline",
        "UPDATE timeline SET now = now - 6000",
        "UPDATE timeline SET wall = wall + 6000",
        "UPDATE timeline SET since_boot = since_boot + 60",
        "UPDATE timeline SET mac = x''",
        "UPDATE timeline SET mac = x'', now = 0; DELETE FROM site_check;
         CREATE TABLE holds_of_version_1 (hold, slot, context, due, nonce, ciphertext)",
    ];
    let mut lived = Vec::new();
    for statement in statements {
        let (world, hold) = with_hold();
        world.store(statement);
        if lives(&world, hold) {
            lived.push(statement);
        }
    }
    // The ciphertext's file: changed, gone, a pipe, a link; and the key file.
    type Act = fn(&std::path::Path, &std::path::Path);
    let acts: [(&str, Act); 6] = [
        ("a changed ciphertext", |file, _| {
            let mut bytes = fs::read(file).unwrap();
            bytes[40] ^= 1;
            fs::write(file, bytes).unwrap();
        }),
        ("no ciphertext", |file, _| fs::remove_file(file).unwrap()),
        ("a pipe", |file, _| {
            fs::remove_file(file).unwrap();
            let made = std::process::Command::new("mkfifo").arg(file).status();
            assert!(made.unwrap().success());
        }),
        ("a link", |file, _| {
            fs::rename(file, file.with_extension("x")).unwrap();
            std::os::unix::fs::symlink(file.with_extension("x"), file).unwrap();
        }),
        ("a key file cut off", |_, keys| {
            fs::write(keys, b"").unwrap()
        }),
        ("no key file", |_, keys| fs::remove_file(keys).unwrap()),
    ];
    for (what, act) in acts {
        let (world, hold) = with_hold();
        let file = fs::read_dir(world.places().holds).unwrap().next().unwrap();
        act(&file.unwrap().path(), &world.places().hold_keys);
        if lives(&world, hold) {
            lived.push(what);
        }
    }
    assert!(lived.is_empty(), "{lived:#?}");
}

/// What is changed in the database while the lane runs moves no end either.
#[test]
fn a_running_lane_does_not_believe_its_database() {
    for statement in ["DELETE FROM holds", "UPDATE holds SET due = due + 6000"] {
        let world = World::new();
        let custody = world.start().unwrap();
        let mut open = open_with_pair(&custody);
        let noise = world.hold_keys();
        let officer = world.officer("officer");
        open.hold(&hold_request(), &officer).unwrap();
        let with_key = world.hold_keys();
        world.store(statement);
        world.clock.advance(300);
        custody.tick().unwrap();
        let slot = (0..with_key.len() / 72)
            .map(|slot| 72 * slot..72 * (slot + 1))
            .find(|slot| noise[slot.clone()] != with_key[slot.clone()])
            .unwrap();
        assert_ne!(world.hold_keys()[slot.clone()], with_key[slot]);
        assert_eq!(custody.holds().unwrap(), []);
        custody.shutdown().unwrap();
        drop(open);
        world.verify();
    }
}

#[test]
fn a_wrong_site_key_destroys_nothing() {
    let (world, hold) = with_hold();
    let before = (world.everything(), world.lines());
    for keys in [(9, None), (9, Some(8)), (9, Some(9))] {
        *world.site.lock().unwrap() = keys;
        let error = world.start().err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Operator);
        assert!(error.to_string().contains("site key"), "{error}");
    }
    assert_eq!(world.lines(), before.1);
    assert_eq!(world.hold_keys().len(), 7 * 72);
    *world.site.lock().unwrap() = (2, None);
    assert!(lives(&world, hold));
}

#[test]
fn another_site_key_wraps_every_hold_anew() {
    let (world, hold) = with_hold();
    let old = world.hold_keys();
    *world.site.lock().unwrap() = (9, Some(2));
    let (custody, started) = world.started().unwrap();
    assert_eq!(started.rewrapped, Some(1));
    let officer = world.officer("d. holm");
    assert!(custody.view_hold(hold, &officer).is_ok());
    // Nothing that the old key opens is left.
    let now = world.hold_keys();
    let kept = old
        .chunks(72)
        .filter(|slot| now.windows(72).any(|w| w == *slot));
    assert_eq!(kept.count(), 0);
    custody.shutdown().unwrap();
    // The former does it no longer; the new one does by itself, and with the
    // former still there.
    *world.site.lock().unwrap() = (2, None);
    assert!(world.start().is_err());
    *world.site.lock().unwrap() = (9, Some(2));
    assert!(lives(&world, hold));
    *world.site.lock().unwrap() = (9, None);
    assert!(lives(&world, hold));
    world.verify();
}

/// A process that dies anywhere while it wraps keys anew leaves some holds under
/// the one key and some under the other; with both keys it goes on, and with one
/// it touches nothing.
#[test]
fn a_rewrapping_that_was_cut_off_goes_on() {
    let mut deaths = 0;
    for draws in 0.. {
        let world = World::new();
        let custody = world.start().unwrap();
        let mut open = open_with_pair(&custody);
        let officer = world.officer("officer");
        let holds: Vec<HoldId> = (0..3)
            .map(|_| open.hold(&hold_request(), &officer).unwrap())
            .collect();
        open.close().unwrap();
        custody.shutdown().unwrap();
        *world.site.lock().unwrap() = (9, Some(2));
        if !world.start_and_die(draws) {
            break;
        }
        deaths += 1;
        for keys in [(2, None), (9, None), (8, Some(2))] {
            *world.site.lock().unwrap() = keys;
            let refused = world.start().err();
            // Before the first key was written anew the old one is still right,
            // and after the last the new one.
            if let Some(error) = refused {
                assert!(error.to_string().contains("site key"), "{error}");
            } else {
                assert!(keys != (8, Some(2)), "after {draws} draws");
            }
        }
        *world.site.lock().unwrap() = (9, Some(2));
        let custody = world.start().unwrap();
        assert_eq!(custody.holds().unwrap(), holds, "after {draws} draws");
        let officer = world.officer("officer");
        for hold in holds {
            custody.view_hold(hold, &officer).unwrap();
        }
        custody.shutdown().unwrap();
        world.verify();
    }
    assert!(deaths > 6, "{deaths}");
}

/// Every append is remembered, without a tick: a log that was rolled back is
/// found, and what it leaves behind stays where it is.
#[test]
fn a_rollback_behind_the_last_append_is_found_and_kept() {
    let world = World::new();
    let custody = world.start().unwrap();
    let log = world.places().log;
    let (old, new) = (world.folder().join("old"), world.folder().join("new"));
    copy_folder(&log, &old);
    let (open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.record(&[document_fact()]).unwrap();
    custody.crash();
    drop(open);
    copy_folder(&log, &new);
    // As somebody would do it: the older checkpoint, and its partial tiles.
    for name in ["checkpoint", "partials"] {
        fs::copy(old.join(name), log.join(name)).unwrap();
    }
    let before = world.files();
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("rolled back"), "{error}");
    assert_eq!(world.files(), before);
    fs::remove_dir_all(&log).unwrap();
    copy_folder(&new, &log);
    world.start().unwrap().shutdown().unwrap();
    world.verify();
}

/// Nor does somebody hide it who makes the database forget.
#[test]
fn a_database_that_was_made_to_forget_the_log_is_refused() {
    let (world, _) = with_hold();
    world.store("DELETE FROM log_seen");
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("does not remember"), "{error}");
}

#[test]
fn files_are_their_owners_alone() {
    let (world, hold) = with_hold();
    let modes = || -> Vec<(String, u32)> {
        let files = world.files().into_iter().filter(|f| !f.starts_with("log/"));
        let mode = |file: &String| {
            let found = fs::metadata(world.folder().join(file)).unwrap();
            found.permissions().mode() & 0o777
        };
        files.map(|file| (file.clone(), mode(&file))).collect()
    };
    let others = |modes: &[(String, u32)]| -> Vec<(String, u32)> {
        let open = modes.iter().filter(|(_, mode)| mode & 0o077 != 0);
        open.cloned().collect()
    };
    assert_eq!(others(&modes()), []);
    // Also where somebody had opened them, and while the lane runs.
    for file in ["custody.sqlite", "hold-keys"] {
        let file = world.folder().join(file);
        fs::set_permissions(file, fs::Permissions::from_mode(0o666)).unwrap();
    }
    let custody = world.start().unwrap();
    let officer = world.officer("d. holm");
    custody.view_hold(hold, &officer).unwrap();
    let modes = modes();
    assert!(
        modes.iter().any(|(file, _)| file.ends_with("-wal")),
        "{modes:?}"
    );
    assert_eq!(others(&modes), []);
    let folder = fs::metadata(world.places().holds).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

/// Nobody learns from custody's files in which second anything happened.
#[test]
fn no_second_is_written_down() {
    let world = World::new();
    // 14:13:37, 1,017 seconds after boot.
    world.clock.advance(17);
    let custody = world.start().unwrap();
    world.clock.advance(29);
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    world.clock.advance(11);
    open.hold(&hold_request(), &officer).unwrap();
    world.clock.advance(19);
    open.close().unwrap();
    let dates = || {
        let mut wrong = Vec::new();
        for file in world.files() {
            let found = fs::metadata(world.folder().join(&file)).unwrap();
            let date = found.modified().unwrap();
            let date = date.duration_since(SystemTime::UNIX_EPOCH).unwrap();
            let log_size = ["log/checkpoint", "log/partials"].contains(&file.as_str());
            if !log_size && (date.as_secs() % 60, date.subsec_nanos()) != (0, 0) {
                wrong.push((file, date));
            }
        }
        wrong
    };
    assert_eq!(dates(), []);
    let numbers = world.numbers();
    assert!(numbers.len() > 10, "{numbers:?}");
    let (now, since_boot) = (59_i64, 1017 + 59_i64);
    let seconds: Vec<_> = numbers
        .iter()
        .filter(|(name, number)| match name.as_str() {
            // A point of the time line, a whole minute after the machine's boot.
            "timeline.since_boot" => number % 60 != 0,
            "timeline.now" => (number - now) % 60 != -(since_boot % 60) % 60,
            "timeline.wall" => false,
            "holds.due" => number % 60 != 0,
            // Minutes, or numbers of entries.
            _ => *number > 1000,
        })
        .collect();
    assert!(seconds.is_empty(), "{seconds:?}");
    custody.shutdown().unwrap();
    assert_eq!(dates(), []);
}

/// While somebody reads the database its write-ahead log cannot be emptied: no
/// ciphertext may be in it.
#[test]
fn a_ciphertext_leaves_with_its_hold_though_somebody_reads() {
    let world = World::new();
    let custody = world.start().unwrap();
    let reader = rusqlite::Connection::open(world.places().store).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let count = "SELECT count(*) FROM holds";
    reader.query_row(count, [], |_| Ok(())).unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    let hold = open.hold(&hold_request(), &officer).unwrap();
    let file = fs::read_dir(world.places().holds).unwrap().next().unwrap();
    let ciphertext = fs::read(file.unwrap().path()).unwrap();
    let holds = || {
        let all = world.everything();
        all.windows(16).any(|window| window == &ciphertext[8..24])
    };
    assert!(holds(), "the search is blind");
    custody.release_hold(hold, &officer).unwrap();
    assert!(!holds());
    drop(reader);
    custody.shutdown().unwrap();
}

/// What is open is taken up from a snapshot and the entries after it.
#[test]
fn a_start_reads_what_came_after_the_snapshot() {
    let (world, hold) = with_hold();
    let custody = world.start().unwrap();
    let (open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    for _ in 0..20 {
        open.record(&[document_fact()]).unwrap();
    }
    custody.crash();
    drop(open);
    let (custody, started) = world.started().unwrap();
    let entries = u64::try_from(world.lines().len()).unwrap();
    assert!(started.entries_read < entries, "{started:?}");
    assert_eq!(started.left_open, 1);
    assert_eq!(world.entries("destroyed", "documents"), ["0", "20"]);
    assert_eq!(custody.holds().unwrap(), [hold]);
    custody.shutdown().unwrap();
    let (custody, started) = world.started().unwrap();
    assert_eq!(started.entries_read, 0);
    custody.shutdown().unwrap();
    // One that somebody changed, or of another log, is not believed.
    let entries = u64::try_from(world.lines().len()).unwrap();
    world.store("UPDATE snapshot SET state = replace(state, 'hold', 'open')");
    let (custody, started) = world.started().unwrap();
    assert_eq!(started.entries_read, entries);
    assert_eq!(custody.holds().unwrap(), [hold]);
    custody.shutdown().unwrap();
    world.verify();
}
