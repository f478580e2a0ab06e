//! `rowcall lane`: what a lane stands on, looked at and kept.

use std::{path::PathBuf, process::ExitCode};

use rowcall_lane::check::{self, Standing};
use rowcall_pipeline::models;

use crate::failure::Failure;

/// Look at what a lane stands on, and keep a copy of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Look at configuration, clock, disk, keys, certificate, accounts, models, trust and
    /// cameras, a line each with what to do.
    ///
    /// Ends with 0 if a lane runs on it, if only with doubts; with 1 if something is wrong.
    Check {
        /// The service file (docs/lane.md).
        config: PathBuf,
        /// The folder of models [default: ROWCALL_MODELS, or the models that come
        /// with the program].
        #[arg(long, value_name = "DIR")]
        models: Option<PathBuf>,
    },
    /// Copy the lane's people, tokens and counts, while it runs or not.
    ///
    /// What custody holds of travellers is left out. The audit log is copied by any means:
    /// its files are never changed once they are full.
    BackUp {
        /// The service file.
        config: PathBuf,
        /// The file to make; it must not be there.
        to: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// What makes it impossible to look at all.
pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        Command::Check { config, models } => {
            let models = models::folder(models)?;
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .map_err(|e| Failure::new(format!("threads: {e}")))?;
            let mut worst = Standing::Good;
            runtime.block_on(check::check(&config, &models, &mut |line| {
                println!("{line}");
                worst = worst.max(line.standing);
            }));
            // A camera that never answers isn't waited for.
            runtime.shutdown_background();
            Ok(match worst {
                Standing::Wrong => ExitCode::from(1),
                _ => ExitCode::SUCCESS,
            })
        }
        Command::BackUp { config, to } => {
            check::back_up(&config, &to)?;
            println!("copied to {}", to.display());
            Ok(ExitCode::SUCCESS)
        }
    }
}
