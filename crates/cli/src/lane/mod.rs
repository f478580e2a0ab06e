//! `rowcall lane`: zones of a lane's cameras, from pictures that its user holds.

mod preview;
mod suggest;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Arguments of `rowcall lane`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Suggest zones from the faces in recorded vehicle folders.
    Suggest(suggest::Args),
    /// Draw zones, faces and their sizes on a frame.
    Preview(preview::Args),
}

/// Runs `rowcall lane`.
///
/// # Errors
/// What makes it impossible.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Suggest(args) => suggest::run(args),
        Command::Preview(args) => preview::run(args),
    }
}
