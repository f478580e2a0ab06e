//! `rowcall audit verify`.

use super::{read_key, read_note};
use crate::{failure::Failure, output, plain::plain};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use rowcall_audit::ErrorKind;
use rowcall_audit::entry::Minute;
use rowcall_audit::verify::{Options, Report, verify};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Arguments {
    /// The log's folder.
    dir: PathBuf,
    /// The log's key, learned elsewhere than from the log: its text or a file.
    #[arg(long)]
    key: Option<String>,
    /// A witness that must have cosigned the checkpoint; may be repeated.
    #[arg(long = "witness")]
    witnesses: Vec<String>,
    /// A checkpoint seen earlier: the log must still begin with that tree.
    #[arg(long, value_name = "FILE")]
    remembered: Option<PathBuf>,
    /// When the log is looked at, as 2026-11-24T03:25Z: nothing may be overdue.
    #[arg(long, value_name = "MINUTE")]
    as_of: Option<String>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let minute = |text: &String| {
        Minute::parse(text).ok_or_else(|| {
            Failure::new(format!(
                "--as-of {text:?}: give a minute such as 2026-11-24T03:25Z"
            ))
        })
    };
    let options = Options {
        key: arguments.key.as_deref().map(read_key).transpose()?,
        witnesses: arguments
            .witnesses
            .iter()
            .map(|witness| read_key(witness))
            .collect::<Result<_, _>>()?,
        remembered: arguments.remembered.as_deref().map(read_note).transpose()?,
        as_of: arguments.as_of.as_ref().map(minute).transpose()?,
    };
    if !arguments.dir.is_dir() {
        return Err(Failure::new(format!(
            "{} is no folder",
            arguments.dir.display()
        )));
    }
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{bar:40} {pos} of {len} entries, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let result = verify(&arguments.dir, &options, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    match result {
        Ok(report) if arguments.json => output::result(&to_json(&report)),
        Ok(report) => {
            // Names are whatever the log's maker and strangers put there.
            to_text(&report)
                .lines()
                .try_for_each(|line| output::line(plain(line)))
        }
        Err(finding) => {
            if arguments.json && finding.kind == ErrorKind::Log {
                let what = &finding.what;
                output::result(&json!({"holds": false, "entry": finding.entry, "what": what}))?;
            }
            Err(finding.into())
        }
    }
}

fn to_json(report: &Report) -> Value {
    let state = &report.state;
    let witnesses: Vec<Value> = report
        .witnesses
        .iter()
        .map(|cosigned| {
            json!({
                "key": cosigned.witness.to_string(),
                "cosigned_at": cosigned.time,
                "size": cosigned.size,
            })
        })
        .collect();
    json!({
        "holds": true,
        "origin": report.checkpoint.origin.as_str(),
        "size": report.checkpoint.size,
        "root": report.checkpoint.root.to_string(),
        "keys": report.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "key_was_given": report.key_was_given,
        "witnesses": witnesses,
        "remembered": report.remembered,
        "last_entry": state.last_minute().map(|minute| minute.to_string()),
        "running": state.is_running(),
        "starts": state.starts(),
        "starts_without_a_stop": state.unclean_starts(),
        "clock_stepped_minutes": state.clock_stepped_minutes(),
        "unknown_signatures": report.unknown_signatures,
        "open_transactions": state.open_transactions().keys().collect::<Vec<_>>(),
        "live_holds": state.live_holds().keys().collect::<Vec<_>>(),
        "entries": state.counts(),
    })
}

fn to_text(report: &Report) -> String {
    let state = &report.state;
    let checkpoint = &report.checkpoint;
    let count = |kind| state.counts().get(kind).copied().unwrap_or(0);
    let mut text = format!(
        "{}: {} entries, all in the tree {}\n",
        checkpoint.origin, checkpoint.size, checkpoint.root
    );
    text += &format!(
        "{} transactions opened, {} destroyed in time, {} open; {} holds made, {} live\n",
        count("opened"),
        count("destroyed"),
        state.open_transactions().len(),
        count("hold-made"),
        state.live_holds().len(),
    );
    text += &format!(
        "the lane started {}, {} without having stopped\n",
        times(state.starts()),
        times(state.unclean_starts())
    );
    match count("clock-stepped") {
        0 => {}
        steps => {
            text += &format!(
                "the clock was set {}, by {} minutes in all\n",
                times(steps),
                state.clock_stepped_minutes()
            );
        }
    }
    if let Some(key) = report.keys.last() {
        text += &format!("signed by {key}, key {} of the log\n", report.keys.len());
    }
    for cosigned in &report.witnesses {
        let at = i64::try_from(cosigned.time).map(Minute::from_unix_seconds);
        let at = at.map_or_else(|_| String::new(), |minute| format!(" at {minute}"));
        let which = match cosigned.size == checkpoint.size {
            true => "cosigned".to_owned(),
            false => format!(
                "remembered checkpoint of {} entries cosigned",
                cosigned.size
            ),
        };
        text += &format!("{which} by {}{at}\n", cosigned.witness.name());
    }
    for line in &report.unknown_signatures {
        text += &format!("not looked at: a signature by {line}, a key that was not given\n");
    }
    match report.remembered {
        Some(size) => text += &format!("begins with the remembered tree of {size} entries\n"),
        None => {
            text += "no remembered checkpoint was given: a log rolled back as a whole looks \
                     like this too (--remembered, --witness)\n";
        }
    }
    if !report.key_was_given {
        text += "no key was given: the log was held against the key it states itself (--key)\n";
    }
    text
}

fn times(number: u64) -> String {
    match number {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        _ => format!("{number} times"),
    }
}
