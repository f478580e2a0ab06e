//! Seals of the specimen issuer: no file of anybody else is needed here.

use crate::seals::read;
use crate::shared;

use rowcall_document::{NamedFile, Policy, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{Issuer, c40};
use rowcall_words::document::{Authenticity, Kind, Verdict};

/// A store that trusts the specimen issuer and knows its seal signer.
fn trust_in(issuer: &Issuer) -> TrustStore {
    let certificates = [
        ("csca.der", issuer.csca_certificate()),
        ("signer.der", issuer.seal_signer_certificate()),
    ];
    let (trust, unreadable) = TrustStore::from_files(certificates);
    assert!(unreadable.is_empty(), "{unreadable:?}");
    trust
}

/// The codes of what is a warning or worse.
fn faults(document: &VerifiedDocument) -> Vec<&str> {
    let findings = document.findings().iter();
    findings
        .filter(|f| f.severity != rowcall_words::document::Severity::Info)
        .map(|f| f.code.as_str())
        .collect()
}

const NC_DATA: &str =
    "{\"hdr\":{\"is\":\"UTO\",\"t\":\"icao.test\",\"v\":1},\"msg\":{\"n\":\"M\u{fc}ller\"}}";

#[test]
fn a_vds_nc_may_have_a_byte_order_mark_or_be_in_latin_1() {
    let issuer = Issuer::new(4);
    let trust = trust_in(&issuer);
    let seal = issuer.json_seal(NC_DATA);
    let latin = seal.chars().map(|c| c as u8).collect();
    let marked = format!("\u{feff}{seal}").into_bytes();
    for (what, bytes) in [
        ("plain", seal.into_bytes()),
        ("Latin-1", latin),
        ("marked", marked),
    ] {
        let document = read(bytes, &trust);
        assert_eq!(document.kind(), Kind::VdsNc, "{what}");
        assert_eq!(faults(&document), [""; 0], "{what}");
        assert_eq!(document.verdict(), Verdict::Valid, "{what}");
    }
    let barcode = issuer.barcode("UTO", &[(0x80, vec![1])]);
    let document = read(format!("\u{feff}{barcode}\n").into_bytes(), &trust);
    assert_eq!(document.kind(), Kind::Idb);
    assert_eq!(document.verdict(), Verdict::Valid);
}

/// As a chip's: what lies beside a seal is looked at.
#[test]
fn a_revocation_list_or_a_certificate_beside_a_seal_counts() {
    let issuer = Issuer::new(4);
    let serial = rowcall_specimen::SEAL_SIGNER_SERIAL;
    let vds = issuer.visible_seal((0xfc, 4), &[(1, vec![0])]);
    let csca = [("csca.der", issuer.csca_certificate())];
    let (only_csca, _) = TrustStore::from_files(csca);
    let crl = |serials: &[u64]| Some(("x.crl", issuer.revocation_list(serials)));
    let signer = Some(("DSC.der", issuer.seal_signer_certificate()));
    for (what, store, beside, verdict, faults_are) in [
        ("nothing", trust_in(&issuer), None, Verdict::Valid, vec![]),
        (
            "a list that revokes the signer",
            trust_in(&issuer),
            crl(&[serial]),
            Verdict::Invalid,
            vec!["signer-revoked"],
        ),
        (
            "a list that doesn't",
            trust_in(&issuer),
            crl(&[9]),
            Verdict::Valid,
            vec![],
        ),
        (
            "a list that is none",
            trust_in(&issuer),
            Some(("x.crl", b"hello".to_vec())),
            Verdict::ValidWithWarning,
            vec!["accompanying-file-unreadable"],
        ),
        (
            "the signer",
            only_csca,
            signer.clone(),
            Verdict::Valid,
            vec![],
        ),
        (
            "the signer, whose issuer nobody trusts",
            TrustStore::empty(),
            signer,
            Verdict::Untrusted,
            vec!["issuer-not-found"],
        ),
    ] {
        let files = std::iter::once(("seal.vds", vds.clone())).chain(beside);
        let files = files.map(|(name, bytes)| NamedFile {
            name: name.into(),
            bytes,
        });
        let policy = Policy::default();
        let document = rowcall_document::read(files.collect(), &store, &policy, shared::AT);
        assert_eq!(
            document.verdict(),
            verdict,
            "{what}: {:#?}",
            document.findings()
        );
        assert_eq!(faults(&document), faults_are, "{what}");
    }
}

/// A visa whose page and seal have these two zones.
fn sealed_visa(printed: &[String; 2], sealed: &[String; 2]) -> VerifiedDocument {
    let issuer = Issuer::new(4);
    let run = format!("{}{}", sealed[0], &sealed[1][..28]);
    let seal = issuer.visible_seal((0x5d, 1), &[(1, c40(&run))]);
    let files = [
        ("seal.vds", seal),
        ("mrz.txt", printed.join("\n").into_bytes()),
    ];
    let files = files.map(|(name, bytes)| NamedFile {
        name: name.into(),
        bytes,
    });
    let policy = Policy::default();
    rowcall_document::read(files.into(), &trust_in(&issuer), &policy, shared::AT)
}

#[test]
fn a_page_that_differs_from_its_seal_says_in_what() {
    let digit = |field: &str| rowcall_document::mrz::check_digit(&[field.as_bytes()]);
    let visa = |code: &str, name: &str, sex: char, expiry: &str, optional: &str| {
        let number = "L8988901C";
        let [a, b, c] = [number, "400907", expiry].map(|f| char::from(digit(f)));
        [
            format!("{code:<<2}UTO{:<<39}", format!("ERIKSSON<<{name}")),
            format!("{number}{a}XXX400907{b}{sex}{expiry}{c}{optional:<<16}"),
        ]
    };
    let page = visa("V", "ANNA", 'F', "321210", "6ZE184226B");
    for (sealed, differs) in [
        (visa("V", "ANNA", 'F', "321210", ""), ""),
        (visa("V", "ANNA", 'M', "321210", ""), "sex"),
        (visa("VD", "ANNA", 'F', "321210", ""), "document code"),
        (
            visa("V", "ANNE", '<', "331210", ""),
            "date of expiry, sex, names",
        ),
    ] {
        let document = sealed_visa(&page, &sealed);
        let found = document
            .findings()
            .iter()
            .find(|f| f.code.as_str() == "printed-mrz-differs");
        let expected = format!("the printed MRZ is not the seal's: {differs} differ(s)");
        let expected = (!differs.is_empty()).then_some(expected);
        assert_eq!(
            found.map(|f| f.detail.clone()),
            expected,
            "{:#?}",
            document.findings()
        );
        let verdict = if differs.is_empty() {
            Verdict::Valid
        } else {
            Verdict::Invalid
        };
        assert_eq!(document.verdict(), verdict, "{differs}");
    }
}

/// As of a chip: who signs for one state doesn't speak for another.
#[test]
fn a_seal_of_another_state_than_its_signers_is_trusted_by_nobody() {
    let issuer = Issuer::new(4);
    let trust = trust_in(&issuer);
    // The specimen issuer's certificates are of UT, a code that no state has.
    for (state, verdict) in [("UTO", Verdict::Valid), ("AUS", Verdict::Untrusted)] {
        let json = issuer.json_seal(&NC_DATA.replace("UTO", state));
        let barcode = issuer.barcode(state, &[(0x80, vec![1])]);
        for seal in [json, barcode] {
            let document = read(seal.into_bytes(), &trust);
            assert_eq!(
                document.verdict(),
                verdict,
                "{state}: {:#?}",
                document.findings()
            );
            let differs = verdict == Verdict::Untrusted;
            assert_eq!(
                faults(&document).contains(&"issuing-state-differs"),
                differs
            );
            let trusted = document.authenticity() == Authenticity::Trusted;
            assert_eq!(trusted, !differs, "{state}");
        }
    }
}

/// RFC 8785, 3.1 and 3.2.2.3: numbers as ECMAScript writes them, names once.
#[test]
fn a_vds_nc_is_canonical_json() {
    let issuer = Issuer::new(4);
    let trust = trust_in(&issuer);
    let seal = issuer.json_seal(&NC_DATA.replace("\"v\":1", "\"v\":36.6,\"w\":1e-7"));
    let spelt = seal.replace("36.6,\"w\":1e-7", "36.60,  \"w\": 0.0000001");
    for seal in [seal, spelt] {
        let document = read(seal.into_bytes(), &trust);
        assert_eq!(
            document.verdict(),
            Verdict::Valid,
            "{:#?}",
            document.findings()
        );
    }
    // Of two members of one name another reader may take the one that isn't signed.
    let seal = issuer.json_seal(NC_DATA);
    let twice = seal.replace("\"is\":\"UTO\"", "\"is\":\"EVIL\",\"is\":\"UTO\"");
    let document = read(twice.into_bytes(), &trust);
    assert_eq!(document.verdict(), Verdict::Invalid);
    assert_eq!(document.kind(), Kind::VdsNc);
    assert_eq!(faults(&document), ["seal-malformed"]);
}

#[test]
fn what_is_malformed_is_of_the_kind_that_it_begins_like_or_is_named() {
    for (name, bytes, kind) in [
        ("seal.bin", &b"\xdc\x03\0"[..], Kind::Vds),
        ("seal.bin", b"NDB1Z", Kind::Idb),
        ("seal.bin", b"\xef\xbb\xbf{\"data\":", Kind::VdsNc),
        ("seal.bin", b"hello", Kind::Vds),
        ("x.idb", b"hello", Kind::Idb),
        ("vdsnc.txt", b"", Kind::VdsNc),
    ] {
        let file = NamedFile {
            name: name.into(),
            bytes: bytes.to_vec(),
        };
        let store = TrustStore::empty();
        let document = rowcall_document::read(vec![file], &store, &Policy::default(), shared::AT);
        assert_eq!(document.kind(), kind, "{name}");
        assert_eq!(document.verdict(), Verdict::Invalid, "{name}");
    }
}

#[test]
fn a_seal_has_one_zone_and_a_day_that_can_be() {
    let issuer = Issuer::new(4);
    let trust = trust_in(&issuer);
    let run = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L8988901C4XXX4009078F3212103";
    let zone = || (1, c40(run));
    let garbage = || (1, vec![0xff; 48]);
    for (what, messages, warned) in [
        ("one", vec![zone()], false),
        ("two", vec![zone(), zone()], true),
        ("none", vec![(3, vec![1])], true),
        ("one that is no C40", vec![garbage()], true),
    ] {
        let document = read(issuer.visible_seal((0x5d, 1), &messages), &trust);
        let has = faults(&document).contains(&"seal-zone");
        assert_eq!(has, warned, "{what}: {:#?}", document.findings());
    }
    // The specimen's are signed on 2024-03-02.
    let seal = issuer.visible_seal((0xfc, 4), &[(1, vec![0])]);
    for (at, expected) in [("2024-03-02", vec![]), ("2024-03-01", vec!["seal-date"])] {
        let file = NamedFile {
            name: "seal".into(),
            bytes: seal.clone(),
        };
        let at = at.parse().expect("a day");
        let document = rowcall_document::read(vec![file], &trust, &Policy::default(), at);
        assert_eq!(faults(&document), expected, "{at}");
    }
}
