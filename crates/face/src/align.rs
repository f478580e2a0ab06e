//! A face brought to the place that an embedding model expects it at.

use crate::{Image, Landmarks, Point};

/// Where the five landmarks lie in an aligned crop, in its pixels.
pub(crate) type Template5 = [Point; 5];

/// The same place seen larger or smaller: the points at `scale` times their
/// distance from their middle.
pub(crate) fn zoomed(template: &Template5, scale: f32) -> Template5 {
    let sum = template
        .iter()
        .fold(Point::default(), |s, p| Point::new(s.x + p.x, s.y + p.y));
    let middle = Point::new(sum.x / 5.0, sum.y / 5.0);
    let from = |at: f32, middle: f32| middle + scale * (at - middle);
    template.map(|p| Point::new(from(p.x, middle.x), from(p.y, middle.y)))
}

/// A similarity: rotation, scale, shift; no shear, no mirror.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Similarity {
    /// Scale times cosine and scale times sine of the turn.
    a: f32,
    b: f32,
    shift: Point,
}

impl Similarity {
    /// The similarity that takes `from` to `to` with the least sum of squared
    /// distances (Umeyama 1991, in the plane, where it has a closed form);
    /// `None` where all of `from` is one point.
    pub(crate) fn fit(from: &[Point; 5], to: &[Point; 5]) -> Option<Self> {
        let mean = |points: &[Point; 5]| {
            let sum = points.iter().fold((0.0_f64, 0.0_f64), |s, p| {
                (s.0 + f64::from(p.x), s.1 + f64::from(p.y))
            });
            (sum.0 / 5.0, sum.1 / 5.0)
        };
        let (mf, mt) = (mean(from), mean(to));
        let (mut dot, mut cross, mut spread) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (f, t) in from.iter().zip(to) {
            let (fx, fy) = (f64::from(f.x) - mf.0, f64::from(f.y) - mf.1);
            let (tx, ty) = (f64::from(t.x) - mt.0, f64::from(t.y) - mt.1);
            dot += fx * tx + fy * ty;
            cross += fx * ty - fy * tx;
            spread += fx * fx + fy * fy;
        }
        if !(spread > 1e-9) || !(dot.hypot(cross) > 1e-9) {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        let shift = Point::new(
            (mt.0 - a * mf.0 + b * mf.1) as f32,
            (mt.1 - b * mf.0 - a * mf.1) as f32,
        );
        Some(Self {
            a: a as f32,
            b: b as f32,
            shift,
        })
    }

    /// Pixels of the target per pixel of the source.
    pub(crate) fn scale(self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The source point that `target` comes from.
    pub(crate) fn source_of(self, target: Point) -> Point {
        let (x, y) = (target.x - self.shift.x, target.y - self.shift.y);
        let square = self.a * self.a + self.b * self.b;
        Point::new(
            (self.a * x + self.b * y) / square,
            (self.a * y - self.b * x) / square,
        )
    }
}

/// Cuts the face with these landmarks out of `image` as a square crop of
/// `side` pixels with the landmarks at `template`. What lies outside the
/// picture is black. `None` for landmarks that coincide.
///
/// Pixels are interpolated bilinearly; where a crop pixel covers more than one
/// picture pixel, as many samples as it covers are averaged, or fine detail of
/// a large portrait would fold into false patterns.
pub(crate) fn crop(
    image: &Image,
    landmarks: &Landmarks,
    template: &Template5,
    side: u32,
) -> Option<Image> {
    let similarity = Similarity::fit(&landmarks.points(), template)?;
    let per_axis = (1.0 / similarity.scale()).round().clamp(1.0, 16.0) as u32;
    let step = 1.0 / per_axis as f32;
    let mut rgb = Vec::with_capacity(3 * (side * side) as usize);
    for y in 0..side {
        for x in 0..side {
            let mut sum = [0.0_f32; 3];
            for sy in 0..per_axis {
                for sx in 0..per_axis {
                    // With one sample it lies on the pixel itself: the template's
                    // convention counts from pixel centres.
                    let offset = |s: u32| (s as f32 + 0.5) * step - 0.5;
                    let target = Point::new(x as f32 + offset(sx), y as f32 + offset(sy));
                    let sample = bilinear(image, similarity.source_of(target));
                    sum.iter_mut()
                        .zip(sample)
                        .for_each(|(sum, value)| *sum += value);
                }
            }
            rgb.extend(sum.map(|v| (v * step * step + 0.5) as u8));
        }
    }
    Image::from_rgb(side, side, rgb)
}

fn bilinear(image: &Image, at: Point) -> [f32; 3] {
    let (width, height) = (i64::from(image.width()), i64::from(image.height()));
    let (left, top) = (at.x.floor(), at.y.floor());
    let (fx, fy) = (at.x - left, at.y - top);
    let mut sum = [0.0; 3];
    for (dx, dy, weight) in [
        (0, 0, (1.0 - fx) * (1.0 - fy)),
        (1, 0, fx * (1.0 - fy)),
        (0, 1, (1.0 - fx) * fy),
        (1, 1, fx * fy),
    ] {
        let (x, y) = (left as i64 + dx, top as i64 + dy);
        if (0..width).contains(&x) && (0..height).contains(&y) {
            let i = 3 * (y * width + x) as usize;
            for (sum, &value) in sum.iter_mut().zip(&image.rgb()[i..i + 3]) {
                *sum += weight * f32::from(value);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Similarity, crop};
    use crate::{Image, Landmarks, Point};

    #[test]
    fn finds_the_similarity_it_was_given() {
        let from = [
            (38.0, 51.0),
            (73.0, 51.0),
            (56.0, 71.0),
            (41.0, 92.0),
            (70.0, 92.0),
        ]
        .map(|(x, y)| Point::new(x, y));
        // Turned by 30 degrees, twice as large, shifted by (100, -20).
        let (a, b) = (3.0_f32.sqrt(), 1.0);
        let to = from.map(|p| Point::new(a * p.x - b * p.y + 100.0, b * p.x + a * p.y - 20.0));
        let found = Similarity::fit(&from, &to).expect("five points");
        assert!((found.scale() - 2.0).abs() < 1e-5);
        for (f, t) in from.iter().zip(to) {
            assert!(found.source_of(t).distance(*f) < 1e-3, "{f:?}");
        }
        assert_eq!(Similarity::fit(&[Point::new(1.0, 1.0); 5], &to), None);
    }

    #[test]
    fn an_aligned_crop_of_an_aligned_face_is_itself() {
        let rgb: Vec<u8> = (0..3 * 20 * 20).map(|i| (i * 7 % 251) as u8).collect();
        let image = Image::from_rgb(20, 20, rgb).expect("size");
        let points =
            [(5., 6.), (14., 6.), (10., 10.), (6., 15.), (13., 15.)].map(|(x, y)| Point::new(x, y));
        let same = crop(&image, &Landmarks::from_points(points), &points, 20).expect("landmarks");
        let furthest = image
            .rgb()
            .iter()
            .zip(same.rgb())
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(furthest <= Some(1), "{furthest:?}");
    }
}
