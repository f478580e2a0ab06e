//! `rowcall check`: one vehicle, from a folder.
//!
//! This is evaluation mode: it works on files that its user already holds, has
//! no access to a lane's transactions, and writes pictures only into the folder
//! that `--report` names.

mod report;
mod result;
mod table;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use jiff::{Timestamp, civil::Date, tz::Offset};
use rowcall_face::Registrations;
use rowcall_pipeline::{
    analyse, folder,
    models::{self, Models},
};
use rowcall_rollcall::Evidence;
use rowcall_words::outcome::VehicleOutcome;

use crate::{argument::look, failure::Failure, output, private::ReportFolder};
pub(crate) use result::CheckResult;

/// Exit status: something to refer to an officer.
const REFER: u8 = 3;

/// Check one vehicle: read its documents, find the people in its frames,
/// compare them one to one.
///
/// Exit status: 0 all confirmed, 3 something to refer, 2 the check is impossible.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vehicle's folder: vehicle.toml, documents/, frames/.
    vehicle: PathBuf,
    /// The lane file, instead of the one that vehicle.toml names.
    #[arg(long, value_name = "FILE")]
    lane: Option<PathBuf>,
    /// A folder of trusted certificates and master lists, beside the lane's.
    #[arg(long, value_name = "DIR")]
    trust: Vec<PathBuf>,
    /// A folder of certificate revocation lists.
    #[arg(long, value_name = "DIR")]
    crl: Vec<PathBuf>,
    /// The day to check documents at, like 2026-11-23 [default: today].
    #[arg(long, value_name = "DATE", value_parser = crate::argument::date)]
    at: Option<Date>,
    /// Write index.html with pictures, and result.json, into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
    /// How many people are inside, instead of what vehicle.toml declares.
    #[arg(long, value_name = "N")]
    occupants: Option<u8>,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// Carries out the check and prints its result.
///
/// # Errors
/// What makes the check impossible.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    look("--lane", &args.lane)?;
    look("--trust", &args.trust)?;
    look("--crl", &args.crl)?;
    let report_folder = ReportFolder::asked(args.report.as_ref())?;
    let at = args
        .at
        .unwrap_or_else(|| Offset::UTC.to_datetime(Timestamp::now()).date());
    let folder = folder::Folder::open(&args.vehicle, args.lane.as_deref(), args.occupants)?;
    let trust = folder::trust_store(&folder, &args.trust, &args.crl)?;
    let policy = &folder.lane.policy;
    let models = Models::load(
        &models::folder(args.models)?,
        &policy.model,
        policy.calibration.as_deref(),
    )?;
    let loaded = Instant::now();

    let analysis = analyse::analyse(&folder, &models, &trust.store, at)?;
    let analysed = Instant::now();
    let roll_call = rowcall_rollcall::call(&Evidence {
        lane: &folder.lane,
        calibration: &models.calibration,
        declaration: &folder.declaration(analysis.unreadable.len()),
        frames: &analysis.frames,
        documents: &analysis.documents,
        registrations: &Registrations::default(),
        at,
    })
    .map_err(|e| Failure::file(&args.vehicle, &e))?;
    let mut timings = result::Timings::new(started, loaded, analysed);
    let mut result = CheckResult::new(&folder, &trust, &models, &analysis, &roll_call, at);

    let reported = report_folder.as_ref().map_or(Ok(()), |report| {
        report::write(
            report,
            &folder,
            &analysis,
            &roll_call,
            &mut result,
            &mut timings,
            started,
        )
    });
    result.timings_ms = timings;
    // The result is told even where its report can't be written.
    if args.json {
        output::result(&result)?;
    } else {
        output::print(&table::render(&result))?;
    }
    reported?;
    if let Some(report) = report_folder.filter(|_| !args.json) {
        output::print(&report.line())?;
    }
    Ok(match roll_call.vehicle.outcome {
        VehicleOutcome::AllConfirmed => ExitCode::SUCCESS,
        VehicleOutcome::Refer => ExitCode::from(REFER),
    })
}
