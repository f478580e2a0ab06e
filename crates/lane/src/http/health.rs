//! Whether the service lives and can be used.

use axum::{Json, extract::State};
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
