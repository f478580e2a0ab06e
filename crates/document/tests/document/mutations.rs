//! The bodies of the fuzz targets over a corpus and 200,000 mutations of it, on
//! a stable compiler. The corpus is the test issuer's own, and the shared
//! documents where they are there.

#[path = "../../../../fuzz/bodies/mod.rs"]
mod bodies;

use rowcall_specimen::{Issuer, c40};

use crate::collections::{gzip, ldif, pem, zip};
use crate::shared;

const MUTATIONS: usize = 200_000;

/// xorshift64*: the same mutations in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// One to four changes of the kinds that break parsers: bits, lengths, cuts,
/// repeats, pieces of another document.
fn mutate(input: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = input.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(out.len());
        match random.below(8) {
            0 if !out.is_empty() => out[at] ^= 1 << random.below(8),
            1 if !out.is_empty() => out[at] = random.next() as u8,
            2 if !out.is_empty() => {
                out[at] = [0x00, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff, 0x30][random.below(8)];
            }
            3 => out.truncate(at),
            4 => {
                let end = (at + random.below(32)).min(out.len());
                out.drain(at..end);
            }
            5 => {
                let end = (at + random.below(64)).min(out.len());
                let piece = out[at..end].to_vec();
                out.splice(at..at, piece);
            }
            6 => {
                let from = random.below(other.len());
                let end = (from + random.below(64)).min(other.len());
                out.splice(at..at, other[from..end].iter().copied());
            }
            _ => out.insert(at.min(out.len()), random.next() as u8),
        }
    }
    out
}

/// Seeds of one target, its body, and its share of the mutations: the cheap
/// ones get most.
struct Target {
    name: &'static str,
    body: fn(&[u8]),
    seeds: Vec<Vec<u8>>,
    mutations: usize,
}

fn shared_seeds(paths: &[&str]) -> Vec<Vec<u8>> {
    let Some(documents) = shared::documents() else {
        return Vec::new();
    };
    paths
        .iter()
        .map(|path| std::fs::read(documents.join(path)).expect("readable"))
        .collect()
}

/// EF.DG14 with a P-256 key: the generator.
fn own_dg14() -> Vec<u8> {
    let info = [
        &[0x30, 0x67, 0x06, 0x09, 4, 0, 0x7f, 0, 7, 2, 2, 1, 2][..],
        &[
            0x30, 0x5a, 0x30, 0x13, 0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1,
        ],
        &[
            0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 0x03, 0x43, 0,
        ],
        &[4; 65],
    ]
    .concat();
    [
        &[0x6e, info.len() as u8 + 2, 0x31, info.len() as u8][..],
        &info,
    ]
    .concat()
}

/// Small pictures with rows of bars, which look like print of one pitch.
fn pictures() -> Vec<Vec<u8>> {
    use image::{ImageFormat, RgbImage};
    let bars = RgbImage::from_fn(220, 60, |x, y| {
        let ink = x % 7 < 4 && y % 20 > 10;
        image::Rgb(if ink { [20; 3] } else { [230; 3] })
    });
    [ImageFormat::Png, ImageFormat::Jpeg]
        .into_iter()
        .map(|format| {
            let mut bytes = std::io::Cursor::new(Vec::new());
            bars.write_to(&mut bytes, format).expect("encodes");
            bytes.into_inner()
        })
        .collect()
}

/// Both exchanges, as a reader records them.
const RECORDED: &[u8] = br#"{"active_authentication": {"challenge": "0102030405060708", "response": "00ff"}, "chip_authentication": {"key_id": 1, "ephemeral_private_key": "5a", "send_sequence_counter": "0000000000000002", "response": "990290008e080102030405060708"}}"#;

fn targets() -> Vec<Target> {
    let issuer = Issuer::new(1);
    let mrz = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
               L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let portrait = [
        0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 64, 0, 48, 1, 1, 0x11, 0, 0xff, 0xd9,
    ];
    let files = issuer.issue(mrz, &portrait).expect("issues");
    let file = |name: &str| -> Vec<u8> {
        let found = files.iter().find(|(n, _)| n == name);
        found.expect("a file").1.clone()
    };
    let with = |mut own: Vec<Vec<u8>>, paths: &[&str]| {
        own.extend(shared_seeds(paths));
        own
    };
    let target = |name, body, seeds, mutations| Target {
        name,
        body,
        seeds,
        mutations,
    };
    vec![
        target("mrz", bodies::mrz, vec![mrz.as_bytes().to_vec()], 57_970),
        target(
            "tlv",
            bodies::tlv,
            with(
                vec![file("EF_COM.bin"), file("EF_DG1.bin")],
                &[
                    "lds/synthetic/EF_DG11_utf8.bin",
                    "lds/bsi_eac_aa/EF_DG14.bin",
                ],
            ),
            50_000,
        ),
        target(
            "sod",
            bodies::sod,
            with(
                vec![file("EF_SOD.bin")],
                &[
                    "lds/bsi_eac/EF_SOD.bin",
                    "sod/quirks/pss_mgf_sha1/EF_SOD.bin",
                    "sod/quirks/brainpool320/EF_SOD.bin",
                ],
            ),
            12_000,
        ),
        target(
            "certificate",
            bodies::certificate,
            with(
                vec![
                    issuer.csca_certificate(),
                    issuer.revocation_list(&[1, 2, 3]),
                    issuer.master_list(&[issuer.csca_certificate()]),
                    issuer.revocation_list_of_changes(&[1]),
                    issuer.bundle(&[&issuer.csca_certificate()], &[]),
                    ldif("cACertificate;binary", &issuer.csca_certificate()),
                    ldif(
                        "certificateRevocationList;binary",
                        &issuer.revocation_list(&[1]),
                    ),
                    zip(&[("x", &issuer.csca_certificate())]),
                    gzip(&issuer.csca_certificate()),
                    pem("CERTIFICATE", &issuer.csca_certificate()).into_bytes(),
                    [issuer.csca_certificate(), issuer.revocation_list(&[1])].concat(),
                ],
                &["crl/AUS.crl"],
            ),
            14_000,
        ),
        target(
            "accompanying",
            bodies::accompanying,
            vec![
                issuer.security_object_with_lists(&[], &[&issuer.revocation_list(&[1])]),
                [issuer.csca_certificate(), issuer.revocation_list(&[1])].concat(),
                issuer.bundle(&[&issuer.dsc_certificate()], &[]),
                issuer.visible_seal((0x5d, 1), &[]),
            ],
            4_000,
        ),
        target(
            "exchange",
            bodies::exchange,
            with(
                vec![own_dg14(), RECORDED.to_vec()],
                &[
                    "lds/bsi_eac_aa/EF_DG15.bin",
                    "lds/bsi_eac_aa/EF_DG14.bin",
                    "lds/doc9303_dg14/EF_DG14.bin",
                ],
            ),
            2_000,
        ),
        target("page", bodies::page, pictures(), 30),
        target(
            "dg2",
            bodies::dg2,
            with(
                vec![file("EF_DG2.bin")],
                &[
                    "dg2/synthetic/feature_points_12.bin",
                    "dg2/synthetic/jp2_codestream.bin",
                    "dg2/ICAO_39794_5_AP_DG2_MandFields.bin",
                ],
            ),
            30_000,
        ),
        target(
            "seal",
            bodies::seal,
            with(
                vec![
                    b"NDB1AABCDEFGHIJKLMNOP".to_vec(),
                    b"{\"data\":{\"hdr\":{},\"msg\":{}}}".to_vec(),
                    issuer.visible_seal((0x5d, 1), &[(1, c40("V<UTOERIKSSON<<ANNA"))]),
                    issuer.barcode("UTO", &[(0x80, vec![1; 9])]).into_bytes(),
                    issuer
                        .json_seal(r#"{"hdr":{"is":"UTO","t":"icao.test","v":1},"msg":{}}"#)
                        .into_bytes(),
                ],
                &[
                    "vds/kurz/vds_sample_residence_permit",
                    "vds/tsenger/fictionCert.bin",
                    "vdsnc/vdsnc_sample_proof_of_vaccination",
                ],
            ),
            22_000,
        ),
        target(
            "dtc",
            bodies::dtc,
            vec![files.iter().flat_map(|(_, b)| b.clone()).collect()],
            8_000,
        ),
    ]
}

#[test]
fn nothing_panics_over_the_corpus_and_its_mutations() {
    let mut random = Random(0x9303);
    let targets = targets();
    let total: usize = targets.iter().map(|t| t.mutations).sum();
    assert_eq!(total, MUTATIONS);
    for target in &targets {
        for seed in &target.seeds {
            (target.body)(seed);
        }
        for _ in 0..target.mutations {
            let seed = &target.seeds[random.below(target.seeds.len())];
            let other = &target.seeds[random.below(target.seeds.len())];
            let input = mutate(seed, other, &mut random);
            let run = std::panic::catch_unwind(|| (target.body)(&input));
            assert!(run.is_ok(), "{}: {input:02x?}", target.name);
        }
    }
}

#[test]
fn depth_costs_nothing() {
    // 3,000 constructed elements in one another, of definite and indefinite
    // length, wherever elements are read.
    let mut definite: Vec<u8> = Vec::new();
    for _ in 0..3_000 {
        let len = definite.len() as u32;
        let mut outer = vec![0x30, 0x84];
        outer.extend(len.to_be_bytes());
        outer.extend(&definite);
        definite = outer;
    }
    let indefinite = [0x30, 0x80].repeat(3_000);
    for tag in [0x30, 0x60, 0x61, 0x6b, 0x75, 0x77] {
        for input in [&definite, &indefinite] {
            let mut input = input.clone();
            input[0] = tag;
            bodies::tlv(&input);
            bodies::sod(&input);
            bodies::dg2(&input);
            bodies::dtc(&input);
            bodies::certificate(&input);
        }
    }
    bodies::seal("{\"data\":".repeat(3_000).as_bytes());
}
