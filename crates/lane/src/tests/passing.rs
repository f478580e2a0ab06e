//! A lane whose side cameras vehicles pass, and a booth after them.

use std::path::Path;

use axum::http::StatusCode;
use rowcall_picture::{Image, Limits};
use serde_json::{Value, json};

use super::world::{Asker, World, config, frames_of, samples, vehicle};
use crate::config::Config;

/// A world whose lane file is a sample's for passes, and with the front camera of the
/// other before which vehicles stand later.
fn world() -> World {
    World::changed(|text| {
        let lanes = samples().join("lanes");
        let read = |name: &str| std::fs::read_to_string(lanes.join(name)).expect("a lane");
        let standing = read("front-row.toml");
        let front = standing.split("[[camera]]\n").nth(1).expect("a camera");
        let both = read("front-row-passing.toml")
            .replace("\"../trust\"", &format!("{:?}", samples().join("trust")))
            + "\n[[camera]]\n"
            + front;
        let state = text.split("state = \"").nth(1).expect("a state");
        let folder = Path::new(state.split('"').next().expect("a path"))
            .parent()
            .expect("above");
        let file = folder.join("passing.toml");
        std::fs::write(&file, both).expect("written");
        let start = text.find("files = ").expect("files");
        let end = start + text[start..].find('\n').expect("a line");
        format!("{}files = [{:?}]{}", &text[..start], file, &text[end..])
    })
}

async fn open(world: &World, device: &Asker) -> String {
    let folder = vehicle("couple");
    let order = json!({ "lane": "booth-1", "direction": "exit", "occupants": 2, "documents": 2 });
    let opened = world.post(device, "/v1/transactions", order).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    let id = opened.json()["id"].as_str().expect("an id").to_owned();
    for document in &folder.documents {
        world.present(device, &id, document).await;
    }
    id
}

/// The couple goes by from one frame to the next; `from` the empty lane, or from the middle.
async fn pass(world: &World, device: &Asker, id: &str, from: i32) {
    for (camera, to_the_right) in [("left", -1), ("right", 1)] {
        let frames = vehicle("couple").frames;
        let of: Vec<_> = frames.iter().filter(|f| f.camera == camera).collect();
        for (i, shift) in (from..900).step_by(300).enumerate() {
            let file = std::fs::read(&of[i % of.len()].path).expect("a frame");
            let image = Image::decode(&file, &Limits::FRAME).expect("a picture");
            let moved = image.shifted(to_the_right * shift);
            world.show(device, id, camera, &moved).await;
            // Slowly enough that none goes for another.
            world.settle(id).await;
        }
    }
}

fn state<'a>(view: &'a Value, seat: &str) -> &'a Value {
    let seats = view["seats"].as_array().expect("seats");
    &seats.iter().find(|s| s["seat"] == seat).expect("a seat")["state"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_couple_is_confirmed_and_the_booth_sees_whom_they_missed_alone() {
    let world = world();
    let device = world.device();
    let id = open(&world, &device).await;
    pass(&world, &device, &id, -1300).await;
    let view = world.settle(&id).await;
    assert!(frames_of(&view, "left") > 2, "{view:#}");
    let passed: Vec<&str> = ["1-left", "1-right"]
        .into_iter()
        .filter(|seat| state(&view, seat) == "confirmed")
        .collect();
    assert!(!passed.is_empty(), "{view:#}");
    // A second capture at the booth: what it shows of who is confirmed isn't kept.
    for frame in vehicle("couple")
        .frames
        .iter()
        .filter(|f| f.camera == "front")
    {
        let file = std::fs::read(&frame.path).expect("a frame");
        let image = Image::decode(&file, &Limits::FRAME).expect("a picture");
        world.show(&device, &id, "front", &image).await;
        world.settle(&id).await;
    }
    let view = world.settle(&id).await;
    assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
    for seat in passed {
        let seats = view["seats"].as_array().expect("seats");
        let own = seats.iter().find(|s| s["seat"] == seat).expect("a seat");
        let cameras = own["cameras"].as_array().expect("cameras");
        assert!(!cameras.contains(&json!("front")), "{seat}: {own:#}");
    }
    // Whoever pushes to the lane can't say which vehicle is at the booth.
    let path = "/v1/lanes/booth-1/frames?camera=front";
    let pushed = world
        .ask(&device, "POST", path, "image/jpeg", vec![1])
        .await;
    assert_eq!(pushed.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_a_vehicle_that_nobody_saw_come_are_not_used() {
    let world = world();
    let device = world.device();
    let id = open(&world, &device).await;
    pass(&world, &device, &id, 0).await;
    let view = world.settle(&id).await;
    assert_eq!(
        frames_of(&view, "left") + frames_of(&view, "right"),
        0,
        "{view:#}"
    );
    assert_eq!(view["outcome"], "refer");
    let metrics = world.get(&device, "/metrics").await;
    let metrics = String::from_utf8(metrics.body).expect("text");
    assert!(
        metrics.contains("rowcall_frames_unplaced_total{lane=\"booth-1\",camera=\"left\"} 3"),
        "{metrics}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_seen_of_a_seat_that_opted_out_as_it_passes() {
    let world = world();
    let device = world.device();
    let id = open(&world, &device).await;
    let path = format!("/v1/transactions/{id}/opt-outs");
    let out = world
        .post(&device, &path, json!({ "seat": "1-left" }))
        .await;
    assert_eq!(out.status, StatusCode::OK);
    pass(&world, &device, &id, -1300).await;
    let view = world.settle(&id).await;
    assert_eq!(state(&view, "1-left"), "opted-out", "{view:#}");
    let seats = view["seats"].as_array().expect("seats");
    let own = seats
        .iter()
        .find(|s| s["seat"] == "1-left")
        .expect("a seat");
    assert_eq!(
        (&own["picture"], &own["cameras"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(view["strangers"], json!([]), "{view:#}");
}

/// A camera of the lane's own at the booth would show the next vehicle to this one.
#[test]
fn a_lane_that_vehicles_pass_fetches_nothing_from_where_they_stand() {
    let folder = tempfile::tempdir().expect("a folder");
    let lanes = samples().join("lanes");
    let more = "[[lane.camera]]\nname = \"front\"\npush = true\n";
    let text = config(folder.path(), more);
    let standing = lanes.join("two-row.toml").display().to_string();
    let passing = std::fs::read_to_string(lanes.join("front-row-passing.toml")).expect("a lane");
    let file = folder.path().join("passing.toml");
    std::fs::write(&file, passing).expect("written");
    let text = text.replace(&standing, &file.display().to_string());
    let path = folder.path().join("service.toml");
    std::fs::write(&path, text).expect("written");
    let error = Config::read(&path)
        .expect_err("it doesn't start")
        .to_string();
    assert!(error.contains("lane[0].camera[0].name"), "{error}");
}
