//! Reading YuNet's output (Wu, Peng, Yu: "YuNet: A Tiny Millisecond-level Face
//! Detector", 2023; anchor-free, one prediction a cell at strides 8, 16, 32).

use rowcall_infer::{Network, Values};

use super::Detection;
use crate::{Error, ErrorKind, Landmarks, Point, Rect};

const STRIDES: [usize; 3] = [8, 16, 32];
const OUTPUTS: [&str; 12] = [
    "cls_8", "cls_16", "cls_32", "obj_8", "obj_16", "obj_32", "bbox_8", "bbox_16", "bbox_32",
    "kps_8", "kps_16", "kps_32",
];

/// Makes sure that a network gives what [`decode`] reads.
pub(super) fn check_outputs(network: &Network) -> Result<(), Error> {
    let names = network.output_names();
    if names == OUTPUTS {
        return Ok(());
    }
    let names = names.join(", ");
    Err(Error::new(
        ErrorKind::Model,
        format!("this isn't a YuNet detector: its outputs are {names}"),
    ))
}

/// All cells above `threshold`, in pixels of the network's input, which is
/// `width` by `height`.
pub(super) fn decode(
    outputs: &Values<'_>,
    (width, height): (usize, usize),
    threshold: f32,
) -> Result<Vec<Detection>, Error> {
    let mut found = Vec::new();
    for (level, stride) in STRIDES.into_iter().enumerate() {
        let columns = width / stride;
        let cells = columns * (height / stride);
        let plane = |kind: usize, per_cell: usize| {
            let values = outputs.get(3 * kind + level);
            if values.len() == cells * per_cell {
                Ok(values)
            } else {
                let detail = format!(
                    "{} gives {} values for {cells} cells",
                    OUTPUTS[3 * kind + level],
                    values.len()
                );
                Err(Error::new(ErrorKind::Inference, detail))
            }
        };
        let (class, object, boxes, points) =
            (plane(0, 1)?, plane(1, 1)?, plane(2, 4)?, plane(3, 10)?);
        for cell in 0..cells {
            let confidence = (class[cell].clamp(0.0, 1.0) * object[cell].clamp(0.0, 1.0)).sqrt();
            // `!(a >= b)` also turns away a value that isn't a number.
            if !(confidence >= threshold) {
                continue;
            }
            let s = stride as f32;
            let (column, row) = ((cell % columns) as f32, (cell / columns) as f32);
            let [dx, dy, dw, dh] = [0, 1, 2, 3].map(|i| boxes[4 * cell + i]);
            let (w, h) = (dw.exp() * s, dh.exp() * s);
            let face = Rect {
                x: (column + dx) * s - w / 2.0,
                y: (row + dy) * s - h / 2.0,
                width: w,
                height: h,
            };
            let point = |i: usize| {
                Point::new(
                    (column + points[10 * cell + 2 * i]) * s,
                    (row + points[10 * cell + 2 * i + 1]) * s,
                )
            };
            let landmarks = Landmarks::from_points([0, 1, 2, 3, 4].map(point));
            if [face.x, face.y, w, h].iter().all(|v| v.is_finite()) {
                found.push(Detection {
                    face,
                    landmarks,
                    confidence,
                });
            }
        }
    }
    Ok(found)
}
