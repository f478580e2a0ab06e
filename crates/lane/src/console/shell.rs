//! What every page but the officer's has about it: a bar, links by role, a title.

use super::{Role, Viewer, assets, words::Words};
use crate::console::Language;

/// The frame of a page.
pub(crate) struct Shell {
    pub(crate) w: Words,
    pub(crate) title: String,
    pub(crate) css: String,
    pub(crate) icon: String,
    pub(crate) theme_js: String,
    pub(crate) csrf: String,
    pub(crate) user: String,
    pub(crate) links: Vec<Link>,
}

/// A link in the bar.
pub(crate) struct Link {
    pub(crate) to: &'static str,
    pub(crate) label: String,
    pub(crate) is_here: bool,
}

impl Shell {
    /// For a page that everybody may see.
    pub(crate) fn open(language: Language, title: &str, here: &str) -> Self {
        let w = Words::of(language);
        let links = [
            ("/login", "nav-login"),
            ("/notice", "nav-notice"),
            ("/manual", "nav-manual"),
        ];
        Self::with(w, title, &links, here)
    }

    /// For somebody who is logged in.
    pub(crate) fn of(viewer: &Viewer, title: &str, here: &str) -> Self {
        let w = Words::of(viewer.language);
        let home = match viewer.role {
            Role::Officer => ("/lanes", "nav-lanes"),
            Role::Supervisor => ("/supervisor", "nav-supervisor"),
            Role::Auditor => ("/auditor", "nav-auditor"),
            Role::Administrator => ("/administrator", "nav-administrator"),
        };
        let links = [
            home,
            ("/notice", "nav-notice"),
            ("/manual", "nav-manual"),
            ("/password", "nav-password"),
        ];
        Self {
            csrf: viewer.csrf.clone(),
            user: viewer.user.clone(),
            ..Self::with(w, title, &links, here)
        }
    }

    fn with(w: Words, title: &str, links: &[(&'static str, &str)], here: &str) -> Self {
        Self {
            title: w.t(title),
            css: assets::path("console.css"),
            icon: assets::path("icon.svg"),
            theme_js: assets::path("theme.js"),
            csrf: String::new(),
            user: String::new(),
            links: links
                .iter()
                .map(|(to, label)| Link {
                    to,
                    label: w.t(label),
                    is_here: *to == here,
                })
                .collect(),
            w,
        }
    }
}
