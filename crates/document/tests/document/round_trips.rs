//! What the specimen issuer writes is what is read, however it is packed and whatever
//! it says.

use proptest::prelude::*;
use rowcall_document::{NamedFile, Policy, VerifiedDocument};
use rowcall_pki::certificate::Certificate;
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{DSC_SERIAL, Issuer, SEAL_SIGNER_SERIAL, c40, tlv};
use rowcall_words::document::{Kind, Severity, Verdict};

use crate::collections::{gzip, ldif, pem, zip};
use crate::deviations::portrait;
use crate::shared::AT;

/// One thing that a trust folder may hold, by the issuer of a seed.
#[derive(Clone, Copy, Debug)]
enum Thing {
    Issuer(u64),
    MasterList(u64),
    Revocations(u64),
}

impl Thing {
    fn der(self) -> Vec<u8> {
        match self {
            Self::Issuer(seed) => Issuer::new(seed).csca_certificate(),
            Self::MasterList(seed) => {
                let issuer = Issuer::new(seed);
                let other = Issuer::new(seed + 100);
                issuer.master_list(&[issuer.csca_certificate(), other.csca_certificate()])
            }
            Self::Revocations(seed) => Issuer::new(seed).revocation_list(&[seed]),
        }
    }

    /// Seeds of the issuers in it.
    fn issuers(self) -> Vec<u64> {
        match self {
            Self::Issuer(seed) => vec![seed],
            Self::MasterList(seed) => vec![seed, seed + 100],
            Self::Revocations(_) => vec![],
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Revocations(_))
    }
}

/// How things are written one after another.
#[derive(Clone, Copy, Debug)]
enum Written {
    Der,
    Pem,
    Ldif,
    /// PKCS#7 has no place for master lists, which stand after it.
    Bundle,
}

fn written(things: &[Thing], how: Written) -> Vec<u8> {
    let der = |thing: &Thing| thing.der();
    match how {
        Written::Der => things.iter().flat_map(der).collect(),
        Written::Pem => things
            .iter()
            .flat_map(|t| {
                let label = match t {
                    Thing::Issuer(_) => "CERTIFICATE",
                    Thing::MasterList(_) => "CMS",
                    Thing::Revocations(_) => "X509 CRL",
                };
                pem(label, &t.der()).into_bytes()
            })
            .collect(),
        Written::Ldif => things
            .iter()
            .flat_map(|t| {
                let attribute = match t {
                    Thing::Issuer(_) => "cACertificate;binary",
                    Thing::MasterList(_) => "pkdMasterListContent",
                    Thing::Revocations(_) => "certificateRevocationList;binary",
                };
                ldif(attribute, &t.der())
            })
            .collect(),
        Written::Bundle => {
            let of = |wanted: fn(&Thing) -> bool| -> Vec<Vec<u8>> {
                things.iter().filter(|t| wanted(t)).map(der).collect()
            };
            let issuers = of(|t| matches!(t, Thing::Issuer(_)));
            let lists = of(|t| t.is_list());
            let issuers_of: Vec<&[u8]> = issuers.iter().map(Vec::as_slice).collect();
            let lists_of: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
            let mut bytes = Vec::new();
            if !(issuers.is_empty() && lists.is_empty()) {
                bytes = Issuer::new(0).bundle(&issuers_of, &lists_of);
            }
            bytes.extend(of(|t| matches!(t, Thing::MasterList(_))).concat());
            bytes
        }
    }
}

/// `bytes` in archives: ZIP where `true`, or else gzip.
fn archived(bytes: Vec<u8>, archives: &[bool]) -> Vec<u8> {
    archives.iter().fold(bytes, |inner, is_zip| match is_zip {
        true => zip(&[("folder/any name", &inner)]),
        false => gzip(&inner),
    })
}

fn thing() -> impl Strategy<Value = Thing> {
    prop_oneof![
        (1..6_u64).prop_map(Thing::Issuer),
        (1..6_u64).prop_map(Thing::MasterList),
        (1..6_u64).prop_map(Thing::Revocations),
    ]
}

/// The two lines of a passport of Utopia, all check digits right, in force on [`AT`].
fn passport() -> impl Strategy<Value = [String; 2]> {
    let date = |years: std::ops::Range<u8>| {
        (years, 1..=12_u8, 1..=28_u8).prop_map(|(y, m, d)| format!("{y:02}{m:02}{d:02}"))
    };
    (
        "[A-Z]{1,12}(<[A-Z]{1,8})?<<[A-Z]{1,10}",
        "[A-Z0-9]{9}",
        date(40..99),
        date(27..36),
        "[MF<]",
        "[A-Z0-9]{0,14}",
    )
        .prop_map(|(names, number, birth, expiry, sex, personal)| {
            let digit = |of: &str| char::from(rowcall_document::mrz::check_digit(&[of.as_bytes()]));
            let personal = format!("{personal:<<14}");
            let [a, b, c, d] = [&number, &birth, &expiry, &personal].map(|f| digit(f));
            let all = digit(&format!("{number}{a}{birth}{b}{expiry}{c}{personal}{d}"));
            [
                format!("P<UTO{names:<<39}"),
                format!("{number}{a}UTO{birth}{b}{sex}{expiry}{c}{personal}{d}{all}"),
            ]
        })
}

fn trust_in(issuer: &Issuer) -> TrustStore {
    let (trust, unusable) = TrustStore::from_files([
        ("csca", issuer.csca_certificate()),
        ("signer", issuer.seal_signer_certificate()),
    ]);
    assert!(unusable.is_empty(), "{unusable:?}");
    trust
}

fn read(files: Vec<(&str, Vec<u8>)>, trust: &TrustStore) -> VerifiedDocument {
    let files = files.into_iter().map(|(name, bytes)| NamedFile {
        name: name.to_owned(),
        bytes,
    });
    rowcall_document::read(files.collect(), trust, &Policy::default(), AT)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_packed_is_unpacked(
        things in prop::collection::vec(thing(), 1..6),
        how in prop::sample::select(vec![Written::Der, Written::Pem, Written::Ldif, Written::Bundle]),
        archives in prop::collection::vec(any::<bool>(), 0..=3),
    ) {
        let bytes = archived(written(&things, how), &archives);
        let (store, unusable) = TrustStore::from_files([("x", bytes)]);
        prop_assert_eq!(&unusable, &[]);
        let mut expected: Vec<u64> = things.iter().flat_map(|t| t.issuers()).collect();
        let offered = expected.len();
        expected.sort_unstable();
        expected.dedup();
        for seed in &expected {
            let der = Issuer::new(*seed).csca_certificate();
            let certificate = Certificate::read(&der).expect("a certificate");
            prop_assert!(store.holds(&certificate), "{seed}");
        }
        prop_assert_eq!(store.len(), expected.len());
        let again: usize = store.entries().map(|e| e.duplicates).sum();
        prop_assert_eq!(again + expected.len(), offered);
        let lists = things.iter().filter(|t| t.is_list()).count();
        prop_assert_eq!(store.revocation_lists(), lists);
    }

    #[test]
    fn a_list_revokes_whom_it_names(
        mut serials in prop::collection::vec(any::<u64>(), 0..40),
        named in any::<[bool; 2]>(),
        is_of_changes in any::<bool>(),
        at in any::<prop::sample::Index>(),
    ) {
        let ours = [DSC_SERIAL, SEAL_SIGNER_SERIAL];
        serials.retain(|s| !ours.contains(s));
        for (serial, named) in ours.into_iter().zip(named) {
            if named {
                serials.insert(at.index(serials.len() + 1), serial);
            }
        }
        let issuer = Issuer::new(3);
        let list = match is_of_changes {
            true => issuer.revocation_list_of_changes(&serials),
            false => issuer.revocation_list(&serials),
        };
        let (store, unusable) = TrustStore::from_files([("x", list)]);
        prop_assert_eq!(unusable, []);
        let list = &store.crls()[0];
        let signers = [issuer.dsc_certificate(), issuer.seal_signer_certificate()];
        for (der, named) in signers.iter().zip(named) {
            let signer = Certificate::read(der).expect("a certificate");
            prop_assert_eq!(list.revokes(&signer), named);
            prop_assert_eq!(list.gap(&signer, AT).is_some(), is_of_changes);
        }
        for (seed, is_own) in [(3, true), (4, false)] {
            let der = Issuer::new(seed).csca_certificate();
            let key = Certificate::read(&der).expect("a certificate").key;
            prop_assert_eq!(list.is_signed_by(&key).is_ok(), is_own);
        }
    }

    #[test]
    fn a_chip_says_what_was_issued_file_by_file_and_as_a_travel_credential(
        zone in passport(),
        wrapped in prop::sample::select(vec![None, Some(0x30), Some(0xa0), Some(0x61)]),
        list_in_it in any::<bool>(),
    ) {
        let issuer = Issuer::new(6);
        let files = issuer.issue(&zone.join("\n"), &portrait()).expect("issues");
        let trust = trust_in(&issuer);
        let along: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let credential = match wrapped {
            Some(0x61) | None => along,
            Some(tag) => tlv(tag, &along),
        };
        let mut by_file: Vec<(&str, Vec<u8>)> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        if list_in_it {
            let groups: Vec<(u8, Vec<u8>)> = (1..=2_u8)
                .map(|n| {
                    let name = format!("EF_DG{n}.bin");
                    let found = files.iter().find(|f| f.0 == name);
                    (n, found.expect("a data group").1.clone())
                })
                .collect();
            let sod = issuer.security_object_with_lists(&groups, &[&issuer.revocation_list(&[7])]);
            by_file.retain(|f| f.0 != "EF_SOD.bin");
            by_file.push(("EF_SOD.bin", sod));
        }
        for files in [by_file, vec![("holder.dtc", credential)]] {
            let document = read(files, &trust);
            prop_assert_eq!(document.verdict(), Verdict::Valid, "{:#?}", document.findings());
            let mrz = document.mrz().expect("a zone");
            prop_assert!(mrz.lines().eq(zone.iter().map(String::as_str)));
            prop_assert_eq!(document.portrait().expect("a portrait").encoded(), &portrait()[..]);
        }
    }

    #[test]
    fn a_typed_zone_says_what_was_typed(zone in passport()) {
        let typed = zone.join("\r\n").into_bytes();
        let document = read(vec![("mrz.txt", typed)], &TrustStore::empty());
        let mrz = document.mrz().expect("a zone");
        prop_assert!(mrz.lines().eq(zone.iter().map(String::as_str)));
        prop_assert_eq!(mrz.document_number(), zone[1][..9].trim_end_matches('<'));
        prop_assert_eq!(mrz.birth_date().as_written(), &zone[1][13..19]);
        prop_assert_eq!(mrz.expiry_date().as_written(), &zone[1][21..27]);
        prop_assert!(mrz.checks().all_right());
        prop_assert_eq!(document.verdict(), Verdict::Unsigned, "{:#?}", document.findings());
    }

    #[test]
    fn a_seal_says_what_was_signed_and_nothing_else(
        zone in passport(),
        values in prop::collection::vec((0x20_u32..0x70, prop::collection::vec(any::<u8>(), 0..60)), 0..6),
        flip in any::<prop::sample::Index>(),
    ) {
        let issuer = Issuer::new(6);
        let trust = trust_in(&issuer);
        // A visa's zone leaves its optional data out (Doc 9303-13, 3.1.1).
        let run = format!("V{}{}", &zone[0][1..], &zone[1][..28]);
        let mut messages = vec![(1, c40(&run))];
        messages.extend(values.iter().filter(|v| v.0 != 1).cloned());
        let seal = issuer.visible_seal((0x5d, 1), &messages);
        let document = read(vec![("seal.bin", seal.clone())], &trust);
        prop_assert_eq!(document.kind(), Kind::Vds);
        prop_assert!(document.verdict() <= Verdict::ValidWithWarning, "{:#?}", document.findings());
        let mrz = document.mrz().expect("a zone");
        let read_back: String = mrz.lines().collect();
        prop_assert!(read_back.starts_with(&run), "{} {}", read_back, run);
        let told = document.details().seal.as_ref().expect("a seal's data");
        prop_assert_eq!(told.fields.len(), messages.len() - 1);
        // One bit of it otherwise, and it isn't what was signed.
        let mut other = seal;
        let at = flip.index(other.len() * 8);
        other[at / 8] ^= 1 << (at % 8);
        let document = read(vec![("seal.bin", other)], &trust);
        prop_assert!(document.verdict() > Verdict::ValidWithWarning, "{:#?}", document.findings());
    }

    #[test]
    fn a_barcode_and_a_vds_nc_say_what_was_signed(
        values in prop::collection::vec((0x80_u32..0xff, prop::collection::vec(any::<u8>(), 1..90)), 1..5),
        texts in prop::collection::btree_map("[a-z]{1,6}", "\\PC{0,20}", 0..8),
        number in any::<i32>(),
    ) {
        let issuer = Issuer::new(6);
        let trust = trust_in(&issuer);
        let barcode = issuer.barcode("UTO", &values);
        let document = read(vec![("seal.bin", barcode.into_bytes())], &trust);
        prop_assert_eq!(document.kind(), Kind::Idb);
        prop_assert!(document.verdict() <= Verdict::ValidWithWarning, "{:#?}", document.findings());

        let texts = serde_json::to_string(&texts).expect("JSON");
        let data = format!(
            r#"{{"hdr":{{"is":"UTO","t":"icao.test","v":1}},"msg":{{"n":{number},"t":{texts}}}}}"#
        );
        let seal = issuer.json_seal(&data);
        let document = read(vec![("seal.bin", seal.clone().into_bytes())], &trust);
        prop_assert_eq!(document.kind(), Kind::VdsNc);
        let warned: Vec<&str> = document
            .findings()
            .iter()
            .filter(|f| f.severity != Severity::Info)
            .map(|f| f.code.as_str())
            .collect();
        prop_assert_eq!(warned, [""; 0]);
        let other = seal.replace(&format!(r#""n":{number}"#), &format!(r#""n":{}"#, i64::from(number) + 1));
        let document = read(vec![("seal.bin", other.into_bytes())], &trust);
        prop_assert_eq!(document.verdict(), Verdict::Invalid);
    }
}
