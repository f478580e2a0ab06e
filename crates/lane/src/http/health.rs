//! Whether the service lives and can be used, and what it counts.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::App;

/// That it answers.
#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
}

pub(super) async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

pub(super) async fn ready(State(app): State<App>) -> Result<Json<Health>, crate::Error> {
    // Custody answers, and so do log and store behind it.
    super::blocking(move || Ok(app.service.custody().holds()?)).await?;
    Ok(Json(Health { status: "ok" }))
}

pub(super) async fn metrics(State(app): State<App>) -> Result<Response, crate::Error> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], app.service.metrics_text()?).into_response())
}
