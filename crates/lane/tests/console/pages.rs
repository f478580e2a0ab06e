//! Made content of the other pages.

use jiff::civil::{date, datetime};
use rowcall_lane::console::{
    Role, Viewer,
    administrator::{AdministratorPage, Camera, FaceBox, SetUp, Token, Trust, User, ZonesPage},
    auditor::{AuditorPage, Checkpoint, Hold, HoldEnd, Summary},
    supervisor::{self, Agreement, CameraHealth, Group, Rate, Rates, Stage, SupervisorPage},
};
use rowcall_words::log::{DestructionCause, HoldExpiryCause, HoldReason};
use rowcall_words::outcome::SeatOutcome;
use rowcall_words::seat::Seat;

fn seat(name: &str) -> Seat {
    name.parse().expect("a seat")
}

/// How a lane did on a day.
pub(crate) fn supervisor(viewer: Viewer) -> SupervisorPage {
    let rate = |rate: f64, people: u64| {
        let half = 1.96 * (rate * (1.0 - rate) / people as f64).sqrt();
        Some(Rate {
            rate,
            low: (rate - half).max(0.0),
            high: (rate + half).min(1.0),
            people,
        })
    };
    let rates = |group, capture, quality, matched| Rates {
        group,
        capture,
        quality,
        matched,
    };
    let camera = |name: &str, state, frame_age| supervisor::Camera {
        name: name.into(),
        state,
        frames_per_second: if frame_age > 1.0 { 0.0 } else { 5.0 },
        frame_age: Some(frame_age),
        dropped: 214,
    };
    let effect = |budget, wrong, referred, is_in_force| supervisor::Effect {
        budget,
        wrong,
        referred,
        is_in_force,
    };
    SupervisorPage {
        viewer: Viewer {
            role: Role::Supervisor,
            ..viewer
        },
        lane: "A1".into(),
        lanes: vec!["A1".into(), "A2".into()],
        days: (date(2026, 11, 20), date(2026, 11, 26)),
        rates: vec![
            rates(
                Group::Lane,
                rate(0.993, 2_105),
                rate(0.958, 2_090),
                rate(0.971, 2_002),
            ),
            rates(
                Group::Row(1),
                rate(0.999, 1_190),
                rate(0.986, 1_189),
                rate(0.981, 1_172),
            ),
            rates(
                Group::Row(2),
                rate(0.985, 915),
                rate(0.921, 901),
                rate(0.957, 830),
            ),
            rates(
                Group::Seat(seat("1-left")),
                rate(0.999, 700),
                rate(0.99, 699),
                rate(0.983, 692),
            ),
            rates(
                Group::Seat(seat("2-centre")),
                rate(0.97, 60),
                rate(0.86, 58),
                None,
            ),
            rates(
                Group::Camera("front".into()),
                rate(0.97, 2_105),
                rate(0.94, 2_042),
                None,
            ),
            rates(
                Group::Camera("right".into()),
                rate(0.88, 1_044),
                rate(0.79, 919),
                None,
            ),
            rates(Group::Today(7, 8), rate(0.98, 61), rate(0.96, 60), None),
            rates(
                Group::Hours(6, 9),
                rate(0.994, 420),
                rate(0.97, 417),
                rate(0.972, 405),
            ),
            rates(
                Group::Hours(18, 21),
                rate(0.991, 333),
                rate(0.912, 330),
                rate(0.969, 301),
            ),
        ],
        vehicles: Some(supervisor::Vehicles {
            count: 702,
            median: 31.0,
            ninety: 74.0,
            all_confirmed: 617,
        }),
        referrals: vec![
            (SeatOutcome::PoorQuality, 88),
            (SeatOutcome::Ambiguous, 31),
            (SeatOutcome::NoMatchingDocument, 17),
            (SeatOutcome::NotCaptured, 15),
            (SeatOutcome::OptedOut, 9),
        ],
        agreement: Some(Agreement {
            agree: 112,
            differ: 6,
            cannot_tell: 11,
        }),
        cameras: vec![
            camera("front", CameraHealth::Delivering, 0.2),
            camera("left", CameraHealth::OutOfFocus, 0.2),
            camera("right", CameraHealth::NoFrames, 95.0),
        ],
        alarms: vec![supervisor::Alarm {
            group: Group::Camera("right".into()),
            stage: Stage::Quality,
            is_fall: true,
            at: datetime(2026, 11, 26, 18, 0, 0, 0),
            since: datetime(2026, 11, 26, 17, 0, 0, 0),
            expected: 93,
            since_then: Some(60),
        }],
        policy: supervisor::Policy {
            model: "sface".into(),
            calibration: "sface-2026-10".into(),
            effects: vec![
                effect(1.0e-4, 0.9, Some(912.0), false),
                effect(1.0e-3, 9.4, Some(420.0), true),
                effect(1.0e-2, 97.0, Some(188.0), false),
            ],
            rules: vec![
                ("declared_occupants".into(), "officer".into()),
                ("retention.two_officers".into(), "true".into()),
            ],
        },
    }
}

/// What a log says of a month.
pub(crate) fn auditor(viewer: Viewer) -> AuditorPage {
    let hold = |entry, reason, views, end| Hold {
        entry,
        reason,
        made: datetime(2026, 11, 19, 14, 3, 0, 0),
        due: datetime(2026, 11, 19, 15, 3, 0, 0),
        views,
        end,
    };
    AuditorPage {
        viewer: Viewer {
            role: Role::Auditor,
            ..viewer
        },
        log: "lane.border.example/a1".into(),
        size: 41_877,
        verifier: "/web/verify/page.html".into(),
        checkpoints: vec![
            Checkpoint {
                size: 41_877,
                root: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=".into(),
                at: datetime(2026, 11, 26, 14, 0, 0, 0),
                witnesses: vec!["port.border.example".into(), "ombudsman.example".into()],
            },
            Checkpoint {
                size: 41_802,
                root: "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=".into(),
                at: datetime(2026, 11, 26, 13, 0, 0, 0),
                witnesses: Vec::new(),
            },
        ],
        period: (date(2026, 11, 1), date(2026, 11, 26)),
        summary: Summary {
            opened: 2_311,
            destroyed: vec![
                (DestructionCause::Closed, 2_296),
                (DestructionCause::TimeLimit, 13),
                (DestructionCause::Shutdown, 2),
            ],
            late: 0,
            longest_minutes: 10,
            images: 98_120,
            templates: 71_433,
            starts: 4,
            confirmed: 6_411,
            referred: 402,
            adjudicated: (401, 7),
            set_ups: 2,
            lane_files: 1,
        },
        holds: vec![
            hold(
                30_114,
                HoldReason::SuspectedImpostor,
                3,
                HoldEnd::Released(datetime(2026, 11, 19, 14, 41, 0, 0)),
            ),
            hold(
                33_980,
                HoldReason::OccupantRequest,
                0,
                HoldEnd::Expired(HoldExpiryCause::Time, datetime(2026, 11, 19, 15, 3, 0, 0)),
            ),
            hold(41_870, HoldReason::Incident, 1, HoldEnd::Live),
        ],
    }
}

/// A small lane's set-up.
pub(crate) fn administrator(viewer: Viewer) -> AdministratorPage {
    let user = |name: &str, role, must_change| User {
        name: name.into(),
        role,
        must_change,
    };
    let trust = |country: &str, subject: &str, until| Trust {
        country: country.into(),
        subject: subject.into(),
        source: format!("csca-{}.der", country.to_lowercase()),
        until,
    };
    let camera = |name: &str, seats, never_seen| Camera {
        lane: "A1".into(),
        layout: "two-row".into(),
        name: name.into(),
        seats,
        never_seen,
    };
    AdministratorPage {
        users: vec![
            user(&viewer.user, Role::Administrator, false),
            user("a.lindqvist", Role::Officer, false),
            user("r.iturbe", Role::Supervisor, true),
        ],
        viewer: Viewer {
            role: Role::Administrator,
            ..viewer
        },
        tokens: vec![
            Token {
                id: "t1".into(),
                label: "inspection system".into(),
                until: date(2027, 11, 1),
            },
            Token {
                id: "t2".into(),
                label: "document reader".into(),
                until: date(2026, 12, 3),
            },
        ],
        trust: vec![
            trust(
                "UTA",
                "C=UT, O=Old, CN=CSCA Utopia 1",
                Some(date(2026, 10, 31)),
            ),
            trust(
                "UTO",
                "C=UT, O=Utopia, CN=CSCA Utopia 2",
                Some(date(2027, 1, 9)),
            ),
            trust(
                "UTB",
                "C=UT, O=New, CN=CSCA Utopia 3",
                Some(date(2049, 1, 1)),
            ),
            trust("UTC", "C=UT, CN=CSCA", None),
        ],
        unreadable: vec![("crl/broken.crl".into(), "not a revocation list".into())],
        cameras: vec![
            camera("front", 5, Vec::new()),
            camera("left", 5, vec![seat("2-centre")]),
        ],
        today: date(2026, 11, 26),
    }
}

/// The zones of the front camera of the sample lane "two-row".
pub(crate) fn zones(viewer: Viewer) -> ZonesPage {
    let zone = |name: &str, x: (f32, f32), y: (f32, f32), widths| {
        let polygon = vec![(x.0, y.0), (x.1, y.0), (x.1, y.1), (x.0, y.1)];
        (seat(name), polygon, widths)
    };
    let face = |x, y, width, height| FaceBox {
        x,
        y,
        width,
        height,
    };
    ZonesPage {
        viewer: Viewer {
            role: Role::Administrator,
            ..viewer
        },
        lane: "A1".into(),
        layout: "two-row".into(),
        camera: "front".into(),
        size: (1_280, 720),
        set_up: SetUp::On { minutes: 14 },
        zones: vec![
            zone("1-left", (0.695, 0.832), (0.369, 0.651), (0.051, 0.147)),
            zone("1-right", (0.193, 0.347), (0.423, 0.679), (0.05, 0.146)),
            zone("2-left", (0.639, 0.757), (0.194, 0.463), (0.045, 0.126)),
            zone("2-centre", (0.378, 0.504), (0.226, 0.483), (0.057, 0.153)),
        ],
        seats: ["1-left", "1-right", "2-left", "2-centre", "2-right"]
            .map(seat)
            .into(),
        faces: vec![
            face(0.73, 0.44, 0.072, 0.15),
            face(0.24, 0.48, 0.07, 0.15),
            face(0.665, 0.26, 0.066, 0.14),
            face(0.155, 0.3, 0.06, 0.13),
        ],
        is_in_force: false,
        file: "format = 1\nname = \"two-row\"\n".into(),
        of: "0".repeat(64),
    }
}
