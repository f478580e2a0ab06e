//! Callers that lost an answer, or a stream: they ask again.

use std::time::Duration;

use axum::{body::Body, http::StatusCode};
use serde_json::{Value, json};
use tokio_stream::StreamExt as _;

use super::world::{Asker, World};

async fn again(
    world: &World,
    who: &Asker,
    path: &str,
    key: &str,
    body: Value,
) -> (StatusCode, Value) {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let body = body.to_string().into_bytes();
    let answer = world.begin(who, "POST", path, &headers, body).await;
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_with_a_key_is_carried_out_once_as_long_as_its_transaction_lives() {
    let world = World::new();
    let device = world.device();
    let order = json!({ "lane": "booth-1" });
    let (status, first) = again(&world, &device, "/v1/transactions", "a", order.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    let second = again(&world, &device, "/v1/transactions", "a", order.clone()).await;
    assert_eq!(second, (status, first.clone()));
    let id = first["id"].as_str().expect("an id");
    let documents = format!("/v1/transactions/{id}/documents");
    // One that is refused isn't remembered: mended, it goes under the same key.
    let (refused, _) = again(&world, &device, &documents, "d", json!({ "MRZ": "" })).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    let mrz = json!({ "mrz": "P<UTO" });
    for _ in 0..3 {
        let answer = again(&world, &device, &documents, "d", mrz.clone()).await;
        assert_eq!(answer, (StatusCode::ACCEPTED, json!({ "place": 0 })));
    }
    // Another order under a used key is neither carried out nor answered as the first.
    let changed = again(&world, &device, &documents, "d", json!({ "mrz": "I<UTO" })).await;
    assert_eq!(changed.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", changed.1);
    let elsewhere = json!({ "lane": "booth-2" });
    let changed = again(&world, &device, "/v1/transactions", "a", elsewhere).await;
    assert_eq!(changed.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", changed.1);
    let other = again(&world, &device, &documents, "e", mrz.clone()).await;
    assert_eq!(other.1, json!({ "place": 1 }));
    // Somebody else's key is another.
    let officer = world.person(crate::Role::Officer);
    let other = again(&world, &officer, &documents, "d", mrz.clone()).await;
    assert_eq!(other.1, json!({ "place": 2 }));
    // A transaction's key is another's where the transaction is another.
    let (_, next) = again(&world, &device, "/v1/transactions", "b", order.clone()).await;
    let next = next["id"].as_str().expect("an id");
    let next = format!("/v1/transactions/{next}/documents");
    let other = again(&world, &device, &next, "d", mrz.clone()).await;
    assert_eq!(other.1, json!({ "place": 0 }));
    // What was answered dies with the transaction.
    let closed = world
        .post(&device, &format!("/v1/transactions/{id}/close"), json!({}))
        .await;
    assert_eq!(closed.status, StatusCode::OK);
    let (gone, _) = again(&world, &device, &documents, "d", mrz).await;
    assert_eq!(gone, StatusCode::NOT_FOUND);
    let (status, third) = again(&world, &device, "/v1/transactions", "a", order.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_ne!(third["id"], first["id"]);
    for key in ["", &"x".repeat(129)] {
        let (status, _) = again(&world, &device, "/v1/transactions", key, order.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

/// The next event, or nothing within a moment.
async fn event(body: &mut axum::body::BodyDataStream) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_millis(500), body.next()).await;
    let bytes = next.ok()??.expect("bytes");
    Some(String::from_utf8(bytes.to_vec()).expect("text"))
}

fn version(event: &str) -> u64 {
    let id = event.lines().find_map(|line| line.strip_prefix("id: "));
    id.expect("an id").parse().expect("a version")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_where_its_caller_was() {
    let world = World::new();
    let device = world.device();
    let id = world.open(&device).await;
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    let streams = async |seen: &[(&str, &str)]| {
        let answer = world
            .begin(&device, "GET", &at("/events"), seen, Vec::new())
            .await;
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Body::into_data_stream(answer.into_body())
    };
    let mut first = streams(&[]).await;
    let shown = event(&mut first).await.expect("how it stands");
    assert!(shown.contains("event: changed"), "{shown}");
    let seen = version(&shown);
    world
        .post(&device, &at("/declaration"), json!({ "occupants": 3 }))
        .await;
    let shown = event(&mut first).await.expect("the change");
    let newest = version(&shown);
    assert!(newest > seen);
    let data = shown.lines().find_map(|line| line.strip_prefix("data: "));
    let data: Value = serde_json::from_str(data.expect("data")).expect("JSON");
    assert_eq!(data["occupants"]["declared"], 3);
    // Whoever has an older one gets the newest, whoever has that waits for the next.
    let mut behind = streams(&[("last-event-id", &seen.to_string())]).await;
    assert_eq!(
        version(&event(&mut behind).await.expect("the change")),
        newest
    );
    let mut level = streams(&[("last-event-id", &newest.to_string())]).await;
    assert_eq!(event(&mut level).await, None);
    world
        .post(&device, &at("/declaration"), json!({ "occupants": 4 }))
        .await;
    assert!(version(&event(&mut level).await.expect("the change")) > newest);
    // What can't be a version is none.
    let mut odd = streams(&[("last-event-id", "first")]).await;
    assert!(event(&mut odd).await.is_some());
    // The last event says that nothing is left, and holds nothing.
    world.post(&device, &at("/close"), json!({})).await;
    let mut last = None;
    while let Some(more) = event(&mut first).await {
        last = Some(more);
    }
    let last = last.expect("the end");
    assert!(last.contains("event: gone"), "{last}");
    assert!(!last.contains("\"declared\":4"), "{last}");
    let gone = world.get(&device, &at("/events")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
