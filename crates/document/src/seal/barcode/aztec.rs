//! Aztec codes (ISO/IEC 24778) anywhere on a picture: the library's detector looks at the
//! picture's middle alone, so each bull's eye is put into the middle of a picture.

use rxing::aztec::decoder::decode;
use rxing::aztec::detector::Detector;
use rxing::common::BitMatrix;

/// Rings around the middle of the bull's eye that are looked at, as wide as the middle:
/// black, white, black and white, of which the smallest code has one more.
const RINGS: usize = 3;
/// Parts of a ring's width by which another may differ, beside most of a pixel.
const TOLERANCE: f32 = 0.25;
/// What looks like a bull's eye that is tried.
const MOST_EYES: usize = 16;
/// From the middle to the edge, in modules: the smallest code has 15, the largest 151 and
/// paper around it.
const LEAST_REACH: f32 = 7.0;
const REACH: f32 = 80.0;
/// Pixels that are looked at again around bull's eyes, as a part of the picture's.
const AGAIN: usize = 2;

/// The seal in an Aztec code of the picture.
pub(super) fn find(matrix: &BitMatrix) -> Option<Vec<u8>> {
    let mut left = AGAIN * matrix.width() as usize * matrix.height() as usize;
    eyes(matrix).iter().find_map(|eye| {
        let around = eye.surroundings(matrix, &mut left)?;
        [false, true].into_iter().find_map(|mirrored| {
            let detected = Detector::new(&around).detect(mirrored).ok()?;
            let decoded = decode(&detected).ok()?;
            super::a_seal([], decoded.getText())
        })
    })
}

/// The middle of what looks like a bull's eye.
struct Eye {
    x: u32,
    y: u32,
    /// Pixels around it that are looked at.
    reach: u32,
}

impl Eye {
    /// `None` so near to an edge that no code has room there.
    fn new(matrix: &BitMatrix, (x, y): (u32, u32), module: f32) -> Option<Self> {
        let edges = [x, y, matrix.width() - 1 - x, matrix.height() - 1 - y];
        let reach = (REACH * module) as u32;
        let reach = edges.into_iter().fold(reach, u32::min);
        (reach as f32 >= LEAST_REACH * module).then_some(Self { x, y, reach })
    }

    /// What is around it, itself in the middle; `None` where `left` pixels are too few.
    fn surroundings(&self, matrix: &BitMatrix, left: &mut usize) -> Option<BitMatrix> {
        let reach = self.reach;
        let side = 2 * reach + 1;
        *left = left.checked_sub((side * side) as usize)?;
        let mut around = BitMatrix::new(side, side).ok()?;
        let (from_x, from_y) = (self.x - reach, self.y - reach);
        for y in 0..side {
            for x in 0..side {
                if matrix.get(from_x + x, from_y + y) {
                    around.set(x, y);
                }
            }
        }
        Some(around)
    }
}

/// Where rows and columns both cross rings of one width.
fn eyes(matrix: &BitMatrix) -> Vec<Eye> {
    let mut eyes: Vec<Eye> = Vec::new();
    for y in 0..matrix.height() {
        let mut from = 0;
        let runs: Vec<(u32, u32)> =
            super::content::runs((0..matrix.width()).map(|x| matrix.get(x, y)))
                .into_iter()
                .map(|run| {
                    from += run;
                    (from - run, run)
                })
                .collect();
        let first_white = usize::from(matrix.get(0, y));
        let white = runs.get(first_white..).unwrap_or(&[]);
        for rings in white.windows(2 * RINGS + 1).step_by(2) {
            let module = even(rings.iter().map(|(_, run)| *run));
            let (start, run) = rings[RINGS];
            let x = start + run / 2;
            let Some((module, (middle, height))) = module.zip(column(matrix, x, y)) else {
                continue;
            };
            let known = |eye: &Eye| {
                let near = |a: u32, b: u32| a.abs_diff(b) as f32 <= 2.0 * module;
                near(eye.x, x) && near(eye.y, middle)
            };
            if (height - module).abs() > TOLERANCE * module + 0.75 || eyes.iter().any(known) {
                continue;
            }
            eyes.extend(Eye::new(matrix, (x, middle), module));
            if eyes.len() == MOST_EYES {
                return eyes;
            }
        }
    }
    eyes
}

/// The middle of the rings that the column crosses, and how wide they are there.
fn column(matrix: &BitMatrix, x: u32, y: u32) -> Option<(u32, f32)> {
    let run = |from: u32, black: bool, down: bool| {
        let mut at = from;
        while at < matrix.height() && matrix.get(x, at) == black {
            at = if down { at + 1 } else { at.wrapping_sub(1) };
        }
        at
    };
    let (above, below) = (run(y, true, false), run(y, true, true));
    let height = below.wrapping_sub(above).wrapping_sub(1);
    let mut runs = vec![height];
    for (edge, down) in [(above, false), (below, true)] {
        let mut at = edge;
        for ring in 0..RINGS {
            let next = run(at, ring % 2 == 1, down);
            runs.push(next.wrapping_sub(at).min(at.wrapping_sub(next)));
            at = next;
        }
    }
    let middle = above.wrapping_add(1) + height / 2;
    even(runs.into_iter()).map(|module| (middle, module))
}

/// The width that all the runs have, nearly.
fn even(runs: impl ExactSizeIterator<Item = u32> + Clone) -> Option<f32> {
    let count = runs.len() as f32;
    let module = runs.clone().sum::<u32>() as f32 / count;
    let near = |run: u32| (run as f32 - module).abs() <= TOLERANCE * module + 0.75;
    (module >= 1.5 && runs.into_iter().all(near)).then_some(module)
}
