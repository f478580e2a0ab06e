//! The vehicle folder: what it holds, read with limits.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use rowcall_document::NamedFile;
use rowcall_pki::trust::{TrustStore, UnreadableFile};
use rowcall_rollcall::{Declaration, Lane, Seat};
use serde::Deserialize;

use crate::{failure::Failure, trust::folder::load_store, vehicle::analyse::Analysis};

/// A file of a document, a certificate or a frame is at most this large.
const MAX_FILE: u64 = 32 << 20;
const MAX_FILES_OF_A_DOCUMENT: usize = 64;
const MAX_FRAMES: usize = 2_000;

/// A vehicle's folder and the lane it stood in.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) lane_path: PathBuf,
    pub(crate) lane: Lane,
    pub(crate) declared: Option<u8>,
    pub(crate) opted_out_seats: BTreeSet<Seat>,
    pub(crate) opted_out_documents: BTreeSet<String>,
    /// Folders of documents, in order of their names.
    pub(crate) documents: Vec<PathBuf>,
    /// Frames in the order of the lane's cameras, then of names.
    pub(crate) frames: Vec<FramePath>,
    /// What is odd about the folder, for the result.
    pub(crate) remarks: Vec<String>,
}

/// A frame's file and the camera that took it.
pub(crate) struct FramePath {
    pub(crate) camera: String,
    pub(crate) path: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleFile {
    lane: Option<PathBuf>,
    declared_occupants: Option<u8>,
    #[serde(default)]
    opted_out: Vec<String>,
}

impl Folder {
    /// Reads vehicle.toml and the lane file and lists what is there; opens no
    /// picture and no document.
    pub(crate) fn open(
        path: &Path,
        lane: Option<&Path>,
        occupants: Option<u8>,
    ) -> Result<Self, Failure> {
        if !path.is_dir() {
            return Err(Failure::file(
                path,
                &"this isn't a folder; check takes a vehicle's folder with frames/ and documents/",
            ));
        }
        let file = path.join("vehicle.toml");
        let vehicle: VehicleFile = match file.is_file() {
            true => toml::from_str(&read_text(&file)?).map_err(|e| Failure::file(&file, &e))?,
            false => VehicleFile::default(),
        };
        let lane_path = match (lane, &vehicle.lane) {
            (Some(given), _) => given.to_owned(),
            (None, Some(named)) => path.join(named),
            (None, None) => {
                return Err(Failure::file(
                    &file,
                    &"it names no lane; write lane = \"...\" there, or give --lane FILE",
                ));
            }
        };
        let lane =
            Lane::parse(&read_text(&lane_path)?).map_err(|e| Failure::file(&lane_path, &e))?;
        let mut remarks = Vec::new();
        let documents = subfolders(&path.join("documents"))?;
        let frames = frames(&path.join("frames"), &lane, &mut remarks)?;
        let mut folder = Self {
            name: path
                .canonicalize()
                .ok()
                .as_deref()
                .unwrap_or(path)
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            path: path.to_owned(),
            lane_path,
            lane,
            declared: occupants.or(vehicle.declared_occupants),
            opted_out_seats: BTreeSet::new(),
            opted_out_documents: BTreeSet::new(),
            documents,
            frames,
            remarks,
        };
        folder
            .opt_out(&vehicle.opted_out)
            .map_err(|why| Failure::file(&file, &why))?;
        Ok(folder)
    }

    /// Sorts the names of `opted_out` into seats of the lane and documents of
    /// the folder. A name that is neither is refused: somebody's wish would
    /// otherwise be lost without a word.
    fn opt_out(&mut self, names: &[String]) -> Result<(), String> {
        for name in names {
            let is_document = self.documents.iter().any(|d| document_id(d) == *name);
            match name.parse::<Seat>() {
                Ok(seat) => {
                    self.opted_out_seats.insert(seat);
                }
                Err(_) if is_document => {
                    self.opted_out_documents.insert(name.clone());
                }
                Err(_) => {
                    return Err(format!(
                        "opted_out: {name:?} is neither a seat like 1-left nor a folder in documents/"
                    ));
                }
            }
        }
        Ok(())
    }

    /// The declaration for the roll call.
    pub(crate) fn declaration(&self, analysis: &Analysis) -> Declaration {
        let opted_out = |(i, path): (usize, &PathBuf)| {
            self.opted_out_documents
                .contains(&document_id(path))
                .then_some(i)
        };
        Declaration {
            occupants: self.declared,
            opted_out_seats: self.opted_out_seats.clone(),
            opted_out_documents: self
                .documents
                .iter()
                .enumerate()
                .filter_map(opted_out)
                .collect(),
            unreadable_frames: analysis.unreadable.len(),
        }
    }

    /// A path as it stands in results: relative to the vehicle's folder.
    pub(crate) fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.path)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned()
    }
}

/// What a document is called in results: its folder's name.
pub(crate) fn document_id(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The files of a document's folder. A file that can't be read is given
/// without content, so that the document's own findings name it.
pub(crate) fn document_files(path: &Path) -> Result<Vec<NamedFile>, Failure> {
    let mut files = Vec::new();
    for file in entries(path)?
        .into_iter()
        .filter(|p| p.is_file())
        .take(MAX_FILES_OF_A_DOCUMENT)
    {
        let name = document_id(&file);
        let bytes = read_limited(&file).unwrap_or_default();
        files.push(NamedFile { name, bytes });
    }
    Ok(files)
}

/// The trust store and what of it could not be read.
pub(crate) struct Trust {
    pub(crate) store: TrustStore,
    pub(crate) unreadable: Vec<UnreadableFile>,
}

/// Reads the lane's trust folder, those given, and the folders of revocation
/// lists.
pub(crate) fn trust_store(
    folder: &Folder,
    given: &[PathBuf],
    revocation: &[PathBuf],
) -> Result<Trust, Failure> {
    let lane_folder = folder.lane_path.parent().unwrap_or(Path::new("."));
    let of_lane = folder
        .lane
        .trust
        .as_ref()
        .map(|trust| lane_folder.join(trust));
    let trust: Vec<PathBuf> = of_lane.into_iter().chain(given.iter().cloned()).collect();
    let (store, unreadable) = load_store(&trust, revocation)?;
    Ok(Trust { store, unreadable })
}

/// A file's bytes, if there are not too many.
pub(crate) fn read_limited(path: &Path) -> Result<Vec<u8>, Failure> {
    let size = std::fs::metadata(path)
        .map_err(|e| Failure::file(path, &e))?
        .len();
    if size > MAX_FILE {
        return Err(Failure::file(
            path,
            &format!("the file has {size} bytes, at most {MAX_FILE} are read"),
        ));
    }
    std::fs::read(path).map_err(|e| Failure::file(path, &e))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = read_limited(path)?;
    String::from_utf8(bytes).map_err(|_| Failure::file(path, &"it isn't text in UTF-8"))
}

fn frames(path: &Path, lane: &Lane, remarks: &mut Vec<String>) -> Result<Vec<FramePath>, Failure> {
    let folders = subfolders(path)?;
    let mut frames = Vec::new();
    for camera in &lane.cameras {
        let folder = folders.iter().find(|f| document_id(f) == camera.name);
        let files = folder.map(|f| entries(f)).transpose()?.unwrap_or_default();
        let pictures: Vec<PathBuf> = files.into_iter().filter(|p| is_picture(p)).collect();
        if pictures.is_empty() {
            remarks.push(format!(
                "the camera {:?} has no frames in frames/{}/",
                camera.name, camera.name
            ));
        }
        frames.extend(pictures.into_iter().map(|path| FramePath {
            camera: camera.name.clone(),
            path,
        }));
    }
    for folder in &folders {
        let name = document_id(folder);
        if lane.camera(&name).is_none() {
            remarks.push(format!(
                "frames/{name}/ is left out: the lane has no camera of that name"
            ));
        }
    }
    if frames.is_empty() {
        let cameras: Vec<&str> = lane.cameras.iter().map(|c| c.name.as_str()).collect();
        return Err(Failure::file(
            path,
            &format!(
                "there is no frame (.jpg, .jpeg or .png) of any camera of the lane ({})",
                cameras.join(", ")
            ),
        ));
    }
    if frames.len() > MAX_FRAMES {
        return Err(Failure::file(
            path,
            &format!(
                "{} frames are too many for one vehicle, at most {MAX_FRAMES} are read",
                frames.len()
            ),
        ));
    }
    Ok(frames)
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_ascii_lowercase());
    path.is_file()
        && extension.is_some_and(|e| ["jpg", "jpeg", "png"].iter().any(|known| e == *known))
}

/// The folders in a folder, in the order of their names; none if it isn't there.
pub(crate) fn subfolders(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    Ok(entries(path)?.into_iter().filter(|p| p.is_dir()).collect())
}

/// What is in a folder, hidden names left out, in the order of names.
fn entries(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(path).map_err(|e| Failure::file(path, &e))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.retain(|p| {
        p.file_name()
            .is_some_and(|n| !n.to_string_lossy().starts_with('.'))
    });
    paths.sort();
    Ok(paths)
}
