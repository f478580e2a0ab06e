use rowcall_face::Component;
use rowcall_words::document::Verdict;
use rowcall_words::outcome::{Ambiguity, PictureCue, Stage};

use super::{faults, unlocalised, views};
use crate::{
    console::{
        Hand, Language, Role, Viewer,
        officer::{self, HoldMinutes, MeasuredError, OfficerPage},
    },
    view::{DocumentState, Judgement, SeatState, TransactionView},
};

fn viewer(language: Language) -> Viewer {
    Viewer {
        user: "m.osei".into(),
        role: Role::Officer,
        language,
        hand: Hand::LeftHandDrive,
        csrf: "token".into(),
    }
}

fn page(language: Language, view: Option<&TransactionView>) -> String {
    officer::page(&OfficerPage {
        lane: "A1".into(),
        viewer: viewer(language),
        transactions: view.into_iter().cloned().collect(),
        error: MeasuredError {
            one_wrong_in: Some(1_000),
            referred_per_hundred: Some(4.2),
            measured_on: Some(jiff::civil::date(2026, 11, 20)),
        },
        hold_minutes: HoldMinutes {
            own: 60,
            order: 1_440,
        },
    })
}

/// What a page shows of a transaction as it came.
fn data(view: &TransactionView) -> Vec<String> {
    let mut data = vec!["A1".to_owned(), "m.osei".to_owned()];
    for document in &view.documents {
        let own = [&document.holder, &document.number, &document.issuer];
        data.extend(own.into_iter().flatten().cloned());
        data.extend(document.findings.iter().map(|found| found.detail.clone()));
    }
    for seat in &view.seats {
        data.push(seat.cameras.join(", "));
    }
    data.extend(view.cameras.iter().map(|camera| camera.name.clone()));
    data
}

#[test]
fn every_transaction_makes_a_sound_page() {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let idle = faults(&page(language, None));
        wrong.extend(idle.into_iter().map(|fault| format!("idle: {fault}")));
        for example in views::all() {
            let found = faults(&page(language, Some(&example.view)));
            wrong.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", example.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_text_is_outside_the_localisation() {
    let mut wrong = Vec::new();
    let known = ["A1".to_owned(), "m.osei".to_owned()];
    wrong.extend(unlocalised(&page(Language::Marked, None), &known));
    for example in views::all() {
        let html = page(Language::Marked, Some(&example.view));
        let found = unlocalised(&html, &data(&example.view));
        wrong.extend(
            found
                .into_iter()
                .map(|text| format!("{}: {text}", example.name)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn fragments_are_parts_of_the_page() {
    for example in views::all() {
        let viewer = viewer(Language::English);
        let whole = page(Language::English, Some(&example.view));
        let parts = officer::fragments(&example.view, &viewer);
        assert!(parts.len() > 8);
        for part in parts.iter().chain(&officer::opened(&example.view, &viewer)) {
            assert!(
                whole.contains(&part.html),
                "{}: {} isn't in the page as it is by itself",
                example.name,
                part.id
            );
            let start = part.html.split('>').next().unwrap_or_default();
            assert!(start.contains(&format!("id=\"{}\"", part.id)), "{start}");
        }
    }
}

#[test]
fn before_the_judgement_nothing_tells_what_the_machine_leans_to() {
    let example = views::all().into_iter().find(|e| e.name == "blind");
    let plain = example.expect("the example").view;
    let reference = page(Language::English, Some(&plain));
    type Change = fn(&mut TransactionView);
    let leaks: &[(&str, Change)] = &[
        ("score", |t| t.seats[0].score = Some(0.52)),
        ("rate", |t| t.seats[0].false_match_rate = Some(3.1e-4)),
        ("stage", |t| t.seats[0].stage = Some(Stage::Document)),
        ("ambiguity", |t| {
            t.seats[0].ambiguity = Some(Ambiguity::PictureSuspected)
        }),
        ("picture cues", |t| {
            t.seats[0].picture_cues = PictureCue::ALL.to_vec();
        }),
        ("shortcomings", |t| {
            t.seats[0].shortcomings = vec![Component::Sharpness]
        }),
        ("advice", |t| t.seats[0].advice = Some("alike".into())),
        ("document's seat", |t| t.documents[0].seat = None),
        ("document's state", |t| {
            t.documents[0].state = crate::view::DocumentState::PoorPortrait;
        }),
        ("document's advice", |t| {
            t.documents[0].advice = Some("alike".into())
        }),
    ];
    let mut told = Vec::new();
    for (what, change) in leaks {
        let mut view = plain.clone();
        change(&mut view);
        if page(Language::English, Some(&view)) != reference {
            told.push(what);
        }
    }
    assert!(told.is_empty(), "{told:?}");
    // Afterwards it is told.
    let mut judged = plain;
    let seat = &mut judged.seats[0];
    seat.blind = false;
    seat.state = SeatState::Ambiguous;
    seat.ambiguity = Some(Ambiguity::LookAlikePossible);
    seat.judgement = Some(Judgement::Different);
    seat.score = Some(0.52);
    let html = page(Language::English, Some(&judged));
    for text in [
        "0.52",
        "a relative could be as alike",
        "Two different people",
    ] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn why_a_seat_is_referred_is_said_in_words() {
    type Change = fn(&mut TransactionView);
    let cases: [(Change, &[&str]); 2] = [
        (
            |t| t.seats[0].state = SeatState::PortraitUnusable,
            &[
                "Portrait unusable",
                "a portrait that may be theirs can’t be compared",
            ],
        ),
        (
            |t| {
                t.seats[0].state = SeatState::Ambiguous;
                t.seats[0].ambiguity = Some(Ambiguity::PictureSuspected);
                t.seats[0].picture_cues = vec![PictureCue::SamePicture, PictureCue::Border];
            },
            &[
                "a picture may be held up to the camera",
                "The camera sees the portrait itself",
                "Straight edges frame the face",
            ],
        ),
    ];
    let example = views::all().into_iter().find(|e| e.name == "blind");
    let mut view = example.expect("the example").view;
    view.seats[0].blind = false;
    view.seats[0].judgement = Some(Judgement::CannotTell);
    for (change, said) in cases {
        let mut view = view.clone();
        change(&mut view);
        let html = page(Language::English, Some(&view));
        for text in said {
            assert!(html.contains(text), "{text}");
        }
        assert!(!html.contains("as flat as a sheet"), "no such cue");
    }
}

/// What stands behind a confirmation, why a document doesn't hold, and how many holders
/// are here for how many people: in words, and only where it is so.
/// Nobody is found any more for the first documents.
fn lose(t: &mut TransactionView, documents: usize) {
    for document in &mut t.documents[..documents] {
        document.state = DocumentState::HolderNotFound;
        document.seat = None;
        let own = t
            .seats
            .iter_mut()
            .find(|s| s.document == Some(document.place));
        if let Some(seat) = own {
            seat.document = None;
            seat.state = SeatState::Empty;
        }
    }
}

#[test]
fn what_a_document_adds_is_said_in_words() {
    type Change = fn(&mut TransactionView);
    let cases: [(&str, Change, &[&str], &[&str]); 15] = [
        (
            "all-confirmed",
            |_| (),
            &[
                "Confirmed, see remark",
                "one by a document with a remark",
                "Read the remark on a document",
                "data-goto=\"document-3\"",
            ],
            &["Nobody needs a look", "document holders"],
        ),
        (
            "all-confirmed",
            |t| t.documents[3].verdict = Some(Verdict::Valid),
            &["Nobody needs a look"],
            &["see remark", "a remark", "data-goto"],
        ),
        (
            "tampered",
            |_| (),
            &[
                "Document invalid",
                "Document expired",
                "6 document holders, 4 people inside",
                "A part of the chip is not what the issuer signed",
            ],
            &["Document not trusted"],
        ),
        (
            "tampered",
            |t| t.documents[2].verdict = Some(Verdict::Unsigned),
            &["Document not signed"],
            &["Document invalid"],
        ),
        (
            "tampered",
            |t| t.documents[5].state = DocumentState::SetAside,
            &["5 document holders"],
            &[],
        ),
        (
            "tampered",
            |t| {
                t.documents[4].same_holder = vec![5];
                t.documents[5].same_holder = vec![4];
            },
            &["5 document holders"],
            &[],
        ),
        (
            "tampered",
            |t| t.waiting.frames = 1,
            &[],
            &["document holders"],
        ),
        // Nobody is the holder of what isn't there; another's document may be theirs.
        (
            "extra-person",
            |_| (),
            &["3 document holders, 4 people inside"],
            &["By eye: is the holder"],
        ),
        // That a document isn't accepted doesn't say where its holder is.
        (
            "tampered",
            |_| (),
            &[
                "OKWANDI JONAS: Holder not found",
                "nothing in it is signed. Ask where the holder is",
            ],
            &[],
        ),
        (
            "tampered",
            |t| {
                t.documents[4].same_holder = vec![2];
                t.documents[5].same_holder = vec![3];
            },
            &["Not accepted"],
            &["Holder not found", "Ask where the holder is"],
        ),
        // Whoever opted out may be a document's holder: that is no alarm.
        (
            "opt-out",
            |t| lose(t, 1),
            &["Perhaps opted out", "Compare by eye with who opted out"],
            &["Holder not found", "without its holder"],
        ),
        (
            "opt-out",
            |t| {
                lose(t, 1);
                t.seats[0].state = SeatState::Comparing;
            },
            &[],
            &["Perhaps opted out"],
        ),
        (
            "opt-out",
            |t| lose(t, 2),
            &["2 documents without their holders", "Holder not found"],
            &["Perhaps opted out"],
        ),
        // A face on no seat may be whom nobody was found for.
        (
            "stranger-and-dead-camera",
            |_| (),
            &["look inside and count. Not found yet: CORVADO SOFIA. Ask whether it is them."],
            &[],
        ),
        (
            "stranger-and-dead-camera",
            |t| t.seats[0].state = SeatState::Comparing,
            &["look inside and count."],
            &["Not found yet"],
        ),
    ];
    for (name, change, said, unsaid) in cases {
        let example = views::all().into_iter().find(|e| e.name == name);
        let mut view = example.expect("the example").view;
        change(&mut view);
        let html = page(Language::English, Some(&view));
        for text in said {
            assert!(html.contains(text), "{name}: {text}");
        }
        for text in unsaid {
            assert!(!html.contains(text), "{name}: {text}");
        }
    }
    let example = views::all().into_iter().find(|e| e.name == "extra-person");
    let mut view = example.expect("the example").view;
    view.documents[0].state = DocumentState::HolderNotFound;
    assert!(page(Language::English, Some(&view)).contains("By eye: is the holder"));
}

#[test]
fn an_opted_out_seat_has_no_picture_and_offers_none() {
    let example = views::all().into_iter().find(|e| e.name == "opt-out");
    let html = page(Language::English, example.as_ref().map(|e| &e.view));
    assert!(!html.contains("seats/2-left/picture"));
    assert!(!html.contains(r#"{"seat":"2-left"}"#), "{html}");
}

#[test]
fn what_comes_from_outside_is_escaped() {
    let mut view = views::all().remove(2).view;
    view.documents[0].holder = Some("<script>alert(1)</script>\"'&".into());
    view.cameras[0].name = "<b>".into();
    let html = page(Language::English, Some(&view));
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("<b>"));
    assert_eq!(faults(&html), Vec::<String>::new());
}

#[test]
fn a_seat_is_decided_about_from_its_state() {
    // State, whether the page asks for a decision about it, and whether one can be given.
    let cases = [
        (SeatState::Empty, false, false),
        (SeatState::CannotSee, false, false),
        (SeatState::Confirmed, false, true),
        (SeatState::Comparing, false, true),
        (SeatState::Look, true, true),
        (SeatState::NotCaptured, true, true),
        (SeatState::PoorQuality, true, true),
        (SeatState::NoMatchingDocument, true, true),
        (SeatState::Ambiguous, true, true),
        (SeatState::DocumentNotTrusted, true, true),
        (SeatState::PortraitUnusable, true, true),
        (SeatState::OptedOut, true, true),
        (SeatState::ManualByPolicy, true, true),
    ];
    for language in Language::ALL {
        for (state, is_asked, is_taken) in cases {
            let mut view = views::all().remove(2).view;
            view.seats[0].state = state;
            let html = page(language, Some(&view));
            let asks = html.contains("data-goto=\"seat-1-left\"");
            assert_eq!(asks, is_asked, "{state:?}");
            let decides = html.contains("&quot;subject&quot;:&quot;seat-1-left&quot;")
                || html.contains("&#34;subject&#34;:&#34;seat-1-left&#34;");
            assert_eq!(decides, is_taken, "{state:?}");
        }
    }
}

#[test]
fn closing_is_the_first_thing_to_do_only_where_nothing_else_is() {
    let done = ["all-confirmed", "adjudicated", "vehicle-out"];
    for example in views::all() {
        let html = page(Language::English, Some(&example.view));
        let close = html.split("data-key=\"c\"").next().expect("a page");
        let button = close.rsplit("<button").next().expect("a button");
        let is_first = button.contains("primary");
        assert_eq!(is_first, done.contains(&example.name), "{}", example.name);
    }
}

#[test]
fn a_vehicle_with_somebody_undecided_is_not_closed_by_one_slip() {
    for (state, is_asked) in [
        (SeatState::Confirmed, false),
        (SeatState::Comparing, true),
        (SeatState::NoMatchingDocument, true),
    ] {
        let mut all = views::all().into_iter();
        let example = all.find(|e| e.name == "all-confirmed");
        let mut view = example.expect("an example").view;
        view.seats[0].state = state;
        let html = page(Language::English, Some(&view));
        let (_, close) = html.split_once("data-key=\"c\"").expect("a button");
        let tag = close.split('>').next().expect("its end");
        assert_eq!(tag.contains("data-ask"), is_asked, "{state:?}");
    }
}
