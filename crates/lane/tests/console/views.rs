//! Made transactions, of synthetic people, for tests and for looking at pages.
//!
//! One long file, since it is one table of data.

use rowcall_face::Component;
use rowcall_lane::view::{
    Adjudication, CameraView, Direction, DocumentState, DocumentView, FindingView, HoldView,
    Judgement, Missing, SeatState, SeatView, StrangerView, TransactionView, Waiting,
};
use rowcall_rollcall::{Guise, OccupantCount, Whereabouts};
use rowcall_words::document::{Authenticity, Severity, Verdict};
use rowcall_words::finding::code::Code;
use rowcall_words::log::{AdjudicationReason, HoldReason};
use rowcall_words::outcome::{Ambiguity, CameraState, Stage, VehicleOutcome, VehicleReason};
use rowcall_words::seat::Seat;

/// A transaction, and of whom its pictures are (`p01`…`p20` of `samples/portraits`).
#[derive(Clone)]
pub(crate) struct Example {
    /// Its name, and the transaction's id.
    pub(crate) name: &'static str,
    /// The transaction.
    pub(crate) view: TransactionView,
    /// The person on each seat that has a picture.
    pub(crate) seats: Vec<(Seat, &'static str)>,
    /// The person on each document's portrait.
    pub(crate) portraits: Vec<&'static str>,
}

/// What people are called in the samples.
const NAMES: &[(&str, &str)] = &[
    ("p01", "HALVERN MIKAEL TOR"),
    ("p02", "BRINNOCK ELSA MARIE"),
    ("p03", "OKWANDI JONAS"),
    ("p05", "LINZHAO KEN"),
    ("p06", "CORVADO INES"),
    ("p07", "ASHBROOM PAUL ADRIAN"),
    ("p08", "NDALIRE GRACE"),
    ("p09", "VELLAMO TARIQ"),
    ("p11", "ORDUNEZ CARL"),
    ("p12", "HANAMIRO YUKA"),
    ("p13", "RASHMANI DEV"),
    ("p14", "CORVADO TOMAS"),
    ("p15", "WINTERHOLT KARIN"),
    ("p16", "WINTERHOLT HELGA"),
    ("p17", "CORVADO LUCA"),
    ("p18", "CORVADO SOFIA"),
    ("p19", "SUNHWA MINA"),
];

const TWO_ROWS: &[&str] = &["1-left", "1-right", "2-left", "2-centre", "2-right"];
const THREE_ROWS: &[&str] = &[
    "1-left", "1-right", "2-left", "2-right", "3-left", "3-right",
];
const NINE_SEATS: &[&str] = &[
    "1-left", "1-centre", "1-right", "2-left", "2-centre", "2-right", "3-left", "3-centre",
    "3-right",
];

fn seat(name: &str) -> Seat {
    name.parse().expect("a seat")
}

/// An empty vehicle.
fn vehicle(name: &'static str, seats: &[&str], declared: u8) -> Example {
    let cameras = ["front", "left", "right"];
    Example {
        name,
        view: TransactionView {
            id: name.into(),
            lane: "A1".into(),
            direction: Direction::Entry,
            station: None,
            is_under_way: false,
            version: 1,
            seconds_left: 287,
            is_vehicle_out: false,
            outcome: None,
            reasons: Vec::new(),
            occupants: OccupantCount {
                declared: (declared > 0).then_some(declared),
                seen: 0,
                confirmed: 0,
                opted_out: 0,
            },
            expected_documents: None,
            seats: seats
                .iter()
                .map(|name| SeatView::empty(Some(seat(name))))
                .collect(),
            documents: Vec::new(),
            strangers: Vec::new(),
            cameras: cameras
                .iter()
                .map(|name| CameraView {
                    name: (*name).into(),
                    state: CameraState::Delivering,
                    needed: true,
                    frames: 5,
                    dropped: 0,
                    health: None,
                })
                .collect(),
            waiting: Waiting::default(),
            missing: Vec::new(),
            adjudication: None,
            holds: Vec::new(),
        },
        seats: Vec::new(),
        portraits: Vec::new(),
    }
}

impl Example {
    /// A person on a seat, and what became of them.
    fn sit(mut self, at: &str, person: &'static str, state: SeatState, of: Option<usize>) -> Self {
        let at = seat(at);
        let view = self.at(at);
        view.state = state;
        view.document = of;
        view.picture = Some(1);
        view.cameras = vec!["front".into(), "left".into()];
        view.stage = Some(match state {
            SeatState::PoorQuality => Stage::Quality,
            SeatState::NotCaptured => Stage::Seen,
            SeatState::DocumentNotTrusted | SeatState::PortraitUnusable => Stage::Document,
            SeatState::OptedOut | SeatState::ManualByPolicy => Stage::Policy,
            _ => Stage::Match,
        });
        if state == SeatState::Confirmed {
            view.score = Some(0.71);
            view.false_match_rate = Some(4.0e-6);
        }
        self.seats.push((at, person));
        self.view.occupants.seen += 1;
        self
    }

    fn at(&mut self, at: Seat) -> &mut SeatView {
        let mut seats = self.view.seats.iter_mut();
        seats
            .find(|view| view.seat == Some(at))
            .expect("a seat of the lane")
    }

    fn with(mut self, at: &str, change: impl FnOnce(&mut SeatView)) -> Self {
        change(self.at(seat(at)));
        self
    }

    /// A trusted document of a person, and where they sit.
    fn document(mut self, person: &'static str, state: DocumentState, at: Option<&str>) -> Self {
        let place = self.view.documents.len();
        let name = NAMES
            .iter()
            .find(|(of, _)| *of == person)
            .expect("a name")
            .1;
        self.view.documents.push(DocumentView {
            place,
            id: format!("{:02}", place + 1),
            state,
            holder: Some(name.into()),
            number: Some(format!("X{}", 142_624_723 + 7_919 * place)),
            issuer: Some("UTO".into()),
            kind: Some("passport"),
            verdict: Some(Verdict::Valid),
            authenticity: Some(Authenticity::Trusted),
            may_confirm: true,
            findings: Vec::new(),
            seat: at.map(seat),
            same_holder: Vec::new(),
            portrait: Some(1),
            advice: None,
            adjudication: None,
        });
        self.portraits.push(person);
        self
    }

    /// The last document, changed.
    fn but(mut self, change: impl FnOnce(&mut DocumentView)) -> Self {
        change(self.view.documents.last_mut().expect("a document"));
        self
    }

    fn view(mut self, change: impl FnOnce(&mut TransactionView)) -> Self {
        change(&mut self.view);
        self
    }

    /// The outcome as of now, with what follows from the seats.
    fn decided(mut self, outcome: VehicleOutcome) -> Self {
        let seats = &self.view.seats;
        let count = |state| seats.iter().filter(|seat| seat.state == state).count();
        self.view.occupants.confirmed = count(SeatState::Confirmed);
        self.view.occupants.opted_out = count(SeatState::OptedOut);
        self.view.outcome = Some(outcome);
        if outcome == VehicleOutcome::Refer {
            self.view.reasons.push(VehicleReason::SeatReferred);
            self.view.missing.push(Missing::Adjudication);
        }
        self
    }
}

fn finding(code: Code, severity: Severity, detail: &str) -> FindingView {
    FindingView {
        code,
        severity,
        detail: detail.into(),
    }
}

/// Every example.
pub(crate) fn all() -> Vec<Example> {
    use SeatState::{Confirmed, Look, NoMatchingDocument, OptedOut, PoorQuality};
    let confirmed = DocumentState::HolderConfirmed;
    let family = |name| {
        vehicle(name, TWO_ROWS, 4)
            .sit("1-left", "p14", Confirmed, Some(0))
            .sit("1-right", "p06", Confirmed, Some(1))
            .document("p14", confirmed, Some("1-left"))
            .document("p06", confirmed, Some("1-right"))
    };
    let extra = |name| {
        vehicle(name, TWO_ROWS, 4)
            .sit("1-left", "p07", Confirmed, Some(0))
            .sit("1-right", "p06", Confirmed, Some(1))
            .sit("2-right", "p08", Confirmed, Some(2))
            .document("p07", confirmed, Some("1-left"))
            .document("p06", confirmed, Some("1-right"))
            .document("p08", confirmed, Some("2-right"))
    };
    let sisters = |name| {
        vehicle(name, &["1-left", "1-right"], 2)
            .sit("1-left", "p15", Look, Some(0))
            .sit("1-right", "p16", Confirmed, Some(1))
            .document("p15", DocumentState::HolderNotFound, Some("1-left"))
            .document("p16", confirmed, Some("1-right"))
    };
    vec![
        vehicle("just-opened", TWO_ROWS, 0).view(|t| {
            t.missing = vec![Missing::Declaration, Missing::Frames];
            t.cameras.iter_mut().for_each(|camera| {
                camera.frames = 0;
                camera.state = CameraState::Missing;
            });
        }),
        family("filling")
            .sit("2-left", "p17", PoorQuality, None)
            .with("2-left", |seat| {
                seat.shortcomings = vec![Component::Sharpness]
            })
            .document("p17", DocumentState::Reading, None)
            .but(|document| {
                *document = DocumentView {
                    holder: None,
                    number: None,
                    issuer: None,
                    kind: None,
                    verdict: None,
                    authenticity: None,
                    may_confirm: false,
                    portrait: None,
                    ..document.clone()
                }
            })
            .decided(VehicleOutcome::Refer)
            .view(|t| {
                t.waiting = Waiting {
                    frames: 6,
                    documents: 1,
                };
                t.expected_documents = Some(4);
                t.missing = vec![Missing::Documents, Missing::People];
            }),
        family("all-confirmed")
            .sit("2-left", "p17", Confirmed, Some(2))
            .sit("2-right", "p18", Confirmed, Some(3))
            .document("p17", confirmed, Some("2-left"))
            .document("p18", confirmed, Some("2-right"))
            .but(|document| {
                document.verdict = Some(Verdict::ValidWithWarning);
                document.findings = vec![finding(
                    Code::MrzNamesMayBeTruncated,
                    Severity::Warning,
                    "the name field is full: the name may go on",
                )];
            })
            .decided(VehicleOutcome::AllConfirmed),
        extra("extra-person")
            .sit("2-left", "p09", NoMatchingDocument, None)
            .with("2-left", |seat| seat.score = Some(0.12))
            .decided(VehicleOutcome::Refer),
        sisters("blind")
            .with("1-left", |seat| seat.blind = true)
            .decided(VehicleOutcome::Refer),
        sisters("judged")
            .with("1-left", |seat| {
                seat.state = SeatState::Ambiguous;
                seat.ambiguity = Some(Ambiguity::LookAlikePossible);
                seat.judgement = Some(Judgement::Same);
                seat.score = Some(0.52);
                seat.false_match_rate = Some(3.1e-4);
            })
            .decided(VehicleOutcome::Refer),
        sisters("adjudicated")
            .with("1-left", |seat| {
                seat.state = SeatState::Ambiguous;
                seat.ambiguity = Some(Ambiguity::LookAlikePossible);
                seat.judgement = Some(Judgement::Same);
                seat.score = Some(0.52);
                seat.false_match_rate = Some(3.1e-4);
                seat.adjudication = Some(Adjudication {
                    reason: AdjudicationReason::ConfirmedByEye,
                    corrects: 1,
                });
            })
            .decided(VehicleOutcome::Refer)
            .view(|t| {
                t.documents[0].adjudication = Some(Adjudication {
                    reason: AdjudicationReason::ConfirmedByEye,
                    corrects: 0,
                });
                t.missing.clear();
            }),
        extra("opt-out")
            .with("2-left", |seat| {
                seat.state = OptedOut;
                seat.stage = Some(Stage::Policy);
            })
            .document("p09", DocumentState::OptedOut, None)
            .but(|document| {
                document.holder = None;
                document.number = None;
                document.issuer = None;
                document.kind = None;
                document.verdict = None;
                document.portrait = None;
                document.may_confirm = false;
            })
            .decided(VehicleOutcome::Refer),
        vehicle("vehicle-out", TWO_ROWS, 3)
            .view(|t| t.is_vehicle_out = true)
            .decided(VehicleOutcome::Refer),
        family("tampered")
            .sit("2-left", "p17", SeatState::DocumentNotTrusted, Some(2))
            .sit("2-right", "p18", SeatState::DocumentNotTrusted, Some(3))
            .document("p17", DocumentState::NotAccepted, Some("2-left"))
            .but(|document| {
                document.verdict = Some(Verdict::Invalid);
                document.authenticity = Some(Authenticity::Broken);
                document.may_confirm = false;
                document.findings = vec![
                    finding(
                        Code::DataGroupHashMismatch,
                        Severity::Error,
                        "EF_DG2.bin: SHA-256 of data group 2 differs from the one in EF.SOD",
                    ),
                    finding(
                        Code::ComUnknownDataGroup,
                        Severity::Info,
                        "EF.COM lists what isn't there",
                    ),
                ];
            })
            .document("p18", DocumentState::NotAccepted, Some("2-right"))
            .but(|document| {
                document.verdict = Some(Verdict::Invalid);
                document.may_confirm = false;
                document.findings = vec![finding(
                    Code::DocumentExpired,
                    Severity::Error,
                    "expired on 2024-03-06",
                )];
            })
            .document("p02", DocumentState::NotAccepted, None)
            .but(|document| {
                document.verdict = Some(Verdict::Unsigned);
                document.authenticity = Some(Authenticity::NotSigned);
                document.may_confirm = false;
                document.kind = Some("visa");
            })
            .document("p03", DocumentState::NotAccepted, None)
            .but(|document| {
                document.verdict = Some(Verdict::Untrusted);
                document.authenticity = Some(Authenticity::NotTrusted);
                document.may_confirm = false;
                document.kind = Some("identity-card");
                document.findings = vec![finding(
                    Code::IssuerNotFound,
                    Severity::Error,
                    "no CSCA certificate of UTO fits",
                )];
            })
            .decided(VehicleOutcome::Refer),
        family("stranger-and-dead-camera")
            .sit("2-left", "p17", Confirmed, Some(2))
            .document("p17", confirmed, Some("2-left"))
            .document("p18", DocumentState::HolderNotFound, None)
            .decided(VehicleOutcome::Refer)
            .view(|t| {
                t.strangers = vec![
                    StrangerView {
                        place: Whereabouts::Inside(Guise::BetweenSeats),
                        camera: "left".into(),
                        picture: Some(7),
                        advice: None,
                    },
                    StrangerView {
                        place: Whereabouts::Outside,
                        camera: "left".into(),
                        picture: None,
                        advice: None,
                    },
                ];
                t.cameras[2].state = CameraState::Missing;
                t.cameras[2].frames = 0;
                for seat in t.seats.iter_mut().filter(|s| s.state == SeatState::Empty) {
                    seat.state = SeatState::CannotSee;
                }
                t.seconds_left = 41;
                t.reasons.push(VehicleReason::FaceUnexplained);
                let mut unseen = SeatView::empty(None);
                unseen.state = SeatState::NotCaptured;
                unseen.stage = Some(Stage::Seen);
                t.seats.push(unseen);
            }),
        vehicle("minivan", THREE_ROWS, 6)
            .sit("1-left", "p01", Confirmed, Some(0))
            .sit("1-right", "p08", Confirmed, Some(1))
            .sit("2-left", "p13", Confirmed, Some(2))
            .sit("2-right", "p12", Confirmed, Some(3))
            .sit("3-left", "p03", PoorQuality, None)
            .sit("3-right", "p19", PoorQuality, None)
            .with("3-left", |seat| {
                seat.shortcomings = vec![Component::DynamicRange, Component::Noise];
            })
            .with("3-right", |seat| {
                seat.shortcomings = vec![Component::UnderExposurePrevention];
            })
            .document("p01", confirmed, Some("1-left"))
            .document("p08", confirmed, Some("1-right"))
            .document("p13", confirmed, Some("2-left"))
            .document("p12", confirmed, Some("2-right"))
            .document("p03", DocumentState::HolderNotFound, None)
            .document("p19", DocumentState::HolderNotFound, None)
            .decided(VehicleOutcome::Refer),
        nine_seats(),
    ]
}

/// Nine people, nine documents, a hold that waits for a second officer.
fn nine_seats() -> Example {
    let people = [
        "p01", "p02", "p08", "p13", "p05", "p12", "p03", "p11", "p19",
    ];
    let mut nine = vehicle("nine-seats", NINE_SEATS, 9);
    for (place, (at, person)) in NINE_SEATS.iter().zip(people).enumerate() {
        let state = match place {
            4 => SeatState::Look,
            7 => SeatState::ManualByPolicy,
            _ => SeatState::Confirmed,
        };
        let document = match state {
            SeatState::Confirmed => DocumentState::HolderConfirmed,
            _ => DocumentState::HolderNotFound,
        };
        nine = nine
            .sit(at, person, state, Some(place))
            .document(person, document, Some(at));
    }
    nine.with("2-centre", |seat| seat.blind = true)
        .decided(VehicleOutcome::Refer)
        .view(|t| {
            t.direction = Direction::Exit;
            t.holds = vec![HoldView {
                proposal: Some("h1".into()),
                proposed_by: "another".into(),
                seat: seat("2-centre"),
                document: 4,
                reason: HoldReason::SuspectedImpostor,
                minutes: 30,
            }];
        })
}
