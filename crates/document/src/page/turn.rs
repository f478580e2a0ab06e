//! Turning a picture by any angle.

/// A picture turned clockwise around its centre, on a sheet that holds all of
/// it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    from: (f32, f32),
    to: (f32, f32),
    sin: f32,
    cos: f32,
}

impl Turn {
    /// Of a picture of `width` by `height` pixels, by `angle` radians.
    pub(super) fn new(width: usize, height: usize, angle: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        let (w, h) = (width as f32, height as f32);
        Self {
            from: (w, h),
            to: (
                (w * cos.abs() + h * sin.abs()).round().max(1.0),
                (w * sin.abs() + h * cos.abs()).round().max(1.0),
            ),
            sin,
            cos,
        }
    }

    /// Width and height of the sheet.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.to.0 as usize, self.to.1 as usize)
    }

    /// Where a pixel of the sheet comes from.
    pub(super) fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - (self.to.0 - 1.0) / 2.0, y - (self.to.1 - 1.0) / 2.0);
        (
            x * self.cos + y * self.sin + (self.from.0 - 1.0) / 2.0,
            y * self.cos - x * self.sin + (self.from.1 - 1.0) / 2.0,
        )
    }
}

/// Where a pixel of a picture of `from` (width, height), turned clockwise by
/// `turns` quarters, comes from.
pub(super) fn quarter(
    (x, y): (usize, usize),
    (width, height): (usize, usize),
    turns: u8,
) -> (usize, usize) {
    match turns % 4 {
        0 => (x, y),
        1 => (y, height - 1 - x),
        2 => (width - 1 - x, height - 1 - y),
        _ => (width - 1 - y, x),
    }
}
