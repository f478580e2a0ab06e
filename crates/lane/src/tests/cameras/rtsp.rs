//! Video over RTSP from a server that nobody here wrote, through to confirmed seats.
//! Where it isn't installed this says so and ends.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;

use super::{World, all, confirmed, samples, shown};

const PACKAGES: &str = "gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly";
const PYTHON: &str = "/usr/bin/python3";
const NEEDED: &str = "import gi
gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GstRtspServer
Gst.init(None)
for name in 'multifilesrc jpegdec videoconvert x264enc rtph264pay'.split():
    assert Gst.ElementFactory.find(name), name";

/// A server; killed when it is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// GStreamer's, if it is installed, with the couple's frames.
    fn start(port: u16) -> Option<Self> {
        let known = Command::new(PYTHON)
            .args(["-c", NEEDED])
            .stderr(Stdio::null())
            .status();
        if !known.is_ok_and(|status| status.success()) {
            rowcall_skip::skip(&format!(
                "no RTSP server is installed; apt-get install {PACKAGES}"
            ));
            return None;
        }
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/cameras");
        let mut child = Command::new(PYTHON)
            .arg(here.join("rtsp_server.py"))
            .arg(port.to_string())
            .arg(samples().join("vehicles/couple/frames"))
            .arg("4")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let output = child.stdout.take().expect("a pipe");
        let server = Self(child);
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        read.expect("it says something");
        assert_eq!(line, "ready\n");
        Some(server)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h264_over_rtsp_confirms_a_couple_before_and_after_its_server_was_killed() {
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("it listens");
        free.local_addr().expect("an address").port()
    };
    let Some(server) = Server::start(port) else {
        return;
    };
    let world = World::with(&all(|name| {
        format!("rtsp = \"rtsp://127.0.0.1:{port}/{name}\"")
    }));
    let _watching = world.service.watch_cameras().expect("they are watched");
    let id = world.arrive("couple").await;
    let view = world.until(&id, "confirmed", confirmed).await;
    assert_eq!(
        shown(&view, "front")["health"]["state"],
        "delivering",
        "{view:#}"
    );
    drop(server);
    let view = world.until(&id, "referred", |view| !confirmed(view)).await;
    let reasons = view["reasons"].as_array().expect("reasons");
    assert!(reasons.contains(&json!("camera-missing")), "{view:#}");
    let _server = Server::start(port).expect("it started before");
    world.until(&id, "confirmed again", confirmed).await;
}
