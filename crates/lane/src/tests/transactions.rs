//! Vehicles of the samples, from opening to acknowledgement.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::world::{World, samples, seat, vehicle};
use crate::Role;

#[tokio::test(flavor = "multi_thread")]
async fn a_couple_is_confirmed_closed_fetched_and_forgotten() {
    let world = World::new();
    let (id, view) = world.play("couple").await;
    assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
    assert_eq!(seat(&view, "1-left")["state"], "confirmed");
    assert_eq!(seat(&view, "1-right")["state"], "confirmed");
    let (device, officer) = (world.device(), world.person(Role::Officer));
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    for picture in ["/seats/1-left/picture", "/documents/0/portrait"] {
        let shown = world.get(&officer, &at(picture)).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(shown.headers["content-type"], "image/jpeg");
        assert_eq!(shown.headers["cache-control"], "no-store");
        assert!(shown.body.starts_with(&[0xff, 0xd8]));
        // Pictures are for the officer's eyes.
        assert_eq!(
            world.get(&device, &at(picture)).await.status,
            StatusCode::FORBIDDEN
        );
    }
    let early = world.get(&device, &at("/result")).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let closed = world.post(&device, &at("/close"), json!({})).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.json());
    let result = world.get(&device, &at("/result")).await.json();
    assert_eq!(result["documents"][0]["outcome"], "holder-confirmed");
    assert!(
        result["receipt"]
            .as_str()
            .expect("a receipt")
            .contains("cause=closed")
    );
    for picture in ["/seats/1-left/picture", "/documents/0/portrait", ""] {
        assert_eq!(
            world.get(&officer, &at(picture)).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let acknowledged = world
        .ask(&device, "DELETE", &at("/result"), "", Vec::new())
        .await;
    assert_eq!(acknowledged.status, StatusCode::NO_CONTENT);
    assert_eq!(
        world.get(&device, &at("/result")).await.status,
        StatusCode::NOT_FOUND
    );
    world.verify_log();
}

/// Who sits where the lane knows no seat is told, with a picture for the officer's eyes.
/// A caller that asks right after its last frame mustn't take it for looked at.
#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_was_taken_is_seen_to_wait_at_once() {
    let world = World::new();
    let device = world.device();
    let id = world.open(&device).await;
    let transaction = world.service.find(&id).expect("it is open");
    let path = format!("/v1/transactions/{id}");
    transaction.frame_waits();
    transaction.frame_waits();
    let view = world.get(&device, &path).await.json();
    assert_eq!(view["waiting"]["frames"], 2, "{view:#}");
    transaction.frame_dropped("front");
    let view = world.get(&device, &path).await.json();
    assert_eq!(view["waiting"]["frames"], 1, "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_on_no_seat_has_a_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let known = samples().join("lanes/two-row.toml");
    let lane = std::fs::read_to_string(&known).expect("a lane");
    let parts = lane.split_inclusive("\n\n");
    let without: String = parts.filter(|part| !part.contains("2-right")).collect();
    let trust = samples().join("trust").display().to_string();
    let file = folder.path().join("two-row.toml");
    std::fs::write(&file, without.replace("../trust", &trust)).expect("written");
    let [known, file] = [known, file].map(|path| path.display().to_string());
    let world = World::changed(|text| text.replace(&known, &file));
    let (id, view) = world.play("family").await;
    let strangers = view["strangers"].as_array().expect("a list");
    let (device, officer) = (world.device(), world.person(Role::Officer));
    assert!(!strangers.is_empty(), "{view:#}");
    for (place, stranger) in strangers.iter().enumerate() {
        assert!(stranger["picture"].is_u64(), "{stranger}");
        let at = format!("/v1/transactions/{id}/strangers/{place}/picture");
        let shown = world.get(&officer, &at).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.starts_with(&[0xff, 0xd8]));
        assert_eq!(world.get(&device, &at).await.status, StatusCode::FORBIDDEN);
    }
    let past = format!(
        "/v1/transactions/{id}/strangers/{}/picture",
        strangers.len()
    );
    assert_eq!(
        world.get(&officer, &past).await.status,
        StatusCode::NOT_FOUND
    );
    // Nothing is left to show once the whole vehicle opted out.
    let out = world
        .post(
            &officer,
            &format!("/v1/transactions/{id}/opt-outs"),
            json!({ "vehicle": true }),
        )
        .await;
    assert!(out.status.is_success(), "{}", out.json());
    let first = format!("/v1/transactions/{id}/strangers/0/picture");
    assert_eq!(
        world.get(&officer, &first).await.status,
        StatusCode::NOT_FOUND
    );
}

/// An officer sees what the machine doesn't: whoever asks then hears of no confirmation.
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_an_officer_takes_away_is_none_for_anybody() {
    let world = World::new();
    let (id, view) = world.play("couple").await;
    assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
    let (device, officer) = (world.device(), world.person(Role::Officer));
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    let held = seat(&view, "1-left")["document"]
        .as_u64()
        .expect("a document");
    for (reason, outcome) in [
        ("confirmed-by-eye", "all-confirmed"),
        ("sent-to-secondary", "refer"),
    ] {
        let said = json!({ "subject": "seat-1-left", "reason": reason });
        let view = world.post(&officer, &at("/adjudications"), said).await;
        assert_eq!(view.json()["outcome"], outcome, "{reason}");
    }
    world.post(&device, &at("/close"), json!({})).await;
    let result = world.get(&device, &at("/result")).await.json();
    assert_eq!(result["outcome"], "refer", "{result:#}");
    assert_eq!(result["confirmed"], 1);
    for (place, document) in result["documents"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let is_held = place as u64 == held;
        let (outcome, decided) = match is_held {
            true => ("holder-not-found", json!("sent-to-secondary")),
            false => ("holder-confirmed", Value::Null),
        };
        assert_eq!(document["outcome"], outcome, "{result:#}");
        assert_eq!(document["adjudication"], decided, "{result:#}");
    }
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opts_out_is_seen_by_nobody_earlier_and_later() {
    let world = World::new();
    let (id, _) = world.play("couple").await;
    let (device, officer) = (world.device(), world.person(Role::Officer));
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    let out = world
        .post(&officer, &at("/opt-outs"), json!({ "seat": "1-right" }))
        .await;
    assert_eq!(out.status, StatusCode::OK, "{}", out.json());
    let check = |view: &Value| {
        let shown = seat(view, "1-right");
        assert_eq!(shown["state"], "opted-out");
        assert_eq!(shown["picture"], Value::Null);
        assert_eq!(shown["score"], Value::Null);
        assert_eq!(seat(view, "1-left")["state"], "confirmed");
    };
    check(&out.json());
    world.film(&device, &id, &vehicle("couple"), None).await;
    check(&world.settle(&id).await);
    let picture = world.get(&officer, &at("/seats/1-right/picture")).await;
    assert_eq!(picture.status, StatusCode::NOT_FOUND);
    // A wish that can't be met is refused, not lost.
    for body in [
        json!({ "seat": "9-left" }),
        json!({ "document": 7 }),
        json!({}),
    ] {
        let refused = world.post(&officer, &at("/opt-outs"), body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // The whole vehicle.
    let all = world
        .post(&officer, &at("/opt-outs"), json!({ "vehicle": true }))
        .await
        .json();
    assert_eq!(all["is_vehicle_out"], true);
    for document in all["documents"].as_array().expect("documents") {
        assert_eq!(document["state"], "opted-out");
        assert_eq!(document["portrait"], Value::Null);
    }
    world.post(&device, &at("/close"), json!({})).await;
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_shows_nothing_refers_the_vehicle() {
    let world = World::new();
    let folder = vehicle("couple");
    let device = world.device();
    let order = json!({ "lane": "booth-1", "layout": folder.lane.name, "occupants": 2 });
    let opened = world.post(&device, "/v1/transactions", order).await.json();
    let id = opened["id"].as_str().expect("an id");
    for document in &folder.documents {
        world.present(&device, id, document).await;
    }
    world.film(&device, id, &folder, Some("left")).await;
    let view = world.settle(id).await;
    assert_eq!(view["outcome"], "refer");
    let reasons = view["reasons"].as_array().expect("reasons");
    assert!(reasons.contains(&json!("camera-missing")), "{reasons:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_in_words() {
    let world = World::new();
    let device = world.device();
    let cases = [
        (json!({ "lane": "booth-9" }), StatusCode::NOT_FOUND, "lane"),
        (
            json!({ "lane": "booth-1", "layout": "bus" }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "front-row",
        ),
        (
            json!({ "lane": "booth-1", "plate": "X" }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "an unknown key",
        ),
        (
            json!({ "lane": "booth-1", "occupants": 65 }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "64",
        ),
        (
            json!({ "lane": "booth-1", "reference": "x".repeat(257) }),
            StatusCode::UNPROCESSABLE_ENTITY,
            "256",
        ),
    ];
    for (body, status, word) in cases {
        let answer = world.post(&device, "/v1/transactions", body.clone()).await;
        assert_eq!(answer.status, status, "{body}");
        let problem = answer.json();
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(word), "{body}: {detail}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let id = world.open(&device).await;
    let frames = format!("/v1/transactions/{id}/frames");
    for (query, body, status) in [
        ("?camera=roof", vec![1], StatusCode::UNPROCESSABLE_ENTITY),
        ("?camera=front", vec![], StatusCode::UNPROCESSABLE_ENTITY),
        ("?camera=front&taken=1000", vec![1], StatusCode::CONFLICT),
        ("?camera=front&taken=NaN", vec![1], StatusCode::CONFLICT),
        (
            "?camera=front",
            vec![0; (8 << 20) + 2000],
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let answer = world
            .ask(
                &device,
                "POST",
                &format!("{frames}{query}"),
                "image/jpeg",
                body,
            )
            .await;
        assert_eq!(answer.status, status, "{query}");
    }
    // What is no picture is evidence that is missing.
    let answer = world
        .ask(
            &device,
            "POST",
            &format!("{frames}?camera=front"),
            "image/jpeg",
            vec![7; 100],
        )
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let view = world.settle(&id).await;
    let reasons = view["reasons"].as_array().expect("reasons");
    assert!(reasons.contains(&json!("frames-unreadable")), "{reasons:?}");
    let bare = world
        .post(
            &device,
            &format!("/v1/transactions/{id}/documents"),
            json!({ "mrz": "nonsense" }),
        )
        .await;
    assert_eq!(bare.status, StatusCode::ACCEPTED);
    let view = world.settle(&id).await;
    assert_eq!(view["documents"][0]["state"], "not-accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_has_room_for_so_many_and_a_loop_opens_and_closes() {
    let world = World::new();
    let device = world.device();
    let presence = "/v1/lanes/booth-1/presence";
    let opened = world
        .post(&device, presence, json!({ "present": true }))
        .await;
    assert_eq!(opened.status, StatusCode::CREATED);
    let again = world
        .post(&device, presence, json!({ "present": true }))
        .await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json()["id"], opened.json()["id"]);
    for _ in 0..7 {
        let more = world
            .post(&device, "/v1/transactions", json!({ "lane": "booth-1" }))
            .await;
        assert_eq!(more.status, StatusCode::CREATED);
    }
    let full = world
        .post(&device, "/v1/transactions", json!({ "lane": "booth-1" }))
        .await;
    assert_eq!(full.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(full.headers["retry-after"], "1");
    let left = world
        .post(&device, presence, json!({ "present": false }))
        .await;
    assert_eq!(left.status, StatusCode::OK);
    // The cameras look for nobody now.
    let frame = world
        .ask(
            &device,
            "POST",
            "/v1/lanes/booth-1/frames?camera=front",
            "image/jpeg",
            vec![1],
        )
        .await;
    assert_eq!(frame.json()["wanted"], false);
}

/// The receipt says that nothing is left: so it waits for whoever still looks at a frame,
/// and what is found then goes nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_waits_for_who_still_looks() {
    let world = World::new();
    let id = world.arrive("couple").await;
    world.settle(&id).await;
    let transaction = world.service.find(&id).expect("open");
    let looking = transaction.looking();
    let closing = tokio::task::spawn_blocking({
        let (service, transaction) = (world.service.clone(), transaction.clone());
        move || service.close(&transaction)
    });
    // It takes nothing more, and hasn't ended yet.
    while transaction.opted_out().is_ok() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(!closing.is_finished());
    let open = |service: &crate::Service| service.custody().checkpoint().expect("a checkpoint");
    let before = open(&world.service).to_string();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!closing.is_finished());
    assert_eq!(open(&world.service).to_string(), before, "no receipt yet");
    drop(looking);
    let settled = closing.await.expect("a thread").expect("closed");
    assert!(
        settled.receipt.contains("cause=closed"),
        "{}",
        settled.receipt
    );
}
