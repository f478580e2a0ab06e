//! Keys on pages of their own, locked in memory where the system permits it.

use super::protection::Protection;
use zeroize::{Zeroize, Zeroizing};

/// A 32-byte key on a page that nothing else is on, locked in memory if the
/// system allows, zeroized on drop.
pub struct LockedKey {
    pages: Zeroizing<Vec<u8>>,
    at: usize,
    protection: Protection,
    guard: Option<region::LockGuard>,
}

impl Drop for LockedKey {
    /// Wiped, then unlocked, then freed: unlocking a page that is free already
    /// would unlock whatever key came to lie there since.
    fn drop(&mut self) {
        self.pages.zeroize();
        self.guard = None;
    }
}

impl LockedKey {
    /// Moves a key in; the argument is wiped.
    pub fn new(mut key: [u8; 32]) -> Self {
        let page = region::page::size();
        // Two pages hold one whole page, wherever the allocation begins.
        let mut pages = Zeroizing::new(vec![0_u8; 2 * page]);
        let at = pages.as_ptr().align_offset(page).min(page);
        let lock = region::lock(pages[at..].as_ptr(), page);
        pages[at..at + 32].copy_from_slice(&key);
        key.zeroize();
        let protection = match &lock {
            Ok(_) => Protection::InForce,
            Err(e) => Protection::Missing(e.to_string()),
        };
        Self {
            pages,
            at,
            protection,
            guard: lock.ok(),
        }
    }

    /// Whether its page is locked.
    pub fn protection(&self) -> &Protection {
        &self.protection
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.pages[self.at..]
            .first_chunk()
            .unwrap_or(const { &[0; 32] })
    }
}

impl std::fmt::Debug for LockedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockedKey(withheld)")
    }
}
