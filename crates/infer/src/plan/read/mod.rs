//! From ONNX nodes to steps. Batch normalisations are folded into the filter
//! before them, activations become its last step. What isn't known here is refused,
//! and is left to the general executor.

mod filters;

use std::{borrow::Cow, collections::HashMap};

use super::graph::{
    Activation, Emission, Graph, Operation, Output, OutputKind, Scaling, Step, TensorId,
};
use crate::{Error, ErrorKind, constant::Constant, expand::Folded, onnx::Node};

/// What a name stands for.
#[derive(Clone)]
enum Value {
    /// The picture, perhaps scaled.
    Picture,
    Tensor(TensorId),
    /// A tensor with each pixel standing for 2 x 2.
    Enlarged(TensorId),
    /// A tensor whose channels are multiplied and shifted; flattened or not.
    Affine(TensorId, Option<(Vec<f32>, Vec<f32>)>, bool),
    /// `[1, height, width, channels]`, or as rows `[1, pixels, channels]`.
    Cells {
        tensor: TensorId,
        rows: bool,
        sigmoid: bool,
    },
    /// The output of the dense step of this number.
    Vector(usize),
}

struct Reader<'a> {
    constants: &'a HashMap<String, Constant>,
    integers: bool,
    graph: Graph,
    values: HashMap<&'a str, Value>,
    /// How often each name is read.
    uses: HashMap<&'a str, usize>,
}

/// The steps of a graph. With `integers`, filters of one pixel keep their weights as
/// the bytes that they are stored as.
///
/// # Errors
/// [`ErrorKind::Unsupported`], naming the node.
pub(super) fn read(folded: &Folded, integers: bool) -> Result<Graph, Error> {
    let (model, constants) = (&folded.graph, &folded.constants);
    let mut uses = HashMap::new();
    let read = model.node.iter().flat_map(|node| &node.input);
    for name in read.chain(model.output.iter().map(|o| &o.name)) {
        *uses.entry(name.as_str()).or_default() += 1;
    }
    let [picture] = model.input.as_slice() else {
        return Err(unsupported("the graph", "it takes several inputs"));
    };
    let mut reader = Reader {
        constants,
        integers,
        graph: Graph::default(),
        values: HashMap::from([(picture.name.as_str(), Value::Picture)]),
        uses,
    };
    // The picture's channels are known from its first filter.
    reader.graph.channels.push(0);
    for node in &model.node {
        reader.node(node).map_err(|why| {
            let name = format!("{} {:?}", node.op_type, node.name);
            unsupported(&name, &why)
        })?;
    }
    for output in &model.output {
        reader
            .output(&output.name)
            .map_err(|why| unsupported(&format!("the output {:?}", output.name), &why))?;
    }
    Ok(reader.graph)
}

fn unsupported(what: &str, why: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("{what}: {why}"))
}

/// Why a node isn't for a plan.
type Refusal = String;

fn no<T>(why: &str) -> Result<T, Refusal> {
    Err(why.to_owned())
}

impl<'a> Reader<'a> {
    fn node(&mut self, node: &'a Node) -> Result<(), Refusal> {
        if !node.domain.is_empty() {
            return no("it isn't of ONNX's own operators");
        }
        let [output] = node.output.as_slice() else {
            return no("it hasn't one output");
        };
        let value = match node.op_type.as_str() {
            // Read where it is used, which the weights' own are not.
            "Constant" => return Ok(()),
            "Identity" => self.input(node, 0)?.clone(),
            "Conv" => self.convolution(node)?,
            "BatchNormalization" => self.normalisation(node)?,
            "Relu" => self.activation(node, Activation::Relu)?,
            "PRelu" => {
                let slopes = self.floats(node, 1)?;
                self.activation(node, Activation::PRelu(slopes))?
            }
            "MaxPool" => self.max_pool(node)?,
            "Resize" => self.resize(node)?,
            "Add" | "Sub" | "Mul" => self.sum(node)?,
            "Transpose" => match (self.input(node, 0)?, node.ints("perm")) {
                (&Value::Tensor(tensor), [0, 2, 3, 1]) => Value::Cells {
                    tensor,
                    rows: false,
                    sigmoid: false,
                },
                _ => return no("it isn't a tensor's channels to the end"),
            },
            "Reshape" => self.reshape(node)?,
            "Sigmoid" => match *self.input(node, 0)? {
                Value::Cells {
                    tensor,
                    rows,
                    sigmoid: false,
                } => Value::Cells {
                    tensor,
                    rows,
                    sigmoid: true,
                },
                _ => return no("it isn't of an output"),
            },
            "Flatten" => match (self.input(node, 0)?, node.int("axis", 1)) {
                (Value::Affine(tensor, affine, false), 1) => {
                    Value::Affine(*tensor, affine.clone(), true)
                }
                (Value::Tensor(tensor), 1) => Value::Affine(*tensor, None, true),
                _ => return no("it isn't of a tensor from its channels on"),
            },
            "Gemm" => self.dense(node)?,
            _ => return no("the plan has no such operator"),
        };
        self.values.insert(output, value);
        Ok(())
    }

    fn output(&mut self, name: &str) -> Result<(), Refusal> {
        let place = self.graph.outputs.len();
        let kind = match self.values.get(name) {
            Some(&Value::Cells {
                tensor,
                rows: true,
                sigmoid,
            }) => {
                let channels = self.graph.channels[tensor];
                let emission = Emission {
                    output: place,
                    first_channel: 0,
                    channels,
                    sigmoid,
                };
                self.graph.steps.push(Step {
                    operation: Operation::Emit(vec![emission]),
                    inputs: vec![tensor],
                    output: None,
                });
                OutputKind::Cells { channels }
            }
            Some(&Value::Vector(step)) => {
                let Operation::Dense(dense) = &mut self.graph.steps[step].operation else {
                    return no("it isn't dense");
                };
                dense.output = place;
                OutputKind::Vector {
                    length: dense.length,
                }
            }
            _ => return no("it is neither cells nor a vector"),
        };
        self.graph.outputs.push(Output {
            name: name.to_owned(),
            kind,
        });
        Ok(())
    }

    fn input(&self, node: &Node, i: usize) -> Result<&Value, Refusal> {
        let name = node.input.get(i).map_or("", String::as_str);
        let known = self.values.get(name);
        known.ok_or_else(|| format!("its input {name:?} isn't known"))
    }

    fn constant(&self, node: &Node, i: usize) -> Result<&'a Constant, Refusal> {
        let name = node.input.get(i).map_or("", String::as_str);
        let known = self.constants.get(name);
        known.ok_or_else(|| format!("its input {name:?} isn't constant"))
    }

    fn floats(&self, node: &Node, i: usize) -> Result<Vec<f32>, Refusal> {
        let floats = self.constant(node, i)?.floats();
        floats.map(Cow::into_owned).map_err(|e| e.to_string())
    }

    /// Dimensions, which a constant's are known to be small.
    fn dims(&self, node: &Node, i: usize) -> Result<Vec<usize>, Refusal> {
        let dims = self.constant(node, i)?.dims().iter();
        Ok(dims.map(|&dim| dim as usize).collect())
    }

    fn push(&mut self, operation: Operation, inputs: Vec<TensorId>, channels: usize) -> Value {
        let output = self.graph.tensor(channels);
        self.graph.steps.push(Step {
            operation,
            inputs,
            output: Some(output),
        });
        Value::Tensor(output)
    }

    fn max_pool(&mut self, node: &Node) -> Result<Value, Refusal> {
        let plain = node.ints("kernel_shape") == [2, 2]
            && node.ints("strides") == [2, 2]
            && node.ints("pads").iter().all(|p| *p == 0)
            && node.ints("dilations").iter().all(|d| *d == 1)
            && node.int("ceil_mode", 0) == 0
            && ["", "NOTSET", "VALID"].contains(&&*node.string("auto_pad"));
        match *self.input(node, 0)? {
            Value::Tensor(tensor) if plain => {
                let channels = self.graph.channels[tensor];
                Ok(self.push(Operation::MaxPool, vec![tensor], channels))
            }
            _ => no("it isn't of 2 x 2 pixels that don't overlap"),
        }
    }

    fn resize(&mut self, node: &Node) -> Result<Value, Refusal> {
        let doubles = self.floats(node, 2)? == [1.0, 1.0, 2.0, 2.0]
            && node.string("mode") == "nearest"
            && node.string("coordinate_transformation_mode") == "asymmetric"
            && node.string("nearest_mode") == "floor";
        match *self.input(node, 0)? {
            Value::Tensor(tensor) if doubles => Ok(Value::Enlarged(tensor)),
            _ => no("it doesn't double a tensor's pixels"),
        }
    }

    fn sum(&mut self, node: &'a Node) -> Result<Value, Refusal> {
        let operation = node.op_type.as_str();
        if let Value::Picture = self.input(node, 0)? {
            let &[by] = self.floats(node, 1)?.as_slice() else {
                return no("the picture is scaled by more than a number");
            };
            self.graph.scaling.push(match operation {
                "Add" => Scaling::Add(by),
                "Sub" => Scaling::Subtract(by),
                _ => Scaling::Multiply(by),
            });
            if self.uses.get(node.input[0].as_str()) != Some(&1) {
                return no("the picture is used unscaled, too");
            }
            return Ok(Value::Picture);
        }
        let (mut inputs, enlarged) = match (self.input(node, 0)?, self.input(node, 1)?) {
            (&Value::Tensor(a), &Value::Tensor(b)) => (vec![a, b], false),
            (&Value::Tensor(a), &Value::Enlarged(b)) | (&Value::Enlarged(b), &Value::Tensor(a)) => {
                (vec![a, b], true)
            }
            _ => return no("it isn't of two tensors"),
        };
        let uses = |i: usize| self.uses.get(node.input[i].as_str()).copied();
        if !enlarged && uses(1) == Some(1) && uses(0) != Some(1) {
            // What nothing else reads may be streamed.
            inputs.reverse();
        }
        let channels = self.graph.channels[inputs[0]];
        if operation != "Add" || self.graph.channels[inputs[1]] != channels {
            return no("it isn't the sum of tensors of as many channels");
        }
        let activation = Activation::None;
        let operation = Operation::Add {
            enlarged,
            activation,
        };
        Ok(self.push(operation, inputs, channels))
    }

    fn reshape(&mut self, node: &Node) -> Result<Value, Refusal> {
        let shape = self.constant(node, 1)?.integers().unwrap_or_default();
        match (self.input(node, 0)?, shape.as_slice()) {
            (
                &Value::Cells {
                    tensor, sigmoid, ..
                },
                [1, -1, n],
            ) if usize::try_from(*n) == Ok(self.graph.channels[tensor]) => Ok(Value::Cells {
                tensor,
                rows: true,
                sigmoid,
            }),
            _ => no("it isn't cells to a list of cells"),
        }
    }
}
