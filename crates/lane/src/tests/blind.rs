//! What an officer is told, and when: the machine's leaning after their own look.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::world::{World, seat, vehicle};
use crate::Role;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_document_is_judged_blind_first() {
    let world = World::new();
    let (id, view) = world.play("extra-person").await;
    assert_eq!(view["outcome"], "refer");
    let extra = seat(&view, "2-left");
    // All documents found their holders: there is nothing to compare with.
    assert_eq!(extra["state"], "no-matching-document", "{extra:#}");
    assert_eq!(extra["blind"], false);
    let officer = world.person(Role::Officer);
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    // One document is taken out: its holder is left over, and so is the document no
    // more. Put back, it confirms again.
    let aside = at("/documents/2/set-aside");
    let view = world
        .post(&officer, &aside, json!({ "aside": true }))
        .await
        .json();
    assert_eq!(view["documents"][2]["state"], "set-aside");
    let view = world
        .post(&officer, &aside, json!({ "aside": false }))
        .await
        .json();
    assert_eq!(view["documents"][2]["state"], "holder-confirmed");
    let refused = world
        .post(
            &officer,
            &at("/judgements"),
            json!({ "seat": "2-left", "document": 0, "judgement": "same" }),
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let decision = json!({ "subject": "seat-2-left", "reason": "sent-to-secondary" });
    let view = world
        .post(&officer, &at("/adjudications"), decision.clone())
        .await
        .json();
    assert_eq!(seat(&view, "2-left")["adjudication"]["corrects"], 0);
    let view = world
        .post(&officer, &at("/adjudications"), decision)
        .await
        .json();
    assert_eq!(seat(&view, "2-left")["adjudication"]["corrects"], 1);
    world.post(&officer, &at("/close"), json!({})).await;
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_hides_what_the_machine_thinks_until_the_officer_has_looked() {
    let world = World::new();
    let folder = vehicle("couple");
    let (device, officer) = (world.device(), world.person(Role::Officer));
    let order = json!({ "lane": "booth-1", "layout": folder.lane.name, "occupants": 2 });
    let opened = world.post(&device, "/v1/transactions", order).await.json();
    let id = opened["id"].as_str().expect("an id");
    let at = |rest: &str| format!("/v1/transactions/{id}{rest}");
    // One of the couple's documents, and that of somebody who isn't there.
    let stranger = vehicle("extra-person");
    world.present(&device, id, &folder.documents[0]).await;
    world.present(&device, id, &stranger.documents[1]).await;
    world.film(&device, id, &folder, None).await;
    let view = world.settle(id).await;
    let blind: Vec<&Value> = view["seats"]
        .as_array()
        .expect("seats")
        .iter()
        .filter(|s| s["blind"] == true)
        .collect();
    assert_eq!(blind.len(), 1, "{view:#}");
    let seat_name = blind[0]["seat"].as_str().expect("a seat");
    assert_eq!(blind[0]["state"], "look");
    for hidden in [
        "score",
        "false_match_rate",
        "ambiguity",
        "stage",
        "advice",
        "judgement",
    ] {
        assert_eq!(blind[0][hidden], Value::Null, "{hidden}");
    }
    let place = blind[0]["document"].as_u64().expect("a document") as usize;
    for hidden in ["advice", "seat"] {
        assert_eq!(view["documents"][place][hidden], Value::Null, "{hidden}");
    }
    // Nothing is decided before the pictures were looked at.
    let decision = json!({ "subject": format!("seat-{seat_name}"), "reason": "confirmed-by-eye" });
    let early = world
        .post(&officer, &at("/adjudications"), decision.clone())
        .await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let said =
        json!({ "seat": seat_name, "document": blind[0]["document"], "judgement": "different" });
    let judged = world.post(&officer, &at("/judgements"), said.clone()).await;
    assert_eq!(judged.status, StatusCode::OK, "{}", judged.json());
    let shown = judged.json();
    assert_eq!(seat(&shown, seat_name)["state"], "no-matching-document");
    assert!(seat(&shown, seat_name)["score"].is_number());
    // A second officer comes too late.
    let late = world.post(&officer, &at("/judgements"), said).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let decided = world.post(&officer, &at("/adjudications"), decision).await;
    assert_eq!(decided.status, StatusCode::OK);
    world.post(&device, &at("/close"), json!({})).await;
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_that_a_document_still_to_come_may_answer() {
    let world = World::new();
    let folder = vehicle("couple");
    let (device, officer) = (world.device(), world.person(Role::Officer));
    let order =
        json!({ "lane": "booth-1", "layout": folder.lane.name, "occupants": 2, "documents": 3 });
    let opened = world.post(&device, "/v1/transactions", order).await.json();
    let id = opened["id"].as_str().expect("an id");
    let stranger = vehicle("extra-person");
    world.present(&device, id, &folder.documents[0]).await;
    world.present(&device, id, &stranger.documents[1]).await;
    world.film(&device, id, &folder, None).await;
    let view = world.settle(id).await;
    let of = |view: &Value, state: &str| -> Vec<Value> {
        let seats = view["seats"].as_array().expect("seats").iter();
        let of_state = seats.filter(|s| s["state"] == state);
        of_state.cloned().collect()
    };
    let comparing = of(&view, "comparing");
    assert_eq!((comparing.len(), of(&view, "confirmed").len()), (1, 1));
    assert_eq!(comparing[0]["blind"], false, "{view:#}");
    for hidden in ["score", "document", "advice", "stage"] {
        assert_eq!(comparing[0][hidden], Value::Null, "{hidden}");
    }
    // An officer who doesn't want to wait may decide, but isn't asked.
    let said = json!({ "seat": comparing[0]["seat"], "document": 1, "judgement": "different" });
    let early = world
        .post(&officer, &format!("/v1/transactions/{id}/judgements"), said)
        .await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    // The document comes, and nobody was ever asked.
    world.present(&device, id, &folder.documents[1]).await;
    let view = world.settle(id).await;
    assert_eq!(of(&view, "confirmed").len(), 2, "{view:#}");
    assert_eq!(of(&view, "comparing").len(), 0);
    let close = format!("/v1/transactions/{id}/close");
    world.post(&device, &close, json!({})).await;
    world.verify_log();
}
