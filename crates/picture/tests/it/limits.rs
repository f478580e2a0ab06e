//! What a picture may cost, found from its headers.

use rowcall_picture::{Image, Limit, Limits};

#[test]
fn a_bomb_is_refused_by_its_header() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0]);
    let crc = png[12..].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| {
            (c >> 1) ^ if c & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    });
    png.extend((!crc).to_be_bytes());
    png.extend([0; 40]);
    let jpeg = [
        0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xea, 0x60, 0xea, 0x60, 3, 1, 0x22, 0, 2, 0x11, 1, 3,
        0x11, 1,
    ];
    let mut j2k = vec![0xff, 0x4f, 0xff, 0x51, 0, 47, 0, 0];
    for v in [60_000_u32, 60_000, 0, 0, 60_000, 60_000, 0, 0] {
        j2k.extend(v.to_be_bytes());
    }
    j2k.extend([0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
    j2k.extend([0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, 0, 1, 0xff, 0x93]);
    let mut wrong = Vec::new();
    for (what, file) in [("PNG", &png[..]), ("JPEG", &jpeg), ("JPEG 2000", &j2k)] {
        match Image::decode(file, &Limits::FRAME) {
            Err(e) if matches!(e.limit(), Some(Limit::Declared { .. })) => {
                if !e.to_string().contains("limit of declared pixels")
                    || !e.to_string().contains("60000 x 60000")
                {
                    wrong.push(format!("{what}: {e}"));
                }
            }
            other => wrong.push(format!("{what}: {other:?}")),
        }
    }
    let long = vec![0xff; 33 << 20];
    let error = Image::decode(&long, &Limits::FRAME).expect_err("too long");
    if !matches!(error.limit(), Some(Limit::Bytes { .. })) {
        wrong.push(error.to_string());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
