//! The right edge of a growing tree: all that is needed to append to it.

use super::Hash;

/// The roots of the complete subtrees of a tree's right edge, largest first:
/// one for every bit that is set in the size.
#[derive(Clone, Debug, Default)]
pub struct CompactRange {
    size: u64,
    roots: Vec<Hash>,
}

impl CompactRange {
    /// The tree with no entry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up the right edge of a tree of `size` entries. `None` unless there
    /// is one root for every bit set in `size`.
    pub fn from_roots(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (roots.len() == size.count_ones() as usize).then_some(Self { size, roots })
    }

    /// The roots that [`CompactRange::from_roots`] takes up.
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// How many entries the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_subtree(leaf, 0);
    }

    /// Appends a complete subtree of `2^level` entries, whose place must be
    /// aligned: the size so far is a multiple of `2^level`.
    pub(crate) fn push_subtree(&mut self, root: Hash, level: u32) {
        debug_assert_eq!(self.size % (1 << level), 0);
        let mut root = root;
        // A set bit is a complete left sibling of what has just been completed.
        let mut bits = self.size >> level;
        while bits & 1 == 1 {
            let Some(left) = self.roots.pop() else { break };
            root = Hash::node(&left, &root);
            bits >>= 1;
        }
        self.roots.push(root);
        self.size += 1 << level;
    }

    /// The tree's root (RFC 6962, section 2.1: MTH).
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else {
            return Hash::empty();
        };
        roots.fold(*last, |right, left| Hash::node(left, &right))
    }
}
