//! Standard output, by one rule for all commands: a reader that closes the pipe ends the
//! command quietly, and whatever else can't be written is a failure. And what results
//! for machines have in common.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::failure::Failure;

/// Prints text as it is.
///
/// # Errors
/// That standard output was closed, or can't be written.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| match e.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::new(format!("standard output can't be written: {e}")),
        })
}

/// Prints a line.
///
/// # Errors
/// As [`print()`].
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    print(&format!("{text}\n"))
}

/// Prints a result for machines, as [`json`] writes it, in one line.
///
/// # Errors
/// As [`print()`].
pub(crate) fn result(value: &impl Serialize) -> Result<(), Failure> {
    line(json(value)?)
}

/// A result for machines in one line: which program made it and when, then what it is.
///
/// # Errors
/// That it can't be written as JSON: a key that is no text.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(&Stamped::new(value)).map_err(impossible)
}

/// The same for a file that people look into.
///
/// # Errors
/// As [`json`].
pub(crate) fn pretty_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(&Stamped::new(value)).map_err(impossible)
}

fn impossible(error: serde_json::Error) -> Failure {
    Failure::new(format!("the result can't be written as JSON: {error}"))
}

/// A result with who made it and when.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Stamped<T> {
    /// The program and its version, such as `rowcall 1.0.0`.
    program: &'static str,
    /// When this was made: RFC 3339, to the second, in UTC.
    made_at: String,
    #[serde(flatten)]
    value: T,
}

impl<T: Serialize> Stamped<T> {
    fn new(value: T) -> Self {
        Self {
            program: PROGRAM,
            made_at: now(),
            value,
        }
    }
}

/// The program and its version.
pub(crate) const PROGRAM: &str = concat!("rowcall ", env!("CARGO_PKG_VERSION"));

/// The second, in UTC.
pub(crate) fn now() -> String {
    Timestamp::now()
        .round(jiff::Unit::Second)
        .unwrap_or_default()
        .to_string()
}
