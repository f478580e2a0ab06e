//! A document: its card in the row of documents, and what was found about it.

use askama::Template;
use serde_json::json;

use super::{Action, decisions, url};
use crate::{
    console::{
        html,
        phrase::{self, FindingWords, Sign},
        words::Words,
    },
    view::{DocumentState, DocumentView, SeatState, TransactionView},
};

/// A document as the page shows it.
pub(super) struct DocumentPart {
    w: Words,
    /// Its name towards the lane: `document-0`.
    pub(super) subject: String,
    /// What it is called: its holder's name, or its kind and place.
    name: String,
    kind: String,
    number: String,
    issuer: String,
    portrait: Option<String>,
    sign: Sign,
    trust: Option<Sign>,
    advice: String,
    findings: Vec<FindingWords>,
    same_holder: String,
    joins: Vec<Action>,
    decided: Option<Sign>,
    decisions: Vec<Action>,
    actions: Vec<Action>,
}

impl DocumentPart {
    pub(super) fn new(w: &Words, t: &TransactionView, place: usize) -> Self {
        let document = &t.documents[place];
        let subject = format!("document-{}", document.place);
        let state = state(w, t, document);
        let decided = document.adjudication.as_ref();
        let decided = decided.map(|decided| phrase::decision(w, decided));
        let same: Vec<String> = document
            .same_holder
            .iter()
            .filter_map(|place| t.documents.get(*place))
            .map(|other| name(w, other))
            .collect();
        let advice = match is_blind(t, document) {
            true => w.t("advice-blind"),
            false => advice(w, t, document),
        };
        Self {
            w: *w,
            name: name(w, document),
            kind: kind(w, document),
            number: document.number.clone().unwrap_or_default(),
            issuer: document.issuer.clone().unwrap_or_default(),
            portrait: portrait(&t.id, document),
            sign: decided.clone().unwrap_or(state),
            trust: phrase::trust(w, document),
            advice,
            findings: document
                .findings
                .iter()
                .map(|found| phrase::finding(w, found))
                .collect(),
            same_holder: same.join(", "),
            joins: joins(w, t, document),
            decisions: match needs_officer(document) && !is_blind(t, document) {
                true => decisions(w, &t.id, &subject, |_| true),
                false => Vec::new(),
            },
            decided,
            actions: actions(w, t, document),
            subject,
        }
    }
}

fn actions(w: &Words, t: &TransactionView, document: &DocumentView) -> Vec<Action> {
    if document.state == DocumentState::OptedOut {
        return Vec::new();
    }
    let is_aside = document.state == DocumentState::SetAside;
    let aside = Action::new(
        url(&t.id, &format!("documents/{}/set-aside", document.place)),
        &json!({ "aside": !is_aside }),
        "x",
        w.t(if is_aside {
            "act-take-back"
        } else {
            "act-set-aside"
        }),
    );
    let opt_out = Action::new(
        url(&t.id, "opt-outs"),
        &json!({ "document": document.place }),
        "o",
        w.t("act-opt-out-document"),
    );
    vec![
        aside,
        opt_out.asking(w.named("ask-opt-out-document", &name(w, document))),
    ]
}

/// What became of a document, as far as it may be told.
pub(super) fn state(w: &Words, t: &TransactionView, document: &DocumentView) -> Sign {
    if is_blind(t, document) {
        // What became of it would tell what the machine leans to.
        return Sign::new("look", "eye", w.t("seat-look"));
    }
    let at = |key: &str, seat| {
        let place = phrase::seat_name(w, seat);
        w.with(key, &[("place", place.into())])
    };
    let compared = t
        .seats
        .iter()
        .find(|seat| seat.document == Some(document.place) && seat.state.needs_officer());
    match (document.state, compared) {
        (DocumentState::HolderConfirmed, _) if document.seat.is_some() => {
            let word = at("document-holder-at", document.seat);
            Sign::new("good", "check", word)
        }
        (DocumentState::HolderNotFound, Some(seat)) => match &seat.adjudication {
            Some(decided) => phrase::decision(w, decided),
            None => Sign::new("warn", "alert", at("document-unsure-at", seat.seat)),
        },
        (DocumentState::HolderNotFound, None) if may_have_opted_out(t, document) => {
            Sign::new("hand", "hand", w.t("document-perhaps-opted-out"))
        }
        // Its trust says why it isn't accepted.
        (DocumentState::NotAccepted, None) if is_holder_missing(t, document) => {
            phrase::document_state(w, DocumentState::HolderNotFound)
        }
        (state, _) => phrase::document_state(w, state),
    }
}

/// Whether nobody who was seen is like its holder's portraits, as far as anything was
/// compared. That it may not confirm doesn't say where its holder is.
fn is_holder_missing(t: &TransactionView, document: &DocumentView) -> bool {
    let is_compared = matches!(
        document.state,
        DocumentState::HolderNotFound | DocumentState::NotAccepted
    );
    let is_settled =
        t.outcome.is_some() && !t.seats.iter().any(|s| s.state == SeatState::Comparing);
    let is_found = |place: usize| {
        let has_seat = t.documents.get(place).is_some_and(|d| d.seat.is_some());
        has_seat || t.seats.iter().any(|s| s.document == Some(place))
    };
    let mut places = document.same_holder.iter().chain([&document.place]);
    is_compared && is_settled && document.portrait.is_some() && !places.any(|p| is_found(*p))
}

/// Whether its holder may be one of those who opted out: as many did as holders are missing.
/// Opting out is a normal path, and no alarm.
fn may_have_opted_out(t: &TransactionView, document: &DocumentView) -> bool {
    let out = t.seats.iter().filter(|s| s.state == SeatState::OptedOut);
    let missing = t.documents.iter().filter(|d| is_holder_missing(t, d));
    is_holder_missing(t, document) && missing.count() <= out.count()
}

/// Whom nobody was found for and nobody has decided about, by name.
pub(super) fn missing(w: &Words, t: &TransactionView) -> Vec<String> {
    let documents = t.documents.iter();
    documents
        .filter(|d| is_holder_missing(t, d) && d.adjudication.is_none())
        .map(|d| name(w, d))
        .collect()
}

/// What to do about a document; empty where there is nothing to do.
pub(super) fn advice(w: &Words, t: &TransactionView, document: &DocumentView) -> String {
    let advice = phrase::document_advice(w, document);
    match document.state {
        DocumentState::HolderNotFound if may_have_opted_out(t, document) => {
            w.t("advice-perhaps-opted-out")
        }
        DocumentState::NotAccepted if is_holder_missing(t, document) => {
            format!("{advice} {}", w.t("advice-where-is-holder"))
        }
        _ => advice,
    }
}

/// To say that another document is the same holder's.
fn joins(w: &Words, t: &TransactionView, document: &DocumentView) -> Vec<Action> {
    let is_other = |other: &&DocumentView| {
        let is_joined = document.same_holder.contains(&other.place);
        other.place != document.place && !is_joined && other.state != DocumentState::OptedOut
    };
    let join = |other: &DocumentView| {
        let body = json!({ "documents": [document.place, other.place] });
        Action::new(url(&t.id, "joins"), &body, "", name(w, other))
    };
    match document.state {
        DocumentState::OptedOut => Vec::new(),
        _ => t.documents.iter().filter(is_other).map(join).collect(),
    }
}

/// Whether an officer has to decide about a document.
pub(super) fn needs_officer(document: &DocumentView) -> bool {
    !matches!(
        document.state,
        DocumentState::Reading | DocumentState::HolderConfirmed | DocumentState::SetAside
    )
}

/// Whether an officer has yet to judge its portrait before anything is told of it.
pub(super) fn is_blind(t: &TransactionView, document: &DocumentView) -> bool {
    t.seats
        .iter()
        .any(|seat| seat.blind && seat.document == Some(document.place))
}

pub(super) fn name(w: &Words, document: &DocumentView) -> String {
    document
        .holder
        .clone()
        .unwrap_or_else(|| w.n("document-nameless", document.place + 1))
}

fn kind(w: &Words, document: &DocumentView) -> String {
    let key = document.kind.map(|kind| format!("kind-{kind}"));
    let key = key.filter(|key| w.knows(key));
    w.t(key.as_deref().unwrap_or("kind-other"))
}

/// Where its portrait is.
pub(super) fn portrait(transaction: &str, document: &DocumentView) -> Option<String> {
    let version = document.portrait?;
    let place = document.place;
    let path = format!("documents/{place}/portrait?v={version}");
    Some(url(transaction, &path))
}

#[derive(Template)]
#[template(path = "officer/document_card.html")]
struct Card<'a> {
    d: &'a DocumentPart,
}

#[derive(Template)]
#[template(path = "officer/document_detail.html")]
struct Detail<'a> {
    d: &'a DocumentPart,
}

impl DocumentPart {
    pub(super) fn card(&self) -> String {
        html(&Card { d: self })
    }

    pub(super) fn detail(&self) -> String {
        html(&Detail { d: self })
    }
}
