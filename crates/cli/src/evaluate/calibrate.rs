//! `rowcall evaluate calibrate`.

use std::{collections::BTreeSet, fs, path::PathBuf, process::ExitCode};

use jiff::{Timestamp, civil::Date, tz::Offset};
use rowcall_evaluate::{LookAlikes, More, Provenance, calibrate};

use crate::{
    evaluate::set::{Set, names},
    failure::Failure,
    output,
};

/// Write a model's calibration: what scores mean on a set's population.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: Set,
    /// The file to write, like models/sface.calibration.json.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The calibration's name [default: the model's].
    #[arg(long)]
    name: Option<String>,
    /// What to call the set in the provenance [default: its folder's name].
    #[arg(long, value_name = "NAME")]
    set_name: Option<String>,
    /// Whom the set shows and what it doesn't, in words; stands wherever the
    /// figures are shown.
    #[arg(long, value_name = "TEXT")]
    population: String,
    /// The score below which two parts of what was seen on a seat are two people's,
    /// as chosen by `evaluate seats`.
    #[arg(long, value_name = "SCORE")]
    one_person: Option<f32>,
    /// Write the curve of nearest look-alikes confirmed against people referred with
    /// their own document into this JSON file: what the look-alike guard is chosen by.
    #[arg(long, value_name = "FILE")]
    look_alikes: Option<PathBuf>,
    /// Nobody is looked for in the pictures that this text file names, as `--without`
    /// takes them: one person under two names isn't their own look-alike. May be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    look_alikes_without: Vec<PathBuf>,
    /// The day of the measurement [default: today].
    #[arg(long, value_name = "DATE", value_parser = crate::argument::date)]
    date: Option<Date>,
}

/// Measures and writes the file.
///
/// # Errors
/// What makes the calibration impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.population.trim().is_empty() {
        return Err(Failure::new(
            "--population: say whom the set shows and what it doesn't",
        ));
    }
    let loaded = args.set.load()?;
    let failed = |e: rowcall_evaluate::Error| Failure::new(e.to_string());
    let scores = loaded.templates.compare(|_| true, None).map_err(failed)?;
    // Sets with hardly any person of several pictures give neither.
    let fused = loaded.templates.compare_fused().ok();
    let mut lists = Vec::new();
    for path in &args.look_alikes_without {
        lists.push(fs::read_to_string(path).map_err(|e| Failure::file(path, &e))?);
    }
    let without: BTreeSet<&str> = lists.iter().flat_map(|list| names(list)).collect();
    let counts = |picture: usize| !loaded.manifest.entries[picture].is_one_of(&without);
    let look_alikes = LookAlikes::measure(&loaded.templates, counts).ok();
    let more = More {
        fused: fused.as_ref(),
        look_alikes: look_alikes.as_ref(),
        one_person: args.one_person,
    };
    let (pictures, failures_to_acquire, _) = loaded.templates.acquisition(|_| true);
    let today = || Offset::UTC.to_datetime(Timestamp::now()).date();
    let manifest = loaded.analyser.embedder.manifest();
    let name = args.name.as_deref().unwrap_or(&args.set.model);
    let provenance = Provenance {
        set: args.set_name.clone().unwrap_or_else(|| args.set.name()),
        date: args.date.unwrap_or_else(today).to_string(),
        command: "rowcall evaluate calibrate --manifest M.csv --images DIR".to_owned()
            + &format!(" --model {}", args.set.model),
        version: format!("rowcall {}", env!("CARGO_PKG_VERSION")),
        model_sha256: manifest.sha256.to_string(),
        pictures,
        failures_to_acquire,
    };
    let file = calibrate(
        &scores,
        more,
        name,
        &manifest.name,
        &args.population,
        provenance,
    )
    .map_err(failed)?;
    let text = file.to_json().map_err(failed)?;
    fs::write(&args.output, text).map_err(|e| Failure::file(&args.output, &e))?;
    if let Some(path) = &args.look_alikes {
        let measured = look_alikes.ok_or_else(|| {
            Failure::new("--look-alikes: the set has too few people with two pictures")
        })?;
        let text = output::pretty_json(&measured)?;
        fs::write(path, text).map_err(|e| Failure::file(path, &e))?;
    }
    let (cost, least) = file.cllr();
    output::line(format_args!(
        "{}: {} mated and {} non-mated comparisons; Cllr {cost:.4} bits, {least:.4} at least",
        args.output.display(),
        scores.mated().len(),
        scores.non_mated().total()
    ))?;
    Ok(ExitCode::SUCCESS)
}
