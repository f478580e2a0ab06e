//! The console: pages for officers, supervisors, auditors, administrators and
//! travellers, rendered from typed outcomes.
//!
//! Everything here is a pure function from a page's typed content to HTML: no state,
//! no clock, no request. Pages carry no inline style and no inline script, ask for
//! nothing outside the lane, and take every word from `locales/`. What they need
//! beside themselves are the files in [`assets`].
//!
//! How a page talks with the lane stands in `web/officer.js` and the other scripts:
//! POSTs of JSON with the viewer's token in `x-csrf-token`, and server-sent events
//! that replace the [`Fragment`]s that changed.

pub mod administrator;
pub mod assets;
pub mod auditor;
pub mod login;
pub mod manual;
pub mod notice;
pub mod officer;
mod phrase;
mod shell;
pub mod supervisor;
#[cfg(test)]
mod tests;
mod words;

use serde::Serialize;

pub use words::Language;

/// A part of a page that can be replaced by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// The id of the element that it replaces.
    pub id: String,
    /// The element, with that id.
    pub html: String,
}

/// Who looks at a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The name that they logged in with.
    pub user: String,
    /// What they may do.
    pub role: Role,
    /// The language of their pages.
    pub language: Language,
    /// Where the driver of most vehicles sits.
    pub hand: Hand,
    /// What their scripts send in `x-csrf-token`.
    pub csrf: String,
}

/// What somebody may do at the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works at a lane.
    Officer,
    /// Answers for how lanes do.
    Supervisor,
    /// Verifies what lanes say of themselves.
    Auditor,
    /// Sets lanes up.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [
        Self::Officer,
        Self::Supervisor,
        Self::Auditor,
        Self::Administrator,
    ];

    /// Its name in kebab-case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }
}

/// On which side vehicles have their wheel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hand {
    #[default]
    /// The driver sits on the left: traffic keeps to the right.
    LeftHandDrive,
    /// The driver sits on the right: traffic keeps to the left.
    RightHandDrive,
}

/// Renders a template. One that was compiled in fails only where writing to a string
/// fails.
fn html(template: &impl askama::Template) -> String {
    template.render().unwrap_or_default()
}
