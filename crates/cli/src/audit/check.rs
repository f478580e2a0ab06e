//! `rowcall audit check`: a third party's side of `prove` and `export`.

use super::{read, read_key, read_note};
use crate::{failure::Failure, output, plain::plain};
use clap::{Args, Subcommand};
use rowcall_audit::{
    Checkpoint, ConsistencyProof, Export, InclusionProof, Note, VerifierKey, check_cosignature,
};
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
    /// The proof that a log goes on from an older checkpoint.
    Consistency {
        /// The proof's file.
        proof: PathBuf,
        /// The older checkpoint.
        #[arg(long)]
        old: PathBuf,
        /// The log's key: its text or a file.
        #[arg(long)]
        key: String,
        /// A witness that must have cosigned; may be repeated.
        #[arg(long = "witness")]
        witnesses: Vec<String>,
    },
    /// A destruction receipt that was written as a note of its own.
    Receipt {
        /// The receipt's file.
        receipt: PathBuf,
        /// The log's key at that time: its text or a file.
        #[arg(long)]
        key: String,
    },
    /// An exported folder.
    Export {
        /// The folder.
        folder: PathBuf,
        /// The older checkpoint that it continues.
        #[arg(long)]
        old: PathBuf,
        /// The log's key, or the one before that these entries hand it over
        /// from: its text or a file.
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
            say(format_args!(
                "this is entry {} of {}, of {} entries",
                proof.index, checkpoint.origin, checkpoint.size
            ))?;
        }
        What::Consistency {
            proof,
            old,
            key,
            witnesses,
        } => {
            let proof = ConsistencyProof::parse(&read(proof)?)?;
            check_signatures(&proof.checkpoint, &read_key(key)?, witnesses)?;
            let old = Checkpoint::parse(read_note(old)?.text())?;
            let new = Checkpoint::parse(proof.checkpoint.text())?;
            continues(&old, proof.old, &new)?;
            proof.check(old.root)?;
            say(format_args!(
                "{} of {} entries begins with the tree of {}",
                new.origin, new.size, old.size
            ))?;
        }
        What::Receipt { receipt, key } => {
            let (note, key) = (read_note(receipt)?, read_key(key)?);
            note.verify(&key)?;
            let text = receipt_text(&note, &key)
                .ok_or_else(|| Failure::finding("this note is not a destruction receipt"))?;
            say(format_args!("{} states: {text}", key.name()))?;
        }
        What::Export {
            folder,
            old,
            key,
            witnesses,
        } => {
            let export = Export::open(folder)?;
            let old = Checkpoint::parse(read_note(old)?.text())?;
            let new = export.check(&old, &read_key(key)?)?;
            check_witnesses(export.checkpoint(), witnesses)?;
            say(format_args!(
                "{} continues from {} to {} entries with these",
                new.origin, old.size, new.size
            ))?;
        }
    }
    Ok(())
}

/// Prints a line with names in it that a log's maker chose.
fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    output::line(plain(&line.to_string()))
}

/// Whether a proof from `size` entries on speaks of these two checkpoints.
fn continues(old: &Checkpoint, size: u64, new: &Checkpoint) -> Result<(), Failure> {
    (old.size == size && old.origin == new.origin)
        .then_some(())
        .ok_or_else(|| Failure::finding("it does not continue that checkpoint"))
}

/// The entry that a receipt's note states: three lines, of which the second is
/// the log's name.
fn receipt_text<'a>(note: &'a Note, key: &VerifierKey) -> Option<&'a str> {
    let rest = note.text().strip_prefix("rowcall/receipt/v1\n")?;
    let (origin, line) = rest.split_once('\n')?;
    (origin == key.name().as_str()).then_some(line.trim_end())
}

fn check_signatures(
    checkpoint: &Note,
    key: &VerifierKey,
    witnesses: &[String],
) -> Result<(), Failure> {
    checkpoint.verify(key)?;
    check_witnesses(checkpoint, witnesses)?;
    let origin = Checkpoint::parse(checkpoint.text())?.origin;
    (&origin == key.name())
        .then_some(())
        .ok_or_else(|| Failure::finding(format!("the key {key} is not that of {origin}")))
}

fn check_witnesses(checkpoint: &Note, witnesses: &[String]) -> Result<(), Failure> {
    for witness in witnesses {
        check_cosignature(checkpoint, &read_key(witness)?)?;
    }
    Ok(())
}
