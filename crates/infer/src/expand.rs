//! Turns a stored graph into one that is plain `f32` arithmetic.

use std::collections::{HashMap, HashSet};

use crate::{
    Error, ErrorKind, dequantize,
    onnx::{Dimension, DimensionValue, Graph, Model, Node, TensorProto, data_type},
};

/// More weights than this in one tensor isn't a small network: 256 Mi values
/// would be 1 GiB of memory.
const MAX_ELEMENTS: usize = 64 << 20;

/// Rewrites `model` in place:
/// - `DequantizeLinear` over constants, whole or in blocks (ONNX operator set
///   21, attribute `block_size`), becomes an `f32` constant; so does a
///   `Reshape` of a constant;
/// - `Dropout` becomes a wire: at inference it is the identity;
/// - only what a node reads and nothing computes stays a graph input (exporters of
///   ONNX IR 3 list every weight there, even under names that nothing uses);
/// - the picture's height and width become free, as do the outputs' sizes.
pub(crate) fn expand(model: &mut Model) -> Result<(), Error> {
    let graph = model
        .graph
        .as_mut()
        .ok_or_else(|| not_onnx("the file holds no graph"))?;
    let mut constants = take_constants(graph)?;
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
                constants.insert(value.name.clone(), value);
            }
            "Reshape"
                if node
                    .input
                    .first()
                    .is_some_and(|input| constants.contains_key(input)) =>
            {
                let value = reshape(&node, &constants)?;
                constants.insert(value.name.clone(), value);
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
    let mut constants: Vec<TensorProto> = constants.into_values().collect();
    // A map has no order of its own, and the same file must give the same plan.
    constants.sort_by(|a, b| a.name.cmp(&b.name));
    graph.initializer = constants;
    free_sizes(graph);
    Ok(())
}

fn not_onnx(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::NotOnnx, detail)
}

fn take_constants(graph: &mut Graph) -> Result<HashMap<String, TensorProto>, Error> {
    let mut constants = HashMap::new();
    for tensor in std::mem::take(&mut graph.initializer) {
        if tensor.data_location != 0 {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the weights {:?} lie in another file", tensor.name),
            ));
        }
        elements(&tensor)?;
        constants.insert(tensor.name.clone(), tensor);
    }
    Ok(constants)
}

/// The number of values that a tensor's dimensions call for.
fn elements(tensor: &TensorProto) -> Result<usize, Error> {
    tensor
        .dims
        .iter()
        .try_fold(1_usize, |n, &dim| {
            usize::try_from(dim).ok().and_then(|dim| n.checked_mul(dim))
        })
        .filter(|&n| n <= MAX_ELEMENTS)
        .ok_or_else(|| {
            not_onnx(format!(
                "the weights {:?} have impossible dimensions {:?}",
                tensor.name, tensor.dims
            ))
        })
}

/// The input `index` of `node`, which must be a constant.
fn constant<'a>(
    node: &Node,
    index: usize,
    constants: &'a HashMap<String, TensorProto>,
) -> Result<&'a TensorProto, Error> {
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

fn wrong_length(tensor: &TensorProto, found: usize, expected: usize) -> Error {
    not_onnx(format!(
        "the weights {:?} hold {found} values where their dimensions call for {expected}",
        tensor.name
    ))
}

fn floats(tensor: &TensorProto) -> Result<Vec<f32>, Error> {
    if tensor.data_type != data_type::FLOAT {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("the scales {:?} aren't 32-bit floats", tensor.name),
        ));
    }
    let values: Vec<f32> = if tensor.raw_data.is_empty() {
        tensor.float_data.clone()
    } else {
        tensor
            .raw_data
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect()
    };
    let expected = elements(tensor)?;
    if values.len() == expected {
        Ok(values)
    } else {
        Err(wrong_length(tensor, values.len(), expected))
    }
}

fn bytes(tensor: &TensorProto) -> Result<Vec<i32>, Error> {
    let values: Vec<i32> = match (tensor.data_type, tensor.raw_data.is_empty()) {
        (data_type::INT8, false) => tensor
            .raw_data
            .iter()
            .map(|&b| i32::from(b as i8))
            .collect(),
        (data_type::UINT8, false) => tensor.raw_data.iter().map(|&b| i32::from(b)).collect(),
        (data_type::INT8 | data_type::UINT8, true) => tensor.int32_data.clone(),
        _ => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the weights {:?} aren't 8-bit integers", tensor.name),
            ));
        }
    };
    let expected = elements(tensor)?;
    if values.len() == expected {
        Ok(values)
    } else {
        Err(wrong_length(tensor, values.len(), expected))
    }
}

fn dequantize(node: &Node, constants: &HashMap<String, TensorProto>) -> Result<TensorProto, Error> {
    let weights = constant(node, 0, constants)?;
    let scales = floats(constant(node, 1, constants)?)?;
    let zeros = match node.input.get(2).is_some_and(|name| !name.is_empty()) {
        true => bytes(constant(node, 2, constants)?)?,
        false => vec![0; scales.len()],
    };
    // `elements` has found every dimension to be a small natural number.
    let dims: Vec<usize> = weights.dims.iter().map(|&dim| dim as usize).collect();
    let values = dequantize::dequantize(
        &weights.name,
        (&bytes(weights)?, &dims),
        (&scales, &zeros),
        (node.int("axis", 1), node.int("block_size", 0)),
    )?;
    Ok(TensorProto {
        dims: weights.dims.clone(),
        data_type: data_type::FLOAT,
        name: output_name(node)?,
        raw_data: values.into_iter().flat_map(f32::to_le_bytes).collect(),
        ..TensorProto::default()
    })
}

fn reshape(node: &Node, constants: &HashMap<String, TensorProto>) -> Result<TensorProto, Error> {
    let shape = constant(node, 1, constants)?;
    let dims: Vec<i64> = if shape.raw_data.is_empty() {
        shape.int64_data.clone()
    } else {
        shape
            .raw_data
            .chunks_exact(8)
            .filter_map(|b| b.try_into().ok())
            .map(i64::from_le_bytes)
            .collect()
    };
    if shape.data_type != data_type::INT64 {
        return Err(not_onnx(format!(
            "the shape {:?} isn't of 64-bit integers",
            shape.name
        )));
    }
    let source = constant(node, 0, constants)?;
    let count = elements(source)?;
    let reshaped = TensorProto {
        dims,
        name: output_name(node)?,
        ..source.clone()
    };
    if elements(&reshaped)? != count {
        return Err(not_onnx(format!(
            "the weights {:?} can't be given the dimensions {:?}",
            source.name, reshaped.dims
        )));
    }
    Ok(reshaped)
}

fn free_sizes(graph: &mut Graph) {
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
