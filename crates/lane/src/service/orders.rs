//! What transactions are asked for: opened, given documents and frames, closed.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use rowcall_audit::entry::Minutes;
use rowcall_camera::{
    Frames,
    capture::{Capture, Encoded, Picture},
};
use rowcall_document::NamedFile;
use rowcall_picture::Wiped;
use rowcall_pipeline::pass::MOST_FRAMES;
use rowcall_rollcall::Lane;
use rowcall_words::log::SetUpEndCause;
use zeroize::Zeroizing;

use super::Service;
use crate::{
    Error,
    analyst::{DocumentTask, FrameTask},
    desk::Desk,
    parties::Shown,
    queue::FRAMES_A_CAMERA,
    random_id::random_id,
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
    /// Where it is opened, at a lane whose stations are apart.
    pub(crate) station: Option<String>,
    /// The calling system's own name for it.
    pub(crate) reference: Zeroizing<String>,
    pub(crate) occupants: Option<u8>,
    pub(crate) documents: Option<u8>,
}

/// The caller's half of an opening.
pub(crate) struct Begun {
    pub(crate) transaction: Arc<Transaction>,
    /// What the party shows at the cameras, where they are at another station.
    pub(crate) code: Option<Zeroizing<String>>,
    pub(crate) opening: rowcall_custody::Opening,
}

impl Service {
    /// Opens a transaction: from here on the lane's cameras look for it, unless they are at
    /// another station, to which its vehicle is yet to come.
    pub(crate) fn open(&self, lane: &str, order: &Order) -> Result<Begun, Error> {
        let desk = self.desk(lane)?;
        let way = way(desk, order.station.as_deref())?;
        let layout = desk.layout(order.layout.as_deref())?;
        let id = random_id();
        let code = match way {
            None => {
                desk.check_room()?;
                None
            }
            Some(_) => Some(desk.add_party(&id, &order.reference)?),
        };
        let begun = self.open_as(desk, order, (layout, id.clone(), way));
        let (transaction, opening) = begun.inspect_err(|_| desk.forget_party(&id))?;
        Ok(Begun {
            transaction,
            code,
            opening,
        })
    }

    fn open_as(
        &self,
        desk: &Arc<Desk>,
        order: &Order,
        (layout, id, way): (Arc<Lane>, String, Option<u32>),
    ) -> Result<(Arc<Transaction>, rowcall_custody::Opening), Error> {
        self.end_set_up(desk, SetUpEndCause::Vehicle)?;
        let minutes = self.config.retention.transaction_minutes;
        let limit = Minutes::new(minutes + way.unwrap_or(0));
        let limit = limit.ok_or_else(|| Error::us("a checked time"))?;
        let reference = order.reference.as_bytes();
        let (open, opening) = self.custody.open(reference, limit, layout.clone())?;
        let long = |minutes: u32| Duration::from_secs(60 * u64::from(minutes));
        let transaction = Transaction::new(
            desk.equipment.clone(),
            Opened {
                id,
                station: order.station.clone(),
                direction: order.direction.unwrap_or(desk.direction),
                lane: layout,
                open,
                occupants: order.occupants,
                documents: order.documents,
                at: self.today(),
                limit: long(minutes),
                way: way.map(long),
            },
        )?;
        desk.add(transaction.clone());
        // One that began meanwhile.
        self.end_set_up(desk, SetUpEndCause::Vehicle)?;
        Ok((transaction, opening))
    }

    /// A vehicle comes to the cameras of a lane whose documents are presented elsewhere, of
    /// the sort that its party said or of this `layout`; none where nobody is under way and
    /// nothing was shown.
    pub(crate) fn party_arrives(
        &self,
        lane: &str,
        by: Shown<'_>,
        layout: Option<&str>,
    ) -> Result<Option<Arc<Transaction>>, Error> {
        let desk = self.desk(lane)?;
        let layout = layout.map(|name| desk.layout(Some(name))).transpose()?;
        desk.check_room()?;
        let arrived = desk.arrive(by, layout)?;
        let came = usize::from(arrived.is_some());
        self.metrics.count_parties(desk.name(), "arrived", came);
        Ok(arrived)
    }

    /// A loop or barrier says that a vehicle is there: the next party of a lane whose
    /// stations are apart, or a transaction that begins.
    pub(crate) fn come(&self, lane: &str) -> Result<Arc<Transaction>, Error> {
        let apart = self.desk(lane)?.equipment.apart.as_ref();
        let station = apart.map(|apart| apart.cameras.clone());
        if station.is_some()
            && let Some(arrived) = self.party_arrives(lane, Shown::Place, None)?
        {
            return Ok(arrived);
        }
        let order = Order {
            station,
            ..Order::default()
        };
        Ok(self.open(lane, &order)?.transaction)
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
        picture: Wiped<u8>,
    ) -> Result<(), Error> {
        if transaction.lane().camera(camera).is_none() {
            let known = transaction.lane().cameras.iter();
            let known: Vec<&str> = known.map(|c| c.name.as_str()).collect();
            return Err(Error::request(format_args!(
                "camera: the lane has none of this name; it has {}",
                known.join(", ")
            )));
        }
        if let Some(own) = self.desk_of(transaction)?.camera(camera) {
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
        transaction.arrival()?;
        let offset = match transaction.passes(camera) {
            None => None,
            Some(pass) => match transaction.follow(pass, camera, &capture) {
                Ok(Some(offset)) => Some(offset),
                // The empty lane, a part of the vehicle without a seat, or nobody knows
                // where: nothing is looked for in it.
                Ok(None) => {
                    self.metrics
                        .count_unplaced(&transaction.equipment.lane, camera, 1);
                    return Ok(());
                }
                Err(why) => {
                    if let Some(reader) = reader.upgrade() {
                        reader.report_damaged(&why);
                    }
                    transaction.frame_waits();
                    return transaction.add_unreadable();
                }
            },
        };
        let most = match offset {
            None => FRAMES_A_CAMERA,
            Some(_) => MOST_FRAMES,
        };
        transaction.frame_waits();
        let task = FrameTask {
            transaction: transaction.clone(),
            looking: transaction.looking(),
            camera: camera.to_owned(),
            capture,
            offset,
            reader,
        };
        // Cameras of two transactions at a lane are told apart.
        let lane = format!("{}/{}", transaction.equipment.lane, transaction.id);
        let now = self.clock.read().since_boot;
        for dropped in self.tasks.add_frame(&lane, camera, most, now, task) {
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
        let desk = self.desk_of(transaction)?;
        let arrival = transaction.arrival();
        let settled = transaction.close();
        match (&settled, arrival) {
            (Err(_), _) => {}
            // No vehicle was at the lane: there is nothing to count of one.
            (Ok(_), Err(_)) => {
                self.metrics.count_parties(desk.name(), "withdrawn", 1);
            }
            (Ok((view, _)), Ok(arrival)) => {
                let now = self.clock.read().since_boot;
                let seconds = now.saturating_sub(arrival.since_boot).as_secs();
                self.metrics.count(view, seconds);
                self.count_outcome(desk, view, seconds)?;
                self.look_out(desk, view)?;
            }
        }
        let settled = settled.map(|(_, settled)| settled);
        let owed = settled.as_ref().ok().cloned();
        desk.remove(&transaction.id, owed);
        settled
    }
}

/// How many minutes a transaction that is opened there may take to the cameras; none where
/// it is opened at them.
fn way(desk: &Desk, station: Option<&str>) -> Result<Option<u32>, Error> {
    let Some(apart) = &desk.equipment.apart else {
        return match station {
            None => Ok(None),
            Some(_) => Err(Error::request(
                "station: documents and cameras are at one place here; leave it out",
            )),
        };
    };
    match station {
        Some(station) if station == apart.cameras => Ok(None),
        Some(station) if apart.documents.iter().any(|own| own == station) => {
            Ok(Some(apart.minutes))
        }
        _ => {
            let known: Vec<&str> = apart.stations().collect();
            Err(Error::request(format_args!(
                "station: this lane has {}",
                known.join(", ")
            )))
        }
    }
}
