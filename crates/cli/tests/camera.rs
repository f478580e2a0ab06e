//! `rowcall camera`, as a person uses it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/vehicles");

fn rowcall(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rowcall"));
    command.arg("camera").args(args);
    command.output().expect("starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

struct Player(Child);

impl Drop for Player {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Plays the couple's frames; the addresses that were printed.
fn play() -> (Player, Vec<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(["camera", "play", &format!("{SAMPLES}/couple")])
        .args(["--listen", "127.0.0.1:0", "--rate", "10"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let output = child.stdout.take().expect("a pipe");
    let lines = BufReader::new(output).lines().take(3);
    let addresses = lines.collect::<Result<_, _>>().expect("three cameras");
    (Player(child), addresses)
}

#[test]
fn a_played_vehicle_is_checked() {
    let (_player, addresses) = play();
    let names: Vec<_> = addresses
        .iter()
        .filter_map(|a| a.rsplit('/').next())
        .collect();
    assert_eq!(names, ["front", "left", "right"]);
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report");
    let report_text = report.to_string_lossy();
    let told = rowcall(&[
        "check",
        &addresses[0],
        "--seconds",
        "3",
        "--report",
        &report_text,
    ]);
    let out = text(&told.stdout);
    assert_eq!(told.status.code(), Some(0), "{out}{}", text(&told.stderr));
    assert!(
        out.contains("JPEG, 1280 x 720") && out.contains("nothing is wrong"),
        "{out}"
    );
    let json = std::fs::read_to_string(report.join("result.json")).expect("is written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
    assert!(
        json["frames_per_second"]
            .as_f64()
            .is_some_and(|r| (8.0..12.0).contains(&r)),
        "{json}"
    );
    assert_eq!(json["width"], 1280);
    // The picture is one of the camera's, as it was sent.
    let picture = std::fs::read(report.join("evaluation-material.jpg")).expect("is written");
    let frames = Path::new(SAMPLES).join("couple/frames/front");
    let mut frames = std::fs::read_dir(frames).expect("is there");
    assert!(frames.any(|f| std::fs::read(f.expect("a file").path()).expect("reads") == picture));

    let missing = rowcall(&["check", &addresses[0].replace("front", "rear")]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("nothing at this path (404)"));
}

#[test]
fn what_cannot_be_checked_is_told_without_secrets() {
    let cases = [
        ("https://lane:s3cret@camera/", "TLS"),
        ("http://lane:s3cret@", "address"),
        ("ftp://lane:s3cret@camera/", "ftp"),
        (
            "http://lane:s3cret@127.0.0.1:9/?pw=s3cret",
            "nobody answers",
        ),
        ("/nowhere/at/all", "No such file"),
        (SAMPLES, "no picture"),
    ];
    let mut failures = Vec::new();
    for (url, part) in cases {
        let told = rowcall(&["check", url, "--seconds", "1"]);
        let (out, err) = (text(&told.stdout), text(&told.stderr));
        let is_one_line = err.lines().count() == 1;
        let hides = !err.contains("s3cret") && !out.contains("s3cret");
        if told.status.code() != Some(2) || !err.contains(part) || !is_one_line || !hides {
            failures.push(format!("{url}: {:?} {out}{err}", told.status));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_camera_with_something_wrong_is_told_by_its_status() {
    let folder = tempfile::tempdir().expect("a folder");
    let frame = Path::new(SAMPLES).join("couple/frames/front/0001.jpg");
    std::fs::copy(frame, folder.path().join("0001.jpg")).expect("copies");
    let path = folder.path().to_string_lossy();
    let told = rowcall(&["check", &path, "--seconds", "3", "--json"]);
    assert_eq!(told.status.code(), Some(3), "{}", text(&told.stderr));
    let json: serde_json::Value = serde_json::from_slice(&told.stdout).expect("is JSON");
    assert_eq!(json["wrong"][0]["what"], "frozen-picture", "{json}");
}
