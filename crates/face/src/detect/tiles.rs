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
const SQUARES: [u32; 5] = [128, 192, 256, 384, 512];
/// The side of such a square, in heights of the face: wide enough for one that moved by as
/// much as a face may that is followed (0.6 of its width), and all of it.
const AROUND: f32 = 2.2;
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

/// A square around each of these faces; `None` if they have more than half of the picture's
/// pixels in all, or one is too large.
pub(super) fn around(width: u32, height: u32, faces: &[Rect]) -> Option<Vec<Tile>> {
    let square = |face: &Rect| {
        let wanted = AROUND * face.width.max(face.height);
        let side = SQUARES.into_iter().find(|side| *side as f32 >= wanted)?;
        let centre = face.centre();
        let span = |centre: f32, whole: u32| {
            let length = side.min(whole);
            let start = (centre - length as f32 / 2.0).max(0.0) as u32;
            (start.min(whole - length), length)
        };
        let (x, y) = (span(centre.x, width), span(centre.y, height));
        let cut = [x.0 > 0, y.0 > 0, x.0 + x.1 < width, y.0 + y.1 < height];
        Some(Tile::new(x, y, 1, cut))
    };
    let tiles: Vec<Tile> = faces.iter().map(square).collect::<Option<_>>()?;
    let pixels = |w: u32, h: u32| u64::from(w) * u64::from(h);
    let all: u64 = tiles.iter().map(|t| pixels(t.width, t.height)).sum();
    (2 * all <= pixels(width, height)).then_some(tiles)
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
    for (x, v) in row.iter_mut().enumerate().take(width.div_ceil(shrink)) {
        let (left, right) = (x * shrink, ((x + 1) * shrink).min(width));
        let values = (top..bottom).flat_map(|y| line(y)[3 * left..3 * right].chunks_exact(3));
        let sum: u32 = values.map(|pixel| u32::from(pixel[channel])).sum();
        *v = sum as f32 / ((right - left) * (bottom - top)) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SIDE, plan};
    use crate::detect::Search;

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
}
