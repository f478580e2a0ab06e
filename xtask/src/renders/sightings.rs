//! Who was seen where in the rendered vehicles, by the truth of their frames.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rowcall_face::{
    Analyser, Detector, Embedder, FaceObservation, Gate, Image, Manifest, Search, Template, Worker,
};
use rowcall_picture::Limits;
use rowcall_template::danger::Unguarded as _;
use serde::Deserialize;

use crate::root;

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

/// Every occupant's faces, by row and name.
pub(super) fn sightings(
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

/// Every occupant's fused probe, by row and name.
pub(super) fn probes(
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

pub(super) fn analyser() -> Result<Analyser, String> {
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

pub(super) fn picture(path: &Path) -> Result<Image, String> {
    let file = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Image::decode(&file, &Limits::FRAME).map_err(|e| format!("{}: {e}", path.display()))
}

/// What is in a folder, in order of names.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

pub(super) fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
