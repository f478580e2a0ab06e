//! Server-sent events: what changed, as it changes.

use std::{convert::Infallible, pin::Pin, time::Duration};

use axum::{
    http::HeaderMap,
    response::sse::{Event, KeepAlive, KeepAliveStream, Sse},
};
use tokio_stream::{Stream, StreamExt as _, wrappers::WatchStream};

use super::api::Asked;
use crate::Error;

/// A stream of events.
pub(super) type Events =
    Sse<KeepAliveStream<Pin<Box<dyn Stream<Item = Result<Event, Infallible>> + Send>>>>;

/// How often a stream that has nothing to say shows that it lives.
const ALIVE: Duration = Duration::from_secs(15);

pub(super) fn stream(events: impl Stream<Item = Event> + Send + 'static) -> Events {
    let events: Pin<Box<dyn Stream<Item = _> + Send>> = Box::pin(events.map(Ok));
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}

/// Streams a transaction's changes.
///
/// Each event, `changed`, is the whole view, under its version; whoever comes back with
/// `Last-Event-ID` gets the newest if it is another. `gone` is the last.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}/events",
    tag = "transactions",
    params(
        ("id" = String, Path, description = "The transaction's id"),
        ("Last-Event-ID" = Option<u64>, Header, description = "The version that the caller has"),
    ),
    responses((status = 200, description = "Server-sent events", body = String, content_type = "text/event-stream")),
)]
pub(super) async fn transaction(asked: Asked, headers: HeaderMap) -> Result<Events, Error> {
    let seen = headers.get("last-event-id");
    let seen: Option<u64> = seen.and_then(|id| id.to_str().ok()?.parse().ok());
    let views = WatchStream::new(asked.transaction.watch());
    // The stream must not keep what has ended.
    drop(asked);
    let changed = views.filter(move |view| seen != Some(view.version));
    let events = changed.map(|view| {
        let event = match view.version {
            0 => Event::default().event("gone"),
            version => Event::default().event("changed").id(version.to_string()),
        };
        event.json_data(&*view).unwrap_or_default()
    });
    Ok(stream(events))
}
