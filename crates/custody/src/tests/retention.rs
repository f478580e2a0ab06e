//! docs/privacy.md states the life of everything; this holds it to that.

use super::made;
use super::world::*;
use crate::book::{HoldInLog, OpenInLog, Tally};
use crate::store::Store;
use crate::transaction::slot::{Live, Proposed};
use crate::{HeldPair, HoldRequest, Opening};
use rowcall_audit::entry::KINDS;
use std::collections::BTreeSet;
use std::path::Path;

/// The first cells of the table's rows between the two markers, without
/// back-ticks; each row has every cell filled.
fn stated() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/privacy.md");
    let text = std::fs::read_to_string(path).unwrap();
    let table = text
        .split_once("<!-- retention table -->")
        .and_then(|(_, rest)| rest.split_once("<!-- end of retention table -->"))
        .unwrap()
        .0;
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for row in &rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let full = cells.len() == 6 && cells.iter().all(|cell| !cell.is_empty());
        assert!(
            full,
            "what, where, why, how long, destroyed how, shown by: {row}"
        );
    }
    let names: Vec<String> = rows
        .iter()
        .filter_map(|row| row.split('`').nth(1))
        .map(str::to_owned)
        .collect();
    let set: BTreeSet<String> = names.iter().cloned().collect();
    assert_eq!(set.len(), names.len(), "an item is stated twice");
    set
}

#[test]
fn every_item_that_is_held_has_its_life_stated_and_no_other() {
    let store = Store::columns()
        .unwrap()
        .into_iter()
        .map(|c| format!("store:{c}"));
    let log = KINDS.iter().flat_map(|kind| {
        let names = kind.fields.iter().map(|(field, _)| *field);
        std::iter::once("minute")
            .chain(names)
            .map(move |field| format!("log:{}.{field}", kind.name))
    });
    let memory = memory_fields().into_iter().map(|f| format!("memory:{f}"));
    let files = [
        "file:hold-keys",
        "file:holds",
        "file:quarantine",
        "file:keys",
        "file:checkpoint",
        "file:partials",
        "file:tiles",
    ];
    let held: BTreeSet<String> = store
        .chain(log)
        .chain(memory)
        .chain(files.map(str::to_owned))
        .collect();
    let stated = stated();
    let unstated: Vec<_> = held.difference(&stated).collect();
    let unheld: Vec<_> = stated.difference(&held).collect();
    assert!(
        unstated.is_empty() && unheld.is_empty(),
        "held but not in docs/privacy.md: {unstated:#?}\nthere but not held: {unheld:#?}"
    );
}

fn memory_fields() -> Vec<&'static str> {
    let mut fields = crate::Biometrics::new(made::lane()).field_names();
    fields.extend(World::new().start().unwrap().field_names());
    // Beside the biometrics of a transaction, and what is handed in and out:
    // matched without `..` too.
    let _ =
        |live: Live, opening: Opening, pair: HeldPair, request: HoldRequest, proposed: Proposed| {
            let Live {
                biometrics: _,
                proposals: _,
            } = live;
            let Proposed {
                request: _,
                officer: _,
                key: _,
                context: _,
                ciphertext: _,
                digest: _,
            } = proposed;
            let Opening {
                key: _,
                transaction: _,
            } = opening;
            let HeldPair {
                occupant: _,
                portrait: _,
            } = pair;
            let HoldRequest {
                seat: _,
                document: _,
                reason: _,
                length: _,
            } = request;
        };
    // What custody's thread knows of the log.
    let _ = |open: OpenInLog, hold: HoldInLog| {
        let OpenInLog {
            opened: _,
            commitment: _,
            tally,
        } = open;
        let Tally {
            documents: _,
            holds: _,
            confirmed: _,
            referred: _,
        } = tally;
        let HoldInLog {
            due: _,
            ciphertext: _,
        } = hold;
    };
    fields.extend([
        "opened",
        "tally",
        "commitment",
        "opening.key",
        "officer",
        "hold.pair",
        "proposals",
        "holds",
        "keys",
    ]);
    fields
}

/// No file beside those that the table names, after everything that a lane does.
#[test]
fn no_other_file_is_ever_made() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.add_document(presented(3), Some(image(3))).unwrap();
    open.add_frame(occupant(1, 4)).unwrap();
    open.record(&[document_fact()]).unwrap();
    let hold = open.hold(&hold_request(), &world.officer("o")).unwrap();
    open.close().unwrap();
    custody.view_hold(hold, &world.officer("officer")).unwrap();
    let known = |file: &str| {
        let store = file
            .strip_prefix("custody.sqlite")
            .is_some_and(|end| ["", "-wal", "-shm"].contains(&end));
        let log =
            ["log/checkpoint", "log/partials"].contains(&file) || file.starts_with("log/tile/");
        store || log || file == "hold-keys" || file.starts_with("holds/")
    };
    let files = world.files();
    assert!(files.len() > 6, "{files:?}");
    let unknown: Vec<_> = files.iter().filter(|file| !known(file)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    custody.shutdown().unwrap();
    let unknown: Vec<_> = world.files().into_iter().filter(|f| !known(f)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
