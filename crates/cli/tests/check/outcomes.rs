//! Vehicles put together from pieces of the samples, with known outcomes.

use serde_json::Value;

use crate::folder::{Vehicle, check, document, root, seat};

fn couple() -> Vehicle {
    Vehicle::new("front-row.toml", 2).frames_of("couple")
}

#[test]
fn nobody_elses_document_confirms_an_occupant() {
    // Every other portrait of the set in the place of each holder's.
    let portraits = root().join("samples/portraits");
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let mut vehicle = couple()
        .document("01", "couple/01")
        .document("02", "couple/02");
    for i in 3..=20 {
        let portrait = std::fs::read(portraits.join(format!("p{i:02}.jpg"))).expect("a portrait");
        vehicle = vehicle
            .file("documents/01/portrait.jpg", &portrait)
            .file("documents/02/portrait.jpg", &portrait);
        let run = check(vehicle.path(), &[]);
        let result = run.json();
        for s in result["seats"].as_array().expect("seats") {
            tried += 1;
            if run.status != 3 || s["outcome"] != "refer" {
                wrong.push(format!("p{i:02}: {s}"));
            }
        }
    }
    assert_eq!(tried, 36);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_absent_holder_is_looked_for() {
    let run = check(
        couple()
            .document("01", "couple/01")
            .document("02", "siblings/01")
            .path(),
        &[],
    );
    let result = run.json();
    assert_eq!(run.status, 3);
    assert_eq!(seat(&result, "1-left")["outcome"], "confirmed");
    assert_eq!(seat(&result, "1-right")["reason"], "no-matching-document");
    assert_eq!(document(&result, "02")["outcome"], "holder-not-found");
    assert_eq!(document(&result, "02")["seat"], Value::Null);
    assert!(
        document(&result, "02")["advice"]
            .as_str()
            .is_some_and(|a| a.starts_with("Ask where the holder is")),
        "everybody was seen well"
    );
}

#[test]
fn a_holder_is_looked_for_where_nobody_was_seen_well() {
    let run = check(&root().join("samples/vehicles/minivan"), &[]);
    let result = run.json();
    for id in ["05", "06"] {
        let advice = &document(&result, id)["advice"];
        for place in ["row 3, left", "row 3, right"] {
            assert!(
                advice.as_str().is_some_and(|a| a.contains(place)),
                "{id}: {advice}"
            );
        }
    }
}

#[test]
fn a_siblings_document_is_ambiguous() {
    // Only one sibling's document, and it is the other's seat that is alone
    // with it: frames in which the other sibling is masked out.
    let vehicle = Vehicle::new("front-row.toml", 2)
        .frames_of("siblings")
        .document("01", "siblings/02")
        .file("vehicle.toml", opted_out("1-right").as_bytes());
    let result = check(vehicle.path(), &[]).json();
    assert_eq!(
        seat(&result, "1-left")["reason"],
        "ambiguous",
        "{}",
        seat(&result, "1-left")
    );
    assert_eq!(seat(&result, "1-left")["details"][0], "look-alike-possible");
    assert_eq!(document(&result, "01")["outcome"], "holder-not-found");
    assert_eq!(
        document(&result, "01")["seat"],
        "1-left",
        "the officer is told whom to compare"
    );
}

fn opted_out(name: &str) -> String {
    let lane = root().join("samples/lanes/front-row.toml");
    format!("lane = {lane:?}\ndeclared_occupants = 2\nopted_out = [{name:?}]\n")
}

#[test]
fn an_opted_out_seat_is_masked_before_anything_looks() {
    let vehicle = couple()
        .document("01", "couple/01")
        .document("02", "couple/02");
    let vehicle = vehicle.file("vehicle.toml", opted_out("1-right").as_bytes());
    let report = tempfile::tempdir().expect("a folder");
    let run = check(
        vehicle.path(),
        &["--report", report.path().to_str().expect("UTF-8")],
    );
    let result = run.json();
    assert_eq!(run.status, 3);
    let seat = seat(&result, "1-right");
    assert_eq!(
        (&seat["reason"], &seat["stage"]),
        (&"opted-out".into(), &"policy".into())
    );
    assert_eq!(
        (&seat["score"], &seat["sightings"]),
        (&Value::Null, &0.into())
    );
    assert_eq!(result["vehicle"]["occupants"]["seen"], 1);
    assert_eq!(
        result["policy"]["comparisons"], 2,
        "one person, two documents"
    );
    assert_eq!(
        result["bystanders"].as_array().map(Vec::len),
        Some(0),
        "not even as a bystander"
    );
}

#[test]
fn an_opted_out_document_is_not_opened() {
    let vehicle = couple()
        .document("01", "couple/01")
        .document("02", "couple/02");
    // It couldn't be read if it were opened.
    let vehicle = vehicle
        .file("documents/02/mrz.txt", b"garbage")
        .file("vehicle.toml", opted_out("02").as_bytes());
    let result = check(vehicle.path(), &[]).json();
    let d = document(&result, "02");
    assert_eq!(
        (&d["outcome"], &d["verdict"]),
        (&"opted-out".into(), &Value::Null)
    );
    assert_eq!(d["findings"].as_array().map(Vec::len), Some(0));
    assert_eq!(
        result["policy"]["comparisons"], 2,
        "two people, one document"
    );
}

#[test]
fn two_identical_documents_are_one_holder() {
    let vehicle = couple()
        .document("01", "couple/01")
        .document("02", "couple/02")
        .document("03", "couple/02");
    let run = check(vehicle.path(), &[]);
    let result = run.json();
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert_eq!(result["vehicle"]["documents"]["holders"], 2);
    for id in ["02", "03"] {
        let findings = document(&result, id)["findings"].to_string();
        assert!(findings.contains("presented-twice"), "{id}: {findings}");
    }
}

#[test]
fn lane_and_count_on_the_command_line_make_vehicle_toml_unnecessary() {
    let vehicle = couple()
        .document("01", "couple/01")
        .document("02", "couple/02");
    std::fs::remove_file(vehicle.path().join("vehicle.toml")).expect("vehicle.toml");
    let lane = root().join("samples/lanes/front-row.toml");
    let lane = lane.to_str().expect("UTF-8");
    assert_eq!(
        check(vehicle.path(), &["--lane", lane, "--occupants", "2"]).status,
        0
    );
    let undeclared = check(vehicle.path(), &["--lane", lane]).json();
    assert_eq!(
        undeclared["vehicle"]["reasons"],
        serde_json::json!(["count-not-declared"])
    );
    assert_eq!(
        check(vehicle.path(), &["--lane", lane, "--occupants", "3"]).status,
        3
    );
    check(vehicle.path(), &[]).assert_impossible(&["vehicle.toml", "--lane"]);
}

/// Whose document has expired isn't confirmed by it; why, and what to do, is said.
#[test]
fn an_expired_document_confirms_nobody() {
    let couple = crate::folder::sample("couple");
    let couple = couple.to_str().expect("UTF-8");
    let run = crate::folder::rowcall(&["check", couple, "--json", "--at", "2031-06-01"]);
    let result = run.json();
    // One document has expired by then, the other is good until December.
    assert_eq!(run.status, 3);
    assert_eq!(seat(&result, "1-left")["reason"], "document-not-trusted");
    assert_eq!(seat(&result, "1-right")["outcome"], "confirmed");
    let expired = document(&result, "01");
    assert_eq!(expired["outcome"], "not-accepted");
    assert_eq!(expired["findings"][0]["code"], "document-expired");
    assert_eq!(
        expired["advice"],
        "It has expired: decide by the rules for expired documents."
    );
}
