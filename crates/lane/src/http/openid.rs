//! Log-in with the operator's own accounts: to the provider, and back.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    App,
    access::{cookie, named_cookie},
    pages::{language, login::set_cookie},
};
use crate::{
    Error,
    console::login::{self, LoginFailure, LoginPage},
    openid::{BACK, OpenId},
};

/// The cookie of a log-in that went to the provider.
const UNDER_WAY: &str = "rowcall-login";

pub(super) async fn begin(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let openid = provider(&app)?;
    match openid.begin(app.service.clock.read().since_boot) {
        Ok(begun) => {
            let cookie = under_way(&begun.secret, app.service.is_secure(), 600)?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&begun.to)).into_response())
        }
        Err(error) => Ok(failed(&app, &headers, &error)),
    }
}

/// What the provider sends back.
#[derive(Deserialize)]
pub(super) struct Returned {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

pub(super) async fn back(
    State(app): State<App>,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Error> {
    let openid = provider(&app)?;
    let secret = named_cookie(&headers, UNDER_WAY).unwrap_or("");
    let now = app.service.clock.read().since_boot;
    let finished = openid.finish(returned.code, &returned.state, secret, now);
    let mut response = match finished.await {
        Err(error) => failed(&app, &headers, &error),
        Ok(person) => {
            let people = &app.service.people;
            // A session that somebody else may know is never gone on with.
            if let Some(before) = cookie(&headers) {
                people.log_out(before);
            }
            let secret = people.welcome(&person.name, person.role, now);
            let session = set_cookie(&secret, app.service.is_secure(), 12 * 3600)?;
            // A redirect would still count as the provider's, and the cookie stay behind.
            let page = "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url=/\"><title>Rowcall</title><p><a href=\"/\">Rowcall</a>";
            ([(header::SET_COOKIE, session)], Html(page)).into_response()
        }
    };
    let gone = under_way("", app.service.is_secure(), 0)?;
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

fn provider(app: &App) -> Result<&OpenId, Error> {
    let openid = app.service.openid.as_deref();
    openid.ok_or_else(|| Error::gone("way to log in"))
}

/// The log-in page again; the log says why.
fn failed(app: &App, headers: &HeaderMap, error: &Error) -> Response {
    tracing::warn!(%error, "somebody couldn't log in");
    let page = LoginPage {
        language: language(app, headers),
        failure: Some(LoginFailure::Provider),
    };
    let page = login::page_beside(&page, true);
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

/// The provider sends the browser back from its own site: the cookie has to come along.
fn under_way(secret: &str, is_secure: bool, seconds: u32) -> Result<HeaderValue, Error> {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!(
        "{UNDER_WAY}={secret}; Path={BACK}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    );
    HeaderValue::from_str(&text).map_err(|e| Error::us(e.to_string()))
}
