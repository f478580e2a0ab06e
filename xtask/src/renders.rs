//! The calibration of the rendered people.
//!
//! All heads of the sample vehicles come from one base mesh, so that two of
//! them are far more alike than two real strangers. This measures how much:
//! every occupant's fused probe (found by the truth of the frames, not by seat
//! zones) against every portrait of the set, own and others'. Look-alike
//! siblings are left out of the non-mated scores, and said so.

mod measured;
mod normal;
mod sightings;

use std::{collections::BTreeMap, fs, path::Path};

use rowcall_face::{Analyser, Calibration, FaceObservation, Gate, Worker};
use rowcall_template::{
    comparison::Parting,
    danger::{Role as _, Unguarded as _},
};
use serde_json::{Value, json};

use crate::root;
use measured::{Agreement, Measured, SIBLINGS, Score};
use normal::{Normal, llr, round, z_of};
use sightings::{analyser, list, picture, probes, sightings, stem};

/// Rows that the README of the vehicles says are not to be captured.
const HIDDEN: [(&str, u8); 1] = [("minivan", 3)];

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
