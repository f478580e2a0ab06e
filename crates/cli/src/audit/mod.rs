//! `rowcall audit`: what an outsider does with a lane's log.
//!
//! Exit codes: 0 what was asked holds; 1 it does not, and the first thing wrong
//! is named; 2 it could not be looked at.

mod check;
mod export;
mod prove;
mod show;
mod verify;

use clap::{Args, Subcommand};
use rowcall_audit::verify::Finding;
use rowcall_audit::{Error, ErrorKind, MAX_PROOF_BYTES, Note, VerifierKey};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let result = match &arguments.command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::Prove(arguments) => prove::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Check(arguments) => check::run(arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("rowcall audit: {}", crate::plain::plain(&failure.message));
            ExitCode::from(failure.code)
        }
    }
}

/// Why a command did not succeed, for people, and its exit code.
struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    fn finding(message: impl std::fmt::Display) -> Self {
        Self {
            code: 1,
            message: message.to_string(),
        }
    }

    fn usage(message: impl std::fmt::Display) -> Self {
        Self {
            code: 2,
            message: message.to_string(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Log => Self::finding(error),
            _ => Self::usage(error),
        }
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        match finding.kind {
            ErrorKind::Log => Self::finding(finding),
            _ => Self::usage(finding),
        }
    }
}

/// A verifier key, given as it is or in a file.
fn read_key(given: &str) -> Result<VerifierKey, Failure> {
    let from_file = || {
        let bytes = read(Path::new(given)).map_err(|e| {
            Failure::usage(format!(
                "{given:?} is neither a verifier key (name+ID+base64) nor a file with one: {}",
                e.message
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
    let fail = |e| Failure::usage(format!("cannot read {}: {e}", path.display()));
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
        None => {
            use std::io::Write as _;
            // A reader that has seen enough closes the pipe; that is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            Ok(())
        }
        Some(path) => std::fs::write(path, text)
            .map_err(|e| Failure::usage(format!("cannot write {}: {e}", path.display()))),
    }
}
