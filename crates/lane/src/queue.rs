//! What waits to be looked at, bounded: documents first, then of each camera's
//! frames the newest, lanes in turn and each lane's cameras in turn.
//!
//! A frame that can't be looked at in time is worth less with every newer one, so
//! each camera of a transaction may have two waiting, and the oldest goes for a
//! third; one that a vehicle passes may have more, since it is soon over. A camera that
//! shows much doesn't keep another one from being looked at. Documents are never dropped:
//! when there are too many the caller is told to wait.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Frames of one camera that may wait.
pub(crate) const FRAMES_A_CAMERA: usize = 2;
/// Documents that may wait in all.
const DOCUMENTS: usize = 64;

/// Tasks of a service, taken by its analysts.
pub(crate) struct Queue<D, F> {
    state: Mutex<State<D, F>>,
    more: Condvar,
}

struct State<D, F> {
    documents: VecDeque<D>,
    /// By lane, in the order in which they were last served.
    lanes: VecDeque<(String, Cameras<F>)>,
    closed: bool,
}

/// A lane's frames by camera, in the order in which the cameras were last served; none
/// is empty.
type Cameras<F> = VecDeque<(String, VecDeque<F>)>;

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

    /// Adds a frame of a camera of which `most` may wait; gives back one that goes for it,
    /// which may be itself.
    pub(crate) fn add_frame(&self, lane: &str, camera: &str, most: usize, frame: F) -> Option<F> {
        let mut state = self.lock();
        if state.closed {
            return Some(frame);
        }
        let place = match state.lanes.iter().position(|(name, _)| name == lane) {
            Some(place) => place,
            None => {
                state.lanes.push_front((lane.to_owned(), VecDeque::new()));
                0
            }
        };
        let cameras = &mut state.lanes[place].1;
        let dropped = match cameras.iter_mut().find(|(name, _)| name == camera) {
            Some((_, waiting)) => {
                let is_full = waiting.len() >= most;
                let oldest = is_full.then(|| waiting.pop_front()).flatten();
                waiting.push_back(frame);
                oldest
            }
            None => {
                cameras.push_back((camera.to_owned(), VecDeque::from([frame])));
                None
            }
        };
        self.more.notify_one();
        dropped
    }

    /// The next task; waits for one. `None` once the queue is closed.
    pub(crate) fn take(&self) -> Option<Task<D, F>> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(document) = state.documents.pop_front() {
                return Some(Task::Document(document));
            }
            if let Some((lane, mut cameras)) = state.lanes.pop_front() {
                let next = cameras.pop_front().and_then(|(camera, mut waiting)| {
                    let newest = waiting.pop_back();
                    // Its turn comes again after the others'.
                    if !waiting.is_empty() {
                        cameras.push_back((camera, waiting));
                    }
                    newest
                });
                if !cameras.is_empty() {
                    state.lanes.push_back((lane, cameras));
                }
                if let Some(newest) = next {
                    return Some(Task::Frame(newest));
                }
                continue;
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
        for (_, cameras) in &mut state.lanes {
            for (_, waiting) in cameras.iter_mut() {
                waiting.retain(|frame| !is_unwanted(frame));
            }
            cameras.retain(|(_, waiting)| !waiting.is_empty());
        }
        state.lanes.retain(|(_, cameras)| !cameras.is_empty());
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

#[cfg(test)]
mod tests {
    use super::{Queue, Task};

    fn take(queue: &Queue<u8, u8>) -> (char, u8) {
        match queue.take() {
            Some(Task::Document(d)) => ('d', d),
            Some(Task::Frame(f)) => ('f', f),
            None => ('-', 0),
        }
    }

    #[test]
    fn documents_come_first_then_the_newest_frames_of_lanes_and_cameras_in_turn() {
        let queue = Queue::default();
        assert_eq!(queue.add_frame("a", "front", 2, 1), None);
        assert_eq!(queue.add_frame("a", "front", 2, 2), None);
        assert_eq!(
            queue.add_frame("a", "front", 2, 3),
            Some(1),
            "the oldest goes"
        );
        let left = queue.add_frame("a", "left", 2, 4);
        assert_eq!(left, None, "another camera's stay");
        assert_eq!(queue.add_frame("b", "front", 2, 5), None);
        queue.add_document(6).expect("room");
        let order: Vec<_> = (0..5).map(|_| take(&queue)).collect();
        assert_eq!(order, [('d', 6), ('f', 5), ('f', 3), ('f', 4), ('f', 2)]);
    }

    #[test]
    fn documents_are_refused_and_never_dropped() {
        let queue: Queue<u8, u8> = Queue::default();
        for i in 0..64 {
            queue.add_document(i).expect("room");
        }
        assert_eq!(queue.add_document(64), Err(64));
        queue.close();
        assert_eq!(take(&queue), ('-', 0));
        assert_eq!(queue.add_frame("a", "front", 2, 1), Some(1));
    }
}
