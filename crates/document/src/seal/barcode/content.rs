//! What there is to search on a picture, so that the search takes no more time
//! than there is something to be found.

use image::GrayImage;
use rxing::common::BitMatrix;

/// Grey levels by which print differs from the paper, at least.
const CONTRAST: u8 = 24;
/// Blank paper that is left around what is printed, as a part of its longer side:
/// codes are looked for with their quiet zone.
const QUIET: u32 = 8;
/// Changes between black and white for each pixel that no readable code reaches:
/// its modules are two pixels or more, and every second one is like the one before.
const MOST_CHANGES: f32 = 1.0 / 3.0;
/// Pictures of fewer pixels are never too fine: a code of one pixel a module fits.
const SMALL: u32 = 250 * 250;
/// Rows and columns that are skipped while counting.
const STEP: usize = 3;

/// The part of the picture that isn't blank, shrunk by a whole number where it
/// has more than `most` pixels; `None` if all of it is blank.
pub(super) fn content(picture: &GrayImage, most: u64) -> Option<GrayImage> {
    let (width, height) = picture.dimensions();
    let paper = *picture.as_raw().first()?;
    let differs = |p: &u8| p.abs_diff(paper) > CONTRAST;
    let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
    for (y, row) in (0..).zip(picture.as_raw().chunks_exact(width as usize)) {
        if let Some(first) = row.iter().position(differs) {
            let last = row.iter().rposition(differs).unwrap_or(first);
            left = left.min(first as u32);
            right = right.max(last as u32 + 1);
            top = top.min(y);
            bottom = y + 1;
        }
    }
    if left >= right {
        return None;
    }
    let margin = (right - left).max(bottom - top) / QUIET + 8;
    let (left, top) = (left.saturating_sub(margin), top.saturating_sub(margin));
    let (right, bottom) = ((right + margin).min(width), (bottom + margin).min(height));
    let area = u64::from(right - left) * u64::from(bottom - top);
    let by = (area as f64 / most as f64).sqrt().ceil().max(1.0) as u32;
    let mean = |x: u32, y: u32| {
        let (x, y) = (left + x * by, top + y * by);
        let rows = (y..y + by).map(|y| (y * width + x) as usize);
        let sum: u32 = rows
            .flat_map(|at| &picture.as_raw()[at..at + by as usize])
            .map(|p| u32::from(*p))
            .sum();
        image::Luma([(sum / (by * by)) as u8])
    };
    let (wide, tall) = ((right - left) / by, (bottom - top) / by);
    (wide > 0 && tall > 0).then(|| GrayImage::from_fn(wide, tall, mean))
}

/// How fine the pattern of a picture in black and white is.
pub(super) struct Texture {
    pixels: u32,
    across: f32,
    down: f32,
    /// Places in the counted rows where runs of 1, 1, 3, 1 and 1 follow one another,
    /// as through the finder patterns of a QR code (ISO/IEC 18004, 6.3.3).
    pub finders: usize,
}

impl Texture {
    /// Counts along every third row and column.
    pub(super) fn of(matrix: &BitMatrix) -> Self {
        let (width, height) = (matrix.width(), matrix.height());
        let (mut across, mut down, mut finders) = (0, 0, 0);
        let mut counted = (0, 0);
        for y in (0..height).step_by(STEP) {
            counted.0 += width;
            let runs = runs((0..width).map(|x| matrix.get(x, y)));
            across += runs.len();
            let first_black = usize::from(!matrix.get(0, y));
            let black = runs.get(first_black..).unwrap_or(&[]);
            finders += black.windows(5).step_by(2).filter(|r| is_finder(r)).count();
        }
        for x in (0..width).step_by(STEP) {
            counted.1 += height;
            down += runs((0..height).map(|y| matrix.get(x, y))).len();
        }
        Self {
            pixels: width.saturating_mul(height),
            across: across as f32 / counted.0.max(1) as f32,
            down: down as f32 / counted.1.max(1) as f32,
            finders,
        }
    }

    /// Whether no code could be made out, noise for one.
    pub(super) fn is_too_fine(&self) -> bool {
        self.pixels > SMALL && self.across.max(self.down) > MOST_CHANGES
    }
}

/// The lengths of what is alike in a row.
pub(super) fn runs(row: impl Iterator<Item = bool>) -> Vec<u32> {
    let mut runs: Vec<u32> = Vec::new();
    let mut last = None;
    for value in row {
        match runs.last_mut() {
            Some(run) if last == Some(value) => *run += 1,
            _ => runs.push(1),
        }
        last = Some(value);
    }
    runs
}

fn is_finder(runs: &[u32]) -> bool {
    let module = runs.iter().sum::<u32>() as f32 / 7.0;
    let near = |run: u32, modules: f32| (run as f32 - modules * module).abs() < module / 2.0 + 0.5;
    runs.iter()
        .zip([1.0, 1.0, 3.0, 1.0, 1.0])
        .all(|(r, m)| near(*r, m))
}
