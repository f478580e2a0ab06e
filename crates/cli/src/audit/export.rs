//! `rowcall audit export`.

use super::read_note;
use crate::{failure::Failure, output};
use clap::Args;
use rowcall_audit::merkle::tree_root;
use rowcall_audit::{Checkpoint, ConsistencyProof, Export, LogFolder};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct Arguments {
    /// The log's folder.
    dir: PathBuf,
    /// Since when: the file of an older checkpoint, or a number of entries.
    #[arg(long, value_name = "CHECKPOINT")]
    since: String,
    /// The folder to write to: checkpoint, consistency, edge, entries.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let log = LogFolder::open(&arguments.dir)?;
    let (old, root) = match arguments.since.parse::<u64>() {
        Ok(size) if size <= log.checkpoint().size => (size, tree_root(&log, size)?),
        Ok(size) => {
            return Err(Failure::new(format!(
                "--since {size}: the log has {} entries only",
                log.checkpoint().size
            )));
        }
        Err(_) => {
            let note = read_note(Path::new(&arguments.since))?;
            let checkpoint = Checkpoint::parse(note.text())?;
            (checkpoint.size, checkpoint.root)
        }
    };
    ConsistencyProof::new(&log, old)?.check(root)?;
    let entries = Export::write(&log, old, &arguments.out)?;
    output::line(format_args!(
        "{entries} entries since {old}, up to the checkpoint at {}, in {}",
        log.checkpoint().size,
        arguments.out.display()
    ))
}
