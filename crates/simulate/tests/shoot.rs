//! What conditions do to a made-up face, whose numbers can be foretold.

use image::{Rgb, RgbImage};
use proptest::prelude::*;
use rowcall_simulate::{
    Blur, Camera, Conditions, Cover, ErrorKind, Exposure, Face, Glasses, Pane, Sensor, Side,
    Source, Veil, shoot,
};

const FACE: Face = Face {
    x: 60.0,
    y: 60.0,
    eye_distance: 40.0,
};

/// A grey disc (sRGB 118, 18 % of the light) with two dark eyes on black.
fn portrait() -> RgbImage {
    RgbImage::from_fn(120, 120, |x, y| {
        let at = |cx: f32, cy: f32| (x as f32 - cx).hypot(y as f32 - cy);
        let eye = at(40.0, 50.0) < 5.0 || at(80.0, 50.0) < 5.0;
        let value = if eye {
            40
        } else if at(60.0, 60.0) < 48.0 {
            118
        } else {
            0
        };
        Rgb([value, value, value])
    })
}

fn shot(conditions: &Conditions) -> RgbImage {
    shoot(&portrait(), FACE, conditions, 1)
        .expect("in range")
        .picture
}

/// Mean and standard deviation of the middle of the face, in sRGB's values.
fn cheek(picture: &RgbImage) -> (f64, f64) {
    let values: Vec<f64> = (60..80)
        .flat_map(|y| (50..70).map(move |x| (x, y)))
        .map(|(x, y)| f64::from(picture.get_pixel(x, y).0[1]))
        .collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (
        mean,
        (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt(),
    )
}

fn tinted(transmission: f32, exposure: Exposure) -> Conditions {
    Conditions {
        pane: Some(Pane {
            transmission,
            angle: 0.0,
            lit_through: true,
        }),
        camera: Camera {
            exposure,
            ..Camera::default()
        },
        ..Conditions::default()
    }
}

const ZONE: Exposure = Exposure::Metered {
    outside: 0.0,
    outside_luminance: 0.0,
};
const FRAME: Exposure = Exposure::Metered {
    outside: 0.7,
    outside_luminance: 0.54,
};

#[test]
fn glass_takes_light_and_metering_gives_it_back_with_noise() {
    let clear = cheek(&shot(&Conditions::default()));
    assert!((clear.0 - 118.0).abs() < 1.0, "{clear:?}");
    // 0.18 * 0.35^2 of the light is 41 in sRGB.
    let fixed = cheek(&shot(&tinted(0.35, Exposure::default())));
    assert!((fixed.0 - 41.0).abs() < 1.0, "{fixed:?}");
    let (frame, zone) = (
        cheek(&shot(&tinted(0.35, FRAME))),
        cheek(&shot(&tinted(0.35, ZONE))),
    );
    assert!(
        frame.0 < fixed.0,
        "the outside is brighter than the face: {frame:?}"
    );
    assert!(
        zone.0 > 100.0 && zone.1 > 1.2 * clear.1,
        "{zone:?} {clear:?}"
    );
}

#[test]
fn a_veil_lifts_the_dark_and_a_lamp_covers_a_part() {
    let veiled = |source, luminance| {
        let mut conditions = tinted(0.75, Exposure::default());
        conditions.pane = Some(Pane {
            transmission: 0.75,
            angle: 60.0,
            lit_through: true,
        });
        conditions.veil = Some(Veil { source, luminance });
        shot(&conditions)
    };
    let dark = |p: &RgbImage| p.get_pixel(40, 50).0[1].min(p.get_pixel(80, 50).0[1]);
    let (none, sky) = (veiled(Source::Sky, 0.0), veiled(Source::Sky, 10.0));
    assert!(
        dark(&sky) > dark(&none) + 40,
        "{} {}",
        dark(&sky),
        dark(&none)
    );
    let white = |p: &RgbImage| p.pixels().filter(|p| p.0[1] > 250).count();
    let lamp = white(&veiled(Source::Lamp, 100.0));
    assert!(lamp > 200 && lamp < 120 * 120 / 2, "{lamp}");
}

#[test]
fn scale_noise_infrared_and_compression_do_what_they_say() {
    let small = shoot(
        &portrait(),
        FACE,
        &Conditions {
            eye_distance: Some(10.0),
            ..Conditions::default()
        },
        1,
    );
    let small = small.expect("in range");
    assert_eq!(small.picture.dimensions(), (30, 30));
    assert_eq!(
        small.face,
        Face {
            x: 15.0,
            y: 15.0,
            eye_distance: 10.0
        }
    );
    let gain = shot(&Conditions {
        camera: Camera {
            exposure: Exposure::Fixed {
                stops: -6.0,
                gain: 36.12,
            },
            ..Camera::default()
        },
        ..Conditions::default()
    });
    let (mean, deviation) = cheek(&gain);
    // 29.5 electrons, 5.9 of noise: a fifth of the light, some 11 in sRGB.
    assert!(
        (mean - 117.0).abs() < 4.0 && (deviation - 11.0).abs() < 2.0,
        "{mean} {deviation}"
    );
    let infrared = shot(&Conditions {
        near_infrared: 1.0,
        ..Conditions::default()
    });
    assert!(
        infrared
            .pixels()
            .all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2])
    );
    assert!(cheek(&infrared).0 > 170.0, "{:?}", cheek(&infrared));
    let rough = shot(&Conditions {
        jpeg: Some(5),
        ..Conditions::default()
    });
    assert_ne!(
        rough,
        shot(&Conditions {
            jpeg: Some(95),
            ..Conditions::default()
        })
    );
}

#[test]
fn says_what_is_out_of_range() {
    let base = Conditions::default();
    for (case, conditions) in [
        (
            "eye distance",
            Conditions {
                eye_distance: Some(1.0),
                ..base
            },
        ),
        (
            "near-infrared",
            Conditions {
                near_infrared: 1.5,
                ..base
            },
        ),
        ("transmission", tinted(0.99, ZONE)),
        ("transmission", tinted(f32::NAN, ZONE)),
        (
            "defocus",
            Conditions {
                blur: Blur {
                    defocus: 99.0,
                    ..Blur::default()
                },
                ..base
            },
        ),
        (
            "JPEG quality",
            Conditions {
                jpeg: Some(0),
                ..base
            },
        ),
        (
            "full well",
            Conditions {
                camera: Camera {
                    sensor: Sensor {
                        full_well: 1.0,
                        ..Sensor::default()
                    },
                    ..Camera::default()
                },
                ..base
            },
        ),
    ] {
        let error = shoot(&portrait(), FACE, &conditions, 1).expect_err(case);
        assert_eq!(error.kind(), ErrorKind::Parameter, "{case}");
        assert!(error.to_string().contains(case), "{case}: {error}");
    }
    let tiny = RgbImage::new(20, 20);
    let small = Conditions {
        eye_distance: Some(4.0),
        ..base
    };
    let error = shoot(&tiny, FACE, &small, 1).expect_err("too small");
    assert_eq!(error.kind(), ErrorKind::Picture);
}

#[test]
fn a_cover_hides_its_side_of_the_face_and_nothing_else() {
    let covered = |from, share| {
        let conditions = Conditions {
            cover: Some(Cover { from, share }),
            ..Conditions::default()
        };
        shot(&conditions)
    };
    let clear = shot(&Conditions::default());
    assert_eq!(covered(Side::Below, 0.0), clear, "no share, no cover");
    // How many pixels of a row or column through the middle have changed.
    let changed = |picture: &RgbImage, points: &mut dyn Iterator<Item = (u32, u32)>| {
        let differs = |&(x, y): &(u32, u32)| {
            let [a, b] = [picture, &clear].map(|p| p.get_pixel(x, y).0[1]);
            a.abs_diff(b) > 12
        };
        points.filter(differs).count()
    };
    // Of what lies between brow and chin (24 to 104) or beside (22 to 98).
    for (from, share) in [
        (Side::Below, 0.3),
        (Side::Below, 0.5),
        (Side::Above, 0.3),
        (Side::Beside, 0.3),
    ] {
        let picture = covered(from, share);
        let down = changed(&picture, &mut (24..104).map(|y| (60, y))) as f32 / 80.0;
        let across = changed(&picture, &mut (22..98).map(|x| (x, 64))) as f32 / 76.0;
        let (along, other) = match from {
            Side::Beside => (across, down),
            _ => (down, across),
        };
        assert!((along - share).abs() < 0.12, "{from:?} {share}: {along}");
        assert!(other < 0.2 || share >= 0.5, "{from:?} {share}: {other}");
    }
    let error = shoot(
        &portrait(),
        FACE,
        &Conditions {
            cover: Some(Cover {
                from: Side::Below,
                share: 1.5,
            }),
            ..Conditions::default()
        },
        1,
    );
    assert_eq!(
        error.expect_err("more than all").kind(),
        ErrorKind::Parameter
    );
}

#[test]
fn dark_glasses_hide_the_eyes_and_nothing_else() {
    let with = |transmission| {
        shot(&Conditions {
            glasses: Some(Glasses { transmission }),
            ..Conditions::default()
        })
    };
    let clear = shot(&Conditions::default());
    assert_eq!(with(1.0), clear, "clear glass is no glass");
    let eyes = |picture: &RgbImage| {
        let lens = |x: f32| {
            let x = (FACE.x + x * FACE.eye_distance) as u32;
            let y = (FACE.y - 0.55 * FACE.eye_distance) as u32;
            u32::from(picture.get_pixel(x, y).0[1])
        };
        lens(-0.5) + lens(0.5)
    };
    let (dark, darker) = (eyes(&with(0.43)), eyes(&with(0.1)));
    assert!(
        darker < dark && dark < eyes(&clear),
        "{darker} {dark} {}",
        eyes(&clear)
    );
    // Forehead and mouth stay as they are.
    for down in [-1.3, 0.5] {
        let y = (FACE.y + down * FACE.eye_distance) as u32;
        let (a, b) = (with(0.1), clear.clone());
        let at = |picture: &RgbImage| picture.get_pixel(FACE.x as u32, y).0;
        // But for the sensor's noise, which is drawn pixel after pixel.
        let apart = at(&a).into_iter().zip(at(&b)).map(|(a, b)| a.abs_diff(b));
        assert!(apart.max() <= Some(4), "{down}");
    }
    let error = shoot(
        &portrait(),
        FACE,
        &Conditions {
            glasses: Some(Glasses { transmission: 0.0 }),
            ..Conditions::default()
        },
        1,
    );
    assert_eq!(error.expect_err("opaque").kind(), ErrorKind::Parameter);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_same_arguments_give_the_same_picture_and_nothing_panics(
        seed in 0_u64..,
        eyes in 4.0_f32..80.0,
        transmission in 0.02_f32..0.9,
        angle in 0.0_f32..85.0,
        luminance in 0.0_f32..1000.0,
        defocus in 0.0_f32..6.0,
        motion in 0.0_f32..9.0,
        near_infrared in 0.0_f32..=1.0,
        jpeg in 1_u8..=100,
        outside in 0.0_f32..=1.0,
        share in 0.0_f32..=1.0,
    ) {
        let from = [Side::Below, Side::Above, Side::Beside][(seed % 3) as usize];
        let conditions = Conditions {
            eye_distance: Some(eyes),
            cover: Some(Cover { from, share }),
            glasses: None,
            near_infrared,
            pane: Some(Pane { transmission, angle, lit_through: seed.is_multiple_of(2) }),
            veil: Some(Veil { source: if seed.is_multiple_of(3) { Source::Sky } else { Source::Lamp }, luminance }),
            blur: Blur { defocus, motion, direction: 30.0 },
            camera: Camera {
                exposure: Exposure::Metered { outside, outside_luminance: 0.54 },
                ..Camera::default()
            },
            jpeg: Some(jpeg),
        };
        let shoot = |seed| shoot(&portrait(), FACE, &conditions, seed).expect("in range");
        let one = shoot(seed);
        prop_assert_eq!(&one, &shoot(seed));
        prop_assert_eq!(one.picture.width(), one.picture.height());
    }
}
