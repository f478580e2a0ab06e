//! Near-infrared light, as far as a colour photograph can stand for it.

use crate::{Linear, linear::luminance};

/// Skin at 850 nm, as a share of white: melanin hardly absorbs there, so that
/// skin of every tone lies near it (Angelopoulou 2001; Nishidate and others
/// 2013 give 0.5 to 0.65).
const SKIN: f32 = 0.55;
/// How much of its contrast in red light, in stops, a face keeps.
const KEPT: f32 = 0.6;

/// The picture as a monochrome camera would see it under a near-infrared lamp,
/// `share` of the way (0 = in colour, 1 = all the way). An approximation from
/// red light, no spectral model: veins, irises and make-up are as they were,
/// hair keeps its tone, and dark cloth that is bright in the infrared doesn't
/// become so. `level` is the mean radiance of the face.
pub(crate) fn near_infrared(light: &mut Linear, share: f32, level: f32) {
    // Red says most about what lies beyond it; a little green steadies it.
    let red = |rgb: [f32; 3]| 0.85 * rgb[0] + 0.15 * rgb[1];
    let level = level.max(1e-3);
    for pixel in light.pixels.pixels_mut() {
        let grey = luminance(pixel.0);
        // The further from the face's own level, the more it keeps of it:
        // hair and eyes stay dark.
        let ratio = (red(pixel.0) / level).max(1e-4);
        let bent = SKIN * ratio.powf(if ratio < 0.25 { 1.0 } else { KEPT });
        let joined = if ratio < 0.25 {
            bent * 0.25_f32.powf(KEPT - 1.0)
        } else {
            bent
        };
        let colour = pixel.0;
        for (value, own) in pixel.0.iter_mut().zip(colour) {
            // First the colour goes, then the skin brightens.
            let mono = (2.0 * share).min(1.0);
            let infra = (2.0 * share - 1.0).max(0.0);
            let faded = own + mono * (grey - own);
            *value = faded + infra * (joined - faded);
        }
    }
}
