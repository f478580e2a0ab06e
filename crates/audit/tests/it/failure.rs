//! Appends that fail: nothing of them is in the log, and it goes on where that
//! is certain.

use crate::sample::*;
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{Entry, Log, LogFolder};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

fn entries(count: usize) -> Vec<Entry> {
    let mut story = Story::new(1);
    (0..count).map(|_| story.next(&key(1))).collect()
}

fn size(path: &Path) -> u64 {
    let report = verify(path, &Options::default(), &mut |_, _| ());
    report.unwrap_or_else(|e| panic!("{e}")).checkpoint.size
}

/// What stands in the way of an append, and is taken away again.
struct Obstacle {
    what: &'static str,
    /// Whether it is in the way of a single entry too.
    of_any: bool,
    place: fn(&Path),
    remove: fn(&Path),
}

#[test]
fn an_append_that_failed_is_not_in_the_log_and_the_next_goes_on() {
    let obstacles = [
        Obstacle {
            what: "nothing can be staged",
            of_any: true,
            place: |log| {
                fs::remove_dir(log.join("tmp")).unwrap();
                fs::write(log.join("tmp"), "").unwrap();
            },
            remove: |log| {
                fs::remove_file(log.join("tmp")).unwrap();
                fs::create_dir(log.join("tmp")).unwrap();
            },
        },
        Obstacle {
            what: "a full tile cannot be placed",
            of_any: false,
            place: |log| fs::create_dir(log.join("tile/entries/001")).unwrap(),
            remove: |log| fs::remove_dir(log.join("tile/entries/001")).unwrap(),
        },
        Obstacle {
            what: "the checkpoint cannot be placed",
            of_any: true,
            place: |log| {
                fs::rename(log.join("checkpoint"), log.with_extension("kept")).unwrap();
                fs::create_dir(log.join("checkpoint")).unwrap();
            },
            remove: |log| {
                fs::remove_dir(log.join("checkpoint")).unwrap();
                fs::rename(log.with_extension("kept"), log.join("checkpoint")).unwrap();
            },
        },
    ];
    let all = entries(600);
    let whole = tempfile::tempdir().unwrap();
    let whole = sample(whole.path(), 601, 600);
    let expected = LogFolder::open(&whole).map(|log| log.checkpoint().root);
    for Obstacle {
        what,
        of_any,
        place,
        remove,
    } in obstacles
    {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("log");
        let mut log = Log::create(&path, key(1), minute(0)).unwrap();
        log.append(&all[..300]).unwrap();
        place(&path);
        for _ in 0..2 {
            assert!(log.append(&all[300..600]).is_err(), "{what}");
            assert!(
                !of_any || log.rotate_key(minute(200), key(2)).is_err(),
                "{what}"
            );
        }
        remove(&path);
        assert_eq!(log.append(&all[300..310]).unwrap(), 301..311, "{what}");
        log.append(&all[310..]).unwrap();
        assert_eq!(log.signer().verifier(), key(1).verifier());
        drop(log);
        assert_eq!(size(&path), 601, "{what}");
        let root = LogFolder::open(&path).unwrap().checkpoint().root;
        assert_eq!(Some(root), expected.as_ref().ok().copied(), "{what}");
    }
}

/// Where another checkpoint lies on disk than the one acknowledged, nobody knows
/// who has seen it: the log stays shut.
#[test]
fn a_checkpoint_that_may_have_been_seen_is_not_undone() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let all = entries(20);
    let mut log = Log::create(&path, key(1), minute(0)).unwrap();
    log.append(&all[..10]).unwrap();
    let earlier = fs::read(path.join("checkpoint")).unwrap();
    log.append(&all[10..15]).unwrap();
    fs::write(path.join("checkpoint"), earlier).unwrap();
    fs::remove_dir(path.join("tmp")).unwrap();
    assert!(log.append(&all[15..]).is_err());
    fs::create_dir(path.join("tmp")).unwrap();
    let error = log.append(&all[15..]).unwrap_err();
    assert!(error.to_string().contains("open the log anew"), "{error}");
    drop(log);
    let (log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    assert_eq!(log.size(), 11);
}

/// Partial tiles that cannot be removed are no failure: the entries are durable.
#[test]
fn what_is_superseded_is_removed_when_it_can_be() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let all = entries(300);
    let mut log = Log::create(&path, key(1), minute(0)).unwrap();
    log.append(&all[..100]).unwrap();
    // A file where the folder of partial tiles was cannot be removed as one.
    let folder = path.join("tile/0/000.p");
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "").unwrap();
    assert_eq!(log.append(&all[100..290]).unwrap(), 101..291);
    assert!(verify(&path, &Options::default(), &mut |_, _| ()).is_err());
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    log.append(&all[290..]).unwrap();
    assert!(!folder.exists());
    drop(log);
    assert_eq!(size(&path), 301);
}

/// A copy of the log tells no finer time than its entries do.
#[test]
fn tiles_and_their_folders_are_dated_by_the_minute() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 700, 7);
    let since_1970 = |path: &Path| {
        let time = fs::metadata(path).unwrap().modified().unwrap();
        time.duration_since(SystemTime::UNIX_EPOCH).unwrap()
    };
    let (first, last) = (minute(0), minute(234));
    let range = 60 * u64::from(first.since_1970())..=60 * u64::from(last.since_1970());
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for file in files(&path.join("tile")) {
        for place in file.ancestors().take_while(|place| **place != path) {
            let time = since_1970(place);
            let coarse = time.subsec_nanos() == 0 && time.as_secs() % 60 == 0;
            if !coarse || !range.contains(&time.as_secs()) {
                wrong.push((place.to_owned(), time));
            }
            seen += 1;
        }
    }
    assert!(seen > 20);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
