//! What the site key vouches for beside the keys of holds.

use crate::LockedKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroize as _;

/// Vouches for what the database says of time and of what is open.
pub(crate) struct StoreKey(LockedKey);

impl StoreKey {
    pub(crate) fn new(site: &LockedKey) -> Self {
        Self(LockedKey::new(keyed(site, b"rowcall/store/v1", b"")))
    }

    pub(crate) fn mac(&self, text: &str) -> [u8; 32] {
        keyed(&self.0, b"rowcall/store-text/v1", text.as_bytes())
    }

    /// In constant time.
    pub(crate) fn is_mac(&self, text: &str, mac: &[u8]) -> bool {
        message(&self.0, b"rowcall/store-text/v1", text.as_bytes())
            .is_some_and(|computed| computed.verify_slice(mac).is_ok())
    }
}

/// Tells a site key apart from another without telling anything else of it.
pub(crate) fn key_check(site: &LockedKey) -> [u8; 32] {
    keyed(site, b"rowcall/site-key-check/v1", b"")
}

fn keyed(key: &LockedKey, domain: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = match message(key, domain, text) {
        Some(mac) => mac.finalize().into_bytes(),
        // HMAC takes a key of any length, so this cannot be.
        None => return [0; 32],
    };
    let result = mac.into();
    mac.zeroize();
    result
}

fn message(key: &LockedKey, domain: &[u8], text: &[u8]) -> Option<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(key.bytes()).ok()?;
    Some(
        mac.chain_update(domain)
            .chain_update([0])
            .chain_update(text),
    )
}
