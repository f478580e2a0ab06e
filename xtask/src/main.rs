//! Developer tasks: `cargo xtask check`.
fn main() {}
