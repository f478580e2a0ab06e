//! `rowcall lane check`: what a lane stands on.

use std::{path::PathBuf, process::ExitCode};

use rowcall_lane::check::{self, Standing};
use rowcall_pipeline::models;

use crate::{argument::look, failure::Failure, output};

/// Look at configuration, clock, disk, keys, certificate, accounts, models, trust and
/// cameras, a line each with what to do.
///
/// Exit status: 0 if a lane runs on it, if only with doubts, 1 if something is wrong.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service file (docs/lane.md).
    config: PathBuf,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// Prints a line for each.
///
/// # Errors
/// What makes it impossible to look at all.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    look("CONFIG", [&args.config])?;
    let models = models::folder(args.models)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::new(format!("threads: {e}")))?;
    let mut worst = Standing::Good;
    let mut told = Ok(());
    runtime.block_on(check::check(&args.config, &models, &mut |line| {
        worst = worst.max(line.standing);
        if told.is_ok() {
            told = output::line(line);
        }
    }));
    // A camera that never answers isn't waited for.
    runtime.shutdown_background();
    told?;
    Ok(match worst {
        Standing::Wrong => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    })
}
