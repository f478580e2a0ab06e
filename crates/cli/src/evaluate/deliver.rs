//! How a measurement reaches its reader.

use std::process::ExitCode;

use serde::Serialize;

use crate::{failure::Failure, output, private::ReportFolder};

/// Prints a measurement and writes its report; `write` is given the folder and the
/// measurement as JSON. Each is done whatever becomes of the other: what took an hour
/// isn't lost to a full disk or a closed pipe.
///
/// # Errors
/// What couldn't be printed or written.
pub(super) fn deliver(
    as_json: bool,
    report: Option<&ReportFolder>,
    measured: &impl Serialize,
    table: &str,
    write: impl FnOnce(&ReportFolder, &str) -> Result<(), Failure>,
) -> Result<ExitCode, Failure> {
    let printed = match as_json {
        true => output::result(measured),
        false => output::print(table),
    };
    if let Some(folder) = report {
        write(folder, &output::pretty_json(measured)?)?;
        if !as_json {
            output::print(&folder.line())?;
        }
    }
    printed.map(|()| ExitCode::SUCCESS)
}

/// Writes files of a report.
///
/// # Errors
/// The first that couldn't be written.
pub(super) fn write_all(
    folder: &ReportFolder,
    files: Vec<(&'static str, String)>,
) -> Result<(), Failure> {
    files
        .into_iter()
        .try_for_each(|(name, content)| folder.write(name, content))
}
