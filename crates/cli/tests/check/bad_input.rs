//! What can be wrong with a vehicle folder: a clear line or a finding that
//! names the file and the cause, the right exit status, never a panic.

use std::{fs, path::Path};

use crate::folder::{Run, Vehicle, check, document, root, rowcall};

fn couple() -> Vehicle {
    Vehicle::new("front-row.toml", 2)
        .frames_of("couple")
        .document("01", "couple/01")
        .document("02", "couple/02")
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn impossible_checks_say_why_in_one_line() {
    rowcall(&["check", "/no/such/folder"])
        .assert_impossible(&["/no/such/folder", "isn't a folder"]);
    let empty = tempfile::tempdir().expect("a folder");
    check(empty.path(), &[]).assert_impossible(&["vehicle.toml", "names no lane"]);
    check(Vehicle::new("front-row.toml", 2).path(), &[]).assert_impossible(&[
        "frames",
        "no frame",
        "front, left, right",
    ]);
    check(Vehicle::new("no-such-lane.toml", 2).path(), &[])
        .assert_impossible(&["no-such-lane.toml"]);
    let odd = couple().file("vehicle.toml", b"lane = \"x.toml\"\ncolour = \"red\"\n");
    check(odd.path(), &[]).assert_impossible(&["vehicle.toml", "colour"]);
    let lost = root().join("samples/lanes/front-row.toml");
    let lost = couple().file(
        "vehicle.toml",
        format!("lane = {lost:?}\nopted_out = [\"3rd\"]").as_bytes(),
    );
    check(lost.path(), &[]).assert_impossible(&["opted_out", "3rd"]);
}

#[test]
fn a_lane_file_that_is_wrong_is_named_with_its_key() {
    let good = fs::read_to_string(root().join("samples/lanes/front-row.toml")).expect("a lane");
    for (from, to, says) in [
        ("format = 1", "format = 1\nspeed = 3", "speed"),
        ("face_width", "face_widht", "face_widht"),
        ("description", "beschreibung", "beschreibung"),
        ("\"1-left\"", "\"driver\"", "driver"),
        (
            "vehicle_false_confirm_rate = 0.001",
            "vehicle_false_confirm_rate = 2",
            "vehicle_false_confirm_rate",
        ),
        (good.as_str(), "\u{0}", "line 1"),
        (good.as_str(), "format = 1\nname = \"x\"", "there is none"),
    ] {
        let vehicle = couple().file("lane.toml", good.replacen(from, to, 1).as_bytes());
        let lane = vehicle.path().join("lane.toml");
        check(vehicle.path(), &["--lane", utf8(&lane)]).assert_impossible(&["lane.toml", says]);
    }
}

#[test]
fn a_model_that_is_not_the_one_named_is_refused() {
    let models = tempfile::tempdir().expect("a folder");
    for file in fs::read_dir(root().join("models")).expect("models") {
        let file = file.expect("a model").path();
        fs::copy(&file, models.path().join(file.file_name().expect("a name"))).expect("a copy");
    }
    let run = |models: &Path| check(couple().path(), &["--models", utf8(models)]);
    assert_eq!(run(models.path()).status, 0);
    let model = models
        .path()
        .join("face_recognition_sface_2021dec_int8bq.onnx");
    let mut bytes = fs::read(&model).expect("the model");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&model, bytes).expect("the model");
    run(models.path()).assert_impossible(&["face_recognition_sface", "SHA-256", "manifest"]);
    fs::remove_file(models.path().join("sface-renders.calibration.json")).expect("the calibration");
    run(models.path()).assert_impossible(&["sface-renders.calibration.json", "calibration"]);
    run(&models.path().join("nowhere")).assert_impossible(&["nowhere"]);
}

/// A broken frame is a finding: the check goes on, and an officer looks.
#[test]
fn broken_frames_are_findings() {
    let whole = couple().read("frames/front/0001.jpg");
    let mut bomb = whole.clone();
    let header = bomb
        .windows(2)
        .position(|m| m == [0xFF, 0xC0])
        .expect("a frame header");
    bomb[header + 5..header + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
    for (case, bytes, says) in [
        ("cut off", &whole[..whole.len() / 2], "cut off"),
        ("empty", &[], "empty"),
        ("text", b"this is not a picture", "no picture"),
        ("bomb", &bomb[..], "60000 x 60000"),
    ] {
        let run = check(couple().file("frames/front/0001.jpg", bytes).path(), &[]);
        assert_eq!(run.status, 3, "{case}: {}", run.stderr);
        let result = run.json();
        let finding = &result["frames"]["unreadable"][0];
        assert_eq!(finding["frame"], "frames/front/0001.jpg", "{case}");
        assert!(
            finding["detail"].as_str().is_some_and(|d| d.contains(says)),
            "{case}: {finding}"
        );
        assert_eq!(
            result["vehicle"]["occupants"]["confirmed"], 2,
            "{case}: the other frames suffice"
        );
    }
}

/// A broken document is a finding of that document, and the others go on.
#[test]
fn broken_documents_are_findings() {
    let portrait = couple().read("documents/02/portrait.jpg");
    let mrz = String::from_utf8(couple().read("documents/02/mrz.txt")).expect("text");
    let wrong = mrz.replacen("X", "Y", 1);
    let png_bomb = {
        let mut png =
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0".to_vec();
        png.extend([0, 0, 0, 0]);
        png
    };
    let cases: [(&str, &str, &[u8], &str); 7] = [
        (
            "portrait cut off",
            "portrait.jpg",
            &portrait[..portrait.len() / 2],
            "no-portrait",
        ),
        ("portrait is text", "portrait.jpg", b"hello", "no-portrait"),
        ("portrait empty", "portrait.jpg", b"", "no-portrait"),
        (
            "portrait is a bomb",
            "portrait.jpg",
            &png_bomb,
            "no-portrait",
        ),
        (
            "wrong check digit",
            "mrz.txt",
            wrong.as_bytes(),
            "not-accepted",
        ),
        ("no zone", "mrz.txt", b"", "not-accepted"),
        ("binary zone", "mrz.txt", &[0xFF; 90], "not-accepted"),
    ];
    for (case, file, bytes, outcome) in cases {
        let run = check(
            couple().file(&format!("documents/02/{file}"), bytes).path(),
            &[],
        );
        assert_eq!(run.status, 3, "{case}: {}{}", run.stdout, run.stderr);
        let result = run.json();
        let broken = document(&result, "02");
        let found = broken["outcome"].as_str().unwrap_or_default();
        // Where the portrait is all that the page has, either is fair.
        assert!(
            found == outcome || (outcome == "no-portrait" && found == "not-accepted"),
            "{case}: {broken}"
        );
        assert!(
            broken["findings"]
                .to_string()
                .contains(file.trim_end_matches("jpg")),
            "{case}: the file isn't named: {broken}"
        );
        assert_eq!(
            document(&result, "01")["outcome"],
            "holder-confirmed",
            "{case}"
        );
    }
}

#[test]
fn odd_folders_are_findings_or_remarks() {
    let bare = Vehicle::new("front-row.toml", 2).frames_of("couple");
    let none = check(bare.path(), &[]);
    assert_eq!(none.status, 3);
    assert!(
        none.json()["vehicle"]["reasons"]
            .to_string()
            .contains("no-documents")
    );
    let hollow = couple();
    fs::create_dir_all(hollow.path().join("documents/03")).expect("a folder");
    let hollow = check(hollow.path(), &[]);
    assert_eq!(hollow.status, 3);
    assert_eq!(document(&hollow.json(), "03")["outcome"], "not-accepted");
    let stray = couple()
        .frame("couple/frames/front/0001.jpg")
        .file("frames/rear/0001.jpg", b"x");
    let stray = check(stray.path(), &[]);
    assert_eq!(stray.status, 0);
    assert!(stray.json()["remarks"].to_string().contains("frames/rear/"));
    let blind = Vehicle::new("front-row.toml", 2).document("01", "couple/01");
    let blind = blind.file("frames/front/0001.jpg", b"not a picture");
    let blind: Run = check(blind.path(), &[]);
    assert_eq!(blind.status, 3, "frames that can't be read are findings");
    assert!(
        blind.json()["vehicle"]["reasons"]
            .to_string()
            .contains("nobody-seen")
    );
}
