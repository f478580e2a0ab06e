//! Constants of a graph: weights as stored, and what they stand for.

use std::borrow::Cow;

use crate::{
    Error, ErrorKind, dequantize,
    onnx::{TensorProto, data_type},
};

/// More weights than this in one tensor isn't a small network: 256 Mi values
/// would be 1 GiB of memory.
const MAX_ELEMENTS: usize = 64 << 20;

/// A constant.
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    /// As it is.
    Stored(TensorProto),
    /// 8-bit integers with scales (`DequantizeLinear`), which become floats where
    /// they are needed as such.
    Quantised(Box<Quantised>),
}

/// The inputs and attributes of a `DequantizeLinear`.
#[derive(Clone, Debug)]
pub(crate) struct Quantised {
    weights: TensorProto,
    /// What later reshapes made of the weights' dimensions.
    dims: Vec<i64>,
    scales: Vec<f32>,
    zeros: Vec<i32>,
    axis: i64,
    block_size: i64,
}

/// Weights that are signed bytes in runs along their last axis. A weight is `(value −
/// zero) · scale`.
pub(crate) struct Runs<'a> {
    pub(crate) values: Vec<i8>,
    pub(crate) zeros: Vec<i8>,
    pub(crate) scales: &'a [f32],
    pub(crate) run: usize,
}

fn not_onnx(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::NotOnnx, detail)
}

impl Constant {
    /// A weight of the file.
    pub(crate) fn stored(tensor: TensorProto) -> Result<Self, Error> {
        if tensor.data_location != 0 {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the weights {:?} lie in another file", tensor.name),
            ));
        }
        elements(&tensor.name, &tensor.dims)?;
        Ok(Self::Stored(tensor))
    }

    /// `(self − zeros) · scales`; without zeros, there are none.
    pub(crate) fn dequantize(
        &self,
        scales: &Self,
        zeros: Option<&Self>,
        (axis, block_size): (i64, i64),
    ) -> Result<Self, Error> {
        let scales = scales.floats()?.into_owned();
        let zeros = match zeros {
            Some(zeros) => bytes(zeros.tensor()?)?,
            None => vec![0; scales.len()],
        };
        let quantised = Quantised {
            weights: self.tensor()?.clone(),
            dims: self.dims().to_vec(),
            scales,
            zeros,
            axis,
            block_size,
        };
        quantised.check()?;
        Ok(Self::Quantised(Box::new(quantised)))
    }

    /// The same values in other dimensions, which are the values of `shape`.
    pub(crate) fn reshape(&self, shape: &Self) -> Result<Self, Error> {
        let dims = shape.integers().ok_or_else(|| {
            not_onnx(format!(
                "the shape {:?} isn't of 64-bit integers",
                shape.name()
            ))
        })?;
        let count = elements(self.name(), self.dims())?;
        if elements(self.name(), &dims)? != count {
            return Err(not_onnx(format!(
                "the weights {:?} can't be given the dimensions {dims:?}",
                self.name()
            )));
        }
        let mut reshaped = self.clone();
        match &mut reshaped {
            Self::Stored(tensor) => tensor.dims = dims,
            Self::Quantised(quantised) => quantised.dims = dims,
        }
        Ok(reshaped)
    }

    /// What it was called in the file.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Stored(tensor) => &tensor.name,
            Self::Quantised(quantised) => &quantised.weights.name,
        }
    }

    /// Its dimensions, whose product is small.
    pub(crate) fn dims(&self) -> &[i64] {
        match self {
            Self::Stored(tensor) => &tensor.dims,
            Self::Quantised(quantised) => &quantised.dims,
        }
    }

    fn tensor(&self) -> Result<&TensorProto, Error> {
        match self {
            Self::Stored(tensor) => Ok(tensor),
            Self::Quantised(_) => Err(Error::new(
                ErrorKind::Unsupported,
                format!("{:?} is dequantised twice", self.name()),
            )),
        }
    }

    /// Its values as 32-bit floats.
    pub(crate) fn floats(&self) -> Result<Cow<'_, [f32]>, Error> {
        match self {
            Self::Stored(tensor) => floats(tensor).map(Cow::Owned),
            Self::Quantised(quantised) => quantised.floats().map(Cow::Owned),
        }
    }

    /// Its values as 64-bit integers, if they are such.
    pub(crate) fn integers(&self) -> Option<Vec<i64>> {
        let Self::Stored(tensor) = self else {
            return None;
        };
        if tensor.data_type != data_type::INT64 {
            return None;
        }
        if tensor.raw_data.is_empty() {
            return Some(tensor.int64_data.clone());
        }
        let words = tensor.raw_data.chunks_exact(8);
        Some(
            words
                .filter_map(|b| b.try_into().ok())
                .map(i64::from_le_bytes)
                .collect(),
        )
    }

    /// Its values as bytes, if it is signed bytes with scales for whole runs of the
    /// last axis.
    pub(crate) fn runs(&self) -> Option<Runs<'_>> {
        let Self::Quantised(quantised) = self else {
            return None;
        };
        let Quantised {
            weights,
            dims,
            scales,
            zeros,
            axis,
            block_size,
        } = &**quantised;
        let last = weights.dims.len() as i64 - 1;
        let run = usize::try_from(*block_size).ok().filter(|run| *run > 0)?;
        // A filter of one pixel has its sides, of 1, as further axes.
        let same = dims.starts_with(&weights.dims)
            && dims[weights.dims.len()..].iter().all(|dim| *dim == 1);
        let fits = [last, -1].contains(axis)
            && same
            && weights.dims.last().is_some_and(|n| n % block_size == 0)
            && weights.data_type == data_type::INT8
            && !weights.raw_data.is_empty();
        let zeros: Result<Vec<i8>, _> = zeros.iter().map(|&z| z.try_into()).collect();
        let zeros = zeros.ok().filter(|_| fits)?;
        Some(Runs {
            values: weights.raw_data.iter().map(|&b| b as i8).collect(),
            zeros,
            scales,
            run,
        })
    }

    /// As ONNX under the name `name`, all numbers that aren't integers as floats.
    pub(crate) fn into_tensor(self, name: String) -> Result<TensorProto, Error> {
        match self {
            Self::Stored(tensor) => Ok(TensorProto { name, ..tensor }),
            Self::Quantised(quantised) => Ok(TensorProto {
                dims: quantised.dims.clone(),
                data_type: data_type::FLOAT,
                name,
                raw_data: quantised
                    .floats()?
                    .into_iter()
                    .flat_map(f32::to_le_bytes)
                    .collect(),
                ..TensorProto::default()
            }),
        }
    }
}

impl Quantised {
    /// The weights' own dimensions, which `elements` has found to be small.
    fn own_dims(&self) -> Vec<usize> {
        self.weights.dims.iter().map(|&dim| dim as usize).collect()
    }

    fn check(&self) -> Result<(), Error> {
        dequantize::Layout::new(
            &self.weights.name,
            &self.own_dims(),
            (self.scales.len(), self.zeros.len()),
            (self.axis, self.block_size),
        )
        .map(drop)
    }

    fn floats(&self) -> Result<Vec<f32>, Error> {
        dequantize::dequantize(
            &self.weights.name,
            (&bytes(&self.weights)?, &self.own_dims()),
            (&self.scales, &self.zeros),
            (self.axis, self.block_size),
        )
    }
}

/// The number of values that a tensor's dimensions call for.
fn elements(name: &str, dims: &[i64]) -> Result<usize, Error> {
    dims.iter()
        .try_fold(1_usize, |n, &dim| {
            usize::try_from(dim).ok().and_then(|dim| n.checked_mul(dim))
        })
        .filter(|&n| n <= MAX_ELEMENTS)
        .ok_or_else(|| {
            not_onnx(format!(
                "the weights {name:?} have impossible dimensions {dims:?}"
            ))
        })
}

fn of_length<T>(tensor: &TensorProto, values: Vec<T>) -> Result<Vec<T>, Error> {
    let (found, expected) = (values.len(), elements(&tensor.name, &tensor.dims)?);
    if found == expected {
        return Ok(values);
    }
    Err(not_onnx(format!(
        "the weights {:?} hold {found} values where their dimensions call for {expected}",
        tensor.name
    )))
}

fn floats(tensor: &TensorProto) -> Result<Vec<f32>, Error> {
    if tensor.data_type != data_type::FLOAT {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("the values {:?} aren't 32-bit floats", tensor.name),
        ));
    }
    let values = if tensor.raw_data.is_empty() {
        tensor.float_data.clone()
    } else {
        let words = tensor.raw_data.chunks_exact(4);
        words
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect()
    };
    of_length(tensor, values)
}

fn bytes(tensor: &TensorProto) -> Result<Vec<i32>, Error> {
    let raw = &tensor.raw_data;
    let values = match (tensor.data_type, raw.is_empty()) {
        (data_type::INT8, false) => raw.iter().map(|&b| i32::from(b as i8)).collect(),
        (data_type::UINT8, false) => raw.iter().map(|&b| i32::from(b)).collect(),
        (data_type::INT8, true) => narrow::<i8>(tensor)?,
        (data_type::UINT8, true) => narrow::<u8>(tensor)?,
        _ => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the weights {:?} aren't 8-bit integers", tensor.name),
            ));
        }
    };
    of_length(tensor, values)
}

/// Values that are kept as 32-bit integers but must be bytes.
fn narrow<T: TryFrom<i32>>(tensor: &TensorProto) -> Result<Vec<i32>, Error> {
    match tensor.int32_data.iter().find(|v| T::try_from(**v).is_err()) {
        None => Ok(tensor.int32_data.clone()),
        Some(v) => Err(not_onnx(format!(
            "the weights {:?} are bytes and hold {v}",
            tensor.name
        ))),
    }
}
