//! What is told of a panic.

use std::panic::{PanicHookInfo, set_hook};

/// From here on a panic tells where in the program it was, and nothing else: what it
/// says may quote what it stumbled over, such as a line of a document, and standard
/// error is kept.
pub fn tell_panics_without_what_they_say() {
    set_hook(Box::new(|panic| eprintln!("{}", told(panic))));
}

fn told(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("?");
    match panic.location() {
        Some(at) => format!(
            "fault of the program in thread {thread}, at {}:{}:{}; what it says is withheld",
            at.file(),
            at.line(),
            at.column()
        ),
        None => format!("fault of the program in thread {thread}; what it says is withheld"),
    }
}
