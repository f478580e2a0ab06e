//! `rowcall evaluate stress`, `evaluate quality` and `rowcall simulate`, as a
//! user runs them, on synthetic people.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rowcall(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(arguments)
        .env("ROWCALL_MODELS", root().join("models"))
        .output()
        .expect("runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Three synthetic people, each with two copies of a portrait.
fn manifest(folder: &Path) -> String {
    let mut csv = "path,subject\n".to_owned();
    for person in ["p01", "p02", "p05"] {
        csv += &format!("portraits/{person}.jpg,{person}\n");
        let copy = format!("copies/{person}.jpg");
        fs::create_dir_all(folder.join("copies")).expect("a folder");
        fs::create_dir_all(folder.join("portraits")).expect("a folder");
        let portrait = root().join(format!("samples/portraits/{person}.jpg"));
        fs::copy(&portrait, folder.join(&copy)).expect("a copy");
        fs::copy(&portrait, folder.join(format!("portraits/{person}.jpg"))).expect("a copy");
        csv += &format!("{copy},{person}\n");
    }
    let path = folder.join("manifest.csv");
    fs::write(&path, csv).expect("a manifest");
    path.to_string_lossy().into_owned()
}

#[test]
fn stress_finds_where_faces_are_lost_and_repeats_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = manifest(folder.path());
    let images = folder.path().to_string_lossy().into_owned();
    let samples = folder.path().join("samples.csv");
    let report = folder.path().join("report");
    let run = |more: &[&str]| {
        let report = report.to_string_lossy();
        let samples = samples.to_string_lossy();
        let arguments = [
            "evaluate",
            "stress",
            "--manifest",
            &manifest,
            "--images",
            &images,
            "--condition",
            "sky",
            "--bootstrap",
            "100",
            "--json",
            "--samples",
            &samples,
            "--report",
            &report,
        ];
        let output = rowcall(&[&arguments, more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let mut json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        json["seconds"] = Value::Null;
        json["made_at"] = Value::Null;
        json
    };
    let brightest = |json: &Value| {
        let points = json["curves"][0]["points"].as_array().expect("points");
        points.last().expect("points")["missed"][0]["k"].clone()
    };
    let once = run(&["--single-look"]);
    assert_eq!(
        brightest(&once),
        3,
        "behind the brightest nobody is matched"
    );
    let first = run(&[]);
    assert_eq!(first["subjects"], 3);
    let points = first["curves"][0]["points"].as_array().expect("points");
    assert_eq!(points[0]["fta"]["k"], 0, "without a sky all are found");
    assert_eq!(points[0]["missed"][0]["k"], 0);
    // These probes are the references' own pictures, so whoever is found matches.
    assert_eq!(brightest(&first), 0, "a second look finds them again");
    assert_eq!(first, run(&[]), "bit for bit");
    for file in ["index.html", "stress.json", "sky.svg", "sky.png"] {
        assert!(report.join(file).is_file(), "{file}");
    }
    // Nearly all of these either match or aren't found: too little to fit to.
    let lines = fs::read_to_string(&samples).expect("samples");
    assert!(lines.lines().count() > 6, "{lines}");
    let broken = lines.replace("sky,", "sky,x");
    fs::write(&samples, broken).expect("samples");
    let quality = rowcall(&["evaluate", "quality", &samples.to_string_lossy()]);
    assert_eq!(quality.status.code(), Some(2));
    let error = text(&quality.stderr);
    assert!(
        error.contains("samples.csv") && error.contains("line: 2"),
        "{error}"
    );
}

#[test]
fn several_frames_are_fused_and_the_first_is_as_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let two = manifest(folder.path());
    let mut csv = fs::read_to_string(&two).expect("a manifest");
    for person in ["p01", "p02"] {
        let third = format!("copies/{person}-again.jpg");
        let copy = folder.path().join(format!("copies/{person}.jpg"));
        fs::copy(copy, folder.path().join(&third)).expect("a copy");
        csv += &format!("{third},{person}\n");
    }
    let three = folder.path().join("three.csv");
    fs::write(&three, csv).expect("a manifest");
    let images = folder.path().to_string_lossy().into_owned();
    let report = folder.path().join("report");
    let run = |manifest: &Path, more: &[&str]| {
        let manifest = manifest.to_string_lossy();
        let arguments = ["evaluate", "stress", "--manifest", &manifest];
        let on = ["--images", &images, "--condition", "exposure"];
        rowcall(&[&arguments, &on[..], &["--bootstrap", "100"], more].concat())
    };
    let json = |output: Output| -> Value {
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let shown = report.to_string_lossy();
    let fused = json(run(
        &three,
        &["--frames", "2", "--json", "--report", &shown],
    ));
    let alone = json(run(&three, &["--json"]));
    assert_eq!(
        (&fused["subjects"], &fused["frames"]),
        (&2.into(), &2.into())
    );
    assert_eq!(alone["subjects"], 3);
    assert_eq!(alone["frames"], Value::Null);
    assert_eq!(alone["base"]["fusion"], Value::Null);
    let points = fused["curves"][0]["points"].as_array().expect("points");
    assert_eq!(points.len(), 9);
    for point in points {
        for basis in ["found", "fit"] {
            let missed = &point["fusion"][basis]["fused"]["missed"][0];
            assert_eq!(missed["n"], 2, "one probe a person: {point}");
        }
    }
    assert_eq!(fused["base"]["fusion"]["fit"]["fused"]["missed"][1]["k"], 0);
    let paired = &fused["curves"][0]["gain"]["fit"]["over_best"][0];
    assert!(paired["p"].as_f64().is_some_and(|p| p > 0.0 && p <= 1.0));
    for file in ["exposure-fusion-1e-3.svg", "exposure-fusion-1e-4.svg"] {
        assert!(report.join(file).is_file(), "{file}");
    }
    let page = fs::read_to_string(report.join("index.html")).expect("a page");
    assert!(page.contains("best shot") && page.contains("exposure-fusion-1e-3.svg"));

    let few = run(Path::new(&two), &["--frames", "2"]);
    assert_eq!(few.status.code(), Some(2));
    let error = text(&few.stderr);
    assert!(error.contains("0 subjects have three pictures"), "{error}");
    assert_eq!(run(&three, &["--frames", "9"]).status.code(), Some(2));
}

#[test]
fn a_simulated_vehicle_is_a_vehicle() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("made").to_string_lossy().into_owned();
    let couple = root()
        .join("samples/vehicles/couple")
        .to_string_lossy()
        .into_owned();
    let portrait = |person: &str| {
        let path = root().join(format!("samples/portraits/{person}.jpg"));
        path.to_string_lossy().into_owned()
    };
    let (own, stranger) = (portrait("p05"), portrait("p09"));
    let face = format!("1-left={own},{own}");
    let print = format!("1-right={stranger}");
    let output = rowcall(&[
        "simulate", &couple, "-o", &made, "--face", &face, "--print", &print,
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let truth = fs::read(Path::new(&made).join("truth.json")).expect("truth");
    let truth: Value = serde_json::from_slice(&truth).expect("truth");
    assert_eq!(truth["seats"][0]["identity"], "p05");
    assert_eq!(truth["seats"][0]["expected"], "confirmed by document 01");
    assert_eq!(truth["documents"][1]["holder_in_vehicle"], false);
    let check = rowcall(&["check", &made, "--json", "--at", "2026-11-23"]);
    assert_eq!(check.status.code(), Some(3), "{}", text(&check.stderr));
    let result: Value = serde_json::from_slice(&check.stdout).expect("JSON");
    let outcome = |seat: &str| {
        let seats = result["seats"].as_array().expect("seats");
        seats.iter().find(|s| s["seat"] == seat).expect(seat)["outcome"].clone()
    };
    assert_eq!(outcome("1-left"), "confirmed", "{result}");
    assert_eq!(
        outcome("1-right"),
        "refer",
        "a print of a stranger: {result}"
    );
    for (case, arguments) in [
        ("is there already", vec!["simulate", &couple, "-o", &made]),
        (
            "nobody sits on 3-left",
            vec!["simulate", &couple, "-o", "none", "--print", "3-left=x.jpg"],
        ),
        (
            "isn't a number",
            vec!["simulate", &couple, "-o", "none", "--tint", "1-left=dark"],
        ),
    ] {
        let output = rowcall(&arguments);
        assert_eq!(output.status.code(), Some(2), "{case}");
        assert!(
            text(&output.stderr).contains(case),
            "{case}: {}",
            text(&output.stderr)
        );
    }
}

/// A pass is simulated, followed and decided: a given vehicle's people are known by the
/// documents, and what became of its frames is told.
#[test]
fn a_vehicle_that_passes_is_checked_as_one_that_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("passed").to_string_lossy().into_owned();
    let sample = |path: &str| root().join(path).to_string_lossy().into_owned();
    let couple = sample("samples/vehicles/couple");
    let lane = sample("samples/lanes/front-row-passing.toml");
    let arguments = [
        "simulate", &couple, "-o", &made, "--pass", "10", "--lane", &lane,
    ];
    let output = rowcall(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let truth = fs::read(Path::new(&made).join("truth.json")).expect("truth");
    let truth: Value = serde_json::from_slice(&truth).expect("truth");
    let frames = truth["frames"].as_array().expect("frames");
    assert_eq!(
        frames[0]["occupants"],
        serde_json::json!([]),
        "an empty lane"
    );
    let moved = |frame: &&Value| {
        frame["shift_px"][0]
            .as_f64()
            .is_some_and(|x| x.abs() > 100.0)
    };
    assert!(frames.iter().filter(moved).count() > 10);
    let check = rowcall(&["check", &made, "--json", "--at", "2026-11-23"]);
    let result: Value = serde_json::from_slice(&check.stdout).expect("JSON");
    let seats = result["seats"].as_array().expect("seats");
    // By the side cameras alone they may be told to look alike; they are their documents'.
    for (seat, document) in [("1-left", "01"), ("1-right", "02")] {
        let own = seats.iter().find(|s| s["seat"] == seat).expect(seat);
        assert_eq!(own["document"], document, "{result:#}");
        assert!(own["sightings"].as_u64() > Some(3), "{result:#}");
    }
    assert!(
        result
            .to_string()
            .contains("the passing vehicle's place is known in"),
        "{result:#}"
    );
    for (case, arguments) in [
        ("isn't between", vec!["--pass", "90", "--lane", &lane]),
        ("--lane", vec!["--pass", "10"]),
        (
            "no camera with a pass",
            vec!["--pass", "10", "--lane", "samples/lanes/front-row.toml"],
        ),
    ] {
        let mut all = vec!["simulate", &couple, "-o", "none"];
        let standing = sample("samples/lanes/front-row.toml");
        all.extend(arguments.into_iter().map(|a| {
            if a.starts_with("samples") {
                standing.as_str()
            } else {
                a
            }
        }));
        let output = rowcall(&all);
        assert_eq!(output.status.code(), Some(2), "{case}");
        let said = text(&output.stderr);
        assert!(said.contains(case), "{case}: {said}");
    }
}
