//! Proofs and receipts, good and changed, for both.

use super::{has, random, said_there};
use crate::sample::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rowcall_audit::merkle::tree_root;
use rowcall_audit::{
    Checkpoint, ConsistencyProof, InclusionProof, Log, LogFolder, Note, check_cosignature, cosign,
    receipt_note,
};
use serde_json::{Value, json};

/// Proofs and receipts that somebody was handed, and what was changed in them.
#[test]
fn proofs_are_checked_there_too() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 300, 77);
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    let cosigned = cosign(log.note(), &witness(5), 1_790_000_000).unwrap();
    log.add_cosignature(witness(5).verifier(), cosigned)
        .unwrap();
    drop(log);
    let log = LogFolder::open(&path).unwrap();
    let (key, witness) = (key(1).verifier().clone(), witness(5).verifier().clone());
    let signed =
        |note: &Note| note.verify(&key).is_ok() && check_cosignature(note, &witness).is_ok();
    let old = |size| Checkpoint {
        size,
        root: tree_root(&log, size).unwrap(),
        ..log.checkpoint().clone()
    };
    let mut seed = 0x7777_1234_5678_9abc_u64;
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    // As it is, then with bytes changed, cut and lengthened.
    let mut try_all = |proof: String, rest: Value, check: &dyn Fn(&[u8]) -> bool| {
        let bytes = proof.into_bytes();
        let mut forms = vec![
            bytes.clone(),
            bytes[1..].to_vec(),
            [&bytes[..], b"\n"].concat(),
        ];
        forms.extend((0..40).map(|_| {
            let mut bytes = bytes.clone();
            let place = random(&mut seed, bytes.len());
            bytes[place] ^= 1 << random(&mut seed, 8);
            bytes
        }));
        for form in forms {
            let mut case = rest.clone();
            case["proof"] = STANDARD.encode(&form).into();
            case["key"] = key.to_string().into();
            case["witnesses"] = json!([witness.to_string()]);
            expected.push(check(&form));
            cases.push(case);
        }
    };
    for index in [0, 70, 255, 256, 299] {
        let entry = log.entry_bytes(index).unwrap();
        for given in [&entry, &log.entry_bytes((index + 1) % 300).unwrap()] {
            let proof = InclusionProof::new(&log, index).unwrap().to_text();
            let rest = json!({ "what": "inclusion", "entry": STANDARD.encode(given) });
            try_all(proof, rest, &|bytes| {
                let proof = InclusionProof::parse(bytes);
                proof.is_ok_and(|p| p.check(given).is_ok() && signed(&p.checkpoint))
            });
        }
    }
    for size in [0, 1, 77, 256, 299, 300] {
        let proof = ConsistencyProof::new(&log, size).unwrap().to_text();
        for other in [size, 128] {
            let old = old(other);
            let rest = json!({ "what": "consistency", "old": old.to_text() });
            try_all(proof.clone(), rest, &|bytes| {
                let proof = ConsistencyProof::parse(bytes);
                proof.is_ok_and(|p| {
                    p.old == old.size && p.check(old.root).is_ok() && signed(&p.checkpoint)
                })
            });
        }
    }
    let receipt = (0..300)
        .map(|number| log.entry(number).unwrap())
        .find_map(|entry| receipt_note(&key, &entry))
        .unwrap();
    try_all(
        receipt.to_string(),
        json!({ "what": "receipt" }),
        &|bytes| Note::parse(bytes).is_ok_and(|note| note.verify(&key).is_ok()),
    );
    let good = expected.iter().filter(|ok| **ok).count();
    assert!((11..200).contains(&good), "{good} of {}", expected.len());
    let said = said_there(&json!({ "cases": cases }));
    let wrong: Vec<_> = said
        .iter()
        .zip(&expected)
        .zip(&cases)
        .filter(|((said, ok), _)| said["ok"].as_bool() != Some(**ok))
        .map(|((said, ok), case)| format!("{ok} here, {said} there: {case}"))
        .collect();
    eprintln!(
        "{} proofs and receipts, {good} of them good to both",
        said.len()
    );
    assert_eq!(said.len(), expected.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
