//! `rowcall trust list`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rowcall_pipeline::trust::{add_to, today};
use rowcall_pki::crl::Crl;
use rowcall_pki::trust::{TrustEntry, TrustStore};

use crate::{
    failure::Failure,
    output,
    plain::{complain, plain},
};

#[derive(Args)]
pub(super) struct Arguments {
    /// Trust folders, or single files such as a master list.
    #[arg(default_value = "trust")]
    folders: Vec<PathBuf>,
    /// The day that decides what has expired; today (UTC) if not given.
    #[arg(long, value_name = "DATE", value_parser = crate::argument::date)]
    at: Option<Date>,
    /// Every certificate as one JSON object per line.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut store = TrustStore::empty();
    let mut unreadable = Vec::new();
    for folder in &arguments.folders {
        add_to(&mut unreadable, folder, |files| store.add_files(files))?;
    }
    let text = if arguments.json {
        let mut text = String::new();
        for entry in store.entries() {
            text.push_str(&output::json(&entry)?);
            text.push('\n');
        }
        text
    } else {
        by_country(&store, arguments.at.unwrap_or_else(today))
    };
    output::print(&text)?;
    for file in &unreadable {
        complain(&format!("{}: not used: {}", file.name, file.why));
    }
    let names: BTreeSet<&str> = unreadable.iter().map(|file| file.name.as_str()).collect();
    match names.len() {
        0 => Ok(()),
        n => Err(Failure::new(format!(
            "{n} of the files {} not used: put in what the issuer published, or take {} out",
            if n == 1 { "is" } else { "are" },
            if n == 1 { "it" } else { "them" },
        ))),
    }
}

/// Whose a revocation list is, and whether a newer one is due.
fn shown(list: &Crl, at: Date) -> String {
    let due = match list.next_update {
        Some(due) if due < at => format!("a newer one was due on {due}"),
        Some(due) => format!("the next one is due on {due}"),
        None => "doesn't say when the next one is due".to_owned(),
    };
    format!("{} of {}: {due}", list.source, list.issuer.shown)
}

/// A line per country: how many, how many expired, links, until when.
fn by_country(store: &TrustStore, at: Date) -> String {
    let mut countries: BTreeMap<String, Vec<TrustEntry>> = BTreeMap::new();
    for entry in store.entries() {
        countries
            .entry(entry.country.to_ascii_uppercase())
            .or_default()
            .push(entry);
    }
    let mut text =
        String::from("country  certificates  expired  links  duplicates  latest expiry\n");
    let expired = |e: &&TrustEntry| e.not_after.is_some_and(|d| d < at);
    for (country, entries) in &countries {
        let latest = entries.iter().filter_map(|e| e.not_after).max();
        text.push_str(&format!(
            "{:<7}  {:>12}  {:>7}  {:>5}  {:>10}  {}\n",
            plain(country),
            entries.len(),
            entries.iter().filter(expired).count(),
            entries.iter().filter(|e| !e.self_issued).count(),
            entries.iter().map(|e| e.duplicates).sum::<usize>(),
            latest.map_or_else(|| "unknown".to_owned(), |d| d.to_string()),
        ));
    }
    text.push_str(&format!(
        "{} certificates of {} countries, {} revocation lists\n",
        store.len(),
        countries.len(),
        store.revocation_lists()
    ));
    if !store.listed().is_empty() {
        text.push_str(&format!(
            "{} document signers of directories, trusted for nothing by themselves\n",
            store.listed().len()
        ));
    }
    if store.revocation_lists() == 0 {
        text.push_str("whether a signer is revoked is not checked (policy revocation_missing)\n");
    }
    for list in store.crls() {
        text.push_str(&format!("revocation list {}\n", plain(&shown(list, at))));
    }
    text
}
