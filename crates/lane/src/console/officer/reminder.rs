//! The standing reminder that the machine errs.

use fluent_bundle::FluentValue;

use crate::console::{phrase, words::Words};

/// How often the machine errs, as far as that was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasuredError {
    /// Of how many vehicles in which somebody isn't the holder one would be confirmed
    /// all the same.
    pub one_wrong_in: Option<u64>,
    /// Of a hundred people who are the holders, how many the officer gets to see.
    pub referred_per_hundred: Option<f64>,
    /// When it was measured.
    pub measured_on: Option<jiff::civil::Date>,
}

/// The reminder in words.
pub(super) struct Reminder {
    pub(super) errs: String,
    pub(super) text: String,
    /// When it was measured: told to whoever points at it.
    pub(super) measured: String,
}

impl Reminder {
    pub(super) fn new(w: &Words, error: &MeasuredError) -> Self {
        let mut text = Vec::new();
        if let Some(count) = error.one_wrong_in {
            let count = FluentValue::from(phrase::grouped(count));
            text.push(w.with("reminder-wrong", &[("count", count)]));
        }
        if let Some(share) = error.referred_per_hundred {
            let share = FluentValue::from(share.round().max(1.0) as u64);
            text.push(w.with("reminder-referred", &[("count", share)]));
        }
        if error.one_wrong_in.is_none() && error.referred_per_hundred.is_none() {
            text.push(w.t("reminder-not-measured"));
        }
        let measured = error.measured_on.map(|day| day.to_string());
        Self {
            errs: w.t("reminder-errs"),
            measured: measured.map_or(String::new(), |day| w.named("reminder-measured-on", &day)),
            text: text.join(" "),
        }
    }
}
