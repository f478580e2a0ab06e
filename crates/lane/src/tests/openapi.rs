//! The API's description against the API.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::world::{Asker, World, vehicle};
use crate::{
    Role,
    http::{access::TABLE, openapi::description},
};

fn document() -> Value {
    serde_json::to_value(description()).expect("JSON")
}

/// Every operation: its method, its path and what is said of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("an item") {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

/// docs/openapi.json is what is served; with `ROWCALL_WRITE_SCHEMA=1` the test writes it
/// instead.
#[tokio::test]
async fn the_published_description_is_the_served_one() {
    let world = World::new();
    let answer = world.get(&Asker::Nobody, "/v1/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    let served = serde_json::to_string_pretty(&answer.json()).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("ROWCALL_WRITE_SCHEMA").is_some() {
        fs::write(&path, &served).expect("it is written");
    }
    let published = fs::read_to_string(&path).expect("docs/openapi.json");
    assert!(
        published == served,
        "run ROWCALL_WRITE_SCHEMA=1 cargo test -p rowcall-lane published, and look at the change"
    );
    assert_eq!(answer.json()["openapi"], "3.1.0");
}

#[test]
fn the_described_operations_are_the_tables() {
    let described: BTreeSet<(String, String)> = operations(&document())
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let rows = TABLE.iter().filter(|(_, path, _)| path.starts_with("/v1"));
    let routed = rows.map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(described, routed.collect());
}

#[test]
fn every_body_has_an_example_and_every_reference_a_target() {
    let document = document();
    let mut wrong = Vec::new();
    for (method, path, operation) in operations(&document) {
        let contents = operation["requestBody"]["content"].as_object();
        for (kind, content) in contents.into_iter().flatten() {
            if kind != "image/jpeg" && content["example"].is_null() {
                wrong.push(format!("{method} {path}: no example of {kind}"));
            }
        }
        let names = path.matches('{').count();
        let given = operation["parameters"].as_array();
        let given = given.map_or(0, |all| all.iter().filter(|p| p["in"] == "path").count());
        if names != given {
            wrong.push(format!("{method} {path}: {given} parameters"));
        }
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a pointer");
        if document.pointer(pointer).is_none() {
            wrong.push(format!("{pointer} leads nowhere"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every example is sent, in the order of a transaction's life, by the first role that
/// may.
#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_taken() {
    let world = World::new();
    let (id, _) = world.play("couple").await;
    let askers = [
        (Role::Device, world.device()),
        (Role::Officer, world.person(Role::Officer)),
        (Role::Administrator, world.person(Role::Administrator)),
    ];
    // A hold comes before its seat is captured anew, and what is opted out is gone.
    let last = ["/recaptures", "/opt-outs", "/presence"];
    let mut all = operations(&document());
    all.retain(|(_, _, operation)| operation["requestBody"].is_object());
    all.sort_by_key(|(_, path, _)| {
        last.iter()
            .position(|end| path.ends_with(end))
            .map_or(0, |i| i + 1)
    });
    let mut wrong = Vec::new();
    let mut sent = 0;
    for (method, path, operation) in all {
        let rows = TABLE.iter();
        let who = rows
            .filter(|(m, p, _)| *m == method && *p == path)
            .map(|(_, _, who)| format!("{who:?}"))
            .collect::<String>();
        let may = |role: &Role| who.contains(&format!("{role:?}"));
        let (_, asker) = askers.iter().find(|(role, _)| may(role)).expect("somebody");
        let at = path
            .replace("{id}", &id)
            .replace("{lane}", "booth-1")
            .replace("{place}", "1")
            .replace("{layout}", "front-row")
            .replace("{camera}", "front");
        let contents = operation["requestBody"]["content"].as_object();
        for (kind, content) in contents.expect("contents") {
            let example = &content["example"];
            let answer = match kind.as_str() {
                "application/json" => world.post(asker, &at, example.clone()).await,
                "image/jpeg" => {
                    let frames = vehicle("couple").frames;
                    let picture = fs::read(&frames[0].path).expect("a frame");
                    let at = format!("{at}?camera={}", frames[0].camera);
                    world.ask(asker, &method, &at, kind, picture).await
                }
                "multipart/form-data" => {
                    let body = form(example);
                    let kind = "multipart/form-data; boundary=edge";
                    world.ask(asker, &method, &at, kind, body).await
                }
                other => panic!("{other}"),
            };
            sent += 1;
            // All are confirmed: there is nothing to judge. A vehicle is there: nobody sets
            // cameras up, and no zones are written. Stations aren't apart: nobody is under
            // way; tests::apart sends that one.
            let ends = ["/judgements", "/zones", "/arrivals"];
            let needs_more = ends.iter().any(|end| path.ends_with(end));
            let is_late = needs_more && answer.status == StatusCode::CONFLICT;
            if !answer.status.is_success() && !is_late {
                wrong.push(format!("{at} {example}: {}", answer.json()));
            }
            let described = &operation["responses"][answer.status.as_str()];
            if described.is_null() {
                wrong.push(format!("{at}: {} isn't described", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(sent, 19);
}

fn form(example: &Value) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in example.as_object().expect("fields") {
        let value = value.as_str().expect("text");
        body += &format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    (body + "--edge--\r\n").into_bytes()
}

#[tokio::test]
async fn what_the_framework_turns_away_is_a_problem_too() {
    let world = World::new();
    let officer = world.person(Role::Officer);
    let device = world.device();
    let mut wrong = Vec::new();
    for (who, method, path, body, status) in [
        (
            &officer,
            "POST",
            "/v1/transactions/00/documents/first/set-aside",
            2,
            422,
        ),
        (
            &officer,
            "GET",
            "/v1/transactions/00/documents/-1/portrait",
            0,
            422,
        ),
        (
            &officer,
            "POST",
            "/v1/transactions/00/holds/x/consent",
            0,
            422,
        ),
        (&officer, "GET", "/v1/transactions/%ff", 0, 422),
        (&device, "POST", "/v1/lanes/booth-1/frames", 9, 422),
        (
            &device,
            "POST",
            "/v1/lanes/booth-1/frames?camera=front&taken=x",
            9,
            422,
        ),
        (
            &device,
            "POST",
            "/v1/lanes/booth-1/frames?camera=front",
            9 << 20,
            413,
        ),
        (&device, "POST", "/v1/transactions", 1 << 17, 413),
        (&device, "PUT", "/v1/transactions", 0, 405),
        (&device, "GET", "/v1/transactions/00/frames", 0, 405),
        (&device, "GET", "/v1/nothing", 0, 404),
        (&Asker::Nobody, "GET", "/v1/lanes", 0, 401),
    ] {
        let answer = world
            .ask(who, method, path, "application/json", vec![b' '; body])
            .await;
        let problem = answer.json();
        let is_problem = answer
            .headers
            .get("content-type")
            .is_some_and(|k| k == "application/problem+json")
            && problem["status"] == status
            && problem["detail"].as_str().is_some_and(|d| !d.is_empty())
            && problem["type"]
                .as_str()
                .is_some_and(|k| k.starts_with("/problems#"));
        if answer.status.as_u16() != status || !is_problem {
            wrong.push(format!("{method} {path}: {} {problem}", answer.status));
        }
        if status == 405 && !answer.headers.contains_key("allow") {
            wrong.push(format!("{method} {path}: nothing says what it takes"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_list_of_values_is_no_order() {
    let world = World::new();
    let device = world.device();
    for body in [json!(["booth-1", null]), json!([])] {
        let answer = world.post(&device, "/v1/transactions", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_device_may_ask_until_its_token_is_taken_back() {
    let world = World::new();
    let administrator = world.person(Role::Administrator);
    let made = world
        .post(
            &administrator,
            "/v1/tokens",
            json!({ "label": "reader", "days": 1 }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    let device = Asker::Device(made["token"].as_str().expect("a token").to_owned());
    assert_eq!(world.get(&device, "/v1/lanes").await.status, StatusCode::OK);
    let at = format!("/v1/tokens/{}", made["id"].as_str().expect("an id"));
    let gone = world
        .ask(&administrator, "DELETE", &at, "", Vec::new())
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        world.get(&device, "/v1/lanes").await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// A lane that listens for tests/schemathesis.sh: who may ask stands in the file that
/// `ROWCALL_STANDS` names, and it ends as that file goes.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it stands until tests/schemathesis.sh has asked everything"]
async fn a_lane_stands() {
    let file = std::env::var_os("ROWCALL_STANDS").expect("ROWCALL_STANDS names a file");
    let file = std::path::PathBuf::from(file);
    // Whoever asks here asks as fast as the machine goes.
    let world = World::with("[service.limits]\nrequests = 100000\nstrangers = 100000\n");
    let mut lines = String::new();
    let mut say = |name: &str, value: &str| lines += &format!("{name}='{value}'\n");
    for role in [Role::Officer, Role::Administrator] {
        let Asker::Person(secret, csrf) = world.person(role) else {
            unreachable!("a role of a person");
        };
        say(role.code(), &secret);
        say(&format!("{}_csrf", role.code()), &csrf);
    }
    let Asker::Device(token) = world.device() else {
        unreachable!("a device");
    };
    say("token", &token);
    let order = json!({ "lane": "booth-1", "occupants": 2 });
    let opened = world.post(&world.device(), "/v1/transactions", order).await;
    say("id", opened.json()["id"].as_str().expect("an id"));
    let service = world.service.clone();
    let stop = {
        let file = file.clone();
        async move {
            // It isn't there before it listens.
            while !file.exists() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            while file.exists() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    };
    let ready = move |address| {
        lines += &format!("at='http://{address}'\n");
        fs::write(&file, lines).expect("it is written");
    };
    service.serve(ready, stop).await.expect("it serves");
}
