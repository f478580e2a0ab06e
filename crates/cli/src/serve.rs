//! `rowcall serve`: the lanes of a service file, until told to stop.

use std::{
    fmt::Display,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use rowcall_custody::system::{Hardening, tell_panics_without_what_they_say};
use rowcall_lane::{Service, config::Config};
use rowcall_pipeline::models;

use crate::{argument::look, failure::Failure, output};

/// Run lanes: transactions over HTTP, the console, custody and the audit log.
///
/// It starts only if the service file says who operates the lanes, why, on what legal
/// basis, with what public notice, and how long anything is kept.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service file (docs/lane.md).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Make or change the first administrator, with a one-time password that is
    /// printed, and serve.
    #[arg(long, value_name = "NAME")]
    administrator: Option<String>,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// How much is said on standard error: error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL", default_value_t = tracing::Level::INFO)]
    log: tracing::Level,
}

/// Serves until it is told to stop.
///
/// # Errors
/// What the operator has to mend before it can start.
pub(crate) fn run(args: &Args, granted: &Hardening) -> Result<ExitCode, Failure> {
    // What happens goes to standard error, a line each, without anybody in it.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_max_level(args.log)
        // A log that can't be written must not stop the lane; this would say so on
        // standard error, and end with it.
        .log_internal_errors(false)
        .init();
    look("--config", [&args.config])?;
    tell_panics_without_what_they_say();
    let config = Config::read(&args.config)?;
    let models = models::folder(args.models.clone())?;
    let service = Service::start(config, &models)?;
    if let Some(name) = &args.administrator {
        let password = service.add_administrator(name)?;
        output::line(format_args!(
            "administrator {name}: one-time password {}",
            *password
        ))?;
    }
    note(granted);
    started(&service);
    let scheme = if service.is_secure() { "https" } else { "http" };
    serve(&service, |address| {
        // Whoever started it may read no further: it serves all the same.
        let _ = output::line(format_args!("rowcall serves on {scheme}://{address}"));
    })?;
    Ok(ExitCode::SUCCESS)
}

fn note(text: impl Display) {
    let _ = write!(std::io::stderr(), "{text}");
}

fn started(service: &Service) {
    let started = &service.started;
    if started.left_open > 0 {
        note(format_args!(
            "note: {} transactions were open when the last process ended; their receipts are written\n",
            started.left_open
        ));
    }
    if started.clock_uncertain {
        note("note: nobody knows how much time has passed; every hold was ended\n");
    }
}

/// Serves until interrupted or terminated.
pub(crate) fn serve(
    service: &Arc<Service>,
    ready: impl FnOnce(std::net::SocketAddr),
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::file(Path::new("threads"), &e))?;
    Ok(runtime.block_on(service.clone().serve(ready, stopped()))?)
}

/// Until the process is asked to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let asked = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = asked(SignalKind::interrupt()) => {}
        () = asked(SignalKind::terminate()) => {}
    }
}
