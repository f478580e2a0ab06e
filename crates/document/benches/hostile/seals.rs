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
    add("seal", "12 million pixels, blank", noise(4_000, 3_000, 0));
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
