//! Inclusion and consistency proofs (RFC 6962, sections 2.1.1 and 2.1.2).

use super::{CompactRange, Hash};
use crate::Error;

/// Where stored hashes come from.
pub trait HashReader {
    /// The root of the complete subtree of `2^level` entries that starts at
    /// entry `index · 2^level`.
    ///
    /// # Errors
    /// If the subtree cannot be read.
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Error>;
}

/// The root of the tree of the first `size` entries.
///
/// # Errors
/// If a stored hash cannot be read.
pub fn tree_root(hashes: &impl HashReader, size: u64) -> Result<Hash, Error> {
    if size == 0 {
        return Ok(Hash::empty());
    }
    range_hash(hashes, 0, size)
}

/// The right edge of the tree of the first `size` entries.
///
/// # Errors
/// If a stored hash cannot be read.
pub fn tree_edge(hashes: &impl HashReader, size: u64) -> Result<CompactRange, Error> {
    let roots = complete_parts(0, size)
        .map(|(level, index)| hashes.subtree(level, index))
        .collect::<Result<Vec<_>, _>>()?;
    CompactRange::from_roots(size, roots).ok_or_else(|| Error::us("a tree's edge of another size"))
}

/// The inclusion proof of entry `index` in the tree of `size` entries: the
/// audit path, from the leaf's sibling up.
///
/// # Errors
/// If the tree has no such entry, or a stored hash cannot be read.
pub fn prove_inclusion(
    hashes: &impl HashReader,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, Error> {
    if index >= size {
        return Err(Error::operator(format!(
            "there is no entry {index} in a log of {size} entries (the first is entry 0)"
        )));
    }
    let mut path = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let split = start + largest_power_below(end - start);
        if index < split {
            path.push(range_hash(hashes, split, end)?);
            end = split;
        } else {
            path.push(range_hash(hashes, start, split)?);
            start = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` entries is a prefix of the tree of `new`.
///
/// # Errors
/// If `old` is beyond `new`, or a stored hash cannot be read.
pub fn prove_consistency(hashes: &impl HashReader, old: u64, new: u64) -> Result<Vec<Hash>, Error> {
    if old > new {
        return Err(Error::operator(format!(
            "the log has {new} entries, fewer than the {old} to prove it consistent with"
        )));
    }
    let mut path = Vec::new();
    if old == 0 || old == new {
        return Ok(path);
    }
    let (mut start, mut end, mut whole) = (0, new, true);
    while end != old {
        let split = start + largest_power_below(end - start);
        if old <= split {
            path.push(range_hash(hashes, split, end)?);
            end = split;
        } else {
            path.push(range_hash(hashes, start, split)?);
            start = split;
            whole = false;
        }
    }
    // The old tree's own root is left out where it is a node of the new tree.
    if !whole {
        path.push(range_hash(hashes, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that `leaf` is entry `index` of the tree of `size` entries under
/// `root` (RFC 9162, section 2.1.3.2, the same tree with the algorithm written
/// out).
pub fn check_inclusion(path: &[Hash], index: u64, leaf: Hash, size: u64, root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = Hash::node(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = Hash::node(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Checks that the tree `(old, old_root)` is a prefix of the tree
/// `(new, new_root)` (RFC 9162, section 2.1.4.2).
pub fn check_consistency(
    path: &[Hash],
    old: u64,
    old_root: Hash,
    new: u64,
    new_root: Hash,
) -> bool {
    if old > new {
        return false;
    }
    if old == 0 {
        return path.is_empty() && old_root == Hash::empty();
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    let mut path = path.iter();
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let first = if old.is_power_of_two() {
        old_root
    } else {
        match path.next() {
            Some(hash) => *hash,
            None => return false,
        }
    };
    let (mut from_old, mut from_new) = (first, first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            from_old = Hash::node(sibling, &from_old);
            from_new = Hash::node(sibling, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = Hash::node(&from_new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == old_root && from_new == new_root
}

/// The largest power of two that is smaller than `n`, which is at least 2.
fn largest_power_below(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// MTH(D[start:end]) from stored complete subtrees. `start` is a multiple of
/// the largest power of two below `end - start`, as RFC 6962's splits are.
fn range_hash(hashes: &impl HashReader, start: u64, end: u64) -> Result<Hash, Error> {
    let parts = complete_parts(start, end)
        .map(|(level, index)| hashes.subtree(level, index))
        .collect::<Result<Vec<_>, _>>()?;
    let mut parts = parts.into_iter().rev();
    let Some(last) = parts.next() else {
        return Ok(Hash::empty());
    };
    Ok(parts.fold(last, |right, left| Hash::node(&left, &right)))
}

/// The complete subtrees, by level and index, that `start..end` consists of.
fn complete_parts(start: u64, end: u64) -> impl Iterator<Item = (u32, u64)> {
    let mut at = start;
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let level = 63 - (end - at).leading_zeros();
        let part = (level, at >> level);
        at += 1 << level;
        Some(part)
    })
}
