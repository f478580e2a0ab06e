//! `rowcall evaluate vehicles`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use jiff::{Timestamp, civil::Date, tz::Offset};
use rowcall_evaluate::{MAX_TRUTH, Trial, Truth, VehiclesReport};
use rowcall_pipeline::{
    analyse::{self, Analysis},
    folder::entries::subfolders,
    folder::{self, Folder},
    models,
    models::Models,
};

use super::deliver::{deliver, write_all};
use crate::{evaluate::vehicles_report, failure::Failure, private::ReportFolder};

/// The most vehicles that are measured in one go.
const MAX_VEHICLES: usize = 10_000;

/// Measure vehicles whose truth is known (truth.json): what each stage loses by
/// row, seat and camera, false confirmations, and how many vehicles clear.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) set: VehicleSet,
    /// Write index.html, vehicles.json and the plots into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// Vehicles with their truth, as all commands that measure them take them.
#[derive(clap::Args)]
pub(crate) struct VehicleSet {
    /// Vehicle folders, or folders of vehicle folders.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The lane file of all of them.
    #[arg(long, value_name = "FILE", conflicts_with = "lanes")]
    lane: Option<PathBuf>,
    /// A folder of lane files named after the set-up in truth.json; for
    /// vehicles without a vehicle.toml.
    #[arg(long, value_name = "DIR")]
    lanes: Option<PathBuf>,
    /// A folder of trusted certificates and master lists, beside the lane's.
    #[arg(long, value_name = "DIR")]
    trust: Vec<PathBuf>,
    /// The day to check documents at, like 2026-11-23 [default: today].
    #[arg(long, value_name = "DATE", value_parser = crate::argument::date)]
    at: Option<Date>,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// A vehicle, ready to be looked at.
pub(crate) struct Known {
    pub(crate) folder: Folder,
    pub(crate) truth: Truth,
    pub(crate) trust: folder::Trust,
}

/// The models by what lanes name, loaded once each.
#[derive(Default)]
pub(crate) struct Loaded(BTreeMap<(String, Option<String>), Models>);

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let at = args.set.at();
    let mut loaded = Loaded::default();
    let mut trials = Vec::new();
    for known in args.set.open()? {
        let models = args.set.models(&mut loaded, &known.folder)?;
        let analysis = analyse::analyse(&known.folder, models, &known.trust.store, at)?;
        if let Some((file, why)) = analysis.unreadable.first() {
            return Err(Failure::file(&known.folder.path.join(file), why));
        }
        trials.push(known.trial(models, &analysis, at)?);
    }
    let mut report = VehiclesReport::new(&trials);
    report.seconds = started.elapsed().as_secs_f64();
    deliver(
        args.json,
        folder.as_ref(),
        &report,
        &vehicles_report::table(&report),
        |folder, json| write_all(folder, vehicles_report::files(&report, json)?),
    )
}

impl VehicleSet {
    /// The day.
    pub(crate) fn at(&self) -> Date {
        self.at
            .unwrap_or_else(|| Offset::UTC.to_datetime(Timestamp::now()).date())
    }

    /// The vehicles in the order of the arguments, those of a folder in the
    /// order of their names.
    pub(crate) fn open(&self) -> Result<Vec<Known>, Failure> {
        let mut paths = Vec::new();
        for folder in &self.folders {
            if folder.join("truth.json").is_file() {
                paths.push(folder.clone());
                continue;
            }
            let own: Vec<PathBuf> = subfolders(folder)?
                .into_iter()
                .filter(|f| f.join("truth.json").is_file())
                .collect();
            if own.is_empty() {
                return Err(Failure::file(
                    folder,
                    &"neither this folder nor one in it has a truth.json to measure against",
                ));
            }
            paths.extend(own);
        }
        if paths.len() > MAX_VEHICLES {
            return Err(Failure::new(format!(
                "{} vehicles are too many for one run, at most {MAX_VEHICLES} are measured",
                paths.len()
            )));
        }
        paths.iter().map(|path| self.vehicle(path)).collect()
    }

    fn vehicle(&self, path: &Path) -> Result<Known, Failure> {
        let file = path.join("truth.json");
        let size = fs::metadata(&file).map_err(|e| Failure::file(&file, &e))?;
        if size.len() > MAX_TRUTH {
            return Err(Failure::file(
                &file,
                &format!("more than {MAX_TRUTH} bytes"),
            ));
        }
        let json = fs::read(&file).map_err(|e| Failure::file(&file, &e))?;
        let truth = Truth::parse(&json).map_err(|e| Failure::file(&file, &e))?;
        let has_own = path.join("vehicle.toml").is_file();
        let lane = match (&self.lane, &truth.camera_setup) {
            (Some(lane), _) => Some(lane.clone()),
            (None, _) if has_own => None,
            (None, Some(name)) if is_name(name) => {
                let lanes = self.lanes.clone().unwrap_or_else(sample_lanes);
                Some(lanes.join(format!("{name}.toml")))
            }
            (None, _) => {
                return Err(Failure::file(
                    &file,
                    &"it names no camera_setup, and there is no vehicle.toml; give --lane FILE",
                ));
            }
        };
        let declared = truth.declared_occupants.filter(|_| !has_own);
        let folder = Folder::open(path, lane.as_deref(), declared)?;
        let trust = folder::trust_store(&folder, &self.trust, &[])?;
        Ok(Known {
            folder,
            truth,
            trust,
        })
    }

    /// The models that the vehicle's lane names.
    pub(crate) fn models<'l>(
        &self,
        loaded: &'l mut Loaded,
        folder: &Folder,
    ) -> Result<&'l Models, Failure> {
        let policy = &folder.lane.policy;
        let key = (policy.model.clone(), policy.calibration.clone());
        if !loaded.0.contains_key(&key) {
            let from = models::folder(self.models.clone())?;
            let models = Models::load(&from, &key.0, key.1.as_deref())?;
            loaded.0.insert(key.clone(), models);
        }
        Ok(&loaded.0[&key])
    }
}

impl Known {
    /// The vehicle judged by what the models saw.
    pub(crate) fn trial(
        &self,
        models: &Models,
        analysis: &Analysis,
        at: Date,
    ) -> Result<Trial, Failure> {
        let evidence = rowcall_rollcall::Evidence {
            lane: &self.folder.lane,
            calibration: &models.calibration,
            declaration: &self.folder.declaration(analysis.unreadable.len()),
            frames: &analysis.frames,
            documents: &analysis.documents,
            registrations: &rowcall_face::Registrations::default(),
            at,
        };
        Trial::run(&self.folder.name, &self.truth, &evidence)
            .map_err(|e| Failure::file(&self.folder.path, &e))
    }
}

/// The lanes of the sample vehicles in the source tree.
fn sample_lanes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/lanes")
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
