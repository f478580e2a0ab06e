//! The Merkle tree of RFC 6962, section 2.1, over SHA-256.

mod proof;
mod range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::fmt;

pub use proof::{
    HashReader, check_consistency, check_inclusion, prove_consistency, prove_inclusion, tree_edge,
    tree_root,
};
pub use range::CompactRange;

/// A SHA-256 hash: of a leaf, of a node, or of a whole tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// `SHA-256(0x00 || entry)`: the hash of a leaf (RFC 6962, section 2.1).
    pub fn leaf(entry: &[u8]) -> Self {
        Self(
            Sha256::new()
                .chain_update([0])
                .chain_update(entry)
                .finalize()
                .into(),
        )
    }

    /// `SHA-256(0x01 || left || right)`: the hash of a node (same section).
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut input = [0_u8; 65];
        input[0] = 1;
        input[1..33].copy_from_slice(&left.0);
        input[33..].copy_from_slice(&right.0);
        Self(Sha256::digest(input).into())
    }

    /// `SHA-256()`: the hash of the tree with no entry (same section).
    pub fn empty() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// Standard base64 (RFC 4648, section 4), as checkpoints and proofs carry it.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads [`Hash::to_base64`]; `None` unless it is exactly that form.
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

#[cfg(test)]
mod tests;
