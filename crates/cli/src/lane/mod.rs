//! `rowcall lane`: what a lane stands on, looked at and kept, and its cameras' zones.

mod check;
mod preview;
mod suggest;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};

use crate::{failure::Failure, output};

/// Arguments of `rowcall lane`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Look at configuration, clock, disk, keys, certificate, accounts, models, trust and
    /// cameras, a line each with what to do.
    Check(check::Args),
    /// Copy the lane's people, tokens and counts, while it runs or not.
    ///
    /// What custody holds of travellers is left out. The audit log is copied by any means:
    /// its files are never changed once they are full.
    BackUp {
        /// The service file.
        config: PathBuf,
        /// The file to make; it must not be there.
        to: PathBuf,
    },
    /// Suggest zones from the faces in recorded vehicle folders.
    Suggest(suggest::Args),
    /// Draw zones, faces and their sizes on a frame.
    Preview(preview::Args),
}

/// Runs `rowcall lane`.
///
/// # Errors
/// What makes it impossible.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        Command::Check(args) => check::run(args),
        Command::BackUp { config, to } => {
            rowcall_lane::check::back_up(&config, &to)?;
            output::line(format_args!("copied to {}", to.display()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Suggest(args) => suggest::run(&args),
        Command::Preview(args) => preview::run(&args),
    }
}
