//! What children cost, from outside.

/// The processor time, in seconds, of all children of this process that have ended. Linux
/// alone tells it, in steps of 10 ms.
pub(crate) fn processor_seconds() -> f64 {
    /// What `/proc` counts in: USER_HZ, the same on all that Linux runs on here.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may have blanks; user and system time of children are the
    // fourteenth and fifteenth after it (proc(5)).
    let fields = text.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks = fields.split(' ').skip(13).take(2);
    ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / TICKS
}
