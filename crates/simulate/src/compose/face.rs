//! A face in the place of another.

use image::Rgb32FImage;

use super::{Landmarks5, Similarity, smooth};
use crate::{
    Error, ErrorKind, Linear,
    linear::luminance,
    optics::{Blur, at, scale},
};

/// The mask is an ellipse about the middle of the face: half its width and
/// height in eye distances, from hairline to chin and ear to ear: what is known of a
/// face is more than eyes and mouth.
const HALF_WIDTH: f32 = 1.25;
const HALF_HEIGHT: f32 = 1.75;
/// The middle lies this far below the eyes, in eye distances.
const BELOW_EYES: f32 = 0.38;
/// From this share of the ellipse on the new face fades into the old one.
const FEATHER: f32 = 0.8;
/// Light is compared within this share of the ellipse, where both are skin ...
const SKIN: f32 = 0.6;
/// ... and falls by no more than this, a natural logarithm, from the middle to
/// the edge of the ellipse.
const STEEPEST: f32 = 0.5;
/// A face whose landmarks are closer than this can't be composed, in pixels.
const LEAST_EYES: f32 = 6.0;

/// Puts the face of `portrait`, with landmarks `from`, where `frame` has a face
/// with landmarks `to`: brought there by a similarity, with the colour and the shading
/// across the face (a plane in log light) that the old one had. The
/// skin tone is thereby the seat's, as it must be for neck and ears to fit.
///
/// # Errors
/// [`ErrorKind::Picture`] for landmarks that coincide or are too close.
pub fn put_face(
    frame: &mut Linear,
    portrait: &Linear,
    from: &Landmarks5,
    to: &Landmarks5,
) -> Result<(), Error> {
    let bad = || {
        Error::new(
            ErrorKind::Picture,
            "the landmarks of a face coincide or are too close for a face to be put there",
        )
    };
    let oval = Oval::of(to)
        .filter(|o| o.eyes >= LEAST_EYES)
        .ok_or_else(bad)?;
    // Shrunk first as a lens would, so that no detail folds into patterns.
    let shrink = Similarity::fit(from, to).ok_or_else(bad)?.scale().min(1.0);
    let source = scale(portrait, shrink)?;
    let from = from.map(|p| p.map(|v| v * shrink));
    let back = Similarity::fit(to, &from).ok_or_else(bad)?;
    let sample = |x: u32, y: u32| {
        let [sx, sy] = back.at([x as f32 + 0.5, y as f32 + 0.5]);
        at(&source.pixels, sx - 0.5, sy - 0.5)
    };
    let (mut old, mut new) = (Shading::default(), Shading::default());
    for (x, y, inside) in oval.pixels(&frame.pixels) {
        if inside < SKIN {
            let place = oval.place(x, y);
            old.add(place, frame.pixels.get_pixel(x, y).0);
            new.add(place, sample(x, y));
        }
    }
    let (old, new) = (old.fit(), new.fit());
    let places: Vec<(u32, u32, f32)> = oval.pixels(&frame.pixels).collect();
    for (x, y, inside) in places {
        let weight = 1.0 - smooth(FEATHER, 1.0, inside);
        let place = oval.place(x, y);
        let colour = sample(x, y);
        let pixel = frame.pixels.get_pixel_mut(x, y);
        for (c, (value, own)) in pixel.0.iter_mut().zip(colour).enumerate() {
            let lit = own * (old.at(c, place) - new.at(c, place)).clamp(-4.0, 4.0).exp();
            *value += weight * (lit - *value);
        }
    }
    Ok(())
}

/// Makes a face unrecognisable: nothing finer than an eye distance is left of
/// it. For a seat whose face was to be another's but can't be composed.
pub fn hide(frame: &mut Linear, to: &Landmarks5) {
    let Some(oval) = Oval::of(to) else { return };
    let (width, height) = frame.dimensions();
    let margin = 3.0 * oval.eyes;
    let low = |v: f32, side: u32| ((v - margin).max(0.0) as u32).min(side - 1);
    let high = |v: f32, side: u32| ((v + margin).max(1.0) as u32).min(side);
    let (left, top) = (low(oval.x, width), low(oval.y, height));
    let (right, bottom) = (high(oval.x, width), high(oval.y, height));
    if right <= left || bottom <= top {
        return;
    }
    let part = image::imageops::crop_imm(&frame.pixels, left, top, right - left, bottom - top);
    let blur = Blur {
        defocus: (0.7 * oval.eyes).min(32.0),
        ..Blur::default()
    };
    let once = blur.apply(&Linear {
        pixels: part.to_image(),
    });
    let blurred = blur.apply(&once);
    let places: Vec<(u32, u32, f32)> = oval.pixels(&frame.pixels).collect();
    for (x, y, inside) in places {
        if (left..right).contains(&x) && (top..bottom).contains(&y) {
            let weight = 1.0 - smooth(0.8, 1.0, inside);
            let value = blurred.pixels.get_pixel(x - left, y - top).0;
            let pixel = frame.pixels.get_pixel_mut(x, y);
            (0..3).for_each(|c| pixel.0[c] += weight * (value[c] - pixel.0[c]));
        }
    }
}

/// The ellipse of a face, turned with it.
struct Oval {
    x: f32,
    y: f32,
    eyes: f32,
    /// Along the eyes, and down the face.
    across: [f32; 2],
}

impl Oval {
    fn of(landmarks: &Landmarks5) -> Option<Self> {
        let [right, left, _, right_mouth, left_mouth] = *landmarks;
        let (dx, dy) = (left[0] - right[0], left[1] - right[1]);
        // A turned face has its eyes closer than its height tells.
        let middle = |a: [f32; 2], b: [f32; 2]| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let (eye, mouth) = (middle(right, left), middle(right_mouth, left_mouth));
        let height = (mouth[0] - eye[0]).hypot(mouth[1] - eye[1]);
        let distance = dx.hypot(dy);
        if !(distance > 1e-3 && height > 1e-3) {
            return None;
        }
        let across = [dx / distance, dy / distance];
        // The mouth lies 1.1 eye distances below the eyes of an average face.
        let eyes = distance.max(height / 1.25);
        Some(Self {
            x: eye[0] - across[1] * BELOW_EYES * eyes,
            y: eye[1] + across[0] * BELOW_EYES * eyes,
            eyes,
            across,
        })
    }

    /// A pixel's place in the ellipse's own measure, both axes in -1..=1.
    fn place(&self, x: u32, y: u32) -> [f32; 2] {
        let (dx, dy) = (x as f32 + 0.5 - self.x, y as f32 + 0.5 - self.y);
        let [ax, ay] = self.across;
        [
            (dx * ax + dy * ay) / (HALF_WIDTH * self.eyes),
            (dy * ax - dx * ay) / (HALF_HEIGHT * self.eyes),
        ]
    }

    /// The pixels inside, with how far out they lie, 0..1.
    fn pixels<'a>(&'a self, picture: &Rgb32FImage) -> impl Iterator<Item = (u32, u32, f32)> + 'a {
        let reach = HALF_HEIGHT.max(HALF_WIDTH) * self.eyes + 1.0;
        let low = |v: f32| (v - reach).max(0.0) as u32;
        let high = |v: f32, side: u32| ((v + reach).max(0.0) as u32).min(side);
        let (left, right) = (low(self.x), high(self.x, picture.width()));
        let (top, bottom) = (low(self.y), high(self.y, picture.height()));
        (top..bottom)
            .flat_map(move |y| (left..right).map(move |x| (x, y)))
            .filter_map(|(x, y)| {
                let [u, v] = self.place(x, y);
                let inside = u.hypot(v);
                (inside < 1.0).then_some((x, y, inside))
            })
    }
}

/// The light across a face: for each channel a plane through the logarithms.
#[derive(Default)]
struct Shading {
    n: f64,
    squares: [f64; 2],
    sums: [[f64; 3]; 3],
}

struct Plane {
    level: [f32; 3],
    slope: [f32; 2],
}

impl Shading {
    fn add(&mut self, [u, v]: [f32; 2], rgb: [f32; 3]) {
        self.n += 1.0;
        self.squares[0] += f64::from(u * u);
        self.squares[1] += f64::from(v * v);
        for (sum, value) in self.sums[0].iter_mut().zip(rgb) {
            *sum += f64::from(value);
        }
        // The shading is of light, not of colour.
        let level = f64::from(luminance(rgb).max(1e-3)).ln();
        self.sums[1][0] += level * f64::from(u);
        self.sums[1][1] += level * f64::from(v);
    }

    /// The mask is symmetrical, so that level and slopes don't mix.
    fn fit(&self) -> Plane {
        let n = self.n.max(1.0);
        Plane {
            level: self.sums[0].map(|s| (s / n).max(1e-4).ln() as f32),
            slope: [0, 1].map(|k| {
                let slope = (self.sums[1][k] / self.squares[k].max(1e-6)) as f32;
                slope.clamp(-STEEPEST, STEEPEST)
            }),
        }
    }
}

impl Plane {
    fn at(&self, channel: usize, [u, v]: [f32; 2]) -> f32 {
        self.level[channel] + self.slope[0] * u + self.slope[1] * v
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgb32FImage};

    use super::{hide, put_face};
    use crate::{Landmarks5, Linear};

    const FACE: Landmarks5 = [
        [80., 80.],
        [120., 80.],
        [100., 105.],
        [85., 125.],
        [115., 125.],
    ];

    /// A checkered face of this level, brighter to the right.
    fn picture(level: f32, squares: u32) -> Linear {
        let pixels = Rgb32FImage::from_fn(200, 200, |x, y| {
            let dark = (x / squares + y / squares).is_multiple_of(2);
            let value = level * (0.5 + x as f32 / 200.0) * if dark { 0.7 } else { 1.3 };
            Rgb([value; 3])
        });
        Linear { pixels }
    }

    fn mean(light: &Linear, left: u32) -> f32 {
        let own = light.pixels.enumerate_pixels();
        let near = own.filter(|(x, y, _)| (left..left + 20).contains(x) && (90..120).contains(y));
        near.map(|p| p.2.0[1]).sum::<f32>() / 600.0
    }

    #[test]
    fn a_face_takes_the_light_of_its_seat() {
        let mut frame = picture(0.05, 200);
        let before = frame.clone();
        let portrait = picture(0.6, 5);
        put_face(&mut frame, &portrait, &FACE, &FACE).expect("a face");
        assert_ne!(frame, before);
        for left in [75, 90, 105] {
            let (a, b) = (mean(&frame, left), mean(&before, left));
            assert!((a / b - 1.0).abs() < 0.15, "{left}: {a} {b}");
        }
        // Outside the oval nothing has changed.
        assert_eq!(
            frame.pixels.get_pixel(10, 10),
            before.pixels.get_pixel(10, 10)
        );
        assert!(put_face(&mut frame, &portrait, &FACE, &[[5., 5.]; 5]).is_err());
    }

    #[test]
    fn a_hidden_face_has_no_detail() {
        let mut frame = picture(0.4, 5);
        hide(&mut frame, &FACE);
        let own = |x| frame.pixels.get_pixel(x, 100).0[1];
        let steps = (85..115).map(|x| (own(x + 1) - own(x)).abs());
        assert!(steps.fold(0.0, f32::max) < 0.02);
    }
}
