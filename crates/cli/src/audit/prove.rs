//! `rowcall audit prove`.

use super::{read_note, write};
use crate::failure::Failure;
use clap::Args;
use rowcall_audit::{
    Checkpoint, ConsistencyProof, InclusionProof, LogFolder, receipt_note, verify,
};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct Arguments {
    /// The log's folder.
    dir: PathBuf,
    /// The entry's number, from 0: proves that it is in the log.
    #[arg(required_unless_present = "since", conflicts_with = "since")]
    entry: Option<u64>,
    /// The file of an older checkpoint: proves that the log goes on from it.
    #[arg(long, value_name = "CHECKPOINT", conflicts_with_all = ["entry_out", "receipt_out"])]
    since: Option<PathBuf>,
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
    let proof = match (arguments.entry, &arguments.since) {
        (Some(entry), _) => {
            let proof = InclusionProof::new(&log, entry)?;
            write_entry(arguments, &log, entry)?;
            proof.to_text()
        }
        (None, since) => {
            let old = since.as_deref().unwrap_or(Path::new(""));
            let old = Checkpoint::parse(read_note(old)?.text())?;
            if old.size > log.checkpoint().size || old.origin != log.checkpoint().origin {
                return Err(Failure::finding(format!(
                    "the checkpoint of {} entries of {} is not an older one of this log: it has \
                     {} entries and is {}",
                    old.size,
                    old.origin,
                    log.checkpoint().size,
                    log.checkpoint().origin
                )));
            }
            let proof = ConsistencyProof::new(&log, old.size)?;
            proof.check(old.root)?;
            proof.to_text()
        }
    };
    write(arguments.out.as_ref(), &proof)
}

/// Writes what was asked for beside the proof of an entry.
fn write_entry(arguments: &Arguments, log: &LogFolder, number: u64) -> Result<(), Failure> {
    let entry = log.entry(number)?;
    if let Some(path) = &arguments.entry_out {
        write(Some(path), &entry.to_line())?;
    }
    if let Some(path) = &arguments.receipt_out {
        let report = verify::verify(&arguments.dir, &verify::Options::default(), &mut |_, _| ())?;
        let note = report
            .keys
            .iter()
            .filter_map(|key| receipt_note(key, &entry).filter(|note| note.verify(key).is_ok()))
            .next()
            .ok_or_else(|| {
                Failure::new(format!(
                    "entry {number} is a {:?} entry, not a destruction receipt",
                    entry.event.kind()
                ))
            })?;
        write(Some(path), &note.to_string())?;
    }
    Ok(())
}
