//! Drives `rowcall audit` as an outsider would.
#![expect(
    clippy::unwrap_used,
    reason = "a failing helper should say where, as a failing test does"
)]

use rowcall_audit::entry::Minute;
use rowcall_audit::{Entry, Event, KeyName, Log, Purpose, SignerKey, cosign};
use rowcall_words::log::StopCause;
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
            2,
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
        (vec!["prove", "log", "--since", "old", "--out", "c"], 0, ""),
        (vec!["prove", "log"], 2, "required"),
        (
            vec!["prove", "log", "3", "--since", "old"],
            2,
            "cannot be used",
        ),
        (
            vec!["check", "consistency", "c", "--old", "old", "--key", "key"],
            0,
            "of 501 entries begins with the tree of 301",
        ),
        (
            vec![
                "check",
                "consistency",
                "c",
                "--old",
                "log/checkpoint",
                "--key",
                "key",
            ],
            1,
            "does not continue",
        ),
        (
            vec!["check", "receipt", "old", "--key", "key"],
            1,
            "not a destruction receipt",
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

    // A stranger's line is named, and cannot turn the report round.
    let checkpoint = folder.join("log/checkpoint");
    let kept = std::fs::read_to_string(&checkpoint).unwrap();
    let line = "\u{2014} \u{202e}stranger 3q2+7wEC\n";
    std::fs::write(&checkpoint, format!("{kept}{line}")).unwrap();
    let (code, out, _) = rowcall(folder, &["verify", "log"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("stranger+deadbeef") && !out.contains('\u{202e}'),
        "{out}"
    );
    std::fs::write(&checkpoint, kept).unwrap();

    // A link in place of a tile is not followed.
    let tile = folder.join("log/tile/0/000");
    std::fs::rename(&tile, folder.join("kept")).unwrap();
    std::os::unix::fs::symlink(folder, &tile).unwrap();
    let (code, out, err) = rowcall(folder, &["verify", "log", "--json"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("not a regular file"), "{out}");
    std::fs::remove_file(&tile).unwrap();
    std::fs::rename(folder.join("kept"), &tile).unwrap();

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

/// The commands of docs/audit.md work as they stand there, on a copy of the
/// sample that they name.
#[test]
fn the_commands_of_the_documentation_work() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = std::fs::read_to_string(root.join("docs/audit.md")).unwrap();
    let (_, block) = document
        .split_once("```sh\ncd samples/audit\n")
        .expect("the block of commands");
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    copy(&root.join("samples/audit"), folder);
    let commands: Vec<&str> = block.lines().take_while(|line| *line != "```").collect();
    assert!(commands.len() >= 12, "{commands:#?}");
    let mut outputs = Vec::new();
    for command in commands {
        let arguments = command.strip_prefix("rowcall audit ").unwrap();
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let (code, out, err) = rowcall(folder, &arguments);
        assert_eq!(code, 0, "{command}: {err}");
        outputs.push(out);
    }
    // They show something: the log whole, its second key, a hold, a receipt.
    let all = outputs.concat();
    for text in [
        "key 2 of the log",
        "41 transactions opened, 41 destroyed in time, 0 open; 4 holds made, 0 live",
        "cosigned by witness.example.org/w1",
        "the clock was set once",
        "\"kind\":\"hold-made\"",
        "lane3.example.org/rowcall states: v1 2026-09-21T",
        "with these",
    ] {
        assert!(all.contains(text), "{text}: {all}");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        match item.file_type().unwrap().is_dir() {
            true => copy(&item.path(), &target),
            false => drop(std::fs::copy(item.path(), target).unwrap()),
        }
    }
}
