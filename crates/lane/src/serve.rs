//! Listening, ticking, stopping.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use tokio::net::TcpListener;

use crate::{
    Error, Service, http,
    listen::{self, Tls},
};

impl Service {
    /// Serves until `stop` is done, then ends what is open. `ready` is told where it
    /// listens.
    ///
    /// # Errors
    /// If the address can't be listened on, or what has to be written at the end
    /// can't be.
    pub async fn serve(
        self: Arc<Self>,
        ready: impl FnOnce(SocketAddr),
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let address = self.config.listen;
        let failed =
            |e: std::io::Error| Error::operator(format_args!("service.listen: {address}: {e}"));
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let watching = self.watch_cameras()?;
        let (router, app) = http::router(self.clone());
        let tls = self.config.tls.as_ref();
        let tls = tls.map(|files| Tls::read(files, self.clock.read().wall));
        let tls = tls.transpose()?.map(Arc::new);
        let ticking = tokio::spawn({
            let (service, tls) = (self.clone(), tls.clone());
            async move {
                let mut every = tokio::time::interval(Duration::from_secs(1));
                loop {
                    every.tick().await;
                    let (service, app, tls) = (service.clone(), app.clone(), tls.clone());
                    let done = tokio::task::spawn_blocking(move || {
                        service.tick();
                        app.sweep();
                        if let Some(tls) = tls {
                            tls.refresh(service.clock.read().wall);
                        }
                    });
                    if done.await.is_err() {
                        tracing::error!("a tick failed");
                    }
                }
            }
        });
        let asking = self
            .openid
            .clone()
            .map(|openid| tokio::spawn(openid.keep_known()));
        ready(address);
        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let most = usize::try_from(self.config.limits.connections.get()).unwrap_or(usize::MAX);
        let server = tokio::spawn(listen::answer(listener, tls, router, most, async move {
            stop.await;
            let _ = stopping.send(());
        }));
        let _ = stopped.await;
        ticking.abort();
        if let Some(asking) = asking {
            asking.abort();
        }
        drop(watching);
        // What is open ends first: streams of events that watch it end with it.
        let ended = tokio::task::spawn_blocking({
            let service = self.clone();
            move || service.stop()
        });
        let ended = ended.await.map_err(|_| Error::us("stopping failed"))?;
        // Whoever doesn't let go of a connection isn't waited for.
        let _ = tokio::time::timeout(Duration::from_secs(5), server).await;
        ended
    }
}
