//! From the coefficients of a block to its samples (ITU-T T.81, A.3.3), at the
//! full size or at a half, a quarter or an eighth of it.
//!
//! A smaller block is the inverse transform of that size of the lowest
//! frequencies: what a larger one has beyond them is detail that the smaller one
//! can't show.

/// How large a block is decoded: 8, 4, 2 or 1 samples a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale(usize);

impl Scale {
    /// From the full size down.
    pub(super) const ALL: [Self; 4] = [Self(8), Self(4), Self(2), Self(1)];

    /// Samples a side of a block.
    pub(super) fn side(self) -> usize {
        self.0
    }

    /// A length of so many pixels, at this scale.
    pub(super) fn of(self, length: usize) -> usize {
        (length * self.0).div_ceil(8)
    }
}

/// Writes a block's samples, `side` rows of as many, each `stride` after the
/// last. `used` coefficients of the zigzag order may differ from zero.
pub(super) fn inverse(
    scale: Scale,
    block: &[i16; 64],
    steps: &[u16; 64],
    used: usize,
    out: &mut [u8],
    stride: usize,
) {
    let side = scale.side();
    if side == 1 || used <= 1 {
        let dc = i32::from(block[0]) * i32::from(steps[0]);
        let value = ((dc + 4 + 1024) >> 3).clamp(0, 255) as u8;
        for row in out.chunks_mut(stride).take(side) {
            row[..side].fill(value);
        }
        return;
    }
    match side {
        8 => full(block, steps, out, stride),
        4 => small(&COSINES_4, block, steps, out, stride),
        _ => small(&COSINES_2, block, steps, out, stride),
    }
}

/// cos((2x + 1) u pi / 2n) times c(u), the rows of an orthonormal transform of n
/// points, in 4096ths.
const COSINES_4: [[i32; 4]; 4] = [
    [2048, 2676, 2048, 1108],
    [2048, 1108, -2048, -2676],
    [2048, -1108, -2048, 2676],
    [2048, -2676, 2048, -1108],
];
const COSINES_2: [[i32; 2]; 2] = [[2896, 2896], [2896, -2896]];

fn small<const N: usize>(
    cosines: &[[i32; N]; N],
    block: &[i16; 64],
    steps: &[u16; 64],
    out: &mut [u8],
    stride: usize,
) {
    let mut columns = [[0_i32; N]; N];
    for (y, row) in columns.iter_mut().enumerate() {
        for (u, value) in row.iter_mut().enumerate() {
            let sum = (0..N).fold(0_i32, |sum, v| {
                let at = 8 * v + u;
                let coefficient = i32::from(block[at]).wrapping_mul(i32::from(steps[at]));
                sum.wrapping_add(coefficient.wrapping_mul(cosines[y][v]))
            });
            // Three bits more than whole numbers are kept.
            *value = sum.wrapping_add(1 << 8) >> 9;
        }
    }
    // Of eight points each sample would be 8 / N times as much.
    let shift = 12 + 3 + (8 / N).trailing_zeros();
    for (row, line) in columns.iter().zip(out.chunks_mut(stride)) {
        for (x, sample) in line[..N].iter_mut().enumerate() {
            let sum = (0..N).fold((128 << shift) + (1 << (shift - 1)), |sum: i32, u| {
                sum.wrapping_add(row[u].wrapping_mul(cosines[x][u]))
            });
            *sample = (sum >> shift).clamp(0, 255) as u8;
        }
    }
}

/// The eight points of Loeffler, Ligtenberg and Moschytz in whole numbers, the
/// constants and roundings those of stb_image, which other decoders share: the
/// same file gives the same pixels here as there.
fn full(block: &[i16; 64], steps: &[u16; 64], out: &mut [u8], stride: usize) {
    let mut work = [0_i32; 64];
    for ((value, coefficient), step) in work.iter_mut().zip(block).zip(steps) {
        *value = i32::from(*coefficient).wrapping_mul(i32::from(*step));
    }
    for x in 0..8 {
        let column = std::array::from_fn(|y| work[8 * y + x]);
        let (even, odd) = eight(column, 512);
        for i in 0..4 {
            work[8 * i + x] = even[i].wrapping_add(odd[i]) >> 10;
            work[8 * (7 - i) + x] = even[i].wrapping_sub(odd[i]) >> 10;
        }
    }
    for (row, line) in work.as_chunks::<8>().0.iter().zip(out.chunks_mut(stride)) {
        let (even, odd) = eight(*row, 512 + 65_536 + (128 << 17));
        for i in 0..4 {
            line[i] = (even[i].wrapping_add(odd[i]) >> 17).clamp(0, 255) as u8;
            line[7 - i] = (even[i].wrapping_sub(odd[i]) >> 17).clamp(0, 255) as u8;
        }
    }
}

/// One transform: the even and the odd part, whose sums are the first four
/// points and whose differences are the others from the end.
fn eight(s: [i32; 8], rounding: i32) -> ([i32; 4], [i32; 4]) {
    let add = i32::wrapping_add;
    let sub = i32::wrapping_sub;
    let mul = i32::wrapping_mul;
    let p1 = mul(add(s[2], s[6]), 2217);
    let t2 = add(p1, mul(s[6], -7567));
    let t3 = add(p1, mul(s[2], 3135));
    let t0 = add(s[0], s[4]) << 12;
    let t1 = sub(s[0], s[4]) << 12;
    let even = [
        add(add(t0, t3), rounding),
        add(add(t1, t2), rounding),
        add(sub(t1, t2), rounding),
        add(sub(t0, t3), rounding),
    ];
    let p3 = add(s[7], s[3]);
    let p4 = add(s[5], s[1]);
    let p5 = mul(add(p3, p4), 4816);
    let p1 = add(p5, mul(add(s[7], s[1]), -3685));
    let p2 = add(p5, mul(add(s[5], s[3]), -10_497));
    let p3 = mul(p3, -8034);
    let p4 = mul(p4, -1597);
    let odd = [
        add(mul(s[1], 6149), add(p1, p4)),
        add(mul(s[3], 12_586), add(p2, p3)),
        add(mul(s[5], 8410), add(p2, p4)),
        add(mul(s[7], 1223), add(p1, p3)),
    ];
    (even, odd)
}

#[cfg(test)]
mod tests {
    use super::{Scale, inverse};

    /// The transform as the standard writes it, of `n` points a side.
    fn exact(n: usize, block: &[i16; 64]) -> Vec<f64> {
        let c = |u: usize| {
            if u == 0 {
                (1.0 / n as f64).sqrt()
            } else {
                (2.0 / n as f64).sqrt()
            }
        };
        let cosine = |x: usize, u: usize| {
            ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / (2 * n) as f64).cos()
        };
        let mut out = Vec::new();
        for y in 0..n {
            for x in 0..n {
                let mut sum = 0.0;
                for v in 0..n {
                    for u in 0..n {
                        let value = f64::from(block[8 * v + u]);
                        sum += c(u) * c(v) * value * cosine(x, u) * cosine(y, v);
                    }
                }
                out.push((sum * n as f64 / 8.0 + 128.0).clamp(0.0, 255.0));
            }
        }
        out
    }

    proptest::proptest! {
        #[test]
        fn every_size_is_the_standards_to_a_level(
            block in proptest::collection::vec(-60_i16..60, 64),
            dc in -900_i16..900,
            few in proptest::bool::ANY,
        ) {
            let mut block: [i16; 64] = block.try_into().expect("64");
            if few {
                block[8..].fill(0);
            }
            block[0] = dc;
            for scale in Scale::ALL {
                let n = scale.side();
                let mut out = vec![0; 8 * 8];
                inverse(scale, &block, &[1; 64], 64, &mut out, 8);
                let exact = exact(n, &block);
                for (i, exact) in exact.iter().enumerate() {
                    let got = f64::from(out[8 * (i / n) + i % n]);
                    proptest::prop_assert!((got - exact).abs() < 1.2, "{n}: {got} {exact}");
                }
            }
        }
    }
}
