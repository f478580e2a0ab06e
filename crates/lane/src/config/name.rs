//! Names in a service file.

/// Whether a lane or a station can be called so.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    (1..=40).contains(&name.len()) && name.bytes().all(fits)
}
