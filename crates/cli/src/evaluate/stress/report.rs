//! The page of a stress test.

use std::io::Cursor;

use askama::Template as _;
use image::{ImageFormat, RgbImage, imageops};
use rowcall_evaluate::{Condition, Point, Proportion, Stress, StressCurve, StressSet, stress};

use super::fusion::{self, Basis};
use crate::{failure::Failure, private::ReportFolder};

#[derive(askama::Template)]
#[template(path = "stress.html")]
struct Page<'a> {
    title: &'a str,
    measured: &'a Stress,
    css: &'static str,
}

impl Page<'_> {
    fn rate(&self, p: &Proportion) -> String {
        let [low, high] = p.ci95;
        match p.rate {
            Some(rate) => format!(
                "{:.1} ({:.1}–{:.1})",
                100.0 * rate,
                100.0 * low,
                100.0 * high
            ),
            None => "–".to_owned(),
        }
    }

    fn eer(&self, p: &Point) -> String {
        match p.eer {
            Some((rate, [low, high])) => {
                format!(
                    "{:.1} ({:.1}–{:.1})",
                    100.0 * rate,
                    100.0 * low,
                    100.0 * high
                )
            }
            None => "–".to_owned(),
        }
    }

    fn fmr(&self, p: &Point) -> String {
        p.fmr[0].map_or_else(|| "–".to_owned(), |r| format!("{:.2}", 100.0 * r))
    }

    fn value(&self, p: &Point) -> String {
        format!("{}", (f64::from(p.value) * 100.0).round() / 100.0)
    }

    fn summary(&self, basis: &Basis) -> Vec<(&str, Vec<String>)> {
        fusion::summary(self.measured, *basis)
    }

    fn cells(&self, p: &Point, basis: &Basis) -> Vec<String> {
        fusion::cells(p, *basis)
    }

    fn points<'a>(&self, curve: &'a StressCurve) -> &'a [Point] {
        &curve.points
    }
}

/// Writes the page and what it shows into `folder`.
///
/// # Errors
/// What can't be drawn or written.
pub(super) fn write(
    folder: &ReportFolder,
    title: &str,
    json: &str,
    measured: &Stress,
    set: &StressSet,
    conditions: &[&'static Condition],
) -> Result<(), Failure> {
    let failed = |e: rowcall_evaluate::Error| Failure::new(e.to_string());
    for (curve, condition) in measured.curves.iter().zip(conditions) {
        let drawn = stress(curve, measured.fmr).map_err(failed)?;
        folder.write(&format!("{}.svg", curve.name), drawn)?;
        if measured.frames.is_some() {
            for (i, fmr) in measured.fmr.iter().enumerate() {
                let drawn = rowcall_evaluate::fusion(curve, i).map_err(failed)?;
                folder.write(&format!("{}-fusion-{fmr:e}.svg", curve.name), drawn)?;
            }
        }
        let strip = strip(&set.examples(condition).map_err(failed)?);
        folder.write(&format!("{}.png", curve.name), png(&strip)?)?;
    }
    let page = Page {
        title,
        measured,
        css: include_str!("../../../templates/stress.css"),
    };
    let html = page
        .render()
        .map_err(|e| Failure::new(format!("the report can't be made: {e}")))?;
    folder.write("index.html", html)?;
    folder.write("stress.json", json)
}

/// A picture as a PNG file.
pub(super) fn png(picture: &RgbImage) -> Result<Vec<u8>, Failure> {
    let mut file = Cursor::new(Vec::new());
    picture
        .write_to(&mut file, ImageFormat::Png)
        .map_err(|e| Failure::new(format!("a picture of the report can't be made: {e}")))?;
    Ok(file.into_inner())
}

/// The side of an example in a strip.
const SIDE: u32 = 120;

/// Pictures side by side, each brought to one size with its pixels visible.
pub(super) fn strip(pictures: &[RgbImage]) -> RgbImage {
    let mut strip = RgbImage::new(SIDE * pictures.len() as u32, SIDE);
    for (i, picture) in pictures.iter().enumerate() {
        // The middle, where the face is.
        let (width, height) = picture.dimensions();
        let side = (width.min(height) * 6 / 10).max(1);
        let middle =
            imageops::crop_imm(picture, (width - side) / 2, (height - side) / 2, side, side);
        let filter = if side < SIDE {
            imageops::FilterType::Nearest
        } else {
            imageops::FilterType::Triangle
        };
        let small = imageops::resize(&*middle, SIDE, SIDE, filter);
        imageops::replace(&mut strip, &small, i64::from(SIDE) * i as i64, 0);
    }
    strip
}
