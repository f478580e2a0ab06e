//! What a kernel is held against.

use proptest::prelude::*;
use rowcall_kernels::{Activation, BLOCK, Geometry, Isa, RowsMut};

/// What a kernel wrote, and what it should have by its definition.
pub(crate) struct Case<'a> {
    pub(crate) geometry: Geometry,
    pub(crate) rows: std::ops::Range<usize>,
    pub(crate) channels: usize,
    pub(crate) expected: &'a dyn Fn(usize, usize, usize) -> f64,
    pub(crate) run: &'a dyn Fn(Isa, RowsMut<'_>),
}

/// What memory holds that no kernel wrote to. No kernel computes it here.
const UNTOUCHED: f32 = 12_345.678;

impl Case<'_> {
    pub(crate) fn check(&self) -> Result<(), TestCaseError> {
        let run = |isa: Isa| {
            let mut values = vec![UNTOUCHED; self.geometry.len()].into_boxed_slice();
            (self.run)(isa, RowsMut::new(&mut values, self.geometry));
            values
        };
        let mut oracle = run(Isa::fused());
        self.is_nowhere_else(Isa::fused(), &oracle)?;
        let geometry = self.geometry;
        let mut rows = RowsMut::new(&mut oracle, geometry);
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
            let found = run(isa);
            self.is_nowhere_else(isa, &found)?;
            same(isa, &found, &oracle)?;
        }
        Ok(())
    }

    /// Nothing was written but the pixels of the rows that were asked for.
    fn is_nowhere_else(&self, isa: Isa, found: &[f32]) -> Result<(), TestCaseError> {
        let geometry = self.geometry;
        for (i, &value) in found.iter().enumerate() {
            let (y, x) = (i / geometry.row_len(), i / BLOCK % geometry.pitch());
            let pixels = geometry.halo..geometry.halo + geometry.width;
            if !(self.rows.contains(&y) && pixels.contains(&x)) {
                prop_assert!(
                    value == UNTOUCHED,
                    "{isa:?}: {value} at {i}, beside what was asked for"
                );
            }
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
