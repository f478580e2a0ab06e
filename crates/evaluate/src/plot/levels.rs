//! Shares over the levels of a condition.

use std::ops::Range;

use plotters::{
    coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter},
    prelude::*,
};

use super::{GREY, svg};
use crate::{Error, Interval, Point, Proportion, StressCurve};

/// A line through all levels of a curve.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) colour: RGBColor,
    pub(super) width: u32,
    /// Value and share.
    points: Vec<(f64, f64)>,
    /// Value and 95 % interval.
    intervals: Vec<(f64, Interval)>,
}

impl Line {
    /// Without intervals; where there is no share, the line goes on from its
    /// neighbours.
    pub(super) fn of(
        curve: &StressCurve,
        (colour, width): (RGBColor, u32),
        name: String,
        share: impl Fn(&Point) -> Option<f64>,
    ) -> Self {
        let at = |p: &Point| Some((f64::from(p.value), share(p)?));
        Self {
            name,
            colour,
            width,
            points: curve.points.iter().filter_map(at).collect(),
            intervals: Vec::new(),
        }
    }

    /// With the interval of each share.
    pub(super) fn with_intervals(
        curve: &StressCurve,
        style: (RGBColor, u32),
        name: String,
        share: impl Fn(&Point) -> Option<Proportion>,
    ) -> Self {
        let at = |p: &Point| Some((f64::from(p.value), share(p)?.ci95));
        Self {
            intervals: curve.points.iter().filter_map(at).collect(),
            ..Self::of(curve, style, name, |p| share(p)?.rate)
        }
    }
}

/// The lines over each other, the last on top, as an SVG file's text.
pub(super) fn draw(
    curve: &StressCurve,
    title: &str,
    share_of: &str,
    lines: Vec<Line>,
) -> Result<String, Error> {
    svg((760, 440), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(12)
            .margin_right(24)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(Values { curve }, Root)?;
        chart
            .configure_mesh()
            .x_desc(curve.parameter)
            .y_desc(share_of)
            .label_style(("sans-serif", 13))
            .axis_desc_style(("sans-serif", 15))
            .bold_line_style(GREY.mix(0.18))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for line in &lines {
            let style = line.colour.stroke_width(line.width);
            chart
                .draw_series(LineSeries::new(line.points.clone(), style).point_size(2))?
                .label(&line.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        for line in &lines {
            for &(value, ends) in &line.intervals {
                chart.draw_series([PathElement::new(
                    ends.map(|end| (value, end)).to_vec(),
                    line.colour.mix(0.5).stroke_width(1),
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
