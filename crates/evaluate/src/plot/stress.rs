//! Error rates over the parameter of a condition.

use super::{
    BLUE, GREEN, GREY, ORANGE, PURPLE,
    levels::{Line, draw},
};
use crate::{Error, StressCurve};

/// The curve of a condition: faces not found, people missed at both shipped
/// thresholds with their 95 % intervals, the equal error rate, and what the
/// quality gate refuses.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn stress(curve: &StressCurve, fmr: [f64; 2]) -> Result<String, Error> {
    let missed = |i: usize, colour| {
        let name = format!("missed at FMR {:e}", fmr[i]);
        Line::with_intervals(curve, (colour, 2), name, move |p| Some(p.missed[i]))
    };
    let line = |colour, width, name: &str, share: &dyn Fn(&crate::Point) -> Option<f64>| {
        Line::of(curve, (colour, width), name.to_owned(), share)
    };
    let lines = vec![
        line(PURPLE, 1, "refused by the quality gate", &|p| p.gated.rate),
        line(GREY, 2, "face not found (FTA)", &|p| p.fta.rate),
        line(GREEN, 1, "equal error rate", &|p| p.eer.map(|e| e.0)),
        missed(1, ORANGE),
        missed(0, BLUE),
    ];
    draw(curve, curve.title, "share of probes", lines)
}
