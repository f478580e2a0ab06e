//! Weights as the kernels want them.

use rowcall_kernels::{
    BLOCK, Buffer, ByteFilter, Bytes, Filter as KernelFilter, Isa, Window as KernelWindow,
    pack_convolution, pack_depthwise, pack_pointwise, pack_stem,
};

use super::graph::{Activation, Filter, Operation, Step, Weights};

/// What a step needs beside its tensors.
pub(super) enum Packed {
    Filter(PackedFilter),
    Bytes(PackedBytes),
    /// Slopes of a step that has no weights.
    Activation(Activation),
    Dense(Weights),
    Nothing,
}

/// Weights, biases and slopes, padded to whole blocks.
pub(super) struct PackedFilter {
    weights: Buffer,
    bias: Vec<f32>,
    activation: Activation,
    pub(super) window: KernelWindow,
}

/// The same, of a filter of one pixel whose weights are bytes.
pub(super) struct PackedBytes {
    weights: Vec<i16>,
    scales: Vec<f32>,
    run: usize,
    bias: Vec<f32>,
    activation: Activation,
}

impl Packed {
    /// Takes the weights out of a step.
    pub(super) fn take(step: &mut Step) -> Self {
        match &mut step.operation {
            Operation::Stem(f) => Self::filter(f, |f, weights| {
                pack_stem(weights, (f.outputs, f.inputs), f.window.kernel)
            }),
            Operation::Convolve(f) => Self::filter(f, |f, weights| {
                pack_convolution(weights, (f.outputs, f.inputs), f.window.kernel)
            }),
            Operation::Depthwise(f) => {
                Self::filter(f, |f, weights| pack_depthwise(weights, f.outputs))
            }
            Operation::Add { activation, .. } => Self::Activation(activation.padded()),
            Operation::Dense(dense) => Self::Dense(dense.weights.take()),
            Operation::MaxPool | Operation::Emit(_) => Self::Nothing,
        }
    }

    fn filter(filter: &mut Filter, pack: impl Fn(&Filter, &[f32]) -> Vec<f32>) -> Self {
        let (bias, activation) = (padded(&filter.bias), filter.activation.padded());
        match filter.weights.take() {
            Weights::Floats(weights) => {
                let packed = pack(filter, &weights);
                let mut weights = Buffer::new(packed.len());
                weights.values_mut().copy_from_slice(&packed);
                Self::Filter(PackedFilter {
                    weights,
                    bias,
                    activation,
                    window: KernelWindow {
                        kernel: filter.window.kernel,
                        stride: filter.window.stride,
                        pad: filter.window.pads.0,
                    },
                })
            }
            Weights::Bytes {
                values,
                zeros,
                scales,
                run,
            } => {
                let bytes = Bytes {
                    values: &values,
                    zeros: &zeros,
                    scales: &scales,
                    run,
                };
                let (weights, scales) = pack_pointwise(bytes, (filter.outputs, filter.inputs));
                Self::Bytes(PackedBytes {
                    weights,
                    scales,
                    run,
                    bias,
                    activation,
                })
            }
            Weights::Packed(_) => Self::Nothing,
        }
    }
}

impl PackedFilter {
    pub(super) fn filter(&self) -> KernelFilter<'_> {
        KernelFilter {
            weights: self.weights.values(),
            bias: &self.bias,
            activation: self.activation.kernel(),
        }
    }
}

impl PackedBytes {
    pub(super) fn filter(&self) -> ByteFilter<'_> {
        ByteFilter {
            weights: &self.weights,
            scales: &self.scales,
            run: self.run,
            bias: &self.bias,
            activation: self.activation.kernel(),
        }
    }
}

fn padded(values: &[f32]) -> Vec<f32> {
    let mut padded = values.to_vec();
    padded.resize(values.len().next_multiple_of(BLOCK), 0.0);
    padded
}

impl Activation {
    fn padded(&self) -> Self {
        match self {
            Self::PRelu(slopes) => Self::PRelu(padded(slopes)),
            other => other.clone(),
        }
    }

    pub(super) fn kernel(&self) -> rowcall_kernels::Activation<'_> {
        match self {
            Self::None => rowcall_kernels::Activation::None,
            Self::Relu => rowcall_kernels::Activation::Relu,
            Self::PRelu(slopes) => rowcall_kernels::Activation::PRelu(slopes),
        }
    }
}

impl Weights {
    pub(super) fn multiply(&self, isa: Isa, bias: &[f32], input: &[f32], output: &mut [f32]) {
        match self {
            Self::Floats(weights) => rowcall_kernels::dense(isa, weights, bias, input, output),
            Self::Bytes {
                values,
                zeros,
                scales,
                run,
            } => {
                let weights = Bytes {
                    values,
                    zeros,
                    scales,
                    run: *run,
                };
                rowcall_kernels::dense_bytes(isa, weights, bias, input, output);
            }
            Self::Packed(_) => {}
        }
    }
}
