//! The vehicle as a whole: faces on no seat, cameras, and what can be decided of all.

use askama::Template;
use fluent_bundle::FluentValue;
use rowcall_words::log::AdjudicationReason;
use serde_json::json;

use super::{Action, decisions, document, headline, url};
use crate::{
    console::{
        html,
        phrase::{self, Sign},
        words::Words,
    },
    view::{CameraView, StrangerView, TransactionView},
};

/// The vehicle as the page shows it.
pub(super) struct VehiclePart {
    w: Words,
    sign: Sign,
    line: String,
    strangers: Vec<Stranger>,
    missing: Vec<String>,
    cameras: Vec<Camera>,
    decided: Option<Sign>,
    decisions: Vec<Action>,
    actions: Vec<Action>,
}

struct Stranger {
    tone: &'static str,
    icon: &'static str,
    title: String,
    advice: String,
    picture: Option<String>,
}

struct Camera {
    name: String,
    sign: Sign,
    frames: String,
}

impl VehiclePart {
    pub(super) fn new(w: &Words, t: &TransactionView) -> Self {
        let decided = t.adjudication.as_ref().map(|d| phrase::decision(w, d));
        let strangers: Vec<Stranger> = t
            .strangers
            .iter()
            .enumerate()
            .map(|(place, view)| stranger(w, t, place, view))
            .collect();
        let alarms = strangers.iter().filter(|s| s.tone == "bad").count();
        let cameras: Vec<Camera> = t.cameras.iter().map(|c| camera(w, t, c)).collect();
        let failed = t.cameras.iter().filter(|c| headline::fails(t, c)).count();
        let sign = if let Some(decided) = &decided {
            decided.clone()
        } else if alarms > 0 {
            Sign::new("bad", "stop", w.n("vehicle-strangers", alarms))
        } else if failed > 0 {
            Sign::new("warn", "camera", w.n("vehicle-cameras-failed", failed))
        } else {
            Sign::new("idle", "vehicle", w.t("vehicle-nothing"))
        };
        let out = Action::new(
            url(&t.id, "opt-outs"),
            &json!({ "vehicle": true }),
            "o",
            w.t("act-opt-out-vehicle"),
        );
        Self {
            w: *w,
            sign,
            line: w.n("vehicle-cameras", t.cameras.len()),
            strangers,
            missing: t
                .missing
                .iter()
                .map(|m| w.t2("missing", missing(*m)))
                .collect(),
            cameras,
            decided,
            decisions: decisions(w, &t.id, "vehicle", fits),
            actions: match t.is_vehicle_out {
                true => Vec::new(),
                false => vec![out.asking(w.t("ask-opt-out-vehicle"))],
            },
        }
    }

    pub(super) fn card(&self) -> String {
        html(&Card { v: self })
    }

    pub(super) fn detail(&self) -> String {
        html(&Detail { v: self })
    }
}

/// Whether a decision can be one about a vehicle: it is nobody's holder.
fn fits(reason: &AdjudicationReason) -> bool {
    !matches!(
        reason,
        AdjudicationReason::ConfirmedByEye | AdjudicationReason::ConfirmedBySecondDocument
    )
}

fn missing(missing: crate::view::Missing) -> &'static str {
    use crate::view::Missing;
    match missing {
        Missing::Declaration => "declaration",
        Missing::Documents => "documents",
        Missing::Frames => "frames",
        Missing::People => "people",
        Missing::Adjudication => "adjudication",
    }
}

fn stranger(w: &Words, t: &TransactionView, place: usize, view: &StrangerView) -> Stranger {
    let (is_alarm, title, advice) = phrase::stranger(w, view, &document::missing(w, t));
    Stranger {
        tone: if is_alarm { "bad" } else { "idle" },
        icon: if is_alarm { "stop" } else { "info" },
        title,
        advice,
        picture: view
            .picture
            .map(|version| url(&t.id, &format!("strangers/{place}/picture?v={version}"))),
    }
}

fn camera(w: &Words, t: &TransactionView, view: &CameraView) -> Camera {
    let state: &str = view.state.into();
    let word = w.t2("camera", state);
    let arguments = [
        ("frames", FluentValue::from(view.frames)),
        ("dropped", FluentValue::from(view.dropped)),
    ];
    Camera {
        name: view.name.clone(),
        sign: match headline::fails(t, view) {
            true => Sign::new("warn", "camera", word),
            false => Sign::new("idle", "camera", word),
        },
        frames: w.with("camera-frames", &arguments),
    }
}

#[derive(Template)]
#[template(path = "officer/vehicle_card.html")]
struct Card<'a> {
    v: &'a VehiclePart,
}

#[derive(Template)]
#[template(path = "officer/vehicle_detail.html")]
struct Detail<'a> {
    v: &'a VehiclePart,
}
