//! Points, boxes and polygons in pixels: x to the right, y down, the origin at
//! the outer corner of the top left pixel.

use serde::Serialize;

/// A point in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// An upright rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rect {
    /// The left edge.
    pub x: f32,
    /// The top edge.
    pub y: f32,
    /// The width, not negative.
    pub width: f32,
    /// The height, not negative.
    pub height: f32,
}

impl Point {
    /// The point at (`x`, `y`).
    pub fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The distance to `other`, in pixels.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point half-way to `other`.
    pub fn midpoint(self, other: Self) -> Self {
        Self::new((self.x + other.x) / 2.0, (self.y + other.y) / 2.0)
    }

    /// Whether the point lies inside the polygon with these corners, in order
    /// (even-odd rule).
    pub fn is_inside(self, polygon: &[Self]) -> bool {
        let mut inside = false;
        let mut previous = match polygon.last() {
            Some(&last) => last,
            None => return false,
        };
        for &corner in polygon {
            let crosses = (corner.y > self.y) != (previous.y > self.y);
            if crosses {
                let t = (self.y - corner.y) / (previous.y - corner.y);
                if self.x < corner.x + t * (previous.x - corner.x) {
                    inside = !inside;
                }
            }
            previous = corner;
        }
        inside
    }
}

impl Rect {
    /// The middle of the rectangle.
    pub fn centre(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The area in square pixels.
    pub fn area(self) -> f32 {
        self.width * self.height
    }

    /// Intersection over union with `other`, 0..=1.
    pub fn overlap(self, other: Self) -> f32 {
        let side = |a: f32, a_len: f32, b: f32, b_len: f32| {
            ((a + a_len).min(b + b_len) - a.max(b)).max(0.0)
        };
        let common = side(self.x, self.width, other.x, other.width)
            * side(self.y, self.height, other.y, other.height);
        let union = self.area() + other.area() - common;
        if union > 0.0 { common / union } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, Rect};

    #[test]
    fn points_know_their_polygon() {
        let arrow =
            [(0., 0.), (10., 0.), (5., 5.), (10., 10.), (0., 10.)].map(|(x, y)| Point::new(x, y));
        for (x, y, inside) in [
            (1., 5., true),
            (8., 5., false),
            (8., 1., true),
            (-1., 5., false),
            (5., 11., false),
        ] {
            assert_eq!(Point::new(x, y).is_inside(&arrow), inside, "({x}, {y})");
        }
        assert!(!Point::new(0.0, 0.0).is_inside(&[]));
    }

    #[test]
    fn overlap_is_a_share_of_the_union() {
        let square = |x| Rect {
            x,
            y: 0.0,
            width: 2.0,
            height: 2.0,
        };
        for (x, expected) in [(0.0, 1.0), (1.0, 1.0 / 3.0), (2.0, 0.0), (9.0, 0.0)] {
            assert!(
                (square(0.0).overlap(square(x)) - expected).abs() < 1e-6,
                "{x}"
            );
        }
    }
}
