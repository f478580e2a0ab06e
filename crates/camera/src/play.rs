//! Folders played as network cameras, MJPEG over HTTP/1.1, for trials without one.
//! What it shows is what the folders hold: it is for synthetic pictures and loopback.

use std::{collections::BTreeMap, convert::Infallible, path::PathBuf, sync::Arc, time::Duration};

use http_body_util::{Either, Full, channel::Channel, channel::Sender};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpListener,
    sync::Semaphore,
    time::{Instant, sleep_until, timeout},
};

use crate::{Error, ErrorKind, folder::Folder};

/// What stands between two frames.
const BOUNDARY: &str = "rowcall";
/// Viewers at once.
const VIEWERS: usize = 64;
/// What a viewer is given to take a frame, and to send its request.
const PATIENCE: Duration = Duration::from_secs(10);

type Body = Either<Full<Bytes>, Channel<Bytes, Infallible>>;

/// Cameras that are played, by their paths without `/`.
pub struct Player {
    cameras: BTreeMap<String, Vec<PathBuf>>,
    rate: f32,
    began: Instant,
}

impl Player {
    /// Plays each folder at the path of its name with `rate` frames in a second, all
    /// in step.
    ///
    /// # Errors
    /// A folder without pictures.
    pub fn new(folders: BTreeMap<String, PathBuf>, rate: f32) -> Result<Self, Error> {
        let files = |(name, path)| Ok((name, Folder::new(path, rate).files()?));
        Ok(Self {
            cameras: folders
                .into_iter()
                .map(files)
                .collect::<Result<_, Error>>()?,
            rate: rate.clamp(0.01, 1_000.0),
            began: Instant::now(),
        })
    }

    /// The cameras' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.cameras.keys().map(String::as_str)
    }

    /// Serves until the future is dropped; viewers that are there go on until the
    /// runtime ends.
    pub async fn serve(self, listener: TcpListener) -> Infallible {
        let player = Arc::new(self);
        let places = Arc::new(Semaphore::new(VIEWERS));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                continue;
            };
            let Ok((socket, _)) = listener.accept().await else {
                // Out of sockets: some will be given back.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let player = Arc::clone(&player);
            tokio::spawn(async move {
                let answer = service_fn(|request| {
                    let player = Arc::clone(&player);
                    async move { Ok::<_, Infallible>(player.answer(&request)) }
                });
                // A viewer that went away is no news.
                let _ = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .serve_connection(TokioIo::new(socket), answer)
                    .await;
                drop(place);
            });
        }
    }

    fn answer(self: &Arc<Self>, request: &Request<Incoming>) -> Response<Body> {
        let name = request.uri().path().trim_matches('/');
        let (status, kind, body) = if request.method() != Method::GET {
            let text = "GET is all that is answered\n".to_owned();
            (
                StatusCode::METHOD_NOT_ALLOWED,
                "text/plain".to_owned(),
                text,
            )
        } else if self.cameras.contains_key(name) {
            let (frames, body) = Channel::new(1);
            tokio::spawn(Arc::clone(self).play(name.to_owned(), frames));
            let mut response = Response::new(Either::Right(body));
            let kind = format!("multipart/x-mixed-replace; boundary={BOUNDARY}");
            head(&mut response, &kind);
            return response;
        } else {
            let names: Vec<_> = self.names().map(|name| format!("/{name}\n")).collect();
            let status = match name {
                "" => StatusCode::OK,
                _ => StatusCode::NOT_FOUND,
            };
            (status, "text/plain".to_owned(), names.concat())
        };
        let mut response = Response::new(Either::Left(Full::from(body)));
        *response.status_mut() = status;
        head(&mut response, &kind);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response
                .headers_mut()
                .insert(ALLOW, hyper::header::HeaderValue::from_static("GET"));
        }
        response
    }

    /// Sends the frame that is due, whatever the viewer missed meanwhile.
    async fn play(self: Arc<Self>, name: String, mut viewer: Sender<Bytes>) {
        let Some(files) = self.cameras.get(&name) else {
            return;
        };
        let gap = Duration::from_secs_f32(1.0 / self.rate);
        let mut due = Instant::now();
        loop {
            let number = (self.began.elapsed().as_secs_f64() * f64::from(self.rate)) as usize;
            let path = files[number % files.len()].clone();
            let Ok(part) = tokio::task::spawn_blocking(move || part(path)).await else {
                return;
            };
            // A file that went away is left out, as a camera drops a frame.
            if let Ok(part) = part {
                let sent = timeout(PATIENCE, viewer.send_data(part)).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
            }
            due = (due + gap).max(Instant::now());
            sleep_until(due).await;
        }
    }
}

fn head(response: &mut Response<Body>, kind: &str) {
    let headers = response.headers_mut();
    if let Ok(kind) = kind.parse() {
        headers.insert(CONTENT_TYPE, kind);
    }
    headers.insert(
        CACHE_CONTROL,
        hyper::header::HeaderValue::from_static("no-store"),
    );
}

fn part(path: PathBuf) -> Result<Bytes, Error> {
    let failed = |e| Error::new(ErrorKind::NotThere, format_args!("{}: {e}", path.display()));
    let file = std::fs::read(&path).map_err(failed)?;
    let length = file.len();
    let head =
        format!("--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n");
    Ok([head.as_bytes(), &file, b"\r\n"].concat().into())
}
