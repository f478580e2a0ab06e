//! From blocks to rows of pixels: colours that were sampled more coarsely are
//! filled in between, and turned to R, G, B.

use crate::wiped::Wiped;

use super::{
    colour::Space,
    header::{Frame, Tables},
    idct::{Scale, inverse},
};
use crate::canvas::{Canvas, Colours};

/// Paints one row of units after the other onto a canvas, one row behind what was
/// decoded: its last lines are filled in with the next one's first.
pub(super) struct Painter {
    scale: Scale,
    space: Space,
    planes: Vec<Plane>,
    /// Lines of pixels in a row of units.
    lines: usize,
    /// Whether a row of units waits for the next one.
    waiting: bool,
    canvas: Canvas,
    row: Wiped<u8>,
}

/// The samples of one colour.
struct Plane {
    /// Samples a line.
    stride: usize,
    /// How many times more pixels there are, across and down.
    ratio: (usize, usize),
    /// The row of units that is decoded, and the one before it.
    next: Wiped<u8>,
    held: Wiped<u8>,
    /// The last line before `held`; empty above the picture.
    above: Wiped<u8>,
    /// A line between two others, and one of as many samples as pixels.
    between: Wiped<u8>,
    line: Wiped<u8>,
}

impl Painter {
    /// Bytes that it holds beside the canvas.
    pub(super) fn bytes_beside(frame: &Frame, scale: Scale) -> u64 {
        let side = scale.side();
        let lines = frame.components.iter().map(|c| {
            let (stride, ratio) = (c.blocks(frame).0 * side, frame.most.0 / c.sampling.0);
            (2 * c.sampling.1 * side + 2 + ratio) * stride
        });
        (lines.sum::<usize>() + 3 * scale.of(frame.width)) as u64
    }

    pub(super) fn new(frame: &Frame, tables: &Tables, scale: Scale, colours: Colours) -> Self {
        let side = scale.side();
        let plane = |c: &super::header::Component| {
            let stride = c.blocks(frame).0 * side;
            let ratio = (frame.most.0 / c.sampling.0, frame.most.1 / c.sampling.1);
            let zeros = |lines: usize| Wiped::new(vec![0; lines * stride]);
            Plane {
                stride,
                ratio,
                next: zeros(c.sampling.1 * side),
                held: zeros(c.sampling.1 * side),
                above: Wiped::new(Vec::with_capacity(stride)),
                between: zeros(1),
                line: zeros(ratio.0),
            }
        };
        let (width, height) = (scale.of(frame.width), scale.of(frame.height));
        Self {
            scale,
            space: Space::of(frame, tables),
            planes: frame.components.iter().map(plane).collect(),
            lines: frame.most.1 * side,
            waiting: false,
            canvas: Canvas::new(width, height, colours),
            row: Wiped::new(vec![0; 3 * width]),
        }
    }

    pub(super) fn scale(&self) -> Scale {
        self.scale
    }

    /// A block of the row of units that is decoded; `x` in the picture, `y` in the
    /// row.
    pub(super) fn block(
        &mut self,
        frame: &Frame,
        component: usize,
        (x, y): (usize, usize),
        block: &[i16; 64],
        used: usize,
    ) {
        let side = self.scale.side();
        let plane = &mut self.planes[component];
        let Some(steps) = &frame.components[component].steps else {
            return;
        };
        let at = y * side * plane.stride + x * side;
        let (out, stride) = (&mut plane.next[at..], plane.stride);
        inverse(self.scale, block, steps, used, out, stride);
    }

    /// The row of units is decoded.
    pub(super) fn row_of_units(&mut self) {
        if self.waiting {
            self.emit(false);
            for plane in &mut self.planes {
                let last = plane.held.len() - plane.stride;
                plane.above.clear();
                plane.above.extend_from_slice(&plane.held[last..]);
            }
        }
        for plane in &mut self.planes {
            std::mem::swap(&mut plane.held, &mut plane.next);
        }
        self.waiting = true;
    }

    /// The picture, after its last row of units.
    pub(super) fn finish(mut self) -> Canvas {
        if self.waiting {
            self.emit(true);
        }
        self.canvas
    }

    fn emit(&mut self, is_last: bool) {
        for y in 0..self.lines {
            if self.canvas.is_full() {
                return;
            }
            for plane in &mut self.planes {
                plane.fill(y, is_last);
            }
            let mut lines: [&[u8]; 4] = [&[]; 4];
            for (line, plane) in lines.iter_mut().zip(&self.planes) {
                *line = &plane.line;
            }
            self.space.convert(lines, &mut self.row);
            self.canvas.push(&self.row);
        }
    }
}

impl Plane {
    /// A line of as many samples as pixels: halved ones by the triangle filter that
    /// other decoders use, three parts of the nearer and one of the farther; the
    /// rest as it is.
    fn fill(&mut self, y: usize, is_last: bool) {
        let at = y / self.ratio.1;
        let held = |row: usize| &self.held[row * self.stride..(row + 1) * self.stride];
        let own = held(at);
        let source = if self.ratio.1 == 2 && self.ratio.0 <= 2 {
            let far = if y.is_multiple_of(2) {
                match at.checked_sub(1) {
                    Some(before) => held(before),
                    None if self.above.is_empty() => own,
                    None => &self.above,
                }
            } else if (at + 1) * self.stride < self.held.len() {
                held(at + 1)
            } else if is_last {
                own
            } else {
                &self.next[..self.stride]
            };
            for ((out, near), far) in self.between.iter_mut().zip(own).zip(far) {
                *out = mixed(*near, *far);
            }
            &self.between[..]
        } else {
            own
        };
        match self.ratio.0 {
            1 => self.line.copy_from_slice(source),
            2 if self.ratio.1 <= 2 => doubled(source, &mut self.line),
            times => {
                for (pixels, sample) in self.line.chunks_exact_mut(times).zip(source) {
                    pixels.fill(*sample);
                }
            }
        }
    }
}

fn mixed(near: u8, far: u8) -> u8 {
    ((3 * u16::from(near) + u16::from(far) + 2) >> 2) as u8
}

fn doubled(source: &[u8], out: &mut [u8]) {
    let last = source.len() - 1;
    for (i, pair) in out.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let own = source[i];
        pair[0] = mixed(own, source[i.saturating_sub(1)]);
        pair[1] = mixed(own, source[(i + 1).min(last)]);
    }
}
