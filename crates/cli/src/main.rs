//! The `rowcall` binary.

mod document;
mod trust;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Reads and judges travel documents.
    Document(document::Arguments),
    /// Keeps the folder of issuers' certificates that are trusted.
    Trust(trust::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Document(arguments) => document::run(&arguments),
        Command::Trust(arguments) => trust::run(&arguments),
    }
}
