//! Nodes with weights, and those that are folded into the filter before them.

use rowcall_kernels::{BLOCK, LONGEST_RUN};

use super::super::graph::{Activation, Dense, Filter, Operation, PICTURE, Step, Weights, Window};
use super::{Reader, Refusal, Value, no};
use crate::{constant::Runs, onnx::Node};

impl<'a> Reader<'a> {
    pub(super) fn convolution(&mut self, node: &'a Node) -> Result<Value, Refusal> {
        let window = window(node)?;
        let &[outputs, inputs, height, width] = self.dims(node, 1)?.as_slice() else {
            return no("its weights haven't four dimensions");
        };
        if (height, width) != (window.kernel, window.kernel) {
            return no("its weights aren't of its kernel's shape");
        }
        let bias = match node.input.get(2).filter(|name| !name.is_empty()) {
            Some(_) => self.floats(node, 2)?,
            None => vec![0.0; outputs],
        };
        if bias.len() != outputs {
            return no("it hasn't as many biases as outputs");
        }
        let group = node.int("group", 1);
        let weights = match self.constant(node, 1)?.runs().filter(worth_rounding) {
            // With fewer channels, rounding them costs more than it saves.
            Some(runs)
                if self.integers
                    && group == 1
                    && window == Window::ONE
                    && inputs.min(outputs) >= 32 =>
            {
                runs.into()
            }
            _ => Weights::Floats(self.floats(node, 1)?),
        };
        let filter = Filter {
            outputs,
            inputs,
            window,
            weights,
            bias,
            activation: Activation::None,
        };
        match *self.input(node, 0)? {
            Value::Picture if group == 1 => {
                if ![0, inputs].contains(&self.graph.channels[PICTURE]) {
                    return no("the picture can't have two numbers of channels");
                }
                self.graph.channels[PICTURE] = inputs;
                Ok(self.push(Operation::Stem(filter), vec![PICTURE], outputs))
            }
            // Before the next: a filter of a single channel is both, and as this it can be
            // joined with others.
            Value::Tensor(tensor)
                if inputs == 1
                    && usize::try_from(group) == Ok(outputs)
                    && self.graph.channels[tensor] == outputs
                    && window.kernel == 3 =>
            {
                Ok(self.push(Operation::Depthwise(filter), vec![tensor], outputs))
            }
            Value::Tensor(tensor) if group == 1 && self.graph.channels[tensor] == inputs => {
                Ok(self.push(Operation::Convolve(filter), vec![tensor], outputs))
            }
            _ => no("the plan has no such groups"),
        }
    }

    /// The step that made input 0, if nothing else reads that.
    fn sole_maker(&mut self, node: &Node) -> Option<&mut Step> {
        let name = node.input.first()?.as_str();
        let &Value::Tensor(tensor) = self.values.get(name)? else {
            return None;
        };
        let steps = &mut self.graph.steps;
        let maker = steps.iter_mut().find(|step| step.output == Some(tensor));
        maker.filter(|_| self.uses.get(name) == Some(&1))
    }

    pub(super) fn normalisation(&mut self, node: &'a Node) -> Result<Value, Refusal> {
        let [gamma, beta, mean, variance] = [1, 2, 3, 4].map(|i| self.floats(node, i));
        let (gamma, beta, mean, variance) = (gamma?, beta?, mean?, variance?);
        let epsilon = node.float("epsilon", 1e-5);
        if [beta.len(), mean.len(), variance.len()] != [gamma.len(); 3] {
            return no("its constants differ in number");
        }
        let scales: Vec<f32> = std::iter::zip(&gamma, variance)
            .map(|(g, v)| g / (v + epsilon).sqrt())
            .collect();
        let shifts: Vec<f32> = std::iter::zip(beta, std::iter::zip(mean, &scales))
            .map(|(b, (m, s))| b - m * s)
            .collect();
        let value = self.input(node, 0)?.clone();
        match value {
            Value::Tensor(tensor) if self.graph.channels[tensor] == gamma.len() => {
                if let Some(Step { operation, .. }) = self.sole_maker(node)
                    && let Operation::Stem(filter)
                    | Operation::Convolve(filter)
                    | Operation::Depthwise(filter) = operation
                    && filter.activation == Activation::None
                {
                    filter.weights.scale(&scales);
                    scale_bias(&mut filter.bias, &scales, &shifts);
                    return Ok(value);
                }
                Ok(Value::Affine(tensor, Some((scales, shifts)), false))
            }
            Value::Vector(step) if self.uses.get(node.input[0].as_str()) == Some(&1) => {
                let Operation::Dense(dense) = &mut self.graph.steps[step].operation else {
                    return no("it isn't of a filter");
                };
                if dense.length != gamma.len() {
                    return no("it isn't of as many channels");
                }
                dense.weights.scale(&scales);
                scale_bias(&mut dense.bias, &scales, &shifts);
                Ok(value)
            }
            _ => no("it isn't of a tensor of as many channels"),
        }
    }

    pub(super) fn activation(
        &mut self,
        node: &'a Node,
        activation: Activation,
    ) -> Result<Value, Refusal> {
        let value = self.input(node, 0)?.clone();
        let Value::Tensor(tensor) = value else {
            return no("it isn't of a tensor");
        };
        let channels = self.graph.channels[tensor];
        let activation = match activation {
            Activation::PRelu(slopes) if slopes.len() == 1 => {
                Activation::PRelu(vec![slopes[0]; channels])
            }
            Activation::PRelu(slopes) if slopes.len() != channels => {
                return no("its slopes aren't of the channels");
            }
            other => other,
        };
        match self.sole_maker(node).map(|step| &mut step.operation) {
            Some(
                Operation::Stem(Filter {
                    activation: last, ..
                })
                | Operation::Convolve(Filter {
                    activation: last, ..
                })
                | Operation::Depthwise(Filter {
                    activation: last, ..
                })
                | Operation::Add {
                    activation: last, ..
                },
            ) if *last == Activation::None => {
                *last = activation;
                Ok(value)
            }
            _ => no("it doesn't follow a filter alone"),
        }
    }

    pub(super) fn dense(&mut self, node: &Node) -> Result<Value, Refusal> {
        let plain = node.float("alpha", 1.0) == 1.0
            && node.float("beta", 1.0) == 1.0
            && node.int("transA", 0) == 0
            && node.int("transB", 0) == 1;
        let Value::Affine(tensor, affine, true) = self.input(node, 0)?.clone() else {
            return no("it isn't of a flattened tensor");
        };
        let &[length, inputs] = self.dims(node, 1)?.as_slice() else {
            return no("its weights haven't two dimensions");
        };
        if !plain || !inputs.is_multiple_of(BLOCK) {
            return no("it isn't a plain product with transposed weights");
        }
        let bias = match node.input.get(2).filter(|name| !name.is_empty()) {
            Some(_) => self.floats(node, 2)?,
            None => vec![0.0; length],
        };
        if bias.len() != length {
            return no("it hasn't as many biases as outputs");
        }
        let weights = match self.constant(node, 1)?.runs().filter(worth_rounding) {
            Some(runs) => runs.into(),
            _ => Weights::Floats(self.floats(node, 1)?),
        };
        let dense = Dense {
            output: 0,
            inputs,
            length,
            affine,
            weights,
            bias,
        };
        self.graph.steps.push(Step {
            operation: Operation::Dense(Box::new(dense)),
            inputs: vec![tensor],
            output: None,
        });
        Ok(Value::Vector(self.graph.steps.len() - 1))
    }
}

/// Whether the kernels take weights in such runs.
fn worth_rounding(runs: &Runs<'_>) -> bool {
    runs.run.is_multiple_of(BLOCK) && runs.run <= LONGEST_RUN
}

impl From<Runs<'_>> for Weights {
    fn from(runs: Runs<'_>) -> Self {
        Self::Bytes {
            values: runs.values,
            zeros: runs.zeros,
            scales: runs.scales.to_vec(),
            run: runs.run,
        }
    }
}

/// Every bias times a scale, plus a shift.
fn scale_bias(bias: &mut [f32], scales: &[f32], shifts: &[f32]) {
    for (bias, (scale, shift)) in bias.iter_mut().zip(scales.iter().zip(shifts)) {
        *bias = *bias * scale + shift;
    }
}

fn window(node: &Node) -> Result<Window, Refusal> {
    let pair = |name: &str, default: i64| match node.ints(name) {
        [] => Ok(default),
        [a, b] if a == b => Ok(*a),
        _ => Err(format!("its {name} differ between the sides")),
    };
    let (kernel, stride) = (pair("kernel_shape", 0)?, pair("strides", 1)?);
    let pads = match node.ints("pads") {
        [] => (0, 0),
        [top, left, bottom, right] if top == left && bottom == right => (*top, *bottom),
        _ => return no("its pads differ between the sides"),
    };
    if pair("dilations", 1)? != 1 || !["", "NOTSET"].contains(&&*node.string("auto_pad")) {
        return no("it is dilated or pads by itself");
    }
    if !(1..=7).contains(&kernel) || !(1..=2).contains(&stride) {
        return no("its kernel is larger than 7 or its stride than 2");
    }
    if !(0..kernel).contains(&pads.0) || !(0..kernel).contains(&pads.1) {
        return no("its pads are as wide as its kernel");
    }
    Ok(Window {
        kernel: kernel as usize,
        stride: stride as usize,
        pads: (pads.0 as usize, pads.1 as usize),
    })
}
