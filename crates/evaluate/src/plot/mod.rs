//! Plots as SVG, for people.
//!
//! Rates stand on probit axes, on which normally distributed scores give
//! straight lines (Martin et al., "The DET curve in assessment of detection
//! task performance", 1997).

mod clearing;
mod det;
mod discard;
mod fusion;
mod levels;
mod proportions;
mod stress;
mod strips;

pub use clearing::{Curve, clearing};
pub use det::{det, distributions};
pub use discard::error_versus_discard;
pub use fusion::fusion;
use std::ops::Range;

use plotters::{
    coord::{
        Shift,
        ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter},
    },
    prelude::{DrawingArea, DrawingAreaErrorKind, RGBColor, SVGBackend},
};
pub use proportions::{Bar, bars};
use statrs::distribution::{ContinuousCDF as _, Normal};
pub use stress::stress;
pub use strips::{Strip, strips};

use crate::{Error, ErrorKind};

pub(crate) const BLUE: RGBColor = RGBColor(0, 90, 160);
pub(crate) const ORANGE: RGBColor = RGBColor(200, 90, 0);
pub(crate) const GREEN: RGBColor = RGBColor(20, 130, 70);
pub(crate) const PURPLE: RGBColor = RGBColor(130, 60, 150);
pub(crate) const GREY: RGBColor = RGBColor(110, 110, 110);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Broken = DrawingAreaErrorKind<std::io::Error>;

/// The standard normal deviate below which a share `p` lies.
pub(crate) fn probit(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p.clamp(1e-12, 1.0 - 1e-12))
}

/// The rates that a probit axis is marked at.
const MARKS: [f64; 15] = [
    1e-6, 1e-5, 1e-4, 1e-3, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99,
];

/// An axis of standard normal deviates, marked with the rates they stand for.
pub(crate) struct Probit(pub(crate) Range<f64>);

impl Ranged for Probit {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.0.start) / (self.0.end - self.0.start);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        let within = MARKS.into_iter().map(probit);
        within.filter(|m| self.0.contains(m)).collect()
    }

    fn range(&self) -> Range<f64> {
        self.0.clone()
    }
}

impl ValueFormatter<f64> for Probit {
    fn format_ext(&self, deviate: &f64) -> String {
        mark(*deviate)
    }
}

/// What stands at a mark.
fn mark(deviate: f64) -> String {
    let rate = MARKS.into_iter().min_by(|a, b| {
        (probit(*a) - deviate)
            .abs()
            .total_cmp(&(probit(*b) - deviate).abs())
    });
    match rate {
        Some(rate) if rate < 1e-3 => format!("{rate:e}"),
        Some(rate) => format!("{} %", (rate * 1e4).round() / 1e2),
        None => String::new(),
    }
}

/// A drawing of this size, as the text of an SVG file.
fn svg(
    size: (u32, u32),
    draw: impl FnOnce(&Area<'_>) -> Result<(), Broken>,
) -> Result<String, Error> {
    use plotters::prelude::IntoDrawingArea as _;
    let mut text = String::new();
    let broken = |e: Broken| Error::new(ErrorKind::Output, format!("a plot can't be drawn: {e}"));
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        area.fill(&plotters::style::WHITE).map_err(broken)?;
        draw(&area).map_err(broken)?;
        area.present().map_err(broken)?;
    }
    Ok(text)
}
