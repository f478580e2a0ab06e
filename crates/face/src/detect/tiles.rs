//! The pieces of a picture that the detector looks at, each at a scale.
//!
//! The detector takes any size, but its memory grows with it: a large frame is
//! cut into overlapping tiles, and seen once as a whole at a smaller scale for
//! the faces that are larger than the overlap.

use crate::{Image, Point, Rect, detect::Detection, detect::Search};

/// A side up to which a picture is looked at in one piece, in pixels.
const MAX_SIDE: u32 = 1920;
/// The side of a tile of a larger one, and how far neighbours overlap: more
/// than a face with 100 pixels between the eyes needs.
const TILE: u32 = 1600;
const OVERLAP: u32 = 320;
/// The network halves its input five times.
const MULTIPLE: usize = 32;
/// Sides of the squares that are looked at around a face: few, since the network has a plan
/// for each.
const SQUARES: [u32; 6] = [96, 128, 160, 192, 256, 320];
/// The side of such a square, in heights of the face: all of one that moved by half of its
/// width lies in it, if it is a third taller than wide, as faces are.
const AROUND: f32 = 1.75;
/// A page's portrait is a fifth of it or more, and its face large enough at this
/// longer side.
const LONGEST_PAGE: u32 = 1280;
/// A portrait isn't looked at with its longer side below this.
const SMALLEST_PORTRAIT: u32 = 160;

/// A rectangle of the picture, shrunk by a whole factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tile {
    /// Left, top, width and height in pixels of the picture.
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    /// Pixels of the picture per pixel of the tile.
    shrink: u32,
    /// Width and height of the network's input, multiples of 32.
    pub(super) padded: (usize, usize),
    /// Which of its edges (left, top, right, bottom) are cuts through the
    /// picture rather than its own.
    cut: [bool; 4],
}

/// All tiles for a picture of this size.
pub(super) fn plan(width: u32, height: u32, search: Search) -> Vec<Tile> {
    let whole = |shrink: u32| Tile::new((0, width), (0, height), shrink, [false; 4]);
    let mut tiles = Vec::new();
    if search == Search::Page {
        let longest = width.max(height);
        let first = longest.div_ceil(LONGEST_PAGE).max(1);
        let halves = (0..5).map(|i| first << i);
        return halves
            .take_while(|s| *s == first || longest / s >= SMALLEST_PORTRAIT)
            .map(whole)
            .collect();
    }
    if width.max(height) <= MAX_SIDE {
        tiles.push(whole(1));
    } else {
        for (x, w) in spans(width) {
            for (y, h) in spans(height) {
                let cut = [x > 0, y > 0, x + w < width, y + h < height];
                tiles.push(Tile::new((x, w), (y, h), 1, cut));
            }
        }
        tiles.push(whole(width.max(height).div_ceil(MAX_SIDE / 2)));
    }
    if search == Search::Portrait {
        let halves = [2, 4, 8, 16]
            .into_iter()
            .take_while(|s| width.max(height) / s >= SMALLEST_PORTRAIT);
        tiles.extend(
            halves
                .filter(|s| width.max(height) / s <= MAX_SIDE)
                .map(whole),
        );
    }
    tiles
}

/// The picture at half its scale, or less where it is large.
pub(super) fn halved(width: u32, height: u32) -> Tile {
    let shrink = width.max(height).div_ceil(MAX_SIDE).max(2);
    Tile::new((0, width), (0, height), shrink, [false; 4])
}

/// A square around a face; `None` if it is large.
pub(super) fn around(width: u32, height: u32, face: Rect) -> Option<Tile> {
    let wanted = AROUND * face.width.max(face.height);
    let side = SQUARES.into_iter().find(|side| *side as f32 >= wanted)?;
    let span = |centre: f32, whole: u32| {
        let length = side.min(whole);
        // Beyond the picture it is the nearest place in it.
        let start = (centre - length as f32 / 2.0).max(0.0) as u32;
        (start.min(whole - length), length)
    };
    let centre = face.centre();
    let (x, y) = (span(centre.x, width), span(centre.y, height));
    let cut = [x.0 > 0, y.0 > 0, x.0 + x.1 < width, y.0 + y.1 < height];
    Some(Tile::new(x, y, 1, cut))
}

fn spans(side: u32) -> Vec<(u32, u32)> {
    if side <= MAX_SIDE {
        return vec![(0, side)];
    }
    let starts = (0..)
        .map(|i| i * (TILE - OVERLAP))
        .take_while(|start| start + OVERLAP < side);
    starts
        .map(|start| (start, TILE.min(side - start)))
        .collect()
}

impl Tile {
    fn new((x, width): (u32, u32), (y, height): (u32, u32), shrink: u32, cut: [bool; 4]) -> Self {
        let pad = |side: u32| (side.div_ceil(shrink) as usize).next_multiple_of(MULTIPLE);
        Self {
            x,
            y,
            width,
            height,
            shrink,
            padded: (pad(width), pad(height)),
            cut,
        }
    }

    /// A detection in the tile's pixels, in the picture's.
    pub(super) fn to_picture(self, mut detection: Detection) -> Detection {
        let shrink = self.shrink as f32;
        // A shrunk pixel is the mean of a square: its centre is the square's.
        let half = (shrink - 1.0) / 2.0;
        let point = |p: Point| {
            Point::new(
                p.x * shrink + half + self.x as f32,
                p.y * shrink + half + self.y as f32,
            )
        };
        let corner = point(Point::new(detection.face.x, detection.face.y));
        detection.face = Rect {
            x: corner.x,
            y: corner.y,
            width: detection.face.width * shrink,
            height: detection.face.height * shrink,
        };
        for p in detection.landmarks.points_mut() {
            *p = point(*p);
        }
        detection
    }

    /// Whether a detection (in the picture's pixels) touches an edge where the
    /// tile was cut: a neighbour sees that face whole.
    pub(super) fn cuts(&self, detection: &Detection) -> bool {
        let face = detection.face;
        let (left, top) = (self.x as f32, self.y as f32);
        let (right, bottom) = (left + self.width as f32, top + self.height as f32);
        let beyond = [
            face.x < left,
            face.y < top,
            face.x + face.width > right,
            face.y + face.height > bottom,
        ];
        self.cut
            .iter()
            .zip(beyond)
            .any(|(&cut, beyond)| cut && beyond)
    }
}

/// Row `y` of a channel (blue, green, red) of the tile as the network wants it:
/// 0..=255, zeros to the right and below.
pub(super) fn fill(image: &Image, tile: &Tile, channel: usize, y: usize, row: &mut [f32]) {
    let channel = 2 - channel;
    let stride = 3 * image.width() as usize;
    let shrink = tile.shrink as usize;
    let (width, height) = (tile.width as usize, tile.height as usize);
    let (top, bottom) = (y * shrink, ((y + 1) * shrink).min(height));
    let line = |line: usize| {
        let start = (tile.y as usize + line) * stride + 3 * tile.x as usize;
        &image.rgb()[start..start + 3 * width]
    };
    row.fill(0.0);
    if top >= bottom {
        return;
    }
    if shrink == 1 {
        let pixels = line(top).chunks_exact(3);
        for (v, pixel) in row.iter_mut().zip(pixels) {
            *v = f32::from(pixel[channel]);
        }
        return;
    }
    if shrink == 2 && bottom == top + 2 {
        // As below, for the picture that a lane glances at five times a second.
        let (upper, lower) = (
            line(top).as_chunks::<6>().0,
            line(top + 1).as_chunks::<6>().0,
        );
        for ((v, upper), lower) in row.iter_mut().zip(upper).zip(lower) {
            let of = |two: &[u8; 6]| u16::from(two[channel]) + u16::from(two[channel + 3]);
            *v = f32::from(of(upper) + of(lower)) / 4.0;
        }
        if width % 2 == 1 {
            let of = |line: &[u8]| f32::from(line[3 * (width - 1) + channel]);
            row[width / 2] = (of(line(top)) + of(line(top + 1))) / 2.0;
        }
        return;
    }
    for (x, v) in row.iter_mut().enumerate().take(width.div_ceil(shrink)) {
        let (left, right) = (x * shrink, ((x + 1) * shrink).min(width));
        let values = (top..bottom).flat_map(|y| line(y)[3 * left..3 * right].chunks_exact(3));
        let sum: u32 = values.map(|pixel| u32::from(pixel[channel])).sum();
        *v = sum as f32 / ((right - left) * (bottom - top)) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SIDE, around, fill, halved, plan};
    use crate::{Image, Rect, detect::Search};

    #[test]
    fn tiles_cover_every_picture_and_stay_small() {
        for (width, height) in [
            (1, 1),
            (1280, 720),
            (1920, 1080),
            (1921, 40),
            (3840, 2160),
            (8192, 3000),
        ] {
            let tiles = plan(width, height, Search::Frame);
            let full: Vec<_> = tiles.iter().filter(|t| t.shrink == 1).collect();
            for (x, y) in [
                (0, 0),
                (width - 1, height - 1),
                (width / 2, height / 2),
                (width - 1, 0),
            ] {
                let covers = |t: &super::Tile| {
                    (t.x..t.x + t.width).contains(&x) && (t.y..t.y + t.height).contains(&y)
                };
                assert!(
                    full.iter().any(|t| covers(t)),
                    "{width} x {height}: ({x}, {y})"
                );
            }
            assert!(
                tiles
                    .iter()
                    .all(|t| t.padded.0.max(t.padded.1) <= MAX_SIDE as usize + 31),
                "{width} x {height}"
            );
        }
        for (width, height, search, shrinks) in [
            (413, 531, Search::Portrait, &[1, 2][..]),
            (30, 20, Search::Page, &[1]),
            (621, 400, Search::Page, &[1, 2]),
            (2560, 1720, Search::Page, &[2, 4, 8, 16]),
            (8192, 3000, Search::Page, &[7, 14, 28]),
        ] {
            let of: Vec<u32> = plan(width, height, search)
                .iter()
                .map(|t| t.shrink)
                .collect();
            assert_eq!(of, shrinks, "{width} x {height}, {search:?}");
        }
    }

    #[test]
    fn a_square_lies_in_the_picture_wherever_its_face_is() {
        let face = |x: f32, y: f32, width: f32| Rect {
            x,
            y,
            width,
            height: 1.25 * width,
        };
        for (case, size, of, expected) in [
            (
                "within",
                (1280, 720),
                face(600.0, 300.0, 48.0),
                Some((560, 266, 128, 128)),
            ),
            (
                "in a corner",
                (1280, 720),
                face(-10.0, -10.0, 40.0),
                Some((0, 0, 96, 96)),
            ),
            (
                "beyond the other",
                (1280, 720),
                face(1270.0, 715.0, 40.0),
                Some((1184, 624, 96, 96)),
            ),
            (
                "far beyond",
                (1280, 720),
                face(1e9, -1e9, 40.0),
                Some((1184, 0, 96, 96)),
            ),
            (
                "a small picture",
                (80, 60),
                face(20.0, 10.0, 40.0),
                Some((0, 0, 80, 60)),
            ),
            ("a large face", (1280, 720), face(100.0, 100.0, 160.0), None),
            ("no face", (1280, 720), face(f32::NAN, 0.0, f32::NAN), None),
        ] {
            let tile = around(size.0, size.1, of);
            let place = tile.map(|t| (t.x, t.y, t.width, t.height));
            assert_eq!(place, expected, "{case}");
        }
    }

    #[test]
    fn half_the_scale_is_the_mean_of_squares() {
        for (width, height) in [(1, 1), (4, 2), (5, 3), (33, 18)] {
            let value = |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8;
            let rgb: Vec<u8> = (0..3 * width * height).map(value).collect();
            let image = Image::from_rgb(width, height, rgb).expect("the size");
            let tile = halved(width, height);
            for channel in 0..3 {
                for y in 0..height.div_ceil(2) {
                    let mut row = vec![f32::NAN; tile.padded.0];
                    fill(&image, &tile, channel, y as usize, &mut row);
                    for x in 0..width.div_ceil(2) {
                        let all = (2 * y..(2 * y + 2).min(height))
                            .flat_map(|y| (2 * x..(2 * x + 2).min(width)).map(move |x| (x, y)));
                        let at = |(x, y): (u32, u32)| {
                            f32::from(image.rgb()[(3 * (y * width + x)) as usize + 2 - channel])
                        };
                        let (sum, count) = all.fold((0.0, 0.0), |(s, n), p| (s + at(p), n + 1.0));
                        assert_eq!(row[x as usize], sum / count, "{width} x {height}: {x}, {y}");
                    }
                    assert!(row[width.div_ceil(2) as usize..].iter().all(|v| *v == 0.0));
                }
            }
        }
    }
}
