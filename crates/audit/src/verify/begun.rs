//! What an append has begun to write when somebody verifies the log.
//!
//! The rule: a file, or an empty folder, that the checkpoint doesn't call for is an
//! append's if it has a place and name that an append gives, a process has the log open
//! for writing, and within [`PATIENCE`] it is gone or a later checkpoint calls for it.
//! Whatever else there is doesn't belong to the log: a copy has no writer, and nothing
//! that lies there for long is being written.

use super::expected::Expected;
use crate::folder::growing::{self, PATIENCE, PAUSE};
use crate::folder::{CHECKPOINT, PARTIALS, durable};
use crate::tile::{Kind, MAX_LEVEL, Tile};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Instant;

/// The most files that one append may have begun.
const MAX: usize = 10_000;

/// One of them, and how it could come to be right.
enum Form {
    /// Under `tmp/`: it goes. The next one may have its name.
    Temporary { first_seen: Option<Identity> },
    /// A tile: a checkpoint covers it, or it goes.
    Tile(Tile),
    /// An empty folder: something is put into it, or it goes.
    Folder,
}

/// Inode and time of its last change.
type Identity = (u64, i64, i64);

/// All that the walk came across.
pub(super) struct Begun<'a> {
    log: &'a Path,
    all: Vec<(String, Form)>,
}

impl<'a> Begun<'a> {
    pub(super) fn new(log: &'a Path) -> Self {
        let all = Vec::new();
        Self { log, all }
    }

    /// Takes a regular file that the checkpoint doesn't call for, if an append could
    /// have begun it.
    pub(super) fn take_file(&mut self, name: &str) -> bool {
        let form = match Tile::parse(name) {
            Ok(tile) => is_of_a_log(&tile).then_some(Form::Tile(tile)),
            Err(_) => durable::target_of(name)
                .filter(|to| {
                    let tile = Tile::parse(to).is_ok_and(|tile| is_of_a_log(&tile));
                    tile || [CHECKPOINT, PARTIALS].contains(&to.as_str())
                })
                .map(|_| Form::Temporary {
                    first_seen: self.identity(name),
                }),
        };
        let taken = form.filter(|_| self.all.len() < MAX);
        let is_taken = taken.is_some();
        self.all.extend(taken.map(|form| (name.to_owned(), form)));
        is_taken
    }

    /// Takes an empty folder, if an append could have made it or be about to remove it.
    pub(super) fn take_folder(&mut self, name: &str) -> bool {
        let could = name == "tile" || name.starts_with("tile/");
        let taken = could && self.all.len() < MAX;
        if taken {
            self.all.push((name.to_owned(), Form::Folder));
        }
        taken
    }

    /// Waits until all of it has come to be right; the first that hasn't, and whether
    /// that is a folder.
    pub(super) fn settle(mut self) -> Result<(), (String, bool)> {
        let begun = Instant::now();
        loop {
            // Asked first: what a writer did before it ended is seen below.
            let writing = growing::has_writer(self.log);
            let mut all = std::mem::take(&mut self.all);
            let now = match all.is_empty() {
                true => return Ok(()),
                false => Expected::now(self.log),
            };
            all.retain(|(name, form)| !self.is_right(name, form, now.as_ref()));
            self.all = all;
            if !self.all.is_empty() && (!writing || begun.elapsed() > PATIENCE) {
                let (name, form) = self.all.swap_remove(0);
                return Err((name, matches!(form, Form::Folder)));
            }
            if !self.all.is_empty() {
                std::thread::sleep(PAUSE);
            }
        }
    }

    fn is_right(&self, name: &str, form: &Form, now: Option<&Expected>) -> bool {
        match form {
            // It may have gone before anybody could see what it was.
            Form::Temporary { first_seen } => {
                let now = self.identity(name);
                now.is_none() || now != *first_seen
            }
            Form::Tile(tile) => {
                growing::is_missing(self.log, *tile)
                    || now.is_some_and(|now| now.has(tile) || now.supersedes(tile))
            }
            Form::Folder => match std::fs::read_dir(self.log.join(name)) {
                Ok(mut items) => items.next().is_some(),
                Err(e) => e.kind() == std::io::ErrorKind::NotFound,
            },
        }
    }

    fn identity(&self, name: &str) -> Option<Identity> {
        let found = std::fs::symlink_metadata(self.log.join(name)).ok()?;
        Some((found.ino(), found.ctime(), found.ctime_nsec()))
    }
}

fn is_of_a_log(tile: &Tile) -> bool {
    !matches!(tile.kind, Kind::Hashes(level) if level > MAX_LEVEL)
}

#[cfg(test)]
mod tests {
    use super::Begun;

    /// Between listing a folder and looking at a file in it an append goes on.
    #[test]
    fn a_file_that_goes_before_it_is_looked_at_is_gone() {
        let log = tempfile::tempdir().expect("a folder");
        let mut begun = Begun::new(log.path());
        assert!(begun.take_file("tmp/0001-checkpoint"));
        assert_eq!(begun.settle(), Ok(()));
    }

    #[test]
    fn a_file_that_stays_without_a_writer_is_a_stray() {
        let log = tempfile::tempdir().expect("a folder");
        let name = "tmp/0001-checkpoint";
        std::fs::create_dir(log.path().join("tmp")).expect("a folder");
        std::fs::write(log.path().join(name), "").expect("a file");
        let mut begun = Begun::new(log.path());
        assert!(begun.take_file(name));
        assert_eq!(begun.settle(), Err((name.to_owned(), false)));
    }
}
