//! `rowcall audit check`: a third party's side of `prove` and `export`.

use super::{Failure, read, read_key, read_note};
use clap::{Args, Subcommand};
use rowcall_audit::{Checkpoint, Export, InclusionProof, Note, VerifierKey, check_cosignature};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The proof that an entry is in a log.
    Proof {
        /// The proof's file.
        proof: PathBuf,
        /// The entry's file.
        #[arg(long)]
        entry: PathBuf,
        /// The log's key: its text or a file.
        #[arg(long)]
        key: String,
        /// A witness that must have cosigned; may be repeated.
        #[arg(long = "witness")]
        witnesses: Vec<String>,
    },
    /// An exported folder.
    Export {
        /// The folder.
        folder: PathBuf,
        /// The older checkpoint that it continues.
        #[arg(long)]
        old: PathBuf,
        /// The log's key: its text or a file.
        #[arg(long)]
        key: String,
        /// A witness that must have cosigned; may be repeated.
        #[arg(long = "witness")]
        witnesses: Vec<String>,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Proof {
            proof,
            entry,
            key,
            witnesses,
        } => {
            let proof = InclusionProof::parse(&read(proof)?)?;
            check_signatures(&proof.checkpoint, &read_key(key)?, witnesses)?;
            proof.check(&read(entry)?)?;
            let checkpoint = Checkpoint::parse(proof.checkpoint.text())?;
            println!(
                "this is entry {} of {}, of {} entries",
                proof.index, checkpoint.origin, checkpoint.size
            );
        }
        What::Export {
            folder,
            old,
            key,
            witnesses,
        } => {
            let export = Export::read(folder)?;
            check_signatures(&export.consistency.checkpoint, &read_key(key)?, witnesses)?;
            let old = Checkpoint::parse(read_note(old)?.text())?;
            let new = export.check(old.root)?;
            if old.size != export.consistency.old || old.origin != new.origin {
                return Err(Failure::finding(
                    "the export does not continue that checkpoint",
                ));
            }
            println!(
                "{} continues from {} to {} entries with these",
                new.origin, old.size, new.size
            );
        }
    }
    Ok(())
}

fn check_signatures(
    checkpoint: &Note,
    key: &VerifierKey,
    witnesses: &[String],
) -> Result<(), Failure> {
    checkpoint.verify(key)?;
    for witness in witnesses {
        check_cosignature(checkpoint, &read_key(witness)?)?;
    }
    let origin = Checkpoint::parse(checkpoint.text())?.origin;
    (&origin == key.name())
        .then_some(())
        .ok_or_else(|| Failure::finding(format!("the key {key} is not that of {origin}")))
}
