//! Bodies of JSON, with errors that name the key and never repeat what was sent: an
//! answer to a wrong request holds nobody's name either.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;

use crate::{Error, ErrorKind};

/// A body of JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Error::request(
                "the body is JSON, and Content-Type says so: application/json",
            ));
        }
        let bytes = match Bytes::from_request(request, state).await {
            Ok(bytes) => bytes,
            Err(rejected) if rejected.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    "a body of JSON has at most 64 KiB",
                ));
            }
            Err(_) => return Err(Error::request("the body broke off")),
        };
        // A list of values in the order of fields would be read as well.
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            return Err(Error::request("the body is an object of JSON, not a list"));
        }
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut text = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut text).map_err(|error| {
        let key = match error.path().iter().next() {
            None => "the body".to_owned(),
            Some(_) => error.path().to_string(),
        };
        wrong(&key, error.inner())
    })?;
    text.end().map_err(|error| wrong("the body", &error))?;
    Ok(value)
}

/// What was expected, and where; not what was found.
fn wrong(key: &str, error: &serde_json::Error) -> Error {
    let said = error.to_string();
    let is_ours = ["missing field", "duplicate field"]
        .iter()
        .any(|start| said.starts_with(start));
    let expected = said.rfind(", expected ").map(|at| &said[at + 2..]);
    let what = match expected {
        _ if is_ours || !error.is_data() => said.as_str(),
        Some(expected) if said.starts_with("unknown field") => {
            // Its name is the caller's, not ours.
            return Error::request(format_args!("an unknown key; {expected}"));
        }
        Some(expected) => expected,
        None => {
            let (line, column) = (error.line(), error.column());
            return Error::request(format_args!(
                "{key}: it isn't what this key takes, at line {line} column {column}"
            ));
        }
    };
    Error::request(format_args!("{key}: {what}"))
}

/// A framework's sentence without what it quotes of the request.
pub(super) fn without_quotes(said: &str) -> String {
    let mut kept = String::new();
    let mut open = None;
    for c in said.chars() {
        match (open, c) {
            (None, '`' | '"') => open = Some(c),
            (Some(quote), c) if c == quote => {
                open = None;
                kept.push('…');
            }
            (Some(_), _) => {}
            (None, c) => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{read, without_quotes};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is read is looked at by nobody")]
    struct Asked {
        lane: String,
        occupants: Option<u8>,
        direction: Option<crate::view::Direction>,
        seat: Option<rowcall_words::seat::Seat>,
    }

    #[test]
    fn errors_name_the_key_and_repeat_nothing() {
        let mut wrong = Vec::new();
        for (body, said) in [
            (r#"{"lane": 7}"#, "lane: expected a string"),
            (
                r#"{"lane": "a", "occupants": "HALVERN"}"#,
                "occupants: expected u8",
            ),
            (
                r#"{"lane": "a", "occupants": 300}"#,
                "occupants: expected u8",
            ),
            (
                r#"{"lane": "a", "direction": "HALVERN"}"#,
                "direction: expected `entry`",
            ),
            (
                r#"{"lane": "a", "direction": "HALVERN, expected X15576142"}"#,
                "direction: expected `entry`",
            ),
            (
                r#"{"lane": "a", "seat": "HALVERN"}"#,
                "seat: it isn't what this key takes",
            ),
            (
                r#"{"lane": "a", "HALVERN": 1}"#,
                "an unknown key; expected one of `lane`",
            ),
            (r#"{"occupants": 1}"#, "missing field `lane`"),
            (
                r#"{"lane": "a", "lane": "HALVERN"}"#,
                "duplicate field `lane`",
            ),
            (r#"{"lane": "HALVERN"#, "EOF while parsing a string"),
            (r#"{"lane": HALVERN}"#, "expected value"),
            (r#"{"lane": "a"} HALVERN"#, "trailing characters"),
            ("\"HALVERN\"", "the body: expected struct Asked"),
            ("", "EOF while parsing"),
        ] {
            let error = match read::<Asked>(body.as_bytes()) {
                Ok(read) => format!("{read:?}"),
                Err(error) => error.to_string(),
            };
            if !error.contains(said) || error.contains("HALVERN") || error.contains("X1557") {
                wrong.push(format!("{body}: {error}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn quotes_are_left_out() {
        for (said, kept) in [
            (
                "Cannot parse `HALVERN` to a `usize`",
                "Cannot parse … to a …",
            ),
            ("no \"HAL`VERN\" here", "no … here"),
            ("open `HALVERN", "open "),
        ] {
            assert_eq!(without_quotes(said), kept);
        }
    }
}
