//! The conditions that faces are put under, one at a time.

use rowcall_simulate::{
    Blur, Camera, Conditions, Cover, Exposure, Glasses, Pane, Side, Source, Veil,
};

/// A condition and the values of its parameter.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called in a report.
    pub title: &'static str,
    /// What varies, with its unit.
    pub parameter: &'static str,
    /// The values, from harmless to harmful.
    pub values: &'static [f32],
    /// Whether values belong on a logarithmic axis.
    pub is_logarithmic: bool,
    /// What is held while it varies.
    pub held: &'static str,
    /// Where the range comes from, or that it is an assumption.
    pub source: &'static str,
    make: fn(f32) -> Conditions,
}

/// Side windows and windscreens, as leaning as they are (assumption).
const SIDE: f32 = 20.0;
const WINDSCREEN: f32 = 60.0;
/// A windscreen's transmission: UN Regulation No. 43 asks for 0.70.
const CLEAR: f32 = 0.75;
const TINTS: &[f32] = &[0.75, 0.45, 0.35, 0.25, 0.15];
const COVERS: &[f32] = &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5];
const ZONE: Exposure = Exposure::Metered {
    outside: 0.0,
    outside_luminance: 0.0,
};
const FRAME: Exposure = Exposure::Metered {
    outside: 0.7,
    outside_luminance: 0.54,
};

/// All conditions, in the order of a report.
pub const CONDITIONS: [Condition; 16] = [
    Condition {
        name: "eye-distance",
        title: "Distance: pixels between the eyes",
        parameter: "inter-eye distance in pixels",
        values: &[60.0, 40.0, 24.0, 20.0, 16.0, 13.0, 10.0],
        is_logarithmic: true,
        held: "no glass, exposure as in the original",
        source: "60 to 10 px as asked for; 40 px in the other conditions is an assumption. Photographs of some 42 px gain no detail by being enlarged to 60",
        make: |v| Conditions {
            eye_distance: Some(v),
            ..base()
        },
    },
    Condition {
        name: "tint-fixed",
        title: "Tinted glass, exposure set once",
        parameter: "transmission of the glass",
        values: TINTS,
        is_logarithmic: false,
        held: "glass at 20 degrees, light passes it twice, exposure stays as without glass",
        source: "70 % at least before the driver (UN Regulation No. 43); 15 % is usual privacy glass (assumption)",
        make: |v| tint(v, Exposure::default()),
    },
    Condition {
        name: "tint-frame",
        title: "Tinted glass, exposure metered on the whole frame",
        parameter: "transmission of the glass",
        values: TINTS,
        is_logarithmic: false,
        held: "as before; 70 % of what is metered is the outside, three times as bright as mid grey (assumption)",
        source: "as before",
        make: |v| tint(v, FRAME),
    },
    Condition {
        name: "tint-zone",
        title: "Tinted glass, exposure metered on the seat's zone",
        parameter: "transmission of the glass",
        values: TINTS,
        is_logarithmic: false,
        held: "as before; the face alone is metered, up to 2 stops of light and 24 dB of gain (assumption)",
        source: "as before",
        make: |v| tint(v, ZONE),
    },
    Condition {
        name: "sky",
        title: "Sky reflected in the glass",
        parameter: "luminance of the sky over that of white in the cabin",
        values: &[0.0, 2.0, 5.0, 10.0, 20.0],
        is_logarithmic: false,
        held: "glass of 75 % at 60 degrees, metered on the zone",
        source: "an overcast sky's zenith has 9 E / (7 pi) (CIE S 011); that a cabin gets a tenth of E, so a ratio of 13, is an assumption",
        make: |v| veiled(v, WINDSCREEN, Source::Sky),
    },
    Condition {
        name: "glass-angle",
        title: "Sky reflected at the glass's angle",
        parameter: "angle between line of sight and the glass's normal in degrees",
        values: &[0.0, 45.0, 55.0, 65.0, 72.0, 78.0],
        is_logarithmic: false,
        held: "glass of 75 %, sky 5 times as bright as white in the cabin, metered on the zone",
        source: "Fresnel's equations, index 1.52; windscreens lean 60 to 65 degrees (assumption)",
        make: |v| veiled(5.0, v, Source::Sky),
    },
    Condition {
        name: "lamp",
        title: "Lamp reflected on the face",
        parameter: "luminance of the lamp over that of white in the cabin",
        values: &[0.0, 3.0, 10.0, 30.0, 100.0],
        is_logarithmic: false,
        held: "glass of 75 % at 60 degrees, a patch about a face wide somewhere on the face, metered on the zone",
        source: "assumption",
        make: |v| veiled(v, WINDSCREEN, Source::Lamp),
    },
    Condition {
        name: "exposure",
        title: "Wrong exposure",
        parameter: "exposure against the original's in stops",
        values: &[-8.0, -7.0, -6.0, -5.0, -4.0, -2.0, 0.0, 2.0, 3.0],
        is_logarithmic: false,
        held: "no glass, no gain",
        source: "assumption; glass of 15 % passed twice takes 5.5 stops",
        make: |v| {
            exposed(Exposure::Fixed {
                stops: v,
                gain: 0.0,
            })
        },
    },
    Condition {
        name: "gain",
        title: "Little light, made up for by gain",
        parameter: "gain in decibels",
        values: &[0.0, 24.0, 36.0, 42.0, 48.0],
        is_logarithmic: false,
        held: "no glass; the light is less by what the gain makes up",
        source: "0 to 48 dB is what machine-vision cameras offer (assumption); noise by EMVA 1288 figures of 3.45 um sensors",
        make: |v| {
            exposed(Exposure::Fixed {
                stops: -v / 6.0206,
                gain: v,
            })
        },
    },
    Condition {
        name: "defocus",
        title: "Out of focus",
        parameter: "radius of the blur disc in pixels, at 40 px between the eyes",
        values: &[0.0, 2.0, 4.0, 6.0, 8.0],
        is_logarithmic: false,
        held: "no glass",
        source: "5.5 px for a face a metre before the focus of a 25 mm f/2.8 lens at 3 m (geometry; the lens is an assumption)",
        make: |v| {
            blurred(Blur {
                defocus: v,
                ..Blur::default()
            })
        },
    },
    Condition {
        name: "motion",
        title: "Moved while the shutter was open",
        parameter: "way in pixels, at 40 px between the eyes",
        values: &[0.0, 4.0, 8.0, 12.0, 16.0, 20.0],
        is_logarithmic: false,
        held: "no glass, movement along the picture's width",
        source: "4.4 px at 5 km/h and 5 ms (geometry)",
        make: |v| {
            blurred(Blur {
                motion: v,
                ..Blur::default()
            })
        },
    },
    Condition {
        name: "near-infrared",
        title: "Near-infrared light",
        parameter: "way from colour to near-infrared; grey at 0.5",
        values: &[0.0, 0.5, 1.0],
        is_logarithmic: false,
        held: "no glass, metered on the zone",
        source: "an approximation from red light, no spectral model (assumption)",
        make: |v| Conditions {
            near_infrared: v,
            ..exposed(ZONE)
        },
    },
    Condition {
        name: "jpeg",
        title: "JPEG compression",
        parameter: "quality on the libjpeg scale",
        values: &[75.0, 30.0, 20.0, 10.0, 5.0],
        is_logarithmic: true,
        held: "no glass",
        source: "the scale's whole useful range",
        make: |v| Conditions {
            jpeg: Some(v as u8),
            ..base()
        },
    },
    Condition {
        name: "cover-below",
        title: "Covered from below",
        parameter: "share of the face's height from chin to brow that is hidden",
        values: COVERS,
        is_logarithmic: false,
        held: "no glass; something plain, a sixth to one and a half times as bright as the face, with a leaning edge",
        source: "a hand, a mask, a dashboard (assumption)",
        make: |v| covered(v, Side::Below),
    },
    Condition {
        name: "cover-above",
        title: "Covered from above",
        parameter: "share of the face's height from brow to chin that is hidden",
        values: COVERS,
        is_logarithmic: false,
        held: "as before",
        source: "a sun visor, a cap (assumption)",
        make: |v| covered(v, Side::Above),
    },
    Condition {
        name: "cover-beside",
        title: "Covered from one side",
        parameter: "share of the face's width that is hidden",
        values: COVERS,
        is_logarithmic: false,
        held: "as before",
        source: "a pillar, a headrest, a neighbour (assumption)",
        make: |v| covered(v, Side::Beside),
    },
];

/// What people wear before their faces, in the order of a report: apart from
/// [`CONDITIONS`], since a document's portrait may have it too
/// ([`crate::StressSet::covers`]).
pub const COVERS_WORN: [Condition; 3] = [
    Condition {
        name: "dark-glasses",
        title: "Dark glasses",
        parameter: "transmission of a lens; 1 is none",
        values: &[1.0, 0.43, 0.18, 0.08],
        is_logarithmic: true,
        held: "no other glass; two lenses and a frame, their size, roundness, tint and brightness everybody's own",
        source: "the limits of categories 2 and 3 of ISO 12312-1; shapes are an assumption",
        make: |v| Conditions {
            glasses: Some(Glasses { transmission: v }),
            ..base()
        },
    },
    Condition {
        name: "cap",
        title: "A cap, from the brow up",
        parameter: "share of the face's height from brow to chin that is hidden",
        values: &[0.0, 0.05, 0.1, 0.15],
        is_logarithmic: false,
        held: "no glass; something plain, a sixth to one and a half times as bright as the face, with a leaning edge",
        source: "0.1 hides the brows, 0.15 reaches the lids (assumption)",
        make: |v| covered(v, Side::Above),
    },
    Condition {
        name: "mask",
        title: "A mask, from the nose down",
        parameter: "share of the face's height from chin to brow that is hidden",
        values: &[0.0, 0.4, 0.5, 0.6],
        is_logarithmic: false,
        held: "as before",
        source: "0.5 reaches the tip of the nose, 0.6 its bridge (assumption)",
        make: |v| covered(v, Side::Below),
    },
];

impl Condition {
    /// What a picture is put under at this value.
    pub fn at(&self, value: f32) -> Conditions {
        (self.make)(value)
    }

    /// The condition of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        let mut all = CONDITIONS.iter().chain(&COVERS_WORN);
        all.find(|c| c.name == name)
    }
}

/// What every condition starts from: 40 px between the eyes, no glass, the
/// original's exposure, the default sensor, JPEG at 85.
pub fn base() -> Conditions {
    Conditions {
        eye_distance: Some(40.0),
        jpeg: Some(85),
        ..Conditions::default()
    }
}

fn exposed(exposure: Exposure) -> Conditions {
    Conditions {
        camera: Camera {
            exposure,
            ..Camera::default()
        },
        ..base()
    }
}

fn covered(share: f32, from: Side) -> Conditions {
    Conditions {
        cover: Some(Cover { from, share }),
        ..base()
    }
}

fn blurred(blur: Blur) -> Conditions {
    Conditions { blur, ..base() }
}

fn tint(transmission: f32, exposure: Exposure) -> Conditions {
    Conditions {
        pane: Some(Pane {
            transmission,
            angle: SIDE,
            lit_through: true,
        }),
        ..exposed(exposure)
    }
}

fn veiled(luminance: f32, angle: f32, source: Source) -> Conditions {
    Conditions {
        pane: Some(Pane {
            transmission: CLEAR,
            angle,
            lit_through: true,
        }),
        veil: Some(Veil { source, luminance }),
        ..exposed(ZONE)
    }
}
