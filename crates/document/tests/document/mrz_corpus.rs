//! Every MRZ of the shared corpus, against what is expected of it.

use crate::shared;

use rowcall_document::NamedFile;
use rowcall_document::mrz::{Mrz, MrzDefectKind};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;
use serde_json::Value;

#[test]
fn the_corpus_is_met_in_full() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let at = shared::AT;
    let corpus = std::fs::read_to_string(documents.join("mrz/corpus.jsonl")).expect("readable");
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let lines: Vec<&str> = case["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|l| l.as_str().expect("text"))
            .collect();
        let expected = case["expected"].as_object().expect("an object");
        count += 1;
        let got: Value = match Mrz::parse(&lines, at) {
            Ok(mrz) => serde_json::to_value(&mrz).expect("serialises"),
            Err(defect) => {
                let mut v = serde_json::json!({ "valid": false, "format": defect.format });
                match defect.kind {
                    MrzDefectKind::Length(lengths) => {
                        v["error"] = "length".into();
                        v["line_lengths"] = lengths.into();
                    }
                    MrzDefectKind::Charset(positions) => {
                        v["error"] = "charset".into();
                        v["bad_positions"] = serde_json::to_value(positions).expect("numbers");
                    }
                }
                v
            }
        };
        for (key, value) in expected {
            if got.get(key) != Some(value) {
                wrong.push(format!(
                    "{}: {key}: {:?}, not {value}",
                    case["id"],
                    got.get(key)
                ));
            }
        }
        // The verdict of a lone mrz.txt: right is unsigned, wrong is invalid.
        let file = NamedFile {
            name: "mrz.txt".into(),
            bytes: lines.join("\n").into_bytes(),
        };
        let document =
            rowcall_document::read(vec![file], &TrustStore::empty(), &shared::policy(), at);
        let verdict = if expected["valid"] == Value::Bool(true) {
            // An expired document and an odd date are warnings, not verdicts.
            Verdict::Unsigned
        } else if lines[0].starts_with("IDFRA") {
            // No zone of Doc 9303 is none that was altered.
            Verdict::Unsupported
        } else {
            Verdict::Invalid
        };
        if document.verdict() != verdict {
            wrong.push(format!("{}: {:?}", case["id"], document.findings()));
        }
    }
    assert!(count > 200, "only {count} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
