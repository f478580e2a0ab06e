//! What a small grey picture tells of a camera: how bright, how sharp, how unlike the
//! one before. No face is looked for.

use rowcall_picture::{Error, Image, Limits, Luma, Wiped, probe, rec_601};

use crate::capture::Picture;

/// Pixels that are enough; a picture of 1,280 x 720 becomes one of 320 x 180.
const ENOUGH: u64 = 160_000;
/// Edges among the differences between neighbours: the steepest 2 %.
const EDGES: f64 = 0.98;
/// How far apart pixels are over which an edge has risen, if it is sharp.
const RISE: usize = 4;
/// An edge that rises by less than this many grey levels is noise.
const MIN_RISE: f32 = 12.0;

/// What one look at a picture gave. All numbers are shares, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Width and height of the picture in pixels.
    pub size: (u32, u32),
    /// The mean of its luma.
    pub brightness: f32,
    /// The luma that one pixel in a hundred exceeds.
    pub highlights: f32,
    /// The share of pixels that are as bright as can be: too much light.
    pub burnt: f32,
    /// How much of its rise over four pixels a steep edge takes between two
    /// neighbours: a quarter if all is blurred, one half or more if it is sharp, in a
    /// picture of about 320 pixels' width. `None` if it has no edges.
    pub sharpness: Option<f32>,
    /// The mean difference from the picture before; `None` if there is none of its
    /// size.
    pub change: Option<f32>,
}

/// A small grey picture, wiped on drop.
pub(crate) struct Grey {
    width: usize,
    pixels: Wiped<u8>,
    size: (u32, u32),
}

impl Grey {
    /// # Errors
    /// What is wrong with the picture.
    pub(crate) fn of(picture: &Picture) -> Result<Self, Error> {
        match picture {
            Picture::Encoded(file) => Self::of_file(file),
            Picture::Decoded(image) => Ok(Self::of_image(image)),
        }
    }

    fn of_file(file: &[u8]) -> Result<Self, Error> {
        let size = probe(file).map_or((0, 0), |header| (header.width, header.height));
        let eighth = u64::from(size.0.div_ceil(8)) * u64::from(size.1.div_ceil(8));
        let limits = Limits {
            max_pixels: ENOUGH.max(eighth.min(Limits::FRAME.max_pixels)),
            ..Limits::FRAME
        };
        let luma = Luma::decode(file, &limits)?;
        Ok(Self {
            width: luma.width as usize,
            pixels: luma.pixels,
            size,
        })
    }

    /// Averages squares of pixels.
    fn of_image(image: &Image) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let by = [1, 2, 4]
            .into_iter()
            .find(|by| (width / by * (height / by)) as u64 <= ENOUGH);
        let by = by.unwrap_or(8).min(width).min(height);
        let (columns, rows) = (width / by, height / by);
        let mut pixels = Wiped::new(Vec::with_capacity(columns * rows));
        for y in 0..rows {
            for x in 0..columns {
                let mut sum = 0;
                for row in 0..by {
                    let at = 3 * ((y * by + row) * width + x * by);
                    let line = &image.rgb()[at..at + 3 * by];
                    let luma = line.as_chunks::<3>().0.iter().map(rec_601);
                    sum += luma.map(usize::from).sum::<usize>();
                }
                pixels.push((sum / (by * by)) as u8);
            }
        }
        Self {
            width: columns,
            pixels,
            size: (image.width(), image.height()),
        }
    }

    /// Looks at the picture, and at what changed since the one before.
    pub(crate) fn look(&self, before: Option<&Self>) -> Look {
        let mut counts = [0_u64; 256];
        for value in self.pixels.iter() {
            counts[usize::from(*value)] += 1;
        }
        let all = self.pixels.len().max(1) as f64;
        let sum: u64 = counts
            .iter()
            .zip(0..)
            .map(|(count, value)| count * value)
            .sum();
        let share = |value: f64| (value / 255.0) as f32;
        Look {
            size: self.size,
            brightness: share(sum as f64 / all),
            highlights: share(quantile(&counts, 0.99) as f64),
            burnt: (counts[250..].iter().sum::<u64>() as f64 / all) as f32,
            sharpness: self.sharpness(),
            change: before.and_then(|before| self.change(before)),
        }
    }

    fn sharpness(&self) -> Option<f32> {
        let steep = |apart: usize| {
            let mut counts = [0_u64; 256];
            let mut count = |a: u8, b: u8| counts[usize::from(a.abs_diff(b))] += 1;
            for row in self.pixels.chunks_exact(self.width) {
                row.iter()
                    .zip(row.iter().skip(apart))
                    .for_each(|(a, b)| count(*a, *b));
            }
            let below = self.pixels.iter().skip(apart * self.width);
            self.pixels
                .iter()
                .zip(below)
                .for_each(|(a, b)| count(*a, *b));
            mean_above(&counts, EDGES)
        };
        let rise = steep(RISE);
        (rise >= MIN_RISE).then(|| steep(1) / rise)
    }

    fn change(&self, before: &Self) -> Option<f32> {
        let same = self.width == before.width && self.pixels.len() == before.pixels.len();
        let differences = self.pixels.iter().zip(before.pixels.iter());
        let sum: u64 = differences.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        same.then(|| (sum as f64 / 255.0 / self.pixels.len().max(1) as f64) as f32)
    }
}

fn quantile(counts: &[u64; 256], share: f64) -> usize {
    let all: u64 = counts.iter().sum();
    let wanted = (all as f64 * share).ceil() as u64;
    let mut seen = 0;
    counts
        .iter()
        .position(|count| {
            seen += count;
            seen >= wanted
        })
        .unwrap_or(255)
}

/// The mean of the greatest values, those above the quantile `share`.
fn mean_above(counts: &[u64; 256], share: f64) -> f32 {
    let all: u64 = counts.iter().sum();
    let most = ((all as f64 * (1.0 - share)) as u64).max(1);
    let (mut left, mut sum) = (most, 0);
    for (value, count) in counts.iter().enumerate().rev() {
        let taken = left.min(*count);
        sum += taken * value as u64;
        left -= taken;
    }
    sum as f32 / most as f32
}

#[cfg(test)]
mod tests {
    use rowcall_picture::{Image, Limits};

    use super::{Grey, Look};
    use crate::capture::{Encoded, Picture};

    const FRAMES: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/vehicles/couple/frames/front"
    );

    fn looks(name: &str) -> [Look; 2] {
        let file = std::fs::read(format!("{FRAMES}/{name}")).unwrap();
        let image = Image::decode(&file, &Limits::FRAME).unwrap();
        let pictures = [
            Picture::Encoded(Encoded::new(file)),
            Picture::Decoded(image),
        ];
        pictures.map(|picture| Grey::of(&picture).unwrap().look(None))
    }

    #[test]
    fn a_file_and_its_pixels_are_told_alike() {
        for name in ["0001.jpg", "0003.jpg"] {
            let [file, pixels] = looks(name);
            assert_eq!(file.size, (1280, 720));
            assert_eq!(pixels.size, file.size);
            let near = |a: f32, b: f32, by: f32| assert!((a - b).abs() < by, "{file:?} {pixels:?}");
            near(file.brightness, pixels.brightness, 0.01);
            near(file.highlights, pixels.highlights, 0.02);
            near(file.sharpness.unwrap(), pixels.sharpness.unwrap(), 0.05);
        }
    }

    #[test]
    fn what_changes_and_what_does_not() {
        let grey = |value: u8, width: u32| {
            let image = Image::from_rgb(width, 8, vec![value; 24 * width as usize]).unwrap();
            Grey::of(&Picture::Decoded(image)).unwrap()
        };
        let (dark, light) = (grey(10, 8), grey(61, 8));
        assert_eq!(dark.look(Some(&grey(10, 8))).change, Some(0.0));
        assert_eq!(light.look(Some(&dark)).change, Some(0.2));
        assert_eq!(light.look(Some(&grey(61, 9))).change, None);
        let look = grey(255, 8).look(None);
        assert_eq!(
            (look.brightness, look.burnt, look.sharpness),
            (1.0, 1.0, None)
        );
        assert_eq!(
            Grey::of(&Picture::Decoded(
                Image::from_rgb(1, 1, vec![9; 3]).unwrap()
            ))
            .unwrap()
            .look(None)
            .highlights,
            9.0 / 255.0
        );
    }
}
