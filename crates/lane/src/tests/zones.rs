//! Setting cameras up: deliberate, on record, with nobody's vehicle there, and over by
//! itself; the lane file that comes of it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use rowcall_audit::{Entry, LogFolder};
use rowcall_custody::{Clock, Reading, system::SystemClock};
use serde_json::{Value, json};

use super::world::{Answer, Asker, PASSWORD, World, samples};
use crate::Role;

const CAMERA: &str = "/v1/lanes/booth-2/layouts/front-row/cameras/front";
const SET_UP: &str = "/v1/lanes/booth-2/set-up";

/// A second lane, whose lane file is the test's own.
fn lane(folder: &Path) -> String {
    for part in ["lanes", "trust"] {
        let to = folder.join(part);
        std::fs::create_dir(&to).expect("a folder");
        for file in std::fs::read_dir(samples().join(part)).expect("samples") {
            let file = file.expect("a file").path();
            std::fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("copied");
        }
    }
    format!(
        "[[lane]]\nname = \"booth-2\"\ndirection = \"entry\"\nfiles = [{:?}]\n",
        file(folder)
    )
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("lanes/front-row.toml")
}

async fn show(world: &World) -> Answer {
    let frame = samples().join("vehicles/couple/frames/front");
    let frame = std::fs::read_dir(frame).expect("frames").next();
    let frame = std::fs::read(frame.expect("one").expect("one").path()).expect("a frame");
    let path = "/v1/lanes/booth-2/frames?camera=front";
    world
        .ask(&world.device(), "POST", path, "image/jpeg", frame)
        .await
}

/// The zones of the lane file, the first moved a little.
fn moved(of: &str) -> Value {
    json!({
        "of": of,
        "zones": [
            {"seat": "1-left", "polygon": [[0.651, 0.248], [0.842, 0.248], [0.842, 0.587], [0.670, 0.587]], "face_width": [0.064, 0.172]},
            {"seat": "1-right", "polygon": [[0.132, 0.342], [0.309, 0.342], [0.309, 0.609], [0.132, 0.609]], "face_width": [0.056, 0.174]},
        ],
    })
}

/// The log's entries of set-ups, without their minute.
fn logged(world: &World) -> Vec<String> {
    let log = LogFolder::open(&world.folder.path().join("state/log")).expect("a log");
    let all = log.bundle(0).expect("entries");
    let all = all
        .iter()
        .map(|bytes| Entry::parse(bytes).expect("an entry"));
    let kinds = ["set-up-began", "set-up-ended", "lane-file-written"];
    all.filter(|entry| kinds.contains(&entry.event.kind()))
        .map(|entry| {
            let line = entry.to_line();
            let rest = line.splitn(3, ' ').nth(2).unwrap_or_default();
            let (kind, fields) = rest.split_once(' ').expect("fields");
            let last = fields.rsplit(' ').next().unwrap_or_default();
            match kind {
                "lane-file-written" => kind.to_owned(),
                _ => format!("{kind} {last}"),
            }
        })
        .collect()
}

#[tokio::test]
async fn zones_are_drawn_on_a_live_picture_and_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::with(&lane(folder.path()));
    let administrator = world.person(Role::Administrator);
    let picture = format!("{CAMERA}/picture");
    // Before it is begun nothing is shown, and nothing of what comes is kept.
    show(&world).await;
    assert_eq!(
        world.get(&administrator, &picture).await.status,
        StatusCode::CONFLICT
    );
    let begun = world.post(&administrator, SET_UP, json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.json());
    assert!(
        begun.json()["seconds"]
            .as_u64()
            .is_some_and(|s| s > 800 && s <= 900)
    );
    assert_eq!(
        world.get(&administrator, &picture).await.status,
        StatusCode::NOT_FOUND
    );
    show(&world).await;
    let shown = world.get(&administrator, &picture).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.starts_with(&[0xff, 0xd8]));
    let faces = world
        .get(&administrator, &format!("{CAMERA}/faces"))
        .await
        .json();
    assert_eq!(faces["now"].as_array().map(Vec::len), Some(2), "{faces}");
    let suggested: Vec<&str> = faces["suggested"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|zone| zone["seat"].as_str())
        .collect();
    assert_eq!(suggested.len(), 2, "{faces}");
    // A picture that is looked at twice has its people once.
    let again = world
        .get(&administrator, &format!("{CAMERA}/faces"))
        .await
        .json();
    assert_eq!(again["seen"].as_array().map(Vec::len), Some(2));
    // Another administrator sees nothing of it.
    let people = &world.service.people;
    people
        .set_user("other", Role::Administrator, PASSWORD, false)
        .expect("a user");
    let now = world.service.clock.read().since_boot;
    let secret = people.log_in("other", PASSWORD, now).expect("right");
    let csrf = people.session(&secret, now, true).and_then(|i| i.csrf);
    let other = Asker::Person(secret.to_string(), csrf.expect("one"));
    assert_eq!(
        world.get(&other, &picture).await.status,
        StatusCode::CONFLICT
    );
    let refused = world.post(&other, SET_UP, json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);

    let before = std::fs::read_to_string(file(folder.path())).expect("a file");
    let page = "/administrator/zones/booth-2/front-row/front";
    let html = String::from_utf8(world.get(&administrator, page).await.body).expect("text");
    let of = html
        .split("data-of=\"")
        .nth(1)
        .and_then(|rest| rest.get(..64));
    let of = of.expect("the file's digest").to_owned();
    let zones = format!("{CAMERA}/zones");
    let checked = world
        .post(&administrator, &format!("{zones}/check"), moved(&of))
        .await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.json());
    let as_it_was = std::fs::read_to_string(file(folder.path())).expect("a file");
    assert_eq!(as_it_was, before, "a check writes nothing");
    // What is no zone is refused by its place, and nothing is written either.
    let mut wrong = moved(&of);
    wrong["zones"][0]["face_width"] = json!([0.5, 0.1]);
    let refused = world.post(&administrator, &zones, wrong).await;
    assert!(refused.status.is_client_error());
    assert!(
        refused.json()["detail"]
            .as_str()
            .is_some_and(|d| d.contains("face_width"))
    );
    let written = world.post(&administrator, &zones, moved(&of)).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.json());
    let after = std::fs::read_to_string(file(folder.path())).expect("a file");
    assert_eq!(written.json()["file"], json!(after));
    assert_eq!(checked.json()["file"], json!(after));
    let changed = "polygon = [[0.651, 0.248], [0.842, 0.248], [0.842, 0.587], [0.67, 0.587]]";
    let was = "polygon = [[0.670, 0.248], [0.842, 0.248], [0.842, 0.587], [0.670, 0.587]]";
    assert_eq!(
        after,
        before.replace(was, changed),
        "all else stays, comments too"
    );
    let left = std::fs::read_dir(folder.path().join("lanes")).expect("a folder");
    let files = std::fs::read_dir(samples().join("lanes")).expect("a folder");
    assert_eq!(
        left.count(),
        files.count(),
        "nothing is left beside the files"
    );
    // Drawn on a file that is no more.
    let stale = world.post(&administrator, &zones, moved(&of)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.json());
    let html = String::from_utf8(world.get(&administrator, page).await.body).expect("text");
    assert!(html.contains("0.651"), "the page shows what the file says");

    let ended = world
        .ask(&administrator, "DELETE", SET_UP, "", Vec::new())
        .await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(
        world.get(&administrator, &picture).await.status,
        StatusCode::CONFLICT
    );
    let of = html
        .split("data-of=\"")
        .nth(1)
        .and_then(|rest| rest.get(..64));
    let late = world
        .post(&administrator, &zones, moved(of.expect("one")))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT, "only in a set-up");
    assert_eq!(
        logged(&world),
        [
            "set-up-began limit=15",
            "lane-file-written",
            "set-up-ended cause=closed"
        ]
    );
    world.verify_log();
}

#[tokio::test]
async fn a_vehicle_ends_it_and_keeps_it_from_beginning() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::with(&lane(folder.path()));
    let administrator = world.person(Role::Administrator);
    let device = world.device();
    let begun = world.post(&administrator, SET_UP, json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED);
    show(&world).await;
    let opened = world
        .post(&device, "/v1/transactions", json!({"lane": "booth-2"}))
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    for what in ["picture", "faces"] {
        let gone = world.get(&administrator, &format!("{CAMERA}/{what}")).await;
        assert_eq!(gone.status, StatusCode::CONFLICT, "{what}");
    }
    let refused = world.post(&administrator, SET_UP, json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    // At another lane somebody may look.
    let other = "/v1/lanes/booth-1/set-up";
    let begun = world.post(&administrator, other, json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED);
    let id = opened.json()["id"].as_str().expect("an id").to_owned();
    let closed = world
        .post(&device, &format!("/v1/transactions/{id}/close"), json!({}))
        .await;
    assert_eq!(closed.status, StatusCode::OK);
    let begun = world.post(&administrator, SET_UP, json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED);
    // The lane's end is theirs.
    world.verify_log();
    let began = "set-up-began limit=15";
    let shutdown = "set-up-ended cause=shutdown";
    assert_eq!(
        logged(&world),
        [
            began,
            "set-up-ended cause=vehicle",
            began,
            began,
            shutdown,
            shutdown
        ]
    );
}

/// The machine's clock, set ahead as the test says.
struct Ahead(SystemClock, Arc<AtomicU64>);

impl Clock for Ahead {
    fn read(&self) -> Reading {
        let (now, ahead) = (self.0.read(), self.1.load(Ordering::SeqCst));
        Reading {
            wall: now.wall + ahead as i64,
            since_boot: now.since_boot + Duration::from_secs(ahead),
            ..now
        }
    }
}

#[tokio::test]
async fn it_ends_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let ahead = Arc::new(AtomicU64::new(0));
    let clock = Arc::new(Ahead(SystemClock::new(), ahead.clone()));
    let world = World::by_clock(&lane(folder.path()), clock);
    let administrator = world.person(Role::Administrator);
    let begun = world.post(&administrator, SET_UP, json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED);
    show(&world).await;
    let picture = format!("{CAMERA}/picture");
    for (seconds, status) in [(890, StatusCode::OK), (901, StatusCode::CONFLICT)] {
        ahead.store(seconds, Ordering::SeqCst);
        world.service.tick();
        let answer = world.get(&administrator, &picture).await;
        assert_eq!(answer.status, status, "{seconds} s");
    }
    assert_eq!(
        logged(&world),
        ["set-up-began limit=15", "set-up-ended cause=time-limit"]
    );
    world.verify_log();
}
