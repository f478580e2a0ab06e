//! `rowcall evaluate`: how good the pipeline is, measured.

mod calibrate;
mod quality;
mod set;
mod stress;
mod verification;

use std::process::ExitCode;

use crate::failure::Failure;

/// Measure and calibrate.
#[derive(clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Compare all pictures of a set with each other: failures to acquire,
    /// equal error rate, false non-matches at given false match rates.
    Verification(verification::Args),
    /// Write a model's calibration from the scores of a set.
    Calibrate(calibrate::Args),
    /// Put the same faces behind a model of glass and camera: where are they no
    /// longer found or recognised?
    Stress(stress::Args),
    /// Hold the quality components and the unified score against the comparisons
    /// that fail.
    Quality(quality::Args),
}

/// Carries out the command.
///
/// # Errors
/// What makes it impossible.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        Command::Verification(args) => verification::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Stress(args) => stress::run(&args),
        Command::Quality(args) => quality::run(&args),
    }
}
