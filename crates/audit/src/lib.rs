//! An append-only audit log that outsiders can verify.
