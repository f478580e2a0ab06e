//! Where models are, and loading them.

use std::path::{Path, PathBuf};

use rowcall_face::{
    Analyser, Calibration, Detector, DetectorManifest, Embedder, EmbedderManifest, Manifest,
};

use crate::Error;

/// A model file is at most this large; SFace has 11 MB.
const MAX_MODEL: u64 = 1 << 30;

/// Everything that turns pictures into calibrated scores.
pub struct Models {
    /// Finds, measures and embeds faces.
    pub analyser: Analyser,
    /// What scores mean.
    pub calibration: Calibration,
    /// The detector, by its manifest.
    pub detector_name: String,
}

impl Models {
    /// The detector and the embedding model `name` with the calibration that
    /// the policy names, or else the manifest.
    pub fn load(folder: &Path, name: &str, calibration: Option<&str>) -> Result<Self, Error> {
        let (detector, embedder) = choose(folder, name)?;
        let calibration = load_calibration(folder, &embedder, calibration)?;
        let detector_name = detector.name.clone();
        let analyser = load(folder, detector, embedder)?;
        Ok(Self {
            analyser,
            calibration,
            detector_name,
        })
    }
}

/// The detector and the embedding model `name` alone, for measuring a model
/// that has no calibration yet.
pub fn uncalibrated(folder: &Path, name: &str) -> Result<Analyser, Error> {
    let (detector, embedder) = choose(folder, name)?;
    load(folder, detector, embedder)
}

/// The detector alone, for pictures of pages.
pub fn detector(folder: &Path) -> Result<Detector, Error> {
    for path in manifests(folder)? {
        let text = std::fs::read_to_string(&path).map_err(|e| Error::file(&path, &e))?;
        let manifest = Manifest::parse(&text).map_err(|e| Error::file(&path, &e))?;
        if let Manifest::Detector(manifest) = manifest {
            let path = folder.join(&manifest.file);
            return Detector::load(manifest, &read(&path)?).map_err(|e| Error::file(&path, &e));
        }
    }
    Err(missing(folder, "a face detector"))
}

fn missing(folder: &Path, what: &str) -> Error {
    Error::new(format!(
        "{}: there is no manifest of {what} here",
        folder.display()
    ))
}

fn choose(folder: &Path, name: &str) -> Result<(DetectorManifest, EmbedderManifest), Error> {
    let mut detector = None;
    let mut embedder = None;
    for path in manifests(folder)? {
        let text = std::fs::read_to_string(&path).map_err(|e| Error::file(&path, &e))?;
        match Manifest::parse(&text).map_err(|e| Error::file(&path, &e))? {
            Manifest::Detector(m) => detector = detector.or(Some(m)),
            Manifest::Embedder(m) if m.name == name => embedder = Some(m),
            Manifest::Embedder(_) => {}
        }
    }
    let detector = detector.ok_or_else(|| missing(folder, "a face detector"))?;
    let embedder: EmbedderManifest =
        embedder.ok_or_else(|| missing(folder, &format!("the embedding model {name:?}")))?;
    Ok((detector, embedder))
}

fn load(
    folder: &Path,
    detector: DetectorManifest,
    embedder: EmbedderManifest,
) -> Result<Analyser, Error> {
    let (detector_path, embedder_path) = (folder.join(&detector.file), folder.join(&embedder.file));
    let detector = Detector::load(detector, &read(&detector_path)?)
        .map_err(|e| Error::file(&detector_path, &e))?;
    let embedder = Embedder::load(embedder, &read(&embedder_path)?)
        .map_err(|e| Error::file(&embedder_path, &e))?;
    Ok(Analyser { detector, embedder })
}

/// The folder of models: as given, by `ROWCALL_MODELS`, beside the program, or
/// in the source tree that it was built from.
pub fn folder(given: Option<PathBuf>) -> Result<PathBuf, Error> {
    let named = given.map(|folder| (folder, "--models"));
    let named =
        named.or_else(|| Some((std::env::var_os("ROWCALL_MODELS")?.into(), "ROWCALL_MODELS")));
    if let Some((folder, by)) = named {
        return match folder.is_dir() {
            true => Ok(folder),
            false => Err(Error::new(format!(
                "{}: {by} names it as the folder of models, and there is no such folder",
                folder.display()
            ))),
        };
    }
    let program = std::env::current_exe().ok();
    let beside = program
        .as_deref()
        .and_then(Path::parent)
        .map(|folder| folder.join("models"));
    let installed = program
        .as_deref()
        .and_then(Path::parent)
        .map(|folder| folder.join("../share/rowcall/models"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let places: Vec<PathBuf> = [beside, installed, Some(source)]
        .into_iter()
        .flatten()
        .collect();
    let found = places.iter().find(|folder| folder.is_dir()).cloned();
    found.ok_or_else(|| {
        let looked: Vec<String> = places.iter().map(|p| p.display().to_string()).collect();
        Error::new(format!(
            "no folder of models was found, neither of {}; name one with --models or in ROWCALL_MODELS",
            looked.join(", ")
        ))
    })
}

fn manifests(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::file(folder, &e))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    Ok(paths)
}

fn load_calibration(
    folder: &Path,
    embedder: &EmbedderManifest,
    named: Option<&str>,
) -> Result<Calibration, Error> {
    let file = match named {
        Some(name) => format!("{name}.calibration.json"),
        None => embedder.calibration.clone(),
    };
    let path = folder.join(&file);
    if Path::new(&file).components().count() != 1 || !path.is_file() {
        return Err(Error::new(format!(
            "{}: the calibration isn't there, and no score is used without one",
            path.display()
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|e| Error::file(&path, &e))?;
    let calibration = Calibration::parse(&text).map_err(|e| Error::file(&path, &e))?;
    if calibration.model() == embedder.name {
        return Ok(calibration);
    }
    let (of, name) = (calibration.model(), &embedder.name);
    Err(Error::new(format!(
        "{}: it calibrates the model {of:?}, not {name:?}",
        path.display()
    )))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let size = std::fs::metadata(path)
        .map_err(|e| Error::file(path, &e))?
        .len();
    if size > MAX_MODEL {
        return Err(Error::new(format!(
            "{}: {size} bytes are too many for a model",
            path.display()
        )));
    }
    std::fs::read(path).map_err(|e| Error::file(path, &e))
}
