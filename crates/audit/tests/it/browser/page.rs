//! The page in a real browser, served on loopback under a strict policy.

use super::{has, options, web};
use crate::sample::*;
use rowcall_audit::verify::Options;
use rowcall_audit::{Log, LogFolder};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
    base-uri 'self'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

/// A log, the page, and what the auditor fills in.
#[derive(Clone)]
struct Site {
    log: PathBuf,
    given: String,
    said: Sender<Value>,
}

impl Site {
    /// Serves on a port of the machine's own choice.
    fn serve(self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = self.clone();
                std::thread::spawn(move || site.answer_all(stream));
            }
        });
        port
    }

    fn answer_all(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut writer = stream;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let path = line.split(' ').nth(1)?.to_owned();
            let mut length = 0;
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).ok()?;
                if header.trim().is_empty() {
                    break;
                }
                let header = header.to_ascii_lowercase();
                if let Some(value) = header.strip_prefix("content-length:") {
                    length = value.trim().parse().ok()?;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            if path == "/said" {
                let _ = self.said.send(serde_json::from_slice(&body).ok()?);
            }
            let (status, bytes) = match self.find(&path) {
                Some(bytes) => ("200 OK", bytes),
                None => ("404 Not Found", Vec::new()),
            };
            let kind = match path.rsplit_once('.').map(|(_, end)| end) {
                Some("js") => "text/javascript",
                Some("html") => "text/html; charset=utf-8",
                Some("css") => "text/css",
                Some("json") => "application/json",
                _ => "application/octet-stream",
            };
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
                 content-security-policy: {POLICY}\r\nx-content-type-options: nosniff\r\n\r\n",
                bytes.len()
            );
            writer.write_all(&[head.as_bytes(), &bytes].concat()).ok()?;
        }
    }

    fn find(&self, path: &str) -> Option<Vec<u8>> {
        match path.strip_prefix('/')? {
            "given.json" => Some(self.given.clone().into_bytes()),
            "said" => Some(Vec::new()),
            path if path.contains("..") => None,
            path => match path.strip_prefix("log/") {
                Some(file) => fs::read(self.log.join(file)).ok(),
                None => fs::read(web().join(path)).ok(),
            },
        }
    }
}

/// Ended however the test ends.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the page shows of a log.
fn shown(log: &Path, options: &Options, patience: Duration) -> Value {
    let remembered = options.remembered.as_ref();
    let witnesses = options.witnesses.iter().map(ToString::to_string);
    let given = json!({
        "key": options.key.as_ref().map(ToString::to_string),
        "witnesses": witnesses.collect::<Vec<_>>(),
        "remembered": remembered.map(ToString::to_string),
    });
    let (said, hear): (_, Receiver<Value>) = channel();
    let site = Site {
        log: log.to_owned(),
        given: given.to_string(),
        said,
    };
    let port = site.serve();
    let profile = tempfile::tempdir().unwrap();
    let browser = Command::new("chromium")
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("http://127.0.0.1:{port}/test/driven.html"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let browser = Browser(browser);
    let said = hear.recv_timeout(patience);
    drop(browser);
    said.expect("the page has said nothing")
}

#[test]
fn a_browser_shows_what_holds_and_what_does_not() {
    if !has("chromium", "chromium") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let (path, older) = super::log_to_tamper(temporary.path());
    let patience = Duration::from_secs(120);
    let said = shown(&path, &options(&older), patience);
    let text = said["text"].as_str().unwrap();
    assert_eq!(said["outcome"], "holds", "{said}");
    assert_eq!(said["violations"], json!([]), "{said}");
    for wanted in [
        "The log holds",
        "lane3.example.org/rowcall",
        "560",
        "What this did not check",
        "came from the lane",
    ] {
        assert!(text.contains(wanted), "{wanted:?} is not in {text:?}");
    }
    // A byte of one hash.
    let file = path.join("tile/0/001");
    let mut bytes = fs::read(&file).unwrap();
    bytes[77] ^= 4;
    fs::write(&file, &bytes).unwrap();
    let said = shown(&path, &options(&older), patience);
    assert_eq!(said["outcome"], "log", "{said}");
    let text = said["text"].as_str().unwrap();
    assert!(text.contains("The log does not hold"), "{text:?}");
    assert!(
        text.contains("entry 258: its hash is not the one in the tree"),
        "{text:?}"
    );
    // What a log says is text, whatever it says.
    let hostile = "\u{2014} <img/src=x><b>bold</b> AAAAAAECAwQ=\n";
    bytes[77] ^= 4;
    fs::write(&file, &bytes).unwrap();
    let checkpoint = LogFolder::open(&path).unwrap().note().to_string() + hostile;
    fs::write(path.join("checkpoint"), checkpoint).unwrap();
    let said = shown(&path, &options(&older), patience);
    assert_eq!(said["outcome"], "holds", "{said}");
    assert!(
        said["text"].as_str().unwrap().contains("<b>bold</b>"),
        "{said}"
    );
    assert_eq!(said["markup"], 0, "{said}");
}

/// The figure of docs/audit.md: `cargo test -p rowcall-audit --test it
/// -- --ignored --nocapture entries_per_second`.
#[test]
#[ignore = "a measurement, not a test"]
fn entries_per_second_in_a_browser() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let log = Log::create(&path, key(1), minute(0)).unwrap();
    drop(grow(log, 100_000, 1000));
    for _ in 0..3 {
        let said = shown(&path, &Options::default(), Duration::from_secs(500));
        assert_eq!(said["outcome"], "holds", "{said}");
        let seconds = said["seconds"].as_f64().unwrap();
        eprintln!(
            "{:.0} entries/s ({seconds:.1} s), {}",
            100_000.0 / seconds,
            said["browser"]
        );
    }
    // Its tiles above the leaves are read too.
    let file = path.join("tile/1/000");
    let mut bytes = fs::read(&file).unwrap();
    bytes[8000] ^= 1;
    fs::write(&file, bytes).unwrap();
    let said = shown(&path, &Options::default(), Duration::from_secs(500));
    assert!(
        said["text"].as_str().unwrap().contains("tile/1/000"),
        "{said}"
    );
}
