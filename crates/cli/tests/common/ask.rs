//! What asks a service over HTTP.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Duration,
};

/// An answer, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// A request's answer; `head` is its method and path, the caller says its headers in full.
pub(crate) fn ask(at: &str, head: &str, headers: &str, body: &[u8]) -> Answer {
    try_ask(at, head, headers, body).expect("an answer")
}

/// The same where nobody may answer: the process is killed, or not there yet.
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

/// A connection that has begun to ask and doesn't go on: a server that stops waits for
/// it for a while.
pub(crate) fn half_asked(at: &str, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(at).expect("it listens");
    write!(
        stream,
        "POST /v1/transactions HTTP/1.1\r\nHost: {at}\r\n{headers}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
    )
    .expect("sent");
    stream
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

/// The files of a folder as a form brings them: the header that says so, and the body.
pub(crate) fn form_of(folder: &Path) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend(std::fs::read(&path).expect("a file"));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let header = "Content-Type: multipart/form-data; boundary=edge\r\n";
    (header.to_owned(), body)
}
