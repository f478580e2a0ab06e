//! All pictures of a vehicle through the models, on every core.

use indicatif::ProgressBar;
use jiff::civil::Date;
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::{Frame, Presented, SecondLook};

use crate::{
    Error,
    document::{self, PortraitPlace},
    folder::Folder,
    models::Models,
    source::FrameSource,
    turned,
    workers::{on_every_core, progress},
};

/// What the pictures gave.
pub struct Analysis {
    /// What the cameras saw.
    pub frames: Vec<Frame>,
    /// Frames that couldn't be read: file and why.
    pub unreadable: Vec<(String, String)>,
    /// The documents.
    pub documents: Vec<Presented>,
    /// Where the face is in each document's portrait.
    pub portrait_faces: Vec<Option<PortraitPlace>>,
    /// What an operator may want to know about the cameras.
    pub hints: Vec<String>,
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
pub fn analyse(
    folder: &Folder,
    models: &Models,
    trust: &TrustStore,
    at: Date,
) -> Result<Analysis, Error> {
    let (documents, frames) = (folder.document_sources(), folder.frame_sources());
    let tasks = documents.len() + frames.len();
    let bar = progress(tasks as u64);
    let policy = &folder.lane.policy.documents;
    let outputs = on_every_core(tasks, &bar, |task, worker| {
        match task.checked_sub(documents.len()) {
            None => document::document(&documents[task], policy, models, trust, at, worker)
                .map(|(presented, face)| Output::Document(Box::new(presented), face)),
            Some(i) => {
                let name = frames[i].name();
                let ready = match folder.ready(&frames[i]) {
                    Ok(ready) => ready,
                    Err(why) => return Ok(Output::Unreadable(name, why)),
                };
                ready
                    .look(frames[i].camera(), name, &models.analyser, worker)
                    .map(Output::Frame)
                    .map_err(|e| e.of(&frames[i].name()))
            }
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
                sources.push(&frames[task - documents.len()]);
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
    analysis.hints.extend_from_slice(folder.said_of_passing());
    bar.finish_and_clear();
    Ok(analysis)
}

/// Adds what a second look finds to the frames; `sources` says where each came from.
fn look_again<S: FrameSource>(
    folder: &Folder,
    models: &Models,
    frames: &mut [Frame],
    sources: &[&S],
    bar: &ProgressBar,
) -> Result<(), Error> {
    let plan = SecondLook::plan(&folder.lane, frames, &folder.opted_out_seats);
    // All looks at one frame are one task, so that it is read once more only.
    let tasks: Vec<&[SecondLook]> = plan.chunk_by(|a, b| a.frame == b.frame).collect();
    bar.inc_length(tasks.len() as u64);
    let seen = &*frames;
    let found = on_every_core(tasks.len(), bar, |task, worker| {
        let place = tasks[task][0].frame;
        let (frame, source) = (&seen[place], sources[place]);
        let ready = folder
            .ready(source)
            .map_err(|why| Error::new(why).of(&source.name()))?;
        ready
            .look_again(frame, tasks[task], &folder.lane, &models.analyser, worker)
            .map_err(|e| e.of(&source.name()))
    });
    for (looks, new) in tasks.iter().zip(found) {
        let new = new?;
        frames[looks[0].frame].faces.extend(new);
    }
    Ok(())
}
