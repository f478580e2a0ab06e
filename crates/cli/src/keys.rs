//! `rowcall keys`: makes, changes and checks a lane's keys.

use clap::{Args, Subcommand, ValueEnum};
use rowcall_audit::KeyName;
use rowcall_custody::system::system_random;
use rowcall_custody::{ErrorKind, KeyFolder, Which};
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

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

/// Runs `rowcall keys`. Exit codes: 0 done; 1 the keys are not as they should be;
/// 2 it could not be done.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let done = match &arguments.command {
        Command::Make { folder, log } => make(folder, log),
        Command::Check { folder } => check(folder),
        Command::Rotate { folder, which } => rotate(folder, *which),
        Command::Retire { folder, which } => retire(folder, *which),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            eprintln!("rowcall keys: {}", crate::plain::plain(&message));
            ExitCode::from(code)
        }
    }
}

type Done = Result<(), (u8, String)>;

fn failed(error: impl fmt::Display) -> (u8, String) {
    (2, error.to_string())
}

fn make(folder: &std::path::Path, log: &str) -> Done {
    let log = KeyName::new(log).map_err(failed)?;
    let public = KeyFolder::make(folder, &log, &mut system_random()).map_err(failed)?;
    println!("{public}");
    eprintln!(
        "This is the log's public key: hand it to whoever verifies the log, some other way than \
         with the log. Back {} up where the lane's disk is not, as docs/security.md says.",
        folder.display()
    );
    Ok(())
}

fn check(folder: &std::path::Path) -> Done {
    let found = |e: rowcall_custody::Error| match e.kind() {
        ErrorKind::Operator => (1, e.to_string()),
        _ => failed(e),
    };
    let keys = KeyFolder::open(folder)
        .and_then(|folder| folder.read())
        .map_err(found)?;
    for key in &keys.log[..1] {
        println!("{}", key.verifier());
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
    println!("there is a new {which} key: the lane takes to it at its next start");
    Ok(())
}

fn retire(folder: &std::path::Path, which: Kind) -> Done {
    let which = Which::from(which);
    KeyFolder::open(folder)
        .and_then(|folder| folder.retire(which))
        .map_err(failed)?;
    println!("the former {which} key is overwritten and removed");
    Ok(())
}
