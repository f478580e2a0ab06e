//! Errors as RFC 9457 problem details, with whose fault it is.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{Error, ErrorKind};

/// A problem as it is sent.
#[derive(Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    /// Whose fault it is: the caller's, the operator's, a device's or ours.
    fault: &'static str,
}

/// The one table from an error's kind to a status.
fn row(kind: ErrorKind) -> (StatusCode, &'static str, &'static str, &'static str) {
    match kind {
        ErrorKind::Request => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "request",
            "The request can't be carried out",
            "caller",
        ),
        ErrorKind::Gone => (
            StatusCode::NOT_FOUND,
            "gone",
            "There is no such thing, or no more",
            "caller",
        ),
        ErrorKind::Conflict => (
            StatusCode::CONFLICT,
            "conflict",
            "It conflicts with what there is",
            "caller",
        ),
        ErrorKind::Busy => (
            StatusCode::TOO_MANY_REQUESTS,
            "busy",
            "Too much at once",
            "caller",
        ),
        ErrorKind::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "It is too large",
            "caller",
        ),
        ErrorKind::Unknown => (
            StatusCode::UNAUTHORIZED,
            "unknown",
            "Log in first",
            "caller",
        ),
        ErrorKind::Forbidden => (
            StatusCode::FORBIDDEN,
            "forbidden",
            "That isn't for this role",
            "caller",
        ),
        ErrorKind::Operator => (
            StatusCode::SERVICE_UNAVAILABLE,
            "operator",
            "The lane isn't set up for it",
            "operator",
        ),
        ErrorKind::Device => (
            StatusCode::SERVICE_UNAVAILABLE,
            "device",
            "A part of the lane has failed: go on by hand",
            "device",
        ),
        ErrorKind::Us => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "us",
            "A mistake of this program",
            "us",
        ),
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind, title, fault) = row(self.kind());
        let seconds = self.seconds().unwrap_or(1);
        let problem = Problem {
            kind: format!("/problems#{kind}"),
            title,
            status: status.as_u16(),
            detail: self.to_string(),
            fault,
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
