//! `rowcall document`: evaluation of documents that the user already holds.

mod inspect;
mod table;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Arguments of `rowcall document`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Says for each path what document it is, whose, and how far to trust it.
    ///
    /// A path is a folder (chip files EF_*.bin, mrz.txt, portrait.jpg, a seal,
    /// a page picture, a card's two sides, an extra DSC.der) or a single file.
    Inspect(inspect::Arguments),
}

/// Runs it. Exit status: 0 if every path was judged, 2 if one could not be opened.
///
/// # Errors
/// What could not be opened or written.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Inspect(arguments) => inspect::run(arguments),
    }
}
