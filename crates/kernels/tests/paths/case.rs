//! What a kernel is held against.

use proptest::prelude::*;
use rowcall_kernels::{Activation, BLOCK, Buffer, Geometry, Isa, RowsMut};

/// What a kernel wrote, and what it should have by its definition.
pub(crate) struct Case<'a> {
    pub(crate) geometry: Geometry,
    pub(crate) rows: std::ops::Range<usize>,
    pub(crate) channels: usize,
    pub(crate) expected: &'a dyn Fn(usize, usize, usize) -> f64,
    pub(crate) run: &'a dyn Fn(Isa, RowsMut<'_>),
}

impl Case<'_> {
    pub(crate) fn check(&self) -> Result<(), TestCaseError> {
        let run = |isa: Isa| {
            let mut buffer = Buffer::new(self.geometry.len());
            (self.run)(isa, RowsMut::new(buffer.values_mut(), self.geometry));
            buffer
        };
        let mut oracle = run(Isa::fused());
        let geometry = self.geometry;
        let mut rows = RowsMut::new(oracle.values_mut(), geometry);
        for y in self.rows.clone() {
            let row = rows.row_mut(y);
            for c in 0..self.channels {
                for x in 0..geometry.width {
                    let pixel = c / BLOCK * geometry.pitch() + geometry.halo + x;
                    let (found, expected) = (
                        f64::from(row[pixel * BLOCK + c % BLOCK]),
                        (self.expected)(c, y, x),
                    );
                    prop_assert!(
                        (found - expected).abs() < 1e-4,
                        "({c}, {y}, {x}): {found}, not {expected}"
                    );
                }
            }
        }
        for isa in Isa::all() {
            same(isa, run(isa).values(), oracle.values())?;
        }
        Ok(())
    }
}

/// The oracle's bits, or nearly its values where products are rounded first.
pub(crate) fn same(isa: Isa, found: &[f32], oracle: &[f32]) -> Result<(), TestCaseError> {
    for (i, (a, b)) in found.iter().zip(oracle).enumerate() {
        let equal = match isa == Isa::portable() {
            true => (a - b).abs() < 1e-4,
            false => a.to_bits() == b.to_bits(),
        };
        prop_assert!(equal, "{isa:?}: value {i} is {a}, not {b}");
    }
    Ok(())
}

/// One of the three activations, and its slopes.
pub(crate) fn activated(which: u8, slopes: &[f32]) -> (Activation<'_>, impl Fn(usize, f64) -> f64) {
    let activation = match which {
        0 => Activation::None,
        1 => Activation::Relu,
        _ => Activation::PRelu(slopes),
    };
    let apply = move |c: usize, v: f64| match which {
        0 => v,
        1 => v.max(0.0),
        _ => v.max(0.0) + f64::from(slopes[c]) * v.min(0.0),
    };
    (activation, apply)
}
