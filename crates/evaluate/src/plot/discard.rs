//! Error versus discard.

use plotters::prelude::*;

use super::{BLUE, GREEN, GREY, ORANGE, PURPLE, svg};
use crate::{Error, QualityReport, Worth};

/// False non-match rate over the share of the worst probes that are discarded:
/// the score in force, the fitted one, and the best components alone.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn error_versus_discard(report: &QualityReport, title: &str) -> Result<String, Error> {
    let mut best: Vec<&Worth> = report.components.iter().collect();
    best.sort_by(|a, b| a.discard.mean.total_cmp(&b.discard.mean));
    let main = report.scores.iter().take(3).zip([BLUE, ORANGE, PURPLE]);
    let lines: Vec<(&Worth, RGBColor, u32)> = main
        .map(|(worth, colour)| (worth, colour, 3))
        .chain(
            best.into_iter()
                .take(3)
                .zip([GREEN, GREY, BLACK])
                .map(|(w, c)| (w, c, 1)),
        )
        .collect();
    let highest = lines.iter().flat_map(|l| &l.0.discard.points).map(|p| p.1);
    let top = (1.1 * highest.fold(0.0, f64::max)).clamp(0.01, 1.0);
    svg((760, 460), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(12)
            .margin_right(24)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..0.3, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc("share of probes discarded, worst first")
            .y_desc("false non-match rate among the rest")
            .x_label_formatter(&|x| format!("{:.0} %", 100.0 * x))
            .y_label_formatter(&|y| format!("{:.0} %", 100.0 * y))
            .label_style(("sans-serif", 13))
            .axis_desc_style(("sans-serif", 15))
            .bold_line_style(GREY.mix(0.18))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (worth, colour, width) in lines {
            let style = colour.stroke_width(width);
            chart
                .draw_series(LineSeries::new(worth.discard.points.iter().copied(), style))?
                .label(worth.name.clone())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .label_font(("sans-serif", 13))
            .background_style(WHITE.mix(0.85))
            .border_style(GREY.mix(0.4))
            .draw()?;
        Ok(())
    })
}
