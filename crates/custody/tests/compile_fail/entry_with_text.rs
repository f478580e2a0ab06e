//! An entry of the log takes no text.

use rowcall_audit::Event;

fn log(name: &str) -> Event {
    Event::HoldExpired { hold: 1, cause: name }
}

fn main() {}
