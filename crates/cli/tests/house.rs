//! The arrows of the house: what depends on what is what ARCHITECTURE.md says, and
//! nothing comes back to where it began.

#[path = "house/circles.rs"]
mod circles;
#[path = "house/modules.rs"]
mod modules;
#[path = "house/tokens.rs"]
mod tokens;
#[path = "house/words.rs"]
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The table's rows: a crate, and what it may depend on; none for `all but`.
fn table(text: &str) -> BTreeMap<String, Option<BTreeSet<String>>> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let rows = rows.filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let [name, _, depends] = cells.as_slice() else {
            return None;
        };
        let names = |cell: &str| -> BTreeSet<String> {
            let parts = cell.split('`').skip(1).step_by(2);
            parts.map(str::to_owned).collect()
        };
        let own = names(name).into_iter().next()?;
        let all = depends.trim().starts_with("all but");
        Some((own, (!all).then(|| names(depends))))
    });
    rows.collect()
}

#[test]
fn nothing_depends_on_what_the_table_does_not_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let table = table(&text);
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(&root)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let house: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut wrong = Vec::new();
    let mut found = BTreeSet::new();
    for package in house["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let own = match name {
            "rowcall" => "cli",
            "xtask" => continue,
            other => other.trim_start_matches("rowcall-"),
        };
        found.insert(own.to_owned());
        let Some(allowed) = table.get(own) else {
            wrong.push(format!("{own} isn't in the table"));
            continue;
        };
        let Some(allowed) = allowed else { continue };
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["name"].as_str().expect("a name");
            let Some(of) = name.strip_prefix("rowcall-") else {
                continue;
            };
            // What tests use is no arrow.
            if dependency["kind"].is_null() && !allowed.contains(of) {
                wrong.push(format!("{own} uses {of}"));
            }
        }
    }
    let gone = table.keys().filter(|own| !found.contains(*own));
    wrong.extend(gone.map(|own| format!("{own} is in the table and isn't there")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whoever depends on the crate of templates can compare them: the room that makes
/// them, the decision, and measuring. Those two that decide keep to their own door.
#[test]
fn nothing_of_a_lane_can_open_a_template() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut may = BTreeMap::new();
    for entry in std::fs::read_dir(root.join("crates")).expect("crates") {
        let folder = entry.expect("a crate").path();
        let name = folder.file_name().expect("a name").to_string_lossy();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("TOML");
        let depends = |on: &str| {
            let own = manifest.get("dependencies").and_then(toml::Value::as_table);
            own.is_some_and(|own| own.contains_key(on))
        };
        may.insert(
            name.into_owned(),
            (depends("rowcall-template"), depends("rowcall-evaluate")),
        );
    }
    let who = |door: fn(&(bool, bool)) -> bool| -> Vec<&str> {
        let able = may.iter().filter(|(_, depends)| door(depends));
        able.map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(who(|d| d.0), ["evaluate", "face", "rollcall"]);
    assert_eq!(who(|d| d.1), ["cli"]);
    // The decision has the three comparisons, and nobody hands either door on.
    let mut wrong = Vec::new();
    for (name, words) in [
        ("rollcall", ["danger", "pub use rowcall_template"]),
        ("face", ["comparison::", "pub use rowcall_template::danger"]),
    ] {
        for file in sources(&root.join("crates").join(name).join("src")) {
            let text = std::fs::read_to_string(&file).expect("a source");
            let found = words.iter().filter(|word| text.contains(**word));
            wrong.extend(found.map(|word| format!("{} says {word}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let all = paths.map(|path| match path.is_dir() {
        true => sources(&path),
        false => vec![path],
    });
    all.flatten().collect()
}

/// What a port's hub will be built on can't name an image or a template.
#[test]
fn the_log_and_the_drift_alarms_know_no_picture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for (name, may) in [
        ("audit", &["words"][..]),
        ("drift", &["words"]),
        ("words", &[]),
    ] {
        let depends = table(&text).remove(name).expect("a row").expect("names");
        let may: BTreeSet<String> = may.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(depends, may, "{name}");
        let manifest = root.join("crates").join(name).join("Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).expect("a manifest");
        let direct = manifest
            .split("[dev-dependencies]")
            .next()
            .unwrap_or_default();
        let direct = direct.replace("\nrowcall-words.", "\nwords.");
        for none in ["rowcall-", "image", "png"] {
            assert!(!direct.contains(&format!("\n{none}")), "{name} uses {none}");
        }
    }
}
