//! A lane in a process of its own, and whoever asks it.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) const PASSWORD: &str = "seven green boats";

pub(crate) fn samples() -> PathBuf {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    samples.canonicalize().expect("the samples")
}

/// A lane's folder: its configuration, keys, state and what it said.
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

/// An answer, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Place {
    pub(crate) fn new() -> Self {
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
        let lanes = samples().join("lanes");
        let lane = |name: &str| format!("{:?}", lanes.join(name));
        let text = format!(
            r#"format = 1
[notice]
operator = "Example Border Service"
purpose = "To check that travellers hold the documents that they present"
legal_basis = "Example Act, section 1"
contact = "privacy@example.org"
languages = ["en", "es"]
[retention]
transaction_minutes = 10
hold_minutes = 60
order_minutes = 600
holds_per_day = 20
two_officers = false
outcomes_days = 30
[service]
listen = "{}"
state = "state"
keys = "keys"
log = "lane3.example.org/rowcall"
[[lane]]
name = "booth-1"
direction = "entry"
files = [{}, {}, {}]
"#,
            place.listen,
            lane("front-row.toml"),
            lane("two-row.toml"),
            lane("three-row.toml"),
        );
        std::fs::write(place.path("service.toml"), text).expect("written");
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

/// A request's answer; the caller says it in full.
pub(crate) fn ask(at: &str, head: &str, headers: &str, body: &[u8]) -> Answer {
    try_ask(at, head, headers, body).expect("an answer")
}

pub(crate) fn try_ask(at: &str, head: &str, headers: &str, body: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)?;
    let mut whole = Vec::new();
    stream.read_to_end(&mut whole)?;
    let broken = || std::io::Error::other("no whole answer");
    let at = memchr::memmem::find(&whole, b"\r\n\r\n").ok_or_else(broken)?;
    let head = String::from_utf8_lossy(&whole[..at]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Answer {
        status: status.ok_or_else(broken)?,
        head,
        body: whole[at + 4..].to_vec(),
    })
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What stands between two pieces of it.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let text = format!("{}\n{}", self.head, self.text());
        let found = text
            .split_once(before)
            .and_then(|(_, rest)| rest.split_once(after));
        assert!(found.is_some(), "{before:?} isn't in {text}");
        found.map(|(found, _)| found.to_owned()).unwrap_or_default()
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
        let new = PASSWORD.replace(' ', "+");
        let change = |who: &Asker, old: &str, new: &str| {
            let (_, csrf) = who.0.rsplit_once(": ").expect("a token");
            let form = format!(
                "csrf={}&old={}&new={new}",
                csrf.trim(),
                old.replace(' ', "+")
            );
            let headers = format!(
                "{}Content-Type: application/x-www-form-urlencoded\r\n",
                who.0
            );
            let changed = ask(&self.at, "POST /password", &headers, form.as_bytes());
            assert_eq!(changed.status, 303, "{}", changed.text());
        };
        let first = self.log_in("administrator", &self.one_time);
        change(&first, &self.one_time, &new);
        let administrator = self.log_in("administrator", PASSWORD);
        let user =
            r#"{"name": "officer", "role": "officer", "password": "nine slow yellow trams"}"#;
        let made = self.post(&administrator, "/v1/users", user);
        assert_eq!(made.status, 201, "{}", made.text());
        let first = self.log_in("officer", "nine slow yellow trams");
        change(&first, "nine slow yellow trams", &new);
        let token = self.post(
            &administrator,
            "/v1/tokens",
            r#"{"label": "reader", "days": 1}"#,
        );
        let token = token.between("\"token\":\"", "\"");
        (
            self.log_in("officer", PASSWORD),
            Asker(format!("Authorization: Bearer {token}\r\n")),
        )
    }

    /// Opens a transaction; its id.
    pub(crate) fn open(&self, who: &Asker, order: &str) -> String {
        let opened = self.post(who, "/v1/transactions", order);
        assert_eq!(opened.status, 201, "{}", opened.text());
        opened.between("\"id\":\"", "\"")
    }

    /// Presents a document's folder.
    pub(crate) fn present(&self, who: &Asker, id: &str, folder: &Path) -> Answer {
        let mut body = Vec::new();
        for entry in std::fs::read_dir(folder).expect("a document") {
            let path = entry.expect("a file").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend(std::fs::read(&path).expect("a file"));
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let headers = format!(
            "{}Content-Type: multipart/form-data; boundary=edge\r\n",
            who.0
        );
        ask(
            &self.at,
            &format!("POST /v1/transactions/{id}/documents"),
            &headers,
            &body,
        )
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
