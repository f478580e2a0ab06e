//! Logs of anything at all, in trees and under signatures that hold: whoever has
//! the key can make them.

use super::{Cases, has, random};
use crate::sample::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rowcall_audit::merkle::CompactRange;
use rowcall_audit::verify::Options;
use rowcall_audit::{Checkpoint, Hash, Log, LogFolder, Note, SignerKey};
use std::collections::BTreeMap;

/// Entries that are none: whoever has the key can put any bytes into a tree.
#[test]
fn lines_of_no_language_are_refused_there_too() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 40, 40);
    let log = LogFolder::open(&path).unwrap();
    let lines: Vec<String> = (0..40).map(|n| log.entry(n).unwrap().to_line()).collect();
    let mut cases = Cases::default();
    let mut seed = 0x1234_5678_9abc_def1_u64;
    let mut put = |number: usize, line: Vec<u8>| {
        let mut all: Vec<Vec<u8>> = lines.iter().map(|l| l.clone().into_bytes()).collect();
        let name = format!("entry {number}: {}", String::from_utf8_lossy(&line));
        all[number] = line;
        cases.change(&name, &path, forged(&all, &key(1)), Options::default());
    };
    let edits: [(&str, &str); 24] = [
        ("v1 ", "v2 "),
        ("v1 ", "v1  "),
        ("v1 2", "v1 1969-12-31T23:59Z 2"),
        ("-09-", "-13-"),
        ("-09-21T", "-02-30T"),
        ("-09-21T", "-00-21T"),
        ("T13:", "T24:"),
        (":", ";"),
        ("Z ", "z "),
        ("transaction=", "transaction=+"),
        ("transaction=", "transaction=0"),
        ("transaction=", "transaction=18446744073709551615"),
        ("transaction=", "transaction=99999999999999999999"),
        ("row=1", "row=33"),
        ("row=1", "row=0"),
        ("side=left", "side=LEFT"),
        ("outcome=confirmed", "outcome=confirmed "),
        ("stage=match", "stage=match stage=match"),
        ("leniencies=0", "leniencies=65536"),
        ("leniencies=0", "leniencies=00"),
        ("commitment=", "commitment=A"),
        ("limit=30", "limit=527041"),
        ("signature=", "signature=="),
        ("started", "__proto__"),
    ];
    for (number, line) in lines.iter().enumerate().skip(1) {
        for (from, to) in edits {
            if line.contains(from) {
                put(number, line.replacen(from, to, 1).into_bytes());
            }
        }
        for _ in 0..4 {
            let mut bytes = line.clone().into_bytes();
            let place = random(&mut seed, bytes.len());
            bytes[place] = (random(&mut seed, 256)) as u8;
            put(number, bytes);
        }
    }
    put(5, lines[5].clone().into_bytes());
    put(5, vec![b'v'; 1025]);
    put(5, Vec::new());
    put(0, lines[1].clone().into_bytes());
    assert!(cases.0.len() > 400, "{}", cases.0.len());
    // A tree of the very same lines holds.
    assert!(cases.0.iter().any(|case| case.said.is_empty()));
    // What is wrong with an entry is told in other words where a value is one in
    // another spelling; where, is the same.
    cases.hold(|case| !case.said.contains("canonical spelling"));
}

/// A hand-over that one of both keys did not sign, and keys that are none.
#[test]
fn keys_that_nobody_vouches_for_are_refused_there_too() {
    if !has("node", "nodejs") {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 30, 30);
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    log.rotate_key(minute(30), key(2)).unwrap();
    drop(log);
    let log = LogFolder::open(&path).unwrap();
    let lines: Vec<String> = (0..31).map(|n| log.entry(n).unwrap().to_line()).collect();
    let mut cases = Cases::default();
    let mut put = |name: &str, number: usize, line: String, signer| {
        let mut all: Vec<Vec<u8>> = lines.iter().map(|l| l.clone().into_bytes()).collect();
        all[number] = line.into_bytes();
        cases.change(name, &path, forged(&all, &key(signer)), Options::default());
    };
    let of = |number: usize, field: &str| {
        let (_, rest) = lines[number].split_once(&format!(" {field}=")).unwrap();
        rest.split(' ').next().unwrap().to_owned()
    };
    let (old, new, second) = (of(30, "by_old"), of(30, "by_new"), of(30, "key"));
    let (rotation, created) = (&lines[30], &lines[0]);
    put("unchanged", 30, rotation.clone(), 2);
    put("not by the old", 30, rotation.replace(&old, &new), 2);
    put("not by the new", 30, rotation.replace(&new, &old), 2);
    put(
        "in another minute",
        30,
        rotation.replace("Z key", "Z  key"),
        2,
    );
    let first = of(0, "key");
    put("to itself", 30, rotation.replace(&second, &first), 1);
    // y = 0, of small order; y = 2, of no point.
    for (name, y) in [("small order", 0_u8), ("no point", 2)] {
        let mut bytes = [0; 32];
        bytes[0] = y;
        let bad = STANDARD.encode(bytes);
        put(name, 30, rotation.replace(&second, &bad), 2);
        put(name, 0, created.replace(&first, &bad), 1);
    }
    // Without a hand-over the first key signs no more.
    put("signed by the first", 30, rotation.clone(), 1);
    assert_eq!(
        cases.0.iter().filter(|case| case.said.is_empty()).count(),
        1
    );
    cases.hold(|_| true);
}

/// A log of exactly these bytes, with a tree and a checkpoint that hold.
fn forged(entries: &[Vec<u8>], signer: &SignerKey) -> BTreeMap<String, Option<Vec<u8>>> {
    let (mut bundle, mut hashes) = (Vec::new(), Vec::new());
    let mut range = CompactRange::new();
    for entry in entries {
        bundle.extend((entry.len() as u16).to_be_bytes());
        bundle.extend(entry);
        let leaf = Hash::leaf(entry);
        hashes.extend(leaf.0);
        range.push(leaf);
    }
    let checkpoint = Checkpoint {
        origin: signer.verifier().name().clone(),
        size: entries.len() as u64,
        root: range.root(),
    };
    let note = Note::sign(checkpoint.to_text(), signer).unwrap();
    let width = entries.len();
    BTreeMap::from([
        ("checkpoint".to_owned(), Some(note.to_string().into_bytes())),
        (format!("tile/0/000.p/{width}"), Some(hashes)),
        (format!("tile/entries/000.p/{width}"), Some(bundle)),
    ])
}
