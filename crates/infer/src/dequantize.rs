//! Weights stored as 8-bit integers with scales (ONNX `DequantizeLinear`).

use crate::{Error, ErrorKind};

/// How far one scale reaches (ONNX operator `DequantizeLinear`, set 21).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Granularity {
    /// One scale for all values.
    Tensor,
    /// One scale for each slice along the axis.
    Axis,
    /// One scale for each run of this many values along the axis.
    Block(usize),
}

/// Which scale is whose: the values of a tensor in runs of the innermost axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    granularity: Granularity,
    along: usize,
    inner: usize,
}

impl Layout {
    /// For weights with these dimensions and as many scales and zero points. `axis`
    /// may count from the end; a `block_size` of 0 means that a scale isn't for a
    /// block.
    ///
    /// # Errors
    /// [`ErrorKind::NotOnnx`], naming `name`, if the scales don't fit the weights.
    pub(crate) fn new(
        name: &str,
        dims: &[usize],
        (scales, zeros): (usize, usize),
        (axis, block_size): (i64, i64),
    ) -> Result<Self, Error> {
        let bad =
            |why: &str| Error::new(ErrorKind::NotOnnx, format!("the weights {name:?}: {why}"));
        if zeros != scales {
            return Err(bad("scales and zero points differ in number"));
        }
        let granularity = match (scales, usize::try_from(block_size)) {
            (_, Err(_)) => return Err(bad("the block size is negative")),
            (_, Ok(size @ 1..)) => Granularity::Block(size),
            (1, _) => Granularity::Tensor,
            _ => Granularity::Axis,
        };
        let rank = dims.len() as i64;
        let axis = match usize::try_from(if axis < 0 { axis + rank } else { axis }) {
            Ok(axis) if axis < dims.len() => axis,
            _ if granularity == Granularity::Tensor => 0,
            _ => return Err(bad("the axis lies outside its dimensions")),
        };
        let along = dims.get(axis).copied().unwrap_or(1);
        let inner: usize = dims.iter().skip(axis + 1).product();
        let outer: usize = dims.iter().take(axis).product();
        let expected = match granularity {
            Granularity::Tensor => 1,
            Granularity::Axis => along,
            Granularity::Block(size) => outer * along.div_ceil(size) * inner,
        };
        if scales != expected {
            return Err(bad(&format!("{scales} scales where {expected} fit")));
        }
        Ok(Self {
            granularity,
            along,
            inner,
        })
    }

    /// The scale of value `i`.
    fn scale_of(&self, i: usize) -> usize {
        let Self { along, inner, .. } = *self;
        match self.granularity {
            Granularity::Tensor => 0,
            Granularity::Axis => i / inner % along,
            Granularity::Block(size) => {
                let block = i / (inner * along) * along.div_ceil(size) + i / inner % along / size;
                block * inner + i % inner
            }
        }
    }
}

/// `(x − zero) · scale` for every value of `x`, whose dimensions are `dims`; see
/// [`Layout::new`].
///
/// # Errors
/// As [`Layout::new`].
pub(crate) fn dequantize(
    name: &str,
    (x, dims): (&[i32], &[usize]),
    (scales, zeros): (&[f32], &[i32]),
    (axis, block_size): (i64, i64),
) -> Result<Vec<f32>, Error> {
    let layout = Layout::new(name, dims, (scales.len(), zeros.len()), (axis, block_size))?;
    let value = |value: i32, s: usize| (value - zeros[s]) as f32 * scales[s];
    if let (Granularity::Block(size), 1) = (layout.granularity, layout.inner) {
        // The common case, without a division for each value.
        let rows = x.chunks(layout.along.max(1));
        let runs = rows.flat_map(|row| row.chunks(size)).enumerate();
        let values = runs.flat_map(|(s, run)| run.iter().map(move |&x| value(x, s)));
        return Ok(values.collect());
    }
    let values = x.iter().enumerate();
    Ok(values.map(|(i, &x)| value(x, layout.scale_of(i))).collect())
}

#[cfg(test)]
mod tests {
    use super::dequantize;

    #[test]
    fn scales_reach_as_far_as_they_should() {
        let x: Vec<i32> = (0..12).collect();
        // Expected values worked by hand from the operator's definition.
        /// Name, scales, axis, block size, expected.
        type Case<'a> = (&'a str, &'a [f32], i64, i64, [f32; 12]);
        let cases: [Case<'_>; 4] = [
            (
                "tensor",
                &[2.0],
                1,
                0,
                [0., 2., 4., 6., 8., 10., 12., 14., 16., 18., 20., 22.],
            ),
            (
                "axis",
                &[1.0, 10.0, 100.0],
                0,
                0,
                [0., 1., 2., 3., 40., 50., 60., 70., 800., 900., 1000., 1100.],
            ),
            (
                "block of 2 along the last axis",
                &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
                -1,
                2,
                [0., 1., 4., 6., 12., 15., 24., 28., 40., 45., 60., 66.],
            ),
            (
                "block of 2 along the first axis, the last one short",
                &[1.0, 1.0, 1.0, 1.0, 10.0, 10.0, 10.0, 10.0],
                0,
                2,
                [0., 1., 2., 3., 4., 5., 6., 7., 80., 90., 100., 110.],
            ),
        ];
        for (case, scales, axis, block, expected) in cases {
            let zeros = vec![0; scales.len()];
            let values = dequantize(case, (&x, &[3, 4]), (scales, &zeros), (axis, block));
            assert_eq!(values.expect(case), expected, "{case}");
        }
        let shifted = dequantize("zero", (&[5], &[1]), (&[0.5], &[3]), (0, 0));
        assert_eq!(shifted.expect("zero point"), [1.0]);
    }

    #[test]
    fn scales_that_do_not_fit_are_refused() {
        for (case, scales, zeros, axis, block) in [
            ("differ in number", vec![1.0], vec![0, 0], 0, 0),
            ("2 scales where 3 fit", vec![1.0; 2], vec![0; 2], 0, 0),
            ("5 scales where 6 fit", vec![1.0; 5], vec![0; 5], 1, 2),
            ("axis lies outside", vec![1.0; 4], vec![0; 4], 2, 0),
            ("block size is negative", vec![1.0; 4], vec![0; 4], 1, -1),
        ] {
            let error = dequantize("w", (&[0; 12], &[3, 4]), (&scales, &zeros), (axis, block));
            assert!(error.expect_err(case).to_string().contains(case), "{case}");
        }
    }
}
