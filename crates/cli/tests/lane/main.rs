//! `rowcall serve` in a process of its own: what it leaves behind, and what it goes
//! through.

#[path = "../common/ask.rs"]
#[expect(dead_code, reason = "other tests ask in other ways")]
mod ask;
mod faults;
mod load;
#[path = "../common/serve.rs"]
mod serve;
mod traces;

use serve::Service;

/// A lane with every layout of the samples, and times that no test comes to the end of.
const BOOTH: Service = Service {
    lane: "booth-1",
    layouts: &["front-row.toml", "two-row.toml", "three-row.toml"],
    transaction_minutes: 10,
    hold_minutes: 60,
    order_minutes: 600,
    holds_per_day: 20,
    two_officers: false,
};
