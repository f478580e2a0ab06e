//! From planes of luma and colour differences to R, G, B (ITU-T H.273, 8.3).

use rowcall_picture::{Image, Wiped};

/// How values are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colours {
    /// 0 to 255, not 16 to 235.
    pub(super) full_range: bool,
    /// ITU-R BT.709, not BT.601.
    pub(super) bt709: bool,
}

/// Planes of 4:2:0, without padding; wiped on drop.
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) y: Wiped<u8>,
    pub(super) u: Wiped<u8>,
    pub(super) v: Wiped<u8>,
}

impl Planes {
    /// The picture; `None` if the planes aren't as long as their size says.
    pub(super) fn image(&self, colours: Colours) -> Option<Image> {
        let (width, height) = (self.width, self.height);
        let (half, rows) = (width / 2, height / 2);
        let fits = self.y.len() == width * height
            && self.u.len() == half * rows
            && self.v.len() == half * rows;
        if !fits || half == 0 || rows == 0 {
            return None;
        }
        let scale = Scale::new(colours);
        let mut rgb = vec![0; 3 * width * height];
        let lines = rgb
            .chunks_exact_mut(3 * width)
            .zip(self.y.chunks_exact(width));
        for (y, (line, luma)) in lines.enumerate() {
            let at = (y / 2).min(rows - 1) * half;
            let (u, v) = (&self.u[at..at + half], &self.v[at..at + half]);
            // Two pixels share their colour.
            let pairs = line.as_chunks_mut::<6>().0.iter_mut();
            let colours = u.iter().zip(v).map(|(u, v)| scale.colour(*u, *v));
            let lumas = luma.as_chunks::<2>().0;
            for ((pair, [one, two]), colour) in pairs.zip(lumas).zip(colours) {
                let (one, two) = (scale.rgb(*one, colour), scale.rgb(*two, colour));
                *pair = [one[0], one[1], one[2], two[0], two[1], two[2]];
            }
            if let ([.., last], [.., u], [.., v]) = (luma, u, v)
                && width % 2 == 1
            {
                let pixel = scale.rgb(*last, scale.colour(*u, *v));
                line[3 * (width - 1)..].copy_from_slice(&pixel);
            }
        }
        Image::from_rgb(width as u32, height as u32, rgb)
    }
}

/// Factors in 65,536ths.
struct Scale {
    black: i32,
    luma: i32,
    red_v: i32,
    green_u: i32,
    green_v: i32,
    blue_u: i32,
}

impl Scale {
    fn new(colours: Colours) -> Self {
        let (kr, kb) = match colours.bt709 {
            true => (0.2126, 0.0722),
            false => (0.299, 0.114),
        };
        let kg = 1.0 - kr - kb;
        let (black, luma, colour) = match colours.full_range {
            true => (0, 1.0, 1.0),
            false => (16, 255.0 / 219.0, 255.0 / 224.0),
        };
        let fixed = |value: f64| (value * 65_536.0).round() as i32;
        Self {
            black,
            luma: fixed(luma),
            red_v: fixed(2.0 * (1.0 - kr) * colour),
            green_u: fixed(-2.0 * (1.0 - kb) * kb / kg * colour),
            green_v: fixed(-2.0 * (1.0 - kr) * kr / kg * colour),
            blue_u: fixed(2.0 * (1.0 - kb) * colour),
        }
    }

    /// What a colour adds to a luma's R, G and B.
    fn colour(&self, u: u8, v: u8) -> [i32; 3] {
        let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
        [
            self.red_v * v,
            self.green_u * u + self.green_v * v,
            self.blue_u * u,
        ]
    }

    fn rgb(&self, y: u8, colour: [i32; 3]) -> [u8; 3] {
        let y = (i32::from(y) - self.black) * self.luma + 32_768;
        colour.map(|add| ((y + add) >> 16).clamp(0, 255) as u8)
    }
}

#[cfg(test)]
mod tests {
    use rowcall_picture::Wiped;

    use super::{Colours, Planes, Scale};

    #[test]
    fn known_colours_come_out() {
        let studio = |bt709| {
            Scale::new(Colours {
                full_range: false,
                bt709,
            })
        };
        let full = Scale::new(Colours {
            full_range: true,
            bt709: false,
        });
        // Bars at 100 %: BT.601 and BT.709 in studio range, JFIF in full range.
        let cases = [
            (&studio(false), [16, 128, 128], [0, 0, 0]),
            (&studio(false), [235, 128, 128], [255, 255, 255]),
            (&studio(false), [81, 90, 240], [255, 0, 0]),
            (&studio(true), [63, 102, 240], [255, 0, 0]),
            (&studio(true), [173, 42, 26], [0, 255, 0]),
            (&full, [76, 85, 255], [255, 0, 0]),
            (&full, [200, 128, 128], [200, 200, 200]),
        ];
        for (scale, [y, u, v], expected) in cases {
            let rgb = scale.rgb(y, scale.colour(u, v));
            let near = rgb.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 2);
            assert!(near, "{y} {u} {v}: {rgb:?}, not {expected:?}");
        }
    }

    #[test]
    fn odd_sizes_and_wrong_planes() {
        let colours = Colours {
            full_range: true,
            bt709: false,
        };
        let planes = |width: usize, height: usize, chroma: usize| Planes {
            width,
            height,
            y: Wiped::new(vec![9; width * height]),
            u: Wiped::new(vec![128; chroma]),
            v: Wiped::new(vec![128; chroma]),
        };
        let image = planes(5, 3, 2).image(colours).expect("fits");
        assert_eq!((image.width(), image.height()), (5, 3));
        assert!(image.rgb().iter().all(|v| *v == 9));
        assert!(planes(4, 4, 3).image(colours).is_none());
        assert!(planes(1, 1, 0).image(colours).is_none());
    }
}
