//! The console in a real browser: every page by itself, the officer's keys against a
//! stand-in, and a demonstration from log-in to log-out.

mod common;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use common::{Demo, PASSWORD};

/// The folder of the browser's scripts, with what they need; none where a part isn't
/// installed, which is said. CI skips nothing.
fn scripts() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lane/tests/browser");
    let runs = |program: &str| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    let chromium = std::env::var("CHROMIUM").unwrap_or("/usr/bin/chromium".into());
    let missing: Vec<&str> = [
        (!runs("node"), "node"),
        (!runs(&chromium), "chromium"),
        (
            !folder.join("node_modules/playwright-core").is_dir(),
            "playwright-core (npm ci --prefix crates/lane/tests/browser)",
        ),
    ]
    .into_iter()
    .filter_map(|(is, what)| is.then_some(what))
    .collect();
    if missing.is_empty() {
        return Some(folder);
    }
    rowcall_skip::skip(&format!("the browser's tests need {missing:?}"));
    None
}

fn run(script: &str, folder: &Path, arguments: &[&str]) {
    let output = Command::new("node")
        .arg(folder.join(script))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{said}\n{complained}");
    println!("{said}");
}

#[test]
fn every_page_is_accessible_and_an_officer_needs_no_mouse() {
    let Some(folder) = scripts() else { return };
    let pages = tempfile::tempdir().expect("a folder");
    let example = Path::new(env!("CARGO_BIN_EXE_rowcall")).with_file_name("examples/console_pages");
    if !example.exists() {
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "-p",
                "rowcall-lane",
                "--example",
                "console_pages",
            ])
            .status();
        assert!(
            built.is_ok_and(|status| status.success()),
            "the example is built"
        );
    }
    let made = Command::new(example).arg(pages.path()).status();
    assert!(made.is_ok_and(|status| status.success()), "pages are made");
    let pages = pages.path().to_string_lossy();
    run("pages.mjs", &folder, &[&pages]);
    run("walk.mjs", &folder, &[&pages]);
}

#[test]
fn a_demonstration_is_walked_from_log_in_to_the_verified_log() {
    let Some(folder) = scripts() else { return };
    let demo = Demo::start(&["--fast", "--two-officers"]);
    let shots = std::env::var("ROWCALL_SCREENSHOTS").unwrap_or_default();
    run(
        "live.mjs",
        &folder,
        &[&format!("http://{}", demo.address), PASSWORD, &shots],
    );
}
