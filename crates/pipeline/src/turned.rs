//! Cameras that may be mounted on their side: where nobody is seen on a seat in any
//! of a camera's frames, one of them is looked at the other ways up.

use indicatif::ProgressBar;
use rowcall_face::{FaceObservation, Search, Worker};
use rowcall_picture::Turn;
use rowcall_rollcall::Frame;

use crate::{Error, folder::Folder, models::Models, source::FrameSource, workers::on_every_core};

/// Below this confidence a pattern is no face: in a turned picture there is no seat
/// that it would have to fit, and heads on their side are found upright now and then.
const SURE: f32 = 0.8;

/// A hint for each camera whose frames show faces only when they are turned;
/// `sources` says which of the folder's frames each is.
///
/// Where somebody opted out nothing is looked for: in a picture that is turned the
/// zone that was blackened isn't theirs.
///
/// # Errors
/// A fault of the models.
pub(crate) fn hints<S: FrameSource>(
    folder: &Folder,
    models: &Models,
    frames: &[Frame],
    sources: &[&S],
    bar: &ProgressBar,
) -> Result<Vec<String>, Error> {
    if !folder.opted_out_seats.is_empty() {
        return Ok(Vec::new());
    }
    let mut tasks = Vec::new();
    for camera in &folder.lane.cameras {
        let own: Vec<usize> = (0..frames.len())
            .filter(|i| frames[*i].camera == camera.name)
            .collect();
        let on_a_seat = |frame: &Frame| {
            sure(frame).any(|f| camera.seat_of(f.face, frame.width, frame.height).is_some())
        };
        let blind = !own.iter().any(|i| on_a_seat(&frames[*i]));
        if blind && let Some(middle) = own.get(own.len() / 2) {
            tasks.push((camera, *middle));
        }
    }
    bar.inc_length(tasks.len() as u64);
    let found: Vec<Result<_, Error>> = on_every_core(tasks.len(), bar, |task, worker| {
        let (camera, frame) = tasks[task];
        let upright = sure(&frames[frame]).count();
        let turn = best_turn(folder, models, sources[frame], upright, worker)?;
        Ok(turn.map(|(turn, faces)| {
            let (name, by) = (&camera.name, turn.degrees());
            let rotate = camera.rotate.then(turn).degrees();
            let number = if faces == 1 {
                "a face".to_owned()
            } else {
                format!("{faces} faces")
            };
            format!(
                "the camera {name:?} shows nobody on a seat, but {number} in {} if it is turned by {by} degrees clockwise: if the camera is mounted so, write rotate = {rotate} below its name in the lane file; its zones lie in the turned picture",
                frames[frame].name
            )
        }))
    });
    let hints: Result<Vec<_>, _> = found.into_iter().collect();
    Ok(hints?.into_iter().flatten().collect())
}

fn sure(frame: &Frame) -> impl Iterator<Item = &FaceObservation> {
    frame.faces.iter().filter(|f| f.quality.confidence >= SURE)
}

/// The turn with the most faces, and how many; none if none has more than are seen
/// `upright`.
fn best_turn(
    folder: &Folder,
    models: &Models,
    source: &impl FrameSource,
    upright: usize,
    worker: &Worker,
) -> Result<Option<(Turn, usize)>, Error> {
    let mut best: Option<(Turn, usize)> = None;
    let ready = folder
        .ready(source)
        .map_err(|why| Error::new(why).of(&source.name()))?;
    let mut image = ready.into_image();
    for turn in &Turn::ALL[1..] {
        image = image.turned(Turn::Quarter);
        let faces = models
            .analyser
            .detector
            .detect(&image, Search::Frame, worker)
            .map_err(|e| Error::from(e).of(&source.name()))?;
        let sure = faces.iter().filter(|f| f.confidence >= SURE).count();
        if sure > best.map_or(upright, |(_, most)| most) {
            best = Some((*turn, sure));
        }
    }
    Ok(best)
}
