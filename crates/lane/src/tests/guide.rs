//! docs/lane-api.md against the description.

use std::{fs, path::Path};

use serde_json::Value;

use crate::http::{openapi::description, problem::kinds};

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lane-api.md");
    fs::read_to_string(path).expect("docs/lane-api.md")
}

/// Whether a concrete path is of a template: `$ID` and the like stand for anything.
fn is_of(path: &str, template: &str) -> bool {
    let (path, template): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), template.split('/').collect());
    path.len() == template.len()
        && path
            .iter()
            .zip(&template)
            .all(|(own, part)| own == part || part.starts_with('{'))
}

#[test]
fn every_call_of_the_guide_is_one_of_the_description() {
    let document = serde_json::to_value(description()).expect("JSON");
    let guide = guide().replace("\\\n", " ");
    let (mut wrong, mut calls) = (Vec::new(), 0);
    for call in guide.lines().filter(|line| line.starts_with("curl ")) {
        calls += 1;
        let method = call
            .split("-X ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let method = method.unwrap_or("GET").to_lowercase();
        let url = call
            .split("\"$LANE")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let url = url.expect("an address");
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let paths = document["paths"].as_object().expect("paths");
        let found = paths.iter().filter(|(template, _)| is_of(path, template));
        let operation = found
            .map(|(_, item)| &item[&method])
            .find(|o| o.is_object());
        let Some(operation) = operation else {
            wrong.push(format!("{method} {path}: there is none"));
            continue;
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split('=').next().expect("a name");
            let all = operation["parameters"].as_array().expect("parameters");
            if !all.iter().any(|p| p["in"] == "query" && p["name"] == name) {
                wrong.push(format!("{method} {path}: no parameter {name}"));
            }
        }
        for name in ["Idempotency-Key", "Last-Event-ID"] {
            let all = operation["parameters"].as_array();
            let is_there = all.is_some_and(|all| all.iter().any(|p| p["name"] == name));
            if call.contains(&format!("'{name}:")) && !is_there {
                wrong.push(format!("{method} {path}: no header {name}"));
            }
        }
        let Some(body) = call
            .split("-d '")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
        else {
            continue;
        };
        let body: Value = serde_json::from_str(body).expect("JSON");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().expect("a named schema");
        let schema = document.pointer(&name[1..]).expect("a schema");
        for field in body.as_object().expect("fields").keys() {
            if schema["properties"][field].is_null() {
                wrong.push(format!("{method} {path}: no field {field}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(calls > 10, "{calls}");
}

#[test]
fn every_problem_stands_in_the_guide_under_its_status() {
    let guide = guide();
    let mut wrong = Vec::new();
    for (kind, status, fault) in kinds() {
        let row = format!("| `/problems#{kind}` | {status} | {fault} |");
        if !guide.contains(&row) {
            wrong.push(row);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_field_that_the_guide_names_is_one() {
    let document = serde_json::to_value(description())
        .expect("JSON")
        .to_string();
    let mut wrong = Vec::new();
    // Fields are the words in backticks of the life's text that look like one.
    let guide = guide();
    let life = guide.split("## The life").nth(1).expect("a life");
    let life = life.split("\n## ").next().expect("its text");
    for (i, word) in life.replace("```", "").split('`').enumerate() {
        let is_name = |c: char| c.is_ascii_lowercase() || "_[].".contains(c);
        if i % 2 == 0 || word.is_empty() || !word.chars().all(is_name) {
            continue;
        }
        for part in word.split('.') {
            let part = part.trim_end_matches("[]");
            if !document.contains(&format!("\"{part}\"")) {
                wrong.push(part.to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
