//! `rowcall audit`: what an outsider does with a lane's log.
//!
//! Exit status: 0 what was asked holds, 1 it does not, and the first thing wrong is
//! named, 2 it could not be looked at.

mod check;
mod export;
mod prove;
mod show;
mod verify;

use clap::{Args, Subcommand};
use rowcall_audit::verify::Finding;
use rowcall_audit::{ErrorKind, MAX_PROOF_BYTES, Note, VerifierKey};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::{failure::Failure, output};

/// Arguments of `rowcall audit`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify a whole log: tree, signatures, rules, files.
    Verify(verify::Arguments),
    /// Write the proof that an entry is in the log, or that the log goes on from
    /// an older checkpoint.
    Prove(prove::Arguments),
    /// Print entries.
    Show(show::Arguments),
    /// Write what came after an older checkpoint, with its proofs.
    Export(export::Arguments),
    /// Check a proof or an export without having the log.
    Check(check::Arguments),
}

/// Runs `rowcall audit`.
///
/// # Errors
/// What doesn't hold, or what could not be looked at.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::Prove(arguments) => prove::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Check(arguments) => check::run(arguments),
    }
    .map(|()| ExitCode::SUCCESS)
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        match finding.kind {
            ErrorKind::Log => Self::finding(finding),
            _ => Self::new(finding.to_string()),
        }
    }
}

/// A verifier key, given as it is or in a file.
fn read_key(given: &str) -> Result<VerifierKey, Failure> {
    let from_file = || {
        let bytes = read(Path::new(given)).map_err(|e| {
            Failure::new(format!(
                "{given:?} is neither a verifier key (name+ID+base64) nor a file with one: {}",
                e
            ))
        })?;
        Ok(VerifierKey::parse(String::from_utf8_lossy(&bytes).trim())?)
    };
    VerifierKey::parse(given).or_else(|_| from_file())
}

/// A signed checkpoint from a file.
fn read_note(path: &Path) -> Result<Note, Failure> {
    Ok(Note::parse(&read(path)?)?)
}

/// Reads what was named: a file, or a pipe as a shell makes it. No note, key,
/// proof or entry is longer than a proof may be.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let fail = |e| Failure::new(format!("cannot read {}: {e}", path.display()));
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| {
            file.take(MAX_PROOF_BYTES as u64 + 1)
                .read_to_end(&mut bytes)
        })
        .map_err(fail)?;
    match bytes.len() > MAX_PROOF_BYTES {
        true => Err(Failure::finding(format!(
            "{} is longer than any key, entry, note or proof",
            path.display()
        ))),
        false => Ok(bytes),
    }
}

/// Writes `text` to `path`, or to standard output.
fn write(path: Option<&PathBuf>, text: &str) -> Result<(), Failure> {
    match path {
        None => output::print(text),
        Some(path) => std::fs::write(path, text)
            .map_err(|e| Failure::file(path, &format!("it can't be written: {e}"))),
    }
}
