//! Connections: who is let in, how long they may take, and who gives way when there is
//! no more room.
//!
//! A connection that says nothing is closed after [`HEAD`], and so is one that says it
//! byte by byte. When all places are taken, the oldest whose caller hasn't said who they
//! are gives way: strangers never keep out whoever works here.

mod rates;
mod tls;

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{sleep, timeout},
};
use tower::ServiceExt as _;

pub(crate) use rates::{Rates, Sort};
pub(crate) use tls::Tls;

/// A connection without a whole request head for so long is closed.
const HEAD: Duration = Duration::from_secs(10);
/// Whoever takes nothing of what is sent to them for so long is gone.
const DEAF: Duration = Duration::from_secs(60);
/// When the system gives no more connections it is asked again after this.
const PAUSE: Duration = Duration::from_millis(100);

/// Where a request came from.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) address: IpAddr,
    place: Arc<Place>,
}

/// A connection's place.
struct Place {
    /// Whether somebody on it has said who they are.
    is_known: AtomicBool,
    gives_way: Notify,
}

/// The places that are taken, oldest first.
struct Places {
    most: usize,
    taken: Mutex<(u64, BTreeMap<u64, Arc<Place>>)>,
}

/// A place that is given back.
struct Taken {
    of: Arc<Places>,
    number: u64,
    place: Arc<Place>,
}

impl Caller {
    /// Somebody on this connection said who they are, and it is so.
    pub(crate) fn is_known(&self) {
        self.place.is_known.store(true, Ordering::Relaxed);
    }
}

impl Places {
    /// A place; none where all are taken by people and devices that are known.
    fn take(self: &Arc<Self>) -> Option<Taken> {
        let mut taken = self.lock();
        if taken.1.len() >= self.most {
            let mut all = taken.1.iter();
            let stranger = all.find(|(_, place)| !place.is_known.load(Ordering::Relaxed));
            let oldest = stranger.map(|(number, _)| *number)?;
            if let Some(place) = taken.1.remove(&oldest) {
                place.gives_way.notify_one();
            }
        }
        taken.0 += 1;
        let number = taken.0;
        let place = Arc::new(Place {
            is_known: AtomicBool::new(false),
            gives_way: Notify::new(),
        });
        taken.1.insert(number, place.clone());
        drop(taken);
        Some(Taken {
            of: self.clone(),
            number,
            place,
        })
    }

    fn lock(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Arc<Place>>)> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.of.lock().1.remove(&self.number);
    }
}

/// Answers whoever connects until `stop` is done; then whoever is being answered, and
/// nobody else.
pub(crate) async fn answer(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    router: Router,
    most: usize,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Places {
        most,
        taken: Mutex::default(),
    });
    let ending = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No more descriptors, or a caller that went before it was let in.
                tracing::warn!(%error, "a connection couldn't be accepted");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Some(taken) = places.take() else {
            tracing::warn!("a connection was refused: all places are taken by known callers");
            continue;
        };
        let (tls, router, watcher) = (tls.clone(), router.clone(), ending.watcher());
        tokio::spawn(async move {
            let place = taken.place.clone();
            tokio::select! {
                () = connection(stream, from, tls, router, &taken, watcher) => {}
                () = place.gives_way.notified() => {}
            }
        });
    }
    drop(listener);
    ending.shutdown().await;
}

async fn connection(
    stream: TcpStream,
    from: SocketAddr,
    tls: Option<Arc<Tls>>,
    router: Router,
    taken: &Taken,
    watcher: Watcher,
) {
    // Without these a caller whose cable was pulled would hold its place for hours.
    let _ = stream.set_nodelay(true);
    let deaf = u32::try_from(DEAF.as_millis()).unwrap_or(u32::MAX);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, deaf);
    let caller = Caller {
        address: from.ip().to_canonical(),
        place: taken.place.clone(),
    };
    match tls {
        None => requests(stream, caller, router, watcher).await,
        Some(tls) => match timeout(HEAD, tls.acceptor().accept(stream)).await {
            Ok(Ok(stream)) => requests(stream, caller, router, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        },
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    caller: Caller,
    router: Router,
    watcher: Watcher,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(caller.clone());
        let router = router.clone();
        async move { Ok::<_, Infallible>(into(router.oneshot(request.map(Body::new)).await)) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        // Whoever breaks off or says what isn't HTTP is no news.
        tracing::debug!(%error, "a connection ended");
    }
}

/// A router always answers.
fn into<T>(answer: Result<T, Infallible>) -> T {
    match answer {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Mutex, Places};

    #[tokio::test]
    async fn strangers_give_way_and_known_callers_stay() {
        let places = Arc::new(Places {
            most: 3,
            taken: Mutex::default(),
        });
        let known = places.take().expect("a place");
        known
            .place
            .is_known
            .store(true, std::sync::atomic::Ordering::Relaxed);
        let stranger = places.take().expect("a place");
        let later = places.take().expect("a place");
        let fourth = places.take().expect("the stranger's place");
        stranger.place.gives_way.notified().await;
        drop(stranger);
        assert_eq!(places.lock().1.len(), 3);
        for taken in [&later, &fourth] {
            taken
                .place
                .is_known
                .store(true, std::sync::atomic::Ordering::Relaxed);
        }
        assert!(places.take().is_none(), "everybody works here");
        drop(later);
        assert!(places.take().is_some());
    }
}
