//! The console's pages: who may see them stands in `access`, what they look like in
//! `console`.

mod administrator;
mod auditor;
mod lane;
pub(super) mod login;
pub(super) mod people;
mod supervisor;
mod zones;

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{App, blocking};
use crate::{
    Error,
    console::{
        self, Language, Viewer, assets,
        manual::{self, ManualPage},
        notice::{self, NoticePage},
        officer::MeasuredError,
    },
    desk::Desk,
    people::Identity,
    role::Role,
};

pub(super) use lane::lane_events;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/login", get(login::login_page).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route(
            "/password",
            get(login::password_page).post(login::set_password),
        )
        .route("/lanes", get(lane::lanes))
        .route("/lanes/{lane}", get(lane::lane))
        .route("/notice", get(notice))
        .route("/manual", get(manual))
        .route("/web/{file}", get(asset))
        .route("/web/verify/{file}", get(verifier))
        .route("/auditor", get(auditor::page))
        .route("/auditor/verify", get(verify))
        .route("/supervisor", get(supervisor::page))
        .route("/administrator", get(administrator::page))
        .route(
            "/administrator/zones/{lane}/{layout}/{camera}",
            get(zones::page),
        )
}

async fn home(Extension(identity): Extension<Identity>) -> Redirect {
    Redirect::to(match identity.must_change {
        true => "/password",
        false => identity.role.home(),
    })
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
    let calibration = &desk.equipment.models.calibration;
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
