//! The officer's page: one vehicle on one screen, what to do first.

mod document;
mod headline;
mod reminder;
mod seat;
mod vehicle;

use askama::Template;
use rowcall_words::log::{AdjudicationReason, HoldReason};

use self::{
    document::DocumentPart, headline::Headline, reminder::Reminder, seat::SeatPart,
    vehicle::VehiclePart,
};
use super::{Fragment, Hand, Viewer, assets, html, words::Words};
use crate::view::{SeatView, TransactionView};

pub use self::reminder::MeasuredError;

/// What an officer's page shows.
#[derive(Clone, Debug)]
pub struct OfficerPage {
    /// The lane's name.
    pub lane: String,
    /// Who looks.
    pub viewer: Viewer,
    /// The lane's open transactions, the one at the window first: usually none or one.
    pub transactions: Vec<TransactionView>,
    /// How often the machine errs.
    pub error: MeasuredError,
    /// The longest that an officer may keep an image pair, in minutes; of `legal-order`
    /// and `incident`.
    pub hold_minutes: HoldMinutes,
}

/// For how many minutes an image pair may be kept at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldMinutes {
    /// For an officer's own reasons.
    pub own: u32,
    /// For an order or an incident ([`HoldReason::is_order`]).
    pub order: u32,
}

/// The whole page. Serve it with `cache-control: no-store`.
pub fn page(page: &OfficerPage) -> String {
    let w = Words::of(page.viewer.language);
    html(&Page {
        w,
        lane: &page.lane,
        viewer: &page.viewer,
        css: assets::path("console.css"),
        icon: assets::path("icon.svg"),
        js: assets::path("officer.js"),
        theme_js: assets::path("theme.js"),
        reminder: Reminder::new(&w, &page.error),
        holds: HoldReason::ALL
            .iter()
            .map(|reason| {
                let minutes = match reason.is_order() {
                    true => page.hold_minutes.order,
                    false => page.hold_minutes.own,
                };
                HoldChoice {
                    code: reason.as_str(),
                    words: w.t2("hold", reason.as_str()),
                    minutes: minutes as usize,
                }
            })
            .collect(),
        body: page
            .transactions
            .first()
            .map(|t| Transaction::new(t, &page.viewer)),
        others: page.transactions.iter().skip(1).count(),
    })
}

/// The parts of a transaction's page, each by itself: those that differ from what was
/// sent last are the content of an event `fragments`.
pub fn fragments(transaction: &TransactionView, viewer: &Viewer) -> Vec<Fragment> {
    let whole = Transaction::new(transaction, viewer);
    let mut parts = vec![
        Fragment {
            id: "headline".into(),
            html: html(&whole.headline),
        },
        Fragment {
            id: "unplaced".into(),
            html: html(&Unplaced {
                w: whole.w,
                unplaced: &whole.unplaced,
            }),
        },
        Fragment {
            id: "unplaced-details".into(),
            html: html(&UnplacedDetails {
                unplaced: &whole.unplaced,
            }),
        },
        Fragment {
            id: "documents".into(),
            html: html(&Documents {
                w: whole.w,
                documents: &whole.documents,
            }),
        },
        Fragment {
            id: "document-details".into(),
            html: html(&DocumentDetails {
                documents: &whole.documents,
            }),
        },
        Fragment {
            id: "card-vehicle".into(),
            html: whole.vehicle.card(),
        },
        Fragment {
            id: "detail-vehicle".into(),
            html: whole.vehicle.detail(),
        },
    ];
    for seat in &whole.seats {
        parts.push(Fragment {
            id: format!("card-{}", seat.subject),
            html: seat.card(),
        });
        parts.push(Fragment {
            id: format!("detail-{}", seat.subject),
            html: seat.detail(),
        });
    }
    parts
}

/// The content of an event `opened`: the one fragment in which a new transaction
/// takes the place of the idle page. On `gone` the page brings the idle part back
/// by itself.
pub fn opened(transaction: &TransactionView, viewer: &Viewer) -> Vec<Fragment> {
    vec![Fragment {
        id: "transaction".into(),
        html: html(&Transaction::new(transaction, viewer)),
    }]
}

#[derive(Template)]
#[template(path = "officer/page.html")]
struct Page<'a> {
    w: Words,
    lane: &'a str,
    viewer: &'a Viewer,
    css: String,
    icon: String,
    js: String,
    theme_js: String,
    reminder: Reminder,
    holds: Vec<HoldChoice>,
    body: Option<Transaction>,
    others: usize,
}

struct HoldChoice {
    code: &'static str,
    words: String,
    minutes: usize,
}

#[derive(Template)]
#[template(path = "officer/transaction.html")]
struct Transaction {
    w: Words,
    id: String,
    version: u64,
    /// Columns of the seat map: 2 where no seat is in the centre.
    columns: usize,
    /// Rows of the seat map.
    rows: usize,
    right_hand_drive: bool,
    headline: Headline,
    seats: Vec<SeatPart>,
    unplaced: Vec<SeatPart>,
    documents: Vec<DocumentPart>,
    vehicle: VehiclePart,
}

impl Transaction {
    fn new(t: &TransactionView, viewer: &Viewer) -> Self {
        let w = Words::of(viewer.language);
        let (placed, unplaced): (Vec<&SeatView>, Vec<&SeatView>) =
            t.seats.iter().partition(|seat| seat.seat.is_some());
        let part = |seat: &&SeatView| SeatPart::new(&w, t, seat, viewer);
        let seats: Vec<SeatPart> = placed.iter().map(part).collect();
        let has_centre = seats.iter().any(|seat| seat.side == "centre");
        Self {
            w,
            id: t.id.clone(),
            version: t.version,
            columns: if has_centre { 3 } else { 2 },
            rows: seats
                .iter()
                .map(|seat| usize::from(seat.row))
                .max()
                .unwrap_or(1),
            right_hand_drive: viewer.hand == Hand::RightHandDrive,
            headline: Headline::new(&w, t),
            seats,
            unplaced: unplaced.iter().map(part).collect(),
            documents: (0..t.documents.len())
                .map(|place| DocumentPart::new(&w, t, place))
                .collect(),
            vehicle: VehiclePart::new(&w, t),
        }
    }
}

#[derive(Template)]
#[template(path = "officer/unplaced.html")]
struct Unplaced<'a> {
    w: Words,
    unplaced: &'a [SeatPart],
}

#[derive(Template)]
#[template(path = "officer/unplaced_details.html")]
struct UnplacedDetails<'a> {
    unplaced: &'a [SeatPart],
}

#[derive(Template)]
#[template(path = "officer/documents.html")]
struct Documents<'a> {
    w: Words,
    documents: &'a [DocumentPart],
}

#[derive(Template)]
#[template(path = "officer/document_details.html")]
struct DocumentDetails<'a> {
    documents: &'a [DocumentPart],
}

/// A button that asks the lane for something.
struct Action {
    /// Where to POST.
    to: String,
    /// The JSON to send.
    body: String,
    /// The key that stands for it.
    key: &'static str,
    label: String,
    /// Asked before anything is sent, where it can't be undone.
    question: String,
    /// Whether it is the step that helps: shown boldest. Never a decision, which is the
    /// officer's.
    is_next: bool,
}

impl Action {
    fn new(to: String, body: &serde_json::Value, key: &'static str, label: String) -> Self {
        Self {
            to,
            body: body.to_string(),
            key,
            label,
            question: String::new(),
            is_next: false,
        }
    }

    fn asking(self, question: String) -> Self {
        Self { question, ..self }
    }
}

/// What an officer can decide about a subject, by number keys in a fixed order.
/// Those that don't fit leave their number empty: hands remember numbers.
fn decisions(
    w: &Words,
    transaction: &str,
    subject: &str,
    fits: impl Fn(&AdjudicationReason) -> bool,
) -> Vec<Action> {
    const KEYS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let action = |(reason, key): (&AdjudicationReason, &&'static str)| {
        let body = serde_json::json!({ "subject": subject, "reason": reason.as_str() });
        let to = url(transaction, "adjudications");
        Action::new(to, &body, key, w.t2("reason", reason.as_str()))
    };
    AdjudicationReason::ALL
        .iter()
        .zip(&KEYS)
        .filter(|(reason, _)| fits(reason))
        .map(action)
        .collect()
}

/// Where a transaction takes requests.
fn url(transaction: &str, what: &str) -> String {
    format!("/v1/transactions/{transaction}/{what}")
}
