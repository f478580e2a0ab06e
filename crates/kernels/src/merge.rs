//! Sums of two tensors.

use std::ops::Range;

use crate::{
    Activation, BLOCK, Geometry, Isa, Rows, RowsMut,
    filter::activate,
    isa::Body,
    simd::{self, Simd},
};

/// Rows `rows` of `dst`: `a + b`, then the activation.
///
/// # Panics
/// If the three don't have the same channels and sides.
pub fn add(
    isa: Isa,
    (a, b): (Rows<'_>, Rows<'_>),
    activation: Activation<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
) {
    run::<0>(isa, (a, b), activation, dst, rows);
}

/// As [`add`], but `b` is half as wide and high and each of its pixels stands for
/// 2 x 2 (ONNX `Resize`, nearest, asymmetric, floor).
///
/// # Panics
/// As [`add`].
pub fn add_enlarged(
    isa: Isa,
    (a, b): (Rows<'_>, Rows<'_>),
    activation: Activation<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
) {
    run::<1>(isa, (a, b), activation, dst, rows);
}

fn run<const SHIFT: u32>(
    isa: Isa,
    (a, b): (Rows<'_>, Rows<'_>),
    activation: Activation<'_>,
    dst: RowsMut<'_>,
    rows: Range<usize>,
) {
    let to = *dst.geometry();
    let extents = |g: &Geometry, shift: u32| (g.blocks, g.width << shift, g.height << shift);
    assert_eq!(
        extents(a.geometry(), 0),
        extents(&to, 0),
        "the first summand"
    );
    assert_eq!(extents(b.geometry(), SHIFT), extents(&to, 0), "the second");
    if let Activation::PRelu(slopes) = activation {
        assert_eq!(slopes.len(), to.blocks * BLOCK, "the number of slopes");
    }
    assert!(rows.end <= to.height, "rows beyond the tensor");
    let body = Add::<SHIFT> {
        a,
        b,
        activation,
        dst,
        rows,
    };
    // SAFETY: all three have the pixels that are read and written, as checked.
    unsafe { isa.run(body) }
}

struct Add<'a, const SHIFT: u32> {
    a: Rows<'a>,
    b: Rows<'a>,
    activation: Activation<'a>,
    dst: RowsMut<'a>,
    rows: Range<usize>,
}

impl<const SHIFT: u32> Body for Add<'_, SHIFT> {
    #[inline(always)]
    unsafe fn run<S: Simd>(mut self) {
        let (a, b, to) = (*self.a.geometry(), *self.b.geometry(), *self.dst.geometry());
        for y in self.rows.clone() {
            let (row_a, row_b) = (self.a.row(y as isize), self.b.row((y >> SHIFT) as isize));
            let row = self.dst.row_mut(y);
            for block in 0..to.blocks {
                let start = |g: &Geometry| block * g.pitch() + g.halo;
                for x in 0..to.width {
                    for lane in (0..BLOCK).step_by(S::LANES) {
                        let at = |g: &Geometry, x: usize| (start(g) + x) * BLOCK + lane;
                        // SAFETY: `x < to.width = a.width = b.width << SHIFT`.
                        unsafe {
                            let sum = S::add(
                                simd::load::<S>(row_a, at(&a, x)),
                                simd::load::<S>(row_b, at(&b, x >> SHIFT)),
                            );
                            let v = activate::<S>(self.activation, sum, block * BLOCK + lane);
                            simd::store::<S>(row, at(&to, x), v);
                        }
                    }
                }
            }
        }
    }
}
