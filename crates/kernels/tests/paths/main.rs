//! Every kernel with every instruction set: the vector ones give the bits of the
//! fused oracle, the portable one gives nearly its values, and all give what the
//! definition says, computed naively, and nothing beside it. Shapes are drawn so that every
//! size of tile, both edges and rings that wrap come up.
//!
//! Debug assertions hold every index against its row. What an instruction reads beyond its
//! index they can't see: all memory here ends where its values do, for a sanitizer
//! (docs/design/inference.md says how).

mod bytes;
mod case;
mod plain;

use proptest::prelude::*;
use rowcall_kernels::{
    BLOCK, Bytes, Filter, Isa, Planes, Rows, Window, add, add_enlarged, convolve, dense,
    dense_bytes, depthwise, max_pool, pack_convolution, pack_depthwise, pack_stem, stem,
};

use case::{Case, activated, same};
use plain::{Plain, below, numbers, padded, places, window, zeros};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]

    #[test]
    fn convolutions(
        (inputs, outputs) in (1..below(40), 1..below(70)),
        (height, width) in (3..6_usize, 3..below(34)),
        window in window(),
        (halo, around) in (0..=1_usize, 0..=1_usize),
        which in 0..3_u8,
        seed in any::<u64>(),
    ) {
        let src = Plain::new(inputs, height, width, seed);
        let taps = window.kernel * window.kernel;
        let weights = numbers(outputs * inputs * taps, seed ^ 1);
        let packed = pack_convolution(&weights, (outputs, inputs), window.kernel);
        let (bias, slopes) = (padded(numbers(outputs, seed ^ 2)), padded(numbers(outputs, seed ^ 3)));
        let (activation, apply) = activated(which, &slopes);
        let filter = Filter { weights: &packed, bias: &bias, activation };
        let to = Plain::new(outputs, places(height, window), places(width, window), 0);
        let from = src.geometry(halo.max(window.pad), height);
        let (blocked, zeros) = (src.blocked(from, 0), zeros(from.row_len()));
        let rows = to.height / 2..to.height;
        Case {
            geometry: to.geometry(around, to.height),
            rows: rows.clone(),
            channels: outputs,
            expected: &|o, y, x| {
                let mut sum = f64::from(bias[o]);
                for i in 0..inputs {
                    for tap in 0..taps {
                        let (ky, kx) = (tap / window.kernel, tap % window.kernel);
                        let place = |v: usize, k: usize| {
                            (v * window.stride + k) as isize - window.pad as isize
                        };
                        let w = weights[(o * inputs + i) * taps + tap];
                        sum += f64::from(w) * src.at(i, place(y, ky), place(x, kx));
                    }
                }
                apply(o, sum)
            },
            run: &|isa, dst| {
                let src = Rows::new(&blocked, &zeros, from);
                convolve(isa, filter, window, src, dst, rows.clone());
            },
        }
        .check()?;
    }

    #[test]
    fn stems(
        (channels, outputs) in (1..5_usize, 1..below(50)),
        (height, width) in (3..6_usize, 3..below(34)),
        window in window(),
        which in 0..3_u8,
        seed in any::<u64>(),
    ) {
        let src = Plain::new(channels, height, width, seed);
        let taps = window.kernel * window.kernel;
        let weights = numbers(outputs * channels * taps, seed ^ 1);
        let packed = pack_stem(&weights, (outputs, channels), window.kernel);
        let (bias, slopes) = (padded(numbers(outputs, seed ^ 2)), padded(numbers(outputs, seed ^ 3)));
        let (activation, apply) = activated(which, &slopes);
        let filter = Filter { weights: &packed, bias: &bias, activation };
        let to = Plain::new(outputs, places(height, window), places(width, window), 0);
        let pitch = width + 2;
        let mut planes = zeros(height * channels * pitch);
        for (y, row) in planes.chunks_exact_mut(channels * pitch).enumerate() {
            for (c, plane) in row.chunks_exact_mut(pitch).enumerate() {
                for x in 0..width {
                    plane[1 + x] = src.at(c, y as isize, x as isize) as f32;
                }
            }
        }
        let zeros = zeros(channels * pitch);
        Case {
            geometry: to.geometry(0, to.height),
            rows: 0..to.height,
            channels: outputs,
            expected: &|o, y, x| {
                let mut sum = f64::from(bias[o]);
                for i in 0..channels {
                    for tap in 0..taps {
                        let (ky, kx) = (tap / window.kernel, tap % window.kernel);
                        let place = |v: usize, k: usize| {
                            (v * window.stride + k) as isize - window.pad as isize
                        };
                        let w = weights[(o * channels + i) * taps + tap];
                        sum += f64::from(w) * src.at(i, place(y, ky), place(x, kx));
                    }
                }
                apply(o, sum)
            },
            run: &|isa, dst| {
                let planes = Planes {
                    data: &planes, zeros: &zeros, channels, width, height, halo: 1, ring: height,
                };
                stem(isa, filter, window, planes, dst, 0..to.height);
            },
        }
        .check()?;
    }

    #[test]
    fn depthwise_filters(
        channels in 1..below(40),
        (height, width) in (3..9_usize, 1..below(34)),
        stride in 1..=2_usize,
        around in 0..=1_usize,
        which in 0..3_u8,
        seed in any::<u64>(),
    ) {
        let window = Window { kernel: 3, stride, pad: 1 };
        let src = Plain::new(channels, height, width, seed);
        let weights = numbers(channels * 9, seed ^ 1);
        let packed = pack_depthwise(&weights, channels);
        let (bias, slopes) = (padded(numbers(channels, seed ^ 2)), padded(numbers(channels, seed ^ 3)));
        let (activation, apply) = activated(which, &slopes);
        let filter = Filter { weights: &packed, bias: &bias, activation };
        let to = Plain::new(channels, places(height, window), places(width, window), 0);
        // The last output row, from a ring of the three rows that it needs.
        let y = to.height - 1;
        let top = (y * stride).saturating_sub(1);
        let (ring, whole) = (src.geometry(1, 3), src.geometry(1, height));
        let (in_ring, in_whole) = (src.blocked(ring, top), src.blocked(whole, 0));
        let zeros = zeros(whole.row_len());
        for (geometry, values, rows) in [(ring, &in_ring, y..y + 1), (whole, &in_whole, 0..to.height)] {
            Case {
                geometry: to.geometry(around, to.height),
                rows: rows.clone(),
                channels,
                expected: &|c, y, x| {
                    let mut sum = f64::from(bias[c]);
                    for tap in 0..9 {
                        let place = |v: usize, k: usize| (v * stride + k) as isize - 1;
                        sum += f64::from(weights[c * 9 + tap])
                            * src.at(c, place(y, tap / 3), place(x, tap % 3));
                    }
                    apply(c, sum)
                },
                run: &|isa, dst| {
                    let src = Rows::new(values, &zeros, geometry);
                    depthwise(isa, filter, window, src, dst, rows.clone());
                },
            }
            .check()?;
        }
    }

    #[test]
    fn pools_and_sums(
        channels in 1..below(40),
        (height, width) in (2..8_usize, 2..below(34)),
        which in 0..3_u8,
        seed in any::<u64>(),
    ) {
        let a = Plain::new(channels, height, width, seed);
        let b = Plain::new(channels, height, width, seed ^ 1);
        let slopes = padded(numbers(channels, seed ^ 2));
        let (activation, apply) = activated(which, &slopes);
        let (of_a, of_b) = (a.geometry(1, height), b.geometry(0, height));
        let (in_a, in_b) = (a.blocked(of_a, 0), b.blocked(of_b, 0));
        let of_zeros = zeros(of_a.row_len());
        Case {
            geometry: Plain::new(channels, height / 2, width / 2, 0).geometry(1, height / 2),
            rows: 0..height / 2,
            channels,
            expected: &|c, y, x| {
                let at = |dy: usize, dx: usize| a.at(c, (2 * y + dy) as isize, (2 * x + dx) as isize);
                at(0, 0).max(at(0, 1)).max(at(1, 0)).max(at(1, 1))
            },
            run: &|isa, dst| {
                max_pool(isa, Rows::new(&in_a, &of_zeros, of_a), dst, 0..height / 2);
            },
        }
        .check()?;
        Case {
            geometry: of_a,
            rows: 0..height,
            channels,
            expected: &|c, y, x| {
                let (y, x) = (y as isize, x as isize);
                apply(c, a.at(c, y, x) + b.at(c, y, x))
            },
            run: &|isa, dst| {
                let a = Rows::new(&in_a, &of_zeros, of_a);
                let b = Rows::new(&in_b, &of_zeros, of_b);
                add(isa, (a, b), activation, dst, 0..height);
            },
        }
        .check()?;
        let twice = Plain::new(channels, 2 * height, 2 * width, seed ^ 3);
        let of_twice = twice.geometry(0, 2 * height);
        let in_twice = twice.blocked(of_twice, 0);
        let of_zeros = zeros(of_twice.row_len());
        Case {
            geometry: of_twice,
            rows: 0..2 * height,
            channels,
            expected: &|c, y, x| {
                let half = b.at(c, (y / 2) as isize, (x / 2) as isize);
                apply(c, twice.at(c, y as isize, x as isize) + half)
            },
            run: &|isa, dst| {
                let a = Rows::new(&in_twice, &of_zeros, of_twice);
                let b = Rows::new(&in_b, &of_zeros, of_b);
                add_enlarged(isa, (a, b), activation, dst, 0..2 * height);
            },
        }
        .check()?;
    }

    #[test]
    fn dense_layers(
        (blocks, run, outputs) in (1..5_usize, 1..4_usize, 1..10_usize),
        seed in any::<u64>(),
    ) {
        let (run, inputs) = (run * BLOCK, run * BLOCK * blocks);
        let input = numbers(inputs, seed);
        let bias = numbers(outputs, seed ^ 1);
        let scales = numbers(outputs * blocks, seed ^ 2);
        let values: Vec<i8> = numbers(outputs * inputs, seed ^ 3)
            .iter()
            .map(|v| (v * 127.0) as i8)
            .collect();
        let zeros: Vec<i8> = numbers(outputs * blocks, seed ^ 4)
            .iter()
            .map(|v| (v * 127.0) as i8)
            .collect();
        let floats: Vec<f32> = values
            .iter()
            .enumerate()
            .map(|(i, v)| (f32::from(*v) - f32::from(zeros[i / run])) * scales[i / run])
            .collect();
        let bytes = Bytes { values: &values, zeros: &zeros, scales: &scales, run };
        let both = |isa: Isa| {
            let mut found = [vec![0.0; outputs], vec![0.0; outputs]];
            dense(isa, &floats, &bias, &input, &mut found[0]);
            dense_bytes(isa, bytes, &bias, &input, &mut found[1]);
            found
        };
        let oracle = both(Isa::fused());
        for (o, row) in floats.chunks_exact(inputs).enumerate() {
            let products = row.iter().zip(&input).map(|(a, b)| f64::from(*a) * f64::from(*b));
            let expected = f64::from(bias[o]) + products.sum::<f64>();
            for found in &oracle {
                let tolerance = 1e-4 * (1.0 + 254.0);
                prop_assert!((f64::from(found[o]) - expected).abs() < tolerance);
            }
        }
        for isa in Isa::all() {
            for (found, oracle) in both(isa).iter().zip(&oracle) {
                let scaled = |v: &[f32]| v.iter().map(|v| v / 128.0).collect::<Vec<_>>();
                same(isa, &scaled(found), &scaled(oracle))?;
            }
        }
    }
}
