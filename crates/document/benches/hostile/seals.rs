//! Seals in bytes, and pictures to be searched for barcodes.

use std::io::Write;

use super::{Add, SIZE, all, many, pages::noise};

pub(super) fn kinds(add: &mut Add<'_>) {
    add("seal", "JSON, nested", many(b"{\"data\":["));
    add(
        "seal",
        "JSON, many members",
        all(&[b"{\"data\":{", &many(b"\"a\":1,"), b"\"b\":1}}"]),
    );
    add(
        "seal",
        "messages of no length",
        all(&[&[0xdc, 0x03], &many(&[0x01, 0x00])]),
    );
    add(
        "seal",
        "C40 of 1 MB",
        all(&[&[0xdc, 0x03], &many(&[0x59, 0xbf])]),
    );
    let mut zip = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(&vec![0; 700 * SIZE]).expect("to memory");
    let zipped = zip.finish().expect("to memory");
    add(
        "seal",
        "IDB, 700 MB zipped",
        all(&[b"NDB1C", &base32(&zipped)]),
    );
    add(
        "seal",
        "IDB, base32 of nothing",
        all(&[b"NDB1A", &many(b"A")]),
    );
    add(
        "seal",
        "noise, to be searched for barcodes",
        noise(1_000, 1_000, 1_000),
    );
    add(
        "seal",
        "12 million pixels, blank",
        drawn(4_000, 3_000, |_, _| true),
    );
    add(
        "seal",
        "12 million pixels, a dot in each corner",
        drawn(4_000, 3_000, |x, y| x % 3_980 > 20 || y % 2_980 > 20),
    );
    for (what, scale) in [
        ("a million corners of QR codes, 1 pixel a module", 1),
        ("corners of QR codes, 3 pixels a module", 3),
        ("corners of QR codes, 5 pixels a module", 5),
    ] {
        add(
            "seal",
            what,
            drawn(1_000, 1_000, |x, y| is_paper(x / scale, y / scale)),
        );
    }
    add(
        "seal",
        "checks of a pixel",
        drawn(1_000, 1_000, |x, y| (x + y) % 2 == 0),
    );
    add(
        "seal",
        "checks of two pixels",
        drawn(1_000, 1_000, |x, y| (x / 2 + y / 2) % 2 == 0),
    );
    add(
        "seal",
        "checks of five pixels",
        drawn(1_000, 1_000, |x, y| (x / 5 + y / 5) % 2 == 0),
    );
    add(
        "seal",
        "squares within squares",
        drawn(1_000, 1_000, |x, y| {
            (x % 40).abs_diff(20).max((y % 40).abs_diff(20)) / 3 % 2 == 0
        }),
    );
}

/// A PNG in black and white, of as few bytes as it compresses to.
fn drawn(width: u32, height: u32, paper: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    let shade = |x, y| image::Luma([if paper(x, y) { 255 } else { 0 }]);
    let mut png = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_fn(width, height, shade)
        .write_to(&mut png, image::ImageFormat::Png)
        .expect("encodes");
    png.into_inner()
}

/// Corner patterns side by side (ISO/IEC 18004, 6.3.3).
fn is_paper(x: u32, y: u32) -> bool {
    matches!((x % 9).abs_diff(4).max((y % 9).abs_diff(4)), 2 | 4)
}

/// RFC 4648, 6, without padding.
fn base32(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for block in bytes.chunks(5) {
        let mut five = [0; 8];
        five[3..3 + block.len()].copy_from_slice(block);
        let bits = u64::from_be_bytes(five);
        for i in 0..(block.len() * 8).div_ceil(5) {
            let at = (bits >> (35 - 5 * i)) & 31;
            out.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[at as usize]);
        }
    }
    out
}
