//! The auditor's page: the log, who witnessed it, what was kept and when it ended. What
//! it says is the lane's word; whoever wants proof follows it to the verifier, which
//! trusts nothing of the lane.

use askama::Template;
use fluent_bundle::FluentValue;
use rowcall_words::log::{DestructionCause, HoldExpiryCause, HoldReason};

use super::{
    Viewer, html,
    phrase::{self, Sign},
    shell::Shell,
    words::Words,
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct AuditorPage {
    /// Who looks.
    pub viewer: Viewer,
    /// The log's name.
    pub log: String,
    /// How many entries it has.
    pub size: u64,
    /// Where the verifier's page is.
    pub verifier: String,
    /// Checkpoints, the newest first.
    pub checkpoints: Vec<Checkpoint>,
    /// The first and the last day of the period.
    pub period: (jiff::civil::Date, jiff::civil::Date),
    /// What happened in the period.
    pub summary: Summary,
    /// Every hold that was made or ended in the period.
    pub holds: Vec<Hold>,
}

/// A signed size of the log.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// How many entries.
    pub size: u64,
    /// The root's hash, in base64.
    pub root: String,
    /// When it was signed, UTC.
    pub at: jiff::civil::DateTime,
    /// The names of witnesses that signed it too.
    pub witnesses: Vec<String>,
}

/// What the log says of a period.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Transactions that were opened.
    pub opened: u64,
    /// Transactions whose biometrics were destroyed, by what ended them.
    pub destroyed: Vec<(DestructionCause, u64)>,
    /// Of these, destroyed after their time limit.
    pub late: u64,
    /// The longest that one was open, in minutes.
    pub longest_minutes: u64,
    /// Pictures and templates that were destroyed.
    pub images: u64,
    /// Templates that were destroyed.
    pub templates: u64,
    /// Times the lane started.
    pub starts: u64,
    /// Seats confirmed by the machine.
    pub confirmed: u64,
    /// Seats referred to an officer.
    pub referred: u64,
    /// Decisions of officers, and of these, corrections.
    pub adjudicated: (u64, u64),
    /// Times an administrator looked at cameras to set zones up.
    pub set_ups: u64,
    /// Lane files that were written in these.
    pub lane_files: u64,
}

/// An image pair that was kept.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Its first entry in the log.
    pub entry: u64,
    /// Why.
    pub reason: HoldReason,
    /// When it was made, UTC.
    pub made: jiff::civil::DateTime,
    /// When it ends at the latest, UTC.
    pub due: jiff::civil::DateTime,
    /// How often it was looked at.
    pub views: u64,
    /// How it ended.
    pub end: HoldEnd,
}

/// How a hold ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldEnd {
    /// It hasn't.
    Live,
    /// An officer released it, UTC.
    Released(jiff::civil::DateTime),
    /// It ended by itself, UTC.
    Expired(HoldExpiryCause, jiff::civil::DateTime),
}

/// The page.
pub fn page(page: &AuditorPage) -> String {
    let shell = Shell::of(&page.viewer, "auditor-title", "/auditor");
    let w = shell.w;
    let count = |key, count: u64| (w.t(key), phrase::grouped(count));
    let summary = &page.summary;
    let causes = summary.destroyed.iter().map(|(cause, count)| {
        let words = w.t2("destroyed", cause.as_str());
        (words, phrase::grouped(*count))
    });
    html(&Auditor {
        facts: vec![
            count("audit-opened", summary.opened),
            count("audit-confirmed", summary.confirmed),
            count("audit-referred", summary.referred),
            count("audit-adjudicated", summary.adjudicated.0),
            count("audit-corrected", summary.adjudicated.1),
            count("audit-set-ups", summary.set_ups),
            count("audit-lane-files", summary.lane_files),
            count("audit-starts", summary.starts),
        ],
        causes: causes.collect(),
        kept: vec![
            count("audit-images", summary.images),
            count("audit-templates", summary.templates),
            count("audit-longest", summary.longest_minutes),
        ],
        late: match summary.late {
            0 => Sign::new("good", "check", w.t("audit-none-late")),
            late => Sign::new("bad", "stop", w.n("audit-late", late as usize)),
        },
        lead: w.with(
            "auditor-log",
            &[
                ("log", page.log.as_str().into()),
                ("size", phrase::grouped(page.size).into()),
            ],
        ),
        title: w.with(
            "audit-summary",
            &[
                ("from", page.period.0.to_string().into()),
                ("to", page.period.1.to_string().into()),
            ],
        ),
        checkpoints: page.checkpoints.iter().map(checkpoint).collect(),
        holds: page.holds.iter().map(|held| hold(&w, held)).collect(),
        shell,
        page,
    })
}

#[derive(Template)]
#[template(path = "auditor.html")]
struct Auditor<'a> {
    shell: Shell,
    page: &'a AuditorPage,
    lead: String,
    title: String,
    facts: Vec<(String, String)>,
    causes: Vec<(String, String)>,
    kept: Vec<(String, String)>,
    late: Sign,
    checkpoints: Vec<CheckpointRow>,
    holds: Vec<HoldRow>,
}

struct CheckpointRow {
    size: String,
    root: String,
    at: String,
    witnesses: String,
}

struct HoldRow {
    entry: String,
    reason: String,
    made: String,
    due: String,
    views: u64,
    sign: Sign,
}

fn minute(at: jiff::civil::DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn checkpoint(checkpoint: &Checkpoint) -> CheckpointRow {
    CheckpointRow {
        size: phrase::grouped(checkpoint.size),
        root: checkpoint.root.clone(),
        at: minute(checkpoint.at),
        witnesses: checkpoint.witnesses.join(", "),
    }
}

fn hold(w: &Words, hold: &Hold) -> HoldRow {
    let at = |at| [("at", FluentValue::from(minute(at)))];
    HoldRow {
        entry: phrase::grouped(hold.entry),
        reason: w.t2("hold", hold.reason.as_str()),
        made: minute(hold.made),
        due: minute(hold.due),
        views: hold.views,
        sign: match hold.end {
            HoldEnd::Live => Sign::new("hand", "wait", w.t("hold-live")),
            HoldEnd::Released(when) => {
                Sign::new("decided", "stamp", w.with("hold-released", &at(when)))
            }
            HoldEnd::Expired(cause, when) => {
                let ended = w.with("hold-expired", &at(when));
                let cause = w.t2("hold-expired", cause.as_str());
                Sign::new("decided", "stamp", format!("{ended} {cause}"))
            }
        },
    }
}
