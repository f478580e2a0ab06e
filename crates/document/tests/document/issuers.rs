//! Master lists, revocation lists and certificates that governments publish.

use crate::shared;

use std::collections::BTreeMap;

use rowcall_pki::master_list::{MasterList, MasterListSignature};
use rowcall_pki::trust::TrustStore;

#[test]
fn every_master_list_is_read_in_full() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let expected = shared::expected(&documents);
    for (path, expectation) in expected["masterlists"].as_object().expect("an object") {
        let bytes = std::fs::read(documents.join(path)).expect("readable");
        let list = MasterList::read(&bytes).expect(path);
        assert_eq!(
            list.len() as u64,
            expectation["count"].as_u64().expect("a number"),
            "{path}"
        );
        assert!(
            list.unreadable().is_empty(),
            "{path}: {:?}",
            list.unreadable()
        );
        let mut countries: BTreeMap<String, u64> = BTreeMap::new();
        for country in list.countries() {
            *countries.entry(country.to_owned()).or_default() += 1;
        }
        let by_country: BTreeMap<String, u64> =
            serde_json::from_value(expectation["by_country"].clone()).expect("numbers");
        assert_eq!(countries, by_country, "{path}");
        let signed = matches!(list.signature(), MasterListSignature::Valid { .. });
        assert_eq!(signed, expectation["form"] == "CMS SignedData", "{path}");
        let self_issued = expectation["self_issued"].as_u64().expect("a number");
        let checked = list.check_self_signatures();
        eprintln!("{path}: {} certificates, {checked:?}", list.len());
        let sum = checked.own_key + checked.other_key + checked.signer_absent + checked.wrong;
        assert_eq!(sum as u64, self_issued, "{path}");
        assert_eq!(checked.wrong, 0, "{path}");
    }
}

#[test]
fn a_changed_byte_breaks_a_master_list() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let path = documents.join("masterlists/DE_ML_2026-05-28-08-28-45.ml");
    let mut bytes = std::fs::read(path).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let error = MasterList::read(&bytes).expect_err("refused");
    assert!(error.to_string().contains("wrong"), "{error}");
}

#[test]
fn published_certificates_and_revocation_lists_are_read() {
    let Some(documents) = shared::documents() else {
        return;
    };
    for folder in ["certs", "certs/idn", "crl", "masterlists", "sod/alg/cscas"] {
        let store = shared::trust(&documents.join(folder));
        assert!(
            !store.is_empty() || store.revocation_lists() > 0,
            "{folder}"
        );
    }
    let (store, unreadable) = TrustStore::from_files(shared::files(&documents.join("crl")));
    assert!(unreadable.is_empty());
    assert_eq!((store.len(), store.revocation_lists()), (1, 1));
}
