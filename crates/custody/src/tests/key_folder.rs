//! Keys as files: made, read, changed without loss, and refused when others can
//! read them.

use super::failure::open_with_pair;
use super::world::*;
use crate::{ErrorKind, KeyFolder, Which};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rowcall_audit::KeyName;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn make(path: &Path) -> KeyFolder {
    let name = KeyName::new("lane3.example.org/rowcall").unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(5);
    let public = KeyFolder::make(path, &name, &mut random).unwrap();
    let written = fs::read_to_string(path.join("log.pub")).unwrap();
    assert_eq!(written, format!("{public}\n"));
    assert!(KeyFolder::make(path, &name, &mut random).is_err());
    KeyFolder::open(path).unwrap()
}

#[test]
fn keys_are_their_owners_alone() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("keys");
    let folder = make(&path);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    let mut secrets = Vec::new();
    for which in Which::ALL {
        let file = path.join(format!("{which}.key"));
        assert_eq!(mode(&file), 0o600, "{which}");
        secrets.push(fs::read_to_string(&file).unwrap());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let error = folder.read().err().unwrap();
        assert!(error.to_string().contains("mode 0640"), "{error}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        // Cut off, or another's.
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 5]).unwrap();
        let error = folder.read().err().unwrap();
        assert!(!secrets.iter().any(|s| error.to_string().contains(&s[..20])));
        fs::write(&file, whole).unwrap();
    }
    folder.read().unwrap();
    secrets.sort();
    secrets.dedup();
    assert_eq!(secrets.len(), 3);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let error = KeyFolder::open(&path).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Operator);
}

#[test]
fn every_key_is_changed_without_loss() {
    let world = World::new();
    let path = world.folder().with_extension("keys");
    let folder = make(&path);
    let mut random = ChaCha20Rng::seed_from_u64(6);
    let (custody, _) = world.started_with(folder.read().unwrap()).unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    let hold = open.hold(&hold_request(), &officer).unwrap();
    open.close().unwrap();
    custody.shutdown().unwrap();
    for which in Which::ALL {
        folder.rotate(which, &mut random).unwrap();
    }
    // Not twice before the lane has taken to it.
    assert!(folder.rotate(Which::Log, &mut random).is_err());
    assert!(folder.rotate(Which::Site, &mut random).is_err());
    let (custody, started) = world.started_with(folder.read().unwrap()).unwrap();
    assert!(started.log_key_changed);
    assert_eq!(started.rewrapped, Some(1));
    let officer = world.officer("officer");
    custody.view_hold(hold, &officer).unwrap();
    custody.shutdown().unwrap();
    folder.retire(Which::Log).unwrap();
    folder.retire(Which::Site).unwrap();
    assert!(folder.retire(Which::Officers).is_err());
    assert!(path.join("officers.key.former-1").exists());
    let (custody, started) = world.started_with(folder.read().unwrap()).unwrap();
    assert!(!started.log_key_changed);
    assert_eq!(started.rewrapped, None);
    assert_eq!(custody.holds().unwrap(), [hold]);
    custody.shutdown().unwrap();
    let officers = world.entries("hold-viewed", "officer");
    let made = world.entries("hold-made", "officer");
    assert_ne!(officers, made, "the same day, under another key");
    // A restored back-up of the first keys alone opens nothing.
    let report = {
        let first = fs::read_to_string(path.join("log.pub")).unwrap();
        let options = rowcall_audit::verify::Options {
            key: Some(rowcall_audit::VerifierKey::parse(first.trim()).unwrap()),
            ..Default::default()
        };
        rowcall_audit::verify::verify(&world.places().log, &options, &mut |_, _| ()).unwrap()
    };
    assert_eq!(report.keys.len(), 2);
    fs::remove_dir_all(path).unwrap();
}

/// A process that dies while a key is changed leaves a whole key of that name.
#[test]
fn a_change_that_was_cut_off_is_done_again() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("keys");
    let folder = make(&path);
    let mut random = ChaCha20Rng::seed_from_u64(6);
    let key = path.join("site.key");
    let (before, former) = (fs::read(&key).unwrap(), path.join("site.key.former"));
    // Died with the copy made and the new key not yet in its place.
    fs::write(path.join("site.new"), "half").unwrap();
    fs::copy(&key, &former).unwrap();
    folder.read().unwrap();
    assert!(folder.rotate(Which::Site, &mut random).is_err());
    folder.retire(Which::Site).unwrap();
    assert_eq!(fs::read(&key).unwrap(), before);
    folder.rotate(Which::Site, &mut random).unwrap();
    assert_ne!(fs::read(&key).unwrap(), before);
    assert_eq!(fs::read(&former).unwrap(), before);
    folder.read().unwrap();
}
