//! Lanes with cameras of their own: nobody brings a frame.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum::http::StatusCode;
use rowcall_camera::play::Player;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::world::{World, config, samples, vehicle};
use crate::{Role, config::Config};

mod rtsp;

/// Pictures in a second: five of them in a circle, never in step with looks at the health.
const RATE: f32 = 4.0;
const CAMERAS: [&str; 3] = ["front", "left", "right"];

fn camera(name: &str, source: &str) -> String {
    format!("[[lane.camera]]\nname = \"{name}\"\n{source}\nanswer_within = 2.0\n")
}

fn folder(name: &str) -> String {
    let frames = samples().join("vehicles/couple/frames").join(name);
    format!("folder = {:?}\nrate = {RATE}", frames.display())
}

fn all(source: impl Fn(&str) -> String) -> String {
    CAMERAS.map(|name| camera(name, &source(name))).concat()
}

fn confirmed(view: &Value) -> bool {
    view["outcome"] == "all-confirmed"
}

fn shown<'a>(view: &'a Value, name: &str) -> &'a Value {
    let all = view["cameras"].as_array().into_iter().flatten();
    let mut named = all.filter(|camera| camera["name"] == name);
    named.next().unwrap_or(&Value::Null)
}

/// A sample's frames as MJPEG cameras that nobody here has to wait for; gone with the
/// value, connections and all.
struct Server {
    runtime: Option<Runtime>,
    address: SocketAddr,
}

impl Server {
    fn start(address: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folders = CAMERAS.map(|name| {
            let frames = samples().join("vehicles/couple/frames").join(name);
            (name.to_owned(), frames)
        });
        let player = Player::new(BTreeMap::from(folders), RATE).expect("a player");
        let listener = runtime.block_on(tokio::net::TcpListener::bind(address));
        let listener = listener.expect("it listens");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(player.serve(listener));
        Self {
            runtime: Some(runtime),
            address,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn start(address: String) -> Server {
    let started = tokio::task::spawn_blocking(move || Server::start(&address));
    started.await.expect("it starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_couple_is_confirmed_by_the_lanes_own_cameras() {
    let world = World::with(&all(folder));
    let _watching = world.service.watch_cameras().expect("they are watched");
    let desk = world.service.desk("booth-1").expect("a lane").clone();
    let counters = || desk.cameras().into_iter().map(|c| c.health().counters);
    // Nobody is there: frames come, and none is handed to anybody.
    while counters().any(|c| c.received < 3) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(counters().all(|c| c.handed_out == 0 && c.unwanted > 0));
    let id = world.arrive("couple").await;
    let view = world.until(&id, "confirmed", confirmed).await;
    for name in CAMERAS {
        assert_eq!(
            shown(&view, name)["health"]["state"],
            "delivering",
            "{view:#}"
        );
        assert_eq!(shown(&view, name)["health"]["words"], "frames come");
    }
    // They are the lane's own: nobody else says what they show.
    let path = format!("/v1/transactions/{id}/frames?camera=front");
    let device = world.device();
    let brought = world
        .ask(&device, "POST", &path, "image/jpeg", vec![1])
        .await;
    assert_eq!(brought.status, StatusCode::CONFLICT, "{}", brought.json());
    let closed = world
        .post(&device, &format!("/v1/transactions/{id}/close"), json!({}))
        .await;
    assert_eq!(closed.status, StatusCode::OK);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let after: Vec<_> = counters().map(|c| c.handed_out).collect();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let later: Vec<_> = counters().map(|c| c.handed_out).collect();
    assert_eq!(after, later, "nothing is taken after the close");
    let metrics = world
        .get(&world.person(Role::Administrator), "/metrics")
        .await;
    let metrics = String::from_utf8(metrics.body).expect("text");
    for line in [
        "rowcall_camera_state{lane=\"booth-1\",camera=\"front\",state=\"delivering\"} 1",
        "rowcall_camera_reconnects_total{lane=\"booth-1\",camera=\"left\"} 0",
        "rowcall_camera_frame_fates_total{lane=\"booth-1\",camera=\"right\",fate=\"unwanted\"}",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    world.verify_log();
}

#[tokio::test(flavor = "multi_thread")]
async fn mjpeg_cameras_that_die_refer_the_vehicle_until_they_are_back() {
    let server = start("127.0.0.1:0".into()).await;
    let address = server.address;
    let world = World::with(&all(|name| format!("mjpeg = \"http://{address}/{name}\"")));
    let _watching = world.service.watch_cameras().expect("they are watched");
    let id = world.arrive("couple").await;
    world.until(&id, "confirmed", confirmed).await;
    drop(server);
    let view = world.until(&id, "referred", |view| !confirmed(view)).await;
    let reasons = view["reasons"].as_array().expect("reasons");
    assert!(reasons.contains(&json!("camera-missing")), "{view:#}");
    let dead = CAMERAS.map(|name| shown(&view, name));
    assert!(
        dead.iter()
            .any(|c| c["state"] == "missing" && c["health"]["state"] != "delivering"),
        "{view:#}"
    );
    assert!(dead.iter().all(|c| c["frames"] != 0), "{view:#}");
    let _server = start(address.to_string()).await;
    world.until(&id, "confirmed again", confirmed).await;
    let desk = world.service.desk("booth-1").expect("a lane");
    for camera in desk.cameras() {
        let health = camera.health();
        assert!(
            health.counters.reconnects > 0,
            "{}: {health:?}",
            camera.name
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_camera_stalls_no_other() {
    // It accepts, and never says anything.
    let stuck = TcpListener::bind("127.0.0.1:0").expect("it listens");
    let address = stuck.local_addr().expect("an address");
    let world = World::with(&all(|name| match name {
        "left" => format!("mjpeg = \"http://{address}/\""),
        _ => folder(name),
    }));
    let _watching = world.service.watch_cameras().expect("they are watched");
    let id = world.arrive("couple").await;
    let both = |view: &Value| {
        let seats = view["seats"].as_array().into_iter().flatten();
        let is_seen = |name| shown(view, name)["frames"].as_u64() >= Some(5);
        seats.filter(|s| s["state"] == "confirmed").count() == 2
            && is_seen("front")
            && is_seen("right")
            && shown(view, "left")["health"]["state"] == "no-frames"
    };
    let view = world.until(&id, "both seats", both).await;
    assert_eq!(view["outcome"], "refer");
    assert_eq!(view["reasons"], json!(["camera-missing"]), "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_are_brought_are_watched_too() {
    let world = World::with(&all(|_| "push = true".into()));
    let _watching = world.service.watch_cameras().expect("they are watched");
    let device = world.device();
    let frame = &vehicle("couple").frames[0];
    let picture = std::fs::read(&frame.path).expect("a frame");
    let path = format!("/v1/lanes/booth-1/frames?camera={}", frame.camera);
    let idle = world
        .ask(&device, "POST", &path, "image/jpeg", picture)
        .await;
    assert_eq!(idle.json()["wanted"], false);
    let (id, _) = world.play("couple").await;
    // One after another took so long that the first seems to have stopped.
    for frame in vehicle("couple").frames {
        let picture = std::fs::read(&frame.path).expect("a frame");
        let path = format!("/v1/lanes/booth-1/frames?camera={}", frame.camera);
        let brought = world
            .ask(&device, "POST", &path, "image/jpeg", picture)
            .await;
        assert_eq!(brought.json()["wanted"], true);
    }
    world.until(&id, "confirmed", confirmed).await;
    let desk = world.service.desk("booth-1").expect("a lane");
    for camera in desk.cameras() {
        let counters = camera.health().counters;
        assert!(counters.received >= 5, "{}: {counters:?}", camera.name);
    }
    // Nobody brings any more.
    let view = world.until(&id, "referred", |view| !confirmed(view)).await;
    assert_eq!(view["reasons"], json!(["camera-missing"]), "{view:#}");
}

#[test]
fn cameras_that_cannot_be_are_refused_by_name() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("service.toml");
    let cases = [
        (
            camera("roof", "push = true"),
            "lane[0].camera[0].name",
            "front, left",
        ),
        (
            camera("front", "push = true") + &camera("front", "push = true"),
            "lane[0].camera[1].name",
            "already",
        ),
        (
            camera("front", "rtsp = \"http://10.0.0.1/\""),
            "line",
            "rtsp",
        ),
        (camera("front", "push = true\nzoom = 2"), "line", "zoom"),
        (
            camera("front", "rtsp = \"rtsp://10.0.0.1/\"\npassword = \"hush\""),
            "line",
            "user",
        ),
    ];
    let mut wrong = Vec::new();
    for (more, key, word) in cases {
        std::fs::write(&file, config(place.path(), &more)).expect("written");
        let said = Config::read(&file).map(drop).expect_err(&more).to_string();
        let is_right = said.contains("service.toml") && said.contains(key) && said.contains(word);
        if !is_right || said.contains("hush") {
            wrong.push(format!("{more}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // A folder is looked for beside the service file.
    let more = camera("front", "folder = \"frames/front\"");
    std::fs::write(&file, config(place.path(), &more)).expect("written");
    let read = Config::read(&file).expect("it is right");
    let source = &read.lanes[0].cameras[0].source;
    let path = place.path().join("frames/front");
    assert!(
        matches!(source, rowcall_camera::Source::Folder { path: found, .. } if *found == path),
        "{source:?}"
    );
}
