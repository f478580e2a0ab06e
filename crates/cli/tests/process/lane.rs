//! `rowcall serve` on a folder of its own, and the vehicle that comes to it.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rowcall_audit::verify::{Options, Report, verify};
use serde_json::{Value, json};

use crate::client::{Answer, JSON, Session, ask, document};

const PASSWORD: &str = "seven green boats";
/// What the administrator and the officer log in as.
const PEOPLE: [&str; 2] = ["a.holm", "b.quist"];

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// The vehicle's folder.
pub(crate) fn vehicle() -> PathBuf {
    samples().join("vehicles/couple")
}

/// Makes the folder of a lane: keys, and a service file with times as short as they may
/// be where searching takes its time too.
pub(crate) fn make(folder: &Path) {
    let made = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(["keys", "make"])
        .arg(folder.join("keys"))
        .args(["--log", "lane.example.org/rowcall"])
        .stdout(Stdio::null())
        .status();
    assert!(made.is_ok_and(|status| status.success()), "keys are made");
    std::fs::create_dir(folder.join("tmp")).expect("a folder");
    let layout = samples().join("lanes/front-row.toml");
    let text = format!(
        r#"format = 1

[notice]
operator = "Test: nobody's lane, synthetic people"
purpose = "To search a lane for what it must not keep"
legal_basis = "None: nobody real passes here"
contact = "none"
languages = ["en"]

[retention]
transaction_minutes = 2
hold_minutes = 1
order_minutes = 1
holds_per_day = 60000
two_officers = false
outcomes_days = 30

[service]
listen = "127.0.0.1:0"
state = "state"
keys = "keys"
log = "lane.example.org/rowcall"

[[lane]]
name = "booth"
direction = "entry"
files = [{layout:?}]
"#
    );
    std::fs::write(folder.join("service.toml"), text).expect("written");
}

/// A lane that serves; it is killed with this.
pub(crate) struct Lane {
    pub(crate) child: Child,
    pub(crate) address: String,
    folder: PathBuf,
    /// What a device and the officer send along.
    device: String,
    officer: Option<String>,
}

impl Lane {
    /// Starts it for the first time: with a device's token and an officer.
    pub(crate) fn first(folder: &Path) -> Self {
        let mut lane = Self::spawn(folder, &["--administrator", PEOPLE[0]]);
        let once = std::mem::take(&mut lane.device);
        let administrator = Session::first(&lane.address, PEOPLE[0], &once, PASSWORD);
        let administrator = administrator.expect("an administrator").0;
        let body = json!({"label": "cameras", "days": 1});
        let token = lane.json("POST /v1/tokens", &administrator, &body);
        let token = token.expect("an answer").json();
        let token = token["token"].as_str().expect("a token");
        let once = "nine slow trams";
        let body = json!({"name": PEOPLE[1], "role": "officer", "password": once});
        let added = lane.json("POST /v1/users", &administrator, &body);
        assert_eq!(added.expect("an answer").status, 201);
        let once = once.replace(' ', "+");
        let officer = Session::first(&lane.address, PEOPLE[1], &once, PASSWORD);
        lane.officer = officer.map(|session| session.0);
        lane.device = format!("Authorization: Bearer {token}\r\n");
        lane
    }

    /// Starts it again with the token that it gave.
    pub(crate) fn again(folder: &Path, device: &str) -> Self {
        let mut lane = Self::spawn(folder, &[]);
        lane.device = device.to_owned();
        lane
    }

    /// Its standard error is a file in its folder, and so are its temporary files: they
    /// are searched too.
    fn spawn(folder: &Path, more: &[&str]) -> Self {
        let errors = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("stderr.txt"))
            .expect("a file");
        let mut child = Command::new(env!("CARGO_BIN_EXE_rowcall"))
            .args(["serve", "--config"])
            .arg(folder.join("service.toml"))
            .args(more)
            .env("TMPDIR", folder.join("tmp"))
            .current_dir(folder.join("tmp"))
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("it starts");
        let (mut once, mut address) = (String::new(), None);
        for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
            let line = line.expect("a line");
            if let Some((_, password)) = line.split_once("one-time password ") {
                once = password.to_owned();
            }
            if let Some((_, at)) = line.split_once("http://") {
                address = Some(at.trim().to_owned());
                break;
            }
        }
        Self {
            child,
            address: address.expect("it says where it serves"),
            folder: folder.to_owned(),
            device: once,
            officer: None,
        }
    }

    pub(crate) fn device(&self) -> &str {
        &self.device
    }

    pub(crate) fn log_in(&mut self) -> Option<()> {
        self.officer = Some(Session::begin(&self.address, PEOPLE[1], PASSWORD)?.0);
        Some(())
    }

    fn json(&self, head: &str, who: &str, body: &Value) -> Option<Answer> {
        let headers = format!("{who}{JSON}");
        ask(&self.address, head, &headers, body.to_string().as_bytes())
    }

    /// As a device.
    pub(crate) fn ask(&self, head: &str, body: &Value) -> Option<Answer> {
        self.json(head, &self.device, body)
    }

    pub(crate) fn get(&self, path: &str) -> Option<Answer> {
        ask(&self.address, &format!("GET {path}"), &self.device, b"")
    }

    /// Opens a transaction; its id.
    pub(crate) fn open(&self) -> Option<String> {
        let body =
            json!({"lane": "booth", "reference": "pnr-5510", "occupants": 2, "documents": 2});
        let opened = self.ask("POST /v1/transactions", &body)?;
        assert_eq!(opened.status, 201, "{}", opened.body);
        opened.json()["id"].as_str().map(str::to_owned)
    }

    /// Hands in the vehicle's documents.
    pub(crate) fn present(&self, id: &str) -> Option<()> {
        for name in ["01", "02"] {
            let (kind, body) = document(&vehicle().join("documents").join(name));
            let headers = format!("{}{kind}", self.device);
            let head = format!("POST /v1/transactions/{id}/documents");
            let answer = ask(&self.address, &head, &headers, &body)?;
            assert_eq!(answer.status, 202, "{}", answer.body);
        }
        Some(())
    }

    /// Hands in the vehicle's frames of one moment, the first or a later one.
    pub(crate) fn show(&self, id: &str, moment: usize) -> Option<()> {
        for camera in ["front", "left", "right"] {
            let frame = format!("frames/{camera}/{:04}.jpg", moment + 1);
            let frame = std::fs::read(vehicle().join(frame)).expect("a frame");
            let headers = format!("{}Content-Type: image/jpeg\r\n", self.device);
            let head = format!("POST /v1/transactions/{id}/frames?camera={camera}");
            let answer = ask(&self.address, &head, &headers, &frame)?;
            assert_eq!(answer.status, 202, "{}", answer.body);
        }
        Some(())
    }

    /// Whether everything that was handed in has been looked at.
    pub(crate) fn is_idle(&self, id: &str) -> Option<bool> {
        let view = self.get(&format!("/v1/transactions/{id}"))?.json();
        let waiting = &view["waiting"];
        Some(waiting["frames"] == 0 && waiting["documents"] == 0)
    }

    pub(crate) fn close(&self, id: &str) -> Option<()> {
        let closed = self.ask(&format!("POST /v1/transactions/{id}/close"), &Value::Null)?;
        assert_eq!(closed.status, 200, "{}", closed.body);
        Some(())
    }

    /// Puts a seat's picture and a portrait on hold, as the officer.
    pub(crate) fn hold(&self, id: &str) -> Option<Answer> {
        let body =
            json!({"seat": "1-left", "document": 0, "reason": "suspected-impostor", "minutes": 1});
        let head = format!("POST /v1/transactions/{id}/holds");
        self.json(&head, self.officer.as_deref()?, &body)
    }

    pub(crate) fn opt_out(&self, id: &str) -> Option<Answer> {
        let body = json!({"vehicle": true});
        self.ask(&format!("POST /v1/transactions/{id}/opt-outs"), &body)
    }

    /// Whether it is still there.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.get(&format!("/v1/transactions/{id}"))
            .is_some_and(|answer| answer.status == 200)
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{name}");
    }

    /// Its log, verified.
    pub(crate) fn verified(folder: &Path) -> Result<Report, String> {
        let options = Options::default();
        let report = verify(&folder.join("state/log"), &options, &mut |_, _| ());
        report.map_err(|finding| finding.to_string())
    }

    /// How often an event of this kind is in the log. It is read while it is written:
    /// again where that shows.
    pub(crate) fn logged(&self, kind: &str) -> u64 {
        let report = (0..20).find_map(|_| {
            let report = Self::verified(&self.folder);
            if report.is_err() {
                std::thread::sleep(Duration::from_millis(100));
            }
            report.ok()
        });
        let report = report.expect("the log verifies");
        report.state.counts().get(kind).copied().unwrap_or(0)
    }

    /// Its memory; `None` where only root can read it.
    pub(crate) fn memory(&self) -> Option<File> {
        File::open(format!("/proc/{}/mem", self.child.id())).ok()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `done`, at most so long.
pub(crate) fn wait(what: &str, most: Duration, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < most, "{what} didn't come within {most:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
