//! A second look finds the synthetic faces that the dark hid, where they are,
//! and nobody where there is nobody; a look near faces finds whether they are still there.

use std::path::{Path, PathBuf};

use rowcall_face::{Detector, Image, Manifest, Point, Rect, Search, Worker};
use rowcall_picture::Limits;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn detector() -> Detector {
    let models = root().join("models");
    let text = std::fs::read_to_string(models.join("yunet.toml")).expect("a manifest");
    let Manifest::Detector(yunet) = Manifest::parse(&text).expect("a valid manifest") else {
        unreachable!("yunet.toml describes a detector")
    };
    let file = std::fs::read(models.join(&yunet.file)).expect("a model");
    Detector::load(yunet, &file).expect("the shipped detector")
}

/// A synthetic portrait, so many stops darker, with a sensor's read noise.
fn portrait(person: &str, stops: i32) -> Image {
    let path = root().join(format!("samples/portraits/{person}.jpg"));
    let bytes = std::fs::read(path).expect("a portrait");
    let image = Image::decode(&bytes, &Limits::FRAME).expect("a portrait");
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let dark = |v: &u8| {
        let light = (f32::from(*v) / 255.0).powf(2.2) * 2_f32.powi(-stops) + 4e-4 * noise();
        (255.0 * light.max(0.0).powf(1.0 / 2.2)) as u8
    };
    let rgb = image.rgb().iter().map(dark).collect();
    Image::from_rgb(image.width(), image.height(), rgb).expect("as many pixels")
}

#[test]
fn finds_what_the_dark_hid() {
    let (detector, worker) = (detector(), Worker::new());
    let first = |image: &Image| {
        let found = detector.detect(image, Search::Frame, &worker);
        found.expect("a detection")
    };
    let mut regained = 0;
    for person in ["p01", "p05", "p09", "p12"] {
        let bright = first(&portrait(person, 0))[0];
        for stops in [8, 9, 10] {
            let dark = portrait(person, stops);
            if !first(&dark).is_empty() {
                continue;
            }
            // The left tenth isn't looked at: places must be the picture's.
            let from = dark.width() as f32 / 10.0;
            let region = Rect {
                x: from,
                y: 0.0,
                width: dark.width() as f32 - from,
                height: 1e6,
            };
            let found = detector
                .detect_again(&dark, region, &worker)
                .expect("a look");
            let Some(again) = found.first() else { continue };
            regained += 1;
            let overlap = again.face.overlap(bright.face);
            assert!(overlap > 0.5, "{person} at -{stops}: {overlap}");
            assert!(again.confidence < bright.confidence, "{person} at -{stops}");
        }
    }
    assert!(regained >= 3, "{regained} found again");
}

#[test]
fn finds_nobody_in_noise_or_outside_the_picture() {
    let (detector, worker) = (detector(), Worker::new());
    let image = portrait("p01", 30);
    let rect = |x, y, width, height| Rect {
        x,
        y,
        width,
        height,
    };
    for region in [
        rect(0.0, 0.0, 413.0, 531.0),
        rect(500.0, 0.0, 100.0, 100.0),
        rect(-200.0, -200.0, 100.0, 100.0),
        rect(10.0, 10.0, 0.0, 0.0),
        rect(f32::NAN, 0.0, 100.0, 100.0),
    ] {
        let found = detector.detect_again(&image, region, &worker);
        assert_eq!(found.expect("a look"), [], "{region:?}");
    }
}

fn frame(path: &str) -> Image {
    let bytes = std::fs::read(root().join("samples/vehicles").join(path)).expect("a frame");
    Image::decode(&bytes, &Limits::FRAME).expect("a frame")
}

#[test]
fn at_a_glance_are_those_who_are_found_in_the_whole() {
    let (detector, worker) = (detector(), Worker::new());
    let mut faces = 0;
    for camera in ["front", "left", "right"] {
        let image = frame(&format!("family/frames/{camera}/0001.jpg"));
        let whole = detector
            .detect(&image, Search::Frame, &worker)
            .expect("a detection");
        let glance = detector.glance(&image, &worker).expect("a detection");
        for one in &whole {
            let overlap = glance.iter().map(|d| d.face.overlap(one.face));
            let best = overlap.fold(0.0, f32::max);
            assert!(best > 0.6, "{camera}: {one:?} among {glance:?}");
            faces += 1;
        }
        assert_eq!(glance.len(), whole.len(), "{camera}: nobody else");
    }
    assert!(faces >= 4, "{faces}");
}

#[test]
fn near_a_face_is_found_what_is_found_in_the_whole() {
    let (detector, worker) = (detector(), Worker::new());
    let mut image = frame("family/frames/front/0001.jpg");
    let whole = detector
        .detect(&image, Search::Frame, &worker)
        .expect("a detection");
    let near = |image: &Image, face| {
        let found = detector.detect_near(image, face, &worker);
        found.expect("a detection")
    };
    for one in &whole {
        // It moved a little, as between two frames.
        let before = Rect {
            x: one.face.x + 0.2 * one.face.width,
            ..one.face
        };
        let found = near(&image, before);
        let overlap = found.iter().map(|d| d.face.overlap(one.face));
        let best = overlap.fold(0.0, f32::max);
        assert!(best > 0.8, "{one:?} among {found:?}");
    }
    let gone = whole[0].face;
    let (x, y) = (gone.x, gone.y);
    let (right, bottom) = (x + gone.width, y + gone.height);
    let corners = [(x, y), (right, y), (right, bottom), (x, bottom)];
    image.mask(&[corners.map(|(x, y)| Point::new(x, y)).to_vec()]);
    let found = near(&image, gone);
    assert!(
        found.iter().all(|d| d.face.overlap(gone) < 0.1),
        "{found:?}"
    );
}

/// How small a face may be and still be seen at a glance: docs/lane.md has the counts.
#[test]
fn most_faces_of_28_pixels_are_seen_at_a_glance() {
    let (detector, worker) = (detector(), Worker::new());
    // Of smaller and larger ones: those seen, and all.
    let mut counts = [(0, 0); 2];
    for vehicle in ["couple", "family", "minivan", "night-nir"] {
        for camera in ["front", "left", "right"] {
            let full = frame(&format!("{vehicle}/frames/{camera}/0001.jpg"));
            for factor in [1, 2, 3, 4] {
                let image = full.reduced(factor).expect("a smaller picture");
                let whole = detector
                    .detect(&image, Search::Frame, &worker)
                    .expect("a detection");
                let glance = detector.glance(&image, &worker).expect("a detection");
                for one in whole {
                    let is_seen = glance.iter().any(|d| d.face.overlap(one.face) > 0.3);
                    let (seen, all) = &mut counts[usize::from(one.face.width >= 28.0)];
                    *seen += usize::from(is_seen);
                    *all += 1;
                }
            }
        }
    }
    println!("seen at a glance, below 28 pixels and from there on: {counts:?}");
    let [_, (seen, all)] = counts;
    assert!(all > 100 && 100 * seen >= 95 * all, "{seen} of {all}");
}
