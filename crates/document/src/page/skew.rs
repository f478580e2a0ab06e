//! At what angle the lines on a page run.

use super::grey::Grey;

/// The angle, in radians within ±45°, by which the page has to be turned
/// clockwise for its lines to run along or across the picture. Lines of text
/// make the sums along them rise and fall more than any other angle does.
pub(super) fn angle(ink: &Grey) -> f32 {
    let points: Vec<(f32, f32, f32)> = (0..ink.height)
        .flat_map(|y| (0..ink.width).map(move |x| (x, y)))
        .filter_map(|(x, y)| {
            let ink = ink.pixels[y * ink.width + x];
            (ink > 0.3).then_some((x as f32, y as f32, ink))
        })
        .collect();
    let reach = ink.width + ink.height;
    let mut sums = vec![0_f32; 2 * reach + 2];
    let mut contrast = |degrees: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut best = 0_f32;
        for (along, across) in [(sin, cos), (cos, -sin)] {
            sums.fill(0.0);
            for (x, y, ink) in &points {
                let at = x * along + y * across + reach as f32;
                // Shared between two sums, or whole pixels would fall in step
                // with the sums at some angles.
                let part = at.fract();
                sums[at as usize] += ink * (1.0 - part);
                sums[at as usize + 1] += ink * part;
            }
            best = best.max(
                sums.windows(4)
                    .map(|w| (w[3] - w[0] + w[2] - w[1]).powi(2))
                    .sum(),
            );
        }
        best
    };
    let mut strongest = |from: f32, step: f32, count: usize| {
        (0..count)
            .map(|i| from + step * i as f32)
            .map(|degrees| (contrast(degrees), degrees))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.abs().total_cmp(&a.1.abs())))
            .map_or(0.0, |(_, degrees)| degrees)
    };
    let coarse = strongest(-45.0, 1.0, 90);
    let fine = strongest(coarse - 0.75, 0.25, 7);
    fine.to_radians()
}

/// The steepest slope of a row against the page's own, as a page seen aslant
/// has it: four degrees.
const STEEPEST: f32 = 0.07;
const SLOPES: i16 = 8;

/// Pixels down for every pixel to the right along which the text in some `rows`
/// of a page runs.
pub(super) fn slope(ink: &Grey, rows: std::ops::Range<usize>) -> f32 {
    let middle = ink.width as f32 / 2.0;
    let reach = (STEEPEST * middle) as usize + 1;
    let mut sums = vec![0_f32; rows.len() + 2 * reach + 4];
    let mut best = (f32::MIN, 0.0_f32);
    for step in -SLOPES..=SLOPES {
        let slope = STEEPEST * f32::from(step) / f32::from(SLOPES);
        sums.fill(0.0);
        for (y, row) in rows.clone().enumerate() {
            let start = row * ink.width;
            for (x, ink) in ink.pixels[start..start + ink.width].iter().enumerate() {
                let at = y as f32 - (x as f32 - middle) * slope + reach as f32;
                let part = at.fract();
                sums[at as usize] += ink * (1.0 - part);
                sums[at as usize + 1] += ink * part;
            }
        }
        let contrast = sums
            .windows(4)
            .map(|w| (w[3] - w[0] + w[2] - w[1]).powi(2))
            .sum::<f32>();
        if contrast > best.0 || (contrast >= best.0 && slope.abs() < best.1.abs()) {
            best = (contrast, slope);
        }
    }
    best.1
}
