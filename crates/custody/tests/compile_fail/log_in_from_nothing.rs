//! Custody alone gives the one way to officers.

use rowcall_custody::LogIn;
use std::sync::Arc;

fn forge() -> LogIn {
    LogIn(Arc::new(()))
}

fn main() {}
