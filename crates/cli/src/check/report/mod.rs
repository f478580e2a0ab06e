//! The report: one page with everything in it, and `result.json` beside it.
//!
//! The pictures in it are the user's own evaluation material; the page says so.

mod pictures;
mod seat_map;
mod state;
mod view;

use std::time::Instant;

use askama::Template as _;
use rowcall_pipeline::{analyse::Analysis, folder::Folder};
use rowcall_rollcall::RollCall;

use crate::{
    check::result::{CheckResult, Timings},
    failure::Failure,
    output,
    plain::plain_html,
    private::ReportFolder,
};

/// Writes `index.html` and `result.json` into `report`, which is made if it
/// isn't there.
pub(crate) fn write(
    report: &ReportFolder,
    folder: &Folder,
    analysis: &Analysis,
    roll_call: &RollCall,
    result: &mut CheckResult,
    timings: &mut Timings,
    started: Instant,
) -> Result<(), Failure> {
    let begun = Instant::now();
    result.timings_ms = *timings;
    let view = view::Page::new(folder, analysis, roll_call, result);
    let html = view
        .render()
        .map_err(|e| Failure::new(format!("the report can't be made: {e}")))?;
    report.write("index.html", plain_html(&html).as_bytes())?;
    timings.report = begun.elapsed().as_millis() as u64;
    timings.total = started.elapsed().as_millis() as u64;
    result.timings_ms = *timings;
    report.write("result.json", output::json(result)? + "\n")
}
