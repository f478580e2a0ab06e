//! The calibration of the rendered people.
//!
//! All heads of the sample vehicles come from one base mesh, so that two of
//! them are far more alike than two real strangers. This measures how much:
//! every occupant's fused probe (found by the truth of the frames, not by seat
//! zones) against every portrait of the set, own and others'. Look-alike
//! siblings are left out of the non-mated scores, and said so.

use std::{collections::BTreeMap, fs, path::Path};

use rowcall_face::{
    Analyser, Calibration, Detector, Embedder, FaceObservation, Gate, Image, Manifest, Search,
    Template, Worker,
};
use rowcall_picture::Limits;
use rowcall_template::{
    comparison::Parting,
    danger::{Role as _, Unguarded as _},
};
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
        portraits.insert(stem(&path), face.face.template.opened());
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
    let measured = Measured {
        scores,
        agreements: agreements(&analyser, &worker, &samples)?,
    };
    let file = file(&measured)?;
    let path = root().join("models/sface-renders.calibration.json");
    let text = serde_json::to_string_pretty(&file).map_err(|e| e.to_string())?;
    fs::write(&path, text + "\n").map_err(|e| format!("{}: {e}", path.display()))
}

/// What the calibration is made of.
struct Measured {
    scores: Vec<Score>,
    agreements: Vec<Agreement>,
}

/// A fused probe with a portrait.
#[derive(Clone)]
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

/// How the sightings of a seat agree among themselves.
#[derive(Clone)]
struct Agreement {
    who: String,
    /// Somebody else of whom one sighting is among them.
    stranger: Option<String>,
    value: f64,
}

fn agreements(
    analyser: &Analyser,
    worker: &Worker,
    samples: &Path,
) -> Result<Vec<Agreement>, String> {
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
    let mut found = Vec::new();
    for (who, faces) in &seats {
        let own: Vec<&FaceObservation> = faces.iter().collect();
        found.extend(agreement(&own).map(|value| Agreement {
            who: who.clone(),
            stranger: None,
            value,
        }));
        for (other, strangers) in &seats {
            let siblings = SIBLINGS.contains(&who.as_str()) && SIBLINGS.contains(&other.as_str());
            if who != other && !siblings {
                let mixed = strangers.iter().map(|s| [own.as_slice(), &[s]].concat());
                found.extend(mixed.filter_map(|faces| {
                    agreement(&faces).map(|value| Agreement {
                        who: who.clone(),
                        stranger: Some(other.clone()),
                        value,
                    })
                }));
            }
        }
    }
    Ok(found)
}

impl Measured {
    /// What would have been measured if somebody, or several, weren't in the set.
    fn without(&self, left_out: &[&str]) -> Self {
        let is_out = |who: &str| left_out.contains(&who);
        let scores = self.scores.iter().cloned();
        let agreements = self.agreements.iter().cloned();
        Self {
            scores: scores
                .filter(|s| !is_out(&s.who) && !is_out(&s.portrait))
                .collect(),
            agreements: agreements
                .filter(|a| !is_out(&a.who) && !a.stranger.as_deref().is_some_and(is_out))
                .collect(),
        }
    }

    fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = self.scores.iter().map(|s| s.who.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    fn sorted(&self, is: impl Fn(&Score) -> bool) -> Vec<f64> {
        let of = self.scores.iter().filter(|s| is(s));
        let mut values: Vec<f64> = of.map(|s| s.value).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    fn mated(&self) -> Vec<f64> {
        self.sorted(Score::is_mated)
    }

    fn non_mated(&self) -> Vec<f64> {
        self.sorted(|s| !s.is_mated() && !s.is_of_siblings())
    }

    /// The score that no occupant reaches with the document of whoever is most like
    /// them, siblings included.
    fn guard(&self) -> f64 {
        let others = self.sorted(|s| !s.is_mated());
        round(others.last().copied().unwrap_or(0.0)) + 1e-3
    }

    /// The least agreement of each person's seats, in rising order.
    fn least_agreements(&self) -> Vec<f64> {
        let mut least: BTreeMap<&str, f64> = BTreeMap::new();
        for a in self.agreements.iter().filter(|a| a.stranger.is_none()) {
            let own = least.entry(&a.who).or_insert(a.value);
            *own = own.min(a.value);
        }
        let mut least: Vec<f64> = least.into_values().collect();
        least.sort_by(f64::total_cmp);
        least
    }

    /// The agreement that is one person's: as far below the least of all people as
    /// the next person's least lies above it. So no seat falls below the score that
    /// is set without its person.
    fn one_person(&self) -> f64 {
        match self.least_agreements()[..] {
            [first, second, ..] => round(first - (second - first)),
            _ => 0.0,
        }
    }
}

/// The curves and scores of a calibration.
fn curves(measured: &Measured) -> Value {
    let (mated, non_mated) = (measured.mated(), measured.non_mated());
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
        // All its probes are fused.
        "fused": {"fmr": fmr, "probes": mated.len(), "non_mated": non_mated.len()},
        "llr": llr,
        "mated": mated_points,
        "look_alikes": [{"share": 0.0, "score": measured.guard()}],
        "one_person": measured.one_person(),
        "provenance": {},
    })
}

/// How the calibration does on people whom it wasn't set on: each person left out in
/// turn, what becomes of their own seats, of their documents with others, and of
/// seats that they share with others. The sibling is left out too where one of them
/// is compared with the other's document, since one is the other's look-alike.
fn left_out(measured: &Measured) -> Result<Value, String> {
    let parse =
        |m: &Measured| Calibration::parse(&curves(m).to_string()).map_err(|e| e.to_string());
    let (mut below_guard, mut below_one_person) = (Vec::new(), Vec::new());
    let (mut below_threshold, mut beyond_threshold) = ([0; 3], [0; 3]);
    let (mut own_seats, mut others, mut beyond_guard) = (0, 0, 0);
    let (mut mixtures, mut unseen) = (0, 0);
    for who in measured.people() {
        let set = parse(&measured.without(&[who]))?;
        let guard = set.look_alike(0.0).map_or(1.0, |s| f64::from(s.0));
        let thresholds = BUDGETS.map(|rate| f64::from(set.threshold(rate).score.0));
        let count = |counts: &mut [usize; 3], is: &dyn Fn(f64) -> bool| {
            for (count, threshold) in counts.iter_mut().zip(thresholds) {
                *count += usize::from(is(threshold));
            }
        };
        for score in measured.scores.iter().filter(|s| s.who == who) {
            if score.is_mated() {
                own_seats += 1;
                count(&mut below_threshold, &|t| score.value < t);
                if score.value < guard {
                    below_guard
                        .push(json!({"who": who, "score": round(score.value), "guard": guard}));
                }
                continue;
            }
            others += 1;
            let pair = measured.without(&[who, score.portrait.as_str()]);
            beyond_guard += usize::from(score.value >= pair.guard());
            if !score.is_of_siblings() {
                count(&mut beyond_threshold, &|t| score.value >= t);
            }
        }
        let least = f64::from(set.one_person().0);
        for agreement in measured.agreements.iter().filter(|a| a.who == who) {
            let value = agreement.value;
            if agreement.stranger.is_some() {
                mixtures += 1;
                unseen += usize::from(value >= least);
            } else if value < least {
                below_one_person.push(
                    json!({"who": who, "agreement": round(value), "one_person": round(least)}),
                );
            }
        }
    }
    Ok(json!({
        "own_seats": own_seats,
        "others_documents": others,
        "thresholds": {"at": BUDGETS, "own_seats_below": below_threshold, "others_documents_beyond": beyond_threshold},
        "guard": {"own_seats_below": below_guard, "others_documents_beyond": beyond_guard},
        "one_person": {"own_seats_below": below_one_person, "mixtures": mixtures, "mixtures_unseen": unseen}
    }))
}

/// The rates that a vehicle of 1, 2 and 6 people with a document each leaves for a
/// comparison, of one false confirmation in a thousand.
const BUDGETS: [f64; 3] = [1e-3, 1e-3 / 4.0, 1e-3 / 36.0];

fn file(measured: &Measured) -> Result<Value, String> {
    let (mated, non_mated) = (measured.mated(), measured.non_mated());
    let (m, n) = (Normal::fit(&mated), Normal::fit(&non_mated));
    let one: Vec<f64> = measured.least_agreements();
    let one_person = measured.one_person();
    let two = measured.agreements.iter().filter(|a| a.stranger.is_some());
    let two: Vec<f64> = two.map(|a| a.value).collect();
    let seats = measured.agreements.len() - two.len();
    let mut file = curves(measured);
    file["provenance"] = json!({
        "command": "cargo xtask calibrate-renders",
        "mated": {"n": mated.len(), "mean": round(m.mean), "deviation": round(m.deviation),
            "least": mated.first().copied().map(round)},
        "non_mated": {"n": non_mated.len(), "mean": round(n.mean), "deviation": round(n.deviation),
            "greatest": non_mated.last().copied().map(round)},
        "look_alikes": "the score that no occupant reaches with the document of whoever is most like them, siblings included",
        "one_person": {
            "what": "as far below the least agreement of a seat's parts as the next person's least lies above it; two_people: \
                all of one person's sightings with one sighting of another, siblings left out",
            "one_person": {"n": seats, "least_of_each_person": one.iter().copied().map(round).collect::<Vec<_>>()},
            "two_people": {"n": two.len(), "greatest": round(two.iter().copied().fold(-1.0, f64::max)),
                "unseen": two.iter().filter(|a| **a >= one_person).count()}
        },
        "each_person_left_out": left_out(measured)?,
        "curves": "normal distributions fitted to both; fmr given no rarer than one in the number of comparisons"
    });
    Ok(file)
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
) -> Result<BTreeMap<(u8, String), Template>, String> {
    let gate = Gate::default();
    let fuse = |faces: &Vec<FaceObservation>| {
        Template::fuse(gate.weigh(faces.iter().map(|f| (&f.template, &f.quality))))
    };
    let seats = sightings(vehicle, analyser, worker)?;
    Ok(seats
        .into_iter()
        .filter_map(|(who, faces)| Some((who, fuse(&faces)?)))
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
