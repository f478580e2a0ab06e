//! Error rates over the parameter of a condition.

use std::ops::Range;

use plotters::{
    coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter},
    prelude::*,
};

use super::{BLUE, GREY, ORANGE, svg};
use crate::{Error, Point, Proportion, StressCurve};

const GREEN: RGBColor = RGBColor(20, 130, 70);
const PURPLE: RGBColor = RGBColor(130, 60, 150);

/// An axis of the values that were measured, each marked.
struct Values<'a> {
    curve: &'a StressCurve,
}

impl Values<'_> {
    fn place(&self, value: f64) -> f64 {
        if self.curve.is_logarithmic {
            value.max(1e-6).ln()
        } else {
            value
        }
    }
}

impl Ranged for Values<'_> {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let Range { start, end } = self.range();
        let (a, b) = (self.place(start), self.place(end));
        // A little air on both sides for the marks.
        let share = 0.03 + 0.94 * (self.place(*value) - a) / (b - a);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.curve
            .points
            .iter()
            .map(|p| f64::from(p.value))
            .collect()
    }

    /// Harmless on the left, whichever way the values run.
    fn range(&self) -> Range<f64> {
        let values = &self.curve.points;
        let at = |p: Option<&Point>| p.map_or(0.0, |p| f64::from(p.value));
        at(values.first())..at(values.last())
    }
}

impl ValueFormatter<f64> for Values<'_> {
    fn format_ext(&self, value: &f64) -> String {
        format!("{}", (value * 100.0).round() / 100.0)
    }
}

/// An axis of rates on which their square roots are even: it has room for one
/// in a hundred and shows nought and all.
struct Root;

const MARKS: [f64; 9] = [0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0];

impl Ranged for Root {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        limit.0 + (value.max(0.0).sqrt() * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        MARKS.to_vec()
    }

    fn range(&self) -> Range<f64> {
        0.0..1.0
    }
}

impl ValueFormatter<f64> for Root {
    fn format_ext(&self, rate: &f64) -> String {
        format!("{:.0} %", 100.0 * rate)
    }
}

/// The curve of a condition: faces not found, people missed at both shipped
/// thresholds with their 95 % intervals, the equal error rate, and what the
/// quality gate refuses.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn stress(curve: &StressCurve, fmr: [f64; 2]) -> Result<String, Error> {
    svg((760, 440), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(curve.title, ("sans-serif", 18))
            .margin(12)
            .margin_right(24)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(Values { curve }, Root)?;
        chart
            .configure_mesh()
            .x_desc(curve.parameter)
            .y_desc("share of probes")
            .label_style(("sans-serif", 13))
            .axis_desc_style(("sans-serif", 15))
            .bold_line_style(GREY.mix(0.18))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let of = |rate: &dyn Fn(&Point) -> Option<f64>| -> Vec<(f64, f64)> {
            let at = |p: &Point| Some((f64::from(p.value), rate(p)?));
            curve.points.iter().filter_map(at).collect()
        };
        let missed = |i: usize| move |p: &Point| p.missed[i].rate;
        for (points, colour, width, name) in [
            (
                of(&|p| p.gated.rate),
                PURPLE,
                1,
                "refused by the quality gate".to_owned(),
            ),
            (
                of(&|p| p.fta.rate),
                GREY,
                2,
                "face not found (FTA)".to_owned(),
            ),
            (
                of(&|p| p.eer.map(|e| e.0)),
                GREEN,
                1,
                "equal error rate".to_owned(),
            ),
            (
                of(&missed(1)),
                ORANGE,
                2,
                format!("missed at FMR {:e}", fmr[1]),
            ),
            (
                of(&missed(0)),
                BLUE,
                2,
                format!("missed at FMR {:e}", fmr[0]),
            ),
        ] {
            let style = colour.stroke_width(width);
            chart
                .draw_series(LineSeries::new(points.clone(), style).point_size(2))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        for (i, colour) in [(1, ORANGE), (0, BLUE)] {
            for point in &curve.points {
                let Proportion { ci95, .. } = point.missed[i];
                let x = f64::from(point.value);
                chart.draw_series([PathElement::new(
                    ci95.map(|end| (x, end)).to_vec(),
                    colour.mix(0.5).stroke_width(1),
                )])?;
            }
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .label_font(("sans-serif", 13))
            .background_style(WHITE.mix(0.85))
            .border_style(GREY.mix(0.4))
            .draw()?;
        Ok(())
    })
}
