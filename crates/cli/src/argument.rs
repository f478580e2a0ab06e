//! Values of the command line that several commands take.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::failure::Failure;

/// A day.
///
/// # Errors
/// How to write one.
pub(crate) fn date(text: &str) -> Result<Date, &'static str> {
    text.parse()
        .map_err(|_| "write a day that there is as YYYY-MM-DD, such as 2026-11-24")
}

/// Makes sure that what flags name is there, before any work.
///
/// # Errors
/// The first that isn't, with the flag that named it.
pub(crate) fn look<'p>(
    flag: &str,
    paths: impl IntoIterator<Item = &'p PathBuf>,
) -> Result<(), Failure> {
    match paths.into_iter().find(|path| !path.exists()) {
        None => Ok(()),
        Some(path) => Err(Failure::new(format!(
            "{flag} {}: there is no such file or folder",
            path.display()
        ))),
    }
}
