//! Extents whose products a number can't say are refused, in a build too that lets sums
//! wrap: a wrapped product would pass for a short one, and the kernels would read beyond it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rowcall_kernels::{
    Activation, Filter, Geometry, Isa, Planes, Rows, RowsMut, Window, convolve, pointwise_scratch,
    stem,
};

/// A bit whose double isn't one.
const TOP: usize = 1 << (usize::BITS - 1);

const ONE: Geometry = Geometry {
    blocks: 1,
    width: 1,
    height: 1,
    halo: 0,
    ring: 1,
};

fn is_refused<T>(what: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(what)).is_err()
}

#[test]
fn tensors() {
    let cases = [
        (
            "blocks",
            Geometry {
                blocks: TOP >> 3,
                ..ONE
            },
        ),
        (
            "width",
            Geometry {
                width: TOP >> 3,
                ..ONE
            },
        ),
        (
            "halo",
            Geometry {
                halo: TOP,
                width: 0,
                ..ONE
            },
        ),
        (
            "ring",
            Geometry {
                ring: TOP >> 3,
                ..ONE
            },
        ),
        (
            "no rows of a wrapped length",
            Geometry {
                blocks: TOP >> 3,
                ring: 0,
                ..ONE
            },
        ),
    ];
    for (name, geometry) in cases {
        assert!(
            is_refused(|| Rows::new(&[], &[], geometry).geometry().width),
            "{name}"
        );
        assert!(
            is_refused(|| RowsMut::new(&mut [], geometry).geometry().width),
            "{name}"
        );
    }
    assert!(is_refused(|| pointwise_scratch(&ONE, TOP >> 3)));
}

#[test]
fn filters() {
    let values = [0.0; 16];
    let filter = |weights| Filter {
        weights,
        bias: &values,
        activation: Activation::None,
    };
    // The window's last pixel wraps to before the row's.
    let window = Window {
        kernel: usize::MAX,
        stride: 1,
        pad: 0,
    };
    let around = Geometry { halo: 1, ..ONE };
    let (data, zeros, mut dst) = ([0.0; 48], [0.0; 48], [0.0; 16]);
    // As many weights as the square of the window's side wraps to.
    let weights = [0.0; 256];
    assert!(is_refused(|| {
        let src = Rows::new(&data, &zeros, around);
        let dst = RowsMut::new(&mut dst, ONE);
        convolve(Isa::portable(), filter(&weights), window, src, dst, 0..1);
    }));
    let window = Window {
        kernel: 1,
        stride: 1,
        pad: 0,
    };
    for (channels, width, ring) in [(TOP, 2, 1), (2, TOP, 1), (1, 2, TOP)] {
        let mut dst = [0.0; 16];
        assert!(is_refused(|| {
            let planes = Planes {
                data: &[],
                zeros: &[],
                channels,
                width,
                height: 1,
                halo: 0,
                ring,
            };
            let dst = RowsMut::new(&mut dst, ONE);
            stem(Isa::portable(), filter(&[]), window, planes, dst, 0..1);
        }));
    }
}
