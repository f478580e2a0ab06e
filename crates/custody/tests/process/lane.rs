//! The process that is killed: a lane with synthetic people, run by starting
//! this very test binary again.

use crate::made;
use rowcall_audit::entry::*;
use rowcall_audit::{KeyName, Purpose, SignerKey};
use rowcall_custody::system::{SystemClock, harden, system_random};
use rowcall_custody::{
    Custody, Fact, HoldRequest, Keys, LockedKey, LogIn, Places, Policy, Started, log_seat,
};
use rowcall_face::Image;
use rowcall_words::log::{AdjudicationReason, Approval, DocumentKind, DocumentVerdict, HoldReason};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Seat;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(crate) const NAME: &str = "ERIKSSON<<ANNA<MARIA";
pub(crate) const NUMBER: &str = "L898902C36UTO7408122F";
pub(crate) const OFFICER: &str = "officer.lindqvist";

/// Tells the test below that it is to be a lane, and where.
const FOLDER: &str = "ROWCALL_TEST_LANE_FOLDER";

pub(crate) fn signer() -> SignerKey {
    let name = KeyName::new("lane3.example.org/rowcall").unwrap();
    SignerKey::from_seed(name, Purpose::Note, &[1; 32]).unwrap()
}

pub(crate) fn places(folder: &Path) -> Places {
    Places {
        log: folder.join("log"),
        store: folder.join("custody.sqlite"),
        holds: folder.join("holds"),
        hold_keys: folder.join("hold-keys"),
    }
}

pub(crate) fn start(folder: &Path) -> (Custody, LogIn, Started) {
    let policy = Policy {
        configuration: Digest::of(b"configuration"),
        transaction_limit: Minutes::new(5).unwrap(),
        hold_limit: Minutes::new(60).unwrap(),
        order_limit: Minutes::new(600).unwrap(),
        holds_per_day: Count::new(60_000).unwrap(),
        approval: Approval::OneOfficer,
        live_holds: 8,
        keep_outcomes: Minutes::new(60).unwrap(),
    };
    let keys = Keys {
        log: vec![signer()],
        site: LockedKey::new([2; 32]),
        former_site: None,
        officers: LockedKey::new([3; 32]),
    };
    let (clock, random) = (SystemClock::new(), Box::new(system_random()));
    Custody::start(&places(folder), policy, keys, clock, random).unwrap()
}

/// The pixels of a picture: noise that says who it is, and a whole JPEG head.
pub(crate) fn pixels(seed: u8) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(48 * 48 * 3);
    let mut state = 0x2545_f491_4f6c_dd1d ^ (u64::from(seed) << 32);
    while rgb.len() < 48 * 48 * 3 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        rgb.push(state as u8);
    }
    rgb[600..620].copy_from_slice(JPEG_HEAD);
    rgb
}

/// Start of image, APP0, "JFIF", version 1.1 (ITU-T T.871, section 10.1).
pub(crate) const JPEG_HEAD: &[u8; 20] =
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x48\x00\x48\x00\x00";

pub(crate) fn image(seed: u8) -> Image {
    Image::from_rgb(48, 48, pixels(seed)).unwrap()
}

fn calibration() -> rowcall_face::Calibration {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/sface.calibration.json");
    rowcall_face::Calibration::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Starts a lane in a process of its own; its standard output tells what was
/// acknowledged.
pub(crate) fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "lane::this_process_is_a_lane",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Not a test by itself: what [`spawn`] runs.
#[test]
fn this_process_is_a_lane() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    harden();
    let (custody, log_in, _) = start(&folder);
    say("ready", 0);
    for vehicle in 0_u64.. {
        run_vehicle(&custody, &log_in, vehicle);
        custody.tick().unwrap();
    }
}

fn run_vehicle(custody: &Custody, log_in: &LogIn, vehicle: u64) {
    let officer = log_in.authenticated(OFFICER);
    let reference = format!("{NAME} {NUMBER} {vehicle}");
    let (mut open, _) = custody
        .open(reference.as_bytes(), Minutes::new(5).unwrap(), made::lane())
        .unwrap();
    let number = open.number();
    say("opened", number);
    let seat = Seat {
        row: 1,
        side: rowcall_words::seat::Side::Left,
    };
    let (row, side) = log_seat(seat).unwrap();
    open.add_frame(made::nobody(image(1))).unwrap();
    let portrait = image(2);
    open.add_document(
        made::document(Some(made::template(2)), &portrait),
        Some(portrait),
    )
    .unwrap();
    open.add_frame(made::somebody(1, image(3), made::template(3)))
        .unwrap();
    let at = jiff::civil::date(2026, 11, 24);
    let calibration = calibration();
    open.read(|held| rowcall_rollcall::call(&held.evidence(&calibration, at)).unwrap())
        .unwrap();
    let document = Fact::Document {
        kind: DocumentKind::Passport,
        verdict: DocumentVerdict::Trusted,
        leniencies: Leniencies::new(0).unwrap(),
    };
    let decided = Fact::Seat {
        row,
        side,
        outcome: SeatOutcome::NoMatchingDocument,
        stage: Stage::Match,
    };
    let adjudicated = Fact::Adjudicated {
        subject: Subject::Vehicle,
        officer: &officer,
        reason: AdjudicationReason::ConfirmedByEye,
    };
    open.record(&[document, decided, adjudicated]).unwrap();
    if vehicle.is_multiple_of(2) {
        let request = HoldRequest {
            seat,
            document: 0,
            reason: HoldReason::SuspectedImpostor,
            length: Minutes::new(30).unwrap(),
        };
        let hold = open.hold(&request, &officer);
        // There are eight places; the oldest makes room.
        match hold {
            Ok(hold) => say("held", hold.0),
            Err(_) => {
                let oldest = custody.holds().unwrap()[0];
                custody.view_hold(oldest, &officer).unwrap();
                custody.release_hold(oldest, &officer).unwrap();
                say("released", oldest.0);
            }
        }
    }
    open.close().unwrap();
    say("closed", number);
}

fn say(what: &str, number: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what} {number}").unwrap();
    out.flush().unwrap();
}
