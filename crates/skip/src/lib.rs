//! Tests that can't run on this machine: each says so where it stands, and one closing
//! line counts them all. CI skips nothing: there they fail.
//!
//! Every test binary is a process of its own, so that they meet in a folder beside the
//! target folder's binaries; whoever started them (`cargo test`) tells one run's from
//! another's.

#![forbid(unsafe_code)]

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Says that what follows can't run here, `why` in words that say what to install or
/// where to find it.
///
/// # Panics
/// In CI (`CI` is set), which skips nothing.
pub fn skip(why: &str) {
    let test = std::thread::current().name().unwrap_or("main").to_owned();
    assert!(
        std::env::var_os("CI").is_none(),
        "CI skips nothing, and {test} can't run: {why}"
    );
    // Straight to the terminal: the test harness hides what it captures.
    let _ = writeln!(io::stderr(), "SKIPPED {test}: {why}");
    if let Some(folder) = folder() {
        let name = format!("{}-{}", run(), test.replace("::", "."));
        let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(name), why));
    }
}

/// A folder of the data that stand beside a checkout (`ROWCALL_SHARED`, or `../shared`);
/// where they are absent the caller's test is skipped, since they may not be handed on.
///
/// # Panics
/// As [`skip`].
pub fn shared(what: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("ROWCALL_SHARED").map_or_else(beside, PathBuf::from);
    let path = shared.join(what);
    if path.exists() {
        return Some(path);
    }
    skip(&format!(
        "the shared data (ROWCALL_SHARED) have no {what} here"
    ));
    None
}

/// What was skipped in this run so far, in one line; `None` if nothing was. What earlier
/// runs left behind is cleared away.
pub fn closing_line() -> Option<String> {
    let folder = folder()?;
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(folder).ok()?.filter_map(Result::ok) {
        let name = entry.file_name();
        let own = format!("{}-", run());
        if name.to_string_lossy().starts_with(&own)
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            *why.entry(text).or_default() += 1;
        }
        let _ = fs::remove_file(entry.path());
    }
    line(&why)
}

fn line(why: &BTreeMap<String, usize>) -> Option<String> {
    let all: usize = why.values().sum();
    let each: Vec<String> = why.iter().map(|(w, n)| format!("{n}: {w}")).collect();
    (all > 0).then(|| {
        format!(
            "SKIPPED {all} tests in all, which count as passed above. {}",
            each.join("; ")
        )
    })
}

/// Whose run this is.
fn run() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    return 0;
}

/// The target folder's own, whichever it is.
fn folder() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let profile = program.ancestors().find(|p| p.join("deps").is_dir())?;
    Some(profile.join("skipped-tests"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    #[test]
    fn one_line_says_how_many_and_why() {
        let mut why = BTreeMap::new();
        assert_eq!(super::line(&why), None);
        why.insert("no browser".to_owned(), 2);
        why.insert("no data".to_owned(), 30);
        let said = super::line(&why).expect("a line");
        assert!(said.starts_with("SKIPPED 32 tests in all"), "{said}");
        assert!(said.ends_with("2: no browser; 30: no data"), "{said}");
    }
}
