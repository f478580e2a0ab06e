//! The `rowcall` binary.

mod audit;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Checks that the people in a vehicle are the holders of the documents they
/// presented.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify, prove from, show and export a lane's audit log.
    Audit(audit::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Audit(arguments) => audit::run(&arguments),
    }
}
