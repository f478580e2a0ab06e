//! Recorded exchanges as part of a presented document.

use std::path::Path;

use rowcall_document::{NamedFile, Policy, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{Issuer, tlv};
use rowcall_words::document::Verdict;

use crate::exchanges::{agree, checksum, dg14, hex};
use crate::{shared, specimen};

const CHALLENGE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// A chip with keys, and what it answered.
struct Chip {
    groups: Vec<(u8, Vec<u8>)>,
    active: String,
    chip: String,
}

/// `None` where there is no openssl.
fn made(issuer: &Issuer, folder: &Path) -> Option<Chip> {
    let path = |name: &str| folder.join(name).display().to_string();
    let (key, challenge) = (path("aa.pem"), path("challenge"));
    std::fs::write(&challenge, CHALLENGE).expect("writes");
    let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let explicit = ["-pkeyopt", "ec_param_enc:explicit"];
    let genpkey = [&["genpkey", "-out", &key][..], &curve, &explicit].concat();
    let (done, _) = shared::openssl(&genpkey)?;
    assert!(done, "genpkey");
    let (_, spki) = shared::openssl(&["pkey", "-in", &key, "-pubout", "-outform", "DER"])?;
    let (_, response) = shared::openssl(&["dgst", "-sha256", "-sign", &key, &challenge])?;
    let active = format!(
        r#"{{"challenge": "{}", "response": "{}"}}"#,
        hex(&CHALLENGE),
        hex(&response)
    );
    let options = [&curve[..], &explicit].concat();
    let (public, private, secret) = agree(folder, &options)?;
    let counter = [&[0; 15][..], &[2]].concat();
    let covered = [tlv(0x87, &[1; 17]), tlv(0x99, &[0x90, 0])].concat();
    let mac = checksum(folder, &secret, 128, &[&counter[..], &covered].concat())?;
    let answer = [&covered[..], &tlv(0x8e, &mac)].concat();
    let chip = format!(
        r#"{{"ephemeral_private_key": "{}", "send_sequence_counter": "{}", "response": "{}"}}"#,
        hex(&private),
        hex(&counter),
        hex(&answer).to_uppercase()
    );
    let issued = issuer.issue(&specimen::mrz(), &specimen::portrait());
    let issued = issued.expect("issues");
    let group = |name: &str| issued.iter().find(|f| f.0 == name).expect(name).1.clone();
    Some(Chip {
        groups: vec![
            (1, group("EF_DG1.bin")),
            (2, group("EF_DG2.bin")),
            (14, dg14(&public, true, 2)),
            (15, tlv(0x6f, &spki)),
        ],
        active,
        chip,
    })
}

/// The chip's document, whose issuer is trusted.
fn read(
    issuer: &Issuer,
    chip: &Chip,
    signed: &[u8],
    left_out: &[u8],
    exchanges: Option<&str>,
) -> VerifiedDocument {
    let files = presented(issuer, chip, signed, left_out, exchanges);
    let (trust, _) = TrustStore::from_files([("csca.der", issuer.csca_certificate())]);
    rowcall_document::read(files, &trust, &Policy::default(), shared::AT)
}

/// `signed` groups are in the security object, all but those `left_out` are presented.
fn presented(
    issuer: &Issuer,
    chip: &Chip,
    signed: &[u8],
    left_out: &[u8],
    exchanges: Option<&str>,
) -> Vec<NamedFile> {
    let is_signed = |group: &&(u8, Vec<u8>)| signed.contains(&group.0);
    let listed: Vec<_> = chip.groups.iter().filter(is_signed).cloned().collect();
    let file = |name: String, bytes: Vec<u8>| NamedFile { name, bytes };
    let mut files = vec![file("EF_SOD.bin".into(), issuer.security_object(&listed))];
    let presented = chip.groups.iter().filter(|g| !left_out.contains(&g.0));
    files.extend(presented.map(|(n, b)| file(format!("EF_DG{n}.bin"), b.clone())));
    files.extend(exchanges.map(|text| file("exchanges.json".into(), text.into())));
    files
}

/// A name, the exchanges, which groups are signed and which left out; what the exchanges
/// add, and the verdict.
type Case<'a> = (&'a str, &'a str, &'a [u8], &'a [u8], Vec<String>, Verdict);

/// What the exchanges add to the findings, and the verdict.
fn said(with: &VerifiedDocument, without: &VerifiedDocument) -> (Vec<String>, Verdict) {
    let told = |document: &VerifiedDocument| -> Vec<_> {
        let all = document.findings().iter();
        all.map(|f| format!("{} ({})", f.code, f.clause.map_or("", |c| c.as_str())))
            .collect()
    };
    let before = told(without);
    let new = told(with).into_iter().filter(|f| !before.contains(f));
    (new.collect(), with.verdict())
}

#[test]
fn what_a_reader_recorded_is_part_of_the_verdict() {
    let folder = tempfile::tempdir().expect("a folder");
    let issuer = Issuer::new(31);
    let Some(chip) = made(&issuer, folder.path()) else {
        return;
    };
    const ALL: &[u8] = &[1, 2, 14, 15];
    let (active, chips) = (&chip.active, &chip.chip);
    let both = format!(r#"{{"active_authentication": {active}, "chip_authentication": {chips}}}"#);
    let only_active = format!(r#"{{"active_authentication": {active}}}"#);
    let only_chip = format!(r#"{{"chip_authentication": {chips}}}"#);
    let copied = only_active.replace("0102030405060708", "0102030405060709");
    assert_ne!(copied, only_active);
    let forged_chip = {
        // The answer's first data object, which the checksum covers.
        let covered = hex(&tlv(0x87, &[1; 17])).to_uppercase();
        assert!(only_chip.contains(&covered));
        only_chip.replace(&covered, &covered.replacen("0101", "0102", 1))
    };
    let short = only_active.replace("0102030405060708", "01020304050607");
    let aa = "Doc 9303-11, 6.1";
    let ca = "Doc 9303-11, 6.2";
    let genuine = |clause| format!("chip-genuine ({clause})");
    let copy = |clause| format!("chip-not-genuine ({clause})");
    let nothing = |clause| format!("exchange-not-checked ({clause})");
    let unreadable = vec![format!("exchange-unreadable ({aa})")];
    let warned = Verdict::ValidWithWarning;
    let base = read(&issuer, &chip, ALL, &[], None);
    assert!(base.verdict() <= warned, "{:?}", base.findings());
    let good = base.verdict();
    let cases: [Case<'_>; 13] = [
        (
            "both",
            &both,
            ALL,
            &[],
            vec![genuine(aa), genuine(ca)],
            good,
        ),
        ("active", &only_active, ALL, &[], vec![genuine(aa)], good),
        ("chip", &only_chip, ALL, &[], vec![genuine(ca)], good),
        (
            "a copy",
            &copied,
            ALL,
            &[],
            vec![copy(aa)],
            Verdict::Invalid,
        ),
        (
            "a copy by its session",
            &forged_chip,
            ALL,
            &[],
            vec![copy(ca)],
            Verdict::Invalid,
        ),
        (
            "a challenge of seven bytes",
            &short,
            ALL,
            &[],
            vec![nothing(aa)],
            warned,
        ),
        (
            "a key that nobody signed",
            &only_active,
            &[1, 2, 14],
            &[],
            vec![nothing(aa)],
            warned,
        ),
        (
            "a key that isn't there",
            &only_chip,
            ALL,
            &[14],
            vec![nothing(ca)],
            warned,
        ),
        (
            "no exchange",
            "{}",
            ALL,
            &[],
            unreadable.clone(),
            Verdict::Unsupported,
        ),
        (
            "no JSON",
            "chip",
            ALL,
            &[],
            unreadable.clone(),
            Verdict::Unsupported,
        ),
        (
            "another field",
            &both.replace("challenge", "chalenge"),
            ALL,
            &[],
            unreadable.clone(),
            Verdict::Unsupported,
        ),
        (
            "no digits",
            &only_active.replace("0102030405060708", "01020304050607zz"),
            ALL,
            &[],
            vec![nothing(aa)],
            warned,
        ),
        (
            "too long",
            &format!("{both}{}", " ".repeat(1 << 16)),
            ALL,
            &[],
            unreadable,
            Verdict::Unsupported,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, exchanges, signed, left_out, expected, verdict) in cases {
        let with = read(&issuer, &chip, signed, left_out, Some(exchanges));
        let without = read(&issuer, &chip, signed, left_out, None);
        let got = said(&with, &without);
        if got != (expected.clone(), verdict) {
            wrong.push(format!("{name}: {got:?}, not {expected:?} {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_key_under_a_broken_signature_proves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let issuer = Issuer::new(31);
    let Some(mut chip) = made(&issuer, folder.path()) else {
        return;
    };
    let exchanges = format!(r#"{{"active_authentication": {}}}"#, chip.active);
    let signed = issuer.security_object(&chip.groups);
    // Somebody else's key in DG15's place, and the exchange made with it.
    let other = made(&issuer, folder.path()).expect("as before");
    let theirs = format!(r#"{{"active_authentication": {}}}"#, other.active);
    chip.groups[3] = other.groups[3].clone();
    let (trust, _) = TrustStore::from_files([("csca.der", issuer.csca_certificate())]);
    // Of a forger everything is right but who signed it.
    let own = read(&issuer, &other, &[1, 2, 14, 15], &[], Some(&theirs));
    assert!(
        own.findings()
            .iter()
            .any(|f| f.code.as_str() == "chip-genuine")
    );
    let files = presented(&issuer, &other, &[1, 2, 14, 15], &[], Some(&theirs));
    let nobody = TrustStore::empty();
    let forged = rowcall_document::read(files, &nobody, &Policy::default(), shared::AT);
    assert!(forged.verdict() >= Verdict::Untrusted);
    let genuine = forged
        .findings()
        .iter()
        .any(|f| f.code.as_str() == "chip-genuine");
    assert!(!genuine, "{:?}", forged.findings());
    for (name, text) in [("the chip's own", exchanges), ("the other key's", theirs)] {
        let groups = chip.groups.iter().map(|(n, b)| NamedFile {
            name: format!("EF_DG{n}.bin"),
            bytes: b.clone(),
        });
        let along = [
            ("EF_SOD.bin", signed.clone()),
            ("exchanges.json", text.into()),
        ];
        let along = along.into_iter().map(|(name, bytes)| NamedFile {
            name: name.into(),
            bytes,
        });
        let files = groups.chain(along).collect();
        let document = rowcall_document::read(files, &trust, &Policy::default(), shared::AT);
        assert_eq!(document.verdict(), Verdict::Invalid, "{name}");
        let genuine = document
            .findings()
            .iter()
            .any(|f| f.code.as_str() == "chip-genuine");
        assert!(!genuine, "{name}: {:?}", document.findings());
    }
}

#[test]
fn exchanges_without_a_chip_are_told() {
    let files = [
        ("mrz.txt", specimen::mrz().into_bytes()),
        ("exchanges.json", b"{}".to_vec()),
    ];
    let files = files.map(|(name, bytes)| NamedFile {
        name: name.into(),
        bytes,
    });
    let trust = TrustStore::empty();
    let document = rowcall_document::read(files.into(), &trust, &Policy::default(), shared::AT);
    let told: Vec<_> = document
        .findings()
        .iter()
        .map(|f| f.detail.as_str())
        .collect();
    let expected = "exchanges.json: no chip's files were presented with it";
    assert!(told.contains(&expected), "{told:?}");
}
