//! Coefficients that are kept until the last scan: of each block those of the
//! lowest frequencies that its size needs, and of the others a bit that says
//! whether they differ from zero, without which a progressive scan can't be read.

use crate::wiped::Wiped;

use super::{
    header::Frame,
    idct::Scale,
    paint::Painter,
    scan::{Progress, ZIGZAG},
};

pub(super) struct Store {
    components: Vec<Coefficients>,
    /// Kept coefficients a side of a block.
    side: usize,
    slots: [Option<u8>; 64],
}

struct Coefficients {
    /// Blocks a row.
    across: usize,
    nonzero: Wiped<u64>,
    kept: Wiped<i16>,
}

impl Store {
    /// Bytes that it takes; nothing is kept where there is no scale to paint at.
    pub(super) fn bytes(frame: &Frame, scale: Option<Scale>) -> u64 {
        let side = scale.map_or(0, Scale::side);
        let blocks = frame.components.iter().map(|c| {
            let (across, down) = c.blocks(frame);
            (across * down) as u64
        });
        blocks.sum::<u64>() * (8 + 2 * (side * side) as u64)
    }

    pub(super) fn new(frame: &Frame, scale: Option<Scale>) -> Self {
        let side = scale.map_or(0, Scale::side);
        let components = frame.components.iter().map(|c| {
            let (across, down) = c.blocks(frame);
            Coefficients {
                across,
                nonzero: Wiped::new(vec![0; across * down]),
                kept: Wiped::new(vec![0; across * down * side * side]),
            }
        });
        let slot = |place: u8| {
            let (x, y) = (usize::from(place % 8), usize::from(place / 8));
            (x < side && y < side).then_some((y * side + x) as u8)
        };
        Self {
            components: components.collect(),
            side,
            slots: ZIGZAG.map(slot),
        }
    }

    pub(super) fn block(&mut self, component: usize, (x, y): (usize, usize)) -> Progress<'_> {
        let of = &mut self.components[component];
        let at = y * of.across + x;
        let each = self.side * self.side;
        Progress {
            nonzero: &mut of.nonzero[at],
            kept: &mut of.kept[at * each..(at + 1) * each],
            slots: &self.slots,
        }
    }

    /// All blocks, row of units by row of units.
    pub(super) fn paint(&self, frame: &Frame, painter: &mut Painter) {
        let each = self.side * self.side;
        let mut block = zeroize::Zeroizing::new([0_i16; 64]);
        for row in 0..frame.units.1 {
            for (index, of) in self.components.iter().enumerate() {
                let down = frame.components[index].sampling.1;
                for y in 0..down {
                    for x in 0..of.across {
                        let at = (row * down + y) * of.across + x;
                        let kept = &of.kept[at * each..(at + 1) * each];
                        for (line, from) in
                            block.chunks_exact_mut(8).zip(kept.chunks_exact(self.side))
                        {
                            line[..self.side].copy_from_slice(from);
                        }
                        let used = 64 - of.nonzero[at].leading_zeros() as usize;
                        painter.block(frame, index, (x, y), &block, used);
                    }
                }
            }
            painter.row_of_units();
        }
    }
}

impl Progress<'_> {
    /// A block that a sequential scan gave whole, row by row.
    pub(super) fn set_all(&mut self, block: &[i16; 64]) {
        for (k, place) in ZIGZAG.iter().enumerate() {
            let value = block[usize::from(*place)];
            if value != 0 {
                self.set(k, value.into());
            }
        }
    }
}
