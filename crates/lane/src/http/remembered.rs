//! Idempotency keys: a caller that didn't hear the answer asks again and gets the
//! same one. What is remembered is the answer that the caller had already, under hashes
//! of its key and of what it asked for, and goes with the transaction. Another order
//! under a used key is refused (draft-ietf-httpapi-idempotency-key-header).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rand_core::Rng as _;
use rowcall_custody::system::system_random;
use sha2::{Digest as _, Sha256};

use crate::{Error, people::Identity};

/// A hash with a secret of the process in it: what was hashed can't be found out by
/// trying names or document numbers.
type Hash = [u8; 32];

/// Answers that are remembered: more than all lanes' transactions have documents.
const MOST: usize = 4096;

/// What was answered.
#[derive(Clone)]
pub(super) struct Remembered {
    /// By caller, sort of order and key.
    all: Arc<Mutex<HashMap<Hash, Answer>>>,
    secret: Hash,
}

struct Answer {
    /// What was asked for.
    order: Hash,
    given: Option<Given>,
}

struct Given {
    transaction: String,
    status: StatusCode,
    body: Vec<u8>,
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
    key: Option<Hash>,
}

/// An order as its key is bound to it: what sort of order it is, and all that it says.
pub(super) struct Ordered<'a> {
    pub(super) what: &'a str,
    pub(super) says: &'a [&'a [u8]],
}

impl Default for Remembered {
    fn default() -> Self {
        let mut secret = [0; 32];
        system_random().fill_bytes(&mut secret);
        Self {
            all: Arc::default(),
            secret,
        }
    }
}

impl Remembered {
    /// Looks for the answer to the key that a caller sent, and claims it where there is
    /// none.
    ///
    /// # Errors
    /// If another order came under this key, the same one is being carried out, or too
    /// many are remembered.
    pub(super) fn before(
        &self,
        headers: &HeaderMap,
        identity: &Identity,
        order: &Ordered<'_>,
    ) -> Result<Before, Error> {
        let claim = |key| Claim {
            all: self.clone(),
            key,
        };
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(Before::Nothing(claim(None)));
        };
        if key.is_empty() || key.len() > 128 {
            return Err(Error::request("Idempotency-Key: 1 to 128 bytes"));
        }
        let of = [
            identity.name.as_bytes(),
            order.what.as_bytes(),
            key.as_bytes(),
        ];
        let (key, order) = (self.hash(&of), self.hash(order.says));
        let mut all = self.lock();
        match all.get(&key) {
            Some(before) if before.order != order => Err(Error::request(
                "Idempotency-Key: another order came under this key: a new order has a new key",
            )),
            Some(Answer {
                given: Some(Given { status, body, .. }),
                ..
            }) => Ok(Before::Answered(response(*status, body.clone()))),
            Some(_) => Err(Error::conflict(
                "Idempotency-Key: the same order is being carried out: ask again in a moment",
            )),
            None if all.len() >= MOST => Err(Error::busy(
                "too many Idempotency-Keys are remembered: close transactions that are over",
            )),
            None => {
                all.insert(key, Answer { order, given: None });
                Ok(Before::Nothing(claim(Some(key))))
            }
        }
    }

    fn hash(&self, parts: &[&[u8]]) -> Hash {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// Forgets what was answered about a transaction.
    pub(super) fn forget(&self, transaction: &str) {
        self.keep_only(|of| of != transaction);
    }

    /// Forgets what was answered about all but these.
    pub(super) fn keep_only(&self, lives: impl Fn(&str) -> bool) {
        self.lock().retain(|_, answer| {
            let given = answer.given.as_ref();
            given.is_none_or(|given| lives(&given.transaction))
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Answer>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// Remembers the answer as long as the transaction lives, and gives it.
    pub(super) fn keep(mut self, transaction: &str, status: StatusCode, body: Vec<u8>) -> Response {
        if let Some(key) = self.key.take()
            && let Some(answer) = self.all.lock().get_mut(&key)
        {
            answer.given = Some(Given {
                transaction: transaction.to_owned(),
                status,
                body: body.clone(),
            });
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
