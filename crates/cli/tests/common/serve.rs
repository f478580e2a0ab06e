//! `rowcall serve` in a process of its own, on a folder of its own, and whoever asks it.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::ask::{Answer, ask, form_of};

pub(crate) const PASSWORD: &str = "seven green boats";
/// The flags of a first start, which makes an administrator.
pub(crate) const FIRST: [&str; 2] = ["--administrator", "administrator"];

pub(crate) fn samples() -> PathBuf {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    samples.canonicalize().expect("the samples")
}

/// What a service file says that tests differ in.
pub(crate) struct Service {
    /// Its lane, and the files of the lane's layouts.
    pub(crate) lane: &'static str,
    pub(crate) layouts: &'static [&'static str],
    pub(crate) transaction_minutes: u32,
    pub(crate) hold_minutes: u32,
    pub(crate) order_minutes: u32,
    pub(crate) holds_per_day: u32,
    pub(crate) two_officers: bool,
}

/// A lane's folder: its configuration, keys, state, temporary files, and what it said.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) listen: String,
}

/// A lane that runs; it is killed with this.
pub(crate) struct Lane {
    pub(crate) child: Child,
    pub(crate) at: String,
    /// The administrator's one-time password, where one was asked for.
    pub(crate) one_time: String,
}

impl Service {
    fn file(&self, listen: &str) -> String {
        let Self {
            lane,
            layouts,
            transaction_minutes,
            hold_minutes,
            order_minutes,
            holds_per_day,
            two_officers,
        } = self;
        let files: Vec<_> = layouts
            .iter()
            .map(|name| samples().join("lanes").join(name))
            .collect();
        format!(
            r#"format = 1
[notice]
operator = "Example Border Service"
purpose = "To check that travellers hold the documents that they present"
legal_basis = "Example Act, section 1"
contact = "privacy@example.org"
languages = ["en", "es"]
[retention]
transaction_minutes = {transaction_minutes}
hold_minutes = {hold_minutes}
order_minutes = {order_minutes}
holds_per_day = {holds_per_day}
two_officers = {two_officers}
outcomes_days = 30
[service]
listen = "{listen}"
state = "state"
keys = "keys"
log = "lane3.example.org/rowcall"
[[lane]]
name = "{lane}"
direction = "entry"
files = {files:?}
"#
        )
    }
}

impl Place {
    pub(crate) fn new(service: &Service) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let listen = listener.local_addr().expect("an address").to_string();
        let place = Self { folder, listen };
        let made = Command::new(env!("CARGO_BIN_EXE_rowcall"))
            .args(["keys", "make"])
            .arg(place.path("keys"))
            .args(["--log", "lane3.example.org/rowcall"])
            .output()
            .expect("it runs");
        assert!(made.status.success(), "{made:?}");
        std::fs::create_dir(place.path("tmp")).expect("a folder");
        std::fs::write(place.path("service.toml"), service.file(&place.listen)).expect("written");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What it said on standard error, of all its runs.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.path("log.txt")).unwrap_or_default()
    }

    fn command(&self, more: &[&str]) -> Command {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.path("log.txt"))
            .expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_rowcall"));
        command
            .arg("serve")
            .arg("--config")
            .arg(self.path("service.toml"))
            .args(more)
            .env("TMPDIR", self.path("tmp"))
            .current_dir(self.path("tmp"))
            .stdout(Stdio::piped())
            .stderr(log);
        command
    }

    /// Starts a lane; none if it doesn't want to.
    pub(crate) fn try_start(&self, more: &[&str]) -> Option<Lane> {
        let mut child = self.command(more).spawn().expect("it starts");
        let said = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut one_time = String::new();
        for line in said.lines().map_while(Result::ok) {
            if let Some((_, password)) = line.split_once("one-time password ") {
                one_time = password.trim().to_owned();
            }
            if line.contains("serves on") {
                let at = self.listen.clone();
                return Some(Lane {
                    child,
                    at,
                    one_time,
                });
            }
        }
        child.wait().expect("it ended");
        None
    }

    pub(crate) fn start(&self, more: &[&str]) -> Lane {
        let lane = self.try_start(more);
        assert!(lane.is_some(), "it doesn't start: {}", self.said());
        lane.expect("it was looked at")
    }
}

/// Who asks: the headers that say so.
#[derive(Clone)]
pub(crate) struct Asker(pub(crate) String);

impl Lane {
    pub(crate) fn get(&self, who: &Asker, path: &str) -> Answer {
        ask(&self.at, &format!("GET {path}"), &who.0, b"")
    }

    pub(crate) fn post(&self, who: &Asker, path: &str, json: &str) -> Answer {
        let headers = format!("{}Content-Type: application/json\r\n", who.0);
        ask(&self.at, &format!("POST {path}"), &headers, json.as_bytes())
    }

    /// Logs somebody in.
    pub(crate) fn log_in(&self, name: &str, password: &str) -> Asker {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let body = format!("name={name}&password={}", password.replace(' ', "+"));
        let begun = ask(&self.at, "POST /login", form, body.as_bytes());
        let cookie = begun.between("set-cookie: ", ";");
        let cookie = format!("Cookie: {cookie}\r\n");
        let page = ask(&self.at, "GET /password", &cookie, b"");
        let csrf = page.between("name=\"csrf\" value=\"", "\"");
        Asker(format!("{cookie}X-Csrf-Token: {csrf}\r\n"))
    }

    /// An officer and a device, made by the administrator of the first start.
    pub(crate) fn people(&self) -> (Asker, Asker) {
        let first = self.log_in("administrator", &self.one_time);
        self.change(&first, &self.one_time);
        let administrator = self.log_in("administrator", PASSWORD);
        let token = self.post(
            &administrator,
            "/v1/tokens",
            r#"{"label": "reader", "days": 1}"#,
        );
        let token = token.between("\"token\":\"", "\"");
        (
            self.officer("officer"),
            Asker(format!("Authorization: Bearer {token}\r\n")),
        )
    }

    /// Another officer, made by the administrator.
    pub(crate) fn officer(&self, name: &str) -> Asker {
        let administrator = self.log_in("administrator", PASSWORD);
        let once = "nine slow yellow trams";
        let user = format!(r#"{{"name": "{name}", "role": "officer", "password": "{once}"}}"#);
        let made = self.post(&administrator, "/v1/users", &user);
        assert_eq!(made.status, 201, "{}", made.text());
        self.change(&self.log_in(name, once), once);
        self.log_in(name, PASSWORD)
    }

    /// Changes a first password to everybody's.
    fn change(&self, who: &Asker, old: &str) {
        let (_, csrf) = who.0.rsplit_once(": ").expect("a token");
        let [old, new] = [old, PASSWORD].map(|password| password.replace(' ', "+"));
        let form = format!("csrf={}&old={old}&new={new}", csrf.trim());
        let headers = format!(
            "{}Content-Type: application/x-www-form-urlencoded\r\n",
            who.0
        );
        let changed = ask(&self.at, "POST /password", &headers, form.as_bytes());
        assert_eq!(changed.status, 303, "{}", changed.text());
    }

    /// Opens a transaction; its id.
    pub(crate) fn open(&self, who: &Asker, order: &str) -> String {
        let opened = self.post(who, "/v1/transactions", order);
        assert_eq!(opened.status, 201, "{}", opened.text());
        opened.between("\"id\":\"", "\"")
    }

    /// Presents a document's folder.
    pub(crate) fn present(&self, who: &Asker, id: &str, folder: &Path) -> Answer {
        let (kind, body) = form_of(folder);
        let head = format!("POST /v1/transactions/{id}/documents");
        ask(&self.at, &head, &format!("{}{kind}", who.0), &body)
    }

    /// Shows every frame of a vehicle, one after another.
    pub(crate) fn film(&self, who: &Asker, id: &str, vehicle: &Path) {
        for camera in std::fs::read_dir(vehicle.join("frames")).expect("frames") {
            let camera = camera.expect("a camera").path();
            let name = camera
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            for frame in std::fs::read_dir(&camera).expect("frames") {
                let picture = std::fs::read(frame.expect("a frame").path()).expect("a frame");
                let head = format!("POST /v1/transactions/{id}/frames?camera={name}");
                let headers = format!("{}Content-Type: image/jpeg\r\n", who.0);
                let answer = ask(&self.at, &head, &headers, &picture);
                assert_eq!(answer.status, 202, "{}", answer.text());
                self.settle(who, id);
            }
        }
    }

    /// Waits until nothing waits to be looked at.
    pub(crate) fn settle(&self, who: &Asker, id: &str) -> String {
        let begun = Instant::now();
        loop {
            let view = self.get(who, &format!("/v1/transactions/{id}")).text();
            if view.contains(r#""waiting":{"frames":0,"documents":0}"#) {
                return view;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{view}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn end(mut self) {
        signal(&self.child, "TERM");
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "it doesn't end");
            std::thread::sleep(Duration::from_millis(50));
        };
        assert!(status.success(), "{status}");
    }
}

pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(child.id().to_string())
        .status();
    assert!(
        sent.is_ok_and(|status| status.success()),
        "a signal is sent"
    );
}

impl Drop for Lane {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
