//! The vehicle folder: what it holds. What can't be used as what it is named is
//! refused or told: a wish, a document or a frame would otherwise be lost.

mod documents;
pub mod entries;
mod frames;
mod parts;
mod passing;
mod trust;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rowcall_document::NamedFile;
use rowcall_face::Image;
use rowcall_picture::Limits;
use rowcall_rollcall::{Declaration, Lane, said_of_toml};
use rowcall_words::seat::Seat;
use serde::Deserialize;

use crate::{
    Error,
    frame::Ready,
    pass::Offset,
    source::{DocumentSource, FrameSource},
};
use documents::{MAX_FILES_OF_A_DOCUMENT, documents};
pub use documents::{document_files, document_id};
use entries::{Entry, Kind, entries, read_limited, read_text};
pub use frames::FramePath;
use parts::Parts;
use passing::Passing;
pub use trust::{Trust, trust_store};

/// A vehicle's folder and the lane it stood in.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Its own name.
    pub name: String,
    /// The lane file.
    pub lane_path: PathBuf,
    /// The lane in it.
    pub lane: Lane,
    /// How many people are inside, if anybody said so.
    pub declared: Option<u8>,
    /// Seats whose occupants opted out.
    pub opted_out_seats: BTreeSet<Seat>,
    /// Documents that were opted out, by their names.
    pub opted_out_documents: BTreeSet<String>,
    /// Documents that an officer took out, by their place in `documents`.
    pub set_aside: BTreeSet<usize>,
    /// Documents that an officer said are one holder's, by their place.
    pub joined: Vec<BTreeSet<usize>>,
    /// Folders of documents, in order of their names.
    pub documents: Vec<PathBuf>,
    /// Frames in the order of the lane's cameras, then of names.
    pub frames: Vec<FramePath>,
    /// What is odd about the folder, for the result.
    pub remarks: Vec<String>,
    passing: OnceLock<Passing>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleFile {
    lane: Option<PathBuf>,
    declared_occupants: Option<u8>,
    #[serde(default)]
    opted_out: Vec<String>,
    #[serde(default)]
    set_aside: Vec<String>,
    #[serde(default)]
    same_holder: Vec<Vec<String>>,
}

impl Folder {
    /// Reads vehicle.toml and the lane file and lists what is there; opens no
    /// picture and no document.
    ///
    /// # Errors
    /// What can't be used as what it is named.
    pub fn open(path: &Path, lane: Option<&Path>, occupants: Option<u8>) -> Result<Self, Error> {
        if !path.is_dir() {
            return Err(Error::file(
                path,
                &"this isn't a folder; check takes a vehicle's folder with frames/ and documents/",
            ));
        }
        let mut remarks = Vec::new();
        let parts = Parts::of(path, &mut remarks)?;
        let file = path.join("vehicle.toml");
        let vehicle: VehicleFile = match parts.vehicle {
            true => {
                let text = read_text(&file)?;
                toml::from_str(&text).map_err(|e| Error::file(&file, &said_of_toml(&text, &e)))?
            }
            false => VehicleFile::default(),
        };
        let lane_path = match (lane, &vehicle.lane) {
            (Some(given), _) => given.to_owned(),
            (None, Some(named)) => path.join(named),
            (None, None) => {
                return Err(Error::file(
                    &file,
                    &"it names no lane; write lane = \"...\" there, or give --lane FILE",
                ));
            }
        };
        let lane = Lane::parse(&read_text(&lane_path)?).map_err(|e| Error::file(&lane_path, &e))?;
        let documents = match parts.documents {
            true => documents(&path.join("documents"), &mut remarks)?,
            false => Vec::new(),
        };
        let frames = frames::list(&path.join("frames"), &lane, &mut remarks)?;
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
            set_aside: BTreeSet::new(),
            joined: Vec::new(),
            documents,
            frames,
            remarks,
            passing: OnceLock::new(),
        };
        folder
            .opt_out(&vehicle.opted_out)
            .and_then(|()| folder.decide(&vehicle))
            .map_err(|why| Error::file(&file, &why))?;
        folder.look_into_documents()?;
        Ok(folder)
    }

    /// Sorts the names of `opted_out` into seats of the lane and documents of
    /// the folder. A name that is neither is refused: somebody's wish would
    /// otherwise be lost without a word.
    fn opt_out(&mut self, names: &[String]) -> Result<(), String> {
        let seats = self.lane.seats();
        for name in names {
            let seat = name.parse::<Seat>().ok();
            let is_document = self.documents.iter().any(|d| document_id(d) == *name);
            if is_document {
                self.opted_out_documents.insert(name.clone());
            }
            match seat {
                Some(seat) if seats.contains(&seat) => {
                    self.opted_out_seats.insert(seat);
                }
                _ if is_document => {}
                Some(_) => {
                    let seats: Vec<String> = seats.iter().map(Seat::to_string).collect();
                    return Err(format!(
                        "opted_out: the lane has no zone for the seat {name}, which couldn't be masked; it has {}",
                        seats.join(", ")
                    ));
                }
                None => {
                    return Err(format!(
                        "opted_out: {name:?} is neither a seat like 1-left nor a folder in documents/"
                    ));
                }
            }
        }
        Ok(())
    }

    /// What an officer decided of documents.
    fn decide(&mut self, vehicle: &VehicleFile) -> Result<(), String> {
        let place = |key: &str, name: &String| {
            let found = self.documents.iter().position(|d| document_id(d) == *name);
            found.ok_or_else(|| format!("{key}: {name:?} isn't a folder in documents/"))
        };
        let places = |key: &str, names: &[String]| -> Result<BTreeSet<usize>, String> {
            names.iter().map(|name| place(key, name)).collect()
        };
        let joined = vehicle.same_holder.iter();
        let joined: Vec<BTreeSet<usize>> = joined
            .map(|names| places("same_holder", names))
            .collect::<Result<_, _>>()?;
        self.set_aside = places("set_aside", &vehicle.set_aside)?;
        self.joined = joined;
        Ok(())
    }

    /// Tells what in the documents' folders isn't read. What opted out isn't even
    /// listed.
    fn look_into_documents(&mut self) -> Result<(), Error> {
        for path in &self.documents {
            let id = document_id(path);
            if self.opted_out_documents.contains(&id) {
                continue;
            }
            let inside = entries(path)?;
            let files = inside
                .iter()
                .filter(|e| e.kind != Kind::Folder && !e.is_hidden());
            let files = files.count();
            if files > MAX_FILES_OF_A_DOCUMENT {
                self.remarks.push(format!(
                    "documents/{id}/ has {files} files; the first {MAX_FILES_OF_A_DOCUMENT} by name are read"
                ));
            }
            for Entry { path, name, kind } in inside {
                let place = format!("documents/{id}/{name}");
                match kind {
                    Kind::Folder => self.remarks.push(format!(
                        "{place}/ is left out: a document's files lie directly in its folder"
                    )),
                    Kind::Odd(what) => self.remarks.push(format!("{place} is not read: {what}")),
                    Kind::File if name.starts_with('.') => {
                        self.remarks.push(format!("{place} is left out: hidden"));
                    }
                    Kind::File => {
                        if let Err(e) = std::fs::File::open(path) {
                            self.remarks.push(format!("{place} is not read: {e}"));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The declaration for the roll call, of whose frames some couldn't be read.
    pub fn declaration(&self, unreadable_frames: usize) -> Declaration {
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
            unreadable_frames,
            failed_cameras: BTreeSet::new(),
            set_aside_documents: self.set_aside.clone(),
            joined_documents: self.joined.clone(),
        }
    }

    /// Its documents, to be read.
    pub fn document_sources(&self) -> Vec<FolderDocument<'_>> {
        let paths = self.documents.iter();
        paths
            .map(|path| FolderDocument { folder: self, path })
            .collect()
    }

    /// Its frames, to be looked at: of cameras that the vehicle passed those in which its
    /// place is known, some along the way.
    pub fn frame_sources(&self) -> Vec<FolderFrame<'_>> {
        let is_looked_at = |frame: &FolderFrame<'_>| self.place(&frame.name()) != Some(None);
        self.all_frames().filter(is_looked_at).collect()
    }

    fn all_frames(&self) -> impl Iterator<Item = FolderFrame<'_>> {
        let frames = self.frames.iter();
        frames.map(|frame| FolderFrame {
            folder: self,
            frame,
        })
    }

    /// Where the vehicle is in a frame of a camera that it passed; none where it isn't
    /// known or not needed. None at all of any other frame.
    fn place(&self, frame: &str) -> Option<Option<Offset>> {
        self.passing().frames.get(frame).copied()
    }

    /// What became of the frames of cameras that the vehicle passed.
    pub(crate) fn said_of_passing(&self) -> &[String] {
        &self.passing().said
    }

    fn passing(&self) -> &Passing {
        self.passing.get_or_init(|| Passing::of(self))
    }

    /// The document in this folder of another vehicle's or of this.
    pub fn document_at<'a>(&'a self, path: &'a Path) -> FolderDocument<'a> {
        FolderDocument { folder: self, path }
    }

    /// Its `i`th frame, ready to be looked at.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn ready_frame(&self, i: usize) -> Result<Image, String> {
        let frame = FolderFrame {
            folder: self,
            frame: &self.frames[i],
        };
        self.ready(&frame).map(Ready::into_image)
    }

    /// A frame of it, turned as its camera is mounted, with the zones of those
    /// who opted out blackened.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn ready(&self, source: &impl FrameSource) -> Result<Ready, String> {
        let image = source.load()?;
        let (camera, lane, out) = (source.camera(), &self.lane, &self.opted_out_seats);
        match self.place(&source.name()) {
            None => Ok(Ready::new(image, camera, lane, out)),
            Some(Some(offset)) => Ok(Ready::passing(image, camera, lane, out, offset)),
            Some(None) => Err("where the passing vehicle is in it isn't known".into()),
        }
    }

    /// A path as it stands in results: relative to the vehicle's folder.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.path)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned()
    }
}

/// A frame of a vehicle's folder.
pub struct FolderFrame<'a> {
    folder: &'a Folder,
    frame: &'a FramePath,
}

impl FrameSource for FolderFrame<'_> {
    fn camera(&self) -> &str {
        &self.frame.camera
    }

    fn name(&self) -> String {
        self.folder.relative(&self.frame.path)
    }

    fn load(&self) -> Result<Image, String> {
        let file = read_limited(&self.frame.path).map_err(|e| e.to_string())?;
        Image::decode(&file, &Limits::FRAME).map_err(|e| e.to_string())
    }
}

/// A document of a vehicle's folder: a folder itself.
pub struct FolderDocument<'a> {
    folder: &'a Folder,
    path: &'a Path,
}

impl DocumentSource for FolderDocument<'_> {
    fn id(&self) -> String {
        document_id(self.path)
    }

    fn is_opted_out(&self) -> bool {
        self.folder.opted_out_documents.contains(&self.id())
    }

    fn files(&self) -> Result<Vec<NamedFile>, Error> {
        document_files(self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::VehicleFile;

    #[test]
    fn the_documents_vehicle_is_one() {
        let document = include_str!("../../../docs/check.md");
        let text = document
            .split("```toml\n")
            .filter_map(|rest| rest.split("```").next())
            .find(|block| block.starts_with("# vehicle.toml"));
        let vehicle: VehicleFile = toml::from_str(text.expect("an example")).expect("as it says");
        assert_eq!(vehicle.declared_occupants, Some(2));
        assert_eq!(vehicle.opted_out, ["1-right", "02"]);
        assert!(vehicle.lane.is_some());
    }
}
