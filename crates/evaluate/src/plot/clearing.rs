//! Vehicles cleared against vehicles with a false confirmation.

use plotters::prelude::*;

use super::{BLUE, GREEN, GREY, ORANGE, Probit, probit, svg};
use crate::Error;

/// A method's operating points.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The method.
    pub name: String,
    /// Share of vehicles with a false confirmation, and share cleared of those
    /// that should be.
    pub points: Vec<(f64, f64)>,
    /// The point at the shipped budget.
    pub shipped: Option<(f64, f64)>,
}

/// The curves, the rarer errors at the left; `least` is the rarest rate that
/// the number of parties can show.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn clearing(curves: &[Curve], least: f64, title: &str) -> Result<String, Error> {
    let at = |(x, y): (f64, f64)| (probit(x.max(least)), y);
    let all = || curves.iter().flat_map(|c| &c.points);
    let lowest = all().map(|p| p.1).fold(1.0, f64::min);
    let highest = all().map(|p| p.0).fold(least * 10.0, f64::max);
    let (left, right) = (probit(least), probit(highest.min(0.5)) + 0.1);
    svg((820, 560), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(14)
            .x_label_area_size(48)
            .y_label_area_size(64)
            .build_cartesian_2d(Probit(left..right), (lowest - 0.02).max(0.0)..1.0)?;
        chart
            .configure_mesh()
            .x_desc("vehicles with a false confirmation")
            .y_desc("vehicles cleared, of those that should be")
            .y_label_formatter(&|y| format!("{:.0} %", 100.0 * y))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (curve, colour) in curves
            .iter()
            .zip([BLUE, GREEN, ORANGE, GREY].into_iter().cycle())
        {
            let line = curve.points.iter().map(|p| at(*p));
            chart
                .draw_series(LineSeries::new(line, colour.stroke_width(2)))?
                .label(curve.name.clone())
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
            let shipped = curve.shipped.iter().map(|p| at(*p));
            chart.draw_series(shipped.map(|p| Circle::new(p, 5, colour.filled())))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.8))
            .border_style(GREY)
            .draw()?;
        Ok(())
    })
}
