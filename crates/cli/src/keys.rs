//! `rowcall keys`: makes, changes and checks a lane's keys.

use clap::{Args, Subcommand, ValueEnum};
use rowcall_audit::KeyName;
use rowcall_custody::system::system_random;
use rowcall_custody::{ErrorKind, KeyFolder, Which};
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::{failure::Failure, output};

/// Arguments of `rowcall keys`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a folder with a lane's three keys, and print the log's public key.
    Make {
        /// The folder, which must not exist yet.
        folder: PathBuf,
        /// The name of the lane's audit log, such as lane3.example.org/rowcall.
        #[arg(long)]
        log: String,
    },
    /// Check that the keys are whole and their owner's alone, and print the
    /// public key that the log is to be signed with.
    Check {
        /// The folder.
        folder: PathBuf,
    },
    /// Put a new key in the place of one; the lane takes to it at its next start.
    Rotate {
        /// The folder.
        folder: PathBuf,
        /// Which one.
        which: Kind,
    },
    /// Destroy a former key, once the lane has started with the new one.
    Retire {
        /// The folder.
        folder: PathBuf,
        /// Which one.
        which: Kind,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Signs the audit log.
    Log,
    /// Wraps the keys of holds.
    Site,
    /// Makes officers' names into pseudonyms.
    Officers,
}

impl From<Kind> for Which {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Log => Self::Log,
            Kind::Site => Self::Site,
            Kind::Officers => Self::Officers,
        }
    }
}

/// Runs `rowcall keys`. Exit status: 0 done, 1 the keys are not as they should be, 2 it
/// could not be done.
///
/// # Errors
/// What is wrong with the keys, or why it could not be done.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Make { folder, log } => make(folder, log),
        Command::Check { folder } => check(folder),
        Command::Rotate { folder, which } => rotate(folder, *which),
        Command::Retire { folder, which } => retire(folder, *which),
    }
    .map(|()| ExitCode::SUCCESS)
}

type Done = Result<(), Failure>;

fn failed(error: impl fmt::Display) -> Failure {
    Failure::new(error.to_string())
}

fn make(folder: &std::path::Path, log: &str) -> Done {
    let log = KeyName::new(log).map_err(failed)?;
    let public = KeyFolder::make(folder, &log, &mut system_random()).map_err(failed)?;
    output::line(public)?;
    eprintln!(
        "This is the log's public key: hand it to whoever verifies the log, some other way than \
         with the log. Back {} up where the lane's disk is not, as docs/security.md says.",
        folder.display()
    );
    Ok(())
}

fn check(folder: &std::path::Path) -> Done {
    let found = |e: rowcall_custody::Error| match e.kind() {
        ErrorKind::Operator => Failure::finding(e),
        _ => failed(e),
    };
    let keys = KeyFolder::open(folder)
        .and_then(|folder| folder.read())
        .map_err(found)?;
    for key in &keys.log[..1] {
        output::line(key.verifier())?;
    }
    for (what, is) in [
        ("log", keys.log.len() > 1),
        ("site", keys.former_site.is_some()),
    ] {
        if is {
            eprintln!("the former {what} key is still there: retire it once the lane has started");
        }
    }
    Ok(())
}

fn rotate(folder: &std::path::Path, which: Kind) -> Done {
    let which = Which::from(which);
    KeyFolder::open(folder)
        .and_then(|folder| folder.rotate(which, &mut system_random()))
        .map_err(failed)?;
    output::line(format_args!(
        "there is a new {which} key: the lane takes to it at its next start"
    ))
}

fn retire(folder: &std::path::Path, which: Kind) -> Done {
    let which = Which::from(which);
    KeyFolder::open(folder)
        .and_then(|folder| folder.retire(which))
        .map_err(failed)?;
    output::line(format_args!(
        "the former {which} key is overwritten and removed"
    ))
}
