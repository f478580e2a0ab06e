//! The audit log as files, for whoever verifies it: C2SP tlog-tiles below `/log/`.

use std::path::PathBuf;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};

use super::{App, blocking};
use crate::Error;

/// A bundle of entries is the largest file: 256 entries of 1 kB.
const MAX_FILE: u64 = 1 << 20;

pub(super) async fn file(
    State(app): State<App>,
    Path(path): Path<String>,
) -> Result<Response, Error> {
    if !is_of_the_log(&path) {
        return Err(Error::gone("file of the log"));
    }
    let file: PathBuf = app.service.config.state.join("log").join(&path);
    let bytes = blocking(move || {
        let found = std::fs::metadata(&file).map_err(|_| Error::gone("file of the log"))?;
        if !found.is_file() || found.len() > MAX_FILE {
            return Err(Error::device("a file of the audit log isn't one"));
        }
        std::fs::read(&file).map_err(|e| Error::device(e.to_string()))
    })
    .await?;
    let kind = match path.as_str() {
        "checkpoint" | "partials" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

/// The paths that C2SP tlog-tiles has, the list of partial tiles that the verifier
/// wants (docs/audit.md), and no other.
fn is_of_the_log(path: &str) -> bool {
    let is_number = |part: &str| {
        let digits = part.strip_prefix('x').unwrap_or(part);
        digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let is_level = |part: &str| {
        part == "entries" || (part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_width = |part: &str| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    if path == "checkpoint" || path == "partials" {
        return true;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.len() < 3 || parts[0] != "tile" || !is_level(parts[1]) || parts[1].is_empty() {
        return false;
    }
    // A partial tile is `067.p/8`.
    if let [.., number, width] = parts.as_slice()
        && let Some(number) = number.strip_suffix(".p")
    {
        if width.is_empty() || !is_width(width) {
            return false;
        }
        let number = number.to_owned();
        parts.truncate(parts.len() - 2);
        return parts.len() >= 2 && is_number(&number) && parts[2..].iter().all(|p| is_number(p));
    }
    parts[2..].iter().all(|part| is_number(part))
}

#[cfg(test)]
mod tests {
    use super::is_of_the_log;

    #[test]
    fn only_paths_of_tiles_are_served() {
        for (path, is) in [
            ("checkpoint", true),
            ("tile/0/000", true),
            ("tile/0/x001/x234/067", true),
            ("tile/entries/x001/067.p/8", true),
            ("tile/0/000.p/255", true),
            ("tile", false),
            ("tile/0", false),
            ("tile//000", false),
            ("tile/0/..", false),
            ("tile/0/../../custody.sqlite", false),
            ("../custody.sqlite", false),
            ("partials", true),
            ("tile/0/000.p/", false),
            ("tile/0/000.p/..", false),
            ("tile/entries/0", false),
            ("", false),
        ] {
            assert_eq!(is_of_the_log(path), is, "{path}");
        }
    }
}
