//! Whether a camera shows the same picture again, or nothing at all.

use rowcall_picture::Wiped;

use crate::Image;

/// A frame is looked at in so many fields across and down.
const ACROSS: usize = 32;
const DOWN: usize = 18;
/// Fields darker or brighter than this say nothing: where a sensor is at its end,
/// noise doesn't show.
const DARKEST: f32 = 2.0;
const BRIGHTEST: f32 = 250.0;
/// A tenth of the fields may change in a picture that stands still: a clock that
/// an encoder writes over it.
const STILL_SHARE: f32 = 0.9;
/// By how much the mean of a field, in grey levels, may change in the others. The
/// noise of a live sensor moves more than half of them further.
const STILL: f32 = 0.02;
/// In a picture of something one in ten fields differs from its neighbour by more grey
/// levels than this. In the frames of the sample vehicles, night among them, it is by 22
/// at least; under a covered lens, and in a decoder's grey, by one.
const SOMETHING: f32 = 2.0;

/// The brightness of a frame's fields: enough to know the same frame by, and too
/// little to know anybody by. Wiped when it is dropped.
pub struct Sketch {
    fields: Wiped<f32>,
}

impl Sketch {
    /// Of a frame.
    pub fn of(image: &Image) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let mut sums = Wiped::new(vec![0_u64; ACROSS * DOWN]);
        let mut counts = vec![0_u64; ACROSS * DOWN];
        // Where the fields of a row begin: field f has the columns whose 32nds are f.
        let begins = |field: usize| 3 * (field * width).div_ceil(ACROSS);
        for (y, row) in image.rgb().chunks_exact(3 * width).enumerate() {
            let down = y * DOWN / height;
            for across in 0..ACROSS {
                let part = &row[begins(across)..begins(across + 1)];
                let field = down * ACROSS + across;
                sums[field] += part.iter().map(|v| u64::from(*v)).sum::<u64>();
                counts[field] += part.len() as u64;
            }
        }
        let mean = |(sum, count): (&u64, u64)| *sum as f32 / count.max(1) as f32;
        let mut fields = Wiped::new(Vec::with_capacity(ACROSS * DOWN));
        fields.extend(sums.iter().zip(counts).map(mean));
        Self { fields }
    }

    /// Whether there is nothing in the picture but noise: the lens is covered, or what
    /// came is the grey of a decoder without data.
    pub fn shows_nothing(&self) -> bool {
        let row = |y: usize| &self.fields[y * ACROSS..(y + 1) * ACROSS];
        let across = (0..DOWN).flat_map(|y| row(y).windows(2).map(|w| (w[0] - w[1]).abs()));
        let down = (1..DOWN).flat_map(|y| {
            let pairs = row(y).iter().zip(row(y - 1));
            pairs.map(|(a, b)| (a - b).abs())
        });
        let mut steps: Vec<f32> = across.chain(down).collect();
        steps.sort_by(f32::total_cmp);
        steps[steps.len() * 9 / 10] < SOMETHING
    }

    /// Whether both are of one picture: a camera that stands still before a
    /// vehicle that stands still gives another picture each time, by the noise of
    /// its sensor alone.
    pub fn is_same_picture(&self, other: &Self) -> bool {
        let tells = |v: f32| (DARKEST..=BRIGHTEST).contains(&v);
        let pairs = self.fields.iter().zip(&*other.fields);
        let changes = |all: bool| -> Vec<f32> {
            let pairs = pairs
                .clone()
                .filter(|(a, b)| all || tells(**a) || tells(**b));
            pairs.map(|(a, b)| (a - b).abs()).collect()
        };
        let mut telling = changes(false);
        if telling.len() < ACROSS * DOWN / 10 {
            telling = changes(true);
        }
        let still = telling.iter().filter(|c| **c <= STILL).count();
        still as f32 >= STILL_SHARE * telling.len() as f32
    }
}

impl std::fmt::Debug for Sketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sketch({} fields, withheld)", self.fields.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{ACROSS, DOWN, Sketch};
    use crate::Image;

    /// A scene in which `seed` alone decides the noise.
    fn frame(seed: u32, level: f32, noise: f32, clock: u8) -> Sketch {
        let mut state = seed.wrapping_mul(2_654_435_761) | 1;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let rgb = (0..640 * 360_u32).flat_map(|i| {
            let (x, y) = (i % 640, i / 640);
            if y < 20 && x < 120 {
                return [clock; 3];
            }
            let scene = level * (0.5 + 0.4 * ((x / 40 + y / 30) % 3) as f32 / 2.0);
            [(scene + noise * random()).clamp(0.0, 255.0) as u8; 3]
        });
        Sketch::of(&Image::from_rgb(640, 360, rgb.collect()).expect("size"))
    }

    #[test]
    fn tells_a_picture_that_stands_from_a_scene_that_does() {
        for (case, a, b, same) in [
            ("frozen", frame(1, 200., 6., 0), frame(1, 200., 6., 0), true),
            (
                "frozen, a clock runs",
                frame(1, 200., 6., 0),
                frame(1, 200., 6., 255),
                true,
            ),
            ("live", frame(1, 200., 6., 0), frame(2, 200., 6., 0), false),
            (
                "live, hardly any noise",
                frame(1, 200., 2., 0),
                frame(2, 200., 2., 0),
                false,
            ),
            (
                "live, dark",
                frame(1, 20., 4., 0),
                frame(2, 20., 4., 0),
                false,
            ),
            (
                "nothing but black",
                frame(1, 0., 0., 0),
                frame(2, 0., 0., 0),
                true,
            ),
        ] {
            assert_eq!(a.is_same_picture(&b), same, "{case}");
        }
    }

    #[test]
    fn tells_a_scene_from_a_covered_lens() {
        for (case, sketch, nothing) in [
            ("a scene", frame(1, 200., 6., 0), false),
            ("a dark scene", frame(1, 20., 4., 0), false),
            ("black", frame(1, 0., 0., 0), true),
            (
                "black, with noise and a clock",
                frame(1, 0., 30., 255),
                true,
            ),
            ("grey", frame(1, 2., 12., 0), true),
        ] {
            assert_eq!(sketch.shows_nothing(), nothing, "{case}");
        }
    }

    #[test]
    fn a_field_is_the_mean_of_its_pixels_in_pictures_of_any_size() {
        for (width, height) in [(1, 1), (7, 5), (31, 18), (33, 40), (100, 70)] {
            let value = |i: usize| (i.wrapping_mul(97) % 251) as u8;
            let rgb: Vec<u8> = (0..3 * width * height).map(value).collect();
            let image = Image::from_rgb(width as u32, height as u32, rgb.clone()).expect("size");
            let sketch = Sketch::of(&image);
            for field in 0..ACROSS * DOWN {
                let pixels = (0..width * height).filter(|i| {
                    let (x, y) = (i % width, i / width);
                    y * DOWN / height * ACROSS + x * ACROSS / width == field
                });
                let values = pixels
                    .flat_map(|i| 3 * i..3 * i + 3)
                    .map(|i| f32::from(rgb[i]));
                let (sum, count) = values.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
                assert_eq!(
                    sketch.fields[field],
                    sum / f32::max(count, 1.0),
                    "{width} x {height}: {field}"
                );
            }
        }
    }
}
