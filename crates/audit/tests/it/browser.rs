//! The verifier in the browser says of every log what this crate's says: the
//! JavaScript of `web/verify`, run by node and by a real browser.

use crate::rules;
use crate::sample::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rowcall_audit::entry::*;
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{Entry, Event, Log, LogFolder, Note, cosign};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

mod forged;
mod page;
mod proofs;

/// The folder of the JavaScript.
pub(crate) fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web/verify")
}

/// Whether the program is there; where it must be, its absence fails the test.
pub(crate) fn has(program: &str, package: &str) -> bool {
    let found = Command::new(program).arg("--version").output();
    if found.is_ok_and(|output| output.status.success()) {
        return true;
    }
    rowcall_skip::skip(&format!(
        "{program} is missing, so nothing runs the browser's verifier (Debian's {package})"
    ));
    false
}

/// What was done to a log, and what this crate's verifier says of it.
struct Case {
    name: String,
    folder: PathBuf,
    /// File by path: its changed bytes, or that it is gone.
    overlay: BTreeMap<String, Option<Vec<u8>>>,
    options: Options,
    said: String,
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    /// Takes a log as it is.
    fn add(&mut self, name: &str, folder: &Path, options: Options) {
        self.change(name, folder, BTreeMap::new(), options);
    }

    /// Takes a log with some files changed, which are put back.
    fn change(
        &mut self,
        name: &str,
        folder: &Path,
        overlay: BTreeMap<String, Option<Vec<u8>>>,
        options: Options,
    ) {
        let before: Vec<_> = overlay
            .iter()
            .map(|(path, bytes)| {
                let file = folder.join(path);
                let before = fs::read(&file).ok();
                match bytes {
                    Some(bytes) => {
                        fs::create_dir_all(file.parent().unwrap()).unwrap();
                        fs::write(&file, bytes).unwrap();
                    }
                    None => fs::remove_file(&file).unwrap(),
                }
                (file, before)
            })
            .collect();
        let said = match verify(folder, &options, &mut |_, _| ()) {
            Ok(_) => String::new(),
            Err(finding) => finding.to_string(),
        };
        for (file, before) in before {
            match before {
                Some(bytes) => fs::write(&file, bytes).unwrap(),
                None => {
                    fs::remove_file(&file).unwrap();
                    for made in file.ancestors().skip(1).take_while(|f| *f != folder) {
                        let _ = fs::remove_dir(made);
                    }
                }
            }
        }
        self.0.push(Case {
            name: name.to_owned(),
            folder: folder.to_owned(),
            overlay,
            options,
            said,
        });
    }

    fn to_json(&self) -> Value {
        let case = |case: &Case| {
            let overlay: BTreeMap<_, _> = case
                .overlay
                .iter()
                .map(|(path, bytes)| (path, bytes.as_ref().map(|b| STANDARD.encode(b))))
                .collect();
            let options = &case.options;
            let witnesses = options.witnesses.iter().map(ToString::to_string);
            let remembered = options.remembered.as_ref();
            json!({
                "folder": case.folder,
                "overlay": overlay,
                "key": options.key.as_ref().map(ToString::to_string),
                "witnesses": witnesses.collect::<Vec<_>>(),
                "remembered": remembered.map(|note| STANDARD.encode(note.to_string())),
                "asOf": options.as_of.map(Minute::since_1970),
            })
        };
        json!({ "cases": self.0.iter().map(case).collect::<Vec<_>>() })
    }

    /// What the JavaScript says of each.
    fn run(&self) -> Vec<Value> {
        let said = said_there(&self.to_json());
        assert_eq!(said.len(), self.0.len());
        said
    }

    /// Both verdicts on each, and both sentences where `same` wants them.
    fn hold(&self, same: impl Fn(&Case) -> bool) {
        let mut wrong = Vec::new();
        for (case, said) in self.0.iter().zip(self.run()) {
            let sentence = said["sentence"].as_str().unwrap_or_default();
            let agreed = said["ok"].as_bool() == Some(case.said.is_empty())
                && (!same(case) || sentence == case.said);
            if !agreed {
                wrong.push(format!("{}: {:?} here, {said} there", case.name, case.said));
            }
        }
        let refused = self.0.iter().filter(|case| !case.said.is_empty()).count();
        eprintln!("{} logs, {refused} of them refused by both", self.0.len());
        assert!(
            wrong.is_empty(),
            "{} of {}: {wrong:#?}",
            wrong.len(),
            self.0.len()
        );
    }
}

/// Gives cases to the JavaScript, and what it says of each.
fn said_there(cases: &Value) -> Vec<Value> {
    let mut node = Command::new("node")
        .arg(web().join("test/differential.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = cases.to_string();
    let mut stdin = node.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn only(path: &str, bytes: Option<Vec<u8>>) -> BTreeMap<String, Option<Vec<u8>>> {
    BTreeMap::from([(path.to_owned(), bytes)])
}

/// A log of 600 entries with a dozen published partial tiles, a second key and a
/// cosigned checkpoint.
fn log_to_tamper(folder: &Path) -> (PathBuf, Note) {
    let path = sample(folder, 560, 100);
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    let older = log.note().clone();
    log.rotate_key(minute(200), key(2)).unwrap();
    for number in 0..10 {
        let event = Event::ClockStepped {
            was: minute(200 + number),
        };
        let minute = minute(200 + number);
        log.append(&[Entry { minute, event }]).unwrap();
    }
    let cosigned = cosign(log.note(), &witness(5), 1_790_000_000).unwrap();
    log.add_cosignature(witness(5).verifier(), cosigned)
        .unwrap();
    (path, older)
}

fn options(remembered: &Note) -> Options {
    Options {
        key: Some(key(1).verifier().clone()),
        witnesses: vec![witness(5).verifier().clone()],
        remembered: Some(remembered.clone()),
        as_of: None,
    }
}

fn random(seed: &mut u64, below: usize) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed % below as u64) as usize
}

#[test]
fn every_manipulation_is_found_there_too() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let (path, older) = log_to_tamper(temporary.path());
    let present = LogFolder::open(&path).unwrap().note().clone();
    let mut cases = Cases::default();
    cases.add("untouched", &path, options(&older));
    let all = files(&path);
    assert!(all.len() > 20, "{}", all.len());
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for (number, file) in all.iter().enumerate() {
        let name = file.strip_prefix(&path).unwrap().to_str().unwrap();
        let bytes = fs::read(file).unwrap();
        let mut change = |what: &str, bytes: Option<Vec<u8>>| {
            cases.change(
                &format!("{what} {name}"),
                &path,
                only(name, bytes),
                options(&present),
            );
        };
        let mut places = vec![0, bytes.len() - 1];
        places.extend((0..6).map(|_| random(&mut seed, bytes.len())));
        for place in places {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << random(&mut seed, 8);
            change(&format!("byte {place} of"), Some(flipped));
        }
        change("cut", Some(bytes[..bytes.len() - 1].to_vec()));
        change("empty", Some(Vec::new()));
        change("longer", Some([&bytes[..], b"\n"].concat()));
        change("huge", Some(vec![b'v'; 600_000]));
        change("no", None);
        let partner = &all[(number + 1) % all.len()];
        let other = fs::read(partner).unwrap();
        let partner = partner.strip_prefix(&path).unwrap().to_str().unwrap();
        let swapped = [(name, other), (partner, bytes)];
        let swapped = swapped.map(|(name, bytes)| (name.to_owned(), Some(bytes)));
        cases.change(
            &format!("swapped {name}"),
            &path,
            swapped.into(),
            options(&present),
        );
    }
    // A line that bears a known name and ID, and one of a stranger.
    let forged = older.to_string();
    let forged = forged.lines().last().unwrap();
    let stranger = "\u{2014} stranger.example/s AAAAAAECAwQ=\n".to_owned();
    for (what, line) in [
        ("a retired key's", format!("{forged}\n")),
        ("a stranger's", stranger),
    ] {
        let bytes = present.to_string() + &line;
        let overlay = only("checkpoint", Some(bytes.into_bytes()));
        cases.change(what, &path, overlay, options(&older));
    }
    let text = present.to_string();
    let uncosigned: String = text.split_inclusive('\n').take(5).collect();
    for remembered in [&present, &older] {
        let overlay = only("checkpoint", Some(uncosigned.clone().into_bytes()));
        cases.change("no cosignature", &path, overlay, options(remembered));
    }
    // Other keys than the log's, and another log's checkpoint.
    let with = |change: fn(&mut Options)| {
        let mut options = options(&older);
        change(&mut options);
        options
    };
    cases.add(
        "another key",
        &path,
        with(|o| o.key = Some(key(9).verifier().clone())),
    );
    cases.add(
        "its second key",
        &path,
        with(|o| o.key = Some(key(2).verifier().clone())),
    );
    cases.add("no key", &path, with(|o| o.key = None));
    cases.add(
        "a log's key as witness",
        &path,
        with(|o| o.witnesses = vec![key(1).verifier().clone()]),
    );
    cases.add(
        "another witness",
        &path,
        with(|o| o.witnesses = vec![witness(6).verifier().clone()]),
    );
    cases.add("overdue", &path, with(|o| o.as_of = Some(minute(100_000))));
    // Signed by a key of the log that did not sign then.
    let later = Note::sign(older.text().to_owned(), &key(2)).unwrap();
    cases.add(
        "another signer of what is remembered",
        &path,
        options(&later),
    );
    let elsewhere = sample(&temporary.path().join("other"), 400, 50);
    let elsewhere = LogFolder::open(&elsewhere).unwrap().note().clone();
    cases.add("another history", &path, options(&elsewhere));
    cases.hold(|case| case.name.starts_with("another") || case.said.contains("remembered"));
}

/// A log rolled back as a whole, to whoever remembers and to whoever does not.
#[test]
fn a_log_rolled_back_as_a_whole() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let older = sample(&temporary.path().join("older"), 300, 100);
    let path = temporary.path().join("log");
    copy(&older, &path);
    let (log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    let log = grow(log, 400, 20);
    let seen = Options {
        remembered: Some(log.note().clone()),
        ..Options::default()
    };
    drop(log);
    let mut cases = Cases::default();
    cases.add("remembered", &older, seen);
    cases.add("not remembered", &older, Options::default());
    assert!(cases.0[0].said.contains("rolled back") && cases.0[1].said.is_empty());
    cases.hold(|_| true);
}

/// The exceptions: what a browser cannot see, because nobody asks for it.
#[test]
fn what_a_browser_cannot_see_is_this() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let (path, older) = log_to_tamper(temporary.path());
    let mut cases = Cases::default();
    for name in [
        "tile/9/000",
        "tile/0/002.p/200",
        "tile/entries/040",
        "tmp/x",
        "notes.txt",
    ] {
        let overlay = only(name, Some(vec![0; 32]));
        cases.change(name, &path, overlay, options(&older));
    }
    for (case, said) in cases.0.iter().zip(cases.run()) {
        assert!(!case.said.is_empty(), "{}", case.name);
        assert_eq!(said["ok"], true, "{}", case.name);
    }
}

/// The rules, in the same words at the same entries.
#[test]
fn rules_are_broken_at_the_same_entry() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let mut cases = Cases::default();
    for (number, case) in rules::cases().into_iter().enumerate() {
        let path = temporary.path().join(number.to_string());
        let mut log = Log::create(&path, key(1), minute(0)).unwrap();
        log.append(&case.entries).unwrap();
        cases.add(case.name, &path, Options::default());
        for as_of in [1, 62, 63, 3000] {
            let options = Options {
                as_of: Some(minute(as_of)),
                ..Options::default()
            };
            cases.add(&format!("{} as of {as_of}", case.name), &path, options);
        }
    }
    assert!(cases.0.len() > 200);
    cases.hold(|_| true);
}

/// The project's sample log, its keys and its remembered checkpoint.
#[test]
fn the_modules_own_tests() {
    if !has("node", "nodejs") {
        return;
    }
    let output = Command::new("node")
        .arg("--test")
        .arg(web().join("test/verifier.test.mjs"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
