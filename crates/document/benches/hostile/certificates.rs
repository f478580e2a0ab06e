//! Certificates, lists of them, and what is like them.

use rowcall_specimen::{Issuer, tlv};

use super::{Add, SIZE, all, many, nested};

pub(super) fn kinds(add: &mut Add<'_>) {
    let issuer = Issuer::new(5);
    let csca = issuer.csca_certificate();
    let bare = |set: &[u8]| tlv(0x30, &all(&[b"\x02\x01\x00", &tlv(0x31, set)]));
    add("certificate", "nested", nested(0x30, SIZE / 6));
    add(
        "certificate",
        "a bare list of many empty certificates",
        bare(&many(&[0x30, 0])),
    );
    add(
        "certificate",
        "a bare list of many broken certificates",
        bare(&many(&[0x30, 2, 0x30, 0])),
    );
    add(
        "certificate",
        "a bare list of one certificate many times",
        bare(&many(&csca)),
    );
    add(
        "certificate",
        "a signed list of one certificate many times",
        issuer.master_list(&vec![csca.clone(); SIZE / csca.len()]),
    );
    add(
        "certificate",
        "many empty PEM blocks",
        many(b"-----BEGIN X-----\n-----END X-----\n"),
    );
    add(
        "certificate",
        "many small PEM blocks",
        many(b"-----BEGIN A-----MAA=-----END"),
    );
    let serials: Vec<u64> = (0..SIZE as u64 / 24).collect();
    add(
        "certificate",
        "a revocation list of many",
        issuer.revocation_list(&serials),
    );
    // A name of many parts, in a certificate that is otherwise cut.
    let part = tlv(0x31, &tlv(0x30, b"\x06\x03\x55\x04\x03\x0c\x01A"));
    let name = tlv(0x30, &many(&part));
    const ALGORITHM: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
    let tbs = tlv(
        0x30,
        &all(&[
            b"\xa0\x03\x02\x01\x02\x02\x01\x01",
            ALGORITHM,
            &name,
            &tlv(
                0x30,
                &all(&[&tlv(0x17, b"200101000000Z"), &tlv(0x17, b"300101000000Z")]),
            ),
            &tlv(0x30, &part),
            &tlv(0x30, &all(&[ALGORITHM, b"\x03\x01\x00"])),
        ]),
    );
    add(
        "certificate",
        "a name of many parts",
        tlv(0x30, &all(&[&tbs, ALGORITHM, b"\x03\x01\x00"])),
    );
    let list = tlv(
        0x30,
        &all(&[ALGORITHM, &name, &tlv(0x17, b"200101000000Z")]),
    );
    add(
        "certificate",
        "a revocation list by a name of many parts",
        tlv(0x30, &all(&[&list, ALGORITHM, b"\x03\x01\x00"])),
    );
}
