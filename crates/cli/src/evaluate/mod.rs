//! `rowcall evaluate`: how good the pipeline is, measured.

mod calibrate;
mod composed;
mod deliver;
mod parties;
mod passes;
mod presentation;
mod quality;
mod seats;
mod set;
mod stress;
mod vehicles;
mod vehicles_report;
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
    /// Measure vehicles with a known truth: what each stage loses, false
    /// confirmations, and how many vehicles clear.
    Vehicles(vehicles::Args),
    /// Measure presentation attacks: pictures of portraits held up on seats of
    /// vehicles with a known truth.
    Presentation(presentation::Args),
    /// Compose vehicles of real photographs in memory, honest ones and each way in
    /// which one must not be cleared, and decide them as `check` does.
    Composed(composed::Args),
    /// Decide whole parties drawn from a set in different ways, and hold the
    /// vehicle's error budget against them.
    Parties(parties::Args),
    /// Let vehicles pass their cameras at several speeds: seats confirmed against the same
    /// vehicles that stand.
    Passes(passes::Args),
    /// Write a model's calibration from the scores of a set.
    Calibrate(calibrate::Args),
    /// Put the same faces behind a model of glass and camera: where are they no
    /// longer found or recognised?
    Stress(stress::Args),
    /// Mix the frames of two people on one seat: are they told apart, and is one
    /// person left alone?
    Seats(seats::Args),
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
        Command::Vehicles(args) => vehicles::run(&args),
        Command::Presentation(args) => presentation::run(&args),
        Command::Composed(args) => composed::run(&args),
        Command::Parties(args) => parties::run(&args),
        Command::Passes(args) => passes::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Stress(args) => stress::run(&args),
        Command::Seats(args) => seats::run(&args),
        Command::Quality(args) => quality::run(&args),
    }
}
