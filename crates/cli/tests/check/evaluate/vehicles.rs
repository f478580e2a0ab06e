//! Vehicles and pictures held up in them, on the samples.

use std::{fs, path::Path};

use serde_json::Value;

use crate::folder::{Run, Vehicle, rowcall, sample};

fn evaluate(what: &str, folders: &[&Path], more: &[&str]) -> Run {
    let folders = folders.iter().map(|f| f.to_str().expect("UTF-8"));
    let arguments: Vec<&str> = ["evaluate", what, "--at", "2026-11-23"]
        .into_iter()
        .chain(folders)
        .chain(more.iter().copied())
        .collect();
    rowcall(&arguments)
}

/// The couple with two frames of each camera and a truth.
fn couple(truth: &str) -> Vehicle {
    Vehicle::new("front-row.toml", 2)
        .frames_of("couple")
        .document("01", "couple/01")
        .document("02", "couple/02")
        .file("truth.json", truth.as_bytes())
}

fn truth_of(vehicle: &str) -> String {
    fs::read_to_string(sample(vehicle).join("truth.json")).expect("truth")
}

fn counts(proportion: &Value) -> (u64, u64) {
    let count = |key: &str| proportion[key].as_u64().expect("a count");
    (count("k"), count("n"))
}

#[test]
fn vehicles_are_held_against_their_truth() {
    let right = couple(&truth_of("couple"));
    // The same pictures, but the documents would be each other's.
    let swapped = truth_of("couple")
        .replace("\"document\": \"01\"", "\"document\": \"0?\"")
        .replace("\"document\": \"02\"", "\"document\": \"01\"")
        .replace("\"document\": \"0?\"", "\"document\": \"02\"");
    let wrong = couple(&swapped);
    let report = tempfile::tempdir().expect("a folder");
    let out = report.path().to_str().expect("UTF-8");
    let run = evaluate(
        "vehicles",
        &[right.path(), wrong.path()],
        &["--json", "--report", out],
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    let result = run.json();
    let all = &result["occupants"];
    assert_eq!(counts(&all["seen"]), (4, 4));
    assert_eq!(counts(&all["fit"]), (4, 4));
    assert_eq!(counts(&all["confirmed"]), (2, 4));
    assert_eq!(counts(&all["false_confirmed"]), (2, 4));
    assert_eq!(counts(&result["vehicles"]["cleared"]), (1, 2));
    assert_eq!(
        counts(&result["vehicles"]["with_false_confirmation"]),
        (1, 2)
    );
    assert_eq!(result["cameras"].as_array().map(Vec::len), Some(3));
    let false_ones = result["false_confirmations"].as_array().expect("a list");
    assert_eq!(false_ones.len(), 2);
    for name in [
        "index.html",
        "vehicles.json",
        "whole.svg",
        "seen.svg",
        "confirmed.svg",
    ] {
        let content = fs::read_to_string(report.path().join(name)).expect(name);
        assert!(!content.is_empty(), "{name}");
        if name == "index.html" {
            for needed in [
                "False confirmation",
                "Evaluation material",
                "Renders are not a border",
            ] {
                assert!(content.contains(needed), "{needed:?} is missing");
            }
        }
    }
}

#[test]
fn what_cannot_be_measured_is_said_in_a_line() {
    let empty = tempfile::tempdir().expect("a folder");
    evaluate("vehicles", &[empty.path()], &[]).assert_impossible(&["truth.json"]);
    let broken = couple("{}");
    evaluate("vehicles", &[broken.path()], &[]).assert_impossible(&["truth.json", "seats"]);
    // No vehicle.toml, and a set-up whose lane isn't there.
    let lost = couple(&truth_of("couple").replace("\"front-row\"", "\"no-such-row\""));
    fs::remove_file(lost.path().join("vehicle.toml")).expect("vehicle.toml");
    evaluate("vehicles", &[lost.path()], &[]).assert_impossible(&["no-such-row.toml"]);
    let outside = couple(&truth_of("couple").replace("\"front-row\"", "\"../secret\""));
    fs::remove_file(outside.path().join("vehicle.toml")).expect("vehicle.toml");
    evaluate("vehicles", &[outside.path()], &[]).assert_impossible(&["--lane"]);
}

#[test]
fn a_portrait_held_up_confirms_nobody() {
    let vehicle = couple(&truth_of("couple"));
    let run = evaluate(
        "presentation",
        &[vehicle.path()],
        &["--frames", "1", "--json"],
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    let result = run.json();
    assert_eq!(counts(&result["bona_fide"]["confirmed"]), (2, 2));
    assert_eq!(counts(&result["bona_fide"]["bpcer"]), (0, 2));
    let attacks = result["attacks"].as_array().expect("attacks");
    let mut unchecked = 0;
    let own = ["print", "page", "phone"];
    let is_own = |a: &&Value| own.iter().any(|o| a["instrument"] == *o);
    for attack in attacks.iter().filter(is_own) {
        assert_eq!(counts(&attack["iapar"]).0, 0, "{attack}");
        let same = &attack["by_cue"][0];
        assert_eq!(same["cue"], "same-picture");
        assert_eq!(
            counts(&same["suspected"]),
            counts(&attack["confirmed_unchecked"]),
            "{attack}"
        );
        unchecked += counts(&attack["confirmed_unchecked"]).0;
    }
    assert!(
        unchecked >= 3,
        "the attacks must be able to succeed: {unchecked}"
    );
    // Another photograph isn't the document's, and has a border all the same.
    let phone = attacks.iter().find(|a| a["instrument"] == "other-phone");
    let phone = phone.expect("another photograph on a telephone");
    assert_eq!(counts(&phone["iapar"]).0, 0, "{phone}");
    assert_eq!(counts(&phone["by_cue"][0]["suspected"]).0, 0, "{phone}");
}
