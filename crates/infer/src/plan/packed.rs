//! Weights as the kernels want them.

use rowcall_kernels::{
    BLOCK, Buffer, Bytes, Filter as KernelFilter, Isa, Window as KernelWindow, pack_convolution,
    pack_depthwise, pack_stem,
};

use super::graph::{Activation, DenseWeights, Filter, Operation, Step};

/// What a step needs beside its tensors.
pub(super) enum Packed {
    Filter(PackedFilter),
    /// Slopes of a step that has no weights.
    Activation(Activation),
    Dense(DenseWeights),
    Nothing,
}

/// Weights, biases and slopes, padded to whole blocks.
pub(super) struct PackedFilter {
    weights: Buffer,
    bias: Vec<f32>,
    activation: Activation,
    pub(super) window: KernelWindow,
}

impl Packed {
    /// Takes the weights out of a step.
    pub(super) fn take(step: &mut Step) -> Self {
        match &mut step.operation {
            Operation::Stem(f) => {
                let weights = pack_stem(&f.weights, (f.outputs, f.inputs), f.window.kernel);
                Self::Filter(PackedFilter::take(f, &weights))
            }
            Operation::Convolve(f) => {
                let weights = pack_convolution(&f.weights, (f.outputs, f.inputs), f.window.kernel);
                Self::Filter(PackedFilter::take(f, &weights))
            }
            Operation::Depthwise(f) => {
                let weights = pack_depthwise(&f.weights, f.outputs);
                Self::Filter(PackedFilter::take(f, &weights))
            }
            Operation::Add { activation, .. } => Self::Activation(activation.padded()),
            Operation::Dense(dense) => {
                let nothing = DenseWeights::Floats(Vec::new());
                Self::Dense(std::mem::replace(&mut dense.weights, nothing))
            }
            Operation::MaxPool | Operation::Emit(_) => Self::Nothing,
        }
    }
}

impl PackedFilter {
    fn take(filter: &mut Filter, weights: &[f32]) -> Self {
        filter.weights = Vec::new();
        let mut buffer = Buffer::new(weights.len());
        buffer.values_mut().copy_from_slice(weights);
        let window = KernelWindow {
            kernel: filter.window.kernel,
            stride: filter.window.stride,
            pad: filter.window.pads.0,
        };
        Self {
            weights: buffer,
            bias: padded(&filter.bias),
            activation: filter.activation.padded(),
            window,
        }
    }

    pub(super) fn filter(&self) -> KernelFilter<'_> {
        KernelFilter {
            weights: self.weights.values(),
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

impl DenseWeights {
    pub(super) fn multiply(&self, isa: Isa, bias: &[f32], input: &[f32], output: &mut [f32]) {
        match self {
            Self::Floats(weights) => rowcall_kernels::dense(isa, weights, bias, input, output),
            Self::Bytes {
                values,
                scales,
                run,
            } => {
                let weights = Bytes {
                    values,
                    scales,
                    run: *run,
                };
                rowcall_kernels::dense_bytes(isa, weights, bias, input, output);
            }
        }
    }
}
