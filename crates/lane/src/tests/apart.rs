//! A lane whose documents are presented at kiosks and whose cameras hang on a gantry.

use std::time::Duration;

use axum::http::StatusCode;
use rowcall_custody::{Clock, Reading, system::SystemClock};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

use super::world::{Answer, Asker, World, samples, vehicle};
use crate::Role;

const ARRIVALS: &str = "/v1/lanes/booth-1/arrivals";

fn apart(order: &str) -> String {
    format!(
        "[lane.apart]\ndocuments = [\"kiosk-1\", \"kiosk-2\"]\ncameras = \"gantry\"\nminutes = 5\nparties = 9\norder = \"{order}\"\n"
    )
}

/// A party presents a sample's documents at a kiosk.
async fn present(world: &World, device: &Asker, sample: &str, reference: &str) -> Value {
    let layout = vehicle(sample).lane.name;
    present_as(world, device, sample, reference, &layout).await
}

/// The same, as if it were another sort of vehicle.
async fn present_as(
    world: &World,
    device: &Asker,
    sample: &str,
    reference: &str,
    layout: &str,
) -> Value {
    let folder = vehicle(sample);
    let order = json!({
        "lane": "booth-1",
        "station": "kiosk-1",
        "layout": layout,
        "reference": reference,
        "occupants": folder.declared,
        "documents": folder.documents.len(),
    });
    let opened = world.post(device, "/v1/transactions", order).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    let opened = opened.json();
    let id = opened["id"].as_str().expect("an id");
    for document in &folder.documents {
        let answer = world.present(device, id, document).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.json());
    }
    world.settle(id).await;
    opened
}

/// A party begins at a kiosk, with nothing yet.
async fn begin(world: &World, device: &Asker, reference: &str) -> Value {
    let order = json!({ "lane": "booth-1", "station": "kiosk-2", "reference": reference });
    let opened = world.post(device, "/v1/transactions", order).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
    opened.json()
}

async fn frame(world: &World, device: &Asker, id: &str) -> Answer {
    let frame = &vehicle("couple").frames[0];
    let picture = std::fs::read(&frame.path).expect("a frame");
    let path = format!("/v1/transactions/{id}/frames?camera={}", frame.camera);
    world
        .ask(device, "POST", &path, "image/jpeg", picture)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_couple_is_confirmed_over_two_stations() {
    let world = World::with(&apart("free"));
    let (device, officer) = (world.device(), world.person(Role::Officer));
    let opened = present(&world, &device, "couple", "pnr-5510").await;
    let id = opened["id"].as_str().expect("an id");
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    let view = world.get(&device, &at("")).await.json();
    assert_eq!(view["station"], "kiosk-1");
    assert_eq!(view["is_under_way"], true);
    assert_eq!(view["outcome"], Value::Null, "{view:#}");
    assert_eq!(view["missing"], json!(["frames"]));
    // Nobody sees anything of them, and no camera looks for them.
    let page = world.get(&officer, "/lanes/booth-1").await;
    let page = String::from_utf8(page.body).expect("a page");
    assert!(!page.contains(id), "an officer sees who is under way");
    let portrait = world.get(&officer, &at("/documents/0/portrait")).await;
    assert_eq!(portrait.status, StatusCode::CONFLICT);
    assert_eq!(
        frame(&world, &device, id).await.status,
        StatusCode::CONFLICT
    );
    let lanes = world.get(&device, "/v1/lanes").await.json();
    assert_eq!(lanes[0]["transaction"], Value::Null);
    assert_eq!(lanes[0]["stations"]["under_way"], 1);
    // It comes, and is known by what it was given.
    let code = opened["code"].as_str().expect("a code");
    let arrived = world.post(&device, ARRIVALS, json!({ "code": code })).await;
    assert_eq!(arrived.status, StatusCode::OK, "{}", arrived.json());
    assert_eq!(arrived.json()["id"], id);
    assert_eq!(arrived.json()["station"], "gantry");
    world.film(&device, id, &vehicle("couple"), None).await;
    let view = world.settle(id).await;
    assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
    let page = world.get(&officer, "/lanes/booth-1").await;
    let page = String::from_utf8(page.body).expect("a page");
    assert!(page.contains(id));
    assert!(page.contains("Entry, at gantry"), "where it is");
    let closed = world.post(&device, &at("/close"), json!({})).await;
    assert_eq!(closed.json()["confirmed"], 2);
    let metrics = world
        .get(&world.person(Role::Administrator), "/metrics")
        .await;
    let metrics = String::from_utf8(metrics.body).expect("text");
    let count = "rowcall_parties_total{lane=\"booth-1\",fate=\"arrived\"} 1";
    assert!(metrics.contains(count), "{metrics}");
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vehicle_of_another_sort_than_was_said_may_come() {
    let world = World::with(&apart("free"));
    let device = world.device();
    let (said, came) = (vehicle("couple").lane.name, vehicle("minivan").lane.name);
    assert_ne!(said, came);
    let opened = present_as(&world, &device, "minivan", "a", &said).await;
    let id = opened["id"].as_str().expect("an id");
    let come = |layout: &str| {
        let order = json!({ "reference": "a", "layout": layout });
        world.post(&device, ARRIVALS, order)
    };
    for (layout, status) in [
        ("of-no-lane-file", 422),
        ("", 422),
        (&came, 200),
        (&came, 409),
    ] {
        let answer = come(layout).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{layout:?}: {}",
            answer.json()
        );
    }
    world.film(&device, id, &vehicle("minivan"), None).await;
    let view = world.settle(id).await;
    let seats = view["seats"].as_array().expect("seats");
    let of = |state: &str| -> Vec<&Value> {
        let own = seats.iter().filter(|seat| seat["state"] == state);
        own.map(|seat| &seat["seat"]).collect()
    };
    // The third row, which the other sort hasn't, is hardly seen on this sample.
    let confirmed = ["1-left", "1-right", "2-left", "2-right"];
    assert_eq!(of("confirmed"), confirmed, "{view:#}");
    assert_eq!(of("not-captured"), ["3-left"], "{view:#}");
    assert_eq!(of("poor-quality"), ["3-right"], "{view:#}");
    world.verify_log();
}

/// Documents were read under the policy of the sort that was said.
#[tokio::test(flavor = "multi_thread")]
async fn a_sort_of_vehicle_that_judges_documents_otherwise_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let usual = samples().join("lanes/three-row.toml");
    let strict = folder.path().join("strict.toml");
    let text = std::fs::read_to_string(&usual).expect("a lane file");
    let trust = samples().join("trust").display().to_string();
    let text = text.replace("../trust", &trust) + "\n[policy.documents]\nsha1 = \"refuse\"\n";
    std::fs::write(&strict, text).expect("written");
    let world = World::changed(|config| {
        let (usual, strict) = (usual.display().to_string(), strict.display().to_string());
        assert!(config.contains(&usual));
        config.replace(&usual, &strict) + &apart("free")
    });
    let device = world.device();
    begin(&world, &device, "a").await;
    let order = json!({ "reference": "a", "layout": vehicle("minivan").lane.name });
    let refused = world.post(&device, ARRIVALS, order).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.json());
    // It is still to come.
    let came = world
        .post(&device, ARRIVALS, json!({ "reference": "a" }))
        .await;
    assert_eq!(came.status, StatusCode::OK, "{}", came.json());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_claims_wrongly_gets_nobody() {
    let world = World::with(&apart("free"));
    let device = world.device();
    let first = begin(&world, &device, "a").await;
    let mut wrong = Vec::new();
    for (what, body, status) in [
        ("another reference", json!({ "reference": "b" }), 404),
        ("another code", json!({ "code": "0000-0000" }), 404),
        ("nothing", json!({}), 409),
        (
            "both",
            json!({ "reference": "a", "code": first["code"] }),
            422,
        ),
        ("an empty one", json!({ "reference": "" }), 422),
        ("its own", json!({ "reference": "a" }), 200),
        ("it again", json!({ "reference": "a" }), 409),
        ("it again by code", json!({ "code": first["code"] }), 409),
    ] {
        let answer = world.post(&device, ARRIVALS, body).await;
        if answer.status.as_u16() != status {
            wrong.push(format!("{what}: {} {}", answer.status, answer.json()));
        }
    }
    for (what, order, status) in [
        (
            "a reference that a party has",
            json!({ "lane": "booth-1", "station": "kiosk-2", "reference": "a" }),
            409,
        ),
        ("no station", json!({ "lane": "booth-1" }), 422),
        (
            "one that isn't",
            json!({ "lane": "booth-1", "station": "kiosk-3" }),
            422,
        ),
        (
            "one without documents before",
            json!({ "lane": "booth-1", "station": "gantry" }),
            201,
        ),
    ] {
        let answer = world.post(&device, "/v1/transactions", order).await;
        if answer.status.as_u16() != status {
            wrong.push(format!("{what}: {} {}", answer.status, answer.json()));
        }
    }
    // So many are under way, and then no more.
    let next = || {
        world.post(
            &device,
            "/v1/transactions",
            json!({ "lane": "booth-1", "station": "kiosk-1" }),
        )
    };
    for _ in 0..9 {
        assert_eq!(next().await.status, StatusCode::CREATED);
    }
    let full = next().await;
    assert_eq!(full.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(full.headers.contains_key("retry-after"));
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Where nothing is apart, there is no arrival and no station.
    let world = World::new();
    let device = world.device();
    let answer = world
        .post(&device, ARRIVALS, json!({ "reference": "a" }))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let order = json!({ "lane": "booth-1", "station": "gantry" });
    let answer = world.post(&device, "/v1/transactions", order).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn vehicles_come_in_the_order_of_their_parties_until_one_is_overtaken() {
    let world = World::with(&apart("kept"));
    let device = world.device();
    let presence = "/v1/lanes/booth-1/presence";
    let mut ids = Vec::new();
    for reference in ["a", "b", "c", "d"] {
        let opened = begin(&world, &device, reference).await;
        ids.push(opened["id"].as_str().expect("an id").to_owned());
    }
    let come = |what: Value| world.post(&device, ARRIVALS, what);
    // The loop knows nobody: the next vehicle is the next party.
    let first = world
        .post(&device, presence, json!({ "present": true }))
        .await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(first.json()["id"], ids[0]);
    assert_eq!(first.json()["is_under_way"], false);
    // The next one comes while the first is still open: cameras look for it alone.
    let third = come(json!({ "reference": "c" })).await.json();
    assert_eq!(third["id"], ids[2]);
    let lanes = world.get(&device, "/v1/lanes").await.json();
    assert_eq!(lanes[0]["transaction"], ids[2]);
    // Nobody knows whether it is the second or the fourth.
    assert_eq!(come(json!({})).await.status, StatusCode::CONFLICT);
    let second = come(json!({ "reference": "b" })).await.json();
    assert_eq!(second["id"], ids[1]);
    assert_eq!(come(json!({})).await.json()["id"], ids[3]);
    assert_eq!(come(json!({})).await.status, StatusCode::NOT_FOUND);
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_comes_again_is_answered_as_before() {
    let world = World::with(&apart("free"));
    let device = world.device();
    begin(&world, &device, "a").await;
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
    ];
    for _ in 0..2 {
        let body = json!({ "reference": "a" }).to_string().into_bytes();
        let answer = world.begin(&device, "POST", ARRIVALS, &headers, body).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
}

/// A clock that is moved.
struct Moved(SystemClock, Mutex<Duration>);

impl Clock for Moved {
    fn read(&self) -> Reading {
        let by = *self.1.lock().expect("a clock");
        let now = self.0.read();
        Reading {
            wall: now.wall + by.as_secs() as i64,
            since_boot: now.since_boot + by,
            ..now
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_comes_is_destroyed_in_time_and_who_comes_has_their_time() {
    let clock = Arc::new(Moved(SystemClock::new(), Mutex::default()));
    let world = World::by_clock(&apart("kept"), clock.clone());
    let device = world.device();
    let lost = begin(&world, &device, "lost").await;
    let comes = begin(&world, &device, "comes").await;
    let after = |minutes: u64| {
        *clock.1.lock().expect("a clock") = Duration::from_secs(60 * minutes);
        world.service.tick();
    };
    after(4);
    let arrived = world
        .post(&device, ARRIVALS, json!({ "reference": "comes" }))
        .await;
    assert_eq!(arrived.status, StatusCode::OK, "{}", arrived.json());
    // Five minutes were theirs to come, and ten are the vehicle's at the cameras.
    after(6);
    let find = |of: &Value| {
        world
            .service
            .find(of["id"].as_str().expect("an id"))
            .is_ok()
    };
    assert!(!find(&lost) && find(&comes));
    let late = world
        .post(&device, ARRIVALS, json!({ "reference": "lost" }))
        .await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    after(13);
    assert!(find(&comes));
    after(15);
    assert!(!find(&comes));
    let metrics = world
        .get(&world.person(Role::Administrator), "/metrics")
        .await;
    let metrics = String::from_utf8(metrics.body).expect("text");
    let count = "rowcall_parties_total{lane=\"booth-1\",fate=\"never-came\"} 1";
    assert!(metrics.contains(count), "{metrics}");
    world.verify_log();
}
