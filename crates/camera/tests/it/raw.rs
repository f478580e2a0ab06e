//! Servers that misbehave: each connection gets what a script says.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What a server does on a connection.
#[derive(Clone, Debug)]
pub(crate) enum Do {
    /// Waits for a request to end.
    Read,
    /// Sends.
    Send(Vec<u8>),
    /// Keeps the connection open for ever.
    Hang,
}

/// A request's text, and the address of a server whose n-th connection does the n-th
/// script, and all later ones the last.
pub(crate) async fn server(
    scripts: Vec<Vec<Do>>,
) -> (
    std::net::SocketAddr,
    tokio::sync::mpsc::UnboundedReceiver<String>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    let (requests, seen) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        for number in 0.. {
            let Ok((socket, _)) = listener.accept().await else {
                return;
            };
            let script = scripts[std::cmp::min(number, scripts.len() - 1)].clone();
            tokio::spawn(act(socket, script, requests.clone()));
        }
    });
    (address, seen)
}

async fn act(
    mut socket: TcpStream,
    script: Vec<Do>,
    requests: tokio::sync::mpsc::UnboundedSender<String>,
) {
    for step in script {
        match step {
            Do::Read => {
                let mut text = Vec::new();
                while !text.ends_with(b"\r\n\r\n") {
                    match socket.read_u8().await {
                        Ok(byte) => text.push(byte),
                        Err(_) => return,
                    }
                }
                let _ = requests.send(String::from_utf8_lossy(&text).into_owned());
            }
            Do::Send(bytes) => {
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Do::Hang => std::future::pending().await,
        }
    }
    let _ = socket.shutdown().await;
}

/// The head of an answer with a stream.
pub(crate) fn ok() -> Do {
    Do::Send(
        b"HTTP/1.1 200 OK\r\nServer: test\r\nContent-Type: multipart/x-mixed-replace;boundary=b0undary\r\n\r\n"
            .to_vec(),
    )
}

/// A frame of that stream.
pub(crate) fn frame(file: &[u8]) -> Do {
    let head = format!(
        "--b0undary\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
        file.len()
    );
    Do::Send([head.as_bytes(), file, b"\r\n"].concat())
}
