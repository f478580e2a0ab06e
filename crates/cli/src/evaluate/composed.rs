//! `rowcall evaluate composed`.

mod given;
mod people;
mod report;
mod scene;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use rowcall_evaluate::{ComposedReport, GivenVehicle, Manifest, Outcome, PeopleCount, Pool};
use rowcall_pipeline::{
    folder::entries::read_limited,
    workers::{on_every_core, progress},
};

use super::{
    deliver::{deliver, write_all},
    vehicles::{Loaded, VehicleSet},
};
use crate::{failure::Failure, private::ReportFolder};
use given::Given;
use people::People;
use scene::Composer;

/// Compose vehicles of real photographs in memory: honest ones, and each way in
/// which one must not be cleared (an absent or wrong holder, the nearest look-alike
/// of a whole set, two people on one seat, a page with a passport's number and
/// another face, a face between the seats, a camera that is dead or frozen). Each
/// is decided as `check` decides it; nothing is written but the report.
///
/// The lanes of the given vehicles are taken without the calibration that they
/// name: photographs are judged by the model's own.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: VehicleSet,
    /// The photographs: a CSV file with the columns path and subject. Of each
    /// subject the first that passes the portrait's gate (one face, from the front,
    /// nothing before it) is the document's portrait, as an issuer would have taken
    /// it; the first of the others sits in the vehicle. Who has no such photograph is
    /// left out, and counted.
    #[arg(long, value_name = "M.csv")]
    manifest: PathBuf,
    /// The folder that the manifest's paths are relative to.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// How many vehicles: 22 in a row have every kind, 6 of them honest.
    #[arg(long, value_name = "N", default_value_t = 220, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    vehicles: u64,
    /// How many frames of each camera: the first and the last, and those between.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=20))]
    frames: u8,
    /// Compose larger vehicles too, of two given ones behind each other: the rows of
    /// the second follow those of the first, and each row is seen by its own cameras.
    #[arg(long)]
    longer: bool,
    /// What the draws start from: the same seed gives the same vehicles.
    #[arg(long, value_name = "N", default_value_t = 9_303)]
    seed: u64,
    /// Write the composed frames of every vehicle into this folder, to look at.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write index.html, composed.json and the plots into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// Composes, decides, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let at = args.set.at();
    let manifest = Manifest::parse(&read_limited(&args.manifest)?)
        .map_err(|e| Failure::file(&args.manifest, &e))?;
    let mut known = args.set.open()?;
    for vehicle in &mut known {
        vehicle.folder.lane.policy.calibration = None;
    }
    let mut loaded = Loaded::default();
    let first = known
        .first()
        .ok_or_else(|| Failure::new("there is no vehicle to compose from".to_owned()))?;
    let model = first.folder.lane.policy.model.clone();
    if let Some(other) = known.iter().find(|k| k.folder.lane.policy.model != model) {
        return Err(Failure::file(
            &other.folder.lane_path,
            &format!("its lane names another model than the first vehicle's, {model:?}"),
        ));
    }
    let gate = first.folder.lane.policy.portrait;
    let models = args.set.models(&mut loaded, &first.folder)?;
    let mut given: Vec<Given> = known
        .into_iter()
        .map(|known| Given::read(known, models, usize::from(args.frames)))
        .collect::<Result<_, _>>()?;
    if args.longer {
        let longer = Given::longer(&given);
        given.extend(longer);
    }
    let people = People::new(&manifest, &args.images, models, &gate)?;
    let pool = Pool {
        people: people.able(),
        vehicles: given
            .iter()
            .map(|g| GivenVehicle {
                seats: g.seats.clone(),
                cameras: g.cameras(),
            })
            .collect(),
        frames: usize::from(args.frames),
        seed: args.seed,
    };
    // Whoever is most like an occupant is looked for among all, once.
    let mut compositions = Vec::new();
    for number in 0..args.vehicles {
        compositions.push(pool.composition(number, |person| people.most_like(person))?);
    }
    let composer = Composer {
        given: &given,
        people: &people,
        models,
        at,
        keep: args.keep.as_deref(),
    };
    let bar = progress(args.vehicles);
    let outcomes = on_every_core(compositions.len(), &bar, |i, worker| {
        composer.decide(&compositions[i], worker)
    });
    bar.finish_and_clear();
    let outcomes: Vec<Outcome> = outcomes.into_iter().collect::<Result<_, _>>()?;
    let counts = PeopleCount {
        drawn_from: pool.people.len(),
        without_portrait: people.unfit(),
        look_alikes_among: people.portraits(),
    };
    let mut report = ComposedReport::new(outcomes, args.seed, usize::from(args.frames), counts);
    report.seconds = started.elapsed().as_secs_f64();
    deliver(
        args.json,
        folder.as_ref(),
        &report,
        &report::table(&report),
        |folder, json| write_all(folder, report::files(&report, json)?),
    )
}
