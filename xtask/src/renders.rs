//! The calibration of the rendered people.
//!
//! All heads of the sample vehicles come from one base mesh, so that two of
//! them are far more alike than two real strangers. This measures how much:
//! every occupant's fused probe (found by the truth of the frames, not by seat
//! zones) against every portrait of the set, own and others'. Look-alike
//! siblings are left out of the non-mated scores, and said so.

use std::{collections::BTreeMap, fs, path::Path};

use rowcall_face::{
    Analyser, Detector, Embedder, FaceObservation, Gate, Image, Manifest, Probe, Reference, Search,
    Template, Worker,
};
use rowcall_picture::Limits;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::root;

const SIBLINGS: [&str; 2] = ["p15", "p16"];
/// Rows that the README of the vehicles says are not to be captured.
const HIDDEN: [(&str, u8); 1] = [("minivan", 3)];

#[derive(Deserialize)]
struct Truth {
    frames: Vec<TruthFrame>,
}

#[derive(Deserialize)]
struct TruthFrame {
    file: String,
    occupants: Vec<Occupant>,
}

#[derive(Deserialize)]
struct Occupant {
    seat: Seat,
    identity: String,
    head_box: [f32; 4],
}

#[derive(Deserialize)]
struct Seat {
    row: u8,
}

/// Measures and writes `models/sface-renders.calibration.json`.
pub(crate) fn calibrate() -> Result<(), String> {
    let (analyser, worker) = (analyser()?, Worker::new());
    let samples = root().join("samples");
    let mut portraits = BTreeMap::new();
    for path in list(&samples.join("portraits"))? {
        let face = analyser
            .portrait(&picture(&path)?, &worker)
            .map_err(|e| e.to_string())?;
        let face = face.ok_or_else(|| format!("{}: no face", path.display()))?;
        portraits.insert(stem(&path), Reference::from(face.template));
    }
    let (mut mated, mut non_mated) = (Vec::new(), Vec::new());
    for vehicle in list(&samples.join("vehicles"))? {
        for ((row, identity), probe) in probes(&vehicle, &analyser, &worker)? {
            if HIDDEN.contains(&(stem(&vehicle).as_str(), row)) {
                continue;
            }
            for (other, portrait) in &portraits {
                let score = probe.compare(portrait).map_or(0.0, |s| f64::from(s.0));
                if *other == identity {
                    println!("{} {identity}: {score:.3}", stem(&vehicle));
                    mated.push(score);
                } else if !(SIBLINGS.contains(&other.as_str())
                    && SIBLINGS.contains(&identity.as_str()))
                {
                    non_mated.push(score);
                }
            }
        }
    }
    let file = file(&mut mated, &mut non_mated);
    let path = root().join("models/sface-renders.calibration.json");
    let text = serde_json::to_string_pretty(&file).map_err(|e| e.to_string())?;
    fs::write(&path, text + "\n").map_err(|e| format!("{}: {e}", path.display()))
}

fn file(mated: &mut [f64], non_mated: &mut [f64]) -> Value {
    mated.sort_by(f64::total_cmp);
    non_mated.sort_by(f64::total_cmp);
    let (m, n) = (Normal::fit(mated), Normal::fit(non_mated));
    // The curve is the fitted normal's, as far as the number of comparisons
    // reaches; the tail beyond is left to the reader of the file.
    let rarest = 1.0 / non_mated.len() as f64;
    let fmr: Vec<Value> = [
        (0.1, 1.2816),
        (0.03, 1.8808),
        (0.01, 2.3263),
        (rarest, z_of(rarest)),
    ]
    .map(|(rate, z)| json!({"fmr": rate, "threshold": round(n.mean + z * n.deviation)}))
    .to_vec();
    let llr: Vec<Value> = (0..)
        .map(|i| n.mean + 0.02 * f64::from(i))
        .take_while(|s| *s <= 1.0)
        .map(|score| json!({"score": round(score), "nats": round(llr(score, &m, &n))}))
        .collect();
    let quantiles = [
        (0.005, 2.5758),
        (0.01, 2.3263),
        (0.025, 1.96),
        (0.05, 1.6449),
    ];
    let mated_points =
        quantiles.map(|(rate, z)| json!({"fnmr": rate, "score": round(m.mean - z * m.deviation)}));
    json!({
        "format": 1,
        "name": "sface-renders",
        "model": "sface",
        "population": "Rendered people whose heads come from one base mesh: 20 portraits, 19 fused probes of the sample \
            vehicles. It says nothing about real people, whose strangers are far less alike. The one pair of rendered \
            siblings isn't in the non-mated scores; it reaches 0.75.",
        "provisional": false,
        "fmr": fmr,
        "llr": llr,
        "mated": mated_points,
        "provenance": {
            "command": "cargo xtask calibrate-renders",
            "mated": {"n": mated.len(), "mean": round(m.mean), "deviation": round(m.deviation),
                "least": mated.first().copied().map(round)},
            "non_mated": {"n": non_mated.len(), "mean": round(n.mean), "deviation": round(n.deviation),
                "greatest": non_mated.last().copied().map(round)},
            "curves": "normal distributions fitted to both; fmr given no rarer than one in the number of comparisons"
        }
    })
}

struct Normal {
    mean: f64,
    deviation: f64,
}

impl Normal {
    fn fit(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Self {
            mean,
            deviation: variance.sqrt(),
        }
    }

    fn log_density(&self, x: f64) -> f64 {
        -0.5 * ((x - self.mean) / self.deviation).powi(2) - self.deviation.ln()
    }
}

/// The ratio of the two densities; above the mated mean a higher score is no
/// less evidence, so only the non-mated density goes on falling there.
fn llr(score: f64, mated: &Normal, non_mated: &Normal) -> f64 {
    mated.log_density(score.min(mated.mean)) - non_mated.log_density(score)
}

/// The normal deviate that is exceeded with probability `p` < 0.1 (Abramowitz
/// and Stegun, 26.2.23; error below 4.5e-4).
fn z_of(p: f64) -> f64 {
    let t = (-2.0 * p.ln()).sqrt();
    t - (2.515_517 + 0.802_853 * t + 0.010_328 * t * t)
        / (1.0 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t * t * t)
}

fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn probes(
    vehicle: &Path,
    analyser: &Analyser,
    worker: &Worker,
) -> Result<BTreeMap<(u8, String), Probe>, String> {
    let text = fs::read_to_string(vehicle.join("truth.json"))
        .map_err(|e| format!("{}: {e}", vehicle.display()))?;
    let truth: Truth =
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", vehicle.display()))?;
    let mut sightings: BTreeMap<(u8, String), Vec<FaceObservation>> = BTreeMap::new();
    for frame in &truth.frames {
        let image = picture(&vehicle.join(&frame.file))?;
        for face in analyser
            .observe(&image, Search::Frame, worker)
            .map_err(|e| e.to_string())?
        {
            let centre = face.face.centre();
            let away = |o: &&Occupant| {
                let [x0, y0, x1, y1] = o.head_box;
                (centre.x - (x0 + x1) / 2.0).hypot(centre.y - (y0 + y1) / 2.0)
            };
            let heads = frame.occupants.iter().filter(|o| {
                let [x0, y0, x1, y1] = o.head_box;
                (x0..x1).contains(&centre.x) && (y0..y1).contains(&centre.y)
            });
            if let Some(o) = heads.min_by(|a, b| away(a).total_cmp(&away(b))) {
                sightings
                    .entry((o.seat.row, o.identity.clone()))
                    .or_default()
                    .push(face);
            }
        }
    }
    let gate = Gate::default();
    let fuse = |faces: &Vec<FaceObservation>| {
        let fit = faces
            .iter()
            .filter(|f| f.quality.failures(&gate).is_empty());
        Template::fuse(fit.map(|f| (&f.template, f.quality.weight())))
    };
    Ok(sightings
        .into_iter()
        .filter_map(|(who, faces)| Some((who, Probe::from(fuse(&faces)?))))
        .collect())
}

fn analyser() -> Result<Analyser, String> {
    let models = root().join("models");
    let manifest = |name: &str| {
        let text = fs::read_to_string(models.join(name)).map_err(|e| format!("{name}: {e}"))?;
        Manifest::parse(&text).map_err(|e| format!("{name}: {e}"))
    };
    let read = |file: &str| fs::read(models.join(file)).map_err(|e| format!("{file}: {e}"));
    match (manifest("yunet.toml")?, manifest("sface.toml")?) {
        (Manifest::Detector(d), Manifest::Embedder(e)) => {
            let (detector, embedder) = (read(&d.file)?, read(&e.file)?);
            Ok(Analyser {
                detector: Detector::load(d, &detector).map_err(|e| e.to_string())?,
                embedder: Embedder::load(e, &embedder).map_err(|e| e.to_string())?,
            })
        }
        _ => Err("yunet.toml and sface.toml must describe a detector and an embedder".to_owned()),
    }
}

fn picture(path: &Path) -> Result<Image, String> {
    let file = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Image::decode(&file, &Limits::FRAME).map_err(|e| format!("{}: {e}", path.display()))
}

fn list(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
