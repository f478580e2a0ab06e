//! Takes the constants out of a stored graph, and makes plain `f32` arithmetic of it.

use std::collections::{HashMap, HashSet};

use crate::{
    Error, ErrorKind,
    constant::Constant,
    onnx::{Dimension, DimensionValue, Graph, Model, Node},
};

/// A graph without its constants, and they.
pub(crate) struct Folded {
    /// The nodes that compute, and the inputs that nothing computes.
    pub(crate) graph: Graph,
    /// By name, what nodes read.
    pub(crate) constants: HashMap<String, Constant>,
}

/// Takes a graph apart:
/// - `DequantizeLinear` over constants, whole or in blocks (ONNX operator set
///   21, attribute `block_size`), becomes a constant; so does a `Reshape` of one;
/// - `Dropout` becomes a wire: at inference it is the identity;
/// - only what a node reads and nothing computes stays a graph input (exporters of
///   ONNX IR 3 list every weight there, even under names that nothing uses).
pub(crate) fn fold(mut graph: Graph) -> Result<Folded, Error> {
    let mut constants = HashMap::new();
    for tensor in std::mem::take(&mut graph.initializer) {
        constants.insert(tensor.name.clone(), Constant::stored(tensor)?);
    }
    let mut wires: HashMap<String, String> = HashMap::new();
    let mut kept = Vec::with_capacity(graph.node.len());
    for mut node in std::mem::take(&mut graph.node) {
        for input in &mut node.input {
            if let Some(source) = wires.get(input) {
                source.clone_into(input);
            }
        }
        match node.op_type.as_str() {
            "DequantizeLinear" => {
                let value = dequantize(&node, &constants)?;
                constants.insert(output_name(&node)?, value);
            }
            "Reshape"
                if node
                    .input
                    .first()
                    .is_some_and(|input| constants.contains_key(input)) =>
            {
                let shape = constant(&node, 1, &constants)?;
                let value = constant(&node, 0, &constants)?.reshape(shape)?;
                constants.insert(output_name(&node)?, value);
            }
            "Dropout" => {
                let (Some(input), Some(output)) = (node.input.first(), node.output.first()) else {
                    return Err(not_onnx("a Dropout node has no input or no output"));
                };
                wires.insert(output.clone(), input.clone());
            }
            _ => kept.push(node),
        }
    }
    graph.node = kept;
    let used: HashSet<&str> = graph
        .node
        .iter()
        .flat_map(|node| node.input.iter().map(String::as_str))
        .collect();
    graph
        .input
        .retain(|input| used.contains(input.name.as_str()) && !constants.contains_key(&input.name));
    constants.retain(|name, _| used.contains(name.as_str()));
    Ok(Folded { graph, constants })
}

/// `model`, whose graph `folded` was, with constants of `f32` alone; if wished, the
/// picture's height and width become free, as do the outputs' sizes.
pub(crate) fn expand(folded: Folded, mut model: Model, free_sizes: bool) -> Result<Model, Error> {
    let Folded {
        mut graph,
        constants,
    } = folded;
    let mut constants: Vec<(String, Constant)> = constants.into_iter().collect();
    // A map has no order of its own, and the same file must give the same graph.
    constants.sort_by(|a, b| a.0.cmp(&b.0));
    graph.initializer = constants
        .into_iter()
        .map(|(name, constant)| constant.into_tensor(name))
        .collect::<Result<_, _>>()?;
    if free_sizes {
        free(&mut graph);
    }
    model.graph = Some(graph);
    Ok(model)
}

fn not_onnx(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::NotOnnx, detail)
}

/// The input `index` of `node`, which must be a constant.
fn constant<'a>(
    node: &Node,
    index: usize,
    constants: &'a HashMap<String, Constant>,
) -> Result<&'a Constant, Error> {
    node.input
        .get(index)
        .and_then(|name| constants.get(name))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!(
                    "{} {:?}: its input {index} isn't a constant",
                    node.op_type, node.name
                ),
            )
        })
}

fn output_name(node: &Node) -> Result<String, Error> {
    node.output
        .first()
        .cloned()
        .ok_or_else(|| not_onnx(format!("{} {:?} has no output", node.op_type, node.name)))
}

fn dequantize(node: &Node, constants: &HashMap<String, Constant>) -> Result<Constant, Error> {
    let zeros = match node.input.get(2).is_some_and(|name| !name.is_empty()) {
        true => Some(constant(node, 2, constants)?),
        false => None,
    };
    constant(node, 0, constants)?.dequantize(
        constant(node, 1, constants)?,
        zeros,
        (node.int("axis", 1), node.int("block_size", 0)),
    )
}

fn free(graph: &mut Graph) {
    for input in &mut graph.input {
        let shape = input
            .r#type
            .as_mut()
            .and_then(|t| t.tensor_type.as_mut())
            .and_then(|t| t.shape.as_mut());
        if let Some(shape) = shape.filter(|shape| shape.dim.len() == 4) {
            for (dim, name) in shape.dim[2..].iter_mut().zip(["height", "width"]) {
                *dim = Dimension {
                    value: Some(DimensionValue::Named(name.to_owned())),
                };
            }
        }
    }
    for output in &mut graph.output {
        if let Some(tensor) = output.r#type.as_mut().and_then(|t| t.tensor_type.as_mut()) {
            tensor.shape = None;
        }
    }
}
