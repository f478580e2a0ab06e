//! Kill -9 at random points of a lane that runs the whole pipeline: its log verifies,
//! nothing that was acknowledged is lost, every transaction has its receipt after the
//! next start, and no file of it (state, temporary files, what it printed) holds a piece
//! of anybody.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    needles::{Needles, files},
    serve::Place,
    vehicle::{BOOTH, Booth, verified},
};

/// How many kills; `ROWCALL_PIPELINE_KILLS` asks for more.
fn kills() -> u64 {
    let asked = std::env::var("ROWCALL_PIPELINE_KILLS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(6)
}

/// What the lane acknowledged before it was killed.
#[derive(Default)]
struct Acknowledged {
    opened: AtomicU64,
    closed: AtomicU64,
    held: AtomicU64,
    /// Whatever it acknowledged, six things of a vehicle that is held.
    steps: AtomicU64,
}

/// One vehicle after another, until the lane doesn't answer any more.
fn drive(lane: &Booth, said: &Acknowledged) -> Option<()> {
    let one = |count: &AtomicU64| count.fetch_add(1, Ordering::SeqCst);
    for vehicle in 0_u64.. {
        let id = lane.open()?;
        one(&said.opened);
        one(&said.steps);
        lane.present(&id)?;
        one(&said.steps);
        lane.show(&id, 0)?;
        one(&said.steps);
        while !lane.is_idle(&id)? {
            std::thread::sleep(Duration::from_millis(20));
        }
        one(&said.steps);
        if vehicle.is_multiple_of(2) && lane.hold(&id)?.status == 201 {
            one(&said.held);
            one(&said.steps);
        }
        lane.close(&id)?;
        one(&said.closed);
        one(&said.steps);
    }
    None
}

/// Where in its files a lane has a piece of anybody.
fn found(folder: &Path, needles: &Needles) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(folder) {
        let mut seen = vec![false; needles.all.len()];
        needles.mark(&std::fs::read(&file).expect("a file"), &mut seen);
        let of = needles.marked(&seen);
        found.extend(of.map(|n| format!("{:?} of {} in {}", n.kind, n.name, file.display())));
    }
    found
}

#[test]
fn a_killed_lane_leaves_nothing_of_anybody() {
    let place = Place::new(&BOOTH);
    let folder = place.folder.path();
    let needles = Needles::of_vehicle().in_every_form();
    // The search finds what is planted.
    for needle in &needles.all {
        let planted = folder.join("tmp/planted");
        std::fs::write(&planted, [b"before", &*needle.bytes, b"after"].concat()).expect("written");
        assert!(
            !found(&folder.join("tmp"), &needles).is_empty(),
            "{}",
            needle.name
        );
        std::fs::remove_file(planted).expect("removed");
    }
    let mut lane = Booth::first(&place);
    let device = lane.device.clone();
    let mut seed = 0x0123_4567_89ab_cdef_u64 ^ u64::from(std::process::id());
    let mut all = [0; 3];
    let (mut open_when_killed, mut searched) = (0, 0);
    let begun = Instant::now();
    for kill in 0..kills() {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let driven = Arc::new(lane);
        let said = Arc::new(Acknowledged::default());
        let driving = std::thread::spawn({
            let (lane, said) = (driven.clone(), said.clone());
            move || drive(&lane, &said)
        });
        // Counted in acknowledgements and not in time alone, so that a slow machine is
        // killed at the same points as a fast one: from a vehicle's opening to the next's.
        while said.steps.load(Ordering::SeqCst) < 1 + seed % 7 {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis((seed >> 8) % 500));
        driven.signal("KILL");
        driving.join().expect("a driver");
        drop(driven);
        let left = found(folder, &needles);
        assert!(left.is_empty(), "after kill {kill}: {left:#?}");
        let more = [&said.opened, &said.closed, &said.held].map(|n| n.load(Ordering::SeqCst));
        (0..3).for_each(|i| all[i] += more[i]);
        // Starting puts aside what was not acknowledged, and writes the receipts.
        lane = Booth::again(&place, device.clone());
        let report = verified(&place);
        let report = report.unwrap_or_else(|why| panic!("after kill {kill}: {why}"));
        assert!(report.state.open_transactions().is_empty(), "kill {kill}");
        let logged = |kind: &str| report.state.counts().get(kind).copied().unwrap_or(0);
        for (kind, least) in [
            ("opened", all[0]),
            ("destroyed", all[0]),
            ("hold-made", all[2]),
        ] {
            let logged = logged(kind);
            assert!(logged >= least, "a kill lost {kind}: {logged} of {least}");
        }
        open_when_killed += u64::from(more[0] > more[1]);
        searched = files(folder).len();
    }
    drop(lane);
    let left = found(folder, &needles);
    assert!(left.is_empty(), "after the last start: {left:#?}");
    println!(
        "{} kills in {:.0?}: {} transactions opened, {} closed, {} held, none lost; a transaction was open at {open_when_killed}; {searched} files searched for {} pieces",
        kills(),
        begun.elapsed(),
        all[0],
        all[1],
        all[2],
        needles.all.len()
    );
    // The kills must have hit something, or this shows nothing.
    assert!(open_when_killed >= kills() / 3, "{open_when_killed}");
}
