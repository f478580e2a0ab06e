//! All pictures of a vehicle through the models, on every core.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use rowcall_document::{NamedFile, Portrait, VerifiedDocument};
use rowcall_face::{Image, Rect, Reference, Search, Sketch, Worker};
use rowcall_picture::{Limits, Turn};
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::{Frame, PortraitFace, Presented, SecondLook};

use crate::{
    failure::Failure,
    models::Models,
    page,
    vehicle::{
        entries::read_limited,
        folder::{self, Folder},
        turned,
    },
};

/// What the pictures gave.
pub(crate) struct Analysis {
    pub(crate) frames: Vec<Frame>,
    /// Frames that couldn't be read: file and why.
    pub(crate) unreadable: Vec<(String, String)>,
    pub(crate) documents: Vec<Presented>,
    /// Where the face is in each document's portrait.
    pub(crate) portrait_faces: Vec<Option<PortraitPlace>>,
    /// What an operator may want to know about the cameras.
    pub(crate) hints: Vec<String>,
}

/// Where a portrait's face is, in pixels of the picture turned upright.
#[derive(Clone, Copy)]
pub(crate) struct PortraitPlace {
    pub(crate) turn: Turn,
    pub(crate) face: Rect,
}

enum Output {
    Frame(Frame),
    Unreadable(String, String),
    Document(Box<Presented>, Option<PortraitPlace>),
}

/// Reads all documents and frames; then looks again where nobody was seen. The
/// result doesn't depend on the number of cores: each picture is looked at by
/// itself, and results keep their order.
///
/// # Errors
/// A document's folder that can't be listed, or a fault of the models.
pub(crate) fn analyse(
    folder: &Folder,
    models: &Models,
    trust: &TrustStore,
    at: Date,
) -> Result<Analysis, Failure> {
    let tasks = folder.documents.len() + folder.frames.len();
    let bar = progress(tasks as u64);
    let outputs = on_every_core(tasks, &bar, |task, worker| {
        match task.checked_sub(folder.documents.len()) {
            None => document(&folder.documents[task], folder, models, trust, at, worker)
                .map(|(presented, face)| Output::Document(Box::new(presented), face)),
            Some(i) => frame(i, folder, models, worker),
        }
    });
    let mut analysis = Analysis {
        frames: Vec::new(),
        unreadable: Vec::new(),
        documents: Vec::new(),
        portrait_faces: Vec::new(),
        hints: Vec::new(),
    };
    // Which of the folder's frames each of the analysis is.
    let mut sources = Vec::new();
    for (task, output) in outputs.into_iter().enumerate() {
        match output? {
            Output::Frame(frame) => {
                analysis.frames.push(frame);
                sources.push(task - folder.documents.len());
            }
            Output::Unreadable(file, why) => analysis.unreadable.push((file, why)),
            Output::Document(presented, face) => {
                analysis.documents.push(*presented);
                analysis.portrait_faces.push(face);
            }
        }
    }
    look_again(folder, models, &mut analysis.frames, &sources, &bar)?;
    analysis.hints = turned::hints(folder, models, &analysis.frames, &sources, &bar)?;
    bar.finish_and_clear();
    Ok(analysis)
}

/// Adds what a second look finds to the frames; `sources` says which of the
/// folder's each is.
fn look_again(
    folder: &Folder,
    models: &Models,
    frames: &mut [Frame],
    sources: &[usize],
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let plan = SecondLook::plan(&folder.lane, frames, &folder.opted_out_seats);
    // All looks at one frame are one task, so that it is read once more only.
    let tasks: Vec<&[SecondLook]> = plan.chunk_by(|a, b| a.frame == b.frame).collect();
    bar.inc_length(tasks.len() as u64);
    let seen = &*frames;
    let found = on_every_core(tasks.len(), bar, |task, worker| {
        let place = tasks[task][0].frame;
        let (frame, source) = (&seen[place], &folder.frames[sources[place]]);
        let failed = |e: &dyn std::fmt::Display| Failure::file(&source.path, e);
        let image = load_frame(folder, sources[place]).map_err(|why| failed(&why))?;
        let mut new = Vec::new();
        for look in tasks[task] {
            let faces = models
                .analyser
                .observe_again(&image, look.region, worker)
                .map_err(|e| failed(&e))?;
            if let Some(camera) = folder.lane.camera(&frame.camera) {
                new.extend(look.keep(faces, camera, frame));
            }
        }
        Ok(new)
    });
    for (looks, new) in tasks.iter().zip(found) {
        let new = new?;
        frames[looks[0].frame].faces.extend(new);
    }
    Ok(())
}

/// The results of tasks 0 to `tasks`, in order, worked on by every core.
pub(crate) fn on_every_core<T: Send>(
    tasks: usize,
    bar: &ProgressBar,
    work: impl Fn(usize, &Worker) -> Result<T, Failure> + Sync,
) -> Vec<Result<T, Failure>> {
    let next = AtomicUsize::new(0);
    let outputs = Mutex::new(Vec::with_capacity(tasks));
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(tasks);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let worker = Worker::new();
                loop {
                    let task = next.fetch_add(1, Ordering::Relaxed);
                    if task >= tasks {
                        break;
                    }
                    let output = work(task, &worker);
                    outputs
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((task, output));
                    bar.inc(1);
                }
            });
        }
    });
    let mut outputs = outputs.into_inner().unwrap_or_else(PoisonError::into_inner);
    outputs.sort_by_key(|(task, _)| *task);
    outputs.into_iter().map(|(_, output)| output).collect()
}

/// A bar that counts pictures.
pub(crate) fn progress(tasks: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pictures {elapsed}");
    ProgressBar::new(tasks).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A frame of the folder, turned as its camera is mounted, with the zones of those
/// who opted out blackened.
pub(crate) fn load_frame(folder: &Folder, i: usize) -> Result<Image, String> {
    let source = &folder.frames[i];
    let file = read_limited(&source.path).map_err(|e| e.to_string())?;
    let mut image = Image::decode(&file, &Limits::FRAME).map_err(|e| e.to_string())?;
    if let Some(camera) = folder.lane.camera(&source.camera) {
        image = image.turned(camera.rotate);
        image.mask(&camera.polygons(&folder.opted_out_seats, image.width(), image.height()));
    }
    Ok(image)
}

fn frame(i: usize, folder: &Folder, models: &Models, worker: &Worker) -> Result<Output, Failure> {
    let source = &folder.frames[i];
    let name = folder.relative(&source.path);
    let image = match load_frame(folder, i) {
        Ok(image) => image,
        Err(why) => return Ok(Output::Unreadable(name, why)),
    };
    let faces = models
        .analyser
        .observe(&image, Search::Frame, worker)
        .map_err(|e| Failure::file(&source.path, &e))?;
    Ok(Output::Frame(Frame {
        camera: source.camera.clone(),
        name,
        width: image.width(),
        height: image.height(),
        faces,
        sketch: Sketch::of(&image),
    }))
}

/// Reads a document and its portrait's face.
pub(crate) fn document(
    path: &Path,
    folder: &Folder,
    models: &Models,
    trust: &TrustStore,
    at: Date,
    worker: &Worker,
) -> Result<(Presented, Option<PortraitPlace>), Failure> {
    let id = folder::document_id(path);
    // What was opted out isn't opened: nothing of it is read, compared or kept.
    let opted_out = folder.opted_out_documents.contains(&id);
    let files: Vec<NamedFile> = if opted_out {
        Vec::new()
    } else {
        folder::document_files(path)?
    };
    let mut document = rowcall_document::read(files, trust, &folder.lane.policy.documents, at);
    page::add_portrait(&mut document, &models.analyser.detector, worker)
        .map_err(|e| Failure::file(path, &e))?;
    let (portrait, face) =
        portrait(&document, models, worker).map_err(|e| Failure::file(path, &e))?;
    let presented = Presented {
        id,
        document,
        portrait,
    };
    Ok((presented, face))
}

/// The face of a document's portrait, and where it is.
///
/// # Errors
/// A fault of the models.
pub(crate) fn portrait(
    document: &VerifiedDocument,
    models: &Models,
    worker: &Worker,
) -> Result<(PortraitFace, Option<PortraitPlace>), rowcall_face::Error> {
    let file = document.portrait().map_or("", Portrait::file);
    let image = match decode_portrait(document) {
        None => return Ok((PortraitFace::Absent, None)),
        Some(Err(why)) => {
            let why = format!("{file}: {why}");
            return Ok((PortraitFace::Unusable(why), None));
        }
        Some(Ok(image)) => image,
    };
    Ok(match models.analyser.portrait(&image, worker)? {
        Some(portrait) => {
            let (face, view) = (portrait.face, portrait.view);
            let place = PortraitPlace {
                turn: view.turn,
                face: face.face,
            };
            let found = PortraitFace::Found {
                reference: Reference::from(face.template),
                imprint: face.imprint,
                quality: face.quality,
                view,
            };
            (found, Some(place))
        }
        None => {
            let why = format!("{file}: no face was found in it");
            (PortraitFace::Unusable(why), None)
        }
    })
}

/// A document's portrait in pixels; `None` if it has none.
pub(crate) fn decode_portrait(document: &VerifiedDocument) -> Option<Result<Image, String>> {
    let image = document.portrait()?.decode(&Limits::PORTRAIT);
    Some(image.map_err(|e| e.to_string()))
}
