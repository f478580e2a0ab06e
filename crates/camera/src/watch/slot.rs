//! Where captures wait for one reader: the newest ones, and few.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::capture::Capture;

pub(super) struct Slot {
    keep: usize,
    held: Mutex<VecDeque<Arc<Capture>>>,
    filled: Notify,
}

impl Slot {
    pub(super) fn new(keep: usize) -> Self {
        let keep = keep.clamp(1, crate::caps::MAX_KEPT);
        Self {
            keep,
            held: Mutex::new(VecDeque::with_capacity(keep)),
            filled: Notify::new(),
        }
    }

    /// Puts the newest in; whether the oldest had to go for it.
    pub(super) fn put(&self, capture: Arc<Capture>) -> bool {
        let mut held = self.lock();
        let is_full = held.len() == self.keep;
        if is_full {
            held.pop_front();
        }
        held.push_back(capture);
        drop(held);
        self.filled.notify_one();
        is_full
    }

    pub(super) fn try_take(&self) -> Option<Arc<Capture>> {
        self.lock().pop_front()
    }

    pub(super) async fn take(&self) -> Arc<Capture> {
        loop {
            if let Some(capture) = self.try_take() {
                return capture;
            }
            self.filled.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Capture>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
