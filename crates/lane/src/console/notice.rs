//! The notice to travellers: who takes what, why, for how long, and how to say no. Read
//! on a screen, or printed and hung up as the lane's sign.

use askama::Template;
use fluent_bundle::FluentValue;
use qrcode::{Color, EcLevel, QrCode};

use super::{Language, html, officer::MeasuredError, phrase, shell::Shell, words::Words};

/// What the notice says.
#[derive(Clone, Debug)]
pub struct NoticePage {
    /// The language that comes first.
    pub language: Language,
    /// Every language that the lane's configuration names.
    pub languages: Vec<Language>,
    /// Who operates the lane.
    pub operator: String,
    /// What for.
    pub purpose: String,
    /// On what legal basis.
    pub legal_basis: String,
    /// Where to ask or complain.
    pub contact: String,
    /// How long anything lives.
    pub retention: Retention,
    /// How often the machine errs.
    pub error: MeasuredError,
    /// Where this notice can be read, for the sign's code; none where the lane doesn't
    /// know its own address.
    pub address: Option<String>,
}

/// How long anything lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The longest that a vehicle's transaction stays open, in minutes.
    pub transaction_minutes: u32,
    /// The longest that an officer may keep an image pair, in minutes.
    pub hold_minutes: u32,
    /// The longest for an order or an incident, in minutes.
    pub order_minutes: u32,
    /// Whether it takes two officers.
    pub two_officers: bool,
    /// For how many days counts without identity are kept.
    pub outcomes_days: u32,
}

/// The notice.
pub fn page(page: &NoticePage) -> String {
    let mut languages = vec![page.language];
    languages.extend(page.languages.iter().filter(|l| **l != page.language));
    html(&Notice {
        shell: Shell::open(page.language, "notice-title", "/notice"),
        parts: languages.iter().map(|l| Part::new(*l, page)).collect(),
        code: page.address.as_deref().and_then(code),
        address: page.address.clone().unwrap_or_default(),
        page,
    })
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    shell: Shell,
    parts: Vec<Part>,
    code: Option<Code>,
    address: String,
    page: &'a NoticePage,
}

/// The notice in one language.
struct Part {
    w: Words,
    tag: &'static str,
    glance: Vec<Glance>,
    kept: Vec<(String, String)>,
    errors: Vec<String>,
}

/// What is seen at a glance.
struct Glance {
    icon: &'static str,
    title: String,
    text: String,
}

impl Part {
    fn new(language: Language, page: &NoticePage) -> Self {
        let w = Words::of(language);
        let glance = |icon, title, text| Glance {
            icon,
            title: w.t(title),
            text: w.t(text),
        };
        let minutes = |minutes: u32| duration(&w, minutes);
        let retention = &page.retention;
        let transaction = FluentValue::from(minutes(retention.transaction_minutes));
        let hold = [
            ("own", FluentValue::from(minutes(retention.hold_minutes))),
            ("order", minutes(retention.order_minutes).into()),
            (
                "officers",
                if retention.two_officers { 2 } else { 1 }.into(),
            ),
        ];
        let days = retention.outcomes_days as usize;
        let kept = [
            (
                "notice-kept-faces",
                w.with("notice-kept-faces-how", &[("time", transaction)]),
            ),
            ("notice-kept-hold", w.with("notice-kept-hold-how", &hold)),
            ("notice-kept-counts", w.n("notice-kept-counts-how", days)),
        ];
        Self {
            tag: language.tag(),
            glance: vec![
                glance("camera", "notice-glance-what", "notice-glance-what-text"),
                glance("wait", "notice-glance-gone", "notice-glance-gone-text"),
                glance("hand", "notice-glance-no", "notice-glance-no-text"),
                glance("eye", "notice-glance-officer", "notice-glance-officer-text"),
            ],
            kept: kept.map(|(what, how)| (w.t(what), how)).into(),
            errors: errors(&w, &page.error),
            w,
        }
    }
}

fn errors(w: &Words, error: &MeasuredError) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(count) = error.one_wrong_in {
        let count = FluentValue::from(phrase::grouped(count));
        said.push(w.with("notice-error-wrong", &[("count", count)]));
    }
    if let Some(share) = error.referred_per_hundred {
        let share = FluentValue::from(share.round().max(1.0) as u64);
        said.push(w.with("notice-error-referred", &[("count", share)]));
    }
    if said.is_empty() {
        said.push(w.t("notice-error-unmeasured"));
    }
    if let Some(day) = error.measured_on {
        said.push(w.named("reminder-measured-on", &day.to_string()));
    }
    said.push(w.t("notice-error-decides"));
    said
}

/// Minutes as people say them.
pub(crate) fn duration(w: &Words, minutes: u32) -> String {
    match minutes {
        m if m >= 2880 && m % 1440 == 0 => w.n("days", m as usize / 1440),
        m if m >= 120 && m % 60 == 0 => w.n("hours", m as usize / 60),
        m => w.n("minutes", m as usize),
    }
}

/// A QR code (ISO/IEC 18004) as one path, in units of its modules.
struct Code {
    size: usize,
    path: String,
}

/// Modules that stay light around a code (ISO/IEC 18004, 5.3.8).
const QUIET: usize = 4;

fn code(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().iter().enumerate() {
        if *color == Color::Dark {
            let (x, y) = (place % width + QUIET, place / width + QUIET);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Some(Code {
        size: width + 2 * QUIET,
        path,
    })
}
