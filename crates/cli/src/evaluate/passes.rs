//! `rowcall evaluate passes`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use rowcall_evaluate::Proportion;
use rowcall_face::Registrations;
use rowcall_pipeline::{
    analyse,
    folder::{
        Folder,
        entries::{read_limited, read_text},
    },
    models::Models,
    workers::progress,
};
use rowcall_rollcall::{Evidence, Lane, RollCall, SeatOutcome};
use rowcall_words::outcome::VehicleOutcome;
use serde::Serialize;

use super::{
    deliver::{deliver, write_all},
    vehicles::{Known, Loaded, VehicleSet},
};
use crate::{
    failure::Failure,
    private::{self, ReportFolder},
    simulate::{
        pass::{Drive, render},
        truth::Truth,
    },
};

/// Let vehicles pass their side cameras at several speeds, and decide them as `check`
/// does: how many seats are confirmed, referred and falsely confirmed, beside the same
/// vehicles that stand before the same cameras.
///
/// Every second pass has somebody without their document: one of the vehicle's is taken
/// for another vehicle's.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: VehicleSet,
    /// A folder of lane files for passes, named after the set-up in truth.json with
    /// `-passing` behind it.
    #[arg(long, value_name = "DIR")]
    passing: PathBuf,
    /// How many passes at each speed.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    passes: u64,
    /// The speeds, in km/h.
    #[arg(
        long,
        value_name = "KMH",
        value_delimiter = ',',
        default_value = "5,10,20"
    )]
    speeds: Vec<f32>,
    /// Frames a second of each camera.
    #[arg(long, value_name = "HZ", default_value_t = 15.0)]
    rate: f32,
    /// For how many milliseconds the shutter is open.
    #[arg(long, value_name = "MS", default_value_t = 1.0)]
    shutter: f32,
    /// What the draws start from: the same seed gives the same passes.
    #[arg(long, value_name = "N", default_value_t = 1_505)]
    seed: u64,
    /// Write index files of the measurement into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// What passes at several speeds came to.
#[derive(Debug, Serialize)]
struct PassesReport {
    passes: u64,
    rate: f32,
    shutter: f32,
    seed: u64,
    seconds: f64,
    lines: Vec<SpeedLine>,
}

/// What passes at one speed came to.
#[derive(Debug, Default, Serialize)]
struct SpeedLine {
    /// Kilometres an hour; 0 stands.
    speed: f32,
    /// Frames that were taken, and of these looked at.
    frames: (usize, usize),
    /// Seats whose occupant's document was there, and confirmed by it.
    confirmed: Proportion,
    /// Of these, referred.
    referred: Proportion,
    /// Confirmed by another's document, or without one of their own: of all seats.
    falsely_confirmed: Proportion,
    /// Seats whose occupant had no document there, that were confirmed.
    without_document: Proportion,
    /// Vehicles of which all is in order, that were cleared.
    cleared: Proportion,
}

#[derive(Default)]
struct Tally {
    frames: (usize, usize),
    with: u64,
    confirmed: u64,
    without: u64,
    wrongly: u64,
    impostors: u64,
    honest: u64,
    cleared: u64,
}

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let report_folder = ReportFolder::asked(args.report.as_ref())?;
    let known = args.set.open()?;
    let mut loaded = Loaded::default();
    let mut speeds = vec![0.0];
    speeds.extend(args.speeds.iter().copied());
    let bar = progress(args.passes * speeds.len() as u64);
    let mut lines = Vec::new();
    for speed in speeds {
        let mut tally = Tally::default();
        for number in 0..args.passes {
            let own = &known[(number as usize) % known.len()];
            let other = &known[(number as usize + 1) % known.len()];
            let exchanged = (number / known.len() as u64) % 2 == 1;
            let lane_path = args.lane_of(own)?;
            let text = read_text(&lane_path)?;
            let lane = Lane::parse(&text).map_err(|e| Failure::file(&lane_path, &e))?;
            let drive = Drive {
                speed,
                rate: args.rate,
                shutter: args.shutter,
                jpeg: 85,
                seed: args.seed.wrapping_add(number),
            };
            let scratch = tempfile::tempdir().map_err(|e| Failure::new(e.to_string()))?;
            let folder = scratch.path().join("vehicle");
            render(&own.folder.path, &lane, &folder, &drive)?;
            let taken = match exchanged {
                true => exchange(&folder, other)?,
                false => None,
            };
            let declared = own.truth.declared_occupants;
            let mut passing = Folder::open(&folder, Some(&lane_path), declared)?;
            if speed == 0.0 {
                let cameras = passing.lane.cameras.iter_mut();
                cameras.for_each(|camera| camera.pass = None);
            }
            let models = args.set.models(&mut loaded, &passing)?;
            let truth = Truth::read(&own.folder.path)?;
            tally.decide(&passing, &truth, taken.as_deref(), (models, own, args))?;
            bar.inc(1);
        }
        lines.push(tally.line(speed));
    }
    bar.finish_and_clear();
    let report = PassesReport {
        passes: args.passes,
        rate: args.rate,
        shutter: args.shutter,
        seed: args.seed,
        seconds: started.elapsed().as_secs_f64(),
        lines,
    };
    deliver(
        args.json,
        report_folder.as_ref(),
        &report,
        &table(&report),
        |folder, json| write_all(folder, vec![("passes.json", json.to_owned())]),
    )
}

impl Args {
    fn lane_of(&self, known: &Known) -> Result<PathBuf, Failure> {
        let name =
            known.truth.camera_setup.as_ref().ok_or_else(|| {
                Failure::file(&known.folder.path, &"its truth names no camera_setup")
            })?;
        Ok(self.passing.join(format!("{name}-passing.toml")))
    }
}

/// Puts a document of another vehicle in the place of the last one; which that was.
fn exchange(folder: &Path, other: &Known) -> Result<Option<String>, Failure> {
    let documents = folder.join("documents");
    let failed = |e: std::io::Error| Failure::file(&documents, &e);
    let mut own: Vec<PathBuf> = fs::read_dir(&documents)
        .map_err(failed)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    own.sort();
    let (Some(last), Some(foreign)) = (own.last(), other.folder.documents.first()) else {
        return Ok(None);
    };
    fs::remove_dir_all(last).map_err(failed)?;
    let place = documents.join("foreign");
    private::make_folder(&place).map_err(failed)?;
    for entry in fs::read_dir(foreign).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let target = place.join(path.file_name().unwrap_or_default());
        private::write(&target, &read_limited(&path)?).map_err(failed)?;
    }
    let name = last.file_name().map(|n| n.to_string_lossy().into_owned());
    Ok(name)
}

impl Tally {
    fn decide(
        &mut self,
        folder: &Folder,
        truth: &Truth,
        taken: Option<&str>,
        (models, known, args): (&Models, &Known, &Args),
    ) -> Result<(), Failure> {
        let analysis = analyse::analyse(folder, models, &known.trust.store, args.set.at())?;
        self.frames.0 += folder.frames.len();
        self.frames.1 += analysis.frames.len();
        let declaration = folder.declaration(analysis.unreadable.len());
        let call = rowcall_rollcall::call(&Evidence {
            lane: &folder.lane,
            calibration: &models.calibration,
            declaration: &declaration,
            frames: &analysis.frames,
            documents: &analysis.documents,
            registrations: &Registrations::default(),
            at: args.set.at(),
        })
        .map_err(|e| Failure::file(&folder.path, &e))?;
        self.take(&call, truth, taken, &|place| {
            analysis.documents[place].id.clone()
        });
        Ok(())
    }

    fn take(
        &mut self,
        call: &RollCall,
        truth: &Truth,
        taken: Option<&str>,
        id: &dyn Fn(usize) -> String,
    ) {
        let mut found: BTreeMap<_, String> = BTreeMap::new();
        for seat in &call.seats {
            if let (SeatOutcome::Confirmed, Some(at), Some(document)) =
                (&seat.outcome, seat.seat, seat.document)
            {
                found.insert(at, id(document));
            }
        }
        let mut is_honest = taken.is_none();
        for seat in truth.seats() {
            let own = truth
                .document_of(seat)
                .filter(|d| Some(d.as_str()) != taken);
            let by = found.remove(&seat);
            match (own, by) {
                (Some(own), by) => {
                    self.with += 1;
                    self.confirmed += u64::from(by.as_ref() == Some(&own));
                    self.wrongly += u64::from(by.is_some_and(|by| by != own));
                }
                (None, by) => {
                    is_honest = false;
                    self.without += 1;
                    self.impostors += u64::from(by.is_some());
                    self.wrongly += u64::from(by.is_some());
                }
            }
        }
        // Whoever is confirmed where nobody sits.
        self.wrongly += found.len() as u64;
        if is_honest {
            self.honest += 1;
            let is_cleared = call.vehicle.outcome == VehicleOutcome::AllConfirmed;
            self.cleared += u64::from(is_cleared);
        }
    }

    fn line(&self, speed: f32) -> SpeedLine {
        SpeedLine {
            speed,
            frames: self.frames,
            confirmed: Proportion::of(self.confirmed, self.with),
            referred: Proportion::of(self.with - self.confirmed, self.with),
            falsely_confirmed: Proportion::of(self.wrongly, self.with + self.without),
            without_document: Proportion::of(self.impostors, self.without),
            cleared: Proportion::of(self.cleared, self.honest),
        }
    }
}

fn table(report: &PassesReport) -> String {
    let mut text = format!(
        "{} passes at each speed, {} frames a second, shutter {} ms; seed {}, {:.0} s\n\n\
         {:<10} {:<14} {:<26} {:<26} {:<26} {:<26} vehicles cleared, of those in order\n",
        report.passes,
        report.rate,
        report.shutter,
        report.seed,
        report.seconds,
        "speed",
        "frames looked",
        "seats confirmed",
        "seats referred",
        "seats falsely confirmed",
        "without their document",
    );
    for line in &report.lines {
        let speed = match line.speed {
            0.0 => "stands".to_owned(),
            speed => format!("{speed} km/h"),
        };
        let frames = format!("{}/{}", line.frames.1, line.frames.0);
        text += &format!(
            "{speed:<10} {frames:<14} {:<26} {:<26} {:<26} {:<26} {}\n",
            cell(&line.confirmed),
            cell(&line.referred),
            cell(&line.falsely_confirmed),
            cell(&line.without_document),
            cell(&line.cleared),
        );
    }
    text
}

fn cell(share: &Proportion) -> String {
    super::vehicles_report::cell(share)
}
