//! stub
use crate::{
    check::{
        analyse::Analysis,
        result::{CheckResult, Timings},
        vehicle::Folder,
    },
    failure::Failure,
};
use rowcall_rollcall::RollCall;
use std::{path::Path, time::Instant};
pub(crate) fn write(
    _report: &Path,
    _folder: &Folder,
    _analysis: &Analysis,
    _roll_call: &RollCall,
    _result: &mut CheckResult,
    _timings: &mut Timings,
    _started: Instant,
) -> Result<(), Failure> {
    Ok(())
}
