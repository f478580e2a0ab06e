//! The report: one page with everything in it, and `result.json` beside it.
//!
//! The pictures in it are the user's own evaluation material; the page says so.

mod pictures;
mod seat_map;
mod view;

use std::{path::Path, time::Instant};

use askama::Template as _;
use rowcall_pipeline::{analyse::Analysis, folder::Folder};
use rowcall_rollcall::RollCall;

use crate::{
    check::result::CheckResult, check::result::Timings, failure::Failure, plain::plain_html,
};

/// Writes `index.html` and `result.json` into `report`, which is made if it
/// isn't there.
pub(crate) fn write(
    report: &Path,
    folder: &Folder,
    analysis: &Analysis,
    roll_call: &RollCall,
    result: &mut CheckResult,
    timings: &mut Timings,
    started: Instant,
) -> Result<(), Failure> {
    let begun = Instant::now();
    std::fs::create_dir_all(report).map_err(|e| Failure::file(report, &e))?;
    result.timings_ms = *timings;
    let page = report.join("index.html");
    let view = view::Page::new(folder, analysis, roll_call, result);
    let html = view.render().map_err(|e| Failure::file(&page, &e))?;
    std::fs::write(&page, plain_html(&html).as_bytes()).map_err(|e| Failure::file(&page, &e))?;
    timings.report = begun.elapsed().as_millis() as u64;
    timings.total = started.elapsed().as_millis() as u64;
    result.timings_ms = *timings;
    let json = report.join("result.json");
    std::fs::write(&json, result.to_json()? + "\n").map_err(|e| Failure::file(&json, &e))
}
