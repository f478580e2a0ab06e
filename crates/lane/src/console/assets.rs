//! What pages need beside themselves: style sheets and scripts, compiled in.

use sha2::{Digest, Sha256};

/// A file that pages ask for.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name, such as `console.css`.
    pub name: &'static str,
    /// For `content-type`.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal: $content_type:literal,)+) => {
        &[$(Asset {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!("../../web/", $name)),
        },)+]
    };
}

/// Every file.
pub const ALL: &[Asset] = assets! {
    "administrator.js": "text/javascript; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "officer.js": "text/javascript; charset=utf-8",
    "theme.js": "text/javascript; charset=utf-8",
    "zones.js": "text/javascript; charset=utf-8",
};

/// The file of a name.
pub fn named(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}

/// Where pages ask for a file: `/web/NAME?v=…`, which changes with its content, so
/// that it can be served as immutable.
pub fn path(name: &str) -> String {
    let bytes = named(name).map_or(&[][..], |asset| asset.bytes);
    let digest = Sha256::digest(bytes);
    let version = base16ct::lower::encode_string(&digest[..4]);
    format!("/web/{name}?v={version}")
}
