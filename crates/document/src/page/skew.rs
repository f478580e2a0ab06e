//! At what angle the lines on a page run.

use super::grey::Grey;

/// Points that are added up for each angle.
const MOST_POINTS: usize = 100_000;

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
    // A page has less; of what is nearly all ink, a part tells as much.
    let every = points.len().div_ceil(MOST_POINTS).max(1);
    let points: Vec<(f32, f32, f32)> = points.into_iter().step_by(every).collect();
    let reach = ink.width + ink.height;
    let mut sums = vec![0_f32; 2 * reach + 2];
    let mut contrast = |degrees: f32| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut best = 0_f32;
        for (along, across) in [(sin, cos), (cos, -sin)] {
            sums.fill(0.0);
            for (x, y, ink) in &points {
                // Shared between two sums, or whole pixels would fall in step
                // with the sums at some angles.
                let (at, part) = split(x * along + y * across + reach as f32);
                sums[at] += ink * (1.0 - part);
                sums[at + 1] += ink * part;
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

/// A number's whole part and the rest, of what is neither negative nor large: quicker than
/// by `fract`, which is a call where a processor's oldest instructions must do.
fn split(at: f32) -> (usize, f32) {
    let whole = at as i32;
    (whole as usize, at - whole as f32)
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
    // Most of a page is blank.
    let mut inked: Vec<(f32, f32, f32)> = Vec::new();
    for (y, row) in rows.enumerate() {
        let start = row * ink.width;
        let row = ink.pixels[start..start + ink.width].iter().enumerate();
        let print = row.filter(|(_, ink)| **ink > 0.0);
        inked.extend(print.map(|(x, ink)| (x as f32 - middle, y as f32, *ink)));
    }
    let mut best = (f32::MIN, 0.0_f32);
    for step in -SLOPES..=SLOPES {
        let slope = STEEPEST * f32::from(step) / f32::from(SLOPES);
        sums.fill(0.0);
        for (x, y, ink) in &inked {
            let (at, part) = split(y - x * slope + reach as f32);
            sums[at] += ink * (1.0 - part);
            sums[at + 1] += ink * part;
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
