//! Head pose from five landmarks.

use serde::Serialize;

use crate::Landmarks;

/// How the head is turned against the camera, in degrees. An estimate from five
/// points and an average head: good to about ten degrees up to 45, and only an
/// order of magnitude beyond.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pose {
    /// About the vertical: positive when the nose points to the picture's right.
    pub yaw: f32,
    /// Up and down: positive when the nose points down.
    pub pitch: f32,
    /// In the picture's plane: positive clockwise.
    pub roll: f32,
}

/// An average adult head in millimetres: x to the picture's right, y down, z
/// towards the camera; eye centres 63 apart (ISO 15535 anthropometric means),
/// the tip of the nose before them, the mouth below.
const HEAD: [[f64; 3]; 5] = [
    [-31.5, 0.0, 0.0],
    [31.5, 0.0, 0.0],
    [0.0, 38.0, 32.0],
    [-25.0, 70.0, 6.0],
    [25.0, 70.0, 6.0],
];

impl Pose {
    /// The pose under which a weak-perspective camera would see an average
    /// head's landmarks where these are, by least squares (POSIT's first step).
    pub fn estimate(landmarks: &Landmarks) -> Self {
        let points = landmarks.points();
        let mean_3d = [0, 1, 2].map(|k| HEAD.iter().map(|p| p[k]).sum::<f64>() / 5.0);
        let model = HEAD.map(|p| [0, 1, 2].map(|k| p[k] - mean_3d[k]));
        let mean =
            |f: fn(&crate::Point) -> f32| points.iter().map(|p| f64::from(f(p))).sum::<f64>() / 5.0;
        let (mx, my) = (mean(|p| p.x), mean(|p| p.y));
        // Normal equations: the same 3 x 3 matrix for both rows of the camera.
        let mut normal = [[0.0; 3]; 3];
        let (mut right_x, mut right_y) = ([0.0; 3], [0.0; 3]);
        for (m, p) in model.iter().zip(&points) {
            for i in 0..3 {
                for j in 0..3 {
                    normal[i][j] += m[i] * m[j];
                }
                right_x[i] += m[i] * (f64::from(p.x) - mx);
                right_y[i] += m[i] * (f64::from(p.y) - my);
            }
        }
        let row_x = normalised(solve(normal, right_x));
        let row_y = normalised(solve(normal, right_y));
        let row_z = cross(row_x, row_y);
        // The third column is where the head's own forward axis points; the
        // first, where its right-hand side does.
        let forward = [row_x[2], row_y[2], row_z[2].abs().max(1e-6)];
        Self {
            yaw: forward[0].atan2(forward[2]).to_degrees() as f32,
            pitch: forward[1].atan2(forward[2].hypot(forward[0])).to_degrees() as f32,
            roll: row_y[0].atan2(row_x[0]).to_degrees() as f32,
        }
    }
}

/// Cramer's rule; the matrix is that of [`HEAD`], whose determinant isn't zero.
fn solve(m: [[f64; 3]; 3], right: [f64; 3]) -> [f64; 3] {
    let determinant = |m: [[f64; 3]; 3]| {
        let [a, b, c] = m;
        a.iter().zip(cross(b, c)).map(|(x, y)| x * y).sum::<f64>()
    };
    let whole = determinant(m);
    [0, 1, 2].map(|column| {
        let mut replaced = m;
        for (row, &value) in replaced.iter_mut().zip(&right) {
            row[column] = value;
        }
        determinant(replaced) / whole
    })
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn normalised(v: [f64; 3]) -> [f64; 3] {
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-9);
    v.map(|x| x / length)
}

#[cfg(test)]
mod tests {
    use super::{HEAD, Pose};
    use crate::{Landmarks, Point};

    /// The average head, turned by yaw, pitch and roll and seen from afar.
    fn seen(yaw: f64, pitch: f64, roll: f64) -> Landmarks {
        let ((sy, cy), (sp, cp), (sr, cr)) = (
            yaw.to_radians().sin_cos(),
            pitch.to_radians().sin_cos(),
            roll.to_radians().sin_cos(),
        );
        Landmarks::from_points(HEAD.map(|[x, y, z]| {
            let (y, z) = (y * cp + z * sp, z * cp - y * sp);
            let (x, z) = (x * cy + z * sy, z * cy - x * sy);
            let _ = z;
            Point::new(
                (300.0 + 0.8 * (x * cr - y * sr)) as f32,
                (200.0 + 0.8 * (x * sr + y * cr)) as f32,
            )
        }))
    }

    #[test]
    fn recovers_the_pose_of_the_average_head() {
        for (yaw, pitch, roll) in [
            (0., 0., 0.),
            (20., 0., 0.),
            (-45., 0., 0.),
            (0., 15., 0.),
            (0., -20., 0.),
            (0., 0., 30.),
            (25., -10., 0.),
        ] {
            let found = Pose::estimate(&seen(yaw, pitch, roll));
            let off = [
                f64::from(found.yaw) - yaw,
                f64::from(found.pitch) - pitch,
                f64::from(found.roll) - roll,
            ];
            assert!(
                off.iter().all(|d| d.abs() < 3.0),
                "{yaw} {pitch} {roll}: {found:?}"
            );
        }
    }
}
