//! Logs made to keep an auditor busy, by somebody without any key, and
//! signatures of every kind that somebody may add or take away.

use crate::sample::*;
use rowcall_audit::entry::*;
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{
    Checkpoint, Entry, Event, Export, Hash, InclusionProof, KeyName, Log, LogFolder, Note, Purpose,
    Rules, SignerKey, cosign,
};
use rowcall_words::log::Approval;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

fn said(path: &Path, options: &Options) -> String {
    match verify(path, options, &mut |_, _| ()) {
        Ok(_) => String::new(),
        Err(finding) => finding.to_string(),
    }
}

/// What `act` takes. Tests here have seconds where the fault took minutes or
/// gigabytes.
fn quick<T>(act: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = act();
    assert!(
        begin.elapsed() < Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
    result
}

fn named(name: &str, seed: u8) -> SignerKey {
    SignerKey::from_seed(KeyName::new(name).unwrap(), Purpose::Note, &[seed; 32]).unwrap()
}

/// How far this process's memory has ever reached, in kB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_size_that_nobody_signed_costs_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 300, 300);
    let before = peak();
    for size in [5_000_000_000_u64, 1 << 40] {
        let checkpoint = Checkpoint {
            origin: KeyName::new(ORIGIN).unwrap(),
            size,
            root: Hash::empty(),
        };
        let note = Note::sign(checkpoint.to_text(), &named(ORIGIN, 66)).unwrap();
        fs::write(path.join("checkpoint"), note.to_string()).unwrap();
        // The list of partial tiles says what the size asks for.
        let mut list = "rowcall/partials/v1\n".to_owned();
        for level in 0..=5 {
            let width = (size >> (8 * level)) % 256;
            if width > 0 {
                list += &format!("{level} {width}\n");
            }
        }
        fs::write(path.join("partials"), list).unwrap();
        let what = quick(|| said(&path, &Options::default()));
        assert!(
            what.contains("does not belong") || what.contains("is missing"),
            "{what}"
        );
    }
    assert!(peak() < before + 100_000, "{before} kB, then {} kB", peak());
}

#[test]
fn only_regular_files_are_read() {
    let make_pipe = |path: &Path| {
        let done = std::process::Command::new("mkfifo").arg(path).status();
        done.is_ok_and(|status| status.success())
    };
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 600, 600);
    for name in [
        "tile/0/000",
        "tile/entries/001",
        "tile/0/002.p/88",
        "partials",
        "checkpoint",
    ] {
        let file = path.join(name);
        let aside = temporary.path().join("aside");
        fs::rename(&file, &aside).unwrap();
        std::os::unix::fs::symlink(&aside, &file).unwrap();
        let what = said(&path, &Options::default());
        assert!(
            what.contains("not a regular file"),
            "a link as {name}: {what}"
        );
        fs::remove_file(&file).unwrap();
        assert!(make_pipe(&file), "mkfifo {}", file.display());
        let what = quick(|| said(&path, &Options::default()));
        assert!(
            what.contains("not a regular file"),
            "a pipe as {name}: {what}"
        );
        fs::remove_file(&file).unwrap();
        fs::rename(&aside, &file).unwrap();
    }
    assert_eq!(said(&path, &Options::default()), "");
}

#[test]
fn an_export_of_nothing_but_line_feeds_is_refused_at_its_first() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 300, 300);
    let log = LogFolder::open(&path).unwrap();
    let old = Checkpoint {
        size: 0,
        root: Hash::empty(),
        ..log.checkpoint().clone()
    };
    let export = temporary.path().join("export");
    assert_eq!(Export::write(&log, 0, &export).unwrap(), 300);
    Export::open(&export)
        .unwrap()
        .check(&old, key(1).verifier())
        .unwrap();
    let before = peak();
    let mut file = fs::File::create(export.join("entries")).unwrap();
    for _ in 0..100 {
        file.write_all(&vec![b'\n'; 1 << 20]).unwrap();
    }
    let result = quick(|| {
        Export::open(&export)
            .unwrap()
            .check(&old, key(1).verifier())
    });
    let error = result.unwrap_err().to_string();
    assert!(error.starts_with("entry 0"), "{error}");
    assert!(peak() < before + 50_000, "{before} kB, then {} kB", peak());
    // One line without an end, and entries beyond the checkpoint's.
    fs::write(export.join("entries"), vec![b'v'; 1 << 24]).unwrap();
    assert!(
        Export::open(&export)
            .unwrap()
            .check(&old, key(1).verifier())
            .is_err()
    );
    Export::write(&log, 0, &export).unwrap();
    let mut entries = fs::read(export.join("entries")).unwrap();
    entries.extend_from_slice(b"v1\n");
    fs::write(export.join("entries"), entries).unwrap();
    let error = Export::open(&export)
        .unwrap()
        .check(&old, key(1).verifier());
    assert!(error.unwrap_err().to_string().contains("more than"));
}

/// What is open is not looked at anew with each entry, nor with each start.
#[test]
fn many_open_transactions_cost_what_they_are() {
    let at = |event| Entry {
        minute: minute(0),
        event,
    };
    let commitment = Commitment::new(&[7; 32], b"reference");
    let limit = Minutes::new(30).unwrap();
    let mut rules = Rules::new(KeyName::new(ORIGIN).unwrap());
    let mut apply = |event| rules.apply(&at(event)).unwrap();
    let configured = Event::Configured {
        digest: Digest::of(b""),
        transaction_limit: limit,
        hold_limit: limit,
        order_limit: limit,
        holds_per_day: Count::new(u16::MAX).unwrap(),
        approval: Approval::OneOfficer,
    };
    quick(|| {
        apply(Event::Created {
            key: PublicKey::new(key(1).verifier().bytes()),
        });
        apply(Event::Started {});
        apply(configured);
        for _ in 0..200_000 {
            apply(Event::Opened { commitment, limit });
        }
        for _ in 0..200_000 {
            apply(Event::Started {});
        }
    });
    assert_eq!(rules.open_transactions().len(), 200_000);
    assert_eq!((rules.starts(), rules.unclean_starts()), (200_001, 200_000));
}

/// A checkpoint with these signature lines after its own.
fn with_lines(path: &Path, lines: &[String]) {
    let note = LogFolder::open(path).unwrap().note().to_string();
    fs::write(path.join("checkpoint"), note + &lines.concat()).unwrap();
}

/// C2SP signed-note: at least 16 signatures of nearly 5 kB, by anybody.
#[test]
fn signatures_of_strangers_are_read_and_named() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 100, 100);
    use base64::Engine as _;
    let large = base64::engine::general_purpose::STANDARD.encode([7; 5000]);
    let long = "x".repeat(300);
    let lines: Vec<String> = (0..16)
        .map(|n| format!("\u{2014} stranger{n}.example/{long} {large}\n"))
        .chain(["\u{2014} rowcall/witness 3q2+7wEC\n".to_owned()])
        .collect();
    with_lines(&path, &lines);
    let report = verify(&path, &Options::default(), &mut |_, _| ()).unwrap();
    assert_eq!(report.unknown_signatures.len(), 17);
    assert!(
        report
            .unknown_signatures
            .contains(&"rowcall/witness+deadbeef".to_owned())
    );
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    let event = Event::ClockStepped { was: minute(34) };
    log.append(&[Entry {
        minute: minute(34),
        event,
    }])
    .unwrap();
}

#[test]
fn whoever_is_known_and_signed_falsely_is_found() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 100, 100);
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    let witness = witness(5);
    let cosigned = cosign(log.note(), &witness, 1_790_000_000).unwrap();
    log.add_cosignature(witness.verifier(), cosigned).unwrap();
    let first = log.note().clone();
    log.rotate_key(minute(40), key(2)).unwrap();
    let second = log.note().clone();
    drop(log);
    let file = path.join("checkpoint");
    let options = |remembered: &Note, witnesses: bool| Options {
        remembered: Some(remembered.clone()),
        witnesses: match witnesses {
            true => vec![witness.verifier().clone()],
            false => Vec::new(),
        },
        ..Options::default()
    };
    // The remembered one is cosigned, the present one need not be.
    assert_eq!(said(&path, &options(&first, true)), "");
    // A line that bears a known name and ID, of which a byte is changed.
    let forged = |note: &Note, line: usize| {
        let line = note.to_string().lines().rev().nth(line).unwrap().to_owned();
        let at = line.len() - 10;
        let other = if &line[at..=at] == "A" { "B" } else { "A" };
        format!("{}{other}{}\n", &line[..at], &line[at + 1..])
    };
    let cases = [
        ("the witness's", forged(&first, 0), true),
        ("the retired key's", forged(&first, 1), false),
        ("the present key's", forged(&second, 0), false),
    ];
    for (whose, line, witnesses) in cases {
        fs::write(&file, second.to_string() + &line).unwrap();
        let what = said(&path, &options(&first, witnesses));
        assert!(what.contains("is false"), "{whose}: {what:?}");
        // In the remembered one too.
        fs::write(&file, second.to_string()).unwrap();
        let remembered = Note::parse((first.to_string() + &line).as_bytes()).unwrap();
        let what = said(&path, &options(&remembered, witnesses));
        assert!(what.contains("is false"), "remembered, {whose}: {what:?}");
    }
    // A cosignature that a copy of the same checkpoint has is not to be missing.
    let (mut log, _) = Log::open(&path, vec![key(2)], None).unwrap();
    let cosigned = cosign(log.note(), &witness, 1_790_000_100).unwrap();
    log.add_cosignature(witness.verifier(), cosigned).unwrap();
    let kept = log.note().clone();
    drop(log);
    fs::write(&file, second.to_string()).unwrap();
    for witnesses in [true, false] {
        let what = said(&path, &options(&kept, witnesses));
        assert!(what.contains("was removed"), "{what:?}");
    }
    // The log's key at that size, not any of its keys, signed what is remembered.
    let text = first.text().to_owned();
    let later = Note::sign(text, &key(2)).unwrap();
    let what = said(&path, &options(&later, false));
    assert!(
        what.contains("the remembered checkpoint: no signature"),
        "{what}"
    );
}

#[test]
fn folders_without_files_are_found() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 600, 600);
    let mut missed = Vec::new();
    for name in [
        "empty",
        "tile/empty",
        "tile/0/x001",
        "tile/0/001.p",
        "tile/5",
        "tile/entries/x000",
        "tmp/sub",
        "partials.d",
    ] {
        fs::create_dir_all(path.join(name)).unwrap();
        if said(&path, &Options::default()).is_empty() {
            missed.push(name);
        }
        fs::remove_dir(path.join(name)).unwrap();
    }
    // The lane's own, where nothing is being written.
    fs::create_dir_all(path.join("tmp")).unwrap();
    assert_eq!(said(&path, &Options::default()), "");
    // Deeper than any log is.
    let deep = (0..2000).map(|_| "x001").collect::<Vec<_>>().join("/");
    let made = fs::create_dir_all(path.join("tile/0").join(&deep[..3000]));
    assert!(made.is_ok());
    assert!(!quick(|| said(&path, &Options::default())).is_empty());
    assert!(missed.is_empty(), "{missed:?}");
}

/// C2SP tlog-proof: a line of extra data may follow the first.
#[test]
fn extra_data_in_a_proof_is_kept() {
    let temporary = tempfile::tempdir().unwrap();
    let log = LogFolder::open(&sample(temporary.path(), 100, 100)).unwrap();
    let proof = InclusionProof::new(&log, 7).unwrap();
    let plain = proof.to_text();
    assert!(!plain.contains("extra"));
    let text = plain.replacen("\nindex", "\nextra AAECAw==\nindex", 1);
    let read = InclusionProof::parse(text.as_bytes()).unwrap();
    assert_eq!(read.extra.as_deref(), Some(&[0, 1, 2, 3][..]));
    assert_eq!(read.to_text(), text);
    read.check(&log.entry_bytes(7).unwrap()).unwrap();
    for bad in [
        "extra AAECAx==",
        "extra  AAECAw==",
        "extra",
        "extra AA\nextra AA",
    ] {
        let text = plain.replacen("\nindex", &format!("\n{bad}\nindex"), 1);
        assert!(InclusionProof::parse(text.as_bytes()).is_err(), "{bad:?}");
    }
}

/// What a checkpoint that was rolled back leaves behind is evidence: it is put
/// aside, and before that a checkpoint that was seen is compared.
#[test]
fn the_evidence_of_a_rollback_is_kept() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 300, 300);
    let keep = |name: &str| fs::read(path.join(name)).unwrap();
    let older = [keep("checkpoint"), keep("partials")];
    let (log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    let log = grow(log, 1300, 100);
    let seen = log.checkpoint();
    drop(log);
    let tiles: Vec<_> = files(&path.join("tile"))
        .into_iter()
        .map(|file| (file.clone(), fs::read(&file).unwrap()))
        .collect();
    fs::write(path.join("checkpoint"), &older[0]).unwrap();
    fs::write(path.join("partials"), &older[1]).unwrap();
    let error = Log::open(&path, vec![key(1)], Some(&seen)).unwrap_err();
    assert!(error.to_string().contains("rolled back"), "{error}");
    for (file, bytes) in &tiles {
        assert_eq!(&fs::read(file).unwrap(), bytes, "{}", file.display());
    }
    // Whoever remembers nothing cannot tell, and destroys nothing all the same.
    // The partial tiles of the older checkpoint are gone: it is not opened.
    assert!(Log::open(&path, vec![key(1)], None).is_err());
    for (kind, width) in [("0", 44), ("entries", 44)] {
        let full = path.join(format!("tile/{kind}/001"));
        let bytes = fs::read(&full).unwrap();
        let end = match kind {
            "0" => 32 * width,
            _ => (0..width).fold(0, |at, _| {
                at + 2 + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
            }),
        };
        fs::create_dir_all(path.join(format!("tile/{kind}/001.p"))).unwrap();
        fs::write(
            path.join(format!("tile/{kind}/001.p/{width}")),
            &bytes[..end],
        )
        .unwrap();
    }
    fs::create_dir_all(path.join("tile/1/000.p")).unwrap();
    let first = Hash(
        *fs::read(path.join("tile/1/000.p/5"))
            .unwrap()
            .first_chunk()
            .unwrap(),
    );
    fs::write(path.join("tile/1/000.p/1"), first.0).unwrap();
    let (log, recovery) = Log::open(&path, vec![key(1)], None).unwrap();
    assert_eq!(log.size(), 300);
    let quarantine = recovery.quarantine.unwrap();
    assert!(recovery.aside > 6, "{}", recovery.aside);
    assert_eq!(said(&path, &Options::default()), "");
    let lost: Vec<_> = tiles
        .iter()
        .filter(|(file, bytes)| {
            let aside = quarantine.join(file.strip_prefix(&path).unwrap());
            let found = [fs::read(file), fs::read(aside)];
            !found.into_iter().flatten().any(|found| found == *bytes)
        })
        .map(|(file, _)| file)
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    drop(log);
    // A second one has a folder of its own.
    fs::create_dir_all(path.join("tile/0/009.p")).unwrap();
    fs::write(path.join("tile/0/009.p/3"), [0; 96]).unwrap();
    let (_, again) = Log::open(&path, vec![key(1)], None).unwrap();
    assert_ne!(again.quarantine.unwrap(), quarantine);
}
