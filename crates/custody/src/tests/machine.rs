//! Random interleavings of everything that can happen to a lane.
//!
//! After each step: a transaction that has ended cannot be read. At the end:
//! the log verifies, holds every entry that was acknowledged once and no other,
//! and has a receipt for every opening; no key of an ended hold is left.

use super::made;
use super::world::*;
use crate::seat_subject;
use crate::{Custody, ErrorKind, Fact, HoldId, OpenTransaction};
use proptest::prelude::*;
use rowcall_audit::entry::{Count, Subject};
use rowcall_words::log::{AdjudicationReason, Approval};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Clone, Debug)]
enum Step {
    Open(u32),
    Document(usize),
    Frame(usize),
    Occupant(usize),
    OptOut(usize, u8),
    Hold(usize),
    View(usize),
    Release(usize),
    Adjudicate(usize),
    Close(usize),
    Drop(usize),
    Panic(usize),
    /// True time passes, in twenty seconds each with a tick.
    Pass(u32),
    /// Somebody sets the clock.
    Jump(i64),
    Crash {
        down: u32,
        jump: i64,
        reboot: bool,
    },
    Restart {
        down: u32,
    },
    RotateKey,
    /// The log cannot be written for a while, in which one transaction is closed
    /// and somebody may set the clock.
    Unwritable {
        at: usize,
        ticks: u32,
        jump: i64,
    },
    /// A hold that the database refuses.
    Unstorable(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let jump = || prop_oneof![Just(0), -100_000_i64..100_000, -90_i64..90];
    prop_oneof![
        4 => (1_u32..=3).prop_map(Step::Open),
        4 => any::<usize>().prop_map(Step::Document),
        3 => any::<usize>().prop_map(Step::Frame),
        4 => any::<usize>().prop_map(Step::Occupant),
        1 => (any::<usize>(), 0_u8..3).prop_map(|(at, what)| Step::OptOut(at, what)),
        4 => any::<usize>().prop_map(Step::Hold),
        1 => any::<usize>().prop_map(Step::View),
        1 => any::<usize>().prop_map(Step::Release),
        2 => any::<usize>().prop_map(Step::Adjudicate),
        3 => any::<usize>().prop_map(Step::Close),
        1 => any::<usize>().prop_map(Step::Drop),
        1 => any::<usize>().prop_map(Step::Panic),
        3 => (1_u32..20).prop_map(Step::Pass),
        1 => jump().prop_map(Step::Jump),
        1 => (0_u32..2000, jump(), any::<bool>())
            .prop_map(|(down, jump, reboot)| Step::Crash { down, jump, reboot }),
        1 => (0_u32..2000).prop_map(|down| Step::Restart { down }),
        1 => Just(Step::RotateKey),
        1 => (any::<usize>(), 0_u32..4, jump())
            .prop_map(|(at, ticks, jump)| Step::Unwritable { at, ticks, jump }),
        1 => any::<usize>().prop_map(Step::Unstorable),
    ]
}

struct Machine {
    world: World,
    custody: Option<Custody>,
    open: Vec<OpenTransaction>,
    ended: Vec<OpenTransaction>,
    holds: Vec<HoldId>,
    /// How often each kind of entry was acknowledged.
    expected: BTreeMap<&'static str, u64>,
    /// Wrapped keys by hold, as they lay in the key file.
    wrapped: BTreeMap<HoldId, Vec<u8>>,
}

impl Machine {
    fn new() -> Self {
        // Few enough holds a day for some to be refused.
        let world = World::with(Approval::OneOfficer, 8);
        let custody = Some(world.start().unwrap());
        let mut machine = Self {
            world,
            custody,
            open: Vec::new(),
            ended: Vec::new(),
            holds: Vec::new(),
            expected: BTreeMap::new(),
            wrapped: BTreeMap::new(),
        };
        machine.count("started");
        machine
    }

    fn count(&mut self, kind: &'static str) {
        *self.expected.entry(kind).or_default() += 1;
    }

    fn custody(&self) -> &Custody {
        self.custody.as_ref().unwrap()
    }

    fn start(&mut self) {
        self.custody = Some(self.world.start().unwrap());
        self.count("started");
        self.ended.append(&mut self.open);
    }

    /// Whatever the time limit has ended since moves over.
    fn settle(&mut self) {
        for mut open in std::mem::take(&mut self.open) {
            match open.read(|_| ()).is_ok() {
                true => self.open.push(open),
                false => self.ended.push(open),
            }
        }
    }

    fn run(&mut self, step: Step) {
        let officer = self.world.officer("officer");
        let count = self.open.len().max(1);
        let pick = |at: usize| at % count;
        match step {
            Step::Open(limit) => {
                let (open, _) = self
                    .custody()
                    .open(b"reference", minutes(limit), made::lane())
                    .unwrap();
                self.open.push(open);
                self.count("opened");
            }
            Step::Document(at) if !self.open.is_empty() => {
                let open = &mut self.open[pick(at)];
                open.add_document(presented_as(1, 2), Some(image(1)))
                    .unwrap();
                open.record(&[document_fact()]).unwrap();
                self.count("document");
            }
            Step::Frame(at) if !self.open.is_empty() => {
                self.open[pick(at)]
                    .add_frame(made::nobody(image(3)))
                    .unwrap();
            }
            Step::Occupant(at) if !self.open.is_empty() => {
                let open = &mut self.open[pick(at)];
                open.add_frame(occupant(1, 4)).unwrap();
            }
            Step::OptOut(at, what) if !self.open.is_empty() => {
                let subject = match what {
                    0 => seat_subject(seat(1)).unwrap(),
                    1 => Subject::Document(Count::new(0).unwrap()),
                    _ => Subject::Vehicle,
                };
                let done = self.open[pick(at)].opt_out(subject);
                // There may be no document yet.
                assert!(done.is_ok() || what == 1, "{done:?}");
            }
            Step::Hold(at) if !self.open.is_empty() => {
                let before = self.world.hold_keys();
                // Refused where there is no pair, or no more room.
                if let Ok(hold) = self.open[pick(at)].hold(&hold_request(), &officer) {
                    let after = self.world.hold_keys();
                    let slots = before.chunks(72).zip(after.chunks(72));
                    let changed: Vec<_> = slots.filter(|(b, a)| b != a).collect();
                    assert_eq!(changed.len(), 1);
                    self.wrapped.insert(hold, changed[0].1.to_vec());
                    self.holds.push(hold);
                    self.count("hold-made");
                }
            }
            Step::View(at) if !self.holds.is_empty() => {
                let hold = self.holds[at % self.holds.len()];
                if let Ok(pair) = self.custody().view_hold(hold, &officer) {
                    assert_eq!(pair.occupant().rgb(), made::shown(1, &image(4)));
                    self.count("hold-viewed");
                }
            }
            Step::Release(at) if !self.holds.is_empty() => {
                let hold = self.holds[at % self.holds.len()];
                if self.custody().release_hold(hold, &officer).is_ok() {
                    self.count("hold-released");
                }
            }
            Step::Adjudicate(at) if !self.open.is_empty() => {
                let fact = Fact::Adjudicated {
                    subject: Subject::Vehicle,
                    officer: &officer,
                    reason: AdjudicationReason::CheckedByHand,
                };
                self.open[pick(at)].record(&[fact]).unwrap();
                self.count("adjudicated");
            }
            Step::Close(at) if !self.open.is_empty() => {
                let open = self.open.swap_remove(pick(at));
                let closed = open.close().unwrap();
                closed
                    .receipt()
                    .verify(self.world.signer().verifier())
                    .unwrap();
            }
            Step::Drop(at) if !self.open.is_empty() => {
                drop(self.open.swap_remove(pick(at)));
            }
            Step::Panic(at) if !self.open.is_empty() => {
                let mut open = self.open.swap_remove(pick(at));
                let read =
                    AssertUnwindSafe(|| open.read(|_| std::panic::resume_unwind(Box::new(()))));
                let thrown: Result<Result<(), _>, _> = catch_unwind(read);
                assert!(thrown.is_err());
                self.ended.push(open);
            }
            Step::Pass(times) => {
                for _ in 0..times {
                    self.world.clock.advance(20);
                    self.custody().tick().unwrap();
                }
            }
            Step::Jump(seconds) => {
                self.world.clock.jump(seconds);
                self.custody().tick().unwrap();
            }
            Step::Crash { down, jump, reboot } => {
                self.custody.take().unwrap().crash();
                // Handles outlive the process here; they must be dead.
                self.ended.append(&mut self.open);
                self.world.clock.advance(down);
                self.world.clock.jump(jump);
                if reboot {
                    self.world.clock.reboot();
                }
                self.drop_ended();
                self.start();
            }
            Step::Restart { down } => {
                self.custody.take().unwrap().shutdown().unwrap();
                self.count("stopped");
                self.ended.append(&mut self.open);
                self.world.clock.advance(down);
                self.drop_ended();
                self.start();
            }
            Step::RotateKey => {
                let next = self.world.keys.lock().unwrap().len() as u8 + 1;
                self.custody().rotate_key(signer(next)).unwrap();
                self.world.keys.lock().unwrap().push(next);
                self.count("key-rotated");
            }
            Step::Unwritable { at, ticks, jump } => self.unwritable(at, ticks, jump),
            Step::Unstorable(at) if !self.open.is_empty() => {
                self.world.break_store("INSERT ON holds");
                let error = self.open[pick(at)]
                    .hold(&hold_request(), &officer)
                    .unwrap_err();
                self.world.mend_store();
                // Otherwise it was refused before anything was written.
                if error.kind() == ErrorKind::Device {
                    self.count("hold-made");
                }
            }
            _ => {}
        }
        self.settle();
        self.check();
    }

    fn unwritable(&mut self, at: usize, ticks: u32, jump: i64) {
        self.world.break_log();
        self.world.clock.jump(jump);
        assert!(
            self.custody()
                .open(b"reference", minutes(1), made::lane())
                .is_err()
        );
        if !self.open.is_empty() {
            let open = self.open.swap_remove(at % self.open.len());
            assert!(open.record(&[document_fact()]).is_err());
            assert!(open.close().is_err());
        }
        for _ in 0..ticks {
            self.world.clock.advance(20);
            // It may have had nothing to write.
            let _ = self.custody().tick();
        }
        self.world.mend_log();
        self.custody().tick().unwrap();
    }

    /// The lock on the log goes with the last handle.
    fn drop_ended(&mut self) {
        self.check();
        self.ended.clear();
    }

    /// Nothing that has ended can be read.
    fn check(&mut self) {
        for ended in &mut self.ended {
            let error = ended.read(|held| held.images()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Ended);
        }
    }

    fn finish(mut self) {
        let live = self.custody().holds().unwrap();
        let keys = self.world.hold_keys();
        for (hold, wrapped) in &self.wrapped {
            let present = keys.windows(72).any(|window| window == wrapped);
            assert_eq!(present, live.contains(hold), "the key of {hold:?}");
        }
        self.custody.take().unwrap().shutdown().unwrap();
        self.count("stopped");
        self.ended.append(&mut self.open);
        self.check();
        let report = self.world.verify();
        let counts = report.state.counts();
        let count = |kind| counts.get(kind).copied().unwrap_or(0);
        assert_eq!(count("opened"), count("destroyed"), "openings and receipts");
        assert!(report.state.open_transactions().is_empty());
        let held: Vec<u64> = report.state.live_holds().keys().copied().collect();
        assert_eq!(held, live.iter().map(|hold| hold.0).collect::<Vec<_>>());
        for kind in [
            "started",
            "stopped",
            "opened",
            "document",
            "adjudicated",
            "hold-made",
            "hold-viewed",
            "hold-released",
            "key-rotated",
        ] {
            let expected = self.expected.get(kind).copied().unwrap_or(0);
            assert_eq!(
                count(kind),
                expected,
                "{kind}\n{}",
                self.world.lines().join("\n")
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("ROWCALL_MACHINE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn no_interleaving_leaves_a_biometric_or_loses_an_entry(
        steps in proptest::collection::vec(step(), 1..60)
    ) {
        let mut machine = Machine::new();
        for step in steps {
            machine.run(step);
        }
        machine.finish();
    }
}
