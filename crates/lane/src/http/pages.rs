//! The console's pages: who may see them stands in `access`, what they look like in
//! `console`.

use axum::{
    Extension, Form, Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use super::{
    App, Body,
    access::{COOKIE, cookie},
    blocking,
    events::Events,
};
use crate::{Error, ErrorKind, people::Identity, role::Role};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/login", get(login_page).post(log_in))
        .route("/logout", post(log_out))
        .route("/password", get(password_page).post(set_password))
        .route("/lanes", get(lanes))
        .route("/lanes/{lane}", get(lane))
}

async fn home(Extension(identity): Extension<Identity>) -> Redirect {
    Redirect::to(identity.role.home())
}

async fn login_page() -> Html<String> {
    Html("<!doctype html><title>Rowcall</title><form method=post><input name=name><input name=password type=password><button>Log in</button></form>".into())
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
    let begun = blocking(move || {
        let now = app.service.clock.read().since_boot;
        let secret = app.service.people.log_in(&form.name, &form.password, now)?;
        // A session that somebody else may know is never gone on with.
        if let Some(before) = before {
            app.service.people.log_out(&before);
        }
        let is_secure = app.service.is_secure();
        Ok(set_cookie(&secret, is_secure, 12 * 3600))
    })
    .await?;
    Ok(([(header::SET_COOKIE, begun?)], Redirect::to("/")).into_response())
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

async fn password_page(Extension(identity): Extension<Identity>) -> Html<String> {
    Html(format!(
        "<!doctype html><title>Rowcall</title><form method=post><input type=hidden name=csrf value={}><input name=old type=password><input name=new type=password><button>Change</button></form>",
        identity.csrf.unwrap_or_default()
    ))
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
    Extension(identity): Extension<Identity>,
    Form(form): Form<NewPassword>,
) -> Result<Response, Error> {
    is_ours(&identity, &form.csrf)?;
    blocking(move || {
        let people = &app.service.people;
        let now = app.service.clock.read().since_boot;
        let checked = people.log_in(&identity.name, &form.old, now)?;
        people.log_out(&checked);
        if form.old == form.new {
            return Err(Error::request("new: it is the old one"));
        }
        people.set_user(&identity.name, identity.role, &form.new, false)
    })
    .await?;
    // Every session of theirs has ended, this one too.
    Ok(Redirect::to("/login").into_response())
}

async fn lanes(State(app): State<App>) -> Response {
    let mut names = app.service.desks.keys();
    match (names.next(), names.next()) {
        (Some(only), None) => Redirect::to(&format!("/lanes/{only}")).into_response(),
        _ => Html("<!doctype html>".to_owned()).into_response(),
    }
}

async fn lane(
    State(app): State<App>,
    Path(lane): Path<String>,
    Extension(_identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let desk = app.service.desk(&lane)?;
    Ok(Html(format!("<!doctype html><title>{}</title>", desk.name)))
}

pub(super) async fn lane_events(
    State(app): State<App>,
    Path(lane): Path<String>,
) -> Result<Events, Error> {
    app.service.desk(&lane)?;
    Ok(super::events::stream(tokio_stream::empty()))
}

/// Somebody who may log in from now on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserRequest {
    name: String,
    role: Role,
    password: String,
}

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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    label: String,
    days: u16,
}

/// A token, shown once.
#[derive(Serialize)]
pub(super) struct TokenResponse {
    token: String,
}

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
        token: token.to_string(),
    };
    Ok((StatusCode::CREATED, Json(token)))
}

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

fn set_cookie(secret: &str, is_secure: bool, seconds: u32) -> Result<HeaderValue, Error> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|e| Error::us(e.to_string()))
}
