//! What hostile input costs: every fuzz body on files of 1 MB that are made to be
//! slow or large for it, with the worst time for 100 kB and the most memory that
//! was allocated. `cargo bench -p rowcall-document --bench hostile`; some kinds
//! need the shared documents and say so.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use peak_alloc::PeakAlloc;
use rowcall_document::{ImageLimits, NamedFile, Policy, TrustStore};
use rowcall_specimen::Issuer;

#[path = "../../../fuzz/bodies/mod.rs"]
mod bodies;
#[path = "../tests/document/jpeg.rs"]
mod jpeg;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZE: usize = 1_000_000;
const RUNS: usize = 3;

type Body = fn(&[u8]);

struct Kind {
    body: &'static str,
    what: &'static str,
    bytes: Vec<u8>,
}

fn main() {
    let bodies: [(&str, Body); 10] = [
        ("mrz", bodies::mrz),
        ("tlv", bodies::tlv),
        ("sod", bodies::sod),
        ("certificate", bodies::certificate),
        ("dg2", bodies::dg2),
        ("portrait", decoded),
        ("seal", bodies::seal),
        ("dtc", bodies::dtc),
        ("exchange", bodies::exchange),
        ("page", bodies::page),
    ];
    println!("| body | hostile in what | bytes | ms for 100 kB | MB |");
    println!("|---|---|---|---|---|");
    // A decoder's caught assertion would print to the middle of the table.
    std::panic::set_hook(Box::new(|_| {}));
    for kind in kinds() {
        for (_, body) in bodies.iter().filter(|(name, _)| *name == kind.body) {
            let (ms, mb) = cost(*body, &kind.bytes);
            println!(
                "| {} | {} | {} | {ms:.2} | {mb:.1} |",
                kind.body,
                kind.what,
                kind.bytes.len()
            );
        }
    }
}

/// Median milliseconds for each 100 kB, and the peak of megabytes beyond the
/// input itself.
fn cost(body: Body, bytes: &[u8]) -> (f64, f64) {
    let mut times = [0.0; RUNS];
    let mut peak = 0;
    for time in &mut times {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = Instant::now();
        body(black_box(bytes));
        *time = start.elapsed().as_secs_f64() * 1e3;
        peak = peak.max(MEMORY.peak_usage() - before);
    }
    times.sort_by(f64::total_cmp);
    let parts = (bytes.len() as f64 / 1e5).max(1.0);
    (times[RUNS / 2] / parts, peak as f64 / 1e6)
}

/// DG2 with its portrait decoded.
fn decoded(bytes: &[u8]) {
    let file = NamedFile {
        name: "EF_DG2.bin".to_owned(),
        bytes: bytes.to_vec(),
    };
    let at = jiff::civil::date(2026, 11, 23);
    let document = rowcall_document::read(vec![file], &TrustStore::empty(), &Policy::default(), at);
    if let Some(portrait) = document.portrait() {
        let _ = portrait.decode(&ImageLimits::default());
    }
}

/// An element with a length of as many bytes as it takes.
fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let significant = |n: &[u8]| n.iter().position(|b| *b != 0).unwrap_or(n.len() - 1);
    let (tag, len) = (tag.to_be_bytes(), value.len().to_be_bytes());
    let len = &len[significant(&len)..];
    let mut out = tag[significant(&tag)..].to_vec();
    if value.len() > 127 {
        out.push(0x80 | len.len() as u8);
    }
    out.extend_from_slice(len);
    out.extend_from_slice(value);
    out
}

fn all(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// `piece` again and again, `SIZE` bytes of it.
fn many(piece: &[u8]) -> Vec<u8> {
    piece.repeat(SIZE / piece.len())
}

/// As deep as `SIZE` bytes go, with right lengths.
fn nested(tag: u8, levels: usize) -> Vec<u8> {
    let mut backwards = Vec::new();
    for _ in 0..levels {
        let len = (backwards.len() as u32).to_be_bytes();
        backwards.extend(len.iter().rev());
        backwards.extend([0x84, tag]);
    }
    backwards.reverse();
    backwards
}

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut add = |body, what, bytes| kinds.push(Kind { body, what, bytes });

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

    sods(&mut add);
    certificates(&mut add);
    faces(&mut add);

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

    exchanges(&mut add);

    add("page", "noise", noise(1_000, 1_000, 1_000));
    add(
        "page",
        "noise above, the rest blank",
        noise(2_200, 1_950, 450),
    );
    add("page", "stripes of one pitch", stripes(2_000, 2_000));
    kinds
}

type Add<'a> = dyn FnMut(&'static str, &'static str, Vec<u8>) + 'a;

/// Security objects: every list in one filled with small elements.
fn sods(add: &mut Add<'_>) {
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

/// Certificates, lists of them, and what is like them.
fn certificates(add: &mut Add<'_>) {
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

/// DG2 around face blocks, and portraits with headers that promise much.
fn faces(add: &mut Add<'_>) {
    use image::ExtendedColorType::{L8, L16, Rgb8, Rgb16, Rgba16};
    let dg2 = |block: &[u8]| {
        let template = tlv(0x7f60, &all(&[&tlv(0xa1, b""), &tlv(0x5f2e, block)]));
        tlv(0x75, &tlv(0x7f61, &all(&[b"\x02\x01\x01", &template])))
    };
    let record = |faces: u16, body: &[u8]| {
        let length = (14 + body.len() as u32).to_be_bytes();
        dg2(&all(&[
            b"FAC\x00010\x00",
            &length,
            &faces.to_be_bytes(),
            body,
        ]))
    };
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

    let image = |picture: &[u8]| {
        // What follows the picture makes it a file that may have more pixels.
        let mut picture = picture.to_vec();
        picture.resize(picture.len().max(SIZE), 0);
        let length = (20 + 12 + picture.len()) as u32;
        record(1, &all(&[&length.to_be_bytes(), &[0; 28], &picture]))
    };
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
    for (what, scan) in [
        ("JPEG, progressive, empty scans", &b""[..]),
        ("JPEG, progressive, scans of little", &[0; 100]),
    ] {
        let mut scans = jpeg::empty((3_000, 2_150), COLOUR, true, 1, None);
        scans.truncate(scans.len() - 2);
        let again = all(&[b"\xff\xda\0\x08\x01\x01\0\x01\x3f\0", scan]);
        while scans.len() < SIZE {
            scans.extend(&again);
        }
        scans.extend([0xff, 0xd9]);
        add("portrait", what, image(&scans));
    }

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

/// The prime of RFC 5114, 2.3.
const RFC_5114: &str = "\
     87a8e61db4b6663cffbbd19c651959998ceef608660dd0f25d2ceed4435e3b00e00df8f1d61957d4 \
     faf7df4561b2aa3016c3d91134096faa3bf4296d830e9a7c209e0c6497517abd5a8a9d306bcf67ed \
     91f9e6725b4758c022e0b1ef4275bf7b6c5bfc11d45f9088b941f54eb1e59bb8bc39a0bf12307f5c \
     4fdb70c581b23f76b63acae1caa6b7902d52526735488a0ef13c6d9a51bfa4ab3ad8347796524d8e \
     f6a167b5a41825d967e144e5140564251ccacb83e6b486f6b3ca3f7971506026c0b857f689962856 \
     ded4010abd0be621c3a3960a54e710c375f26375d7014103a4b54330c198af126116d2276e11715f \
     693877fad7ef09cadb094ae91e1a1597";
/// The generators of RFC 5639, 3.7, and FIPS 186-4, D.1.2.5.
const BRAINPOOL_512: &str = "\
     0481aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d4 \
     8d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f8227dde385d566332ecc0eabfa9cf7822 \
     fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f054 \
     0678cd1e0f3ad80892";
const P_521: &str = "\
     0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77ef \
     e75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5f \
     b42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c70 \
     86a272c24088be94769fd16650";

fn unhex(text: &str) -> Vec<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16).map(|d| d as u8);
    let digits: Vec<u8> = text.as_bytes().iter().filter_map(digit).collect();
    digits.chunks(2).map(|d| d[0] << 4 | d[1]).collect()
}

/// DG14 and DG15 with keys that are slow.
fn exchanges(add: &mut Add<'_>) {
    let integer = |bytes: usize| tlv(0x02, &all(&[&[0x7f], &vec![0xff; bytes - 1]]));
    const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let rsa = |modulus: usize, exponent: usize| {
        let key = tlv(0x30, &all(&[&integer(modulus), &integer(exponent)]));
        tlv(
            0x6f,
            &tlv(0x30, &all(&[RSA, &tlv(0x03, &all(&[&[0], &key]))])),
        )
    };
    add("exchange", "RSA, 8,192 bits", rsa(1_024, 4));
    add(
        "exchange",
        "RSA, exponent as long as the modulus",
        rsa(1_024, 1_024),
    );
    add("exchange", "RSA, 4 million bits", rsa(SIZE / 2, SIZE / 2));
    // A key in id-PK-DH or id-PK-ECDH (Doc 9303-11, 9.2.4).
    let dg14 = |family: u8, algorithm: &[u8], key: &[u8]| {
        let key = tlv(
            0x30,
            &all(&[&tlv(0x30, algorithm), &tlv(0x03, &all(&[&[0], key]))]),
        );
        let protocol = all(&[b"\x06\x09\x04\x00\x7f\x00\x07\x02\x02\x01", &[family]]);
        tlv(0x6e, &tlv(0x31, &tlv(0x30, &all(&[&protocol, &key]))))
    };
    // X9.42's parameters (RFC 3279, 2.3.3), whose order nobody asks for.
    let dh = |prime: &[u8], public: &[u8]| {
        let parameters = tlv(0x30, &all(&[prime, &integer(4), &integer(32)]));
        let algorithm = all(&[b"\x06\x07\x2a\x86\x48\xce\x3e\x02\x01", &parameters]);
        dg14(1, &algorithm, public)
    };
    let prime = unhex(RFC_5114);
    let public = all(&[&[0x12], &prime[1..]]);
    add(
        "exchange",
        "DH, 2,048 bits of RFC 5114",
        dh(&tlv(0x02, &all(&[&[0], &prime])), &tlv(0x02, &public)),
    );
    add(
        "exchange",
        "DH, 4,096 bits",
        dh(&integer(512), &integer(511)),
    );
    add(
        "exchange",
        "DH, 8,192 bits",
        dh(&integer(1_024), &integer(1_023)),
    );
    add(
        "exchange",
        "DH, 2 million bits",
        dh(&integer(SIZE / 4), &integer(SIZE / 4)),
    );
    for (what, curve, point) in [
        (
            "ECDH, brainpoolP512r1",
            &b"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0d"[..],
            BRAINPOOL_512,
        ),
        ("ECDH, P-521", b"\x06\x05\x2b\x81\x04\x00\x23", P_521),
    ] {
        let algorithm = all(&[b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", curve]);
        add("exchange", what, dg14(2, &algorithm, &unhex(point)));
    }
    add(
        "exchange",
        "many infos",
        tlv(0x6e, &tlv(0x31, &many(&[0x30, 3, 0x06, 1, 0x2a]))),
    );
}

fn shared(path: &str) -> std::path::PathBuf {
    std::env::var_os("ROWCALL_SHARED")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            std::path::PathBuf::from,
        )
        .join("documents")
        .join(path)
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

fn png(picture: &image::GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("encodes");
    let mut bytes = bytes.into_inner();
    // What follows the picture makes it a file that may have more pixels.
    bytes.resize(bytes.len().max(SIZE), 0);
    bytes
}

/// Noise in so many rows at the top.
fn noise(width: u32, height: u32, rows: u32) -> Vec<u8> {
    let mut state = 1_u32;
    png(&image::GrayImage::from_fn(width, height, |_, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([if y < rows { (state >> 24) as u8 } else { 255 }])
    }))
}

/// Bars of one pitch, which every row of the reader's rhythm fits.
fn stripes(width: u32, height: u32) -> Vec<u8> {
    png(&image::GrayImage::from_fn(width, height, |x, y| {
        let dark = x % 20 < 9 && y % 40 < 24;
        image::Luma([if dark { 20 } else { 240 }])
    }))
}
