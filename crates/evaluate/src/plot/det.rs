//! Detection error trade-off, and the two score distributions.

use plotters::prelude::*;

use super::{BLUE, GREY, ORANGE, Probit, probit, svg};
use crate::{Error, Scores, Verification};

/// False non-match rate over false match rate on probit axes, with the
/// operating points, their 95 % intervals and the equal error rate.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn det(scores: &Scores, measured: &Verification, title: &str) -> Result<String, Error> {
    let least = |n: u64| 1.0 / n.max(2) as f64;
    let (x_low, y_low) = (
        probit(least(measured.non_mated).max(1e-7)),
        probit((least(measured.mated) / 2.0).max(1e-6)),
    );
    let curve: Vec<(f64, f64)> = thresholds(scores)
        .map(|t| (probit(scores.fmr(t)), probit(scores.fnmr(t))))
        .filter(|(x, y)| *x > x_low && *y > y_low)
        .collect();
    let highest = curve.iter().map(|p| p.1).fold(probit(0.05), f64::max);
    let (x_high, y_high) = (probit(0.4), highest.min(probit(0.99)));
    svg((760, 600), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(14)
            .x_label_area_size(48)
            .y_label_area_size(64)
            .build_cartesian_2d(Probit(x_low..x_high), Probit(y_low..y_high))?;
        chart
            .configure_mesh()
            .x_desc("false match rate")
            .y_desc("false non-match rate")
            .light_line_style(TRANSPARENT)
            .draw()?;
        let eer = (x_low.max(y_low)..x_high.min(y_high)).step(0.01);
        chart.draw_series(LineSeries::new(
            eer.values().map(|v| (v, v)),
            GREY.stroke_width(1),
        ))?;
        chart.draw_series(LineSeries::new(
            curve
                .iter()
                .copied()
                .filter(|p| p.0 < x_high && p.1 < y_high),
            BLUE.stroke_width(2),
        ))?;
        for point in measured.points.iter().filter(|p| p.false_matches >= 1.0) {
            let at = |rate: f64| probit(rate).clamp(y_low, y_high);
            let x = probit(point.fmr);
            chart.draw_series(LineSeries::new(
                point.ci95.map(|end| (x, at(end))),
                ORANGE.stroke_width(2),
            ))?;
            let label = format!("{:.2} % at {:.3}", 100.0 * point.fnmr, point.threshold);
            chart.draw_series([EmptyElement::at((x, at(point.fnmr)))
                + Circle::new((0, 0), 4, ORANGE.filled())
                + Text::new(label, (9, -16), ("sans-serif", 13))])?;
        }
        let e = probit(measured.eer);
        if e > x_low && e > y_low && e < x_high {
            let label = format!("EER {:.2} %", 100.0 * measured.eer);
            chart.draw_series([EmptyElement::at((e, e))
                + Circle::new((0, 0), 4, BLUE.filled())
                + Text::new(label, (9, 4), ("sans-serif", 13))])?;
        }
        Ok(())
    })
}

/// The share of strangers at or above, and of one person's pairs below, each
/// score, on a probit axis: a normal distribution is a straight line here.
///
/// # Errors
/// [`crate::ErrorKind::Output`], which would be a fault of ours.
pub fn distributions(
    scores: &Scores,
    measured: &Verification,
    title: &str,
) -> Result<String, Error> {
    let low = probit((1.0 / measured.non_mated.max(2) as f64).max(1e-7));
    let high = probit(0.99);
    let line = |rate: &dyn Fn(f32) -> f64| -> Vec<(f64, f64)> {
        thresholds(scores)
            .map(|t| (f64::from(t), probit(rate(t))))
            .filter(|(_, y)| (low..high).contains(y))
            .collect()
    };
    let non_mated = line(&|t| scores.fmr(t));
    let mated = line(&|t| scores.fnmr(t));
    let ends = non_mated.iter().chain(&mated).map(|p| p.0);
    let (left, right) = ends.fold((1.0_f64, -1.0_f64), |(a, b), x| (a.min(x), b.max(x)));
    svg((760, 520), |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(14)
            .x_label_area_size(48)
            .y_label_area_size(64)
            .build_cartesian_2d(left - 0.02..right.max(left) + 0.02, Probit(low..high))?;
        chart
            .configure_mesh()
            .x_desc("comparison score (cosine)")
            .y_desc("share of comparisons")
            .x_label_formatter(&|x| format!("{x:.1}"))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (points, colour, name) in [
            (non_mated, BLUE, "strangers at or above (FMR)"),
            (mated, ORANGE, "one person below (FNMR)"),
        ] {
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperMiddle)
            .background_style(WHITE.mix(0.8))
            .border_style(GREY)
            .draw()?;
        Ok(())
    })
}

fn thresholds(scores: &Scores) -> impl Iterator<Item = f32> {
    let top = scores.tail().next().unwrap_or(1.0);
    (-500_i16..=500)
        .map(|i| f32::from(i) / 500.0)
        .take_while(move |t| *t <= top + 0.002)
        .collect::<Vec<_>>()
        .into_iter()
}
