//! Logging in and out, and a password of one's own.

use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{App, language, viewer};
use crate::{
    Error, ErrorKind,
    console::login::{self, LoginFailure, LoginPage, PasswordPage},
    http::{
        access::{COOKIE, cookie},
        blocking,
    },
    people::Identity,
};

pub(super) async fn login_page(State(app): State<App>, headers: HeaderMap) -> Html<String> {
    let language = language(&app, &headers);
    let page = LoginPage {
        language,
        failure: None,
    };
    Html(login::page_beside(&page, app.service.openid.is_some()))
}

/// A form of somebody who says who they are.
#[derive(Deserialize)]
pub(super) struct LogIn {
    name: String,
    password: String,
}

pub(super) async fn log_in(
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
pub(super) struct Signed {
    csrf: String,
}

pub(super) async fn log_out(
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

pub(super) async fn password_page(
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
pub(super) struct NewPassword {
    csrf: String,
    old: String,
    new: String,
}

pub(super) async fn set_password(
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

pub(crate) fn set_cookie(
    secret: &str,
    is_secure: bool,
    seconds: u32,
) -> Result<HeaderValue, Error> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|e| Error::us(e.to_string()))
}
