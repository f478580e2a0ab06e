//! Which files are frames: all that a camera may have written, so that what can't
//! be read is told and counts, and nothing is left out without a word.

use std::path::{Path, PathBuf};

use rowcall_picture::{foreign_format, is_picture};
use rowcall_rollcall::Lane;

use crate::{
    Error,
    folder::entries::{Entry, Kind, beginning, entries},
};

const MAX_FRAMES: usize = 2_000;
/// Endings of pictures that are read.
const READ: [&str; 7] = ["jpg", "jpeg", "jpe", "jfif", "png", "jp2", "j2k"];
/// Endings of pictures that aren't: their frames are unreadable, not absent.
const NOT_READ: [&str; 24] = [
    "tif", "tiff", "bmp", "gif", "webp", "heic", "heif", "avif", "jxl", "dng", "raw", "cr2", "cr3",
    "nef", "arw", "pgm", "ppm", "avi", "mp4", "mov", "mkv", "mjpeg", "mjpg", "h264",
];

/// A frame's file and the camera that took it.
pub struct FramePath {
    /// The camera.
    pub camera: String,
    /// The file.
    pub path: PathBuf,
}

/// The frames in `folder`, in the order of the lane's cameras, then of names; what
/// is left out is told in `remarks`.
///
/// # Errors
/// No frame at all, or more than one vehicle has.
pub(super) fn list(
    folder: &Path,
    lane: &Lane,
    remarks: &mut Vec<String>,
) -> Result<Vec<FramePath>, Error> {
    let mut frames = Vec::new();
    let in_folder = match folder.is_dir() {
        true => entries(folder)?,
        false => Vec::new(),
    };
    for camera in &lane.cameras {
        let own = in_folder.iter().find(|e| e.name == camera.name);
        let place = format!("frames/{}/", camera.name);
        let before = frames.len();
        match own.map(|entry| &entry.kind) {
            Some(Kind::Folder) => {
                for entry in entries(&folder.join(&camera.name))? {
                    match left_out(&entry) {
                        None => frames.push(FramePath {
                            camera: camera.name.clone(),
                            path: entry.path,
                        }),
                        Some(why) => remarks.push(format!("{place}{}: {why}", entry.name)),
                    }
                }
            }
            Some(Kind::Odd(what)) => remarks.push(format!("{place} is {what}")),
            Some(Kind::File) => remarks.push(format!("{place} is a file, not a folder")),
            None => {}
        }
        if frames.len() == before {
            remarks.push(format!(
                "the camera {:?} has no frames in {place}",
                camera.name
            ));
        }
    }
    for entry in in_folder.iter().filter(|e| lane.camera(&e.name).is_none()) {
        let name = &entry.name;
        remarks.push(match &entry.kind {
            Kind::Folder => {
                format!("frames/{name}/ is left out: the lane has no camera of that name")
            }
            Kind::File => {
                format!("frames/{name} is left out: frames lie in the folder of their camera")
            }
            Kind::Odd(what) => format!("frames/{name} is left out: it is {what}"),
        });
    }
    if frames.is_empty() {
        let cameras: Vec<&str> = lane.cameras.iter().map(|c| c.name.as_str()).collect();
        return Err(Error::file(
            folder,
            &format!(
                "there is no frame (.{}) of any camera of the lane ({})",
                READ.join(", ."),
                cameras.join(", ")
            ),
        ));
    }
    if frames.len() > MAX_FRAMES {
        return Err(Error::file(
            folder,
            &format!(
                "{} frames are too many for one vehicle, at most {MAX_FRAMES} are read",
                frames.len()
            ),
        ));
    }
    Ok(frames)
}

/// Why something in a camera's folder is no frame; `None` for what is one by its
/// name or by its content, also if it can't be read.
fn left_out(entry: &Entry) -> Option<String> {
    let extension = entry.extension();
    let is_named_so = READ.contains(&extension.as_str()) || NOT_READ.contains(&extension.as_str());
    match &entry.kind {
        Kind::Folder => Some("a folder; frames lie directly in the folder of their camera".into()),
        _ if entry.is_hidden() => Some("hidden, left out".into()),
        _ if is_named_so => None,
        Kind::Odd(what) => Some(format!("{what}, left out")),
        Kind::File => {
            let beginning = beginning(&entry.path);
            (!is_picture(&beginning)).then(|| match foreign_format(&beginning) {
                Some(format) => format!("{format} and not a picture, left out"),
                None => "not a picture, left out".into(),
            })
        }
    }
}
