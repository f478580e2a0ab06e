//! What a lane goes through: full and read-only disks, damaged stores, changed models,
//! signals under load. What happened in each stands in docs/lane-faults.md.

use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    BOOTH,
    ask::{ask, try_ask},
    serve::{Asker, FIRST, Lane, Place, samples, signal},
};

const ORDER: &str = r#"{"lane": "booth-1", "layout": "front-row"}"#;

/// The audit log holds, from its first entry to its last.
pub(crate) fn verify(place: &Place) {
    let verified = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(["audit", "verify"])
        .arg(place.path("state/log"))
        .output()
        .expect("it runs");
    assert!(verified.status.success(), "{verified:?}");
}

/// Frames and transactions from four callers until `stop`; how many answers were of 5xx.
fn load(at: &str, who: &Asker, stop: &Arc<AtomicBool>) -> Vec<std::thread::JoinHandle<usize>> {
    let picture = std::fs::read(samples().join("vehicles/couple/frames/front/0001.jpg"));
    let picture = picture.expect("a frame");
    (0..4)
        .map(|_| {
            let (at, who, stop) = (at.to_owned(), who.clone(), stop.clone());
            let picture = picture.clone();
            std::thread::spawn(move || {
                let mut failed = 0;
                let json = format!("{}Content-Type: application/json\r\n", who.0);
                let jpeg = format!("{}Content-Type: image/jpeg\r\n", who.0);
                while !stop.load(Ordering::Relaxed) {
                    let opened = try_ask(&at, "POST /v1/transactions", &json, ORDER.as_bytes());
                    let Ok(opened) = opened else { continue };
                    failed += usize::from(opened.status >= 500);
                    if opened.status != 201 {
                        continue;
                    }
                    let id = opened.between("\"id\":\"", "\"");
                    for _ in 0..3 {
                        let head = format!("POST /v1/transactions/{id}/frames?camera=front");
                        let _ = try_ask(&at, &head, &jpeg, &picture);
                    }
                    let head = format!("POST /v1/transactions/{id}/close");
                    let _ = try_ask(&at, &head, &json, b"");
                }
                failed
            })
        })
        .collect()
}

#[test]
fn signals_under_load_lose_no_log() {
    let place = Place::new(&BOOTH);
    let lane = place.start(&FIRST);
    let (_, device) = lane.people();
    let stop = Arc::new(AtomicBool::new(false));
    let callers = load(&lane.at, &device, &stop);
    std::thread::sleep(Duration::from_secs(3));
    let mut lane = lane;
    signal(&lane.child, "KILL");
    lane.child.wait().expect("it ended");
    drop(lane);
    // What was open has its receipts as the next one starts.
    let lane = place.start(&[]);
    std::thread::sleep(Duration::from_secs(3));
    let begun = Instant::now();
    lane.end();
    let took = begun.elapsed();
    stop.store(true, Ordering::Relaxed);
    let failed: usize = callers
        .into_iter()
        .map(|c| c.join().expect("no panic"))
        .sum();
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert_eq!(failed, 0, "answers of 5xx");
    verify(&place);
}

#[test]
fn a_full_log_disk_stops_nothing() {
    let place = Place::new(&BOOTH);
    let mut child = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(["serve", "--log", "trace", "--config"])
        .arg(place.path("service.toml"))
        .stdout(File::options().write(true).open("/dev/full").expect("it"))
        .stderr(File::options().write(true).open("/dev/full").expect("it"))
        .stdin(Stdio::null())
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    while try_ask(&place.listen, "GET /healthz", "", b"").is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it never listened"
        );
        assert!(child.try_wait().expect("a status").is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(100));
    }
    for path in ["/readyz", "/login", "/notice", "/nothing"] {
        let answer = ask(&place.listen, &format!("GET {path}"), "", b"");
        assert!(answer.status < 500, "{path}: {}", answer.status);
    }
    signal(&child, "TERM");
    let status = child.wait().expect("a status");
    assert!(status.success(), "{status}");
    verify(&place);
}

/// Overwrites a page in the middle of a store.
fn damage(path: &Path) {
    let length = std::fs::metadata(path).expect("a store").len();
    assert!(
        length >= 3 * 4096,
        "{length} bytes are too few to have a middle"
    );
    let mut file = File::options().write(true).open(path).expect("it");
    file.seek(SeekFrom::Start(4096)).expect("it");
    file.write_all(&[0xA5; 4096]).expect("written");
    for log in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(log);
        let _ = std::fs::remove_file(beside);
    }
}

#[test]
fn a_damaged_store_is_named_and_nothing_is_served_from_it() {
    for store in ["lane.sqlite", "custody.sqlite"] {
        let place = Place::new(&BOOTH);
        let lane = place.start(&FIRST);
        let (_, device) = lane.people();
        let id = lane.open(&device, ORDER);
        lane.post(&device, &format!("/v1/transactions/{id}/close"), "");
        lane.end();
        damage(&place.path("state").join(store));
        assert!(place.try_start(&[]).is_none(), "{store}: it starts");
        let said = place.said();
        let last = said.lines().last().unwrap_or("");
        assert!(last.contains(store), "{store}: {said}");
    }
}

#[test]
fn models_that_change_under_a_lane_change_nothing_until_it_starts_anew() {
    let place = Place::new(&BOOTH);
    let models = place.path("models");
    std::fs::create_dir(&models).expect("a folder");
    for file in std::fs::read_dir(samples().join("../models")).expect("models") {
        let file = file.expect("a file").path();
        std::fs::copy(&file, models.join(file.file_name().expect("a name"))).expect("copied");
    }
    let models_of = models.to_string_lossy().into_owned();
    let lane = place.start(&[FIRST[0], FIRST[1], "--models", &models_of]);
    let (_, device) = lane.people();
    let mut changed = 0;
    for file in std::fs::read_dir(&models).expect("models") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|e| e == "onnx") {
            let file = File::options().write(true).open(&path).expect("it");
            file.set_len(4096).expect("cut");
            changed += 1;
        }
    }
    assert!(changed >= 2, "{changed} models");
    let vehicle = samples().join("vehicles/couple");
    let id = lane.open(&device, ORDER);
    lane.present(&device, &id, &vehicle.join("documents/01"));
    lane.film(&device, &id, &vehicle);
    let view = lane.settle(&device, &id);
    assert!(view.contains("\"confirmed\""), "{view}");
    lane.end();
    assert!(
        place.try_start(&["--models", &models_of]).is_none(),
        "it starts"
    );
    assert!(place.said().contains(".onnx"), "{}", place.said());
}

/// A small disk of its own; it goes with this. None where it can't be made, which is said.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={size},mode=0700"),
                "tmpfs",
            ])
            .arg(at)
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at.to_owned()));
        }
        match is_root() {
            true => rowcall_skip::skip("no small disk could be mounted"),
            // CI may run as somebody else.
            false => eprintln!("SKIPPED: only root can mount a small disk"),
        }
        None
    }

    fn remount(&self, how: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{how}")])
            .arg(&self.0)
            .status();
        assert!(done.is_ok_and(|status| status.success()), "remounted {how}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout == b"0\n")
}

/// Fails every order that has to be written, says that it is a device's fault, and still
/// shows how to go on by hand.
fn fails_by_hand(lane: &Lane, device: &Asker) {
    let begun = Instant::now();
    loop {
        let answer = lane.post(device, "/v1/transactions", ORDER);
        if answer.status == 503 {
            assert!(
                answer.text().contains("\"fault\":\"device\""),
                "{}",
                answer.text()
            );
            break;
        }
        assert!(
            answer.status < 500 || answer.status == 503,
            "{}",
            answer.text()
        );
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "it goes on writing"
        );
    }
    let manual = ask(&lane.at, "GET /manual", "", b"");
    assert_eq!(manual.status, 200);
    assert!(ask(&lane.at, "GET /healthz", "", b"").status == 200);
}

#[test]
fn a_full_disk_sends_vehicles_to_the_manual_path() {
    let place = Place::new(&BOOTH);
    let Some(disk) = Disk::mount(&place.path("state"), "4m") else {
        return;
    };
    let lane = place.start(&FIRST);
    let (_, device) = lane.people();
    let id = lane.open(&device, ORDER);
    let mut filler = File::create(disk.0.join("filler")).expect("a file");
    while filler.write_all(&[7; 512]).is_ok() {}
    drop(filler);
    fails_by_hand(&lane, &device);
    // What was open is destroyed all the same.
    let closed = lane.post(&device, &format!("/v1/transactions/{id}/close"), "");
    assert!(
        closed.status == 503 || closed.status == 404,
        "{}",
        closed.text()
    );
    drop(lane);
    std::fs::remove_file(disk.0.join("filler")).expect("room again");
    let lane = place.start(&[]);
    lane.open(&device, ORDER);
    lane.end();
    verify(&place);
}

#[test]
fn a_disk_that_turns_read_only_sends_vehicles_to_the_manual_path() {
    let place = Place::new(&BOOTH);
    let Some(disk) = Disk::mount(&place.path("state"), "16m") else {
        return;
    };
    let lane = place.start(&FIRST);
    let (_, device) = lane.people();
    drop(lane);
    disk.remount("ro");
    assert!(place.try_start(&[]).is_none(), "it starts");
    let said = place.said();
    let last = said.lines().last().unwrap_or("");
    assert!(last.contains("state"), "{said}");
    disk.remount("rw");
    let lane = place.start(&[]);
    lane.open(&device, ORDER);
    lane.end();
    verify(&place);
}
