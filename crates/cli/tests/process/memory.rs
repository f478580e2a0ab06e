//! A lane's process is searched from outside: while a vehicle stands there its faces
//! are in memory, and once its transaction has ended no piece of them is, however it
//! ended.

use std::{
    collections::BTreeMap,
    os::unix::fs::FileExt as _,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    ask::half_asked,
    needles::{Kind, MOMENTS, Needle, Needles},
    serve::{Place, Service},
    vehicle::{BOOTH, Booth, logged, wait},
};

/// The shortest time of a transaction, and of a hold; and how long custody may take to
/// see that it is over, on a machine that has other things to do.
const LIMIT: Duration = Duration::from_secs(60 + 60);

/// Marks which needles are in the process's writable memory. It stands still
/// meanwhile, so that what is moved isn't missed.
fn search(lane: &Booth, needles: &Needles, seen: &mut [bool]) {
    lane.signal("STOP");
    let process = lane.lane.child.id();
    let memory = lane.memory().expect("its memory");
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).expect("its maps");
    let mut buffer = vec![0_u8; 4 << 20];
    let overlap = needles.longest();
    for map in maps.lines().filter(|map| map.contains(" rw")) {
        let (from, to) = map
            .split(' ')
            .next()
            .and_then(|r| r.split_once('-'))
            .expect("a range");
        let number = |text| u64::from_str_radix(text, 16).expect("a number");
        let (mut at, end) = (number(from), number(to));
        while at < end {
            let wanted = buffer.len().min((end - at) as usize);
            // What can't be read (guard pages) holds nothing.
            let Ok(read @ 1..) = memory.read_at(&mut buffer[..wanted], at) else {
                break;
            };
            needles.mark(&buffer[..read], seen);
            // Pieces across two reads: go back by a needle's length.
            at += match read > overlap && at + (read as u64) < end {
                true => (read - overlap) as u64,
                false => read as u64,
            };
        }
    }
    lane.signal("CONT");
}

/// What a vehicle that stands there is in memory as, at the least: as it was handed in,
/// and as what was made of it.
const GIVEN: [Kind; 3] = [Kind::FrameFile, Kind::PortraitFile, Kind::Zone];
const MADE: [Kind; 3] = [Kind::FramePixels, Kind::Template, Kind::Reference];

/// How many pieces of each kind were found.
type Row = BTreeMap<Kind, usize>;

fn row<'a>(found: impl Iterator<Item = &'a Needle>) -> Row {
    found.fold(Row::new(), |mut row, needle| {
        *row.entry(needle.kind).or_default() += 1;
        row
    })
}

struct Table {
    needles: &'static Needles,
    /// What was found, under what it is of.
    rows: Vec<(String, Row)>,
    left: Vec<String>,
}

impl Table {
    fn new() -> Self {
        Self {
            needles: Needles::of_vehicle(),
            rows: Vec::new(),
            left: Vec::new(),
        }
    }

    fn before(&mut self, name: &str, seen: &[bool], kinds: &[Kind]) {
        let found = row(self.needles.marked(seen));
        // The search isn't blind.
        for kind in kinds {
            assert!(
                found.contains_key(kind),
                "{name}: blind for {kind:?}: {found:?}"
            );
        }
        println!("{name}: {} pieces", found.values().sum::<usize>());
        self.rows.push((format!("{name}: before"), found));
    }

    fn after(&mut self, name: &str, lane: &Booth) {
        let seen = self.look(lane);
        self.record(name, &seen);
    }

    /// The same where nothing is signed: whoever looks at a frame lets go of it as the
    /// look ends, and nobody tells when. What is found is looked for again, for half a
    /// minute at most, until two searches in turn find nothing.
    fn after_a_look(&mut self, name: &str, lane: &Booth) {
        let begun = Instant::now();
        let (mut seen, mut clean) = (Vec::new(), 0);
        while clean < 2 && begun.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_secs(1));
            seen = self.look(lane);
            clean = match seen.contains(&true) {
                true => 0,
                false => clean + 1,
            };
        }
        self.record(name, &seen);
    }

    fn look(&self, lane: &Booth) -> Vec<bool> {
        let mut seen = vec![false; self.needles.all.len()];
        search(lane, self.needles, &mut seen);
        seen
    }

    fn record(&mut self, name: &str, seen: &[bool]) {
        for needle in self.needles.marked(seen) {
            self.left
                .push(format!("{name}: {:?} of {}", needle.kind, needle.name));
        }
        let found = row(self.needles.marked(seen));
        println!("{name}: left {found:?}");
        self.rows.push((format!("{name}: after"), found));
    }

    /// Prints it; fails where anything was left.
    fn end(&self) {
        self.print();
        assert!(self.left.is_empty(), "left in memory: {:#?}", self.left);
    }

    fn print(&self) {
        let kinds = Kind::ALL.map(|kind| format!("{kind:?}"));
        println!("| | {} |", kinds.join(" | "));
        println!("|---|{}", "---|".repeat(kinds.len()));
        let count = |kind| self.needles.count(kind).to_string();
        println!("| pieces | {} |", Kind::ALL.map(count).join(" | "));
        for (name, row) in &self.rows {
            let found = |kind| row.get(&kind).copied().unwrap_or(0).to_string();
            println!("| {name} | {} |", Kind::ALL.map(found).join(" | "));
        }
    }
}

/// A vehicle comes, and is looked at; what was found in memory meanwhile.
fn arrive(lane: &Booth, needles: &Needles, moments: usize) -> (String, Vec<bool>) {
    let mut seen = vec![false; needles.all.len()];
    let id = lane.open().expect("opened");
    lane.present(&id).expect("presented");
    for moment in 0..moments {
        lane.show(&id, moment).expect("shown");
        loop {
            let begun = Instant::now();
            search(lane, needles, &mut seen);
            if lane.is_idle(&id).expect("an answer") {
                break;
            }
            // It stood still meanwhile: as long again, so that it gets on.
            std::thread::sleep(begun.elapsed());
        }
    }
    search(lane, needles, &mut seen);
    (id, seen)
}

/// What networks are given is in memory a few rows at a time, each for as long as a
/// filter takes: frames are shown again for a while, and the process looked at in the
/// midst of it, so that rows of both are caught. Whether they are is chance, which no
/// test may hang on; the table says it.
fn catch_inputs(lane: &Booth, id: &str, needles: &Needles, seen: &mut [bool]) {
    let has = |seen: &[bool], kind| needles.marked(seen).any(|needle| needle.kind == kind);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if lane.is_idle(id) == Some(true) {
            lane.show(id, 0).expect("shown");
        }
        for _ in 0..10 {
            search(lane, needles, seen);
            if has(seen, Kind::DetectorInput) && has(seen, Kind::EmbedderInput) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A lane whose memory can be read; none where it can't, which is said.
fn start(service: &Service) -> Option<(Place, Booth)> {
    let place = Place::new(service);
    let lane = Booth::first(&place);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", lane.lane.child.id()));
    let limits = limits.expect("its limits");
    let dumps = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let dumps: Vec<&str> = dumps.expect("a limit").split_whitespace().collect();
    assert_eq!(dumps[4..6], ["0", "0"], "a lane that can be dumped");
    if lane.memory().is_some() {
        return Some((place, lane));
    }
    rowcall_skip::skip("only root can read the memory of a lane");
    None
}

#[test]
fn no_face_is_left_in_a_lanes_process_however_its_transaction_ended() {
    let two = Service {
        two_officers: true,
        ..BOOTH
    };
    let Some((place, mut lane)) = start(&two) else {
        return;
    };
    let second = lane.lane.officer("second");
    let mut table = Table::new();
    let needles = table.needles;

    // Its hold ends while others come.
    let (id, mut seen) = arrive(&lane, needles, MOMENTS);
    catch_inputs(&lane, &id, needles, &mut seen);
    table.before("held", &seen, &MADE);
    let proposed = lane.hold(&id).expect("an officer");
    assert_eq!(proposed.status, 201, "{}", proposed.text());
    let proposal = proposed.between("\"proposal\":", "}");
    let alone = lane.consent(&id, &proposal, None);
    assert!(alone.text().contains("another person"), "{}", alone.text());
    let held = lane.consent(&id, &proposal, Some(&second));
    assert_eq!(held.status, 201, "{}", held.text());
    assert_eq!(logged(&place, "hold-made"), 1);
    lane.close(&id).expect("closed");
    table.after("held and closed", &lane);

    let (id, seen) = arrive(&lane, needles, MOMENTS);
    table.before("closed", &seen, &MADE);
    lane.close(&id).expect("closed");
    table.after("closed, result not fetched", &lane);
    let path = format!("/v1/transactions/{id}/result");
    assert_eq!(lane.get(&path).map(|a| a.status), Some(200));
    let fetched = lane.ask(&lane.device, &format!("DELETE {path}"), &Value::Null);
    assert_eq!(fetched.map(|a| a.status), Some(204));
    table.after("closed, result fetched", &lane);

    // While analysts are at it.
    let id = lane.open().expect("opened");
    lane.present(&id).expect("presented");
    lane.show(&id, 0).expect("shown");
    lane.show(&id, 1).expect("shown");
    lane.close(&id).expect("closed");
    table.after("closed while its frames are looked at", &lane);

    let (id, seen) = arrive(&lane, needles, MOMENTS);
    table.before("opted out", &seen, &MADE);
    let out = lane.opt_out(&id).expect("an answer");
    assert_eq!(out.status, 200, "{}", out.text());
    table.after_a_look("opted out, still open", &lane);
    // What comes of it now is destroyed as it comes.
    lane.show(&id, 0).expect("shown");
    let minute = Duration::from_secs(60);
    wait("what was shown", minute, || lane.is_idle(&id) == Some(true));
    table.after_a_look("shown after opting out", &lane);
    lane.close(&id).expect("closed");

    wait("the hold's end", LIMIT, || {
        logged(&place, "hold-expired") == 1
    });
    table.after("held and expired", &lane);

    let (_, seen) = arrive(&lane, needles, MOMENTS);
    table.before("terminated", &seen, &MADE);
    // A server that stops waits for who has begun to ask: long enough to be looked at.
    let waiting = half_asked(&lane.lane.at, &lane.device.0);
    let destroyed = logged(&place, "destroyed");
    lane.signal("TERM");
    let soon = Duration::from_secs(5);
    wait("the stop", soon, || logged(&place, "stopped") == 1);
    assert_eq!(logged(&place, "destroyed"), destroyed + 1);
    table.after("terminated", &lane);
    assert_eq!(
        lane.lane.child.try_wait().expect("a process"),
        None,
        "it was looked at alive"
    );
    drop(waiting);
    let ended = lane.lane.child.wait().expect("a process");
    assert!(ended.success(), "{ended}");

    table.end();
}

/// In a lane of its own, beside the others: it takes a minute and more.
#[test]
fn no_face_is_left_of_a_vehicle_that_was_abandoned() {
    let shortest = Service {
        transaction_minutes: 1,
        ..BOOTH
    };
    let Some((_place, lane)) = start(&shortest) else {
        return;
    };
    let mut table = Table::new();
    let (id, seen) = arrive(&lane, table.needles, 1);
    // On a slow machine its time is over before anybody looked at its frames.
    table.before("abandoned", &seen, &GIVEN);
    wait("the time limit", LIMIT, || !lane.has(&id));
    table.after("abandoned, out of time", &lane);
    table.end();
}

/// A result that nobody fetches goes after ten minutes, and with it what the caller
/// calls its documents: nothing of the vehicle is left.
#[test]
#[ignore = "takes eleven minutes"]
fn a_result_that_nobody_fetched_goes() {
    let Some((_place, lane)) = start(&BOOTH) else {
        return;
    };
    let mut table = Table::new();
    let (id, _) = arrive(&lane, table.needles, MOMENTS);
    lane.close(&id).expect("closed");
    let path = format!("/v1/transactions/{id}/result");
    let gone = || lane.get(&path).is_some_and(|answer| answer.status == 404);
    assert!(!gone());
    wait("the result's end", Duration::from_secs(11 * 60), gone);
    table.after("result out of time", &lane);
    table.end();
    let close = format!("POST /v1/transactions/{id}/close");
    let none = lane.ask(&lane.device, &close, &Value::Null);
    assert_eq!(none.map(|answer| answer.status), Some(404));
}
