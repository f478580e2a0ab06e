//! DG2 around face blocks.

use rowcall_specimen::tlv;

use super::{Add, SIZE, all, many, nested};

pub(super) fn kinds(add: &mut Add<'_>) {
    add("dg2", "nested", tlv(0x75, &nested(0x7f, SIZE / 6)));
    add(
        "dg2",
        "many templates",
        tlv(0x75, &tlv(0x7f61, &many(&[0x7f, 0x60, 0]))),
    );
    add(
        "dg2",
        "many blocks",
        tlv(0x75, &tlv(0x7f61, &tlv(0x7f60, &many(&[0x5f, 0x2e, 0])))),
    );
    add("dg2", "65,535 faces", record(u16::MAX, &many(&[0])));
    let information = all(&[
        &(SIZE as u32).to_be_bytes(),
        &u16::MAX.to_be_bytes(),
        &[0; 14],
    ]);
    add(
        "dg2",
        "65,535 feature points",
        record(1, &all(&[&information, &many(&[1])])),
    );
    add(
        "dg2",
        "39794-5, many representations",
        dg2(&tlv(
            0xa1,
            &all(&[&tlv(0xa0, &[]), &tlv(0xa1, &many(&[0x30, 0]))]),
        )),
    );
    add(
        "dg2",
        "JPEG of many small markers",
        record(
            1,
            &all(&[
                &information[..4],
                &[0; 28],
                &[0xff, 0xd8, 0xff],
                &many(&[0xff, 0xe0, 0, 2]),
            ]),
        ),
    );
}

/// DG2 around one face block.
pub(super) fn dg2(block: &[u8]) -> Vec<u8> {
    let template = tlv(0x7f60, &all(&[&tlv(0xa1, b""), &tlv(0x5f2e, block)]));
    tlv(0x75, &tlv(0x7f61, &all(&[b"\x02\x01\x01", &template])))
}

/// DG2 around a record of ISO/IEC 19794-5.
pub(super) fn record(faces: u16, body: &[u8]) -> Vec<u8> {
    let length = (14 + body.len() as u32).to_be_bytes();
    dg2(&all(&[
        b"FAC\x00010\x00",
        &length,
        &faces.to_be_bytes(),
        body,
    ]))
}
