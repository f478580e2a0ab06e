//! Drives `rowcall keys` as an operator would.
#![expect(
    clippy::unwrap_used,
    reason = "a failing helper should say where, as a failing test does"
)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

fn keys(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .arg("keys")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

#[test]
fn what_an_operator_does_with_keys() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    // In order. Exit code, and what is said.
    let steps: [(&[&str], i32, &str); 11] = [
        (&["check", "k"], 2, "cannot open"),
        (&["make", "k", "--log", "two words"], 2, "cannot name a log"),
        (
            &["make", "k", "--log", "lane3.example.org/rowcall"],
            0,
            "lane3.example.org/rowcall+",
        ),
        (
            &["make", "k", "--log", "lane3.example.org/rowcall"],
            2,
            "cannot make",
        ),
        (&["check", "k"], 0, "lane3.example.org/rowcall+"),
        (&["rotate", "k", "site"], 0, "at its next start"),
        (&["rotate", "k", "site"], 2, "start the lane once with both"),
        (&["check", "k"], 0, "the former site key is still there"),
        (&["retire", "k", "site"], 0, "overwritten and removed"),
        (&["retire", "k", "site"], 2, "cannot overwrite"),
        (
            &["retire", "k", "officers"],
            2,
            "where the records are kept",
        ),
    ];
    let mut wrong = Vec::new();
    for (arguments, code, said) in steps {
        let (found, text) = keys(folder, arguments);
        if found != code || !text.contains(said) {
            wrong.push(format!("{arguments:?}: {found}, {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let site = folder.join("k/site.key");
    let secret = std::fs::read_to_string(&site).unwrap();
    std::fs::set_permissions(&site, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, text) = keys(folder, &["check", "k"]);
    assert_eq!(code, 1);
    assert!(
        text.contains("mode 0644") && !text.contains(secret.trim()),
        "{text}"
    );
}
