//! Security objects that are wrong or odd in one way, all else being right, and
//! chains of several links: each with the verdict that the standards ask for.

use rowcall_document::{NamedFile, Policy, PortraitSource, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{DSC_SERIAL, Deviation, Issuer};
use rowcall_words::document::Verdict;

use crate::shared::AT;

const MRZ: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
                   L898902C36UTO7408122F3104150ZE184226B<<<<<16";
/// Serial number of a specimen's link certificates.
const LINK_SERIAL: u64 = 2;

fn file(name: &str, bytes: Vec<u8>) -> NamedFile {
    NamedFile {
        name: name.to_owned(),
        bytes,
    }
}

/// A picture that shows nobody.
pub(crate) fn portrait() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(60, 80)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("encodes");
    bytes.into_inner()
}

/// A chip's files, with what lies beside them.
fn chip(issuer: &Issuer, beside: Vec<NamedFile>) -> Vec<NamedFile> {
    let issued = issuer.issue(MRZ, &portrait()).expect("issues");
    let files = issued.into_iter().map(|(name, bytes)| file(&name, bytes));
    files.chain(beside).collect()
}

fn read(files: Vec<NamedFile>, trust: Vec<(&str, Vec<u8>)>) -> VerifiedDocument {
    let (trust, unreadable) = TrustStore::from_files(trust);
    assert!(unreadable.is_empty(), "{unreadable:?}");
    rowcall_document::read(files, &trust, &Policy::default(), AT)
}

/// What of the verdict and the findings is not as it should be.
fn complaint(
    case: &str,
    document: &VerifiedDocument,
    verdict: Verdict,
    code: &str,
) -> Option<String> {
    let found = code.is_empty() || document.findings().iter().any(|f| f.code.as_str() == code);
    let right = document.verdict() == verdict && found;
    (!right).then(|| {
        format!(
            "{case}: {:?} {:#?}",
            document.verdict(),
            document.findings()
        )
    })
}

#[test]
fn what_is_wrong_with_a_security_object_is_told() {
    use Deviation::*;
    let issuer = Issuer::new(1);
    let mut wrong = Vec::new();
    for (deviation, verdict, code) in [
        (TwoDigests, Verdict::Invalid, "message-digest-repeated"),
        (
            TwoValuesOfDigest,
            Verdict::Invalid,
            "message-digest-repeated",
        ),
        (
            UnknownDigest,
            Verdict::Unsupported,
            "algorithm-not-supported",
        ),
        (
            NoContentType,
            Verdict::ValidWithWarning,
            "content-type-attribute",
        ),
        (
            TwoContentTypes,
            Verdict::ValidWithWarning,
            "content-type-attribute",
        ),
        (
            ContradictingContentTypes,
            Verdict::Invalid,
            "content-type-attribute",
        ),
        (
            AttributesInBer,
            Verdict::ValidWithWarning,
            "signed-attributes-unsorted",
        ),
        (
            PiecesOfPieces,
            Verdict::ValidWithWarning,
            "encoding-not-der",
        ),
        (WrongSignerFirst, Verdict::Invalid, "signature-wrong"),
        (
            BytesAfterContent,
            Verdict::ValidWithWarning,
            "trailing-bytes",
        ),
        (
            VersionTwo,
            Verdict::ValidWithWarning,
            "security-object-version",
        ),
        (
            GroupListedTwice,
            Verdict::ValidWithWarning,
            "data-group-listed-twice",
        ),
        (RevokedInside, Verdict::Invalid, "signer-revoked"),
        (
            IssuerReversed,
            Verdict::ValidWithWarning,
            "signer-identifier-differs",
        ),
        (
            SubjectForIssuer,
            Verdict::ValidWithWarning,
            "signer-identifier-differs",
        ),
        (
            OtherSerial,
            Verdict::ValidWithWarning,
            "signer-identifier-differs",
        ),
        (LegacyContentType, Verdict::ValidWithWarning, "content-type"),
        (UnknownContentType, Verdict::Unsupported, "content-type"),
        (ContentTypeOfList, Verdict::Invalid, "content-type"),
        (
            SignedUnsorted,
            Verdict::ValidWithWarning,
            "signed-attributes-unsorted",
        ),
        (KeyForAlgorithm, Verdict::ValidWithWarning, "signature-odd"),
        (PlainNumbers, Verdict::ValidWithWarning, "signature-odd"),
        (
            UnknownListHash,
            Verdict::Unsupported,
            "algorithm-not-supported",
        ),
        (
            UnknownGroup,
            Verdict::ValidWithWarning,
            "data-group-unknown",
        ),
    ] {
        let mut files = chip(&issuer, Vec::new());
        let group = |name: &str| {
            let file = files.iter().find(|f| f.name == name);
            file.expect("a file").bytes.clone()
        };
        let groups = [(1, group("EF_DG1.bin")), (2, group("EF_DG2.bin"))];
        let sod = files.iter_mut().find(|f| f.name == "EF_SOD.bin");
        sod.expect("a file").bytes = issuer.deviating_security_object(&groups, deviation);
        let document = read(files, vec![("csca.der", issuer.csca_certificate())]);
        wrong.extend(complaint(
            &format!("{deviation:?}"),
            &document,
            verdict,
            code,
        ));
        let portrait = document.portrait().map(|p| p.source());
        if verdict > Verdict::ValidWithWarning && portrait == Some(PortraitSource::SignedChip) {
            wrong.push(format!("{deviation:?}: the portrait is called signed"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn links_lead_to_whom_the_store_trusts_and_may_be_revoked() {
    let (old, middle, new) = (Issuer::new(1), Issuer::new(2), Issuer::new(3));
    let links = || {
        vec![
            file("untrusted1.der", new.csca_certificate()),
            file("untrusted2.der", old.link_to(&middle)),
            file("untrusted3.der", middle.link_to(&new)),
        ]
    };
    let with = |name: &str, list: Vec<u8>| {
        let mut files = links();
        files.push(file(name, list));
        files
    };
    let mut wrong = Vec::new();
    for (case, beside, verdict, code) in [
        (
            "two links",
            links(),
            Verdict::Valid,
            "link-certificate-used",
        ),
        (
            "one link is missing",
            links().into_iter().take(2).collect(),
            Verdict::Untrusted,
            "issuer-not-found",
        ),
        (
            "the new key, known by its links alone, revokes the signer",
            with("a.crl", new.revocation_list(&[DSC_SERIAL])),
            Verdict::Invalid,
            "signer-revoked",
        ),
        (
            "the old key revokes the first link",
            with("a.crl", old.revocation_list(&[LINK_SERIAL])),
            Verdict::Invalid,
            "link-revoked",
        ),
        (
            "a list by nobody",
            with("a.crl", Issuer::new(9).revocation_list(&[DSC_SERIAL])),
            Verdict::ValidWithWarning,
            "revocation-list-not-trusted",
        ),
    ] {
        let document = read(
            chip(&new, beside),
            vec![("csca.der", old.csca_certificate())],
        );
        wrong.extend(complaint(case, &document, verdict, code));
    }
    let store = vec![
        ("csca.der", old.csca_certificate()),
        ("a.crl", old.revocation_list(&[1])),
    ];
    let document = read(chip(&old, Vec::new()), store);
    wrong.extend(complaint(
        "the issuer on its own list",
        &document,
        Verdict::Untrusted,
        "issuer-revoked",
    ));
    let store = vec![
        ("csca.der", old.csca_certificate()),
        ("dsc.der", old.dsc_certificate()),
        ("a.crl", old.revocation_list(&[DSC_SERIAL])),
    ];
    let document = read(chip(&old, Vec::new()), store);
    wrong.extend(complaint(
        "a signer in the store, revoked",
        &document,
        Verdict::Invalid,
        "signer-revoked",
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_must_not_pass_does_not() {
    let issuer = Issuer::new(1);
    let mut wrong = Vec::new();
    let chip_of = |mrz: &str| {
        let issued = issuer.issue(mrz, &portrait()).expect("issues");
        issued
            .into_iter()
            .map(|(name, bytes)| file(&name, bytes))
            .collect::<Vec<_>>()
    };
    let trust = || vec![("csca.der", issuer.csca_certificate())];
    // A key that isn't for signing.
    let mut files = chip_of(MRZ);
    let group = |name: &str| {
        let file = files.iter().find(|f| f.name == name);
        file.expect("a file").bytes.clone()
    };
    let groups = [(1, group("EF_DG1.bin")), (2, group("EF_DG2.bin"))];
    let sod = files.iter_mut().find(|f| f.name == "EF_SOD.bin");
    sod.expect("a file").bytes = issuer.security_object_of_issuing_signer(&groups);
    let document = read(files, trust());
    wrong.extend(complaint(
        "a key for issuing",
        &document,
        Verdict::Untrusted,
        "signer-key-usage",
    ));
    // States that don't exist, and another's than the issuer's.
    for (state, code) in [
        ("FRA", "issuing-state-differs"),
        ("ZZZ", "issuing-state-unknown"),
        ("U10", "issuing-state-unknown"),
        ("<<<", "issuing-state-unknown"),
    ] {
        let mrz = MRZ.replacen("P<UTO", &format!("P<{state}"), 1);
        let document = read(chip_of(&mrz), trust());
        wrong.extend(complaint(state, &document, Verdict::Untrusted, code));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_reader_leaves_for_what_it_was_refused_is_not_presented() {
    let issuer = Issuer::new(1);
    let mut wrong = Vec::new();
    for (name, bytes, verdict) in [
        ("EF_DG3.bin", &b""[..], Verdict::ValidWithWarning),
        ("EF_DG4.bin", &b"\x69\x82"[..], Verdict::ValidWithWarning),
        ("EF_DG3.bin", &b"\x69"[..], Verdict::Invalid),
    ] {
        let files = chip(&issuer, vec![file(name, bytes.to_vec())]);
        let document = read(files, vec![("csca.der", issuer.csca_certificate())]);
        wrong.extend(complaint(name, &document, verdict, ""));
    }
    // EF.COM is not signed, and believed in nothing.
    let mut files = chip(&issuer, Vec::new());
    files.retain(|f| f.name != "EF_COM.bin");
    files.push(file("EF_COM.bin", vec![0x60, 0x20, 1]));
    let document = read(files, vec![("csca.der", issuer.csca_certificate())]);
    wrong.extend(complaint(
        "a damaged EF.COM",
        &document,
        Verdict::ValidWithWarning,
        "com-unreadable",
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
