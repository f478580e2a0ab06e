//! `rowcall camera`: what a camera gives, and folders played as cameras.

mod check;
mod play;
mod told;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Arguments of `rowcall camera`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Connect to a camera and tell what it gives, and what is wrong.
    Check(check::Args),
    /// Play a vehicle folder's frames as network cameras, for trials without one.
    Play(play::Args),
}

/// Runs `rowcall camera`.
///
/// # Errors
/// What makes it impossible.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::new(format!("no runtime for network connections: {e}")))?;
    match arguments.command {
        Command::Check(args) => runtime.block_on(check::run(args)),
        Command::Play(args) => runtime.block_on(play::run(args)),
    }
}

impl From<rowcall_camera::Error> for Failure {
    fn from(error: rowcall_camera::Error) -> Self {
        Self::new(error.to_string())
    }
}
