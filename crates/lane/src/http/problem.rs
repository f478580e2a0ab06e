//! Errors as RFC 9457 problem details, with whose fault it is.

use axum::{
    Json,
    body::to_bytes,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use rowcall_words::fault::Fault;

use super::{body::without_quotes, words};
use crate::{Error, ErrorKind};

/// A problem as it is sent (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    /// Which problem: `/problems#` and its name.
    #[serde(rename = "type")]
    #[schema(example = "/problems#conflict")]
    kind: String,
    /// Which problem, in words that stay the same.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What was wrong, and what to do.
    detail: String,
    /// Whose fault it is: the caller's, the operator's, a device's or ours.
    #[schema(value_type = words::Fault)]
    fault: Fault,
}

/// Every kind of problem.
pub(super) const KINDS: [ErrorKind; 12] = [
    ErrorKind::Request,
    ErrorKind::Gone,
    ErrorKind::Method,
    ErrorKind::Conflict,
    ErrorKind::Busy,
    ErrorKind::Slow,
    ErrorKind::TooLarge,
    ErrorKind::Unknown,
    ErrorKind::Forbidden,
    ErrorKind::Operator,
    ErrorKind::Device,
    ErrorKind::Us,
];

/// A kind's status, and what it is in words.
pub(super) fn summary(kind: ErrorKind) -> (StatusCode, &'static str) {
    let (status, _, title) = row(kind);
    (status, title)
}

/// The one table from an error's kind to a status.
fn row(kind: ErrorKind) -> (StatusCode, &'static str, &'static str) {
    match kind {
        ErrorKind::Request => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "request",
            "The request can't be carried out",
        ),
        ErrorKind::Gone => (
            StatusCode::NOT_FOUND,
            "gone",
            "There is no such thing, or no more",
        ),
        ErrorKind::Method => (
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            "It isn't done that way",
        ),
        ErrorKind::Slow => (StatusCode::REQUEST_TIMEOUT, "slow", "It took too long"),
        ErrorKind::Conflict => (
            StatusCode::CONFLICT,
            "conflict",
            "It conflicts with what there is",
        ),
        ErrorKind::Busy => (StatusCode::TOO_MANY_REQUESTS, "busy", "Too much at once"),
        ErrorKind::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "It is too large",
        ),
        ErrorKind::Unknown => (StatusCode::UNAUTHORIZED, "unknown", "Log in first"),
        ErrorKind::Forbidden => (
            StatusCode::FORBIDDEN,
            "forbidden",
            "That isn't for this role",
        ),
        ErrorKind::Operator => (
            StatusCode::SERVICE_UNAVAILABLE,
            "operator",
            "The lane isn't set up for it",
        ),
        ErrorKind::Device => (
            StatusCode::SERVICE_UNAVAILABLE,
            "device",
            "A part of the lane has failed: go on by hand",
        ),
        ErrorKind::Us => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "us",
            "A mistake of this program",
        ),
    }
}

/// Every kind of problem: its name, its status, and whose fault it is.
#[cfg(test)]
pub(crate) fn kinds() -> impl Iterator<Item = (&'static str, u16, &'static str)> {
    KINDS.into_iter().map(|kind| {
        let (status, name, _) = row(kind);
        (name, status.as_u16(), kind.fault().as_str())
    })
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind, title) = row(self.kind());
        let seconds = self.seconds().unwrap_or(1);
        let problem = Problem {
            kind: format!("/problems#{kind}"),
            title,
            status: status.as_u16(),
            detail: self.to_string(),
            fault: self.fault(),
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        if status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What the framework turns away in words of its own is a problem like any other.
pub(super) async fn everywhere(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/v1");
    let response = next.run(request).await;
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !is_api || !is_failure || kind.is_some_and(|kind| kind == PROBLEM) {
        return response;
    }
    let said = to_bytes(response.into_body(), 1024)
        .await
        .unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let problem = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Error::new(ErrorKind::TooLarge, "the body is larger than this takes")
        }
        StatusCode::REQUEST_TIMEOUT => Error::new(
            ErrorKind::Slow,
            "neither sending a request nor answering it takes longer than 30 seconds",
        ),
        status if status.is_client_error() => Error::request(without_quotes(&said)),
        _ => Error::us(said),
    };
    problem.into_response()
}

const PROBLEM: &str = "application/problem+json";
