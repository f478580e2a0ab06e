//! Servers that nobody here wrote, on loopback: GStreamer's for RTSP, ffmpeg's for
//! MJPEG. Where one isn't installed its tests say so and end.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use rowcall_camera::{
    CameraConfig, ErrorKind, Health, Options, Source, State, SystemClock, Watch,
    capture::Picture,
    config::{Address, Login, Transport},
    opener,
    stream::Codec,
};
use rowcall_picture::{Image, Limits};
use tokio::time::{Instant, sleep, timeout};

const LONG: Duration = Duration::from_secs(40);
const RTSP_PACKAGES: &str = "gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly";
const PYTHON: &str = "/usr/bin/python3";
const NEEDED: &str = "import gi
gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GstRtspServer
Gst.init(None)
for name in 'videotestsrc x264enc rtph264pay x265enc rtph265pay jpegenc rtpjpegpay vp8enc'.split():
    assert Gst.ElementFactory.find(name), name";

/// A server; killed when it is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    listener.local_addr().expect("bound").port()
}

/// GStreamer's server, if it is installed.
fn rtsp_server(port: u16, login: bool) -> Option<Server> {
    let known = Command::new(PYTHON)
        .args(["-c", NEEDED])
        .stderr(Stdio::null())
        .status();
    if !known.is_ok_and(|status| status.success()) {
        rowcall_skip::skip(&format!(
            "no RTSP server is installed; apt-get install {RTSP_PACKAGES}"
        ));
        return None;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/rtsp_server.py");
    let mut child = Command::new(PYTHON)
        .args([script, &port.to_string()])
        .args(login.then_some("login"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    let output = child.stdout.take().expect("a pipe");
    BufReader::new(output)
        .read_line(&mut line)
        .expect("says something");
    assert_eq!(line, "ready\n");
    Some(Server { child, port })
}

fn signal(server: &Server, name: &str) {
    let status = Command::new("kill")
        .args([name, &server.child.id().to_string()])
        .status();
    assert!(status.expect("kill is there").success());
}

fn rtsp(port: u16, path: &str, login: Option<Login>) -> CameraConfig {
    let address = Address::parse(&format!("rtsp://127.0.0.1:{port}{path}"), &["rtsp"]);
    let address = address
        .and_then(|address| address.with(login))
        .expect("an address");
    let mut camera = CameraConfig::new("front", Source::Rtsp(address, Transport::Tcp));
    camera.answer_within = Duration::from_secs(8);
    camera
}

fn watch(camera: &CameraConfig) -> Watch {
    let opener = opener(camera).expect("opens");
    Watch::spawn(opener, Options::new(camera, 3), Arc::new(SystemClock))
}

async fn until(watch: &Watch, what: &str, is_it: impl Fn(&Health) -> bool) -> Health {
    let began = Instant::now();
    loop {
        let health = watch.health();
        if is_it(&health) {
            return health;
        }
        assert!(began.elapsed() < LONG, "{what}: {health:#?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Whether the test picture's bars are there, of so many levels: yellow, blue, cyan.
fn has_bars(image: &Image, full: u8) -> bool {
    let pixels = image.rgb().as_chunks::<3>().0;
    let share = |colour: [u8; 3]| {
        let near = |p: &&[u8; 3]| p.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 24);
        pixels.iter().filter(near).count() as f64 / pixels.len() as f64
    };
    [[full, full, 0], [0, 0, full], [0, full, full]]
        .into_iter()
        .all(|colour| share(colour) > 0.03)
}

async fn see(camera: &CameraConfig) -> (Image, Health) {
    let watch = watch(camera);
    let frames = watch.frames();
    let mut last = None;
    for _ in 0..12 {
        let capture = timeout(LONG, frames.next()).await;
        last = Some(capture.unwrap_or_else(|_| unreachable!("{:#?}", watch.health())));
    }
    let health = until(&watch, "looked at", |h| h.look.is_some()).await;
    let picture = &last.expect("twelve").picture;
    (picture.image(&Limits::FRAME).expect("whole"), health)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h264_and_jpeg_over_rtsp_are_seen() {
    let Some(server) = rtsp_server(free_port(), false) else {
        return;
    };
    for (path, codec) in [("/h264", Codec::H264), ("/jpeg", Codec::Jpeg)] {
        let (image, health) = see(&rtsp(server.port, path, None)).await;
        assert_eq!((image.width(), image.height()), (640, 360));
        assert!(has_bars(&image, 255), "{path}");
        assert_eq!(health.state, State::Delivering, "{path}: {health:#?}");
        assert_eq!(health.about.codec, Some(codec));
        assert_eq!(health.counters.damaged, 0, "{path}: {health:#?}");
        let rate = health.frames_per_second;
        assert!((4.0..25.0).contains(&rate), "{path}: {rate}");
        println!(
            "{path}: {rate:.1} frames/s, clock {:?}",
            health.clock_behind
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h265_is_decoded_where_ffmpeg_is() {
    let Some(server) = rtsp_server(free_port(), false) else {
        return;
    };
    let camera = rtsp(server.port, "/h265", None);
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        rowcall_skip::skip("in part: no ffmpeg is installed; apt-get install ffmpeg");
        let error = opener(&camera)
            .expect("opens")
            .open()
            .await
            .err()
            .expect("can't");
        assert_eq!(error.kind(), ErrorKind::NotThere);
        assert!(error.to_string().contains("ffmpeg"), "{error}");
        return;
    }
    let (image, health) = see(&camera).await;
    assert_eq!((image.width(), image.height()), (640, 360));
    assert!(has_bars(&image, 255));
    assert_eq!(health.about.codec, Some(Codec::H265));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_rtsp_server_refuses_is_told() {
    let Some(open) = rtsp_server(free_port(), false) else {
        return;
    };
    let Some(closed) = rtsp_server(free_port(), true) else {
        return;
    };
    let login = |password: &str| Some(Login::new("lane", password.to_owned().into()));
    let cases = [
        (rtsp(open.port, "/vp8", None), ErrorKind::Unsupported, "vp8"),
        (rtsp(open.port, "/nothing", None), ErrorKind::Refused, "404"),
        (
            rtsp(closed.port, "/h264", None),
            ErrorKind::Refused,
            "none are configured",
        ),
        (
            rtsp(closed.port, "/h264", login("s3cr")),
            ErrorKind::Refused,
            "401",
        ),
        (
            rtsp(free_port(), "/h264", None),
            ErrorKind::Unreachable,
            "nobody answers",
        ),
    ];
    let mut failures = Vec::new();
    for (camera, kind, part) in cases {
        let opener = opener(&camera).expect("opens");
        match timeout(LONG, opener.open()).await.expect("in time").err() {
            Some(e) if e.kind() == kind && e.to_string().contains(part) => {
                assert!(!format!("{e:?}").contains("s3cr"));
            }
            other => failures.push(format!("{part}: {other:?}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let (image, _) = see(&rtsp(closed.port, "/h264", login("s3cret"))).await;
    assert!(has_bars(&image, 255));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_and_a_killed_rtsp_server_are_found_again() {
    let port = free_port();
    let Some(server) = rtsp_server(port, false) else {
        return;
    };
    let mut camera = rtsp(port, "/h264", None);
    camera.answer_within = Duration::from_secs(3);
    let watch = watch(&camera);
    let delivers = |h: &Health| h.state == State::Delivering;
    until(&watch, "delivers", delivers).await;

    signal(&server, "-STOP");
    let health = until(&watch, "silent", |h| h.state == State::NoFrames).await;
    assert_eq!(health.trouble.expect("told").kind, ErrorKind::Silent);
    signal(&server, "-CONT");
    until(&watch, "delivers again", delivers).await;

    drop(server);
    let gone = |h: &Health| {
        h.trouble
            .as_ref()
            .is_some_and(|t| t.kind != ErrorKind::Silent)
    };
    let health = until(&watch, "gone", gone).await;
    let kind = health.trouble.expect("told").kind;
    assert!(
        matches!(kind, ErrorKind::Ended | ErrorKind::Unreachable),
        "{kind:?}"
    );
    let _again = rtsp_server(port, false).expect("was there before");
    let health = until(&watch, "delivers once more", delivers).await;
    assert!(health.counters.reconnects >= 2, "{health:#?}");
}

/// A file that a live source of ffmpeg's makes, over HTTP to one viewer.
fn mjpeg_server(port: u16) -> Option<Server> {
    let child = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "quiet", "-re", "-f", "lavfi"])
        .args([
            "-i",
            "smptebars=size=640x360:rate=10",
            "-c:v",
            "mjpeg",
            "-q:v",
            "3",
        ])
        .args([
            "-f",
            "mpjpeg",
            "-listen",
            "1",
            &format!("http://127.0.0.1:{port}/"),
        ])
        .spawn();
    match child {
        Ok(child) => Some(Server { child, port }),
        Err(_) => {
            rowcall_skip::skip("no ffmpeg is installed; apt-get install ffmpeg");
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mjpeg_of_ffmpeg_is_seen_and_found_again() {
    let port = free_port();
    let Some(server) = mjpeg_server(port) else {
        return;
    };
    let address = Address::parse(&format!("http://127.0.0.1:{port}/"), &["http"]).expect("one");
    let camera = CameraConfig::new("front", Source::Mjpeg(address));
    let watch = watch(&camera);
    let frames = watch.frames();
    let capture = timeout(LONG, frames.next()).await.expect("in time");
    let Picture::Encoded(_) = capture.picture else {
        unreachable!("a JPEG")
    };
    assert!(has_bars(
        &capture.picture.image(&Limits::FRAME).expect("whole"),
        191
    ));
    // One viewer is all that it takes; then it ends.
    drop(server);
    until(&watch, "gone", |h| h.trouble.is_some()).await;
    let _again = mjpeg_server(port).expect("was there before");
    let health = until(&watch, "delivers again", |h| h.counters.reconnects > 0).await;
    assert!(health.counters.received > 0, "{health:#?}");
    timeout(LONG, frames.next()).await.expect("in time");
}
