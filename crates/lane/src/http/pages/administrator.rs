//! What the administrator's page shows.

use std::collections::BTreeSet;

use axum::{Extension, extract::State, http::HeaderMap, response::Html};
use jiff::{Timestamp, civil::Date, tz::Offset};
use rowcall_pipeline::zones::never_held;

use super::{App, viewer};
use crate::{
    Error,
    console::administrator::{self, AdministratorPage, Camera, Token, Trust, User},
    http::blocking,
    people::Identity,
};

pub(super) async fn page(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let viewer = viewer(&app, &headers, identity);
    blocking(move || {
        let service = &app.service;
        let by = viewer.user.clone();
        let users = service.store.users()?.into_iter().map(|user| User {
            role: super::shown_role(user.role),
            name: user.name,
            must_change: user.must_change,
        });
        let tokens = service.store.tokens()?.into_iter().map(|token| Token {
            id: token.id,
            label: token.label,
            until: day(token.until * 60),
        });
        let page = AdministratorPage {
            viewer,
            users: users.collect(),
            tokens: tokens.collect(),
            trust: trust(&app),
            // Nothing starts with one.
            unreadable: Vec::new(),
            cameras: cameras(&app, &by),
            today: service.today(),
        };
        Ok(Html(administrator::page(&page)))
    })
    .await
}

/// Every certificate once, those that end first first.
fn trust(app: &App) -> Vec<Trust> {
    let mut seen = BTreeSet::new();
    let desks = app.service.desks.values();
    let entries = desks.flat_map(|desk| desk.equipment.trust.entries());
    let entries = entries.filter(|entry| seen.insert(entry.sha256.clone()));
    let mut all: Vec<Trust> = entries
        .map(|entry| Trust {
            country: entry.country,
            subject: entry.subject,
            source: entry.source,
            until: entry.not_after,
        })
        .collect();
    all.sort_by_key(|trust| (trust.until.is_none(), trust.until));
    all
}

/// Every camera; in a set-up, with the seats whose zones held nobody so far.
fn cameras(app: &App, by: &str) -> Vec<Camera> {
    let mut all = Vec::new();
    for desk in app.service.desks.values() {
        let live = app.service.set_up_of(desk.name(), by).ok();
        for (layout, lane) in desk.layouts() {
            all.extend(lane.cameras.iter().map(|camera| {
                Camera {
                    lane: desk.name().to_owned(),
                    layout: layout.to_owned(),
                    name: camera.name.clone(),
                    seats: camera.zones.len(),
                    never_seen: live
                        .as_ref()
                        .map(|live| never_held(camera, &live.faces(layout, &camera.name)))
                        .unwrap_or_default(),
                }
            }));
        }
    }
    all
}

/// The day of a second since 1970, UTC.
fn day(second: i64) -> Date {
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    Offset::UTC.to_datetime(at).date()
}
