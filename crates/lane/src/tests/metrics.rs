//! What is counted, and the dashboard that shows it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::World;

/// Every metric that a text of the dashboard names.
fn named(text: &str) -> BTreeSet<String> {
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_of_a_name(c));
    words
        .filter(|word| word.starts_with("rowcall_"))
        .map(str::to_owned)
        .collect()
}

/// Every metric that is served, whether anything was counted of it yet: as it is asked for.
fn declared(text: &str) -> BTreeSet<String> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types
        .filter_map(|of| match of.split_once(' ')? {
            (name, "counter") => Some(format!("{name}_total")),
            (name, _) => Some(name.to_owned()),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_of_the_dashboard_is_there() {
    let world = World::with("[[lane.camera]]\nname = \"front\"\npush = true\n");
    let watching = world.service.watch_cameras().expect("watched");
    let device = world.device();
    let at = format!("/v1/transactions/{}", world.open(&device).await);
    let out = json!({ "seat": "1-right" });
    world.post(&device, &format!("{at}/opt-outs"), out).await;
    world.post(&device, &format!("{at}/close"), json!({})).await;
    world.service.tick();
    let served = world.get(&device, "/metrics").await;
    let served = String::from_utf8(served.body).expect("text");
    let there = declared(&served);
    // What has happened here is counted under the names that are declared.
    for name in ["transactions_open", "vehicles_total", "seats_total"] {
        let sample = format!("\nrowcall_{name}{{");
        assert!(served.contains(&sample), "{name}: {served}");
        assert!(there.contains(&format!("rowcall_{name}")), "{name}");
    }
    let dashboard = include_str!("../../../../packaging/grafana.json");
    let dashboard: Value = serde_json::from_str(dashboard).expect("JSON");
    let mut asked = BTreeSet::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        for target in panel["targets"].as_array().expect("targets") {
            asked.extend(named(target["expr"].as_str().expect("an expression")));
        }
    }
    for variable in dashboard["templating"]["list"]
        .as_array()
        .expect("variables")
    {
        asked.extend(named(variable["query"].as_str().unwrap_or("")));
    }
    let unknown: Vec<_> = asked.difference(&there).collect();
    assert!(unknown.is_empty(), "{unknown:?} of {there:?}");
    // And what is counted is shown.
    let hidden: Vec<_> = there.difference(&asked).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
    drop(watching);
}
