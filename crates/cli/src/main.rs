//! The `rowcall` binary: reads arguments, files and the clock, and hands them
//! to the crates that do the work.

mod argument;
mod audit;
mod camera;
mod check;
mod demo;
mod document;
mod evaluate;
mod failure;
mod keys;
mod lane;
mod memory;
mod output;
mod plain;
mod private;
mod serve;
mod shell;
mod simulate;
mod trust;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use rowcall_custody::system::Hardening;

use failure::Failure;

/// Checks that the people in a vehicle are the holders of the travel documents
/// that they presented.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check one vehicle from a folder of frames and documents.
    Check(check::Args),
    /// Run lanes: transactions over HTTP, the console, custody and the audit log.
    Serve(serve::Args),
    /// Start a lane with no set-up, where the sample vehicles arrive.
    Demo(demo::Args),
    /// Look at what a lane stands on, keep a copy of it, place its cameras' zones.
    Lane(lane::Arguments),
    /// Look at a camera, or play folders as cameras.
    Camera(camera::Arguments),
    /// Measure and calibrate: error rates with their uncertainty.
    Evaluate(evaluate::Arguments),
    /// Make vehicle folders from given ones: other people, prints, glass, light.
    Simulate(simulate::Args),
    /// Verify, prove from, show and export a lane's audit log.
    Audit(audit::Arguments),
    /// Make, check and change a lane's keys.
    Keys(keys::Arguments),
    /// Read and judge travel documents.
    Document(document::Arguments),
    /// Keep the folder of issuers' certificates that are trusted.
    Trust(trust::Arguments),
    /// Print what a shell needs to complete commands and flags.
    Completions(shell::Completions),
    /// Write a manual page for each command into a folder.
    Manual(shell::Manual),
}

fn main() -> ExitCode {
    // Before a face or a key is in memory. A lane says what the system granted;
    // the other commands go on with what there is.
    let granted = rowcall_custody::system::harden();
    let (cli, is_json) = match command_line() {
        Ok(parsed) => parsed,
        Err(status) => return status,
    };
    run(cli.command, &granted).unwrap_or_else(|failure| {
        if !failure.is_told() {
            plain::complain(&failure);
            // Whoever reads JSON finds the failure there too; if that can't be
            // written either, it was told all the same.
            if is_json && failure.status() == 2 {
                let _ = output::result(&failure.to_object());
            }
        }
        ExitCode::from(failure.status())
    })
}

fn run(command: Command, granted: &Hardening) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(args) => check::run(args),
        Command::Serve(args) => serve::run(&args, granted),
        Command::Demo(args) => demo::run(&args),
        Command::Lane(args) => lane::run(args),
        Command::Camera(args) => camera::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Keys(args) => keys::run(&args),
        Command::Document(args) => document::run(&args),
        Command::Trust(args) => trust::run(&args),
        Command::Completions(args) => shell::completions(&args, Cli::command()),
        Command::Manual(args) => shell::manual(&args, Cli::command()),
    }
}

/// The command line, and whether its command was asked for JSON; or the exit status,
/// where there is nothing to carry out.
fn command_line() -> Result<(Cli, bool), ExitCode> {
    let parsed = Cli::command().try_get_matches().and_then(|matches| {
        let is_json = wants_json(&matches);
        Cli::from_arg_matches(&matches).map(|cli| (cli, is_json))
    });
    parsed.map_err(|error| match error.print() {
        // Help and version went to standard output.
        Ok(()) => ExitCode::from(error.exit_code() as u8),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::from(Failure::ClosedPipe.status())
        }
        Err(e) => {
            plain::complain(&format_args!("standard output can't be written: {e}"));
            ExitCode::from(2)
        }
    })
}

/// Whether the innermost command has a flag `--json` that was given.
fn wants_json(matches: &ArgMatches) -> bool {
    match matches.subcommand() {
        Some((_, inner)) => wants_json(inner),
        None => matches!(matches.try_get_one::<bool>("json"), Ok(Some(true))),
    }
}
