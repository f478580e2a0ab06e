//! Portraits in DG2 with headers that promise much.

use std::io::Write;

use super::{Add, SIZE, all, faces::record, png, shared};

#[path = "../../tests/document/jpeg.rs"]
mod jpeg;

pub(super) fn kinds(add: &mut Add<'_>) {
    use image::ExtendedColorType::{L8, L16, Rgb8, Rgb16, Rgba16};
    let blank = |width: u32, height: u32, colour: image::ExtendedColorType| {
        let pixels = vec![0; (width * height * u32::from(colour.bits_per_pixel()) / 8) as usize];
        let mut out = std::io::Cursor::new(Vec::new());
        let png = image::ImageFormat::Png;
        image::write_buffer_with_format(&mut out, &pixels, width, height, colour, png)
            .expect("encodes");
        image(&out.into_inner())
    };
    for (what, width, height, colour) in [
        ("PNG, grey, 15 million pixels", 5_000, 2_990, L8),
        ("PNG, grey, 19 million pixels", 5_000, 3_900, L8),
        ("PNG, colour, 19 million pixels", 5_000, 3_900, Rgb8),
        ("PNG, grey of 16 bits, 12 million pixels", 4_000, 2_990, L16),
        (
            "PNG, colour of 16 bits, 7 million pixels",
            3_000,
            2_200,
            Rgb16,
        ),
        (
            "PNG, alpha of 16 bits, 5 million pixels",
            2_700,
            2_000,
            Rgba16,
        ),
        ("PNG, one row of 800,000 pixels", 800_000, 1, Rgb8),
    ] {
        add("portrait", what, blank(width, height, colour));
    }
    const COLOUR: &[(u8, u8)] = &[(1, 1); 3];
    const HALVED: &[(u8, u8)] = &[(2, 2), (1, 1), (1, 1)];
    for (what, size, sampling, progressive, scans, turned) in [
        (
            "JPEG, 19 million pixels",
            (5_000, 3_900),
            HALVED,
            false,
            1,
            None,
        ),
        (
            "JPEG, on its side, 14 million pixels",
            (5_000, 2_900),
            HALVED,
            false,
            1,
            Some(6),
        ),
        (
            "JPEG, grey, 14 million pixels",
            (5_000, 2_900),
            &[(1, 1)],
            false,
            1,
            None,
        ),
        (
            "JPEG, 240 million pixels",
            (15_600, 15_600),
            HALVED,
            false,
            1,
            None,
        ),
        (
            "JPEG, progressive, 240 million pixels",
            (15_600, 15_600),
            HALVED,
            true,
            1,
            None,
        ),
        (
            "JPEG, three scans, not halved, 120 million pixels",
            (11_000, 11_000),
            COLOUR,
            false,
            3,
            Some(6),
        ),
        (
            "JPEG, rows of 65,535 pixels",
            (65_535, 230),
            COLOUR,
            false,
            1,
            None,
        ),
        (
            "JPEG, rows of 65,535 pixels, all sampled differently",
            (65_535, 230),
            &[(2, 2), (1, 2), (2, 1)],
            false,
            1,
            None,
        ),
        (
            "JPEG, progressive, 6 million pixels",
            (3_000, 2_150),
            COLOUR,
            true,
            1,
            None,
        ),
        (
            "JPEG, progressive, colour halved, 9 million pixels",
            (4_000, 2_400),
            HALVED,
            true,
            1,
            None,
        ),
        (
            "JPEG, of four inks, progressive, 5 million pixels",
            (2_600, 2_000),
            &[(1, 1); 4],
            true,
            1,
            None,
        ),
        (
            "JPEG, three scans, 6 million pixels",
            (3_000, 2_150),
            COLOUR,
            false,
            3,
            None,
        ),
    ] {
        add(
            "portrait",
            what,
            image(&jpeg::empty(size, sampling, progressive, scans, turned)),
        );
    }
    let mut profile = b"icc\0\0".to_vec();
    let mut zip = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(&vec![0; 500 * SIZE]).expect("to memory");
    profile.extend(zip.finish().expect("to memory"));
    let mut chunk = (profile.len() as u32).to_be_bytes().to_vec();
    chunk.extend(b"iCCP");
    chunk.extend(&profile);
    let mut crc = flate2::Crc::new();
    crc.update(&chunk[4..]);
    chunk.extend(crc.sum().to_be_bytes());
    let mut bomb = png(&image::GrayImage::new(8, 8));
    // After the header's chunk.
    bomb.splice(33..33, chunk);
    add(
        "portrait",
        "PNG, a colour profile of 500 MB zipped",
        image(&bomb),
    );

    let mut small = jpeg::empty((1_240, 1_000), &[(1, 1)], false, 1, Some(6));
    small.resize(1_240 * 1_000 / 16, 0);
    let length = (20 + 12 + small.len()) as u32;
    add(
        "portrait",
        "JPEG, grey, on its side, as small as it may be",
        record(1, &all(&[&length.to_be_bytes(), &[0; 28], &small])),
    );
    // After the scan of DC one for each coefficient of each colour, a bit a block.
    let mut scans = jpeg::empty((3_000, 2_150), COLOUR, true, 1, None);
    let of_scan = |scans: &[u8], from: usize| {
        let found = scans[from..].windows(2).position(|m| m == [0xff, 0xda]);
        from + found.expect("a scan")
    };
    let first = of_scan(&scans, 0);
    let second = of_scan(&scans, first + 2);
    scans.truncate(second);
    let blocks = 375 * 269;
    'full: for k in 1..64 {
        for colour in 1..=3 {
            if scans.len() > SIZE {
                break 'full;
            }
            scans.extend([0xff, 0xda, 0, 8, 1, colour, 0, k, k, 0]);
            scans.extend(vec![0; usize::div_ceil(blocks, 8)]);
        }
    }
    scans.extend([0xff, 0xd9]);
    add("portrait", "JPEG, progressive, many scans", image(&scans));
    jpeg_2000(add);
}

/// The shared codestream, with other sizes in its header.
fn jpeg_2000(add: &mut Add<'_>) {
    let Ok(whole) = std::fs::read(shared("dg2/ICAO_39794_5_AP_DG2_MandFields.bin")) else {
        eprintln!("SKIPPED: the portraits; the shared documents are not there");
        return;
    };
    let Some(start) = whole.windows(4).position(|w| w == [0xff, 0x4f, 0xff, 0x51]) else {
        return;
    };
    let codestream = |width: u32, height: u32, tile: u32| {
        let mut stream = whole[start..].to_vec();
        for (at, value) in [(8, width), (12, height), (24, tile), (28, tile)] {
            stream[at..at + 4].copy_from_slice(&value.to_be_bytes());
        }
        stream.resize(SIZE, 0x55);
        image(&stream)
    };
    add(
        "portrait",
        "JPEG 2000, 1,490 x 1,490",
        codestream(1_490, 1_490, 1_490),
    );
    add(
        "portrait",
        "JPEG 2000, 4,096 tiles",
        codestream(1_472, 1_472, 23),
    );
    add(
        "portrait",
        "JPEG 2000, too large",
        codestream(60_000, 60_000, 60_000),
    );
    add(
        "portrait",
        "JPEG 2000, too many tiles",
        codestream(1_600, 1_600, 1),
    );
}

fn image(picture: &[u8]) -> Vec<u8> {
    // What follows the picture makes it a file that may have more pixels.
    let mut picture = picture.to_vec();
    picture.resize(picture.len().max(SIZE), 0);
    let length = (20 + 12 + picture.len()) as u32;
    record(1, &all(&[&length.to_be_bytes(), &[0; 28], &picture]))
}
