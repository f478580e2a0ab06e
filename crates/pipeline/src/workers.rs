//! The one worker loop: every core takes the next task, results keep the order.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};
use rowcall_face::Worker;

/// The results of tasks 0 to `tasks`, in order, worked on by every core.
pub fn on_every_core<T: Send, E: Send>(
    tasks: usize,
    bar: &ProgressBar,
    work: impl Fn(usize, &Worker) -> Result<T, E> + Sync,
) -> Vec<Result<T, E>> {
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
pub fn progress(tasks: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pictures {elapsed}");
    ProgressBar::new(tasks).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
