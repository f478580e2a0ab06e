//! The calibration of the rendered people.
//!
//! All heads of the sample vehicles come from one base mesh, so that two of
//! them are far more alike than two real strangers. This measures how much:
//! every occupant's fused probe (found by the truth of the frames, not by seat
//! zones) against every portrait of the set, own and others'. Look-alike
//! siblings are left out of the non-mated scores, and said so.

use std::{collections::BTreeMap, fs, path::Path};

use rowcall_face::{
    Analyser, Detector, Embedder, FaceObservation, Gate, Image, Manifest, Parting, Probe,
    Reference, Search, Worker,
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
        portraits.insert(stem(&path), Reference::from(face.face.template));
    }
    let mut scores = Vec::new();
    for vehicle in list(&samples.join("vehicles"))? {
        for ((row, identity), probe) in probes(&vehicle, &analyser, &worker)? {
            if HIDDEN.contains(&(stem(&vehicle).as_str(), row)) {
                continue;
            }
            for (other, portrait) in &portraits {
                scores.push(Score {
                    who: identity.clone(),
                    portrait: other.clone(),
                    value: probe.compare(portrait).map_or(0.0, |s| f64::from(s.0)),
                });
            }
        }
    }
    let one_person = OnePerson::measure(&analyser, &worker, &samples)?;
    let file = file(&scores, &one_person);
    let path = root().join("models/sface-renders.calibration.json");
    let text = serde_json::to_string_pretty(&file).map_err(|e| e.to_string())?;
    fs::write(&path, text + "\n").map_err(|e| format!("{}: {e}", path.display()))
}

/// A fused probe with a portrait.
struct Score {
    who: String,
    portrait: String,
    value: f64,
}

impl Score {
    fn is_mated(&self) -> bool {
        self.who == self.portrait
    }

    fn is_of_siblings(&self) -> bool {
        !self.is_mated()
            && SIBLINGS.contains(&self.who.as_str())
            && SIBLINGS.contains(&self.portrait.as_str())
    }
}

/// The score that no occupant reaches with the document of whoever is most like
/// them, siblings included, by those scores in which nobody of `without` is.
fn guard(scores: &[Score], without: &[&str]) -> f64 {
    let others = scores
        .iter()
        .filter(|s| !s.is_mated())
        .filter(|s| !without.contains(&s.who.as_str()) && !without.contains(&s.portrait.as_str()));
    round(others.map(|s| s.value).fold(0.0, f64::max)) + 1e-3
}

/// How the sightings of a seat agree among themselves.
struct OnePerson {
    /// Of one person.
    one: Vec<f64>,
    /// Of one person with one sighting of another.
    two: Vec<f64>,
}

impl OnePerson {
    fn measure(analyser: &Analyser, worker: &Worker, samples: &Path) -> Result<Self, String> {
        let gate = Gate::default();
        let mut seats: Vec<(String, Vec<FaceObservation>)> = Vec::new();
        for vehicle in list(&samples.join("vehicles"))? {
            for ((row, identity), faces) in sightings(&vehicle, analyser, worker)? {
                if !HIDDEN.contains(&(stem(&vehicle).as_str(), row)) {
                    let fit = faces.into_iter().filter(|f| gate.passes(&f.quality));
                    seats.push((identity, fit.collect()));
                }
            }
        }
        let agreement = |faces: &[&FaceObservation]| {
            let weighed: Vec<_> = faces
                .iter()
                .map(|f| (&f.template, f.quality.weight()))
                .collect();
            Parting::of(&weighed).map(|p| f64::from(p.agreement.0))
        };
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for (who, faces) in &seats {
            let own: Vec<&FaceObservation> = faces.iter().collect();
            let found = agreement(&own);
            if let Some(found) = found {
                println!("{who}: {} sightings agree by {found:.3}", own.len());
            }
            one.extend(found);
            for (other, strangers) in &seats {
                let siblings =
                    SIBLINGS.contains(&who.as_str()) && SIBLINGS.contains(&other.as_str());
                if who != other && !siblings {
                    let mixed = strangers.iter().map(|s| [own.as_slice(), &[s]].concat());
                    two.extend(mixed.filter_map(|faces| agreement(&faces)));
                }
            }
        }
        Ok(Self { one, two })
    }

    fn least(&self) -> f64 {
        round(self.one.iter().copied().fold(1.0, f64::min))
    }

    fn greatest(&self) -> f64 {
        round(self.two.iter().copied().fold(-1.0, f64::max))
    }

    /// A little below what every seat of one person reaches.
    fn score(&self) -> f64 {
        round(self.least() - 0.02)
    }
}

/// How the guard does on people whom it wasn't set on: each person left out in
/// turn, how many of their own seats fall below the guard of the others, and how
/// many of their look-alikes' documents exceed it. Siblings are left out together
/// for the second, since one of them is the other's look-alike.
fn left_out(scores: &[Score]) -> Value {
    let mut below = Vec::new();
    let (mut own, mut like, mut exceeding) = (0, 0, 0);
    let mut people: Vec<&str> = scores.iter().map(|s| s.who.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    for who in people {
        let others = guard(scores, &[who]);
        for score in scores.iter().filter(|s| s.who == who) {
            if score.is_mated() {
                own += 1;
                if score.value < others {
                    below.push(json!({"who": who, "score": round(score.value), "guard": others}));
                }
            } else {
                like += 1;
                let pair = [who, score.portrait.as_str()];
                exceeding += usize::from(score.value >= guard(scores, &pair));
            }
        }
    }
    json!({"own_seats": own, "below_the_guard": below, "others_documents": like, "beyond_the_guard": exceeding})
}

fn file(scores: &[Score], one_person: &OnePerson) -> Value {
    let of = |is: &dyn Fn(&Score) -> bool| -> Vec<f64> {
        scores.iter().filter(|s| is(s)).map(|s| s.value).collect()
    };
    let mut mated = of(&Score::is_mated);
    let mut non_mated = of(&|s| !s.is_mated() && !s.is_of_siblings());
    mated.sort_by(f64::total_cmp);
    non_mated.sort_by(f64::total_cmp);
    let (m, n) = (Normal::fit(&mated), Normal::fit(&non_mated));
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
            siblings isn't in the non-mated scores; the look-alike guard is theirs.",
        "provisional": false,
        "fmr": fmr,
        "llr": llr,
        "mated": mated_points,
        "look_alikes": [{"share": 0.0, "score": guard(scores, &[])}],
        "one_person": one_person.score(),
        "provenance": {
            "command": "cargo xtask calibrate-renders",
            "mated": {"n": mated.len(), "mean": round(m.mean), "deviation": round(m.deviation),
                "least": mated.first().copied().map(round)},
            "non_mated": {"n": non_mated.len(), "mean": round(n.mean), "deviation": round(n.deviation),
                "greatest": non_mated.last().copied().map(round)},
            "look_alikes": {
                "what": "the score that no occupant reaches with the document of whoever is most like them, siblings included",
                "each_person_left_out": left_out(scores)
            },
            "one_person": {
                "what": "0.02 below the least agreement of the parts of a seat of one person; two_people: all of one person's \
                    sightings with one sighting of another, siblings left out",
                "one_person": {"n": one_person.one.len(), "least": one_person.least()},
                "two_people": {"n": one_person.two.len(), "greatest": one_person.greatest(),
                    "unseen": one_person.two.iter().filter(|a| **a >= one_person.score()).count()}
            },
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

fn sightings(
    vehicle: &Path,
    analyser: &Analyser,
    worker: &Worker,
) -> Result<BTreeMap<(u8, String), Vec<FaceObservation>>, String> {
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
    Ok(sightings)
}

fn probes(
    vehicle: &Path,
    analyser: &Analyser,
    worker: &Worker,
) -> Result<BTreeMap<(u8, String), Probe>, String> {
    let gate = Gate::default();
    let fuse =
        |faces: &Vec<FaceObservation>| gate.fuse(faces.iter().map(|f| (&f.template, &f.quality)));
    let seats = sightings(vehicle, analyser, worker)?;
    Ok(seats
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
