//! The pixels of JPEGs: those of the image crate's decoder, at every size.

use image::{DynamicImage, ImageFormat, imageops::FilterType};
use rowcall_picture::{Image, Limits, Luma};

use crate::encoder::{Kind, picture};

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for sampling in [
        vec![(1, 1)],
        vec![(2, 2)],
        vec![(1, 1); 3],
        vec![(2, 2), (1, 1), (1, 1)],
        vec![(2, 1), (1, 1), (1, 1)],
        vec![(1, 2), (1, 1), (1, 1)],
        vec![(4, 1), (1, 1), (1, 1)],
        vec![(1, 1); 4],
    ] {
        for (progressive, together) in [(false, true), (false, false), (true, true), (true, false)]
        {
            for restart in [0, 1, 3, 7] {
                kinds.push(Kind {
                    size: (67, 45),
                    sampling: sampling.clone(),
                    progressive,
                    together,
                    restart,
                });
            }
        }
    }
    kinds
}

fn theirs(file: &[u8]) -> Option<DynamicImage> {
    image::load_from_memory_with_format(file, ImageFormat::Jpeg).ok()
}

/// Another decoder's mistakes: in sequential scans of one colour each it doesn't
/// know colours that are halved, and counts on to the next restart marker from one
/// scan into the next; and it takes quartered colours for doubled ones.
fn is_beyond_them(kind: &Kind) -> bool {
    let several = kind.sampling.len() > 1;
    let apart = several && !kind.progressive && !kind.together;
    let halved = kind.sampling[0] != (1, 1);
    (apart && (halved || kind.restart > 3)) || (several && kind.sampling[0].0 == 4)
}

#[test]
fn every_kind_has_the_pixels_of_another_decoder() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (seed, kind) in kinds().into_iter().enumerate() {
        let file = picture(&kind, seed as u32, 3).file;
        let ours = match Image::decode(&file, &Limits::FRAME) {
            Ok(ours) => ours,
            Err(error) => {
                wrong.push(format!("{kind:?}: {error}"));
                continue;
            }
        };
        if (ours.width() as usize, ours.height() as usize) != kind.size {
            wrong.push(format!("{kind:?}: {ours:?}"));
        }
        let Some(theirs) = theirs(&file).filter(|_| !is_beyond_them(&kind)) else {
            continue;
        };
        compared += 1;
        let theirs = theirs.into_rgb8();
        let differing = ours
            .rgb()
            .iter()
            .zip(theirs.as_raw())
            .filter(|(a, b)| a != b);
        let differing = differing.count();
        if differing > 0 {
            wrong.push(format!("{kind:?}: {differing} samples differ"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 80, "{compared} were compared");
}

/// The samples' frames and portraits.
#[test]
fn the_samples_have_the_pixels_of_another_decoder() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut files = Vec::new();
    find(&samples, &mut files);
    assert!(files.len() > 50, "{}", files.len());
    let mut wrong = Vec::new();
    // Every third is enough: they are of a few kinds.
    for path in files.iter().step_by(3) {
        let file = std::fs::read(path).expect("a sample");
        let ours = Image::decode(&file, &Limits::FRAME).expect("a sample");
        let theirs = image::load_from_memory(&file)
            .expect("a sample")
            .into_rgb8();
        if ours.rgb() != theirs.as_raw().as_slice() {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

pub(crate) fn find(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|e| e == "jpg" || e == "png") {
            files.push(path);
        }
    }
}

/// At a half, a quarter and an eighth a picture is what averaging would make of it.
#[test]
fn smaller_sizes_are_the_same_picture() {
    let photograph = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../samples/vehicles/couple/frames/front/0001.jpg");
    let baseline = std::fs::read(photograph).expect("a sample");
    let whole = image::load_from_memory(&baseline).expect("a sample");
    let mut png = std::io::Cursor::new(Vec::new());
    whole.write_to(&mut png, ImageFormat::Png).expect("encodes");
    let (width, height) = (whole.width(), whole.height());
    let mut wrong = Vec::new();
    for (name, file) in [("JPEG", &baseline), ("PNG", png.get_ref())] {
        for by in [2, 4, 8] {
            let size = (width.div_ceil(by), height.div_ceil(by));
            let limits = Limits {
                max_pixels: u64::from(size.0) * u64::from(size.1),
                ..Limits::FRAME
            };
            let ours = Image::decode(file, &limits).expect("a smaller picture");
            let grey = Luma::decode(file, &limits).expect("a smaller picture");
            let expected = whole.resize_exact(size.0, size.1, FilterType::Triangle);
            let expected = expected.into_rgb8();
            let apart = ours.rgb().iter().zip(expected.as_raw());
            let apart: u64 = apart.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            let mean = apart as f64 / expected.as_raw().len() as f64;
            if (ours.width(), ours.height()) != size || mean > 2.5 {
                wrong.push(format!("{name} by {by}: {ours:?}, {mean} apart"));
            }
            if (grey.width, grey.height) != size || grey.pixels.len() * 3 != ours.rgb().len() {
                wrong.push(format!("{name} by {by}, grey: {grey:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A progressive picture at a smaller size is the sequential one of the same
/// coefficients, although it keeps only some of them.
#[test]
fn progressive_pictures_are_smaller_alike() {
    let mut wrong = Vec::new();
    for sampling in [vec![(1, 1)], vec![(2, 2), (1, 1), (1, 1)], vec![(1, 1); 3]] {
        for by in [1, 2, 4, 8] {
            let of = |progressive: bool| {
                let kind = Kind {
                    size: (160, 130),
                    sampling: sampling.clone(),
                    progressive,
                    together: true,
                    restart: 0,
                };
                let limits = Limits {
                    max_pixels: 160_u64.div_ceil(by) * 130_u64.div_ceil(by),
                    ..Limits::FRAME
                };
                Image::decode(&picture(&kind, 7, 1).file, &limits)
            };
            match (of(false), of(true)) {
                (Ok(a), Ok(b))
                    if a.rgb() == b.rgb() && u64::from(a.width()) == 160_u64.div_ceil(by) => {}
                (a, b) => wrong.push(format!("{sampling:?} by {by}: {a:?} {b:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_picture_is_moved_and_black_comes_in() {
    let picture = |row: [u8; 3]| {
        let rgb = row.into_iter().chain(row.map(|v| v + 100));
        Image::from_rgb(3, 2, rgb.flat_map(|v| [v; 3]).collect()).expect("a picture")
    };
    for (by, row, second) in [
        (0, [1, 2, 3], [101, 102, 103]),
        (1, [0, 1, 2], [0, 101, 102]),
        (-2, [3, 0, 0], [103, 0, 0]),
        (3, [0; 3], [0; 3]),
        (i32::MIN, [0; 3], [0; 3]),
        (i32::MAX, [0; 3], [0; 3]),
    ] {
        let moved = picture([1, 2, 3]).shifted(by);
        let greys: Vec<u8> = moved.rgb().chunks(3).map(|p| p[0]).collect();
        assert_eq!(greys, [row, second].concat(), "{by}");
    }
}
