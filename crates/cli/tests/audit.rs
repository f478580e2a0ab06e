//! Drives `rowcall audit` as an outsider would.
#![expect(
    clippy::unwrap_used,
    reason = "a failing helper should say where, as a failing test does"
)]

use rowcall_audit::entry::{Minute, StopCause};
use rowcall_audit::{Entry, Event, KeyName, Log, Purpose, SignerKey, cosign};
use std::path::Path;
use std::process::Command;

fn key(name: &str, purpose: Purpose, seed: u8) -> SignerKey {
    SignerKey::from_seed(KeyName::new(name).unwrap(), purpose, &[seed; 32]).unwrap()
}

fn log_key() -> SignerKey {
    key("lane3.example.org/rowcall", Purpose::Note, 1)
}

/// A lane that was started and stopped `runs` times from here on.
fn run_lane(log: &mut Log, runs: usize) {
    let at = |event| Entry {
        minute: Minute::from_unix_seconds(1_790_000_000),
        event,
    };
    let cause = StopCause::Operator;
    for _ in 0..runs {
        let entries = [at(Event::Started {}), at(Event::Stopped { cause })];
        log.append(&entries).unwrap();
    }
}

/// Runs `rowcall audit` in `folder`; exit code, standard output and error.
fn rowcall(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .arg("audit")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn what_an_outsider_does_with_a_log() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let minute = Minute::from_unix_seconds(1_790_000_000);
    let mut log = Log::create(&folder.join("log"), log_key(), minute).unwrap();
    run_lane(&mut log, 150);
    std::fs::write(folder.join("old"), log.note().to_string()).unwrap();
    run_lane(&mut log, 100);
    let witness = key("witness.example/w", Purpose::Cosignature, 9);
    let cosignature = cosign(log.note(), &witness, 1_790_000_060).unwrap();
    log.add_cosignature(witness.verifier(), cosignature)
        .unwrap();
    drop(log);
    let (key, other) = (
        log_key().verifier().to_string(),
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".to_owned(),
    );
    let witness = witness.verifier().to_string();
    std::fs::write(folder.join("key"), format!("{key}\n")).unwrap();

    // In order: later steps use the files of earlier ones. Exit code, and what
    // standard output or standard error must contain.
    let steps: Vec<(Vec<&str>, i32, &str)> = vec![
        (vec!["verify", "log"], 0, "501 entries, all in the tree"),
        (vec!["verify", "log"], 0, "no key was given"),
        (
            vec![
                "verify",
                "log",
                "--key",
                "key",
                "--witness",
                &witness,
                "--remembered",
                "old",
            ],
            0,
            "remembered tree of 301",
        ),
        (
            vec!["verify", "log", "--key", &key, "--json"],
            0,
            "\"holds\":true",
        ),
        (
            vec!["verify", "log", "--key", &other],
            1,
            "none of this log's",
        ),
        (
            vec!["verify", "log", "--key", "nothing"],
            2,
            "neither a verifier key",
        ),
        (
            vec!["verify", "log", "--witness", &key],
            1,
            "not a witness's",
        ),
        (vec!["verify", "nowhere"], 2, "no folder"),
        (
            vec!["verify", "log", "--as-of", "today"],
            2,
            "give a minute",
        ),
        (
            vec!["show", "log", "--from", "255", "--count", "2"],
            0,
            "256\tv1 2026-09-21T14:13Z stopped cause=operator\n",
        ),
        (
            vec!["show", "log", "--kind", "created", "--json"],
            0,
            "{\"entry\":0,",
        ),
        (vec!["show", "log", "--kind", "person"], 2, "hold-made"),
        (
            vec!["prove", "log", "300", "--out", "p", "--entry-out", "e"],
            0,
            "",
        ),
        (vec!["prove", "log", "501"], 2, "there is no entry 501"),
        (
            vec!["prove", "log", "3", "--receipt-out", "r"],
            2,
            "not a destruction receipt",
        ),
        (
            vec![
                "check",
                "proof",
                "p",
                "--entry",
                "e",
                "--key",
                "key",
                "--witness",
                &witness,
            ],
            0,
            "this is entry 300 of lane3.example.org/rowcall, of 501",
        ),
        (
            vec!["check", "proof", "p", "--entry", "old", "--key", "key"],
            1,
            "the proof of entry 300 is false",
        ),
        (
            vec!["check", "proof", "p", "--entry", "e", "--key", &other],
            1,
            "no signature",
        ),
        (
            vec!["export", "log", "--since", "old", "--out", "x"],
            0,
            "200 entries since 301",
        ),
        (
            vec!["check", "export", "x", "--old", "old", "--key", "key"],
            0,
            "continues from 301 to 501",
        ),
        (
            vec![
                "check",
                "export",
                "x",
                "--old",
                "log/checkpoint",
                "--key",
                "key",
            ],
            1,
            "does not continue",
        ),
        (
            vec!["export", "log", "--since", "502", "--out", "y"],
            2,
            "501 entries only",
        ),
    ];
    let mut wrong = Vec::new();
    for (arguments, code, text) in steps {
        let (found, out, err) = rowcall(folder, &arguments);
        if found != code || !(out.contains(text) || err.contains(text)) {
            wrong.push(format!("{arguments:?}: {found}, {out:?}, {err:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    // One bit of one entry, and the export of it.
    let bundle = folder.join("log/tile/entries/001.p/245");
    let mut bytes = std::fs::read(&bundle).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&bundle, bytes).unwrap();
    let (code, out, err) = rowcall(folder, &["verify", "log", "--json"]);
    assert_eq!(code, 1, "{out} {err}");
    assert!(
        out.contains("\"holds\":false") && out.contains("\"entry\":258"),
        "{out}"
    );
    assert!(err.contains("entry 258"), "{err}");
    let entries = std::fs::read_to_string(folder.join("x/entries")).unwrap();
    let changed = entries.replacen("started", "stopped cause=failure", 1);
    std::fs::write(folder.join("x/entries"), changed).unwrap();
    let check = ["check", "export", "x", "--old", "old", "--key", "key"];
    assert_eq!(rowcall(folder, &check).0, 1);
}
