//! `rowcall-specimen`: issues specimen chip files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rowcall_specimen::Issuer;

/// Issues specimen chip files of the fictional state of Utopia, for tests.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes EF_COM.bin, EF_SOD.bin, EF_DG1.bin and EF_DG2.bin, and the
    /// issuer's certificate to trust.
    Issue {
        /// The machine readable zone, two or three lines.
        #[arg(long)]
        mrz: PathBuf,
        /// The portrait, JPEG or JPEG 2000.
        #[arg(long)]
        portrait: PathBuf,
        /// Folder for the chip's files; made if it is not there.
        #[arg(long)]
        out: PathBuf,
        /// Folder for the country signer's certificate (`csca-uto.der`).
        #[arg(long)]
        trust: PathBuf,
        /// Another seed makes another issuer.
        #[arg(long, default_value_t = 9303)]
        seed: u64,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("rowcall-specimen: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<(), String> {
    let Command::Issue {
        mrz,
        portrait,
        out,
        trust,
        seed,
    } = command;
    let in_file = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    let text = std::fs::read_to_string(&mrz).map_err(|e| in_file(&mrz, e))?;
    let image = std::fs::read(&portrait).map_err(|e| in_file(&portrait, e))?;
    let issuer = Issuer::new(seed);
    let files = issuer
        .issue(&text, &image)
        .map_err(|e| format!("{}, {}: {e}", mrz.display(), portrait.display()))?;
    for folder in [&out, &trust] {
        std::fs::create_dir_all(folder).map_err(|e| in_file(folder, e))?;
    }
    for (name, bytes) in files {
        let path = out.join(name);
        std::fs::write(&path, bytes).map_err(|e| in_file(&path, e))?;
    }
    let path = trust.join("csca-uto.der");
    std::fs::write(&path, issuer.csca_certificate()).map_err(|e| in_file(&path, e))
}
