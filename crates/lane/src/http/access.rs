//! The one table of who may call what, and what enforces it.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    Error, ErrorKind,
    listen::{Caller, Sort},
    people::Identity,
    role::Role,
};

use super::App;

/// The cookie of a session.
pub(super) const COOKIE: &str = "rowcall";

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Everybody.
    Anyone,
    /// Whoever has logged in.
    Known,
    /// These roles.
    Roles(&'static [Role]),
}

use Role::{Administrator, Auditor, Device, Officer, Supervisor};

const LANE: Who = Who::Roles(&[Officer, Device]);
const OFFICER: Who = Who::Roles(&[Officer]);
const SET_UP: Who = Who::Roles(&[Administrator]);

/// Every route there is. What isn't here is refused.
pub(crate) const TABLE: &[(&str, &str, Who)] = &[
    ("GET", "/", Who::Known),
    ("GET", "/login", Who::Anyone),
    ("POST", "/login", Who::Anyone),
    ("GET", "/login/openid", Who::Anyone),
    ("GET", "/login/openid/return", Who::Anyone),
    ("POST", "/logout", Who::Known),
    ("GET", "/password", Who::Known),
    ("POST", "/password", Who::Known),
    ("GET", "/notice", Who::Anyone),
    ("GET", "/manual", Who::Anyone),
    ("GET", "/web/{file}", Who::Anyone),
    ("GET", "/web/verify/{file}", Who::Anyone),
    ("GET", "/healthz", Who::Anyone),
    ("GET", "/readyz", Who::Anyone),
    (
        "GET",
        "/metrics",
        Who::Roles(&[Device, Supervisor, Administrator]),
    ),
    ("GET", "/lanes", OFFICER),
    ("GET", "/lanes/{lane}", OFFICER),
    ("GET", "/lanes/{lane}/events", OFFICER),
    ("GET", "/supervisor", Who::Roles(&[Supervisor])),
    ("GET", "/auditor", Who::Roles(&[Auditor])),
    ("GET", "/auditor/verify", Who::Roles(&[Auditor])),
    ("GET", "/administrator", SET_UP),
    (
        "GET",
        "/administrator/zones/{lane}/{layout}/{camera}",
        SET_UP,
    ),
    ("GET", "/log/{*path}", Who::Roles(&[Auditor])),
    ("GET", "/v1/openapi.json", Who::Anyone),
    ("POST", "/v1/users", Who::Roles(&[Administrator])),
    ("DELETE", "/v1/users/{name}", Who::Roles(&[Administrator])),
    ("POST", "/v1/tokens", Who::Roles(&[Administrator])),
    ("DELETE", "/v1/tokens/{id}", Who::Roles(&[Administrator])),
    ("GET", "/v1/lanes", LANE),
    ("POST", "/v1/lanes/{lane}/presence", LANE),
    ("POST", "/v1/lanes/{lane}/arrivals", LANE),
    ("POST", "/v1/lanes/{lane}/frames", Who::Roles(&[Device])),
    ("POST", "/v1/lanes/{lane}/set-up", SET_UP),
    ("DELETE", "/v1/lanes/{lane}/set-up", SET_UP),
    (
        "GET",
        "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/picture",
        SET_UP,
    ),
    (
        "GET",
        "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/faces",
        SET_UP,
    ),
    (
        "POST",
        "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/zones",
        SET_UP,
    ),
    (
        "POST",
        "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/zones/check",
        SET_UP,
    ),
    ("POST", "/v1/transactions", LANE),
    ("GET", "/v1/transactions", LANE),
    ("GET", "/v1/transactions/{id}", LANE),
    ("GET", "/v1/transactions/{id}/events", LANE),
    ("POST", "/v1/transactions/{id}/documents", LANE),
    (
        "POST",
        "/v1/transactions/{id}/frames",
        Who::Roles(&[Device]),
    ),
    ("POST", "/v1/transactions/{id}/declaration", LANE),
    ("POST", "/v1/transactions/{id}/opt-outs", LANE),
    ("POST", "/v1/transactions/{id}/recaptures", OFFICER),
    ("POST", "/v1/transactions/{id}/judgements", OFFICER),
    ("POST", "/v1/transactions/{id}/adjudications", OFFICER),
    (
        "POST",
        "/v1/transactions/{id}/documents/{place}/set-aside",
        OFFICER,
    ),
    ("POST", "/v1/transactions/{id}/joins", OFFICER),
    ("POST", "/v1/transactions/{id}/holds", OFFICER),
    (
        "POST",
        "/v1/transactions/{id}/holds/{proposal}/consent",
        OFFICER,
    ),
    ("POST", "/v1/transactions/{id}/close", LANE),
    ("GET", "/v1/transactions/{id}/result", LANE),
    ("DELETE", "/v1/transactions/{id}/result", LANE),
    ("GET", "/v1/transactions/{id}/seats/{seat}/picture", OFFICER),
    (
        "GET",
        "/v1/transactions/{id}/strangers/{place}/picture",
        OFFICER,
    ),
    (
        "GET",
        "/v1/transactions/{id}/documents/{place}/portrait",
        OFFICER,
    ),
];

/// Who may call this; `None` for what there isn't.
pub(crate) fn of(method: &Method, path: &str) -> Option<Who> {
    // A body that isn't sent is asked for as the body is.
    let method = match method.as_str() {
        "HEAD" => "GET",
        other => other,
    };
    let mut rows = TABLE.iter();
    rows.find(|(m, p, _)| *m == method && *p == path)
        .map(|(_, _, who)| *who)
}

/// Lets through what the table allows, with the [`Identity`] of who asks; and tells what
/// was answered, by the table's own path: no id, no name, nothing that was sent.
pub(super) async fn guard(
    app: State<App>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "another method",
    };
    let route = matched.as_ref().map_or("no such path", |m| m.as_str());
    let route = route.to_owned();
    let answer = admit(app, matched, request, next).await;
    tracing::debug!(method, route, status = answer.status().as_u16(), "answered");
    answer
}

async fn admit(
    State(app): State<App>,
    matched: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = matched.as_ref().map_or("", MatchedPath::as_str);
    let Some(who) = of(request.method(), path) else {
        return refuse(path);
    };
    let identified = identify(&app, request.headers(), path);
    let caller = request.extensions().get::<Caller>();
    let known = identified.as_ref().ok().and_then(Option::as_ref);
    if let (Some(caller), Some(_)) = (caller, known) {
        caller.is_known();
    }
    let sort = match LOG_INS.contains(&(request.method().as_str(), path)) {
        true => Sort::LogIn,
        false => Sort::Other,
    };
    let name = known.map(|identity| identity.name.as_str());
    if let Err(often) = app.rates.count(name, caller.map(|c| c.address), sort) {
        return often.into_response();
    }
    let identity = match identified {
        Ok(identity) => identity,
        Err(error) => return error.into_response(),
    };
    if let Err(refused) = check(who, identity.as_ref(), path) {
        let is_page = request.method() == Method::GET && !path.starts_with("/v1");
        return match refused.kind() {
            ErrorKind::Unknown if is_page => Redirect::to("/login").into_response(),
            _ => refused.into_response(),
        };
    }
    if let Err(refused) = check_origin(identity.as_ref(), &request) {
        return refused.into_response();
    }
    if let Some(identity) = identity {
        request.extensions_mut().insert(identity);
    }
    next.run(request).await
}

/// Refuses what has no row: a path that there isn't, or a way that it isn't called.
fn refuse(path: &str) -> Response {
    let rows = TABLE.iter().filter(|(_, p, _)| *p == path);
    let ways: Vec<&str> = rows.map(|(method, _, _)| *method).collect();
    if ways.is_empty() {
        return Error::gone("page").into_response();
    }
    let ways = ways.join(", ");
    let error = Error::new(ErrorKind::Method, format_args!("this takes {ways}"));
    let mut response = error.into_response();
    if let Ok(ways) = ways.parse() {
        response.headers_mut().insert(header::ALLOW, ways);
    }
    response
}

fn check(who: Who, identity: Option<&Identity>, path: &str) -> Result<(), Error> {
    let allowed = match (who, identity) {
        (Who::Anyone, _) => return Ok(()),
        (_, None) => return Err(Error::new(ErrorKind::Unknown, "log in, or send a token")),
        (Who::Known, Some(_)) => true,
        (Who::Roles(roles), Some(identity)) => roles.contains(&identity.role),
    };
    if !allowed {
        return Err(Error::new(ErrorKind::Forbidden, "this is for another role"));
    }
    match identity.is_some_and(|i| i.must_change) && path != "/password" && path != "/logout" {
        true => Err(Error::new(
            ErrorKind::Forbidden,
            "change the one-time password first, at /password",
        )),
        false => Ok(()),
    }
}

/// What a browser sends by itself must come from a page of ours: whoever has a session
/// brings along what only such a page knows.
fn check_origin(identity: Option<&Identity>, request: &Request) -> Result<(), Error> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(wanted) = identity.and_then(|i| i.csrf.as_ref()).filter(|_| changes) else {
        return Ok(());
    };
    let sent = request.headers().get("x-csrf-token");
    match sent.is_some_and(|sent| sent.as_bytes() == wanted.as_bytes()) {
        true => Ok(()),
        // A form brings it in its body; its handler looks.
        false if FORMS.contains(&request.uri().path()) => Ok(()),
        false => Err(Error::new(
            ErrorKind::Forbidden,
            "the header x-csrf-token is missing or of another session: load the page anew",
        )),
    }
}

/// Where a password is checked, or the provider of accounts is asked.
const LOG_INS: [(&str, &str); 3] = [
    ("POST", "/login"),
    ("POST", "/password"),
    ("GET", "/login/openid/return"),
];

/// Pages whose forms work without a script; their handlers check the token.
const FORMS: [&str; 3] = ["/login", "/logout", "/password"];

fn identify(app: &App, headers: &HeaderMap, path: &str) -> Result<Option<Identity>, Error> {
    let now = app.service.clock.read();
    if let Some(bearer) = headers.get(header::AUTHORIZATION) {
        let token = bearer.to_str().ok().and_then(|b| b.strip_prefix("Bearer "));
        let found = match token {
            Some(token) => app.service.people.token(token, now.wall / 60)?,
            None => None,
        };
        // A wrong token is never taken for nobody.
        return match found {
            Some(identity) => Ok(Some(identity)),
            None => Err(Error::new(
                ErrorKind::Unknown,
                "the token is wrong, or its time is over",
            )),
        };
    }
    // A stream that a console opens again by itself is no use of the session.
    let is_use = !path.ends_with("/events");
    let people = &app.service.people;
    Ok(cookie(headers).and_then(|secret| people.session(secret, now.since_boot, is_use)))
}

/// The session's secret.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    named_cookie(headers, COOKIE)
}

pub(super) fn named_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter();
    let mut pairs = all
        .filter_map(|h| h.to_str().ok())
        .flat_map(|h| h.split("; "));
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
