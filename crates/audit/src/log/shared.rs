//! One log, many threads: appends that wait for the same sync share it.

use super::Log;
use crate::{Entry, Error};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A log that several threads append to. While one append is being synced, the
/// others queue; the next one takes them all along (group commit), so the rate
/// is not bound by one sync per entry.
pub struct SharedLog {
    queue: Mutex<Queue>,
    done: Condvar,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Entry>,
    /// How many entries were ever queued, and how many of those are settled.
    queued: u64,
    settled: u64,
    writing: bool,
    failed: bool,
    /// Number of the first entry ever queued here.
    base: u64,
}

impl SharedLog {
    /// Shares `log`.
    pub fn new(log: Log) -> Self {
        let base = log.size();
        Self {
            queue: Mutex::new(Queue {
                base,
                ..Queue::default()
            }),
            done: Condvar::new(),
            log: Mutex::new(log),
        }
    }

    /// Appends an entry and returns its number once it is durable.
    ///
    /// # Errors
    /// If it could not be written; the log then refuses everything after it.
    pub fn append(&self, entry: Entry) -> Result<u64, Error> {
        let mut queue = lock(&self.queue);
        let ticket = queue.queued;
        queue.waiting.push(entry);
        queue.queued += 1;
        loop {
            if queue.failed {
                return Err(Error::us(
                    "the audit log could not be written: open it anew",
                ));
            }
            if queue.settled > ticket {
                return Ok(queue.base + ticket);
            }
            if queue.writing {
                queue = self
                    .done
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            queue.writing = true;
            let batch = std::mem::take(&mut queue.waiting);
            drop(queue);
            let result = lock(&self.log).append(&batch);
            queue = lock(&self.queue);
            queue.writing = false;
            queue.settled += batch.len() as u64;
            self.done.notify_all();
            if let Err(error) = result {
                queue.failed = true;
                return Err(error);
            }
        }
    }

    /// The log, when nobody appends any more.
    pub fn into_inner(self) -> Log {
        self.log
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
