use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_syntax::{ast::Entry, parser, serializer};
use rowcall_words::finding::code::Code;
use strum::IntoEnumIterator as _;

use crate::console::{
    Language, assets,
    words::{ENGLISH, SPANISH},
};

/// Each message and the arguments that it takes.
fn messages(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages = BTreeMap::new();
    for source in sources {
        let mut resource = parser::parse(*source).expect("sound Fluent");
        let entries = std::mem::take(&mut resource.body);
        for entry in entries {
            let Entry::Message(message) = &entry else {
                continue;
            };
            let key = message.id.name.to_owned();
            resource.body = vec![entry];
            let text = serializer::serialize(&resource);
            let word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            let arguments = text.split('$').skip(1);
            let arguments = arguments.map(|rest| rest.split(|c| !word(c)).next().unwrap_or(""));
            let arguments = arguments.map(str::to_owned).collect();
            assert!(
                messages.insert(key.clone(), arguments).is_none(),
                "{key} stands twice"
            );
        }
    }
    messages
}

#[test]
fn languages_have_the_same_messages() {
    assert_eq!(messages(ENGLISH), messages(SPANISH));
}

#[test]
fn languages_are_found_by_tag() {
    let cases = [
        ("es", Some(Language::Spanish)),
        ("es-AR,en;q=0.5", Some(Language::Spanish)),
        ("fr, en-GB;q=0.8", Some(Language::English)),
        ("EN", Some(Language::English)),
        ("fr", None),
        ("", None),
        (";;,,-", None),
    ];
    for (header, expected) in cases {
        assert_eq!(Language::accepted(header), expected, "{header}");
    }
}

fn files(folder: &Path, into: &mut String) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => files(&path, into),
            false => {
                let bytes = fs::read(path).expect("a file");
                into.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }
}

/// Kinds of messages that are named after codes of the program.
const KINDS: &[&str] = &[
    "alarm-advice-",
    "alarm-stage-",
    "camera-",
    "destroyed-",
    "finding-",
    "health-",
    "hold-",
    "picture-cue-",
    "inclination-",
    "kind-",
    "missing-",
    "quality-",
    "reason-",
    "role-",
    "seat-document-",
    "stage-",
    "stranger-",
    "todo-camera-",
    "trust-",
];

#[test]
fn no_message_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    files(&root.join("templates"), &mut sources);
    files(&root.join("src/console"), &mut sources);
    let keys = messages(ENGLISH);
    let unused: Vec<&String> = keys
        .keys()
        .filter(|key| !sources.contains(&format!("\"{key}\"")))
        .filter(|key| !KINDS.iter().any(|kind| key.starts_with(kind)))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn findings_in_plain_words_are_findings() {
    let keys = messages(ENGLISH);
    let codes = keys.keys().filter_map(|key| key.strip_prefix("finding-"));
    let is_one = |said: &&str| Code::iter().any(|code| code.as_str() == *said);
    let unknown: Vec<&str> = codes.filter(|said| !is_one(said)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn scripts_say_nothing_of_their_own() {
    let mut said = Vec::new();
    for asset in assets::ALL
        .iter()
        .filter(|asset| asset.name.ends_with(".js"))
    {
        let script = std::str::from_utf8(asset.bytes).expect("text");
        for line in script
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            // Text that people read is put in by these alone.
            let puts = [".textContent = ", ".innerText = ", ".title = ", ".alt = "];
            let literal = puts.iter().filter_map(|put| line.split(put).nth(1));
            let literal = literal.filter(|value| value.starts_with(['"', '\'']));
            said.extend(literal.map(str::to_owned));
            for call in ["alert(", "confirm(", "prompt(", "setCustomValidity(\""] {
                if line.contains(call) {
                    said.push(line.to_owned());
                }
            }
        }
    }
    assert!(said.is_empty(), "{said:#?}");
}
