//! What several frames give over the parameter of a condition.

use super::{
    BLUE, GREY, ORANGE, PURPLE,
    levels::{Line, draw},
};
use crate::{Error, Fusion, Point, STRESS_FALSE_MATCH_RATES, StressCurve};

/// Who is missed by one frame, by the best shot and by the fusion, and by the
/// fusion behind the quality gate, at the `i`-th (0 or 1) of the shipped false
/// match rates. No lines without [`Point::fusion`].
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn fusion(curve: &StressCurve, i: usize) -> Result<String, Error> {
    let i = i.min(STRESS_FALSE_MATCH_RATES.len() - 1);
    let of = |p: &Point| -> Option<Fusion> { p.fusion };
    let lines = vec![
        Line::of(
            curve,
            (PURPLE, 1),
            "fused, what passes the quality gate (the lane)".to_owned(),
            |p| of(p)?.fit.fused.missed[i].rate,
        ),
        Line::of(curve, (GREY, 2), "single frame (mean)".to_owned(), |p| {
            Some(of(p)?.found.single.missed[i])
        }),
        Line::with_intervals(curve, (ORANGE, 2), "best shot".to_owned(), |p| {
            Some(of(p)?.found.best.missed[i])
        }),
        Line::with_intervals(curve, (BLUE, 2), "fused".to_owned(), |p| {
            Some(of(p)?.found.fused.missed[i])
        }),
    ];
    let fmr = STRESS_FALSE_MATCH_RATES[i];
    let title = format!("{}: missed at FMR {fmr:e}", curve.title);
    draw(curve, &title, "share of people", lines)
}
