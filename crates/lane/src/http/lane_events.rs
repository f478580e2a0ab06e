//! What an officer's page is told: parts of it that changed, as HTML.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::response::sse::Event;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::events::{Events, stream};
use crate::{
    console::{Fragment, Viewer, officer},
    desk::{Desk, LaneEvent},
    transaction::Transaction,
};

/// A stream ends after so long; the page opens another, if its session still lives.
const LONGEST: Duration = Duration::from_secs(600);
/// Events that may wait for a slow page. A page that can't keep up misses states in
/// between, never the last.
const WAITING: usize = 4;

/// The events of a lane's page, which shows the transaction `seen` already: for that one
/// nothing begins anew, neither what the officer chose nor a dialog that they are in.
pub(super) fn of(desk: Arc<Desk>, viewer: Viewer, seen: String) -> Events {
    let (to, from) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let watched = watch(&desk, &viewer, seen, &to);
        let _ = tokio::time::timeout(LONGEST, watched).await;
    });
    stream(ReceiverStream::new(from))
}

/// Tells `to` what happens, until nobody listens.
async fn watch(desk: &Desk, viewer: &Viewer, mut seen: String, to: &mpsc::Sender<Event>) {
    let mut lane = desk.events();
    loop {
        match desk.shown() {
            Some(transaction) => {
                let is_seen = transaction.id == seen;
                if !follow(&transaction, is_seen, viewer, to).await {
                    return;
                }
                seen.clear();
            }
            None if !seen.is_empty() => {
                seen.clear();
                if to
                    .send(Event::default().event("gone").data("{}"))
                    .await
                    .is_err()
                {
                    return;
                }
            }
            None => tokio::select! {
                event = lane.recv() => match event {
                    Ok(LaneEvent::Opened(_) | LaneEvent::Arrived(_) | LaneEvent::Gone(_)) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                () = to.closed() => return,
            },
        }
    }
}

/// Follows one transaction until it is gone; false once nobody listens.
async fn follow(
    transaction: &Arc<Transaction>,
    is_seen: bool,
    viewer: &Viewer,
    to: &mpsc::Sender<Event>,
) -> bool {
    let mut views = transaction.watch();
    let mut sent: HashMap<String, String> = HashMap::new();
    let mut is_first = true;
    loop {
        let view = views.borrow_and_update().clone();
        if view.version == 0 && !is_first {
            return to
                .send(Event::default().event("gone").data("{}"))
                .await
                .is_ok();
        }
        let parts = officer::fragments(&view, viewer);
        let event = match is_first && !is_seen {
            true => event("opened", &view.id, &officer::opened(&view, viewer)),
            false => {
                let changed = parts
                    .iter()
                    .filter(|part| sent.get(&part.id) != Some(&part.html));
                let changed: Vec<&Fragment> = changed.collect();
                event("fragments", &view.id, &changed)
            }
        };
        sent.extend(parts.into_iter().map(|part| (part.id, part.html)));
        is_first = false;
        if to.send(event).await.is_err() {
            return false;
        }
        tokio::select! {
            changed = views.changed() => if changed.is_err() {
                return true;
            },
            () = to.closed() => return false,
        }
    }
}

/// An event of a transaction, whose id a page that has lost its connection comes back with.
fn event(name: &str, id: &str, parts: &impl serde::Serialize) -> Event {
    let event = Event::default().event(name).id(id);
    event.json_data(parts).unwrap_or_default()
}
