//! A network as steps over tensors, between ONNX and a plan.

/// A tensor's number within a graph.
pub(super) type TensorId = usize;

/// What a network does, in an order in which it can be done.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) steps: Vec<Step>,
    /// The channels of each tensor. Tensor 0 is the picture.
    pub(super) channels: Vec<usize>,
    /// What becomes of the picture's values before the first step.
    pub(super) scaling: Vec<Scaling>,
    pub(super) outputs: Vec<Output>,
}

/// The picture.
pub(super) const PICTURE: TensorId = 0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scaling {
    Add(f32),
    Subtract(f32),
    Multiply(f32),
}

/// An output's name and how it lies in memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) kind: OutputKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum OutputKind {
    /// `[1, pixels, channels]`, the pixels of a tensor row by row.
    Cells { channels: usize },
    /// `[1, length]`.
    Vector { length: usize },
}

#[derive(Debug)]
pub(super) struct Step {
    pub(super) operation: Operation,
    /// The first is the one that may be streamed; a second lies whole in memory.
    pub(super) inputs: Vec<TensorId>,
    /// `None` for what ends in the network's outputs.
    pub(super) output: Option<TensorId>,
}

#[derive(Debug)]
pub(super) enum Operation {
    /// A convolution of the picture.
    Stem(Filter),
    /// A convolution over all channels.
    Convolve(Filter),
    /// A filter for each channel.
    Depthwise(Filter),
    /// The largest of 2 x 2.
    MaxPool,
    /// The sum of two tensors; the second may be of half the sides.
    Add {
        enlarged: bool,
        activation: Activation,
    },
    /// Channels of a tensor to outputs of the kind `Cells`.
    Emit(Vec<Emission>),
    /// A whole tensor to an output of the kind `Vector`.
    Dense(Box<Dense>),
}

/// A filter, with its weights in ONNX's order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    pub(super) outputs: usize,
    /// Input channels that each output sees.
    pub(super) inputs: usize,
    pub(super) window: Window,
    pub(super) weights: Weights,
    pub(super) bias: Vec<f32>,
    pub(super) activation: Activation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// Zeros before the first pixel, and after the last.
    pub(super) pads: (usize, usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Activation {
    None,
    Relu,
    PRelu(Vec<f32>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Emission {
    pub(super) output: usize,
    pub(super) first_channel: usize,
    pub(super) channels: usize,
    pub(super) sigmoid: bool,
}

#[derive(Debug)]
pub(super) struct Dense {
    pub(super) output: usize,
    /// Values of the flattened tensor, and of the output.
    pub(super) inputs: usize,
    pub(super) length: usize,
    /// What each channel is multiplied by and then shifted by, first.
    pub(super) affine: Option<(Vec<f32>, Vec<f32>)>,
    pub(super) weights: Weights,
    pub(super) bias: Vec<f32>,
}

/// A row for each output, in ONNX's order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Weights {
    Floats(Vec<f32>),
    /// As stored: bytes, with a zero and a scale for each run of a row. A weight is
    /// `(value − zero) · scale`.
    Bytes {
        values: Vec<i8>,
        zeros: Vec<i8>,
        scales: Vec<f32>,
        run: usize,
    },
    /// Packed for the kernels and gone from here; `true` if they were bytes.
    Packed(bool),
}

impl Weights {
    /// Each row times a scale of its own.
    pub(super) fn scale(&mut self, by: &[f32]) {
        let values = match self {
            Self::Floats(values) => values,
            Self::Bytes { scales, .. } => scales,
            Self::Packed(_) => return,
        };
        let each = (values.len() / by.len().max(1)).max(1);
        for (row, scale) in values.chunks_exact_mut(each).zip(by) {
            row.iter_mut().for_each(|v| *v *= scale);
        }
    }

    /// Further rows below. `false`, and nothing done, if they are of another kind.
    pub(super) fn append(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Floats(own), Self::Floats(more)) => own.extend_from_slice(more),
            (
                Self::Bytes {
                    values,
                    zeros,
                    scales,
                    run,
                },
                Self::Bytes {
                    values: more_values,
                    zeros: more_zeros,
                    scales: more_scales,
                    run: other_run,
                },
            ) if run == other_run => {
                values.extend_from_slice(more_values);
                zeros.extend_from_slice(more_zeros);
                scales.extend_from_slice(more_scales);
            }
            _ => return false,
        }
        true
    }

    /// Takes them out, to be packed.
    pub(super) fn take(&mut self) -> Self {
        let bytes = matches!(self, Self::Bytes { .. });
        std::mem::replace(self, Self::Packed(bytes))
    }
}

impl Window {
    /// A single pixel.
    pub(super) const ONE: Self = Self {
        kernel: 1,
        stride: 1,
        pads: (0, 0),
    };

    /// How many places a window has along a side; `None` if it has none.
    pub(super) fn places(&self, side: usize) -> Option<usize> {
        let free = (side + self.pads.0 + self.pads.1).checked_sub(self.kernel)?;
        Some(free / self.stride + 1)
    }
}

impl Graph {
    /// The steps that read a tensor.
    pub(super) fn readers(&self, tensor: TensorId) -> impl Iterator<Item = usize> {
        let reads = move |(i, step): (usize, &Step)| step.inputs.contains(&tensor).then_some(i);
        self.steps.iter().enumerate().filter_map(reads)
    }

    pub(super) fn tensor(&mut self, channels: usize) -> TensorId {
        self.channels.push(channels);
        self.channels.len() - 1
    }
}
