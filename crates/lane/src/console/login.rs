//! Log-in, a new password, and the choice of a lane.

use askama::Template;

use super::{Language, Viewer, html, shell::Shell};

/// What the log-in page shows.
#[derive(Clone, Debug)]
pub struct LoginPage {
    /// The language, from the browser.
    pub language: Language,
    /// Why the last try failed.
    pub failure: Option<LoginFailure>,
}

/// Why somebody couldn't log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginFailure {
    /// No such name, or not this password: which one isn't told.
    Wrong,
    /// Too many tries: wait so many seconds.
    Wait(u64),
    /// The provider of accounts can't be asked, or gives no role here.
    Provider,
}

/// The log-in page: a form that posts `name` and `password` to `/login`.
pub fn page(page: &LoginPage) -> String {
    page_beside(page, false)
}

/// The log-in page, with a link to `/login/openid` where there is a provider of accounts.
pub fn page_beside(page: &LoginPage, has_provider: bool) -> String {
    let shell = Shell::open(page.language, "login-title", "/login");
    let failure = page.failure.map_or(String::new(), |failure| match failure {
        LoginFailure::Wrong => shell.w.t("login-wrong"),
        LoginFailure::Wait(seconds) => shell.w.n("login-wait", seconds as usize),
        LoginFailure::Provider => shell.w.t("login-provider-failed"),
    });
    html(&Login {
        shell,
        failure,
        has_provider,
    })
}

/// What the page of a new password shows.
#[derive(Clone, Debug)]
pub struct PasswordPage {
    /// Who looks.
    pub viewer: Viewer,
    /// Whether the password must be changed before anything else, since others know
    /// it.
    pub must_change: bool,
    /// Why the last try failed, in the lane's words.
    pub failure: Option<String>,
}

/// The page of a new password: a form that posts `csrf`, `old` and `new` to
/// `/password`.
pub fn password(page: &PasswordPage) -> String {
    html(&Password {
        shell: Shell::of(&page.viewer, "password-title", "/password"),
        must_change: page.must_change,
        failure: page.failure.clone().unwrap_or_default(),
    })
}

/// What the choice of a lane shows.
#[derive(Clone, Debug)]
pub struct LanesPage {
    /// Who looks.
    pub viewer: Viewer,
    /// The names of the lanes.
    pub lanes: Vec<String>,
}

/// The choice of a lane: links to `/lanes/{lane}`.
pub fn lanes(page: &LanesPage) -> String {
    html(&Lanes {
        shell: Shell::of(&page.viewer, "lanes-title", "/lanes"),
        lanes: &page.lanes,
    })
}

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    shell: Shell,
    failure: String,
    has_provider: bool,
}

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    shell: Shell,
    must_change: bool,
    failure: String,
}

#[derive(Template)]
#[template(path = "lanes.html")]
struct Lanes<'a> {
    shell: Shell,
    lanes: &'a [String],
}
