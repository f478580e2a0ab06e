//! What may be lost in a folder: refused or told, never silence, and no waiting.

use std::fs;
#[cfg(unix)]
use std::os::unix::{fs::symlink, net::UnixListener};

use crate::folder::{Vehicle, check, root};

fn couple() -> Vehicle {
    Vehicle::new("front-row.toml", 2)
        .frame("couple/frames/front/0001.jpg")
        .document("01", "couple/01")
}

fn vehicle_toml(opted_out: &str) -> String {
    let lane = root().join("samples/lanes/front-row.toml");
    format!("lane = {lane:?}\nopted_out = [{opted_out}]\n")
}

#[test]
fn a_wish_is_never_lost() {
    let no_seat = couple().file("vehicle.toml", vehicle_toml("\"2-right\"").as_bytes());
    check(no_seat.path(), &[]).assert_impossible(&["opted_out", "2-right", "1-left, 1-right"]);
    let lane = root().join("samples/lanes/front-row.toml");
    let lane = ["--lane", lane.to_str().expect("UTF-8")];
    for other in ["Vehicle.toml", "vehicle.toml.txt"] {
        let vehicle = couple().file(other, vehicle_toml("\"1-left\"").as_bytes());
        fs::remove_file(vehicle.path().join("vehicle.toml")).expect("removed");
        check(vehicle.path(), &lane).assert_impossible(&["vehicle.toml", other]);
    }
    let folder = couple();
    fs::remove_file(folder.path().join("vehicle.toml")).expect("removed");
    fs::create_dir(folder.path().join("vehicle.toml")).expect("a folder");
    check(folder.path(), &lane).assert_impossible(&["vehicle.toml", "a folder, not a file"]);
}

#[cfg(unix)]
#[test]
fn links_to_nothing_are_never_silence() {
    let lane = root().join("samples/lanes/front-row.toml");
    let lane = ["--lane", lane.to_str().expect("UTF-8")];
    for part in ["vehicle.toml", "documents", "frames"] {
        let vehicle = couple();
        let path = vehicle.path().join(part);
        match path.is_dir() {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        }
        .expect("removed");
        symlink("/nowhere/at/all", &path).expect("a link");
        check(vehicle.path(), &lane).assert_impossible(&[part, "a link to nothing"]);
    }
}

/// Everything odd at once, in one check: each is told, a frame counts as unreadable.
#[cfg(unix)]
#[test]
fn what_is_left_out_is_told() {
    let frame = couple().read("frames/front/0001.jpg");
    let mut vehicle = couple()
        .file("frames/front/0002.JPG", &frame)
        .file("frames/front/0003.jfif", &frame)
        .file("frames/front/0004.tif", b"II*\0\x08\0\0\0")
        .file("frames/front/0005.png", &frame)
        .file("frames/front/0006.jpg", b"")
        .file("frames/front/0007.avif", b"\0\0\0\x20ftypavif")
        .file("frames/front/0008", &frame)
        .file("frames/front/0012", b"II\xbc\x01\x08\0\0\0")
        .file("frames/front/lane.pdf", b"\n%PDF-1.4\n")
        .file("frames/front/notes.txt", b"notes")
        .file("frames/front/._0001.jpg", b"x")
        .file("frames/front/more/0001.jpg", &frame)
        .file("frames/0001.jpg", &frame)
        .file("documents/scan.jpg", &frame)
        .file("documents/01/more/portrait.jpg", &frame)
        .file("pictures/0001.jpg", &frame);
    for i in 0..70 {
        vehicle = vehicle.file(&format!("documents/02/{i:03}.txt"), b"x");
    }
    let at = |name: &str| vehicle.path().join(name);
    let pipe = |name: &str| {
        let made = std::process::Command::new("mkfifo").arg(at(name)).status();
        assert!(made.expect("mkfifo").success());
    };
    pipe("frames/front/0009.jpg");
    pipe("frames/front/pipe");
    pipe("documents/01/page.jpg");
    let _socket = UnixListener::bind(at("frames/front/socket")).expect("a socket");
    symlink("/dev/zero", at("frames/front/0010.jpg")).expect("a link");
    symlink("/nowhere", at("frames/front/0011.jpg")).expect("a link");
    symlink("/nowhere", at("documents/03")).expect("a link");
    let run = check(vehicle.path(), &[]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    let result = run.json();
    assert_eq!(result["frames"]["read"], 5, "{}", result["frames"]);
    let unreadable = result["frames"]["unreadable"].to_string();
    let remarks = result["remarks"].to_string();
    let findings = result["documents"].to_string();
    let mut missing = Vec::new();
    for (place, says) in [
        (&unreadable, "0004.tif"),
        (&unreadable, "a TIFF picture"),
        (&unreadable, "0006.jpg"),
        (&unreadable, "the file is empty"),
        (&unreadable, "an AVIF picture"),
        (&unreadable, "a JPEG XR picture"),
        (&remarks, "frames/front/lane.pdf: a PDF document"),
        (&unreadable, "0009.jpg"),
        (&unreadable, "a pipe"),
        (&unreadable, "a device"),
        (&unreadable, "a link to nothing"),
        (&remarks, "frames/front/notes.txt: not a picture"),
        (&remarks, "frames/front/._0001.jpg: hidden"),
        (&remarks, "frames/front/more: a folder"),
        (&remarks, "frames/front/pipe: a pipe"),
        (&remarks, "frames/front/socket: a socket"),
        (&remarks, "frames/0001.jpg is left out"),
        (&remarks, "documents/scan.jpg is left out"),
        (&remarks, "documents/03 is not read: a link to nothing"),
        (&remarks, "documents/01/more/ is left out"),
        (&remarks, "documents/01/page.jpg is not read: a pipe"),
        (&remarks, "documents/02/ has 70 files"),
        (&remarks, "pictures/ is left out"),
        (&findings, "too-many-files"),
    ] {
        if !place.contains(says) {
            missing.push(format!("{says:?} isn't in {place}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(
        result["vehicle"]["reasons"]
            .to_string()
            .contains("frames-unreadable")
    );
}

/// A camera that is mounted on its side: a hint, and with `rotate` as if upright.
#[test]
fn a_camera_on_its_side_is_hinted_at() {
    let turned = |vehicle: Vehicle, name: &str| {
        let upright = image::load_from_memory(&vehicle.read(name)).expect("a frame");
        let mut file = std::io::Cursor::new(Vec::new());
        upright
            .rotate270()
            .write_to(&mut file, image::ImageFormat::Jpeg)
            .expect("encodes");
        vehicle.file(name, file.get_ref())
    };
    let vehicle = couple()
        .document("02", "couple/02")
        .frame("couple/frames/front/0004.jpg");
    let vehicle = turned(
        turned(vehicle, "frames/front/0001.jpg"),
        "frames/front/0004.jpg",
    );
    let result = check(vehicle.path(), &[]).json();
    let remarks = result["remarks"].to_string();
    for says in [
        "\\\"front\\\" shows nobody on a seat",
        "by 90 degrees clockwise",
        "rotate = 90",
    ] {
        assert!(remarks.contains(says), "{says}: {remarks}");
    }
    let lane = fs::read_to_string(root().join("samples/lanes/front-row.toml")).expect("a lane");
    let lane = lane.replacen("trust = \"../trust\"\n", "", 1);
    let lane = lane.replacen("name = \"front\"\n", "name = \"front\"\nrotate = 90\n", 1);
    let vehicle = vehicle.file("lane.toml", lane.as_bytes());
    let lane = vehicle.path().join("lane.toml");
    let run = check(vehicle.path(), &["--lane", lane.to_str().expect("UTF-8")]);
    let result = run.json();
    assert_eq!(
        result["vehicle"]["occupants"]["confirmed"], 2,
        "{}",
        run.stdout
    );
    assert!(!result["remarks"].to_string().contains("rotate"));
}
