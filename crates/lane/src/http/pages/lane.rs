//! The officer's pages: a lane to choose, the vehicle that is there, and its events.

use axum::{
    Extension,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{App, measured, viewer};
use crate::{
    Error,
    console::{
        login::{self, LanesPage},
        officer::{self, HoldMinutes, OfficerPage},
    },
    http::{blocking, events::Events, lane_events},
    people::Identity,
    view::TransactionView,
};

pub(super) async fn lanes(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Response {
    let names: Vec<String> = app.service.desks.keys().cloned().collect();
    match names.as_slice() {
        [only] => Redirect::to(&format!("/lanes/{only}")).into_response(),
        _ => Html(login::lanes(&LanesPage {
            viewer: viewer(&app, &headers, identity),
            lanes: names,
        }))
        .into_response(),
    }
}

pub(super) async fn lane(
    State(app): State<App>,
    Path(lane): Path<String>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let desk = app.service.desk(&lane)?.clone();
    let viewer = viewer(&app, &headers, identity);
    blocking(move || {
        let retention = &app.service.config.retention;
        let shown = desk.shown();
        let mut transactions: Vec<TransactionView> =
            shown.iter().map(|t| (*t.view()).clone()).collect();
        let others = desk.there().into_iter();
        let others = others.filter(|t| shown.as_ref().is_none_or(|s| s.id != t.id));
        transactions.extend(others.map(|t| (*t.view()).clone()));
        Ok(Html(officer::page(&OfficerPage {
            lane: desk.name().to_owned(),
            viewer,
            transactions,
            error: measured(&desk),
            hold_minutes: HoldMinutes {
                own: retention.hold_minutes,
                order: retention.order_minutes,
            },
        })))
    })
    .await
}

/// What an officer's page already shows.
#[derive(Deserialize)]
pub(in crate::http) struct Seen {
    #[serde(default)]
    seen: String,
}

pub(in crate::http) async fn lane_events(
    State(app): State<App>,
    Path(lane): Path<String>,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Events, Error> {
    let desk = app.service.desk(&lane)?.clone();
    // A stream that is taken up again says what it came to: the address says only what the
    // page showed when it was loaded.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let seen = last.map_or(seen.seen, str::to_owned);
    let viewer = viewer(&app, &headers, identity);
    Ok(lane_events::of(desk, viewer, seen))
}
