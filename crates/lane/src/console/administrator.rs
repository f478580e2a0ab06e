//! The administrator's pages: people, tokens, trust, cameras; and the zones of a camera
//! drawn on its picture ([`zones`]).

mod zones;

use askama::Template;
use fluent_bundle::FluentValue;

use super::{Role, Viewer, html, phrase::Sign, shell::Shell, words::Words};

pub use zones::{FaceBox, SetUp, Zone, ZonesPage, zones};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct AdministratorPage {
    /// Who looks.
    pub viewer: Viewer,
    /// Who may log in.
    pub users: Vec<User>,
    /// Devices that may ask.
    pub tokens: Vec<Token>,
    /// Certificates that are trusted, those that end first first.
    pub trust: Vec<Trust>,
    /// Files of trust or revocation that couldn't be used: name and why.
    pub unreadable: Vec<(String, String)>,
    /// The lanes' cameras.
    pub cameras: Vec<Camera>,
    /// Today, to tell what has ended or ends soon.
    pub today: jiff::civil::Date,
}

/// Somebody who may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they have yet to choose a password of their own.
    pub must_change: bool,
}

/// A device that may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id, to end it by.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// The last day on which it is good.
    pub until: jiff::civil::Date,
}

/// A trusted certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The country's code.
    pub country: String,
    /// Its subject.
    pub subject: String,
    /// The file that it came from.
    pub source: String,
    /// The last day on which it is good, if it says so.
    pub until: Option<jiff::civil::Date>,
}

/// A camera that has zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camera {
    /// The lane.
    pub lane: String,
    /// The sort of vehicle: the lane file's name.
    pub layout: String,
    /// Its name.
    pub name: String,
    /// How many seats it sees.
    pub seats: usize,
    /// Seats of its zones in which no face was ever found in what was looked at.
    pub never_seen: Vec<rowcall_words::seat::Seat>,
}

/// What ends within so many days is told as ending soon.
const SOON: i32 = 60;

/// The page. Its scripts ask `POST /v1/users`, `DELETE /v1/users/{name}`,
/// `POST /v1/tokens` and `DELETE /v1/tokens/{id}`; cameras link to
/// `/administrator/zones/{lane}/{layout}/{camera}`.
pub fn page(page: &AdministratorPage) -> String {
    let shell = Shell::of(&page.viewer, "administrator-title", "/administrator");
    let w = shell.w;
    let role = |role: Role| (role.as_str(), w.t2("role", role.as_str()));
    let until = |day: Option<jiff::civil::Date>| until(&w, page.today, day);
    html(&Administrator {
        roles: Role::ALL.map(role).into(),
        users: page
            .users
            .iter()
            .map(|user| UserRow {
                name: user.name.clone(),
                role: w.t2("role", user.role.as_str()),
                must_change: user.must_change,
                is_self: user.name == page.viewer.user,
                ask: w.named("ask-remove-user", &user.name),
            })
            .collect(),
        tokens: page
            .tokens
            .iter()
            .map(|token| TokenRow {
                id: token.id.clone(),
                label: token.label.clone(),
                until: until(Some(token.until)),
                ask: w.named("ask-remove-token", &token.label),
            })
            .collect(),
        trust: page
            .trust
            .iter()
            .map(|trust| TrustRow {
                trust: trust.clone(),
                until: until(trust.until),
            })
            .collect(),
        cameras: page
            .cameras
            .iter()
            .map(|camera| camera_row(&w, camera))
            .collect(),
        js: super::assets::path("administrator.js"),
        shell,
        page,
    })
}

#[derive(Template)]
#[template(path = "administrator.html")]
struct Administrator<'a> {
    shell: Shell,
    page: &'a AdministratorPage,
    js: String,
    roles: Vec<(&'static str, String)>,
    users: Vec<UserRow>,
    tokens: Vec<TokenRow>,
    trust: Vec<TrustRow>,
    cameras: Vec<CameraRow>,
}

struct UserRow {
    name: String,
    role: String,
    must_change: bool,
    is_self: bool,
    ask: String,
}

struct TokenRow {
    id: String,
    label: String,
    until: Sign,
    ask: String,
}

struct TrustRow {
    trust: Trust,
    until: Sign,
}

struct CameraRow {
    camera: Camera,
    label: String,
    seats: String,
    warning: Option<Sign>,
}

/// Until when something is good, and whether that is over or soon.
fn until(w: &Words, today: jiff::civil::Date, day: Option<jiff::civil::Date>) -> Sign {
    let Some(day) = day else {
        return Sign::new("idle", "info", w.t("until-open"));
    };
    let left = today.until(day).map_or(0, |span| span.get_days());
    let (tone, icon, key) = match left {
        left if left < 0 => ("bad", "expired", "until-over"),
        left if left <= SOON => ("warn", "alert", "until-soon"),
        _ => ("good", "check", "until"),
    };
    let arguments = [
        ("day", FluentValue::from(day.to_string())),
        ("count", FluentValue::from(left.unsigned_abs())),
    ];
    Sign::new(tone, icon, w.with(key, &arguments))
}

fn camera_row(w: &Words, camera: &Camera) -> CameraRow {
    let never: Vec<String> = camera
        .never_seen
        .iter()
        .map(|seat| super::phrase::seat_name(w, Some(*seat)))
        .collect();
    let warning = (!never.is_empty()).then(|| {
        let text = w.named("zone-never", &never.join(", "));
        Sign::new("warn", "alert", text)
    });
    CameraRow {
        seats: w.n("camera-seats", camera.seats),
        label: w.named("zones-of", &camera.name),
        camera: camera.clone(),
        warning,
    }
}
