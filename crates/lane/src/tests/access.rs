//! Every access decision, walked: each route of the table for each role.

use axum::http::StatusCode;

use super::world::{Asker, World};
use crate::{
    Role,
    http::access::{TABLE, Who},
};

#[tokio::test]
async fn every_route_is_for_whom_the_table_says() {
    let world = World::new();
    let mut askers = vec![(None, Asker::Nobody), (Some(Role::Device), world.device())];
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Device) {
        askers.push((Some(role), world.person(role)));
    }
    let mut wrong = Vec::new();
    for (method, path, who) in TABLE {
        let path = path
            .replace("{lane}", "booth-1")
            .replace("{id}", "00")
            .replace("{place}", "0")
            .replace("{proposal}", "0")
            .replace("{seat}", "1-left")
            .replace("{name}", "nobody")
            .replace("{file}", "console.css")
            .replace("{layout}", "front-row")
            .replace("{camera}", "front")
            .replace("{*path}", "checkpoint");
        // They end the session, or never end.
        if path == "/logout" || path.ends_with("/events") && path.starts_with("/lanes") {
            continue;
        }
        for (role, asker) in &askers {
            let answer = world
                .ask(asker, method, &path, "application/json", b"{}".to_vec())
                .await;
            let allowed = match who {
                Who::Anyone => true,
                Who::Known => role.is_some(),
                Who::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
            };
            let is_login = answer
                .headers
                .get("location")
                .is_some_and(|l| l == "/login");
            let refused = matches!(
                answer.status,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
            ) || is_login;
            if allowed == refused {
                wrong.push(format!("{method} {path} {role:?}: {}", answer.status));
            }
            if answer.status.is_server_error() {
                wrong.push(format!("{method} {path} {role:?}: {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_is_no_route_is_refused_and_nothing_is_kept() {
    let world = World::new();
    let officer = world.person(Role::Officer);
    for (method, path) in [
        ("GET", "/nothing"),
        ("PUT", "/v1/transactions"),
        ("GET", "/v1/transactions/00/frames"),
        ("TRACE", "/"),
    ] {
        let answer = world.ask(&officer, method, path, "", Vec::new()).await;
        assert!(
            answer.status.is_client_error(),
            "{method} {path}: {}",
            answer.status
        );
        let kept = answer
            .headers
            .get("cache-control")
            .map(|h| h.to_str().map(str::to_owned));
        assert_eq!(kept.expect("stated").expect("text"), "no-store", "{path}");
        assert!(answer.headers.contains_key("content-security-policy"));
    }
}

#[tokio::test]
async fn a_session_without_its_token_changes_nothing() {
    let world = World::new();
    let Asker::Person(secret, _) = world.person(Role::Officer) else {
        unreachable!("an officer is a person");
    };
    let order = serde_json::json!({ "lane": "booth-1" });
    for forged in ["", "0123456789abcdef0123456789abcdef"] {
        let asker = Asker::Person(secret.clone(), forged.into());
        let answer = world.post(&asker, "/v1/transactions", order.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.json()["fault"], "caller");
    }
    let wrong = Asker::Device("rct-00".into());
    let answer = world.post(&wrong, "/v1/transactions", order).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_auditor_verifies_the_lanes_own_log() {
    let world = World::new();
    let auditor = world.person(Role::Auditor);
    let page = world.get(&auditor, "/auditor/verify").await;
    let text = String::from_utf8(page.body).expect("text");
    assert!(text.contains("data-log=\"/log/\""), "{text}");
    for (file, _) in rowcall_audit::browser::FILES {
        let answer = world.get(&auditor, &format!("/web/verify/{file}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
    }
    for part in text.split(['"']).filter(|part| part.starts_with("/web/")) {
        assert_eq!(
            world.get(&auditor, part).await.status,
            StatusCode::OK,
            "{part}"
        );
    }
    let checkpoint = world.get(&auditor, "/log/checkpoint").await;
    assert_eq!(checkpoint.status, StatusCode::OK);
    let entries = world.get(&auditor, "/log/tile/entries/000.p/3").await;
    assert_eq!(entries.status, StatusCode::OK);
    assert_eq!(
        world.get(&auditor, "/log/tile/entries/000").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.get(&auditor, "/log/../keys").await.status,
        StatusCode::NOT_FOUND
    );
}
