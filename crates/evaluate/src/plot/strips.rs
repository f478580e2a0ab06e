//! Values one by one, in rows.

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{BLUE, GREY, ORANGE, svg};
use crate::Error;

/// A row of the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// What the values are of.
    pub name: String,
    /// The values, 0..=1; what lies beyond is drawn at the edge.
    pub values: Vec<f64>,
}

/// Each value as a dot in its row, and a line at `limit`, with its name.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn strips(rows: &[Strip], limit: (&str, f64), title: &str) -> Result<String, Error> {
    let height = 110 + 44 * rows.len() as u32;
    svg((820, height), |area| {
        let count = rows.len() as f64;
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(14)
            .margin_left(150)
            .margin_right(40)
            .x_label_area_size(30)
            .build_cartesian_2d(0.0..1.0, 0.0..count.max(1.0))?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_labels(11)
            .x_label_formatter(&|x| format!("{x:.1}"))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let (name, at) = limit;
        chart.draw_series(LineSeries::new(
            [(at, 0.0), (at, count)],
            GREY.stroke_width(1),
        ))?;
        // On the side of the line that has room for it.
        let (side, aside) = if at > 0.5 {
            (HPos::Right, -4)
        } else {
            (HPos::Left, 4)
        };
        let style = TextStyle::from(("sans-serif", 11)).pos(Pos::new(side, VPos::Top));
        chart.draw_series([
            EmptyElement::at((at, count)) + Text::new(name.to_owned(), (aside, -12), style)
        ])?;
        for (i, row) in rows.iter().enumerate() {
            let middle = count - i as f64 - 0.5;
            chart.draw_series(row.values.iter().enumerate().map(|(k, value)| {
                // Spread over the row, so that equal values are seen apart.
                let y = middle + 0.07 * ((k % 9) as f64 - 4.0);
                let colour = if *value >= at { ORANGE } else { BLUE };
                Circle::new((value.clamp(0.0, 1.0), y), 3, colour.mix(0.7).filled())
            }))?;
            chart.draw_series([EmptyElement::at((0.0, middle))
                + Text::new(row.name.clone(), (-140, -7), ("sans-serif", 13))])?;
        }
        Ok(())
    })
}
