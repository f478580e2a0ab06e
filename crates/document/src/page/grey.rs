//! A picture in grey, and what is done to it before text is looked for.

use rowcall_picture::Image;
use zeroize::Zeroizing;

/// Brightness, 0 (black) to 1, rows from the top. It shows a person's page and
/// is wiped on drop.
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Zeroizing<Vec<f32>>,
}

impl Grey {
    /// The brightest channel of each pixel, averaged over areas so that no side
    /// is longer than `longest`: black print stays dark in every channel, and
    /// coloured background print fades.
    pub(super) fn of(raster: &Image, longest: usize) -> Self {
        let (from_width, from_height) = (raster.width() as usize, raster.height() as usize);
        let rgb = raster.rgb();
        let by = (longest as f32 / from_width.max(from_height) as f32).min(1.0);
        let size = |side: usize| ((side as f32 * by).round() as usize).max(1);
        let (width, height) = (size(from_width), size(from_height));
        let bright = |x: usize, y: usize| {
            let at = 3 * (y * from_width + x);
            rgb[at..at + 3].iter().max().copied().unwrap_or(0)
        };
        let span = |i: usize, of: usize, from: usize| {
            let start = i * from / of;
            start..((i + 1) * from / of).max(start + 1)
        };
        let mut pixels = Zeroizing::new(Vec::with_capacity(width * height));
        for y in 0..height {
            let rows = span(y, height, from_height);
            for x in 0..width {
                let columns = span(x, width, from_width);
                let count = rows.len() * columns.len();
                let sum: u64 = rows
                    .clone()
                    .flat_map(|row| columns.clone().map(move |column| (column, row)))
                    .map(|(column, row)| u64::from(bright(column, row)))
                    .sum();
                pixels.push(sum as f32 / (255 * count) as f32);
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// A part of `size` in pixels of its own, whose centre of a pixel `from` finds on
    /// the raster; `fine` pixels of the raster are averaged to one, along and across.
    /// Beyond the raster there is no print: the mean of what is on it.
    pub(super) fn part(
        raster: &Image,
        size: (usize, usize),
        fine: f32,
        from: impl Fn(f32, f32) -> (f32, f32),
    ) -> Self {
        let (width, height) = (raster.width() as usize, raster.height() as usize);
        let steps = (fine.round() as usize).clamp(1, 4);
        let bright = |x: f32, y: f32| {
            let on = |v: f32, side: usize| (-0.5..=side as f32 - 0.5).contains(&v);
            (on(x, width) && on(y, height)).then(|| {
                let at = |v: f32, side: usize| (v.max(0.0).round() as usize).min(side - 1);
                let at = 3 * (at(y, height) * width + at(x, width));
                let pixel = &raster.rgb()[at..at + 3];
                f32::from(pixel.iter().max().copied().unwrap_or(0)) / 255.0
            })
        };
        let offsets: Vec<f32> = (0..steps)
            .map(|i| (i as f32 + 0.5) / steps as f32 - 0.5)
            .collect();
        let mut pixels = Zeroizing::new(vec![f32::NAN; size.0 * size.1]);
        let (mut all, mut inside) = (0.0, 0);
        for y in 0..size.1 {
            for x in 0..size.0 {
                let (mut sum, mut count) = (0.0, 0);
                for down in &offsets {
                    for right in &offsets {
                        let (x, y) = from(x as f32 + right, y as f32 + down);
                        if let Some(value) = bright(x, y) {
                            sum += value;
                            count += 1;
                        }
                    }
                }
                if count > 0 {
                    let value = sum / count as f32;
                    pixels[y * size.0 + x] = value;
                    all += value;
                    inside += 1;
                }
            }
        }
        let mean = all / inside.max(1) as f32;
        for value in pixels.iter_mut().filter(|value| value.is_nan()) {
            *value = mean;
        }
        Self {
            width: size.0,
            height: size.1,
            pixels,
        }
    }

    /// Turned clockwise by `turns` quarters.
    pub(super) fn quarter_turned(&self, turns: u8) -> Self {
        let (w, h) = (self.width, self.height);
        let (width, height) = if turns % 2 == 1 { (h, w) } else { (w, h) };
        let mut pixels = Zeroizing::new(Vec::with_capacity(width * height));
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = super::turn::quarter((x, y), (w, h), turns);
                pixels.push(self.pixels[from_y * w + from_x]);
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Turned clockwise by an angle, in radians, around its centre, on a sheet
    /// that holds all of it. Beyond the picture is its mean brightness: its
    /// edge's pixels, drawn out, would be stripes at a pitch of their own.
    pub(super) fn turned(&self, angle: f32) -> Self {
        let turn = super::Turn::new(self.width, self.height, angle);
        let (width, height) = turn.size();
        let mean = self.pixels.iter().sum::<f32>() / self.pixels.len() as f32;
        let on = |v: f32, side: usize| (-0.5..=side as f32 - 0.5).contains(&v);
        let mut pixels = Zeroizing::new(Vec::with_capacity(width * height));
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = turn.back(x as f32, y as f32);
                let inside = on(from_x, self.width) && on(from_y, self.height);
                pixels.push(if inside {
                    self.at(from_x, from_y)
                } else {
                    mean
                });
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Some rows, each column moved up by `slope` for every pixel that it lies
    /// right of the middle. Beyond the picture nothing is printed.
    pub(super) fn sheared(&self, rows: std::ops::Range<usize>, slope: f32) -> Self {
        let (w, h) = (self.width, rows.len());
        let middle = w as f32 / 2.0;
        let down: Vec<i32> = (0..w)
            .map(|x| ((x as f32 - middle) * slope).round() as i32)
            .collect();
        let mut pixels = Zeroizing::new(Vec::with_capacity(w * h));
        for y in rows {
            for (x, down) in down.iter().enumerate() {
                let from = y as i32 + down;
                let inside = (0..self.height as i32).contains(&from);
                pixels.push(if inside {
                    self.pixels[from as usize * w + x]
                } else {
                    0.0
                });
            }
        }
        Self {
            width: w,
            height: h,
            pixels,
        }
    }

    /// Whether every pixel around what lies between two corners is on the picture.
    pub(super) fn is_inside(&self, from: (f32, f32), to: (f32, f32)) -> bool {
        let (right, bottom) = (self.width as f32 - 2.0, self.height as f32 - 2.0);
        from.0 >= 1.0 && from.1 >= 1.0 && to.0 <= right && to.1 <= bottom
    }

    /// As [`at`](Self::at), of what lies inside.
    #[inline]
    pub(super) fn at_inside(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x as i32, y as i32);
        let (along, down) = (x - left as f32, y - top as f32);
        let start = top as usize * self.width + left as usize;
        let row = |start: usize| match self.pixels[start..start + 2] {
            [a, b] => a + (b - a) * along,
            _ => 0.0,
        };
        let (a, b) = (row(start), row(start + self.width));
        a + (b - a) * down
    }

    /// The brightness between pixels (bilinear); beyond the edge, the edge's.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        // Sizes are small enough, and this is quicker than to `usize`.
        let (left, top) = (x as i32, y as i32);
        let (along, down) = (x - left as f32, y - top as f32);
        let (left, top) = (left as usize, top as usize);
        let start = top * self.width + left;
        let right = usize::from(left + 1 < self.width);
        let below = if top + 1 < self.height { self.width } else { 0 };
        let row = |at: usize| {
            let (a, b) = (self.pixels[at], self.pixels[at + right]);
            a + (b - a) * along
        };
        let (a, b) = (row(start), row(start + below));
        a + (b - a) * down
    }

    /// How much darker each pixel is than what lies `radius` around it on every side (left,
    /// right, above, below): print is, and the rim of a page on a dark ground isn't. A
    /// quarter of the range counts as full ink.
    pub(super) fn ink(&self, radius: usize) -> Self {
        let (w, h) = (self.width, self.height);
        let mut sums = vec![0_f64; (w + 1) * (h + 1)];
        for y in 0..h {
            let mut row = 0.0;
            for x in 0..w {
                row += f64::from(self.pixels[y * w + x]);
                sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
            }
        }
        let mean = |(left, right): (usize, usize), (top, bottom): (usize, usize)| {
            let sum = sums[bottom * (w + 1) + right] + sums[top * (w + 1) + left]
                - sums[top * (w + 1) + right]
                - sums[bottom * (w + 1) + left];
            (sum / ((bottom - top) * (right - left)) as f64) as f32
        };
        let mut pixels = Zeroizing::new(Vec::with_capacity(w * h));
        for y in 0..h {
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(h));
            for x in 0..w {
                let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(w));
                // Each side with the pixel's own row or column, so that none is empty.
                let sides = [
                    mean((left, x + 1), (top, bottom)),
                    mean((x, right), (top, bottom)),
                    mean((left, right), (top, y + 1)),
                    mean((left, right), (y, bottom)),
                ];
                let least = sides.into_iter().fold(f32::MAX, f32::min);
                pixels.push(((least - self.pixels[y * w + x]) * 4.0).clamp(0.0, 1.0));
            }
        }
        Self {
            width: w,
            height: h,
            pixels,
        }
    }
}
