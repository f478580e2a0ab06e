//! Tensors and windows as ONNX has them.

use proptest::prelude::*;
use rowcall_kernels::{BLOCK, Geometry, RowsMut, Window};

/// A tensor in ONNX's order.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    pub(crate) channels: usize,
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) values: Vec<f32>,
}

/// The bound of an extent to draw: less where every step is interpreted, but still more than
/// a block, a register and a tile.
pub(crate) const fn below(bound: usize) -> usize {
    if cfg!(miri) { bound / 2 } else { bound }
}

/// Numbers between -1 and 1 that look random.
pub(crate) fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(seed | 1);
        ((state >> 40) as f32) / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

impl Plain {
    pub(crate) fn new(channels: usize, height: usize, width: usize, seed: u64) -> Self {
        let values = numbers(channels * height * width, seed);
        Self {
            channels,
            height,
            width,
            values,
        }
    }

    pub(crate) fn at(&self, c: usize, y: isize, x: isize) -> f64 {
        let inside = |v: isize, n: usize| usize::try_from(v).ok().filter(|v| *v < n);
        match (inside(y, self.height), inside(x, self.width)) {
            (Some(y), Some(x)) => self.values[(c * self.height + y) * self.width + x].into(),
            _ => 0.0,
        }
    }

    pub(crate) fn geometry(&self, halo: usize, ring: usize) -> Geometry {
        Geometry {
            blocks: self.channels.div_ceil(BLOCK),
            width: self.width,
            height: self.height,
            halo,
            ring,
        }
    }

    /// Rows `first..` of which `ring` are kept, blocked.
    pub(crate) fn blocked(&self, geometry: Geometry, first: usize) -> Box<[f32]> {
        let mut values = zeros(geometry.len());
        let mut rows = RowsMut::new(&mut values, geometry);
        for y in first..self.height.min(first + geometry.ring) {
            let row = rows.row_mut(y);
            for c in 0..self.channels {
                for x in 0..self.width {
                    let pixel = c / BLOCK * geometry.pitch() + geometry.halo + x;
                    row[pixel * BLOCK + c % BLOCK] = self.at(c, y as isize, x as isize) as f32;
                }
            }
        }
        values
    }
}

// What kernels read and write lies in boxes, whose memory ends where their values do, so
// that a sanitizer sees an access past either end: a `Buffer` has room to be aligned, a
// `Vec` to grow.

/// So many zeros.
pub(crate) fn zeros(count: usize) -> Box<[f32]> {
    vec![0.0; count].into_boxed_slice()
}

/// Values and as many zeros as fill the last block.
pub(crate) fn padded(mut values: Vec<f32>) -> Box<[f32]> {
    values.resize(values.len().next_multiple_of(BLOCK), 0.0);
    values.into_boxed_slice()
}

pub(crate) fn window() -> impl Strategy<Value = Window> {
    (
        prop_oneof![Just(1_usize), Just(3)],
        1..=2_usize,
        0..=1_usize,
    )
        .prop_map(|(kernel, stride, pad)| Window {
            kernel,
            stride,
            pad: pad.min(kernel / 2),
        })
}

pub(crate) fn places(side: usize, window: Window) -> usize {
    (side + 2 * window.pad).saturating_sub(window.kernel) / window.stride + 1
}
