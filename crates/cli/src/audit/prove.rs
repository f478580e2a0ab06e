//! `rowcall audit prove`.

use super::{Failure, write};
use clap::Args;
use rowcall_audit::{InclusionProof, LogFolder, receipt_note, verify};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Arguments {
    /// The log's folder.
    dir: PathBuf,
    /// The entry's number, from 0.
    entry: u64,
    /// Write the proof here (by custom NAME.tlog-proof) instead of printing it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the entry itself here, as the proof's checker needs it.
    #[arg(long, value_name = "FILE")]
    entry_out: Option<PathBuf>,
    /// Write a destruction receipt as a signed note of its own here; verifies
    /// the log to learn which key signed it.
    #[arg(long, value_name = "FILE")]
    receipt_out: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let log = LogFolder::open(&arguments.dir)?;
    let proof = InclusionProof::new(&log, arguments.entry)?;
    if let Some(path) = &arguments.entry_out {
        let entry = log.entry(arguments.entry)?.to_line();
        write(Some(path), &entry)?;
    }
    if let Some(path) = &arguments.receipt_out {
        let entry = log.entry(arguments.entry)?;
        let report = verify::verify(&arguments.dir, &verify::Options::default(), &mut |_, _| ())
            .map_err(Failure::finding)?;
        let note = report
            .keys
            .iter()
            .filter_map(|key| receipt_note(key, &entry).filter(|note| note.verify(key).is_ok()))
            .next()
            .ok_or_else(|| {
                Failure::usage(format!(
                    "entry {} is a {:?} entry, not a destruction receipt",
                    arguments.entry,
                    entry.event.kind()
                ))
            })?;
        write(Some(path), &note.to_string())?;
    }
    write(arguments.out.as_ref(), &proof.to_text())
}
