//! The console's pages: who may see them stands in `access`, what they look like in
//! `console`.

mod administrator;
mod auditor;
mod supervisor;

use axum::{
    Extension, Form, Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App, Body,
    access::{COOKIE, cookie},
    blocking,
    events::Events,
};
use crate::{
    Error, ErrorKind,
    console::{
        self, Language, Viewer, assets,
        login::{self, LanesPage, LoginFailure, LoginPage, PasswordPage},
        manual::{self, ManualPage},
        notice::{self, NoticePage},
        officer::{self, HoldMinutes, MeasuredError, OfficerPage},
    },
    desk::Desk,
    people::Identity,
    role::Role,
    view::TransactionView,
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/login", get(login_page).post(log_in))
        .route("/logout", post(log_out))
        .route("/password", get(password_page).post(set_password))
        .route("/lanes", get(lanes))
        .route("/lanes/{lane}", get(lane))
        .route("/notice", get(notice))
        .route("/manual", get(manual))
        .route("/web/{file}", get(asset))
        .route("/web/verify/{file}", get(verifier))
        .route("/auditor", get(auditor::page))
        .route("/auditor/verify", get(verify))
        .route("/supervisor", get(supervisor::page))
        .route("/administrator", get(administrator::page))
}

async fn home(Extension(identity): Extension<Identity>) -> Redirect {
    Redirect::to(match identity.must_change {
        true => "/password",
        false => identity.role.home(),
    })
}

async fn login_page(State(app): State<App>, headers: HeaderMap) -> Html<String> {
    let language = language(&app, &headers);
    let page = LoginPage {
        language,
        failure: None,
    };
    Html(login::page_beside(&page, app.service.openid.is_some()))
}

/// A form of somebody who says who they are.
#[derive(Deserialize)]
struct LogIn {
    name: String,
    password: String,
}

async fn log_in(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<LogIn>,
) -> Result<Response, Error> {
    same_site(&headers)?;
    let before = cookie(&headers).map(str::to_owned);
    let language = language(&app, &headers);
    let has_provider = app.service.openid.is_some();
    let begun = blocking(move || {
        let now = app.service.clock.read().since_boot;
        let secret = app.service.people.log_in(&form.name, &form.password, now)?;
        // A session that somebody else may know is never gone on with.
        if let Some(before) = before {
            app.service.people.log_out(&before);
        }
        set_cookie(&secret, app.service.is_secure(), 12 * 3600)
    })
    .await;
    match begun {
        Ok(cookie) => Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()),
        Err(error) => {
            let (status, failure) = match error.kind() {
                ErrorKind::Unknown => (StatusCode::UNAUTHORIZED, LoginFailure::Wrong),
                ErrorKind::Busy => (
                    StatusCode::TOO_MANY_REQUESTS,
                    LoginFailure::Wait(error.seconds().unwrap_or(1)),
                ),
                _ => return Err(error),
            };
            let page = LoginPage {
                language,
                failure: Some(failure),
            };
            Ok((status, Html(login::page_beside(&page, has_provider))).into_response())
        }
    }
}

/// A form that a page of ours sent.
#[derive(Deserialize)]
struct Signed {
    csrf: String,
}

async fn log_out(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    Form(form): Form<Signed>,
) -> Result<Response, Error> {
    is_ours(&identity, &form.csrf)?;
    if let Some(secret) = cookie(&headers) {
        app.service.people.log_out(secret);
    }
    let gone = set_cookie("", app.service.is_secure(), 0)?;
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response())
}

async fn password_page(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Html<String> {
    Html(login::password(&PasswordPage {
        must_change: identity.must_change,
        viewer: viewer(&app, &headers, identity),
        failure: None,
    }))
}

/// A form of somebody who changes their password.
#[derive(Deserialize)]
struct NewPassword {
    csrf: String,
    old: String,
    new: String,
}

async fn set_password(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    Form(form): Form<NewPassword>,
) -> Result<Response, Error> {
    is_ours(&identity, &form.csrf)?;
    let who = identity.clone();
    let set = blocking({
        let app = app.clone();
        move || {
            let people = &app.service.people;
            let now = app.service.clock.read().since_boot;
            let checked = people.log_in(&who.name, &form.old, now)?;
            people.log_out(&checked);
            if form.old == form.new {
                return Err(Error::request("new: it is the old one"));
            }
            people.set_user(&who.name, who.role, &form.new, false)
        }
    })
    .await;
    match set {
        // Every session of theirs has ended, this one too.
        Ok(()) => Ok(Redirect::to("/login").into_response()),
        Err(error) if error.kind() == ErrorKind::Us || error.kind() == ErrorKind::Device => {
            Err(error)
        }
        Err(error) => Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            Html(login::password(&PasswordPage {
                must_change: identity.must_change,
                viewer: viewer(&app, &headers, identity),
                failure: Some(error.to_string()),
            })),
        )
            .into_response()),
    }
}

async fn lanes(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Response {
    let names: Vec<String> = app.service.desks.keys().cloned().collect();
    match names.as_slice() {
        [only] => Redirect::to(&format!("/lanes/{only}")).into_response(),
        _ => Html(login::lanes(&LanesPage {
            viewer: viewer(&app, &headers, identity),
            lanes: names,
        }))
        .into_response(),
    }
}

async fn lane(
    State(app): State<App>,
    Path(lane): Path<String>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let desk = app.service.desk(&lane)?.clone();
    let viewer = viewer(&app, &headers, identity);
    blocking(move || {
        let retention = &app.service.config.retention;
        let shown = desk.shown();
        let mut transactions: Vec<TransactionView> =
            shown.iter().map(|t| (*t.view()).clone()).collect();
        let others = desk.all().into_iter();
        let others = others.filter(|t| shown.as_ref().is_none_or(|s| s.id != t.id));
        transactions.extend(others.map(|t| (*t.view()).clone()));
        Ok(Html(officer::page(&OfficerPage {
            lane: desk.name.clone(),
            viewer,
            transactions,
            error: measured(&desk),
            hold_minutes: HoldMinutes {
                own: retention.hold_minutes,
                order: retention.order_minutes,
            },
        })))
    })
    .await
}

/// What an officer's page already shows.
#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: String,
}

pub(super) async fn lane_events(
    State(app): State<App>,
    Path(lane): Path<String>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Events, Error> {
    let desk = app.service.desk(&lane)?.clone();
    let viewer = viewer(&app, &headers, identity);
    Ok(super::lane_events::of(desk, viewer, seen.seen))
}

async fn notice(State(app): State<App>, headers: HeaderMap) -> Html<String> {
    let config = &app.service.config;
    let retention = &config.retention;
    let desk = app.service.desks.values().next();
    Html(notice::page(&NoticePage {
        language: language(&app, &headers),
        languages: config.notice.languages.clone(),
        operator: config.notice.operator.clone(),
        purpose: config.notice.purpose.clone(),
        legal_basis: config.notice.legal_basis.clone(),
        contact: config.notice.contact.clone(),
        retention: notice::Retention {
            transaction_minutes: retention.transaction_minutes,
            hold_minutes: retention.hold_minutes,
            order_minutes: retention.order_minutes,
            two_officers: retention.two_officers,
            outcomes_days: retention.outcomes_days,
        },
        error: desk.map(|d| measured(d)).unwrap_or_default(),
        address: config.address.as_ref().map(|at| format!("{at}/notice")),
    }))
}

async fn manual(State(app): State<App>, headers: HeaderMap) -> Html<String> {
    let language = language(&app, &headers);
    let held = blocking({
        let app = app.clone();
        move || Ok(app.service.custody().holds()?)
    });
    let failures = match held.await {
        Ok(_) => Vec::new(),
        Err(_) => vec![manual::Failure::Log],
    };
    Html(manual::page(&ManualPage { language, failures }))
}

async fn asset(Path(file): Path<String>) -> Result<Response, Error> {
    let found = assets::named(&file).ok_or_else(|| Error::gone("file"))?;
    Ok(([(header::CONTENT_TYPE, found.content_type)], found.bytes).into_response())
}

/// The verifier, on the lane's own log.
async fn verify() -> Result<Html<String>, Error> {
    let page = rowcall_audit::browser::FILES.iter();
    let page = page.copied().find(|(name, _)| *name == "page.html");
    let (_, page) = page.ok_or_else(|| Error::us("the verifier has no page"))?;
    let page = page
        .replace("\"page.", "\"/web/verify/page.")
        .replace("data-log=\"log/\"", "data-log=\"/log/\"");
    Ok(Html(page))
}

async fn verifier(Path(file): Path<String>) -> Result<Response, Error> {
    let files = rowcall_audit::browser::FILES.iter();
    let found = files.copied().find(|(name, _)| *name == file);
    let (name, text) = found.ok_or_else(|| Error::gone("file"))?;
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Who looks, as pages know them.
fn viewer(app: &App, headers: &HeaderMap, identity: Identity) -> Viewer {
    Viewer {
        user: identity.name,
        role: shown_role(identity.role),
        language: language(app, headers),
        hand: app.service.config.hand,
        csrf: identity.csrf.unwrap_or_default(),
    }
}

/// A role as pages know it.
fn shown_role(role: Role) -> console::Role {
    match role {
        Role::Officer | Role::Device => console::Role::Officer,
        Role::Supervisor => console::Role::Supervisor,
        Role::Auditor => console::Role::Auditor,
        Role::Administrator => console::Role::Administrator,
    }
}

/// The browser's language, where the lane speaks it; the lane's first otherwise.
pub(super) fn language(app: &App, headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|h| h.to_str().ok());
    wanted
        .and_then(Language::accepted)
        .filter(|language| app.service.config.notice.languages.contains(language))
        .unwrap_or_else(|| app.service.config.notice.languages[0])
}

/// How often the machine errs at a lane. Where its calibration is provisional, or the
/// error budget lies beyond the data, nothing was measured, and that is said.
fn measured(desk: &Desk) -> MeasuredError {
    let calibration = &desk.models.calibration;
    let Some((_, lane)) = desk.layouts().next() else {
        return MeasuredError::default();
    };
    let budget = lane.policy.vehicle_false_confirm_rate;
    let is_measured = !calibration.is_provisional() && !calibration.threshold(budget).beyond_data;
    MeasuredError {
        one_wrong_in: (is_measured && budget > 0.0).then(|| (1.0 / budget).round() as u64),
        referred_per_hundred: None,
        measured_on: None,
    }
}

/// Somebody who may log in from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserRequest {
    /// Small letters, digits, dots, - and _.
    #[schema(pattern = "^[a-z0-9._-]{1,64}$")]
    name: String,
    role: Role,
    password: String,
}

/// Adds somebody, or changes their role or password.
///
/// The password is a one-time one: it is changed at the first log-in.
#[utoipa::path(
    post,
    path = "/v1/users",
    tag = "people",
    request_body(content = UserRequest, example = json!({"name": "b.quist", "role": "officer", "password": "nine slow yellow trams"})),
    responses((status = 201, description = "They may log in")),
)]
pub(super) async fn set_user(
    State(app): State<App>,
    Body(user): Body<UserRequest>,
) -> Result<StatusCode, Error> {
    blocking(move || {
        let people = &app.service.people;
        people.set_user(&user.name, user.role, &user.password, true)
    })
    .await?;
    Ok(StatusCode::CREATED)
}

/// Takes somebody out, and ends their sessions.
#[utoipa::path(
    delete,
    path = "/v1/users/{name}",
    tag = "people",
    params(("name" = String, Path, description = "Their name")),
    responses((status = 204, description = "They are out")),
)]
pub(super) async fn remove_user(
    State(app): State<App>,
    Path(name): Path<String>,
    Extension(identity): Extension<Identity>,
) -> Result<StatusCode, Error> {
    if name == identity.name {
        return Err(Error::conflict(
            "nobody takes themselves out: another administrator does",
        ));
    }
    match blocking(move || app.service.people.remove_user(&name)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::gone("user")),
    }
}

/// A device that may ask from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// What it is, for the administrator.
    #[schema(min_length = 1, max_length = 64)]
    label: String,
    /// For how long.
    #[schema(minimum = 1, maximum = 366)]
    days: u16,
}

/// A token, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenResponse {
    /// What it is taken back by.
    id: String,
    /// What the device sends.
    token: String,
}

/// Makes a device's token, which is shown once.
#[utoipa::path(
    post,
    path = "/v1/tokens",
    tag = "people",
    request_body(content = TokenRequest, example = json!({"label": "reader-1", "days": 90})),
    responses((status = 201, description = "The token", body = TokenResponse)),
)]
pub(super) async fn add_token(
    State(app): State<App>,
    Body(asked): Body<TokenRequest>,
) -> Result<(StatusCode, Json<TokenResponse>), Error> {
    if !(1..=366).contains(&asked.days) {
        return Err(Error::request("days: between 1 and 366"));
    }
    let token = blocking(move || {
        let now = app.service.clock.read().wall / 60;
        let until = now + i64::from(asked.days) * 24 * 60;
        app.service.people.add_token(&asked.label, until)
    })
    .await?;
    let token = TokenResponse {
        id: token.id,
        token: token.secret.to_string(),
    };
    Ok((StatusCode::CREATED, Json(token)))
}

/// Takes a device's token back.
#[utoipa::path(
    delete,
    path = "/v1/tokens/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204, description = "It is worth nothing any more")),
)]
pub(super) async fn remove_token(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    match blocking(move || app.service.store.remove_token(&id)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::gone("token")),
    }
}

fn is_ours(identity: &Identity, csrf: &str) -> Result<(), Error> {
    match identity.csrf.as_deref() == Some(csrf) {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Forbidden,
            "the form is of another session: load the page anew",
        )),
    }
}

/// Another site's form can't log anybody in.
fn same_site(headers: &HeaderMap) -> Result<(), Error> {
    let from = headers.get("sec-fetch-site");
    match from.is_none_or(|from| from == "same-origin" || from == "none") {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Forbidden,
            "the form is of another site",
        )),
    }
}

pub(super) fn set_cookie(
    secret: &str,
    is_secure: bool,
    seconds: u32,
) -> Result<HeaderValue, Error> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|e| Error::us(e.to_string()))
}
