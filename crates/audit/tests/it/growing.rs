//! A log that is verified, shown and proved while somebody writes to it.

use super::sample::{Story, key, minute};
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{InclusionProof, Log, LogFolder};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A log of so many entries, and what a lane goes on to write.
struct Writer {
    log: Log,
    story: Story,
}

impl Writer {
    fn begin(path: &Path, count: u64) -> Self {
        let log = Log::create(path, key(1), minute(0)).unwrap();
        let story = Story::new(log.size());
        let mut writer = Self { log, story };
        writer.append(count - 1);
        writer
    }

    fn append(&mut self, count: u64) {
        let entries: Vec<_> = (0..count).map(|_| self.story.next(&key(1))).collect();
        self.log.append(&entries).unwrap();
    }

    /// Appends by ones, by many and by more than a tile, as fast as the disk takes
    /// them, until told to stop.
    fn go_on(mut self, stop: &AtomicBool, size: &AtomicU64) {
        for count in [1, 1, 1, 7, 1, 130, 1, 1, 300, 1].into_iter().cycle() {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            self.append(count);
            size.store(self.log.size(), Ordering::SeqCst);
        }
    }
}

/// A machine under load takes its time, but no machine this long.
const LONGEST: Duration = Duration::from_secs(300);

/// What an auditor does over and over must hold each time: for a while, and until `act`
/// says that it has met what it is there for. How often, and whether it has.
fn over_and_over(log: &Path, seconds: u64, mut act: impl FnMut() -> bool) -> (u32, bool) {
    let begun = Instant::now();
    let (mut number, mut is_met) = (0, false);
    while begun.elapsed() < Duration::from_secs(seconds) || !is_met && begun.elapsed() < LONGEST {
        is_met |= act();
        number += 1;
    }
    assert!(log.is_dir());
    (number, is_met)
}

#[test]
fn a_log_that_grows_is_verified_whenever_it_is_asked() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let writer = Writer::begin(&path, 5_000);
    let (stop, size) = (AtomicBool::new(false), AtomicU64::new(5_000));
    let mut refused = Vec::new();
    let (mut verified, mut is_met, mut amid) = (0, false, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| writer.go_on(&stop, &size));
        (verified, is_met) = over_and_over(&path, 6, || {
            let before = size.load(Ordering::SeqCst);
            let temporary = fs::read_dir(path.join("tmp"));
            amid += u32::from(temporary.is_ok_and(|mut items| items.next().is_some()));
            match verify(&path, &Options::default(), &mut |_, _| ()) {
                Ok(report) if report.checkpoint.size >= before => {}
                Ok(report) => refused.push(format!("{} < {before}", report.checkpoint.size)),
                Err(finding) => refused.push(finding.to_string()),
            }
            // Not between appends alone, and across several tiles.
            amid > 0 && size.load(Ordering::SeqCst) > 6_000
        });
        stop.store(true, Ordering::SeqCst);
    });
    assert!(
        refused.is_empty(),
        "{} of {verified}: {:#?}",
        refused.len(),
        &refused[..1]
    );
    assert!(is_met, "{verified} times, {amid} of them amid an append");
}

#[test]
fn entries_and_proofs_are_read_whatever_is_written_meanwhile() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let writer = Writer::begin(&path, 5_000);
    let (stop, size) = (AtomicBool::new(false), AtomicU64::new(5_000));
    std::thread::scope(|scope| {
        scope.spawn(|| writer.go_on(&stop, &size));
        // One reader goes on at the checkpoint that it began with, whose partial tiles
        // go as their full forms come.
        let early = LogFolder::open(&path).unwrap();
        let last = early.checkpoint().size - 1;
        let (_, moved) = over_and_over(&path, 3, || {
            early.entry(last).unwrap();
            let now = LogFolder::open(&path).unwrap();
            let index = now.checkpoint().size - 1;
            let proof = InclusionProof::new(&now, index).unwrap();
            proof.check(&now.entry_bytes(index).unwrap()).unwrap();
            size.load(Ordering::SeqCst) / 256 > (last + 1) / 256
        });
        stop.store(true, Ordering::SeqCst);
        assert!(moved, "no partial tile was superseded");
        let proof = InclusionProof::new(&LogFolder::open(&path).unwrap(), last).unwrap();
        proof.check(&early.entry_bytes(last).unwrap()).unwrap();
    });
}

/// What an append leaves has its place and name; what lies there longer than one takes,
/// or has another name, is refused while the log is written to as well.
#[test]
fn strays_beside_a_writer_are_refused() {
    let cases = [
        ("tmp/x", "does not belong"),
        ("tmp/0001-x", "does not belong"),
        ("tmp/1-checkpoint", "does not belong"),
        ("tmp/0999-checkpoint", "does not belong"),
        ("tmp/0001-tile_9_000", "does not belong"),
        ("tmp/9999-tile_0_002.p_200", "does not belong"),
        ("tile/0/099", "does not belong"),
        ("tile/0/x099/000.p/7", "does not belong"),
        ("tile/9/000", "does not belong"),
        ("tile/0/x001/", "an empty folder"),
        ("notes", "does not belong"),
    ];
    let temporary = tempfile::tempdir().unwrap();
    let check = |number: usize, (name, expected): (&str, &str)| {
        let path = temporary.path().join(number.to_string());
        let writer = Writer::begin(&path, 600);
        let stray = path.join(name);
        match name.strip_suffix('/') {
            Some(_) => fs::create_dir_all(&stray).unwrap(),
            None => {
                fs::create_dir_all(stray.parent().unwrap()).unwrap();
                fs::write(&stray, "stray").unwrap();
            }
        }
        let stop = AtomicBool::new(false);
        let said = std::thread::scope(|scope| {
            scope.spawn(|| slowly(writer, &stop));
            let said = verify(&path, &Options::default(), &mut |_, _| ());
            stop.store(true, Ordering::SeqCst);
            said.map_or_else(|finding| finding.to_string(), |_| String::new())
        });
        let beside = (!said.contains(expected)).then(|| format!("{name}: {said:?}"));
        // Where nobody writes, at once.
        let begun = Instant::now();
        let said = verify(&path, &Options::default(), &mut |_, _| ());
        let said = said.map_or_else(|finding| finding.to_string(), |_| String::new());
        let late = begun.elapsed() > Duration::from_secs(5);
        let alone = (late || !said.contains(expected)).then(|| format!("{name} alone: {said:?}"));
        [beside, alone]
    };
    let wrong: Vec<_> = std::thread::scope(|scope| {
        let checks = cases.into_iter().enumerate();
        let started: Vec<_> = checks
            .map(|(number, case)| scope.spawn(move || check(number, case)))
            .collect();
        let ended = started.into_iter().map(|thread| thread.join().unwrap());
        ended.flatten().flatten().collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn slowly(mut writer: Writer, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        writer.append(1);
        std::thread::sleep(Duration::from_millis(100));
    }
}
