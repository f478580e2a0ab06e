//! Which colours the components are (ITU-T T.871 and Adobe's APP14), as R, G, B.

use super::header::{Frame, Tables};

/// The colours of a picture's components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Grey,
    Rgb,
    YCbCr,
    /// Inks, as Adobe writes them: 255 is none.
    Cmyk,
    Ycck,
}

impl Space {
    pub(super) fn of(frame: &Frame, tables: &Tables) -> Self {
        match (frame.components.len(), tables.adobe) {
            (1, _) => Self::Grey,
            (3, Some(0)) => Self::Rgb,
            (3, None) if !tables.jfif && frame.has_ids(*b"RGB") => Self::Rgb,
            (3, _) => Self::YCbCr,
            (_, Some(2)) => Self::Ycck,
            _ => Self::Cmyk,
        }
    }

    /// Lines of samples to a row of R, G, B.
    pub(super) fn convert(self, [a, b, c, d]: [&[u8]; 4], row: &mut [u8]) {
        let pixels = row.as_chunks_mut::<3>().0;
        match self {
            Self::Grey => {
                for (pixel, grey) in pixels.iter_mut().zip(a) {
                    *pixel = [*grey; 3];
                }
            }
            Self::Rgb | Self::YCbCr => {
                let samples = a.iter().zip(b).zip(c);
                for (pixel, ((a, b), c)) in pixels.iter_mut().zip(samples) {
                    *pixel = match self {
                        Self::Rgb => [*a, *b, *c],
                        _ => rgb(*a, *b, *c),
                    };
                }
            }
            Self::Cmyk | Self::Ycck => {
                let samples = a.iter().zip(b).zip(c).zip(d);
                for (pixel, (((a, b), c), black)) in pixels.iter_mut().zip(samples) {
                    let inks = match self {
                        Self::Cmyk => [*a, *b, *c],
                        _ => rgb(*a, *b, *c).map(|value| 255 - value),
                    };
                    *pixel = inks.map(|ink| product(ink, *black));
                }
            }
        }
    }
}

/// ITU-R BT.601 at the full range, in 14 bits.
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let y = (i32::from(y) << 14) + (1 << 13) - 1;
    let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
    [
        y + 22_970 * cr,
        y - 11_700 * cr - 5_638 * cb,
        y + 29_032 * cb,
    ]
    .map(|value| (value >> 14).clamp(0, 255) as u8)
}

/// The product of two shares of 255.
fn product(a: u8, b: u8) -> u8 {
    let value = u32::from(a) * u32::from(b) + 128;
    ((value + (value >> 8)) >> 8) as u8
}
