//! What waits to be looked at, bounded: documents first, then of each camera's
//! frames the newest, lanes in turn and each lane's cameras in turn.
//!
//! A frame that can't be looked at in time is worth less with every newer one, so
//! each camera of a transaction may have two waiting, one where many wait, and the oldest
//! goes for the next; one that a vehicle passes may have more, since it is soon over. A
//! camera that shows much doesn't keep another one from being looked at. Whoever has
//! stopped filming waits for an answer, while a camera that goes on will replace what it
//! has here: every second look is for a camera that sends no more. Documents are never
//! dropped: when there are too many the caller is told to wait.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Frames of one camera that may wait.
pub(crate) const FRAMES_A_CAMERA: usize = 2;
/// Frames of all cameras from which on each may have one waiting only: a second of looks
/// on two cores would go by before the last of more were looked at.
const FRAMES: usize = 12;
/// A camera that has sent nothing for so long has stopped: at five frames a second, the
/// least that lanes are planned for, the next is due after 200 ms.
const STOPPED: Duration = Duration::from_millis(250);
/// Documents that may wait in all.
const DOCUMENTS: usize = 64;

/// Tasks of a service, taken by its analysts.
pub(crate) struct Queue<D, F> {
    state: Mutex<State<D, F>>,
    more: Condvar,
}

struct State<D, F> {
    documents: VecDeque<D>,
    /// By lane, in the order in which they were last served; none is empty.
    lanes: VecDeque<Lane<F>>,
    /// The next look is for a camera that sends no more, if there is one.
    is_for_stopped: bool,
    closed: bool,
}

/// A lane's cameras, in the order in which they were last served; none is empty.
struct Lane<F> {
    name: String,
    cameras: VecDeque<Camera<F>>,
}

/// What waits of a camera, the oldest first.
struct Camera<F> {
    name: String,
    /// When its newest frame came.
    newest: Duration,
    waiting: VecDeque<F>,
}

/// What an analyst takes.
pub(crate) enum Task<D, F> {
    /// A document.
    Document(D),
    /// A frame.
    Frame(F),
}

impl<D, F> Default for Queue<D, F> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                documents: VecDeque::new(),
                lanes: VecDeque::new(),
                is_for_stopped: true,
                closed: false,
            }),
            more: Condvar::new(),
        }
    }
}

impl<D, F> Queue<D, F> {
    /// Adds a document; gives it back where too many wait.
    pub(crate) fn add_document(&self, document: D) -> Result<(), D> {
        let mut state = self.lock();
        if state.closed || state.documents.len() >= DOCUMENTS {
            return Err(document);
        }
        state.documents.push_back(document);
        self.more.notify_one();
        Ok(())
    }

    /// Adds a frame that came at `now` (since any one moment, as in [`Queue::take`]) of a
    /// camera of which `most` may wait; gives back those that go for it, which may be itself.
    pub(crate) fn add_frame(
        &self,
        lane: &str,
        camera: &str,
        most: usize,
        now: Duration,
        frame: F,
    ) -> Vec<F> {
        let mut state = self.lock();
        if state.closed {
            return vec![frame];
        }
        let all = state.lanes.iter().flat_map(|lane| &lane.cameras);
        let is_crowded = all.map(|camera| camera.waiting.len()).sum::<usize>() >= FRAMES;
        let most = match is_crowded && most == FRAMES_A_CAMERA {
            true => 1,
            false => most,
        };
        let place = match state.lanes.iter().position(|other| other.name == lane) {
            Some(place) => place,
            None => {
                state.lanes.push_front(Lane {
                    name: lane.to_owned(),
                    cameras: VecDeque::new(),
                });
                0
            }
        };
        let cameras = &mut state.lanes[place].cameras;
        let dropped = match cameras.iter_mut().find(|other| other.name == camera) {
            Some(camera) => {
                camera.newest = now;
                camera.waiting.push_back(frame);
                let more = camera.waiting.len().saturating_sub(most);
                camera.waiting.drain(..more).collect()
            }
            None => {
                cameras.push_back(Camera {
                    name: camera.to_owned(),
                    newest: now,
                    waiting: VecDeque::from([frame]),
                });
                Vec::new()
            }
        };
        self.more.notify_one();
        dropped
    }

    /// The next task; waits for one. `None` once the queue is closed.
    pub(crate) fn take(&self, now: impl Fn() -> Duration) -> Option<Task<D, F>> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(document) = state.documents.pop_front() {
                return Some(Task::Document(document));
            }
            if let Some(frame) = state.next_frame(now()) {
                return Some(Task::Frame(frame));
            }
            state = self
                .more
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes out frames that nobody wants any more.
    pub(crate) fn drop_frames(&self, is_unwanted: impl Fn(&F) -> bool) {
        let mut state = self.lock();
        for lane in &mut state.lanes {
            for camera in &mut lane.cameras {
                camera.waiting.retain(|frame| !is_unwanted(frame));
            }
            lane.cameras.retain(|camera| !camera.waiting.is_empty());
        }
        state.lanes.retain(|lane| !lane.cameras.is_empty());
    }

    /// Takes out documents that nobody wants any more.
    pub(crate) fn drop_documents(&self, is_unwanted: impl Fn(&D) -> bool) {
        self.lock()
            .documents
            .retain(|document| !is_unwanted(document));
    }

    /// Ends it: what waits is dropped.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.documents.clear();
        state.lanes.clear();
        self.more.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<D, F>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D, F> State<D, F> {
    /// The newest frame of whose turn it is.
    fn next_frame(&mut self, now: Duration) -> Option<F> {
        let has_stopped = |camera: &Camera<F>| now.saturating_sub(camera.newest) >= STOPPED;
        let stopped = || {
            let mut lanes = self.lanes.iter().enumerate();
            lanes.find_map(|(i, lane)| Some((i, lane.cameras.iter().position(has_stopped)?)))
        };
        let stopped = self.is_for_stopped.then(stopped).flatten();
        self.is_for_stopped = stopped.is_none();
        let (lane, camera) = stopped.unwrap_or((0, 0));
        // Its turn comes again after the others'.
        let mut lane = self.lanes.remove(lane)?;
        let mut camera = lane.cameras.remove(camera)?;
        let newest = camera.waiting.pop_back();
        if !camera.waiting.is_empty() {
            lane.cameras.push_back(camera);
        }
        if !lane.cameras.is_empty() {
            self.lanes.push_back(lane);
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{FRAMES, Queue, Task};

    fn take(queue: &Queue<u8, u8>, now: u64) -> (char, u8) {
        match queue.take(|| Duration::from_millis(now)) {
            Some(Task::Document(d)) => ('d', d),
            Some(Task::Frame(f)) => ('f', f),
            None => ('-', 0),
        }
    }

    fn add(queue: &Queue<u8, u8>, lane: &str, camera: &str, now: u64, frame: u8) -> Vec<u8> {
        queue.add_frame(lane, camera, 2, Duration::from_millis(now), frame)
    }

    #[test]
    fn documents_come_first_then_the_newest_frames_of_lanes_and_cameras_in_turn() {
        let queue = Queue::default();
        assert!(add(&queue, "a", "front", 0, 1).is_empty());
        assert!(add(&queue, "a", "front", 0, 2).is_empty());
        assert_eq!(add(&queue, "a", "front", 0, 3), [1], "the oldest goes");
        let left = add(&queue, "a", "left", 0, 4);
        assert!(left.is_empty(), "another camera's stay");
        assert!(add(&queue, "b", "front", 0, 5).is_empty());
        queue.add_document(6).expect("room");
        let order: Vec<_> = (0..5).map(|_| take(&queue, 0)).collect();
        assert_eq!(order, [('d', 6), ('f', 5), ('f', 3), ('f', 4), ('f', 2)]);
    }

    #[test]
    fn every_second_look_is_for_a_camera_that_sends_no_more() {
        let queue = Queue::default();
        for (lane, frames) in [("a", [1, 2]), ("b", [3, 4]), ("c", [5, 6])] {
            for frame in frames {
                // That of lane b stopped 300 ms before the others' last.
                let now = if lane == "b" { 0 } else { 300 };
                add(&queue, lane, "front", now, frame);
            }
        }
        let order: Vec<_> = (0..6).map(|_| take(&queue, 310).1).collect();
        assert_eq!(
            order,
            [4, 6, 3, 2, 5, 1],
            "b, in turn, b, then nobody has stopped"
        );
    }

    #[test]
    fn where_many_wait_each_camera_has_one() {
        let queue = Queue::default();
        for camera in 0..FRAMES {
            assert!(add(&queue, "a", &camera.to_string(), 0, 1).is_empty());
        }
        assert_eq!(add(&queue, "a", "0", 0, 2), [1], "its older goes");
        assert!(
            add(&queue, "a", "another", 0, 3).is_empty(),
            "nobody else's does"
        );
        let passing = queue.add_frame("a", "0", 8, Duration::ZERO, 4);
        assert!(passing.is_empty(), "a vehicle that passes is soon over");
        assert_eq!(
            add(&queue, "a", "0", 0, 5),
            [2, 4],
            "both that it is too many by"
        );
    }

    #[test]
    fn documents_are_refused_and_never_dropped() {
        let queue: Queue<u8, u8> = Queue::default();
        for i in 0..64 {
            queue.add_document(i).expect("room");
        }
        assert_eq!(queue.add_document(64), Err(64));
        queue.close();
        assert_eq!(take(&queue, 0), ('-', 0));
        assert_eq!(add(&queue, "a", "front", 0, 1), [1]);
    }
}
