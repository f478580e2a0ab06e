//! What a pane lets through and what it reflects.

use crate::error::{Error, within};

/// The refractive index of soda-lime glass in visible light.
const INDEX: f64 = 1.52;

/// A pane of glass between the face and the camera, two parallel surfaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pane {
    /// Luminous transmittance at normal incidence, 0.02..=0.918 (a clear pane
    /// reflects the rest). UN Regulation No. 43 asks for 0.70 at least where
    /// the driver must see (0.75 of windscreens as first drafted); behind that
    /// it sets no limit, and privacy glass goes down to about 0.15 (assumption).
    pub transmission: f32,
    /// Angle between the line of sight and the pane's normal in degrees,
    /// 0..=85. A windscreen leans 60 to 65 degrees from the vertical, a side
    /// window about 20 (assumption: usual passenger cars).
    pub angle: f32,
    /// Whether the cabin is lit from outside through glass of the same kind, so
    /// that the face's light passes twice: sun, sky and lamps at the camera.
    pub lit_through: bool,
}

/// What becomes of light that meets a pane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passage {
    /// The share that passes, 0..=1.
    pub transmittance: f32,
    /// The share that is thrown back, 0..=1.
    pub reflectance: f32,
}

impl Pane {
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("the glass's transmission", self.transmission, 0.02, 0.918)?;
        within("the glass's angle", self.angle, 0.0, 85.0)
    }

    /// Both shares at the pane's angle, for unpolarised light: Fresnel's
    /// equations at both surfaces, all reflections between them (incoherent),
    /// and absorption that grows with the way through the glass.
    pub fn passage(&self) -> Passage {
        let normal = surface(0.0)[0];
        let (t, one) = (f64::from(self.transmission), 1.0 - normal);
        // The internal transmittance that gives `t` at normal incidence:
        // t = (1-r)^2 a / (1 - r^2 a^2), solved for a.
        let square = normal * normal * t;
        let inner = ((one.powi(4) + 4.0 * square * t).sqrt() - one * one) / (2.0 * square);
        let sine = f64::from(self.angle).to_radians().sin() / INDEX;
        let way = 1.0 / (1.0 - sine * sine).sqrt();
        let a = inner.clamp(0.0, 1.0).powf(way);
        let [s, p] = surface(f64::from(self.angle).to_radians()).map(|r| {
            let echo = 1.0 - r * r * a * a;
            let through = (1.0 - r).powi(2) * a / echo;
            (through, r + r * (1.0 - r).powi(2) * a * a / echo)
        });
        Passage {
            transmittance: ((s.0 + p.0) / 2.0) as f32,
            reflectance: ((s.1 + p.1) / 2.0) as f32,
        }
    }

    /// The share of the face's light that reaches the camera.
    pub(crate) fn of_the_face(&self) -> f32 {
        let out = self.passage().transmittance;
        // Light comes in from all sides: the nominal value stands for it.
        if self.lit_through {
            out * self.transmission
        } else {
            out
        }
    }
}

/// The reflectance of one surface for light polarised across and along the
/// plane of incidence (Fresnel's equations).
fn surface(angle: f64) -> [f64; 2] {
    let cosine = angle.cos();
    let inside = (1.0 - (angle.sin() / INDEX).powi(2)).sqrt();
    let across = (cosine - INDEX * inside) / (cosine + INDEX * inside);
    let along = (INDEX * cosine - inside) / (INDEX * cosine + inside);
    [across * across, along * along]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pane;

    fn pane(transmission: f32, angle: f32) -> Pane {
        Pane {
            transmission,
            angle,
            lit_through: false,
        }
    }

    #[test]
    fn agrees_with_the_textbook() {
        // Clear glass of index 1.52, both surfaces: 8.2 % at normal incidence;
        // at Brewster's angle (56.66 degrees) only the crosswise half reflects:
        // r = ((n^2-1)/(n^2+1))^2 = 0.1569 a surface, 2r/(1+r)/2 = 0.1356.
        for (angle, reflectance) in [(0.0, 0.0817), (56.66, 0.1356), (80.0, 0.5440)] {
            let found = pane(0.918, angle).passage();
            assert!(
                (found.reflectance - reflectance).abs() < 2e-3,
                "{angle}: {found:?}"
            );
        }
        for transmission in [0.15, 0.35, 0.7] {
            let found = pane(transmission, 0.0).passage();
            assert!(
                (found.transmittance - transmission).abs() < 1e-5,
                "{found:?}"
            );
        }
        // A tinted pane's far side hardly reflects: about 4 % are left.
        let tinted = pane(0.05, 0.0).passage().reflectance;
        assert!((tinted - 0.0427).abs() < 1e-3, "{tinted}");
    }

    proptest! {
        #[test]
        fn no_light_is_made(transmission in 0.02_f32..0.918, angle in 0.0_f32..85.0) {
            let found = pane(transmission, angle).passage();
            prop_assert!(found.transmittance > 0.0 && found.reflectance > 0.0);
            prop_assert!(found.transmittance + found.reflectance <= 1.0 + 1e-5);
            let steeper = pane(transmission, (angle + 2.0).min(85.0)).passage();
            prop_assert!(steeper.transmittance <= found.transmittance + 1e-3);
        }
    }
}
