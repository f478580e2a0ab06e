//! What asks a lane over HTTP.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use serde_json::Value;

/// An answer's status, headers and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A part of a form that brings files: its name and its bytes.
pub(crate) type Part = (String, Vec<u8>);

/// Asks; `None` if nobody answers, as where the process was killed.
pub(crate) fn ask(address: &str, head: &str, headers: &str, body: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    let minute = Some(Duration::from_secs(60));
    stream.set_read_timeout(minute).ok()?;
    let mut request = format!(
        "{head} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    stream.write_all(&request).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

/// A connection that has begun to ask and doesn't go on: a server that stops waits for
/// it for a while.
pub(crate) fn half_asked(address: &str, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(
        stream,
        "POST /v1/lanes/booth/presence HTTP/1.1\r\nHost: {address}\r\n{headers}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
    )
    .expect("sent");
    stream
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The session that a log-in began, as a header.
    pub(crate) fn cookie(&self) -> Option<String> {
        let mut lines = self.head.lines();
        let set = lines.find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then_some(value)
        })?;
        let pair = set.split(';').next()?;
        Some(format!("Cookie: {pair}\r\n"))
    }
}

/// Somebody's session: what a browser of theirs sends along.
pub(crate) struct Session(pub(crate) String);

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
pub(crate) const JSON: &str = "Content-Type: application/json\r\n";

impl Session {
    pub(crate) fn begin(address: &str, name: &str, password: &str) -> Option<Self> {
        let body = format!("name={name}&password={}", password.replace(' ', "+"));
        let begun = ask(address, "POST /login", FORM, body.as_bytes())?;
        let cookie = begun.cookie()?;
        let page = ask(address, "GET /password", &cookie, b"")?;
        let (_, csrf) = page.body.split_once("name=\"csrf\" value=\"")?;
        let csrf = csrf.split('"').next()?;
        Some(Self(format!("{cookie}X-Csrf-Token: {csrf}\r\n")))
    }

    /// Changes a one-time password, and logs in with the new one.
    pub(crate) fn first(address: &str, name: &str, once: &str, password: &str) -> Option<Self> {
        let session = Self::begin(address, name, once)?;
        let (_, csrf) = session.0.split_once("X-Csrf-Token: ")?;
        let new = password.replace(' ', "+");
        let body = format!("csrf={}&old={once}&new={new}", csrf.trim_end());
        let headers = format!("{}{FORM}", session.0);
        let set = ask(address, "POST /password", &headers, body.as_bytes())?;
        assert_eq!(set.status, 303, "{}", set.body);
        Self::begin(address, name, password)
    }
}

/// The files of a document, as a reader hands them in.
pub(crate) fn document(folder: &Path) -> (String, Vec<u8>) {
    let boundary = "rowcall-test-boundary";
    let mut body = Vec::new();
    let mut part = |(name, bytes): Part| {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&bytes);
        body.extend_from_slice(b"\r\n");
    };
    for entry in std::fs::read_dir(folder).expect("files") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        part((name.into_owned(), std::fs::read(&path).expect("a file")));
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let kind = format!("Content-Type: multipart/form-data; boundary={boundary}\r\n");
    (kind, body)
}
