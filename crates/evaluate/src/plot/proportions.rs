//! Proportions with their intervals, one below another.

use plotters::prelude::*;

use super::{BLUE, GREY, svg};
use crate::{Error, Proportion};

/// A line of the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it is a proportion of.
    pub name: String,
    /// The proportion.
    pub value: Proportion,
}

/// Each proportion as a dot with its 95 % interval, and a mark at each of
/// `context`: published figures to look at beside them, by name.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn bars(bars: &[Bar], context: &[(&str, f64)], title: &str) -> Result<String, Error> {
    let height = 110 + 26 * bars.len() as u32;
    svg((820, height), |area| {
        let rows = bars.len() as f64;
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(14)
            .margin_left(250)
            .margin_right(90)
            .x_label_area_size(30)
            .build_cartesian_2d(0.0..1.0, 0.0..rows.max(1.0))?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_labels(11)
            .x_label_formatter(&|x| format!("{:.0} %", 100.0 * x))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (name, at) in context {
            chart.draw_series(LineSeries::new(
                [(*at, 0.0), (*at, rows)],
                GREY.stroke_width(1),
            ))?;
            chart.draw_series([EmptyElement::at((*at, rows))
                + Text::new((*name).to_owned(), (3, -12), ("sans-serif", 11))])?;
        }
        for (i, bar) in bars.iter().enumerate() {
            let y = rows - i as f64 - 0.5;
            let [low, high] = bar.value.ci95;
            chart.draw_series(LineSeries::new([(low, y), (high, y)], BLUE.stroke_width(2)))?;
            let rate = bar.value.rate.unwrap_or(0.0);
            let dot = Circle::new((0, 0), if bar.value.n > 0 { 4 } else { 0 }, BLUE.filled());
            chart.draw_series([EmptyElement::at((rate, y)) + dot])?;
            chart.draw_series([EmptyElement::at((0.0, y))
                + Text::new(bar.name.clone(), (-240, -7), ("sans-serif", 13))])?;
            let count = format!("{} of {}", bar.value.k, bar.value.n);
            chart.draw_series([
                EmptyElement::at((1.0, y)) + Text::new(count, (8, -7), ("sans-serif", 13))
            ])?;
        }
        Ok(())
    })
}
