//! The headline: how it stands, and what to do, most pressing first.

use askama::Template;
use fluent_bundle::FluentValue;
use rowcall_words::outcome::{CameraState, VehicleOutcome, VehicleReason};
use serde_json::json;

use super::{Action, document, url};
use crate::{
    console::{
        phrase::{self, Sign},
        words::Words,
    },
    view::{
        CameraView, Direction, DocumentState, DocumentView, Missing, SeatState, SeatView,
        TransactionView,
    },
};

#[derive(Template)]
#[template(path = "officer/headline.html")]
pub(super) struct Headline {
    w: Words,
    sign: Sign,
    /// Beside the verdict: what is still coming, and the direction.
    direction: String,
    confirmed: String,
    /// How many holders for how many people, where these differ.
    tally: String,
    progress: String,
    /// What to do where there is nothing to look at.
    nothing: String,
    todos: Vec<Todo>,
    seconds_left: u64,
    clock: String,
    is_short: bool,
    counts: Vec<Count>,
    declared: Option<u8>,
    declaration: String,
    /// The next step once nothing is left but to let the vehicle go.
    close: Action,
}

/// Something that an officer should do.
pub(super) struct Todo {
    /// What it is about: the card to select.
    subject: String,
    tone: &'static str,
    icon: &'static str,
    title: String,
    text: String,
}

struct Count {
    label: String,
    value: String,
}

impl Headline {
    pub(super) fn new(w: &Words, t: &TransactionView) -> Self {
        let todos = todos(w, t);
        let waits = t.waiting.frames > 0
            || t.waiting.documents > 0
            || t.documents
                .iter()
                .any(|d| d.state == DocumentState::Reading);
        let open = todos.len();
        let mut close = Action::new(url(&t.id, "close"), &json!({}), "c", w.t("act-close"));
        // Who is still being compared is undecided too.
        let comparing = t.seats.iter().filter(|s| s.state == SeatState::Comparing);
        let undecided = open + comparing.count();
        if undecided > 0 && t.adjudication.is_none() {
            close = close.asking(w.n("ask-close-open", undecided));
        }
        close.is_next = open == 0
            && match t.outcome {
                _ if t.is_vehicle_out || t.adjudication.is_some() => true,
                Some(VehicleOutcome::AllConfirmed) => true,
                Some(VehicleOutcome::Refer) => !waits_for_more(t),
                None => false,
            };
        Self {
            w: *w,
            sign: sign(w, t, &todos),
            confirmed: confirmed(w, t),
            tally: match waits {
                true => String::new(),
                false => tally(w, t),
            },
            nothing: match t.outcome {
                Some(VehicleOutcome::AllConfirmed) => w.n("todos-go", remarks(t)),
                Some(VehicleOutcome::Refer) if open == 0 && !waits_for_more(t) => {
                    w.t("todos-decided")
                }
                _ => w.t("todos-wait"),
            },
            direction: direction(w, t),
            progress: if waits {
                w.t("still-coming")
            } else {
                String::new()
            },
            seconds_left: t.seconds_left,
            clock: phrase::clock(t.seconds_left),
            is_short: t.seconds_left < 60,
            counts: counts(w, t),
            declared: t.occupants.declared,
            declaration: url(&t.id, "declaration"),
            close,
            todos,
        }
    }
}

/// Which way it goes, and at which station it is where a lane has several.
fn direction(w: &Words, t: &TransactionView) -> String {
    let way = w.t(match t.direction {
        Direction::Entry => "direction-entry",
        Direction::Exit => "direction-exit",
    });
    match &t.station {
        Some(name) => {
            let arguments = [
                ("direction", FluentValue::from(way)),
                ("station", FluentValue::from(name.as_str())),
            ];
            w.with("direction-at", &arguments)
        }
        None => way,
    }
}

/// The verdict in a few words.
fn sign(w: &Words, t: &TransactionView, todos: &[Todo]) -> Sign {
    if let Some(decided) = &t.adjudication {
        return phrase::decision(w, decided);
    }
    if t.is_vehicle_out {
        return Sign::new("hand", "hand", w.t("verdict-vehicle-out"));
    }
    match t.outcome {
        _ if !todos.is_empty() && t.outcome.is_some() => {
            // As grave as the gravest.
            let graves = [("bad", "stop"), ("warn", "alert"), ("look", "eye")];
            let (tone, icon) = graves
                .into_iter()
                .find(|(tone, _)| todos.iter().any(|todo| todo.tone == *tone))
                .unwrap_or(("hand", "hand"));
            Sign::new(tone, icon, w.n("verdict-look", todos.len()))
        }
        None => Sign::new("busy", "wait", w.t("verdict-waiting")),
        Some(VehicleOutcome::AllConfirmed) => Sign::new(
            "good",
            "check",
            w.n("verdict-confirmed", t.occupants.confirmed),
        ),
        Some(VehicleOutcome::Refer) if waits_for_more(t) => {
            Sign::new("busy", "wait", w.t("verdict-incomplete"))
        }
        Some(VehicleOutcome::Refer) => Sign::new("decided", "stamp", w.t("verdict-decided")),
    }
}

/// How many people there are, as far as anybody knows.
fn people(t: &TransactionView) -> usize {
    let count = &t.occupants;
    usize::from(count.declared.unwrap_or(0)).max(count.seen + count.opted_out)
}

/// How many holders of documents for how many people, where these differ.
fn tally(w: &Words, t: &TransactionView) -> String {
    let is_here = |d: &&DocumentView| d.state != DocumentState::SetAside;
    // Of a holder's documents the first counts.
    let is_first = |d: &&DocumentView| d.same_holder.iter().all(|other| *other > d.place);
    let holders = t.documents.iter().filter(is_here).filter(is_first).count();
    let people = people(t);
    if holders == people || people == 0 || t.outcome.is_none() || t.is_vehicle_out {
        return String::new();
    }
    let holders = w.n("tally-holders", holders);
    let people = w.n("tally-people", people);
    let arguments = [("holders", holders.into()), ("people", people.into())];
    w.with("tally", &arguments)
}

/// How many documents may confirm and have something to remark all the same.
fn remarks(t: &TransactionView) -> usize {
    let documents = t.documents.iter();
    documents.filter(|d| phrase::has_remark(d)).count()
}

/// How many of how many are confirmed; empty before anybody is known of. Where all are:
/// how many of them by a document with a remark.
fn confirmed(w: &Words, t: &TransactionView) -> String {
    let count = &t.occupants;
    let all = people(t);
    if t.outcome == Some(VehicleOutcome::AllConfirmed) {
        return match remarks(t) {
            0 => String::new(),
            remarks => w.n("confirmed-remarks", remarks),
        };
    }
    if all == 0 || count.confirmed == all || t.is_vehicle_out || t.outcome.is_none() {
        return String::new();
    }
    let arguments = [
        ("confirmed", FluentValue::from(count.confirmed)),
        ("all", FluentValue::from(all)),
    ];
    w.with("confirmed-of", &arguments)
}

fn waits_for_more(t: &TransactionView) -> bool {
    let mut missing = t.missing.iter();
    is_comparing(t) || missing.any(|missing| *missing != Missing::Adjudication)
}

fn is_comparing(t: &TransactionView) -> bool {
    t.seats.iter().any(|s| s.state == SeatState::Comparing)
}

/// What to do: who is unaccounted for, then seats, then documents without a person,
/// then cameras and what nobody said yet.
fn todos(w: &Words, t: &TransactionView) -> Vec<Todo> {
    if t.is_vehicle_out || t.adjudication.is_some() {
        return Vec::new();
    }
    let mut todos = Vec::new();
    let vehicle = |icon, tone, title, text| Todo {
        subject: "vehicle".into(),
        tone,
        icon,
        title,
        text,
    };
    for stranger in &t.strangers {
        if let (true, title, text) = phrase::stranger(w, stranger, &document::missing(w, t)) {
            todos.push(vehicle("stop", "bad", title, text));
        }
    }
    if t.reasons.contains(&VehicleReason::MoreThanDeclared) {
        let title = w.t("todo-more-than-declared");
        todos.push(vehicle(
            "stop",
            "bad",
            title,
            w.t("todo-more-than-declared-do"),
        ));
    }
    for (place, view) in t.seats.iter().enumerate() {
        if !view.state.needs_officer() || view.adjudication.is_some() {
            continue;
        }
        let sign = phrase::seat(w, t, view);
        let before = t.seats[..place].iter().filter(|s| s.seat.is_none()).count();
        let name = phrase::seat_name(w, view.seat);
        let title = [
            ("place", FluentValue::from(name)),
            ("what", sign.word.into()),
        ];
        todos.push(Todo {
            subject: match view.seat {
                Some(seat) => format!("seat-{seat}"),
                None => format!("unplaced-{before}"),
            },
            tone: sign.tone,
            icon: sign.icon,
            title: w.with("todo-seat", &title),
            text: phrase::seat_advice(w, view),
        });
    }
    // Who opts out and hands their document over unread is one thing to do.
    let out = |wanted: SeatState| t.seats.iter().filter(|s| s.state == wanted).count();
    let documents_out = t.documents.iter();
    let documents_out = documents_out.filter(|d| d.state == DocumentState::OptedOut);
    let are_paired = documents_out.count() <= out(SeatState::OptedOut);
    let open: Vec<&DocumentView> = t
        .documents
        .iter()
        .filter(|view| {
            let is_told_at_seat = t
                .seats
                .iter()
                .any(|seat| seat.document == Some(view.place) && seat.state.needs_officer());
            // Whoever is being compared may be its holder.
            let is_told = view.state == DocumentState::OptedOut && are_paired;
            let is_early = view.state == DocumentState::HolderNotFound && is_comparing(t);
            document::needs_officer(view)
                && view.adjudication.is_none()
                && !is_told_at_seat
                && !is_early
                && !is_told
        })
        .collect();
    let unseen: Vec<String> = t
        .seats
        .iter()
        .filter_map(|seat| not_seen(w, seat))
        .collect();
    let is_lost = |view: &DocumentView| {
        view.state == DocumentState::HolderNotFound && view.seat.is_none() && !unseen.is_empty()
    };
    // Holders who may sit where nobody was seen well: one thing to do for all, and told
    // at these seats already where there is one for each.
    let lost: Vec<&&DocumentView> = open.iter().filter(|view| is_lost(view)).collect();
    if let Some(first) = lost.first().filter(|_| lost.len() > unseen.len()) {
        let places = FluentValue::from(unseen.join(", "));
        todos.push(Todo {
            subject: format!("document-{}", first.place),
            tone: "warn",
            icon: "alert",
            title: w.n("todo-holders", lost.len()),
            text: w.with("todo-holders-at", &[("places", places)]),
        });
    }
    for view in open.iter().filter(|view| !is_lost(view)) {
        let sign = document::state(w, t, view);
        let name = document::name(w, view);
        let title = [
            ("place", FluentValue::from(name)),
            ("what", sign.word.into()),
        ];
        todos.push(Todo {
            subject: format!("document-{}", view.place),
            tone: sign.tone,
            icon: sign.icon,
            title: w.with("todo-document", &title),
            text: document::advice(w, t, view),
        });
    }
    for camera in t.cameras.iter().filter(|camera| fails(t, camera)) {
        let state: &str = camera.state.into();
        let title = w.named(&format!("todo-camera-{state}"), &camera.name);
        todos.push(vehicle("camera", "warn", title, w.t("todo-camera-do")));
    }
    if t.reasons.contains(&VehicleReason::FramesUnreadable) {
        let title = w.t("todo-frames-unreadable");
        todos.push(vehicle("camera", "warn", title, w.t("todo-camera-do")));
    }
    todos
}

/// The name of a seat whose occupant nobody has seen well enough to say whose holder they
/// aren't; who opted out stays so, whatever was decided.
fn not_seen(w: &Words, seat: &SeatView) -> Option<String> {
    let is_open = seat.adjudication.is_none();
    let is_unclear = match seat.state {
        SeatState::OptedOut => true,
        SeatState::NotCaptured | SeatState::PoorQuality => is_open,
        SeatState::NoMatchingDocument => is_open && !seat.shortcomings.is_empty(),
        _ => false,
    };
    is_unclear.then(|| phrase::seat_name(w, seat.seat))
}

/// Whether a camera that a seat needs failed: one that no frame has come of yet isn't
/// missing before anything was decided.
pub(super) fn fails(t: &TransactionView, camera: &CameraView) -> bool {
    camera.needed && camera.state != CameraState::Delivering && t.outcome.is_some()
}

fn counts(w: &Words, t: &TransactionView) -> Vec<Count> {
    let count = |key, value| Count {
        label: w.t(key),
        value,
    };
    let documents = t.documents.len();
    vec![
        count("count-seen", t.occupants.seen.to_string()),
        count("count-confirmed", t.occupants.confirmed.to_string()),
        count(
            "count-documents",
            match t.expected_documents {
                Some(expected) => format!("{documents} / {expected}"),
                None => documents.to_string(),
            },
        ),
    ]
}
