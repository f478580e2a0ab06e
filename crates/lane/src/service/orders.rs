//! What transactions are asked for: opened, given documents and frames, closed.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use rowcall_audit::entry::{Minutes, SetUpEndCause};
use rowcall_camera::{
    Frames,
    capture::{Capture, Encoded, Picture},
};
use rowcall_document::NamedFile;
use zeroize::Zeroizing;

use super::{Service, random_id};
use crate::{
    Error,
    analyst::{DocumentTask, FrameTask},
    settled::Settled,
    transaction::{Opened, Transaction},
    view::Direction,
};

/// What is asked for when a transaction is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    pub(crate) direction: Option<Direction>,
    /// The sort of vehicle.
    pub(crate) layout: Option<String>,
    /// The calling system's own name for it.
    pub(crate) reference: Zeroizing<String>,
    pub(crate) occupants: Option<u8>,
    pub(crate) documents: Option<u8>,
}

/// The caller's half of an opening.
pub(crate) struct Begun {
    pub(crate) transaction: Arc<Transaction>,
    pub(crate) opening: rowcall_custody::Opening,
}

impl Service {
    /// Opens a transaction: from here on the lane's cameras look for it.
    pub(crate) fn open(&self, lane: &str, order: &Order) -> Result<Begun, Error> {
        let desk = self.desk(lane)?;
        desk.check_room()?;
        self.end_set_up(desk, SetUpEndCause::Vehicle)?;
        let minutes = self.config.retention.transaction_minutes;
        let limit = Minutes::new(minutes).ok_or_else(|| Error::us("a checked time"))?;
        let reference = order.reference.as_bytes();
        let layout = desk.layout(order.layout.as_deref())?;
        let (open, opening) = self.custody.open(reference, limit, layout.clone())?;
        let transaction = Transaction::new(
            desk.clone(),
            Opened {
                id: random_id(),
                direction: order.direction.unwrap_or(desk.direction),
                lane: layout,
                open,
                occupants: order.occupants,
                documents: order.documents,
                at: self.today(),
                limit: Duration::from_secs(60 * u64::from(minutes)),
            },
        )?;
        desk.add(transaction.clone());
        // One that began meanwhile.
        self.end_set_up(desk, SetUpEndCause::Vehicle)?;
        Ok(Begun {
            transaction,
            opening,
        })
    }

    /// Hands in a document's files; its place.
    pub(crate) fn add_document(
        &self,
        transaction: &Arc<Transaction>,
        id: Option<String>,
        files: Vec<NamedFile>,
    ) -> Result<usize, Error> {
        if files.is_empty() {
            return Err(Error::request("a document has one file at least"));
        }
        let id = match id {
            Some(id) if id.len() <= 64 && !id.is_empty() => id,
            Some(_) => return Err(Error::request("id: 1 to 64 bytes")),
            None => format!("{:02}", transaction.view().documents.len() + 1),
        };
        let place = transaction.announce_document(id.clone())?;
        let task = DocumentTask {
            transaction: transaction.clone(),
            looking: transaction.looking(),
            place,
            id,
            files,
        };
        self.tasks.add_document(task).map_err(|task| {
            // Its place stays taken: it is told as one that was taken out.
            let _ = task.transaction.set_aside(place, true);
            Error::busy("too many documents wait to be read: present it again in a moment")
        })?;
        Ok(place)
    }

    /// Hands in a frame that somebody brought.
    pub(crate) fn add_frame(
        &self,
        transaction: &Arc<Transaction>,
        camera: &str,
        picture: Zeroizing<Vec<u8>>,
    ) -> Result<(), Error> {
        if transaction.lane.camera(camera).is_none() {
            let known = transaction.lane.cameras.iter();
            let known: Vec<&str> = known.map(|c| c.name.as_str()).collect();
            return Err(Error::request(format_args!(
                "camera: the lane has none of this name; it has {}",
                known.join(", ")
            )));
        }
        if let Some(own) = transaction.desk.camera(camera) {
            own.push(&picture)?;
        }
        let capture = Arc::new(Capture {
            sequence: 0,
            picture: Picture::Encoded(Encoded::from(picture)),
            arrived: Instant::now().into(),
            taken: None,
        });
        self.add_capture(transaction, camera, capture, Weak::new())
    }

    /// Takes a frame of a camera that the transaction's lane file has.
    pub(crate) fn add_capture(
        &self,
        transaction: &Arc<Transaction>,
        camera: &str,
        capture: Arc<Capture>,
        reader: Weak<Frames>,
    ) -> Result<(), Error> {
        transaction.frame_waits();
        let task = FrameTask {
            transaction: transaction.clone(),
            looking: transaction.looking(),
            camera: camera.to_owned(),
            capture,
            reader,
        };
        // Cameras of two transactions at a lane are told apart.
        let lane = format!("{}/{}", transaction.desk.name, transaction.id);
        if let Some(dropped) = self.tasks.add_frame(&lane, camera, task) {
            dropped.transaction.frame_dropped(&dropped.camera);
        }
        Ok(())
    }

    /// Ends a transaction, and keeps what is owed of it.
    pub(crate) fn close(&self, transaction: &Arc<Transaction>) -> Result<Settled, Error> {
        self.tasks
            .drop_frames(|task| Arc::ptr_eq(&task.transaction, transaction));
        self.tasks
            .drop_documents(|task| Arc::ptr_eq(&task.transaction, transaction));
        let settled = transaction.close();
        if let Ok((view, _)) = &settled {
            let open_for = self
                .clock
                .read()
                .since_boot
                .saturating_sub(transaction.opened);
            self.metrics.count(view, open_for.as_secs());
            self.count_outcome(&transaction.desk, view, open_for.as_secs())?;
            self.look_out(&transaction.desk, view)?;
        }
        let settled = settled.map(|(_, settled)| settled);
        let owed = settled.as_ref().ok().cloned();
        transaction.desk.remove(&transaction.id, owed);
        settled
    }
}
