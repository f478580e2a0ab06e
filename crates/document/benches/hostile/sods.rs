//! Security objects: every list in one filled with small elements.

use rowcall_specimen::{Issuer, tlv};

use super::{Add, SIZE, all, many, nested};

pub(super) fn kinds(add: &mut Add<'_>) {
    const SIGNED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    const LDS: &[u8] = b"\x06\x06\x67\x81\x08\x01\x01\x01";
    const SHA256: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
    let sod =
        |algorithms: &[u8], content: &[u8], certificates: &[u8], crls: &[u8], signers: &[u8]| {
            let signed = tlv(
                0x30,
                &all(&[
                    b"\x02\x01\x03",
                    &tlv(0x31, algorithms),
                    &tlv(0x30, &all(&[LDS, &tlv(0xa0, &tlv(0x04, content))])),
                    &tlv(0xa0, certificates),
                    &tlv(0xa1, crls),
                    &tlv(0x31, signers),
                ]),
            );
            tlv(0x77, &tlv(0x30, &all(&[SIGNED, &tlv(0xa0, &signed)])))
        };
    let hash = tlv(0x30, &all(&[b"\x02\x01\x01", &tlv(0x04, &[0; 32])]));
    let list = |hashes: &[u8]| tlv(0x30, &all(&[b"\x02\x01\x00", SHA256, &tlv(0x30, hashes)]));
    let short = list(&hash);
    let signer = |attributes: &[u8]| {
        tlv(
            0x30,
            &all(&[
                b"\x02\x01\x03",
                &tlv(0x80, &[7; 20]),
                SHA256,
                &tlv(0xa0, attributes),
                SHA256,
                &tlv(0x04, &[1; 64]),
            ]),
        )
    };
    let dsc = Issuer::new(5).dsc_certificate();
    let attribute = tlv(0x30, b"\x06\x01\x2a\x31\x00");
    add("sod", "nested", tlv(0x77, &nested(0x30, SIZE / 6)));
    add(
        "sod",
        "indefinite, nested",
        all(&[&[0x77, 0x80], &many(&[0x30, 0x80])]),
    );
    let mut pieces = vec![0x77, 0x80, 0x30, 0x80];
    pieces.extend(many(&[0x04, 1, 0]));
    add("sod", "an octet string in pieces", pieces);
    let inside = all(&[&[0x24, 0x80], &many(&[0x04, 1, 0]), &[0, 0]]);
    let signed = all(&[
        b"\x02\x01\x03",
        &tlv(0x31, SHA256),
        &tlv(0x30, &all(&[LDS, &tlv(0xa0, &inside)])),
        &tlv(0x31, &signer(&attribute)),
    ]);
    add(
        "sod",
        "the list in pieces",
        tlv(
            0x77,
            &tlv(0x30, &all(&[SIGNED, &tlv(0xa0, &tlv(0x30, &signed))])),
        ),
    );
    add(
        "sod",
        "many algorithms",
        sod(&many(SHA256), &short, &dsc, &[], &signer(&attribute)),
    );
    add(
        "sod",
        "many hashes",
        sod(SHA256, &list(&many(&hash)), &dsc, &[], &signer(&attribute)),
    );
    add(
        "sod",
        "many empty hashes",
        sod(
            SHA256,
            &list(&many(&[0x30, 0])),
            &dsc,
            &[],
            &signer(&attribute),
        ),
    );
    add(
        "sod",
        "many certificates",
        sod(SHA256, &short, &many(&dsc), &[], &signer(&attribute)),
    );
    add(
        "sod",
        "many empty certificates",
        sod(SHA256, &short, &many(&[0x30, 0]), &[], &signer(&attribute)),
    );
    add(
        "sod",
        "many revocation lists",
        sod(SHA256, &short, &dsc, &many(&[0x30, 0]), &signer(&attribute)),
    );
    add(
        "sod",
        "many signers",
        sod(SHA256, &short, &dsc, &[], &many(&signer(&attribute))),
    );
    add(
        "sod",
        "many attributes",
        sod(SHA256, &short, &dsc, &[], &signer(&many(&attribute))),
    );
}
