//! The threads that look: documents and frames from the queue, through the models,
//! into custody. A picture is decoded here, looked at and wiped; what goes on is what
//! was found, and the faces cut out of it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
    thread::JoinHandle,
};

use rowcall_camera::{
    Frames,
    capture::{Capture, Picture},
};
use rowcall_custody::{Clock, Cut, Seen, system::wipe_stack};
use rowcall_document::NamedFile;
use rowcall_face::{Image, Sketch, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::{
    document::{self, PortraitPlace},
    frame::Ready,
    pass::Offset,
    source::DocumentSource,
};
use rowcall_rollcall::{Presented, SecondLook};

use crate::{
    Error,
    attention::Look,
    queue::{Queue, Task},
    transaction::{Looking, Transaction},
};

/// A document that waits to be read.
pub(crate) struct DocumentTask {
    pub(crate) transaction: Arc<Transaction>,
    pub(crate) looking: Looking,
    pub(crate) place: usize,
    pub(crate) id: String,
    pub(crate) files: Vec<NamedFile>,
}

/// A frame that waits to be looked at.
pub(crate) struct FrameTask {
    pub(crate) transaction: Arc<Transaction>,
    pub(crate) looking: Looking,
    pub(crate) camera: String,
    /// As the camera encoded it, or decoded where it came as video.
    pub(crate) capture: Arc<Capture>,
    /// Where the vehicle is in it, where vehicles pass the camera.
    pub(crate) offset: Option<Offset>,
    /// Who has to know if it can't be decoded; dangling where somebody brought it.
    pub(crate) reader: Weak<Frames>,
}

/// The queue of all lanes.
pub(crate) type Tasks = Queue<DocumentTask, FrameTask>;

/// Starts as many analysts as there are cores.
pub(crate) fn start(
    tasks: &Arc<Tasks>,
    clock: &Arc<dyn Clock>,
    count: usize,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    (0..count.max(1))
        .map(|i| {
            let (tasks, clock) = (tasks.clone(), clock.clone());
            std::thread::Builder::new()
                .name(format!("analyst-{i}"))
                .spawn(move || work(&tasks, &*clock))
        })
        .collect()
}

/// Lets everybody else go first. Analysts take all cores for as long as frames come, and
/// an officer's page would wait for them: its events, and on a desk with one computer the
/// browser too.
fn stand_back() {
    // On Linux nobody named is the calling thread; elsewhere it is the whole process. Tests
    // share a process: they would go before the lane that they wait for.
    #[cfg(all(target_os = "linux", not(test)))]
    {
        // Of 0 to 19: whoever answers people gets nine times as much of a core that both want.
        const NICE: i32 = 10;
        if let Err(error) = rustix::process::setpriority_process(None, NICE) {
            tracing::info!(%error, "analysts couldn't be given a lower priority; pages may be slower");
        }
    }
}

fn work(tasks: &Tasks, clock: &dyn Clock) {
    stand_back();
    let worker = Worker::new();
    while let Some(task) = tasks.take(|| clock.read().since_boot) {
        // Until nothing is left of it here, no receipt says so.
        let looking = match &task {
            Task::Document(task) => task.looking.clone(),
            Task::Frame(task) => task.looking.clone(),
        };
        // One picture that we fail on must not take the lane with it.
        let done = catch_unwind(AssertUnwindSafe(|| match task {
            Task::Document(task) => read(task, &worker),
            Task::Frame(task) => look(task, &worker),
        }));
        wipe_stack();
        drop(looking);
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => match error.kind() {
                // It was closed meanwhile.
                crate::ErrorKind::Gone => {}
                _ => tracing::warn!(%error, "what came couldn't be looked at"),
            },
            Err(_) => tracing::error!("an analyst failed on a picture; the lane goes on"),
        }
    }
}

/// A document in memory.
struct Given {
    id: String,
    files: Vec<NamedFile>,
    is_out: bool,
}

impl DocumentSource for Given {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn is_opted_out(&self) -> bool {
        self.is_out
    }

    fn files(&self) -> Result<Vec<NamedFile>, rowcall_pipeline::Error> {
        Ok(self
            .files
            .iter()
            .map(|file| NamedFile {
                name: file.name.clone(),
                bytes: file.bytes.clone(),
            })
            .collect())
    }
}

#[inline(never)]
fn read(task: DocumentTask, worker: &Worker) -> Result<(), Error> {
    let transaction = &task.transaction;
    let equipment = &transaction.equipment;
    let given = Given {
        is_out: transaction.is_document_out(task.place)?,
        id: task.id,
        files: task.files,
    };
    let policy = &transaction.lane().policy.documents;
    let read = document::document(
        &given,
        policy,
        &equipment.models,
        &equipment.trust,
        transaction.at(),
        worker,
    )?;
    let (presented, place) = read;
    let portrait = upright(&presented, place);
    transaction.set_document(task.place, presented, portrait)
}

/// A document's portrait as it is shown: turned upright and cut around the face; as
/// it is where no face was found.
fn upright(presented: &Presented, place: Option<PortraitPlace>) -> Option<Image> {
    let image = document::decode_portrait(&presented.document)?.ok()?;
    match place {
        None => Some(image),
        Some(place) => {
            let image = image.turned(place.turn);
            Cut::of(&image, 0, place.face).map(Cut::into_image)
        }
    }
}

/// A capture's pixels: without a copy where they are decoded and nobody else has them.
fn decode(capture: Arc<Capture>) -> Result<Image, rowcall_picture::Error> {
    match Arc::try_unwrap(capture) {
        Ok(Capture {
            picture: Picture::Decoded(image),
            ..
        }) => Ok(image),
        Ok(own) => own.picture.image(&Limits::FRAME),
        Err(shared) => shared.picture.image(&Limits::FRAME),
    }
}

#[inline(never)]
fn look(task: FrameTask, worker: &Worker) -> Result<(), Error> {
    let transaction = &task.transaction;
    let equipment = &transaction.equipment;
    let out = transaction.opted_out()?;
    let image = match decode(task.capture) {
        Ok(image) => image,
        Err(why) => {
            if let Some(reader) = task.reader.upgrade() {
                reader.report_damaged(&why);
            }
            return transaction.add_unreadable();
        }
    };
    let lane = transaction.lane();
    let ready = match task.offset {
        None => Ready::new(image, &task.camera, lane, &out),
        Some(offset) => Ready::passing(image, &task.camera, lane, &out, offset),
    };
    let analyser = &equipment.models.analyser;
    // A vehicle that passes is never long where it was.
    if task.offset.is_none()
        && let Look::AreStill(faces) = transaction.next_look(&task.camera)?
    {
        let sketch = Sketch::of(ready.image());
        if !transaction.is_last_picture(&task.camera, &sketch)?
            && ready.the_same(&faces, analyser, worker)?.is_some()
            && transaction.count_unchanged(&task.camera, sketch)?
        {
            return Ok(());
        }
        transaction.note_whole(&task.camera);
    }
    let name = transaction.next_frame(&task.camera);
    let mut frame = ready.look(&task.camera, name, analyser, worker)?;
    // Whom only a second look finds, a glance doesn't.
    transaction.note_faces(&frame);
    let looks = SecondLook::at(lane, &frame, 0, &transaction.settled_seats());
    let more = ready.look_again(&frame, &looks, lane, analyser, worker)?;
    frame.faces.extend(more);
    let filled = transaction.filled_seats(&task.camera);
    if let Some(camera) = lane.camera(&task.camera).filter(|_| !filled.is_empty()) {
        let size = (frame.width, frame.height);
        frame.faces.retain(|face| {
            let seat = camera.seat_of(face.face, size.0, size.1);
            seat.is_none_or(|seat| !filled.contains(&seat))
        });
    }
    let faces = frame.faces.iter().enumerate();
    let cuts = faces.filter_map(|(i, face)| Cut::of(ready.image(), i, face.face));
    let seen = Seen {
        cuts: cuts.collect(),
        frame,
    };
    transaction.add_frame(seen)
}
