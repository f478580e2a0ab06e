//! A seat: its card on the map, and what can be done about whoever sits there.

use askama::Template;
use fluent_bundle::FluentValue;
use rowcall_words::document::Severity;
use rowcall_words::log::AdjudicationReason;
use serde_json::json;

use super::{Action, decisions, url};
use crate::{
    console::{
        Viewer, html,
        phrase::{self, Sign},
        words::Words,
    },
    view::{
        DocumentState, DocumentView, HoldView, Judgement, SeatState, SeatView, TransactionView,
    },
};

/// A seat as the page shows it.
pub(super) struct SeatPart {
    w: Words,
    /// Its name towards the lane: `seat-1-left`.
    pub(super) subject: String,
    pub(super) row: u8,
    pub(super) side: String,
    name: String,
    sign: Sign,
    /// Under the sign: the holder, or at which stage it stopped.
    line: String,
    picture: Option<String>,
    portrait: Option<String>,
    holder: Option<String>,
    /// What became of the seat, whatever was decided of it since.
    machine: Sign,
    advice: String,
    stage: String,
    blind: bool,
    judgements: Vec<Action>,
    judged: String,
    inclination: Option<String>,
    score: Option<String>,
    rarity: String,
    decided: Option<Sign>,
    corrects: usize,
    decisions: Vec<Action>,
    actions: Vec<Action>,
    can_hold: bool,
    document: Option<usize>,
    shortcomings: Vec<String>,
    /// What suggests that a picture is held up.
    cues: Vec<String>,
    cameras: String,
    holds: Vec<HoldPart>,
    /// How far the document can be trusted that somebody was confirmed by; why one may
    /// not confirm stands in the seat's sign.
    trust: Option<Sign>,
    /// What there is to say of the document then.
    remarks: Vec<String>,
    to_document: Option<ToDocument>,
    /// What stands under the live picture.
    caption: String,
    /// Whether decisions are folded away, and under which words.
    is_folded: bool,
    summary: String,
}

/// A document that is worth a look.
struct ToDocument {
    place: usize,
    is_next: bool,
}

struct HoldPart {
    text: String,
    consent: Option<Action>,
}

impl SeatPart {
    pub(super) fn new(w: &Words, t: &TransactionView, seat: &SeatView, viewer: &Viewer) -> Self {
        let key = seat.seat.map(|seat| seat.to_string());
        let subject = match &key {
            Some(key) => format!("seat-{key}"),
            None => {
                let before = t.seats.iter().filter(|other| other.seat.is_none());
                let place = before
                    .take_while(|other| !std::ptr::eq(*other, seat))
                    .count();
                format!("unplaced-{place}")
            }
        };
        let document = seat.document.and_then(|place| t.documents.get(place));
        let holder = document.and_then(|document| document.holder.clone());
        let machine = phrase::seat(w, t, seat);
        let decided = seat.adjudication.as_ref().map(|d| phrase::decision(w, d));
        let stage = match seat.stage {
            Some(stage) if seat.state.needs_officer() && !seat.blind => w.t2("stage", stage.into()),
            _ => String::new(),
        };
        let line = match seat.state {
            SeatState::Confirmed => holder.clone().unwrap_or_default(),
            _ if decided.is_some() => machine.word.clone(),
            SeatState::DocumentNotTrusted => holder.clone().unwrap_or_else(|| stage.clone()),
            SeatState::Look if seat.blind => w.t("line-look"),
            _ => stage.clone(),
        };
        // What the state rests on, where that is a document.
        let basis = match seat.state {
            SeatState::Confirmed | SeatState::DocumentNotTrusted => document,
            _ => None,
        };
        // A better picture may answer what is open: nothing else is the next step then.
        let recapture_helps = seat.adjudication.is_none()
            && !seat.blind
            && match seat.state {
                SeatState::NotCaptured | SeatState::PoorQuality => true,
                SeatState::NoMatchingDocument => !seat.shortcomings.is_empty(),
                _ => false,
            };
        let can_act = seat.seat.is_some() && seat.state != SeatState::OptedOut;
        let someone = can_act && !seat.state.is_vacant();
        let mut part = Self {
            w: *w,
            row: seat.seat.map_or(0, |seat| seat.row),
            side: key
                .as_deref()
                .and_then(|key| key.split_once('-'))
                .map_or(String::new(), |(_, side)| side.to_owned()),
            name: phrase::seat_name(w, seat.seat),
            sign: decided.clone().unwrap_or_else(|| machine.clone()),
            line,
            picture: key
                .as_ref()
                .zip(seat.picture)
                .map(|(key, version)| url(&t.id, &format!("seats/{key}/picture?v={version}"))),
            portrait: document.and_then(|document| super::document::portrait(&t.id, document)),
            holder,
            machine,
            advice: phrase::seat_advice(w, seat),
            stage,
            blind: seat.blind,
            judgements: Vec::new(),
            judged: seat.judgement.map_or(String::new(), |judgement| {
                w.t(match judgement {
                    Judgement::Same => "judged-same",
                    Judgement::Different => "judged-different",
                    Judgement::CannotTell => "judged-cannot-tell",
                })
            }),
            inclination: None,
            score: None,
            rarity: String::new(),
            decided,
            corrects: seat.adjudication.map_or(0, |d| d.corrects as usize),
            decisions: Vec::new(),
            actions: Vec::new(),
            can_hold: someone && seat.document.is_some() && seat.picture.is_some(),
            document: seat.document,
            shortcomings: Vec::new(),
            cues: Vec::new(),
            cameras: seat.cameras.join(", "),
            holds: holds(w, t, seat, viewer),
            trust: document
                .filter(|_| seat.state == SeatState::Confirmed)
                .and_then(|document| phrase::trust(w, document)),
            remarks: basis.map_or(Vec::new(), |document| remarks(w, document)),
            to_document: basis
                .filter(|document| phrase::has_remark(document) || seat.state.needs_officer())
                .map(|document| ToDocument {
                    place: document.place,
                    is_next: seat.state.needs_officer() && seat.adjudication.is_none(),
                }),
            caption: w.t(match seat.state {
                SeatState::OptedOut => "caption-opted-out",
                _ => "caption-live",
            }),
            // Where no decision is asked for none is made by one slip of a number key,
            // least while the question may come the next moment.
            is_folded: seat.adjudication.is_some() || !seat.state.needs_officer(),
            summary: w.t(match (seat.adjudication, seat.state) {
                (Some(_), _) => "decide-again",
                (None, SeatState::Comparing) => "decide-now",
                (None, _) => "decide-otherwise",
            }),
            subject,
        };
        if !seat.blind {
            part.inclination = phrase::inclination(w, seat);
            part.score = seat.score.map(|score| format!("{score:.2}"));
            part.rarity = seat
                .false_match_rate
                .and_then(phrase::one_in)
                .map_or(String::new(), |count| {
                    w.with("rarity", &[("count", count.into())])
                });
            let shortcomings = seat.shortcomings.iter();
            part.shortcomings = shortcomings.map(|c| phrase::shortcoming(w, *c)).collect();
            let cues = seat.picture_cues.iter();
            part.cues = cues.map(|cue| w.t2("picture-cue", cue.as_str())).collect();
            if !seat.state.is_vacant() && seat.seat.is_some() {
                let fits = |reason: &AdjudicationReason| fits(t, seat, reason);
                part.decisions = decisions(w, &t.id, &part.subject, fits);
            }
        }
        if let Some(key) = key {
            if let (true, Some(document)) = (seat.blind, seat.document) {
                part.judgements = judgements(w, &t.id, &key, document);
            }
            if can_act {
                let body = json!({ "seat": key });
                let to = |what| url(&t.id, what);
                let recapture = Action::new(to("recaptures"), &body, "r", w.t("act-recapture"));
                let recapture = Action {
                    is_next: recapture_helps,
                    ..recapture
                };
                let place = FluentValue::from(part.name.as_str());
                let question = w.with("ask-opt-out", &[("place", place)]);
                let opt_out = Action::new(to("opt-outs"), &body, "o", w.t("act-opt-out"));
                let mut actions = vec![recapture, opt_out.asking(question)];
                // The face fits: no new picture of it makes a document better.
                if seat.state == SeatState::DocumentNotTrusted {
                    actions.remove(0);
                }
                part.actions = actions;
            }
        }
        part
    }

    pub(super) fn card(&self) -> String {
        html(&Card { s: self })
    }

    pub(super) fn detail(&self) -> String {
        html(&Detail { s: self })
    }
}

/// Whether a decision can be the answer to what is open about a seat.
fn fits(t: &TransactionView, seat: &SeatView, reason: &AdjudicationReason) -> bool {
    let is_free = |d: &DocumentView| {
        !matches!(
            d.state,
            DocumentState::HolderConfirmed | DocumentState::SetAside
        )
    };
    match seat.state {
        // Nothing of them is looked at again; or the face fits, and what is open is the
        // document.
        SeatState::OptedOut | SeatState::ManualByPolicy | SeatState::DocumentNotTrusted => {
            !matches!(
                reason,
                AdjudicationReason::ConfirmedByRecapture | AdjudicationReason::ConfirmedByEye
            )
        }
        // The machine said so already.
        SeatState::Confirmed => matches!(
            reason,
            AdjudicationReason::CheckedByHand
                | AdjudicationReason::MiscountCorrected
                | AdjudicationReason::SentToSecondary
        ),
        // Nobody is the holder of what isn't there.
        _ if *reason == AdjudicationReason::ConfirmedByEye => {
            seat.document.is_some() || t.documents.iter().any(is_free)
        }
        _ => true,
    }
}

/// What there is to remark about a document that may confirm, or why it may not, in plain
/// words; the document's own pane has all of it.
fn remarks(w: &Words, document: &DocumentView) -> Vec<String> {
    let found = document.findings.iter();
    let grave = found.filter(|found| found.severity != Severity::Info);
    grave
        .filter_map(|found| phrase::finding(w, found).plain)
        .take(2)
        .collect()
}

/// By letters: the numbers are decisions', and never stand for anything else.
fn judgements(w: &Words, transaction: &str, seat: &str, document: usize) -> Vec<Action> {
    let all = [
        (Judgement::Same, "q", "act-same"),
        (Judgement::Different, "w", "act-different"),
        (Judgement::CannotTell, "e", "act-cannot-tell"),
    ];
    let action = |(judgement, key, label)| {
        let body = json!({ "seat": seat, "document": document, "judgement": judgement });
        Action::new(url(transaction, "judgements"), &body, key, w.t(label))
    };
    all.map(action).into()
}

fn holds(w: &Words, t: &TransactionView, seat: &SeatView, viewer: &Viewer) -> Vec<HoldPart> {
    let of_seat = |hold: &&HoldView| Some(hold.seat) == seat.seat;
    let part = |hold: &HoldView| {
        let arguments = [
            (
                "reason",
                FluentValue::from(w.t2("hold", hold.reason.as_str())),
            ),
            ("minutes", FluentValue::from(hold.minutes)),
            ("name", FluentValue::from(hold.proposed_by.as_str())),
        ];
        let Some(proposal) = &hold.proposal else {
            return HoldPart {
                text: w.with("hold-kept", &arguments),
                consent: None,
            };
        };
        let to = url(&t.id, &format!("holds/{proposal}/consent"));
        let consent = Action::new(to, &json!({}), "", w.t("act-consent"));
        HoldPart {
            text: w.with("hold-proposed", &arguments),
            consent: (hold.proposed_by != viewer.user).then_some(consent),
        }
    };
    t.holds.iter().filter(of_seat).map(part).collect()
}

#[derive(Template)]
#[template(path = "officer/seat_card.html")]
struct Card<'a> {
    s: &'a SeatPart,
}

#[derive(Template)]
#[template(path = "officer/seat_detail.html")]
struct Detail<'a> {
    s: &'a SeatPart,
}
