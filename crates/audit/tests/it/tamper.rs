//! Whatever is done to a log's files, verifying finds it.

use crate::sample::*;
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{LogFolder, VerifierKey};
use std::fs;
use std::path::{Path, PathBuf};

/// Sampled bytes per file: `ROWCALL_TAMPER_BYTES` asks for more.
fn sampled_bytes() -> u64 {
    let asked = std::env::var("ROWCALL_TAMPER_BYTES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(2)
}

struct Victim {
    path: PathBuf,
    options: Options,
    missed: Vec<String>,
    done: usize,
}

impl Victim {
    /// Verifies after something was done; the file is put back by the caller.
    fn expect_finding(&mut self, what: impl FnOnce() -> String) {
        self.done += 1;
        if verify(&self.path, &self.options, &mut |_, _| ()).is_ok() {
            self.missed.push(what());
        }
    }

    fn with_bytes(&mut self, file: &Path, bytes: &[u8], what: &str) {
        let original = fs::read(file).unwrap();
        assert_ne!(original, bytes);
        fs::write(file, bytes).unwrap();
        self.expect_finding(|| format!("{what} of {}", file.display()));
        fs::write(file, original).unwrap();
    }
}

#[test]
fn every_file_flipped_deleted_truncated_swapped_or_rolled_back() {
    let temporary = tempfile::tempdir().unwrap();
    let older = sample(&temporary.path().join("older"), 9_900, 450);
    let path = temporary.path().join("log");
    copy(&older, &path);
    {
        let (log, _) = rowcall_audit::Log::open(&path, vec![key(1)], None).unwrap();
        // The last hundred in ones and tens: a dozen published partial tiles.
        let mut story = Story::new(1);
        let entries: Vec<_> = (1..10_000).map(|_| story.next(&key(1))).collect();
        let mut log = log;
        log.append(&entries[9_899..9_988]).unwrap();
        for part in entries[9_988..].chunks(3) {
            log.append(part).unwrap();
        }
        assert_eq!(log.size(), 10_000);
    }
    let key: VerifierKey = key(1).verifier().clone();
    let remembered = LogFolder::open(&path).unwrap().note().clone();
    let options = Options {
        key: Some(key),
        remembered: Some(remembered),
        ..Options::default()
    };
    verify(&path, &options, &mut |_, _| ()).unwrap();
    let mut victim = Victim {
        path: path.clone(),
        options,
        missed: Vec::new(),
        done: 0,
    };

    let all = files(&path);
    assert!(all.len() > 85, "{}", all.len());
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    for (number, file) in all.iter().enumerate() {
        let bytes = fs::read(file).unwrap();
        // Flipped: the first byte, the last, and some between.
        let last = bytes.len() - 1;
        let mut places = vec![0, last];
        places.extend((0..sampled_bytes()).map(|_| random(bytes.len() as u64) as usize));
        for place in places {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << random(8);
            victim.with_bytes(file, &changed, &format!("flipped byte {place}"));
        }
        // Truncated by one byte, and to nothing; lengthened.
        victim.with_bytes(file, &bytes[..last], "truncation");
        victim.with_bytes(file, &[], "emptying");
        victim.with_bytes(file, &[&bytes[..], b"\n"].concat(), "lengthening");
        // Deleted.
        fs::remove_file(file).unwrap();
        victim.expect_finding(|| format!("deletion of {}", file.display()));
        fs::write(file, &bytes).unwrap();
        // Swapped with the next one of the same length, or just the next one.
        let partner = all[number + 1..]
            .iter()
            .find(|other| {
                let content = fs::read(other).unwrap();
                content.len() == bytes.len() && content != bytes
            })
            .unwrap_or(&all[(number + 1) % all.len()]);
        let other = fs::read(partner).unwrap();
        if other != bytes {
            fs::write(file, &other).unwrap();
            fs::write(partner, &bytes).unwrap();
            victim.expect_finding(|| format!("{} swapped", file.display()));
            fs::write(file, &bytes).unwrap();
            fs::write(partner, &other).unwrap();
        }
        // Rolled back to what it was a hundred entries ago.
        let earlier = older.join(file.strip_prefix(&path).unwrap());
        match fs::read(&earlier) {
            Ok(earlier) if earlier != bytes => victim.with_bytes(file, &earlier, "rollback"),
            _ => {}
        }
    }
    // Something added; and the whole log rolled back, which is found by the
    // remembered checkpoint alone.
    for name in [
        "tile/9/000",
        "tile/0/039.p/200",
        "tile/entries/040",
        "tmp/x",
        "notes.txt",
    ] {
        let file = path.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, [0; 32]).unwrap();
        victim.expect_finding(|| format!("added {name}"));
        fs::remove_file(&file).unwrap();
        // And the folders that were made for it, as far as they are empty.
        for folder in file.ancestors().skip(1).take_while(|f| **f != path) {
            let _ = fs::remove_dir(folder);
        }
    }
    victim.path = older;
    victim.expect_finding(|| "the whole log rolled back".to_owned());
    victim.options.remembered = None;
    assert!(
        verify(&victim.path, &victim.options, &mut |_, _| ()).is_ok(),
        "a log rolled back as a whole is a valid log to whoever remembers nothing: \
         docs/security.md says so"
    );
    // Everything was put back: the log holds.
    verify(&path, &Options::default(), &mut |_, _| ()).unwrap();
    eprintln!(
        "{} manipulations of {} files, all found",
        victim.done,
        all.len()
    );
    assert!(
        victim.missed.is_empty(),
        "{} missed: {:#?}",
        victim.missed.len(),
        victim.missed
    );
}
