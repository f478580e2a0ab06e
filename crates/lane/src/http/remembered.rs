//! Idempotency keys: a caller that didn't hear the answer asks again and gets the
//! same one. What is remembered is the answer that the caller had already, under a
//! hash of its key, and goes with the transaction.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};

use crate::{Error, people::Identity};

/// The hash of a caller, an order and its key.
pub(super) type Key = [u8; 32];

/// Answers that are remembered.
const MOST: usize = 256;

/// What was answered.
#[derive(Clone, Default)]
pub(super) struct Remembered(Arc<Mutex<HashMap<Key, Answer>>>);

struct Answer {
    transaction: String,
    status: StatusCode,
    body: Vec<u8>,
}

/// The key that a caller sent, bound to who it is and what it asked for.
pub(super) fn key(
    headers: &HeaderMap,
    identity: &Identity,
    what: &str,
) -> Result<Option<Key>, Error> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    if key.is_empty() || key.len() > 128 {
        return Err(Error::request("Idempotency-Key: 1 to 128 bytes"));
    }
    let mut hash = Sha256::new();
    for part in [identity.name.as_bytes(), what.as_bytes(), key.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Ok(Some(hash.finalize().into()))
}

impl Remembered {
    pub(super) fn get(&self, key: Option<&Key>) -> Option<Response> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = all.get(key?)?;
        Some(response(answer.status, answer.body.clone()))
    }

    pub(super) fn keep(
        &self,
        key: Option<Key>,
        transaction: &str,
        status: StatusCode,
        body: Vec<u8>,
    ) -> Response {
        if let Some(key) = key {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() < MOST {
                all.insert(
                    key,
                    Answer {
                        transaction: transaction.to_owned(),
                        status,
                        body: body.clone(),
                    },
                );
            }
        }
        response(status, body)
    }

    /// Forgets what was answered about a transaction.
    pub(super) fn forget(&self, transaction: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, answer| answer.transaction != transaction);
    }

    /// Forgets what was answered about all but these.
    pub(super) fn keep_only(&self, lives: impl Fn(&str) -> bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, answer| lives(&answer.transaction));
    }
}

fn response(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
