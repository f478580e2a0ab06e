//! `rowcall audit show`.

use super::write;
use crate::{failure::Failure, plain::plain};
use clap::Args;
use rowcall_audit::tile::TILE_WIDTH;
use rowcall_audit::{Entry, LogFolder};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Arguments {
    /// The log's folder.
    dir: PathBuf,
    /// The first entry to print.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many to print; all to the end if it is not given.
    #[arg(long)]
    count: Option<u64>,
    /// Only entries of this kind, such as hold-made.
    #[arg(long)]
    kind: Option<String>,
    /// Only the transaction that this entry opened.
    #[arg(long)]
    transaction: Option<u64>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let known = rowcall_audit::entry::KINDS.iter().map(|kind| kind.name);
    if let Some(kind) = &arguments.kind
        && !known.clone().any(|name| name == kind)
    {
        let known: Vec<_> = known.collect();
        return Err(Failure::new(format!(
            "there is no kind of entry {kind:?}; the kinds are {}",
            known.join(", ")
        )));
    }
    let log = LogFolder::open(&arguments.dir)?;
    let size = log.checkpoint().size;
    let end = arguments
        .count
        .map_or(size, |count| arguments.from.saturating_add(count).min(size));
    for block in arguments.from / TILE_WIDTH..end.div_ceil(TILE_WIDTH) {
        let mut text = String::new();
        for (offset, bytes) in log.bundle(block)?.iter().enumerate() {
            let number = block * TILE_WIDTH + offset as u64;
            if number >= arguments.from && number < end {
                let entry = Entry::parse(bytes)
                    .map_err(|e| Failure::finding(format!("entry {number}: {e}")))?;
                if wanted(arguments, number, &entry) {
                    text += &print(arguments, number, &entry);
                }
            }
        }
        write(None, &text)?;
    }
    Ok(())
}

fn wanted(arguments: &Arguments, number: u64, entry: &Entry) -> bool {
    let of_kind = arguments
        .kind
        .as_deref()
        .is_none_or(|kind| kind == entry.event.kind());
    let of_transaction = arguments.transaction.is_none_or(|transaction| {
        let field = format!("transaction={transaction}");
        number == transaction || entry.to_line().split(' ').any(|word| word == field)
    });
    of_kind && of_transaction
}

fn print(arguments: &Arguments, number: u64, entry: &Entry) -> String {
    let line = entry.to_line();
    if !arguments.json {
        return format!("{number}\t{}\n", plain(&line));
    }
    let mut object = serde_json::Map::new();
    object.insert("entry".to_owned(), number.into());
    object.insert("minute".to_owned(), entry.minute.to_string().into());
    object.insert("kind".to_owned(), entry.event.kind().into());
    let kinds = rowcall_audit::entry::KINDS;
    let fields = kinds.iter().find(|kind| kind.name == entry.event.kind());
    let fields = fields.map_or(&[] as &[_], |kind| kind.fields);
    for (name, of_type) in fields {
        let value = line.split(' ').find_map(|word| {
            let (own, value) = word.split_once('=')?;
            (own == *name).then_some(value)
        });
        // Numbers as numbers; what only looks like one, such as a digest, as text.
        let number = match *of_type {
            "u64" | "Count" | "Minutes" | "Row" => value.and_then(|v| v.parse::<u64>().ok()),
            _ => None,
        };
        let value = match number {
            Some(number) => number.into(),
            None => value.into(),
        };
        object.insert((*name).to_owned(), value);
    }
    format!("{}\n", serde_json::Value::Object(object))
}
