//! What is read, and what is said of the rest.

use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use rowcall_picture::{ErrorKind, Image, Limits, Turn, check_whole};

use crate::encoder::{Kind, picture};

fn drawn() -> RgbImage {
    RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, 99]))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("encoding");
    file.into_inner()
}

#[test]
fn pngs_have_the_pixels_of_another_decoder() {
    let colour = DynamicImage::from(drawn());
    let mut wrong = Vec::new();
    for (what, picture) in [
        ("grey", DynamicImage::from(colour.to_luma8())),
        ("grey, 16 bits", DynamicImage::from(colour.to_luma16())),
        ("colour, 16 bits", DynamicImage::from(colour.to_rgb16())),
        ("colour", colour.clone()),
        ("opaque alpha", DynamicImage::from(colour.to_rgba8())),
    ] {
        let file = encoded(&picture, ImageFormat::Png);
        let ours = Image::decode(&file, &Limits::FRAME).expect(what);
        if ours.rgb() != picture.into_rgb8().as_raw().as_slice() {
            wrong.push(what);
        }
    }
    let alpha = RgbaImage::from_fn(4, 1, |x, _| image::Rgba([0, 200, 255, x as u8 * 85]));
    let file = encoded(&alpha.into(), ImageFormat::Png);
    let ours = Image::decode(&file, &Limits::FRAME).expect("alpha");
    if ours.rgb()[..3] != [255; 3] || ours.rgb()[9..] != [0, 200, 255] {
        wrong.push("transparency on white");
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn cut_pngs_are_damaged() {
    let file = encoded(&drawn().into(), ImageFormat::Png);
    let mut wrong = Vec::new();
    // Its last 24 bytes are checksums, and the end of its data without a pixel.
    for cut in 8..file.len() - 24 {
        let error = Image::decode(&file[..cut], &Limits::FRAME)
            .err()
            .map(|e| e.kind());
        if error != Some(ErrorKind::Damaged) {
            wrong.push(format!("{cut}: {error:?}"));
        }
    }
    let mut zeros = file.clone();
    let middle = file.len() / 2;
    zeros[middle..middle + 20].fill(0);
    if Image::decode(&zeros, &Limits::FRAME).is_ok() {
        wrong.push("zeros".into());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A motion JPEG's frames leave out the tables that all of them have (T.81, K.3).
#[test]
fn a_jpeg_without_its_huffman_tables_has_the_standards() {
    let whole = encoded(&drawn().into(), ImageFormat::Jpeg);
    let mut bare = whole[..2].to_vec();
    let mut at = 2;
    while whole[at + 1] != 0xda {
        let length = 2 + usize::from(u16::from_be_bytes([whole[at + 2], whole[at + 3]]));
        if whole[at + 1] != 0xc4 {
            bare.extend(&whole[at..at + length]);
        }
        at += length;
    }
    bare.extend(&whole[at..]);
    assert!(bare.len() + 400 < whole.len(), "the tables are gone");
    let [a, b] = [whole, bare].map(|file| Image::decode(&file, &Limits::FRAME).expect("decodes"));
    assert_eq!(a.rgb(), b.rgb());
}

#[test]
fn what_is_not_read_is_named() {
    let bmp = [b"BM".as_slice(), &[0; 60]].concat();
    let twelve_bits = {
        let kind = Kind {
            size: (8, 8),
            sampling: vec![(1, 1)],
            progressive: false,
            together: true,
            restart: 0,
        };
        let mut file = picture(&kind, 1, 1).file;
        let frame = file
            .windows(2)
            .position(|m| m == [0xff, 0xc0])
            .expect("a frame");
        file[frame + 4] = 12;
        file
    };
    let mut wrong = Vec::new();
    for (says, file) in [
        ("empty", &[][..]),
        ("it is no picture", b"this is text"),
        ("a GIF picture", b"GIF89a\0\0"),
        ("a TIFF picture", b"II*\0\x08\0\0\0"),
        ("a BMP picture", &bmp),
        ("a WebP picture", b"RIFF\x10\0\0\0WEBPVP8 "),
        ("a HEIC picture", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("more than 8 bits", &twelve_bits),
    ] {
        match Image::decode(file, &Limits::FRAME) {
            Err(e) if e.kind() == ErrorKind::Unsupported && e.to_string().contains(says) => {}
            other => wrong.push(format!("{says}: {other:?}")),
        }
        if check_whole(file, &Limits::FRAME).is_ok() {
            wrong.push(format!("{says}: whole"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exif_says_which_way_up() {
    let jpeg = encoded(&drawn().into(), ImageFormat::Jpeg);
    let mut wrong = Vec::new();
    for orientation in 1..=8_u8 {
        let mut file = vec![0xff, 0xd8];
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        crate::encoder::segment(&mut file, 0xe1, &exif);
        file.extend(&jpeg[2..]);
        let ours = Image::decode(&file, &Limits::FRAME).expect("decodes");
        let mut expected = image::load_from_memory(&jpeg).expect("decodes");
        let meant = image::metadata::Orientation::from_exif(orientation).expect("1 to 8");
        expected.apply_orientation(meant);
        if ours.rgb() != expected.as_bytes() || ours.width() != expected.width() {
            wrong.push(orientation);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_picture_turned_four_times_is_itself() {
    let file = encoded(&drawn().into(), ImageFormat::Png);
    let decoded = || Image::decode(&file, &Limits::FRAME).expect("decodes");
    let quarter = decoded().turned(Turn::Quarter);
    assert_eq!((quarter.width(), quarter.height()), (30, 40));
    // The upper left corner comes to the upper right.
    assert_eq!(quarter.rgb()[3 * 29..3 * 30], decoded().rgb()[..3]);
    let again = quarter.turned(Turn::ThreeQuarters);
    assert_eq!(again.rgb(), decoded().rgb());
    assert_eq!(Turn::Quarter.then(Turn::ThreeQuarters), Turn::None);
    let half = decoded().turned(Turn::Half).turned(Turn::Half);
    assert_eq!(half.rgb(), decoded().rgb());
}
