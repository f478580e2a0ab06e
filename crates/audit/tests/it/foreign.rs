//! An implementation that nobody here wrote accepts what this one writes:
//! `golang.org/x/mod/sumdb` from Debian's golang-golang-x-mod-dev, compiled by
//! Debian's golang-go.

use crate::sample::*;
use rowcall_audit::{
    ConsistencyProof, Event, InclusionProof, Log, LogFolder, Note, cosign, receipt_note,
};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oracle's binary, or why there is none.
fn build(folder: &Path) -> Result<PathBuf, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/oracle/main.go");
    if !Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir() {
        return Err("package golang-golang-x-mod-dev is not installed".to_owned());
    }
    let binary = folder.join("oracle");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&binary)
        .arg(&source)
        .current_dir(folder)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOFLAGS", "")
        .output()
        .map_err(|e| format!("go cannot be run: {e}"))?;
    if !output.status.success() {
        panic!(
            "the oracle does not build: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(binary)
}

#[test]
fn go_sumdb_accepts_hashes_proofs_and_notes() {
    let temporary = tempfile::tempdir().unwrap();
    let oracle = match build(temporary.path()) {
        Ok(oracle) => oracle,
        Err(why) => {
            rowcall_skip::skip(&format!(
                "no foreign oracle: {why} (apt-get install golang-go golang-golang-x-mod-dev)"
            ));
            return;
        }
    };
    let mut said = Vec::new();
    for count in [1, 255, 256, 257, 1000, 10_000] {
        let path = sample(&temporary.path().join(count.to_string()), count, 777);
        let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
        let cosignature = cosign(log.note(), &witness(5), 1_790_000_000).unwrap();
        log.add_cosignature(witness(5).verifier(), cosignature)
            .unwrap();
        drop(log);
        let requests = write_proofs(&path, count);
        let (good, output) = run(&oracle, &path, &requests);
        if !good || !output.starts_with(&format!("{count} entries, ")) {
            said.push(format!("{count}: {output}"));
        }
        if count == 1000 {
            let refused = refuses(&oracle, &path, &requests);
            assert!(refused.is_empty(), "the oracle accepts: {refused:?}");
        }
    }
    assert!(said.is_empty(), "{said:#?}");
}

/// Writes proof files beside the log and gives the oracle's requests.
fn write_proofs(path: &Path, count: u64) -> String {
    let log = LogFolder::open(path).unwrap();
    let folder = path.with_extension("proofs");
    std::fs::create_dir_all(&folder).unwrap();
    let mut requests = String::new();
    let mut ask = |kind: &str, number: u64, text: String| {
        let file = folder.join(format!("{kind}-{number}"));
        std::fs::write(&file, text).unwrap();
        requests.push_str(&format!("{kind} {}\n", file.display()));
    };
    let steps = (0..count).step_by((count as usize / 50).max(1));
    for index in steps.chain([count - 1]) {
        let proof = InclusionProof::new(&log, index).unwrap();
        assert_eq!(
            InclusionProof::parse(proof.to_text().as_bytes()).unwrap(),
            proof
        );
        ask("inclusion", index, proof.to_text());
        let proof = ConsistencyProof::new(&log, index + 1).unwrap();
        assert_eq!(
            ConsistencyProof::parse(proof.to_text().as_bytes()).unwrap(),
            proof
        );
        ask("consistency", index + 1, proof.to_text());
        let entry = log.entry(index).unwrap();
        if let Event::Destroyed { .. } = entry.event {
            let note: Note = receipt_note(key(1).verifier(), &entry).unwrap();
            ask("note", index, note.to_string());
        }
    }
    requests
}

fn run(oracle: &Path, path: &Path, requests: &str) -> (bool, String) {
    let mut child = Command::new(oracle)
        .arg(path)
        .args([
            key(1).verifier().to_string(),
            witness(5).verifier().to_string(),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(requests.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

/// The oracle must be able to say no: changed proofs that it accepts.
fn refuses(oracle: &Path, path: &Path, requests: &str) -> Vec<String> {
    let mut accepted = Vec::new();
    for request in requests.lines().step_by(10) {
        let file = request.split(' ').next_back().unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        let changed = text
            .replacen("index 4", "index 5", 1)
            .replacen("old 4", "old 5", 1);
        let changed = match changed == text {
            false => changed,
            true => text.replacen("rowcall\n", "rowcall2\n", 1),
        };
        assert_ne!(changed, text);
        std::fs::write(file, &changed).unwrap();
        if run(oracle, path, &format!("{request}\n")).0 {
            accepted.push(request.to_owned());
        }
        std::fs::write(file, text).unwrap();
    }
    accepted
}
