//! Products with weights as bytes.

use proptest::prelude::*;
use rowcall_kernels::{
    Activation, BLOCK, ByteFilter, Bytes, Geometry, Isa, Rows, RowsMut, pack_pointwise, pointwise,
    pointwise_scratch,
};

use crate::{
    case::activated,
    plain::{Plain, below, numbers, padded, zeros},
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]

    #[test]
    fn products_with_bytes(
        (run, runs, outputs) in (1..4_usize, 1..4_usize, 1..below(70)),
        (height, width) in (1..4_usize, 1..below(34)),
        (halo, around) in (0..=1_usize, 0..=1_usize),
        which in 0..3_u8,
        seed in any::<u64>(),
    ) {
        let (run, inputs) = (run * BLOCK, run * runs * BLOCK);
        let mut src = Plain::new(inputs, height, width, seed);
        // Rows of zeros, of tiny and of huge values are rounded, too.
        let scale = [0.0, 1e-41, 1e-30, 1.0, 1e6][seed as usize % 5];
        src.values.iter_mut().for_each(|v| *v *= scale);
        let values: Vec<i8> = numbers(outputs * inputs, seed ^ 1)
            .iter()
            .map(|v| (v * 128.0) as i8)
            .collect();
        let scales = numbers(outputs * runs, seed ^ 2);
        let zero_points: Vec<i8> = numbers(outputs * runs, seed ^ 5)
            .iter()
            .map(|v| (v * 128.0) as i8)
            .collect();
        let bytes = Bytes { values: &values, zeros: &zero_points, scales: &scales, run };
        let (weights, packed) = pack_pointwise(bytes, (outputs, inputs));
        let (bias, slopes) = (padded(numbers(outputs, seed ^ 3)), padded(numbers(outputs, seed ^ 4)));
        let (activation, apply) = activated(which, &slopes);
        let filter = ByteFilter { weights: &weights, scales: &packed, run, bias: &bias, activation };
        let from = src.geometry(halo, height);
        let (blocked, of_zeros) = (src.blocked(from, 0), zeros(from.row_len()));
        let to = Plain::new(outputs, height, width, 0).geometry(around, height);
        let rows = height / 2..height;
        let run_with = |isa: Isa| {
            let mut found = zeros(to.len());
            let mut scratch = zeros(pointwise_scratch(&from, rows.len()));
            let src = Rows::new(&blocked, &of_zeros, from);
            let dst = RowsMut::new(&mut found, to);
            pointwise(isa, filter, src, dst, rows.clone(), &mut scratch);
            found
        };
        let mut oracle = run_with(Isa::fused());
        let mut oracle_rows = RowsMut::new(&mut oracle, to);
        for y in rows.clone() {
            let row = oracle_rows.row_mut(y);
            let of_row = (0..inputs * width)
                .map(|i| src.at(i / width, y as isize, (i % width) as isize).abs());
            let half_step = of_row.fold(0.0, f64::max) / 65_534.0;
            for o in 0..outputs {
                let weight = |i: usize| {
                    let of_run = o * runs + i / run;
                    let whole = f64::from(values[o * inputs + i]) - f64::from(zero_points[of_run]);
                    whole * f64::from(scales[of_run])
                };
                // Every value may be off by half a step, to whichever side is worse.
                let reach: f64 = (0..inputs).map(|i| weight(i).abs() * half_step).sum();
                for x in 0..width {
                    let value = |i: usize| src.at(i, y as isize, x as isize);
                    let sum = f64::from(bias[o]) + (0..inputs).map(|i| weight(i) * value(i)).sum::<f64>();
                    let expected = apply(o, sum);
                    let pixel = o / BLOCK * to.pitch() + to.halo + x;
                    let found = f64::from(row[pixel * BLOCK + o % BLOCK]);
                    let off = (found - expected).abs();
                    prop_assert!(off <= 1.01 * reach + 1e-6 * (1.0 + sum.abs()), "{found}, not {expected}");
                }
            }
        }
        for isa in Isa::all() {
            let found = run_with(isa);
            let largest = oracle.iter().fold(1.0_f32, |m, v| m.max(v.abs()));
            for (i, (a, b)) in found.iter().zip(&oracle).enumerate() {
                let equal = match isa == Isa::portable() {
                    true => (a - b).abs() <= 1e-5 * largest,
                    false => a.to_bits() == b.to_bits(),
                };
                prop_assert!(equal, "{isa:?}: value {i} is {a}, not {b}");
            }
        }
    }
}

#[test]
fn the_largest_sum_of_a_run_fits() {
    // 256 products of the largest magnitudes.
    let (inputs, outputs) = (256, 16);
    let geometry = |channels: usize| Geometry {
        blocks: channels / BLOCK,
        width: 1,
        height: 1,
        halo: 0,
        ring: 1,
    };
    let bytes = Bytes {
        values: &vec![-128; inputs * outputs],
        zeros: &[127; 16],
        scales: &[1.0; 16],
        run: inputs,
    };
    let (weights, scales) = pack_pointwise(bytes, (outputs, inputs));
    let filter = ByteFilter {
        weights: &weights,
        scales: &scales,
        run: inputs,
        bias: &[0.0; 16],
        activation: Activation::None,
    };
    for isa in Isa::all().chain([Isa::fused()]) {
        let (src, zeros) = (vec![-1.0; inputs], vec![0.0; inputs]);
        let (mut dst, mut scratch) = (
            [0.0; 16],
            vec![0.0; pointwise_scratch(&geometry(inputs), 1)],
        );
        let from = Rows::new(&src, &zeros, geometry(inputs));
        let to = RowsMut::new(&mut dst, geometry(outputs));
        pointwise(isa, filter, from, to, 0..1, &mut scratch);
        assert!(
            dst.iter().all(|v| (v - 65_280.0).abs() < 1.0),
            "{isa:?}: {dst:?}"
        );
    }
}
