//! What typed outcomes are called, and the shape and colour that go with them: never
//! one without the others.

use fluent_bundle::FluentValue;
use rowcall_face::Component;
use rowcall_rollcall::{Guise, Whereabouts};
use rowcall_words::document::{Severity, Verdict};
use rowcall_words::finding::code::Code;
use rowcall_words::log::AdjudicationReason;
use rowcall_words::outcome::Ambiguity;
use rowcall_words::seat::{Seat, Side};

use super::words::Words;
use crate::view::{
    Adjudication, DocumentState, DocumentView, FindingView, SeatState, SeatView, StrangerView,
    TransactionView,
};

/// A state as it is shown: a colour (class `tone-…`), a shape (symbol `i-…`) and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

impl Sign {
    pub(crate) fn new(tone: &'static str, icon: &'static str, word: String) -> Self {
        Self { tone, icon, word }
    }
}

fn seat_state(w: &Words, state: SeatState) -> Sign {
    let (tone, icon, key) = match state {
        SeatState::Empty => ("idle", "empty", "seat-empty"),
        SeatState::CannotSee => ("warn", "camera", "seat-cannot-see"),
        SeatState::Confirmed => ("good", "check", "seat-confirmed"),
        SeatState::Comparing => ("busy", "wait", "seat-comparing"),
        SeatState::Look => ("look", "eye", "seat-look"),
        SeatState::NotCaptured => ("warn", "alert", "seat-not-captured"),
        SeatState::PoorQuality => ("warn", "alert", "seat-poor-quality"),
        SeatState::NoMatchingDocument => ("bad", "stop", "seat-no-matching-document"),
        SeatState::Ambiguous => ("warn", "alert", "seat-ambiguous"),
        SeatState::DocumentNotTrusted => ("bad", "stop", "seat-document-not-trusted"),
        SeatState::PortraitUnusable => ("warn", "alert", "seat-portrait-unusable"),
        SeatState::OptedOut => ("hand", "hand", "seat-opted-out"),
        SeatState::ManualByPolicy => ("hand", "hand", "seat-manual-by-policy"),
    };
    Sign::new(tone, icon, w.t(key))
}

pub(crate) fn document_state(w: &Words, state: DocumentState) -> Sign {
    let (tone, icon, key) = match state {
        DocumentState::Reading => ("busy", "wait", "document-reading"),
        DocumentState::HolderConfirmed => ("good", "check", "document-holder-confirmed"),
        DocumentState::HolderNotFound => ("bad", "stop", "document-holder-not-found"),
        DocumentState::NotAccepted => ("bad", "stop", "document-not-accepted"),
        DocumentState::NoPortrait => ("warn", "alert", "document-no-portrait"),
        DocumentState::PoorPortrait => ("warn", "alert", "document-poor-portrait"),
        DocumentState::SetAside => ("idle", "empty", "document-set-aside"),
        DocumentState::OptedOut => ("hand", "hand", "document-opted-out"),
    };
    Sign::new(tone, icon, w.t(key))
}

/// How far a document can be trusted.
pub(crate) fn trust(w: &Words, document: &DocumentView) -> Option<Sign> {
    let (tone, icon, name) = trust_of(document)?;
    Some(Sign::new(tone, icon, w.t2("trust", name)))
}

/// Tone, icon and name of how far a document can be trusted. What has expired says so
/// before anything else; only what may confirm has the shape and colour of trust.
fn trust_of(document: &DocumentView) -> Option<(&'static str, &'static str, &'static str)> {
    let has = |code: Code| document.findings.iter().any(|f| f.code == code);
    let verdict = document.verdict?;
    Some(match verdict {
        _ if has(Code::DocumentExpired) => ("bad", "expired", "expired"),
        Verdict::Valid if document.may_confirm => ("good", "shield", verdict.as_str()),
        Verdict::ValidWithWarning if document.may_confirm => {
            ("good", "shield-remark", verdict.as_str())
        }
        Verdict::Valid | Verdict::ValidWithWarning => ("warn", "alert", "not-enough"),
        Verdict::Unsigned => ("warn", "unsigned", verdict.as_str()),
        Verdict::Untrusted => ("bad", "shield-unknown", verdict.as_str()),
        Verdict::Unsupported => ("warn", "shield-unknown", verdict.as_str()),
        Verdict::Invalid => ("bad", "stop", verdict.as_str()),
    })
}

/// Whether a document may confirm and has something to remark all the same.
pub(crate) fn has_remark(document: &DocumentView) -> bool {
    document.may_confirm && document.verdict == Some(Verdict::ValidWithWarning)
}

/// What became of a seat, with what its document adds: a confirmation that rests on one
/// with a remark says so, and a document that may not confirm says why not.
pub(crate) fn seat(w: &Words, t: &TransactionView, seat: &SeatView) -> Sign {
    let sign = seat_state(w, seat.state);
    let Some(document) = seat.document.and_then(|place| t.documents.get(place)) else {
        return sign;
    };
    match (seat.state, trust_of(document)) {
        (SeatState::Confirmed, _) if has_remark(document) => {
            Sign::new(sign.tone, sign.icon, w.t("seat-confirmed-remark"))
        }
        (SeatState::DocumentNotTrusted, Some((tone, icon, name))) if tone != "good" => {
            Sign::new(tone, icon, w.t2("seat-document", name))
        }
        _ => sign,
    }
}

pub(crate) fn decision(w: &Words, decided: &Adjudication) -> Sign {
    let (tone, icon) = match decided.reason == AdjudicationReason::SentToSecondary {
        true => ("hand", "onward"),
        false => ("decided", "stamp"),
    };
    Sign::new(tone, icon, w.t2("reason", decided.reason.as_str()))
}

pub(crate) fn seat_name(w: &Words, seat: Option<Seat>) -> String {
    let Some(seat) = seat else {
        return w.t("seat-unknown");
    };
    let side = match seat.side {
        Side::Left => "left",
        Side::Centre => "centre",
        Side::Right => "right",
    };
    let row = FluentValue::from(seat.row);
    w.with("seat-name", &[("row", row), ("side", side.into())])
}

/// Which window to lower, as a part of a sentence.
fn window(w: &Words, seat: Option<Seat>) -> String {
    let Some(seat) = seat else {
        return w.t("window-any");
    };
    let side = match seat.side {
        Side::Left => "left",
        Side::Centre => "centre",
        Side::Right => "right",
    };
    let row = FluentValue::from(seat.row);
    w.with("window", &[("row", row), ("side", side.into())])
}

/// What to do about a seat; empty where there is nothing to do.
pub(crate) fn seat_advice(w: &Words, seat: &SeatView) -> String {
    let place = || seat_name(w, seat.seat);
    let window = || window(w, seat.seat);
    let at = |key: &str| {
        let arguments = [("place", place().into()), ("window", window().into())];
        w.with(key, &arguments)
    };
    if seat.blind {
        return w.t(match seat.document {
            Some(_) => "advice-blind",
            None => "advice-blind-no-document",
        });
    }
    match seat.state {
        SeatState::Empty | SeatState::Confirmed => String::new(),
        SeatState::CannotSee => at("advice-cannot-see"),
        SeatState::Comparing => w.t("advice-comparing"),
        SeatState::Look => w.t("advice-look"),
        SeatState::NotCaptured if seat.seat.is_none() => w.t("advice-not-captured-anywhere"),
        SeatState::NotCaptured => at("advice-not-captured"),
        SeatState::PoorQuality => at(quality(seat.shortcomings.first())),
        SeatState::NoMatchingDocument if seat.shortcomings.is_empty() => {
            w.t("advice-no-matching-document")
        }
        SeatState::NoMatchingDocument => {
            let better = at(quality(seat.shortcomings.first()));
            w.with("advice-no-document-unless", &[("better", better.into())])
        }
        SeatState::Ambiguous => w.t(seat.ambiguity.map_or("advice-look", |a| match a {
            Ambiguity::RunnerUpClose => "advice-runner-up-close",
            Ambiguity::LookAlikePossible => "advice-look-alike-possible",
            Ambiguity::SeveralFaces => "advice-several-faces",
            Ambiguity::PortraitsDiffer => "advice-portraits-differ",
            Ambiguity::PictureSuspected => "advice-picture-suspected",
        })),
        SeatState::DocumentNotTrusted => w.t("advice-document-not-trusted"),
        SeatState::PortraitUnusable => w.t("advice-portrait-unusable"),
        SeatState::OptedOut => w.t("advice-opted-out"),
        SeatState::ManualByPolicy => w.t("advice-manual-by-policy"),
    }
}

/// The message that says how to get a better picture.
fn quality(worst: Option<&Component>) -> &'static str {
    match worst {
        Some(Component::UnderExposurePrevention) => "advice-too-dark",
        Some(Component::DynamicRange) => "advice-no-contrast",
        Some(Component::OverExposurePrevention) => "advice-glare",
        Some(Component::IlluminationUniformity) => "advice-reflection",
        Some(Component::Noise) => "advice-little-light",
        Some(Component::CompressionArtifacts) => "advice-compressed",
        Some(Component::Sharpness) => "advice-blurred",
        Some(Component::FaceOcclusionPrevention) => "advice-hidden",
        Some(Component::EyesVisible) => "advice-eyes",
        Some(Component::HeadPoseYaw | Component::HeadPosePitch) => "advice-turned",
        Some(Component::InterEyeDistance) => "advice-too-small",
        _ => "advice-unclear",
    }
}

/// What falls short, in a word.
pub(crate) fn shortcoming(w: &Words, component: Component) -> String {
    w.t2("quality", component.into())
}

/// What the machine leans to, for an officer who has judged.
pub(crate) fn inclination(w: &Words, seat: &SeatView) -> Option<String> {
    let ambiguity: Option<&'static str> = seat.ambiguity.map(Into::into);
    match (seat.state, ambiguity) {
        (SeatState::Ambiguous, Some(name)) => Some(w.t2("inclination", name)),
        (SeatState::NoMatchingDocument, _) => Some(w.t("inclination-unlike")),
        (SeatState::DocumentNotTrusted, _) => Some(w.t("inclination-not-trusted")),
        (SeatState::PortraitUnusable, _) => Some(w.t("inclination-not-compared")),
        _ => None,
    }
}

/// How rare it is that strangers are so alike: `1 in 20 000`, two digits of it.
pub(crate) fn one_in(rate: f64) -> Option<String> {
    let exact = (rate > 0.0).then(|| 1.0 / rate)?;
    if !exact.is_finite() {
        return None;
    }
    let digits = 10_f64.powf((exact.log10().floor() - 1.0).max(0.0));
    Some(grouped(((exact / digits).round() * digits) as u64))
}

/// A whole number, its digits in groups of three parted by a narrow space, as every
/// language of the console reads it.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// What to do about a document; empty where there is nothing to do.
pub(crate) fn document_advice(w: &Words, document: &DocumentView) -> String {
    match (document.state, document.seat) {
        (DocumentState::Reading | DocumentState::HolderConfirmed, _) => String::new(),
        (DocumentState::SetAside, _) => w.t("advice-set-aside"),
        (DocumentState::HolderNotFound, Some(seat)) => {
            let place = seat_name(w, Some(seat));
            w.with("advice-compare-at", &[("place", place.into())])
        }
        (DocumentState::HolderNotFound, None) => w.t("advice-where-is-holder"),
        (DocumentState::NotAccepted, _) => w.t(match document.verdict {
            Some(Verdict::Untrusted) => "advice-untrusted",
            Some(Verdict::Unsigned) => "advice-unsigned",
            _ => "advice-invalid",
        }),
        (DocumentState::NoPortrait, _) => w.t("advice-no-portrait"),
        (DocumentState::PoorPortrait, _) => w.t("advice-poor-portrait"),
        (DocumentState::OptedOut, _) => w.t("advice-document-opted-out"),
    }
}

/// What was found, in plain words where there are any: then what an inspector would
/// write stands beside it, in the language that it was written in.
pub(crate) struct FindingWords {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) severity: String,
    pub(crate) plain: Option<String>,
    pub(crate) detail: String,
}

pub(crate) fn finding(w: &Words, finding: &FindingView) -> FindingWords {
    let (tone, icon, severity) = match finding.severity {
        Severity::Info => ("idle", "info", "severity-info"),
        Severity::Warning => ("warn", "alert", "severity-warning"),
        Severity::Error => ("bad", "stop", "severity-error"),
    };
    let key = format!("finding-{}", finding.code);
    FindingWords {
        tone,
        icon,
        severity: w.t(severity),
        plain: w.knows(&key).then(|| w.t(&key)),
        detail: finding.detail.clone(),
    }
}

/// A face on no seat: whether somebody may be unaccounted for, what it is, and what to
/// do. It is compared with no document; whom nobody was found for is `missing`, and the
/// officer asks whether this is one of them.
pub(crate) fn stranger(
    w: &Words,
    stranger: &StrangerView,
    missing: &[String],
) -> (bool, String, String) {
    let camera = [("camera", FluentValue::from(stranger.camera.as_str()))];
    let place = stranger.place;
    let title = match place {
        Whereabouts::Leaning(seat) => {
            let place = seat_name(w, Some(seat));
            w.with("stranger-leaning", &[("place", place.into())])
        }
        _ => w.with(&format!("stranger-{}", place.as_str()), &camera),
    };
    let advice = match place {
        Whereabouts::Outside => "stranger-advice-outside",
        Whereabouts::Leaning(_) => "stranger-advice-leaning",
        Whereabouts::Inside(Guise::Picture) => "stranger-advice-picture",
        Whereabouts::Inside(_) => "stranger-advice-inside",
    };
    let is_inside = matches!(place, Whereabouts::Inside(_));
    let advice = match is_inside && !missing.is_empty() {
        true => {
            let names = w.named("stranger-perhaps", &missing.join("; "));
            format!("{} {names}", w.t(advice))
        }
        false => w.t(advice),
    };
    (is_inside, title, advice)
}

/// Minutes and seconds, as a clock shows them.
pub(crate) fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
