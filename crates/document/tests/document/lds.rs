//! The remaining expectations: synthetic DG2s, additional data, EF.COM.

use rowcall_document::{Finding, NamedFile, Policy, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::tlv;

use crate::shared;

fn read(name: &str, bytes: Vec<u8>) -> VerifiedDocument {
    let file = NamedFile {
        name: name.into(),
        bytes,
    };
    rowcall_document::read(
        vec![file],
        &TrustStore::empty(),
        &Policy::default(),
        shared::AT,
    )
}

#[test]
fn synthetic_dg2s_are_what_they_are_meant_to_be() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let expected = shared::expected(&documents);
    for (name, expectation) in expected["dg2_synthetic"].as_object().expect("an object") {
        let bytes =
            std::fs::read(documents.join(format!("dg2/synthetic/{name}.bin"))).expect("readable");
        let document = read("EF_DG2.bin", bytes);
        let of_dg2: Vec<&Finding> = document
            .findings()
            .iter()
            .filter(|f| f.detail.starts_with("EF_DG2.bin"))
            .collect();
        let got = match (document.portrait(), of_dg2.first()) {
            (Some(p), None) => format!("ok {}", p.format().extension()),
            (Some(_), Some(_)) => "ok with warning".to_owned(),
            (None, _) => "invalid".to_owned(),
        };
        let expectation = expectation["expected"].as_str().expect("text");
        assert!(expectation.starts_with(&got), "{name}: {got}: {of_dg2:?}");
        if name == "bad_tag" {
            assert_eq!(of_dg2[0].code.as_str(), "wrong-tag");
        }
    }
}

#[test]
fn additional_data_are_read_with_their_characters() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let file = |path: &str| std::fs::read(documents.join(path)).expect("readable");
    let holder = |path: &str| {
        let document = read("EF_DG11.bin", file(path));
        document.details().holder.clone().expect("DG11")
    };
    let utf8 = holder("lds/synthetic/EF_DG11_utf8.bin");
    assert_eq!(utf8.full_name.as_deref(), Some("M\u{dc}LLER \u{c9}LODIE"));
    assert_eq!(utf8.full_birth_date.as_deref(), Some("19850715"));
    assert_eq!(utf8.place_of_birth.as_deref(), Some("Z\u{dc}RICH ZH"));
    let icao = holder("lds/icao_part10_examples/EF_DG11.bin");
    assert_eq!(icao.full_name.as_deref(), Some("SMITH JOHN J"));
    assert_eq!(icao.address.as_deref(), Some("123 MAPLE RD ANYTOWN MN"));
    let document = read("EF_DG12.bin", file("lds/nfcpassportreader/EF_DG12.bin"));
    let data = document.details().document.as_ref().expect("DG12");
    assert_eq!(data.issue_date.as_deref(), Some("20180326"));
    assert_eq!(data.issuing_authority.as_deref(), Some("TESTER"));
    let document = read("EF_DG14.bin", file("lds/bsi_eac_aa/EF_DG14.bin"));
    assert_eq!(document.details().security_infos.len(), 3);
    assert_eq!(document.details().security_infos[2], "0.4.0.127.0.7.2.2.2");
    let document = read("EF_DG15.bin", file("lds/bsi2008/EF_DG15.bin"));
    assert_eq!(
        document.details().active_authentication_key.as_deref(),
        Some("RSA 1024")
    );
}

#[test]
fn ef_com_lists_its_data_groups() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let bytes = std::fs::read(documents.join("lds/malformed/EF_COM_lds17.bin")).expect("readable");
    let document = read("EF_COM.bin", bytes);
    assert_eq!(document.details().data_groups, [1, 2, 7, 14]);
    assert_eq!(document.details().lds_version.as_deref(), Some("0107"));
}

#[test]
fn a_digital_travel_credential_is_judged_as_the_chip_it_copies() {
    let issuer = rowcall_specimen::Issuer::new(4);
    let mrz = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F3104159UTO<<<<<<<<<<<8\n\
               ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    let portrait = [
        0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 64, 0, 48, 1, 1, 0x11, 0, 0xff, 0xd9,
    ];
    let files = issuer.issue(mrz, &portrait).expect("issues");
    let tagged = |tag: &dyn Fn(usize) -> u32| -> Vec<u8> {
        let all = files.iter().enumerate();
        all.flat_map(|(i, (_, bytes))| tlv(tag(i), bytes)).collect()
    };
    let credential = tlv(0x30, &tagged(&|_| 0x04));
    // As a SignedData has it: the content in an octet string, certificates after it.
    let signed = [
        tlv(0xa0, &tlv(0x04, &credential)),
        tlv(0xa0, &issuer.csca_certificate().repeat(3)),
    ];
    let signed = tlv(0x30, &[tlv(0x30, &signed[0]), signed[1].clone()].concat());
    let wrapped = [
        credential.clone(),
        tlv(0x30, &tagged(&|i| 0x80 + i as u32)),
        tlv(0x30, &tlv(0xa0, &signed)),
    ];
    let (trust, _) = TrustStore::from_files([("csca.der", issuer.csca_certificate())]);
    let judge = |bytes: Vec<u8>| {
        let file = NamedFile {
            name: "holder.dtc".into(),
            bytes,
        };
        rowcall_document::read(vec![file], &trust, &Policy::default(), shared::AT)
    };
    for (i, credential) in wrapped.into_iter().enumerate() {
        let document = judge(credential);
        assert_eq!(document.kind(), rowcall_words::document::Kind::Dtc);
        assert!(
            document.verdict() <= rowcall_words::document::Verdict::ValidWithWarning,
            "{i}: {:#?}",
            document.findings()
        );
        assert_eq!(
            document.portrait().expect("a portrait").source(),
            rowcall_document::PortraitSource::SignedDtc,
            "{i}"
        );
    }
    let mut credential = credential;
    let middle = credential.len() - 60;
    credential[middle] ^= 1;
    assert_eq!(
        judge(credential).verdict(),
        rowcall_words::document::Verdict::Invalid
    );
}
