//! Transactions over HTTP: what the inspection system, readers, cameras and the
//! console ask for.

pub(super) mod documents;
pub(super) mod frames;
pub(super) mod holds;
pub(super) mod lanes;
pub(super) mod officers;
pub(super) mod transactions;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::{App, blocking};
use crate::{Error, transaction::Transaction, view::TransactionView};

/// The open transaction that a path names, and where it is.
pub(super) struct Asked {
    pub(super) app: App,
    pub(super) transaction: Arc<Transaction>,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Path(named) = named.map_err(|e| Error::request(e.body_text()))?;
        let id = named.get("id").map_or("", String::as_str);
        Ok(Self {
            app: app.clone(),
            transaction: app.service.find(id)?,
        })
    }
}

impl Asked {
    /// Does what may wait for a disk or for arithmetic.
    pub(super) async fn wait<T: Send + 'static>(
        self,
        act: impl FnOnce(&App, &Arc<Transaction>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        blocking(move || act(&self.app, &self.transaction)).await
    }

    /// Changes the transaction, and shows it.
    async fn change(
        self,
        act: impl FnOnce(&App, &Transaction) -> Result<(), Error> + Send + 'static,
    ) -> Result<Json<TransactionView>, Error> {
        self.wait(move |app, transaction| {
            act(app, transaction)?;
            Ok(Json((*transaction.view()).clone()))
        })
        .await
    }
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
