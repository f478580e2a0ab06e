//! The same input gives the same bits, on one thread and on many, and in any
//! order of files.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::folder::{root, sample};

/// Runs `rowcall` on so many cores. Where cores can't be chosen the test says
/// so and is skipped, but fails in CI.
fn on_cores(cores: &str, arguments: &[&str]) -> Option<Value> {
    let program = env!("CARGO_BIN_EXE_rowcall");
    let output = Command::new("taskset")
        .args(["-c", cores, program])
        .args(arguments)
        .output();
    let can_choose = output
        .as_ref()
        .is_ok_and(|o| !o.stderr.starts_with(b"taskset"));
    if !can_choose {
        rowcall_skip::skip(&format!("taskset isn't here, or there is no core {cores}"));
        return None;
    }
    let output = output.expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let json = serde_json::from_slice(&output.stdout);
    Some(json.unwrap_or_else(|e| unreachable!("{e}: {stderr}")))
}

/// Without what a clock says.
fn timeless(mut result: Value) -> Value {
    for key in ["timings_ms", "seconds", "made_at"] {
        if let Some(value) = result.get_mut(key) {
            *value = Value::Null;
        }
    }
    result
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_check_is_the_same_on_one_core_and_two() {
    let vehicle = sample("couple");
    let arguments = ["check", text(&vehicle), "--at", "2026-11-23", "--json"];
    let Some(one) = on_cores("0", &arguments) else {
        return;
    };
    let Some(two) = on_cores("0,1", &arguments) else {
        return;
    };
    assert_eq!(timeless(one), timeless(two));
}

#[test]
fn a_verification_is_the_same_on_any_cores_and_in_any_order() {
    let folder = tempfile::tempdir().expect("a folder");
    // Synthetic portraits by twos: whom they show doesn't matter here.
    let line = |i: usize| format!("p{i:02}.jpg,s{}\n", i / 2);
    let manifest = |name: &str, lines: String| {
        let path = folder.path().join(name);
        fs::write(&path, format!("path,subject\n{lines}")).expect("a manifest");
        path
    };
    let forwards = manifest("forwards.csv", (1..=9).map(line).collect());
    let backwards = manifest("backwards.csv", (1..=9).rev().map(line).collect());
    let portraits = root().join("samples/portraits");
    let measure = |cores: &str, manifest: &Path| {
        let arguments = ["evaluate", "verification", "--json", "--bootstrap", "100"];
        let set = ["--manifest", text(manifest), "--images", text(&portraits)];
        on_cores(cores, &[&arguments[..], &set].concat()).map(timeless)
    };
    let Some(reference) = measure("0", &forwards) else {
        return;
    };
    assert_eq!(reference["pictures"], 9);
    for (cores, manifest) in [("0,1", &forwards), ("0", &backwards), ("0,1", &backwards)] {
        let Some(found) = measure(cores, manifest) else {
            return;
        };
        assert_eq!(found, reference, "on {cores}, {}", manifest.display());
    }
}
