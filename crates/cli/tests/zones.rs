//! Zones from recorded vehicles, and zones drawn on a frame.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

fn lane(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .arg("lane")
        .args(arguments)
        .output()
        .expect("it runs")
}

#[test]
fn zones_are_suggested_where_people_sat() {
    let couple = samples().join("vehicles/couple");
    let output = lane(&["suggest", &couple.to_string_lossy()]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    for camera in ["front", "left", "right"] {
        let own = said.split("# Camera ").find(|part| part.contains(camera));
        let own = own.expect("a camera");
        for seat in ["1-left", "1-right"] {
            assert!(
                own.contains(&format!("seat = \"{seat}\"")),
                "{camera} {own}"
            );
        }
    }
}

#[test]
fn a_lane_files_zones_are_drawn_on_a_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let png = folder.path().join("front.png");
    let frames = samples().join("vehicles/couple/frames/front");
    let frame = std::fs::read_dir(frames).expect("frames").next();
    let frame = frame.expect("one").expect("one").path();
    let file = samples().join("lanes/front-row.toml");
    let preview = |more: &[&str]| {
        let (file, frame) = (file.to_string_lossy(), frame.to_string_lossy());
        let output = png.to_string_lossy();
        lane(&[&["preview", &file, &frame, "-o", &output], more].concat())
    };
    let drawn = preview(&[]);
    assert!(drawn.status.success(), "{drawn:?}");
    let said = String::from_utf8_lossy(&drawn.stdout);
    assert_eq!(said.matches("a face of width").count(), 2, "{said}");
    let bytes = std::fs::read(&png).expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG"));
    // Nothing is overwritten, and a camera that there isn't is told with those that are.
    let again = preview(&[]);
    assert!(!again.status.success());
    assert_eq!(std::fs::read(&png).expect("a picture"), bytes);
    let other = preview(&["--camera", "rear"]);
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(
        !other.status.success() && said.contains("front, left, right"),
        "{said}"
    );
}
