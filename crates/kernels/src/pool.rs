//! The largest of four.

use std::ops::Range;

use crate::{
    BLOCK, Isa, Rows, RowsMut,
    isa::Body,
    simd::{self, Simd},
};

/// Rows `rows` of `dst`: the largest of each 2 x 2 pixels, which don't overlap.
///
/// # Panics
/// If `dst` has other channels than `src`, or isn't half as wide and high (rounded
/// down).
pub fn max_pool(isa: Isa, src: Rows<'_>, dst: RowsMut<'_>, rows: Range<usize>) {
    let (from, to) = (*src.geometry(), *dst.geometry());
    assert_eq!(from.blocks, to.blocks, "the number of channels");
    assert_eq!(from.width / 2, to.width, "the width");
    assert_eq!(from.height / 2, to.height, "the height");
    assert!(rows.end <= to.height, "rows beyond the tensor");
    // SAFETY: two input pixels for each output pixel lie inside the row, as checked.
    unsafe { isa.run(Pool { src, dst, rows }) }
}

struct Pool<'a> {
    src: Rows<'a>,
    dst: RowsMut<'a>,
    rows: Range<usize>,
}

impl Body for Pool<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(mut self) {
        let (from, to) = (*self.src.geometry(), *self.dst.geometry());
        for y in self.rows.clone() {
            let upper = self.src.row(2 * y as isize);
            let lower = self.src.row(2 * y as isize + 1);
            let row = self.dst.row_mut(y);
            for block in 0..to.blocks {
                let source = (block * from.pitch() + from.halo) * BLOCK;
                let target = (block * to.pitch() + to.halo) * BLOCK;
                for x in 0..to.width {
                    for lane in (0..BLOCK).step_by(S::LANES) {
                        let i = source + 2 * x * BLOCK + lane;
                        // SAFETY: `2 x + 1 < from.width` and `x < to.width`.
                        unsafe {
                            let a = S::max(
                                simd::load::<S>(upper, i),
                                simd::load::<S>(upper, i + BLOCK),
                            );
                            let b = S::max(
                                simd::load::<S>(lower, i),
                                simd::load::<S>(lower, i + BLOCK),
                            );
                            simd::store::<S>(row, target + x * BLOCK + lane, S::max(a, b));
                        }
                    }
                }
            }
        }
    }
}
