//! More glass before one seat of a given frame.

use super::smooth;
use crate::{Error, Linear, Pane, Veil, noise::stream};

/// A window before a seat: an upright rectangle with soft edges, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Left, top, right and bottom edge.
    pub edges: [f32; 4],
    /// Distance between the eyes of who sits behind it.
    pub eye_distance: f32,
}

/// The edges fade over this share of the shorter side.
const SOFT: f32 = 0.15;

/// Puts a pane, and what it reflects, before a part of the frame. What the frame
/// had before the face already stays.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] for a pane or veil outside its range.
pub fn glaze(
    frame: &mut Linear,
    window: &Window,
    pane: &Pane,
    veil: Option<&Veil>,
    seed: u64,
) -> Result<(), Error> {
    pane.check()?;
    veil.map_or(Ok(()), Veil::check)?;
    let mut glazed = frame.clone();
    let share = pane.of_the_face();
    for pixel in glazed.pixels.pixels_mut() {
        pixel.0 = pixel.0.map(|v| v * share);
    }
    let [left, top, right, bottom] = window.edges;
    let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
    if let Some(veil) = veil {
        veil.add(
            &mut glazed,
            pane,
            middle,
            window.eye_distance,
            &mut stream(seed),
        );
    }
    let soft = (SOFT * (right - left).min(bottom - top)).max(1.0);
    for (x, y, pixel) in frame.pixels.enumerate_pixels_mut() {
        let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
        let inside = (px - left).min(right - px).min(py - top).min(bottom - py);
        let weight = smooth(-soft, soft, inside);
        if weight > 0.0 {
            let behind = glazed.pixels.get_pixel(x, y).0;
            (0..3).for_each(|c| pixel.0[c] += weight * (behind[c] - pixel.0[c]));
        }
    }
    Ok(())
}
