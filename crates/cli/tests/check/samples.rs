//! The sample vehicles against their truth.

use std::fs;

use serde_json::Value;

use crate::folder::{check, document, root, rowcall, sample, seat};

const VEHICLES: [(&str, i32); 6] = [
    ("couple", 0),
    ("family", 0),
    ("extra-person", 3),
    ("night-nir", 0),
    ("minivan", 3),
    ("siblings", 0),
];

/// Whether truth says that a seat must end as it says: seen in two frames or
/// more with at least 0.8 of the face visible and 35 px between the eyes.
fn must_be_right(truth: &Value, seat: &Value) -> bool {
    let sightings = truth["frames"]
        .as_array()
        .expect("frames")
        .iter()
        .flat_map(|f| f["occupants"].as_array());
    let clear = sightings.flatten().filter(|o| {
        let number = |key: &str| o[key].as_f64().unwrap_or(0.0);
        o["seat"] == *seat
            && number("face_visible_fraction") >= 0.8
            && number("interpupillary_px") >= 35.0
    });
    clear.count() >= 2
}

#[test]
fn sample_vehicles_end_as_their_truth_says() {
    let (mut wrong, mut clear) = (Vec::new(), 0);
    for (vehicle, status) in VEHICLES {
        let run = check(&sample(vehicle), &[]);
        if run.status != status {
            wrong.push(format!(
                "{vehicle}: exit status {} instead of {status}",
                run.status
            ));
        }
        let result = run.json();
        let truth = fs::read(sample(vehicle).join("truth.json")).expect("truth");
        let truth: Value = serde_json::from_slice(&truth).expect("truth");
        for expected in truth["seats"].as_array().expect("seats") {
            let position = expected["seat"]["position"].as_str().expect("a side");
            let name = format!("{}-{position}", expected["seat"]["row"]);
            let found = seat(&result, &name);
            let words = expected["expected"].as_str().expect("words");
            let right = match words.strip_prefix("confirmed by document ") {
                Some(id) => found["outcome"] == "confirmed" && found["document"] == id,
                None => found["outcome"] == "refer",
            };
            // A false confirmation is wrong whatever could be seen.
            let false_confirmation = found["outcome"] == "confirmed" && !right;
            if must_be_right(&truth, &expected["seat"]) {
                clear += 1;
                if !right {
                    wrong.push(format!("{vehicle} {name}: {found}, truth: {words}"));
                }
            } else if false_confirmation {
                wrong.push(format!("{vehicle} {name} is a false confirmation: {found}"));
            }
        }
        for expected in truth["documents"].as_array().expect("documents") {
            let id = expected["document"].as_str().expect("an id");
            let right = expected["expected"]
                .as_str()
                .expect("words")
                .starts_with("confirmed");
            let confirmed = document(&result, id)["outcome"] == "holder-confirmed";
            if confirmed != right {
                wrong.push(format!(
                    "{vehicle} document {id}: {}",
                    document(&result, id)
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "of {clear} seats in clear view:\n{}",
        wrong.join("\n")
    );
    assert_eq!(clear, 19, "the samples have changed");
}

#[test]
fn the_extra_person_and_the_hidden_row_are_told_apart() {
    let extra = check(&sample("extra-person"), &[]).json();
    assert_eq!(seat(&extra, "2-left")["reason"], "no-matching-document");
    assert_eq!(seat(&extra, "2-left")["stage"], "match");
    let minivan = check(&sample("minivan"), &[]).json();
    assert_eq!(seat(&minivan, "3-left")["reason"], "not-captured");
    assert_eq!(seat(&minivan, "3-right")["reason"], "poor-quality");
    assert_eq!(seat(&minivan, "3-right")["details"][0], "dynamic-range");
}

#[test]
fn chips_are_trusted_only_with_their_issuer() {
    let with = check(&sample("family"), &[]).json();
    for id in ["01", "02", "03"] {
        let d = document(&with, id);
        assert_eq!(
            (&d["kind"], &d["verdict"], &d["authenticity"]),
            (&"emrtd".into(), &"valid".into(), &"trusted".into())
        );
    }
    let lane = fs::read_to_string(root().join("samples/lanes/two-row.toml")).expect("a lane");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lane.toml");
    fs::write(&path, lane.replace("trust = \"../trust\"", "")).expect("a lane");
    let without = check(
        &sample("family"),
        &["--lane", path.to_str().expect("UTF-8")],
    );
    assert_eq!(without.status, 3);
    let without = without.json();
    assert_eq!(document(&without, "01")["verdict"], "untrusted");
    assert_eq!(document(&without, "01")["outcome"], "not-accepted");
    assert_eq!(seat(&without, "1-left")["reason"], "document-not-trusted");
    assert_eq!(
        seat(&without, "2-right")["outcome"],
        "confirmed",
        "the printed page still confirms"
    );
    // The same folder again, given on the command line.
    let trust = root().join("samples/trust");
    let given = check(
        &sample("family"),
        &[
            "--lane",
            path.to_str().expect("UTF-8"),
            "--trust",
            trust.to_str().expect("UTF-8"),
        ],
    );
    assert_eq!(given.status, 0, "{}", given.stdout);
}

#[test]
fn results_are_the_same_every_time() {
    let steady = |mut result: Value| {
        result["timings_ms"] = Value::Null;
        result["made_at"] = Value::Null;
        result
    };
    let first = steady(check(&sample("couple"), &[]).json());
    let second = steady(check(&sample("couple"), &[]).json());
    assert_eq!(first, second);
}

#[test]
fn the_report_is_one_page_with_everything_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("made/on/the/way");
    let vehicle = sample("extra-person");
    let run = rowcall(&[
        "check",
        vehicle.to_str().expect("UTF-8"),
        "--at",
        "2026-11-23",
        "--report",
        report.to_str().expect("UTF-8"),
    ]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(
        run.stdout.contains("2-left") && run.stdout.contains("no-matching-document"),
        "{}",
        run.stdout
    );
    let page = fs::read_to_string(report.join("index.html")).expect("a page");
    for needed in [
        "One person needs a look",
        "Ask for this person",
        "INES CORVADO",
        "Row 2, left",
        "Evaluation material",
    ] {
        assert!(page.contains(needed), "{needed:?} is missing");
    }
    for outside in ["http://", "https://", "src=\"/", "<script"] {
        assert!(
            !page.contains(outside),
            "the page reaches outside: {outside}"
        );
    }
    let json: Value =
        serde_json::from_slice(&fs::read(report.join("result.json")).expect("result.json"))
            .expect("JSON");
    assert_eq!(json["vehicle"]["outcome"], "refer");
    let none = tempfile::tempdir().expect("a folder");
    let quiet = check(&vehicle, &[]);
    assert_eq!(
        quiet.stdout.lines().count(),
        1,
        "with --json stdout is one object"
    );
    assert_eq!(fs::read_dir(none.path()).expect("a folder").count(), 0);
}
