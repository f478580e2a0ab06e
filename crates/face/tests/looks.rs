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
fn near_a_face_is_found_what_is_found_in_the_whole() {
    let (detector, worker) = (detector(), Worker::new());
    let mut faces = 0;
    for camera in ["front", "left", "right"] {
        let image = frame(&format!("family/frames/{camera}/0001.jpg"));
        let whole = detector
            .detect(&image, Search::Frame, &worker)
            .expect("a detection");
        // They moved a little, as between two frames.
        let moved = whole.iter().map(|d| Rect {
            x: d.face.x + 0.2 * d.face.width,
            ..d.face
        });
        let moved: Vec<Rect> = moved.collect();
        let near = detector
            .detect_near(&image, &moved, &worker)
            .expect("a detection")
            .expect("small faces");
        for one in &whole {
            let again = near.iter().map(|d| d.face.overlap(one.face));
            let best = again.fold(0.0, f32::max);
            assert!(best > 0.8, "{camera}: {one:?} among {near:?}");
            faces += 1;
        }
        assert_eq!(near.len(), whole.len(), "{camera}: nobody else");
    }
    assert!(faces >= 4, "{faces}");
}

#[test]
fn who_has_gone_is_not_found_near() {
    let (detector, worker) = (detector(), Worker::new());
    let mut image = frame("family/frames/front/0001.jpg");
    let whole = detector
        .detect(&image, Search::Frame, &worker)
        .expect("a detection");
    let all: Vec<Rect> = whole.iter().map(|d| d.face).collect();
    let (x, y) = (all[0].x, all[0].y);
    let (right, bottom) = (x + all[0].width, y + all[0].height);
    let corners = [(x, y), (right, y), (right, bottom), (x, bottom)];
    image.mask(&[corners.map(|(x, y)| Point::new(x, y)).to_vec()]);
    let near = detector
        .detect_near(&image, &all, &worker)
        .expect("a detection")
        .expect("small faces");
    assert_eq!(near.len(), all.len() - 1);
    assert!(near.iter().all(|d| d.face.overlap(all[0]) < 0.1));
}

#[test]
fn what_would_cost_as_much_as_the_whole_is_not_looked_at_near() {
    let (detector, worker) = (detector(), Worker::new());
    let image = frame("family/frames/front/0001.jpg");
    let face = |side: f32| Rect {
        x: 300.0,
        y: 200.0,
        width: side,
        height: side,
    };
    for (faces, is_cheap) in [
        (vec![], true),
        (vec![face(60.0)], true),
        (vec![face(230.0)], true),
        (vec![face(240.0)], false),
        (vec![face(60.0); 30], false),
    ] {
        let near = detector.detect_near(&image, &faces, &worker);
        assert_eq!(near.expect("a detection").is_some(), is_cheap, "{faces:?}");
    }
}
