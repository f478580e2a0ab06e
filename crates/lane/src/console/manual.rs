//! When the lane or a part of it fails: how to go on by hand.

use askama::Template;

use super::{Language, html, shell::Shell};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct ManualPage {
    /// The language.
    pub language: Language,
    /// What has failed, where the lane knows; the page serves without, too.
    pub failures: Vec<Failure>,
}

/// A part that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A camera, by its name.
    Camera(String),
    /// Documents can't be read or verified.
    Documents,
    /// The models don't run, or pictures wait too long.
    Analysis,
    /// The audit log can't be written: nothing is compared any more.
    Log,
}

/// The page. It asks for nothing but its style sheet, and can be printed and hung up.
pub fn page(page: &ManualPage) -> String {
    let shell = Shell::open(page.language, "manual-title", "/manual");
    let w = shell.w;
    let failures = page.failures.iter().map(|failure| match failure {
        Failure::Camera(name) => w.named("manual-camera", name),
        Failure::Documents => w.t("manual-documents"),
        Failure::Analysis => w.t("manual-analysis"),
        Failure::Log => w.t("manual-log"),
    });
    let steps = [
        "manual-step-stop",
        "manual-step-count",
        "manual-step-documents",
        "manual-step-faces",
        "manual-step-unsure",
        "manual-step-record",
        "manual-step-close",
    ];
    html(&Manual {
        failures: failures.collect(),
        steps: steps.map(|key| w.t(key)).into(),
        shell,
    })
}

#[derive(Template)]
#[template(path = "manual.html")]
struct Manual {
    shell: Shell,
    failures: Vec<String>,
    steps: Vec<String>,
}
