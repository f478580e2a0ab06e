//! Machine readable zones, and elements in elements.

use rowcall_specimen::tlv;

use super::{Add, SIZE, all, many, nested};

pub(super) fn kinds(add: &mut Add<'_>) {
    for (what, line) in [
        ("one line of fillers", &b"<"[..]),
        ("lines of one character", b"<\n"),
        (
            "lines of 44 look-alikes",
            b"O0I1B8S5Z2O0I1B8S5Z2O0I1B8S5Z2O0I1B8S5Z2O0I1\n",
        ),
        ("spaces of three bytes", "\u{2003}".as_bytes()),
        ("bytes that are no text", b"\xff"),
    ] {
        add("mrz", what, many(line));
    }

    for (tag, what) in [
        (0x60, "nested, EF.COM"),
        (0x6b, "nested, DG11"),
        (0x31, "nested, DG14"),
    ] {
        add("tlv", what, tlv(tag, &nested(0x30, SIZE / 6)));
    }
    add("tlv", "indefinite, nested", many(&[0x6b, 0x80]));
    add(
        "tlv",
        "a length of 4 GB",
        all(&[&[0x60, 0x84, 0xff, 0xff, 0xff, 0xff], &many(&[0])]),
    );
    add(
        "tlv",
        "EF.COM, a list of 1 MB",
        tlv(0x60, &tlv(0x5c, &many(&[0x61]))),
    );
    add("tlv", "DG1 of 1 MB", tlv(0x61, &tlv(0x5f1f, &many(b"<"))));
    add(
        "tlv",
        "DG11, many names",
        tlv(0x6b, &many(&[0x5f, 0x0f, 0x01, 0x41])),
    );
    add(
        "tlv",
        "DG11, one name",
        tlv(0x6b, &tlv(0x5f0e, &many(b"A<"))),
    );
    add(
        "tlv",
        "DG14, many infos",
        tlv(0x6e, &tlv(0x31, &many(&[0x30, 3, 0x06, 1, 0x2a]))),
    );
    add("tlv", "DG16, many persons", tlv(0x70, &many(&[0xa1, 0])));

    for (what, bytes) in [
        ("nested", nested(0x30, SIZE / 6)),
        ("indefinite, nested", many(&[0x30, 0x80])),
        ("many elements", many(&[0x04, 0])),
        (
            "many octet strings that aren't elements",
            many(&[0x04, 2, 0x30, 0x7f]),
        ),
        ("many DG1", many(&[0x61, 0])),
        (
            "a length of 4 GB",
            all(&[&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &many(&[0x30])]),
        ),
    ] {
        add("dtc", what, bytes);
    }
}
