//! The characters of OCR-B, to compare what is printed with.

use std::sync::OnceLock;

/// The 37 characters of an MRZ (Doc 9303-3, 4.3), in the order of the sheet.
pub(crate) const CHARACTERS: &[u8; 37] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

/// A cell is compared on a grid of this many columns and rows.
pub(super) const COLUMNS: usize = 14;
pub(super) const ROWS: usize = 20;
/// A cell's height over its width, which is the pitch.
pub(super) const CELL_HEIGHT: f32 = 40.0 / 28.0;

/// What a cell holds: darkness without its mean, of length one.
pub(super) type Pattern = [f32; COLUMNS * ROWS];

/// How like each of the [`CHARACTERS`] a cell is, -1..=1.
pub(crate) type Likenesses = [f32; CHARACTERS.len()];

/// Drawn by prototypes.py from a free font.
const SHEET: &[u8] = include_bytes!("ocr-b.png");
const SHEET_COLUMNS: usize = 28;
const SHEET_ROWS: usize = 40;

/// The characters as a lens of each blur would show them.
pub(super) struct Prototypes {
    sharpness: Vec<Vec<Pattern>>,
}

/// Radii of the blur, in pixels of the sheet (28 are the pitch).
const BLURS: [usize; 3] = [1, 3, 5];

impl Prototypes {
    pub(super) fn get() -> &'static Self {
        static DRAWN: OnceLock<Prototypes> = OnceLock::new();
        DRAWN.get_or_init(|| Self {
            sharpness: BLURS.iter().map(|blur| draw(*blur)).collect(),
        })
    }

    /// How many degrees of blur there are.
    pub(super) fn blurs(&self) -> usize {
        self.sharpness.len()
    }

    /// How like each of the [`CHARACTERS`] `pattern` is, as a correlation.
    pub(super) fn likenesses(&self, pattern: &Pattern, blur: usize) -> Likenesses {
        let mut likenesses = [0.0; CHARACTERS.len()];
        for (likeness, prototype) in likenesses.iter_mut().zip(&self.sharpness[blur]) {
            *likeness = product(prototype, pattern);
        }
        likenesses
    }

    /// The character that `pattern` is most like, and their correlation.
    pub(super) fn nearest(&self, pattern: &Pattern, blur: usize) -> (u8, f32) {
        let mut best = (b'<', f32::MIN);
        for (character, prototype) in CHARACTERS.iter().zip(&self.sharpness[blur]) {
            let likeness = product(prototype, pattern);
            if likeness > best.1 {
                best = (*character, likeness);
            }
        }
        best
    }
}

/// The scalar product, summed in eight lanes that a processor can add at once.
fn product(a: &Pattern, b: &Pattern) -> f32 {
    let mut lanes = [0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}

/// Takes the mean out and brings the length to one. A cell without contrast
/// becomes nothing, which is like no character.
pub(super) fn normalise(pattern: &mut Pattern) {
    let mean = product(pattern, &[1.0; COLUMNS * ROWS]) / pattern.len() as f32;
    pattern.iter_mut().for_each(|v| *v -= mean);
    let length = product(pattern, pattern).sqrt();
    // Less than a hundredth of the range from the mean is noise.
    let by = if length > 0.01 * (pattern.len() as f32).sqrt() {
        1.0 / length
    } else {
        0.0
    };
    pattern.iter_mut().for_each(|v| *v *= by);
}

fn draw(blur: usize) -> Vec<Pattern> {
    let sheet = image::load_from_memory_with_format(SHEET, image::ImageFormat::Png)
        .map(image::DynamicImage::into_luma8)
        .unwrap_or_default();
    (0..CHARACTERS.len())
        .map(|i| {
            let mut cell = [[0_f32; SHEET_COLUMNS]; SHEET_ROWS];
            for (y, row) in cell.iter_mut().enumerate() {
                for (x, value) in row.iter_mut().enumerate() {
                    let at = ((i * SHEET_COLUMNS + x) as u32, y as u32);
                    let grey = sheet.get_pixel_checked(at.0, at.1).map_or(255, |p| p.0[0]);
                    *value = f32::from(255 - grey) / 255.0;
                }
            }
            let cell = blurred(&blurred(&cell, blur), blur);
            let mut pattern = [0.0; COLUMNS * ROWS];
            for (y, row) in cell.iter().enumerate() {
                for (x, value) in row.iter().enumerate() {
                    let to = (y * ROWS / SHEET_ROWS) * COLUMNS + x * COLUMNS / SHEET_COLUMNS;
                    pattern[to] += value;
                }
            }
            normalise(&mut pattern);
            pattern
        })
        .collect()
}

/// The mean over a square; beyond the cell there is no ink.
fn blurred(
    cell: &[[f32; SHEET_COLUMNS]; SHEET_ROWS],
    radius: usize,
) -> [[f32; SHEET_COLUMNS]; SHEET_ROWS] {
    let mut out = [[0.0; SHEET_COLUMNS]; SHEET_ROWS];
    let area = ((2 * radius + 1) * (2 * radius + 1)) as f32;
    for (y, row) in out.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            let rows = y.saturating_sub(radius)..(y + radius + 1).min(SHEET_ROWS);
            let columns = x.saturating_sub(radius)..(x + radius + 1).min(SHEET_COLUMNS);
            let sum: f32 = cell[rows].iter().flat_map(|r| &r[columns.clone()]).sum();
            *value = sum / area;
        }
    }
    out
}
