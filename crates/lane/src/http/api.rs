//! Transactions over HTTP: what the inspection system, readers, cameras and the
//! console ask for.

pub(super) mod documents;
pub(super) mod frames;
pub(super) mod holds;
pub(super) mod lanes;
pub(super) mod officers;
pub(super) mod transactions;

use axum::Json;

use super::{App, blocking};
use crate::{Error, view::TransactionView};

/// Changes a transaction, and shows it.
async fn change(
    app: App,
    id: String,
    act: impl FnOnce(&App, &crate::transaction::Transaction) -> Result<(), Error> + Send + 'static,
) -> Result<Json<TransactionView>, Error> {
    blocking(move || {
        let transaction = app.service.find(&id)?;
        act(&app, &transaction)?;
        Ok(Json((*transaction.view()).clone()))
    })
    .await
}

fn code<T: Copy>(
    all: impl Iterator<Item = T> + Clone,
    of: impl Fn(T) -> &'static str,
    key: &str,
    text: &str,
) -> Result<T, Error> {
    all.clone().find(|known| of(*known) == text).ok_or_else(|| {
        let known: Vec<&str> = all.map(&of).collect();
        Error::request(format_args!("{key}: one of {}", known.join(", ")))
    })
}
