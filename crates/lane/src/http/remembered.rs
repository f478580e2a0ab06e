//! Idempotency keys: a caller that didn't hear the answer asks again and gets the
//! same one. What is remembered is the answer that the caller had already, under a
//! hash of its key, and goes with the transaction.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest as _, Sha256};

use crate::{Error, people::Identity};

/// The hash of a caller, an order and its key.
pub(super) type Key = [u8; 32];

/// Answers that are remembered: more than all lanes' transactions have documents.
const MOST: usize = 4096;

/// What was answered.
#[derive(Clone, Default)]
pub(super) struct Remembered(Arc<Mutex<HashMap<Key, Answer>>>);

enum Answer {
    /// It is being worked out.
    Pending,
    Given {
        transaction: String,
        status: StatusCode,
        body: Vec<u8>,
    },
}

/// What is known of an order as it comes.
pub(super) enum Before {
    /// It was answered.
    Answered(Response),
    /// It comes for the first time, or without a key.
    Nothing(Claim),
}

/// A key whose answer is being worked out; one that is let go of without an answer may
/// be used again.
pub(super) struct Claim {
    all: Remembered,
    key: Option<Key>,
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
    /// Looks for the answer to a key, and claims it where there is none.
    ///
    /// # Errors
    /// If the same order is being carried out, or too many are remembered.
    pub(super) fn before(&self, key: Option<Key>) -> Result<Before, Error> {
        let claim = |key| Claim {
            all: self.clone(),
            key,
        };
        let Some(key) = key else {
            return Ok(Before::Nothing(claim(None)));
        };
        let mut all = self.lock();
        match all.get(&key) {
            Some(Answer::Given { status, body, .. }) => {
                Ok(Before::Answered(response(*status, body.clone())))
            }
            Some(Answer::Pending) => Err(Error::conflict(
                "Idempotency-Key: the same order is being carried out: ask again in a moment",
            )),
            None if all.len() >= MOST => Err(Error::busy(
                "too many Idempotency-Keys are remembered: close transactions that are over",
            )),
            None => {
                all.insert(key, Answer::Pending);
                Ok(Before::Nothing(claim(Some(key))))
            }
        }
    }

    /// Forgets what was answered about a transaction.
    pub(super) fn forget(&self, transaction: &str) {
        self.keep_only(|of| of != transaction);
    }

    /// Forgets what was answered about all but these.
    pub(super) fn keep_only(&self, lives: impl Fn(&str) -> bool) {
        self.lock().retain(|_, answer| match answer {
            Answer::Pending => true,
            Answer::Given { transaction, .. } => lives(transaction),
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// Remembers the answer as long as the transaction lives, and gives it.
    pub(super) fn keep(mut self, transaction: &str, status: StatusCode, body: Vec<u8>) -> Response {
        if let Some(key) = self.key.take() {
            let answer = Answer::Given {
                transaction: transaction.to_owned(),
                status,
                body: body.clone(),
            };
            self.all.lock().insert(key, answer);
        }
        response(status, body)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.all.lock().remove(&key);
        }
    }
}

fn response(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
