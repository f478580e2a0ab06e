//! The `rowcall` binary: reads arguments, files and the clock, and hands them
//! to the crates that do the work.

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
mod plain;
mod serve;
mod simulate;
mod trust;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Look at a camera, or play folders as cameras.
    Camera(camera::Arguments),
    /// Measure and calibrate: error rates with their uncertainty.
    Evaluate(evaluate::Arguments),
    /// Make vehicle folders from given ones: other people, prints, glass, light.
    Simulate(simulate::Args),
    /// Verify, prove from, show and export a lane's audit log.
    Audit(audit::Arguments),
    /// Place the zones of a lane's cameras.
    Lane(lane::Arguments),
    /// Make, check and change a lane's keys.
    Keys(keys::Arguments),
    /// Read and judge travel documents.
    Document(document::Arguments),
    /// Keep the folder of issuers' certificates that are trusted.
    Trust(trust::Arguments),
}

fn main() -> ExitCode {
    // Before a face or a key is in memory. A lane says what the system granted;
    // the other commands go on with what there is.
    let granted = rowcall_custody::system::harden();
    let result = match Cli::parse().command {
        Command::Check(args) => check::run(args),
        Command::Serve(args) => serve::run(&args, &granted),
        Command::Demo(args) => demo::run(&args),
        Command::Camera(args) => camera::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Audit(args) => Ok(audit::run(&args)),
        Command::Lane(args) => lane::run(&args),
        Command::Keys(args) => Ok(keys::run(&args)),
        Command::Document(args) => Ok(document::run(&args)),
        Command::Trust(args) => Ok(trust::run(&args)),
    };
    result.unwrap_or_else(|failure| {
        plain::complain(&failure);
        ExitCode::from(2)
    })
}
