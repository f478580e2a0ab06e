//! Checkpoints (C2SP tlog-checkpoint): a tree's size and root, signed.

use crate::tile::MAX_SIZE;
use crate::{Error, Hash, KeyName};

/// The body of a checkpoint: the signed statement "the log `origin` has these
/// `size` entries, and their tree's root is `root`". This crate neither writes
/// nor accepts extension lines: nothing could audit them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also its key's.
    pub origin: KeyName,
    /// How many entries the tree has.
    pub size: u64,
    /// The tree's root.
    pub root: Hash,
}

impl Checkpoint {
    /// The note's text: three lines.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Reads [`Checkpoint::to_text`]; any other form is refused.
    ///
    /// # Errors
    /// If it is not a checkpoint of a log of at most 2⁴⁰ entries.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Error::log(format!("not a checkpoint: {why}"));
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(refuse("fewer than three lines"));
        };
        let checkpoint = Self {
            origin: KeyName::new(origin).map_err(|_| refuse("its origin is no log's name"))?,
            size: size
                .parse()
                .ok()
                .filter(|size| *size <= MAX_SIZE)
                .ok_or_else(|| refuse("its second line is no tree size"))?,
            root: Hash::from_base64(root).ok_or_else(|| refuse("its third line is no hash"))?,
        };
        (checkpoint.to_text() == text)
            .then_some(checkpoint)
            .ok_or_else(|| refuse("more lines, or not in its canonical form"))
    }
}
