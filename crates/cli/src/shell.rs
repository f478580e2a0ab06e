//! `rowcall completions` and `rowcall manual`: what shells and `man` know of it.

use std::{path::PathBuf, process::ExitCode};

use clap_complete::Shell;

use crate::{failure::Failure, output};

/// Print what a shell needs to complete commands and flags.
#[derive(clap::Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Write a manual page for each command into a folder: `man FOLDER/rowcall.1`.
#[derive(clap::Args)]
pub(crate) struct Manual {
    /// The folder, which is made if it isn't there.
    folder: PathBuf,
}

/// Prints the shell's script.
///
/// # Errors
/// That it can't be printed.
pub(crate) fn completions(
    args: &Completions,
    mut command: clap::Command,
) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "rowcall", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the pages.
///
/// # Errors
/// That they can't be written.
pub(crate) fn manual(args: &Manual, command: clap::Command) -> Result<ExitCode, Failure> {
    std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(command, &args.folder))
        .map_err(|e| Failure::file(&args.folder, &e))?;
    let page = args.folder.join("rowcall.1");
    output::line(format_args!("man {}", page.display()))?;
    Ok(ExitCode::SUCCESS)
}
