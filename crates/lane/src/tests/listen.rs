//! A lane that listens: connections that say nothing or little, too many requests, TLS.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::world::{PASSWORD, World};
use crate::Error;

/// A lane that listens until it is dropped.
struct Listening {
    at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Result<(), Error>>,
}

impl Listening {
    async fn start(world: &World) -> Self {
        let (ready, at) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let service = world.service.clone();
        let served = tokio::spawn(async move {
            let ready = |at| {
                let _ = ready.send(at);
            };
            let stopped = async move { drop(stopped.await) };
            service.serve(ready, stopped).await
        });
        Self {
            at: at.await.expect("it listens"),
            stop: Some(stop),
            served,
        }
    }

    async fn end(mut self) {
        drop(self.stop.take());
        self.served.await.expect("no panic").expect("it ends");
    }

    /// Asks on a connection of its own, and gives the whole answer.
    async fn ask(&self, head: &str) -> String {
        let mut stream = TcpStream::connect(self.at).await.expect("a connection");
        let request = format!("{head}\r\nHost: lane\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        let read =
            tokio::time::timeout(Duration::from_secs(30), stream.read_to_string(&mut answer));
        read.await.expect("in time").expect("an answer");
        answer
    }
}

/// Whether the other end closed it, within so long.
async fn closes(stream: &mut TcpStream, within: Duration) -> bool {
    let mut byte = [0; 512];
    let read = tokio::time::timeout(within, async {
        while !matches!(stream.read(&mut byte).await, Ok(0) | Err(_)) {}
    });
    read.await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_and_slow_heads_keep_nobody_out() {
    let world = World::new();
    let lane = Listening::start(&world).await;
    let mut idle = Vec::new();
    for _ in 0..1_100 {
        idle.push(TcpStream::connect(lane.at).await.expect("a connection"));
    }
    // One byte of a head every second: it is never whole.
    let at = lane.at;
    let slow = tokio::spawn(async move {
        let mut stream = TcpStream::connect(at).await.expect("a connection");
        let begun = Instant::now();
        for byte in b"GET /healthz HTTP/1.1\r\nX-Slow: "
            .iter()
            .chain([b'a'; 60].iter())
        {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        begun.elapsed()
    });
    let begun = Instant::now();
    for _ in 0..20 {
        let answer = lane.ask("GET /healthz HTTP/1.1").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
    // The oldest gave way at once, the others are closed in time.
    assert!(closes(&mut idle[0], Duration::from_secs(1)).await);
    assert!(closes(&mut idle[1_099], Duration::from_secs(20)).await);
    let took = slow.await.expect("no panic");
    assert!(took < Duration::from_secs(25), "{took:?}");
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_often_waits_and_others_dont() {
    let world = World::with("[service.limits]\nstrangers = 2\nrequests = 20\n");
    let lane = Listening::start(&world).await;
    let mut refused = None;
    for _ in 0..30 {
        let answer = lane.ask("GET /healthz HTTP/1.1").await;
        if answer.starts_with("HTTP/1.1 429") {
            refused = Some(answer.to_ascii_lowercase());
            break;
        }
    }
    let refused = refused.expect("thirty at once are too many");
    assert!(refused.contains("retry-after: 1"), "{refused}");
    assert!(refused.contains("application/problem+json"), "{refused}");
    // A device that is known has a rate of its own, from the same address.
    let super::world::Asker::Device(token) = world.device() else {
        unreachable!("a device");
    };
    let head = format!("GET /v1/lanes HTTP/1.1\r\nAuthorization: Bearer {token}");
    let answer = lane.ask(&head).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut codes = Vec::new();
    for _ in 0..150 {
        codes.push(lane.ask(&head).await.contains(" 429 "));
    }
    assert!(codes.iter().any(|refused| *refused), "it is endless");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let answer = lane.ask(&head).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tls_cookies_are_secure_and_browsers_stay_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["lane.example.org".into()]).expect("a certificate");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let (chain, key) = (
        file("lane.pem", &cert.pem()),
        file("lane.key", &signing_key.serialize_pem()),
    );
    let world = World::with(&format!(
        "[service.tls]\ncertificate = {chain:?}\nkey = {key:?}\n"
    ));
    let lane = Listening::start(&world).await;
    let connector = |trusted: &rcgen::Certificate| {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.der().clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    };
    let at = lane.at;
    let connect = async |trusted: &rcgen::Certificate| {
        let stream = TcpStream::connect(at).await.expect("a connection");
        let name = ServerName::try_from("lane.example.org").expect("a name");
        connector(trusted).connect(name, stream).await
    };
    let mut stream = connect(&cert).await.expect("a handshake");
    let form = format!("name=officer&password={}", PASSWORD.replace(' ', "+"));
    let request = format!(
        "POST /login HTTP/1.1\r\nHost: lane.example.org\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    let answer = answer.to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 303"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age="),
        "{answer}"
    );
    let cookie = answer.lines().find(|line| line.starts_with("set-cookie: "));
    assert!(cookie.is_some_and(|c| c.ends_with("; secure")), "{answer}");
    // A caller that doesn't speak TLS stalls nobody.
    let mut plain = TcpStream::connect(at).await.expect("a connection");
    plain
        .write_all(b"GET / HTTP/1.1\r\n\r\n")
        .await
        .expect("sent");
    assert!(closes(&mut plain, Duration::from_secs(5)).await);
    // A new certificate is shown without a restart.
    let new = generate_simple_self_signed(vec!["lane.example.org".into()]).expect("one");
    file("lane.pem", &new.cert.pem());
    file("lane.key", &new.signing_key.serialize_pem());
    let begun = Instant::now();
    while connect(&new.cert).await.is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the old one is shown"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    lane.end().await;
}
