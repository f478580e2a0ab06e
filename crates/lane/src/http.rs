//! The service over HTTP: one router, one table of access, one way to say what went
//! wrong.

pub(crate) mod access;
mod api;
mod body;
mod events;
mod health;
mod lane_events;
mod log;
pub(crate) mod openapi;
mod openid;
mod pages;
mod pictures;
pub(crate) mod problem;
mod remembered;
pub(crate) mod words;
pub(crate) mod zones;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{delete, get, post},
};
use rowcall_custody::system;
use tower_http::timeout::TimeoutLayer;

pub(crate) use body::Body;
pub(crate) use pictures::encoded;

use crate::{
    Error, Service,
    listen::Rates,
    service::{MAX_DOCUMENT, MAX_FRAME},
};
use remembered::Remembered;

/// A body of JSON is at most this large.
const MAX_JSON: usize = 64 << 10;
/// Nobody takes longer to send a request, or waits longer for its answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) service: Arc<Service>,
    remembered: Remembered,
    rates: Arc<Rates>,
}

/// Every route, guarded.
pub(crate) fn router(service: Arc<Service>) -> (Router, App) {
    let app = App {
        rates: Arc::new(Rates::new(&service.config.limits)),
        service,
        remembered: Remembered::default(),
    };
    let pictures = Router::new()
        .route("/v1/transactions/{id}/frames", post(api::frames::frame))
        .route("/v1/lanes/{lane}/frames", post(api::frames::lane_frame))
        .layer(DefaultBodyLimit::max(MAX_FRAME + 1024));
    let documents = Router::new()
        .route(
            "/v1/transactions/{id}/documents",
            post(api::documents::document),
        )
        .layer(DefaultBodyLimit::max(MAX_DOCUMENT + (1 << 20)));
    let rest = Router::new()
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/lanes", get(api::lanes::lanes))
        .route("/v1/lanes/{lane}/presence", post(api::lanes::presence))
        .route("/v1/lanes/{lane}/arrivals", post(api::lanes::arrival))
        .route(
            "/v1/transactions",
            post(api::transactions::open).get(api::transactions::list),
        )
        .route("/v1/transactions/{id}", get(api::transactions::show))
        .route(
            "/v1/transactions/{id}/declaration",
            post(api::transactions::declare),
        )
        .route(
            "/v1/transactions/{id}/opt-outs",
            post(api::officers::opt_out),
        )
        .route(
            "/v1/transactions/{id}/recaptures",
            post(api::officers::recapture),
        )
        .route(
            "/v1/transactions/{id}/judgements",
            post(api::officers::judge),
        )
        .route(
            "/v1/transactions/{id}/adjudications",
            post(api::officers::adjudicate),
        )
        .route(
            "/v1/transactions/{id}/documents/{place}/set-aside",
            post(api::documents::set_aside),
        )
        .route("/v1/transactions/{id}/joins", post(api::documents::join))
        .route("/v1/transactions/{id}/holds", post(api::holds::hold))
        .route(
            "/v1/transactions/{id}/holds/{proposal}/consent",
            post(api::holds::consent),
        )
        .route(
            "/v1/transactions/{id}/close",
            post(api::transactions::close),
        )
        .route(
            "/v1/transactions/{id}/result",
            get(api::transactions::result).delete(api::transactions::acknowledge),
        )
        .route(
            "/v1/transactions/{id}/seats/{seat}/picture",
            get(pictures::seat),
        )
        .route(
            "/v1/transactions/{id}/strangers/{place}/picture",
            get(pictures::stranger),
        )
        .route(
            "/v1/transactions/{id}/documents/{place}/portrait",
            get(pictures::portrait),
        )
        .route("/v1/users", post(pages::people::set_user))
        .route("/v1/users/{name}", delete(pages::people::remove_user))
        .route("/v1/tokens", post(pages::people::add_token))
        .route("/v1/tokens/{id}", delete(pages::people::remove_token))
        .route("/login/openid", get(openid::begin))
        .route(crate::openid::BACK, get(openid::back))
        .route(
            "/v1/lanes/{lane}/set-up",
            post(zones::begin).delete(zones::end),
        )
        .nest(
            "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}",
            zones::router(),
        )
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/log/{*path}", get(log::file))
        .merge(pages::router())
        .layer(DefaultBodyLimit::max(MAX_JSON));
    let timed = pictures
        .merge(documents)
        .merge(rest)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            TIMEOUT,
        ));
    // Streams last.
    let streams = Router::new()
        .route("/v1/transactions/{id}/events", get(events::transaction))
        .route("/lanes/{lane}/events", get(pages::lane_events));
    let router = timed
        .merge(streams)
        .fallback(async || Error::gone("page"))
        .layer(from_fn_with_state(app.clone(), access::guard))
        .layer(from_fn(problem::everywhere))
        .layer(from_fn_with_state(app.clone(), headers))
        .with_state(app.clone());
    (router, app)
}

impl App {
    /// Forgets answers about what has ended, and who asked long ago. Call it with every
    /// tick.
    pub(crate) fn sweep(&self) {
        self.rates.sweep();
        self.remembered
            .keep_only(|id| self.service.find(id).is_ok());
    }
}

/// What every answer says: nothing of it is kept, nothing else is loaded, nobody
/// frames it.
async fn headers(
    State(app): State<App>,
    request: Request,
    next: axum::middleware::Next,
) -> Response {
    let is_asset = request.uri().path().starts_with("/web/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let cache = match is_asset {
        true => "no-cache",
        false => "no-store",
    };
    for (name, value) in [
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.service.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Keeps what runs in a frame of its own, below whoever wipes the stack after it.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Runs what may wait for a disk or for arithmetic away from the threads that answer.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(move || {
        let done = apart(work);
        system::wipe_stack();
        done
    });
    match done.await {
        Ok(done) => done,
        Err(_) => Err(Error::us("an order failed halfway")),
    }
}
