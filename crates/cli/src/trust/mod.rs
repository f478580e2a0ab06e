//! `rowcall trust`: a folder of trusted issuers, and where each came from.

mod import;
mod list;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Arguments of `rowcall trust`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Takes the certificates of master lists into a trust folder.
    Import(import::Arguments),
    /// Shows a trust folder: countries, expiry, duplicates.
    List(list::Arguments),
}

/// Runs it. Exit status: 0, or 2 with a reason on stderr. `list` shows what can be read
/// all the same.
///
/// # Errors
/// What can't be read, or isn't used.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Import(arguments) => import::run(arguments),
        Command::List(arguments) => list::run(arguments),
    }
    .map(|()| ExitCode::SUCCESS)
}
