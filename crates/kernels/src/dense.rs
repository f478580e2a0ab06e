//! A fully connected layer of one vector: every weight is used once, so that what
//! it costs is reading them.

use crate::{
    BLOCK, Isa,
    isa::Body,
    rows::product,
    simd::{self, Simd},
};

/// Weights as stored: signed bytes, a zero and a scale for each run of `run` of them.
/// A weight is `(value − zero) · scale`.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a> {
    /// One row for each output.
    pub values: &'a [i8],
    /// For each output, one for each run of its row.
    pub zeros: &'a [i8],
    /// As many as there are zeros.
    pub scales: &'a [f32],
    /// How many values a scale is for; a multiple of 16.
    pub run: usize,
}

/// `output = weights · input + bias`, with a row of weights for each output. Sixteen
/// sums run side by side over every sixteenth product and are then added in order.
///
/// # Panics
/// If the lengths don't fit, or the input's isn't a multiple of 16.
pub fn dense(isa: Isa, weights: &[f32], bias: &[f32], input: &[f32], output: &mut [f32]) {
    let count = product([input.len(), output.len()]);
    assert_eq!(weights.len(), count, "the weights");
    assert_eq!(bias.len(), output.len(), "the biases");
    assert!(input.len().is_multiple_of(BLOCK), "the input's length");
    let body = Dense {
        weights,
        bias,
        input,
        output,
    };
    // SAFETY: rows are cut safely, and are whole blocks.
    unsafe { isa.run(body) }
}

/// As [`dense`], with weights as bytes. From the sums of a run its zero's share is
/// taken, and the rest multiplied by its scale.
///
/// # Panics
/// As [`dense`]; and if the input isn't whole runs.
pub fn dense_bytes(isa: Isa, weights: Bytes<'_>, bias: &[f32], input: &[f32], output: &mut [f32]) {
    let count = product([input.len(), output.len()]);
    assert_eq!(weights.values.len(), count, "the weights");
    assert_eq!(bias.len(), output.len(), "the biases");
    assert!(
        weights.run > 0 && weights.run.is_multiple_of(BLOCK),
        "the run"
    );
    assert!(
        input.len().is_multiple_of(weights.run),
        "the input's length"
    );
    let runs = input.len() / weights.run * output.len();
    assert_eq!(weights.scales.len(), runs, "the scales");
    assert_eq!(weights.zeros.len(), runs, "the zeros");
    let body = DenseBytes {
        weights,
        bias,
        input,
        output,
    };
    // SAFETY: rows are cut safely, and are whole blocks.
    unsafe { isa.run(body) }
}

/// How many outputs are summed at once.
const OUTPUTS: usize = 4;

struct Dense<'a> {
    weights: &'a [f32],
    bias: &'a [f32],
    input: &'a [f32],
    output: &'a mut [f32],
}

impl Body for Dense<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let rows = self.weights.chunks_exact(self.input.len().max(1));
        for ((output, row), bias) in self.output.iter_mut().zip(rows).zip(self.bias) {
            let mut lanes = [0.0; BLOCK];
            for lane in (0..BLOCK).step_by(S::LANES) {
                // SAFETY: the row is as long as the input, both whole blocks.
                unsafe {
                    let mut sum = S::zero();
                    for i in (lane..self.input.len()).step_by(BLOCK) {
                        let v = simd::load::<S>(self.input, i);
                        sum = S::fma(v, simd::load::<S>(row, i), sum);
                    }
                    simd::store::<S>(&mut lanes, lane, sum);
                }
            }
            *output = lanes.iter().sum::<f32>() + bias;
        }
    }
}

struct DenseBytes<'a> {
    weights: Bytes<'a>,
    bias: &'a [f32],
    input: &'a [f32],
    output: &'a mut [f32],
}

impl Body for DenseBytes<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let whole = self.output.len() / OUTPUTS * OUTPUTS;
        let (head, tail) = self.output.split_at_mut(whole);
        for (i, outputs) in head.chunks_exact_mut(OUTPUTS).enumerate() {
            // SAFETY: the outputs are all there.
            let sums = unsafe { sums::<S, OUTPUTS>(&self.weights, self.input, i * OUTPUTS) };
            outputs.copy_from_slice(&sums);
        }
        for (i, output) in tail.iter_mut().enumerate() {
            // SAFETY: the output is there.
            [*output] = unsafe { sums::<S, 1>(&self.weights, self.input, whole + i) };
        }
        let biased = self.output.iter_mut().zip(self.bias);
        biased.for_each(|(output, bias)| *output += bias);
    }
}

/// # Safety
/// There are `first + N` outputs; lengths were checked.
#[inline(always)]
unsafe fn sums<S: Simd, const N: usize>(
    weights: &Bytes<'_>,
    input: &[f32],
    first: usize,
) -> [f32; N] {
    let runs = input.len() / weights.run;
    let mut lanes = [[0.0; BLOCK]; N];
    for lane in (0..BLOCK).step_by(S::LANES) {
        // SAFETY: every run is whole blocks, and there are as many runs and bytes as
        // outputs call for.
        unsafe {
            let mut totals = [S::zero(); N];
            for run in 0..runs {
                let mut sums = [S::zero(); N];
                let mut plain = S::zero();
                for i in (0..weights.run).step_by(BLOCK) {
                    let at = run * weights.run + i + lane;
                    let v = simd::load::<S>(input, at);
                    plain = S::add(plain, v);
                    for n in 0..N {
                        let row = (first + n) * input.len();
                        let w = simd::load_bytes::<S>(weights.values, row + at);
                        sums[n] = S::fma(v, w, sums[n]);
                    }
                }
                for n in 0..N {
                    let of_run = (first + n) * runs + run;
                    let zero = S::splat(-f32::from(*weights.zeros.get_unchecked(of_run)));
                    let scale = simd::splat::<S>(weights.scales, of_run);
                    let sum = S::fma(zero, plain, sums[n]);
                    totals[n] = S::fma(scale, sum, totals[n]);
                }
            }
            for n in 0..N {
                simd::store::<S>(&mut lanes[n], lane, totals[n]);
            }
        }
    }
    lanes.map(|lanes| lanes.iter().sum())
}
