//! A process looks at its own memory: after the end of a transaction no piece
//! of its pictures or templates is left in it.

use crate::{lane, made};
use rowcall_audit::entry::*;
use rowcall_custody::HoldRequest;
use rowcall_words::log::HoldReason;
use rowcall_words::seat::Seat;
use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// How often the bytes occur in this process's writable memory. The needle is
/// kept inverted, so that it does not find itself.
fn occurrences(inverted: &[u8]) -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut count = 0;
    let mut buffer = vec![0_u8; 1 << 20];
    // Reading the buffer into itself would find everything twice.
    let own = buffer.as_ptr().addr() as u64;
    let own = own..own + buffer.len() as u64;
    for map in maps.lines().filter(|map| map.contains(" rw")) {
        let (from, to) = map.split(' ').next().unwrap().split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (mut at, end) = (number(from), number(to));
        while at < end {
            if own.contains(&at) {
                at = own.end;
                continue;
            }
            let limit = if at < own.start {
                end.min(own.start)
            } else {
                end
            };
            let wanted = buffer.len().min((limit - at) as usize);
            // What cannot be read (guard pages) holds nothing.
            let Ok(read) = memory.read_at(&mut buffer[..wanted], at) else {
                break;
            };
            buffer[..read].iter_mut().for_each(|byte| *byte = !*byte);
            count += memchr::memmem::find_iter(&buffer[..read], inverted).count();
            buffer[..read].fill(0);
            // Pieces across two reads: go back by the needle's length.
            at += (read as u64).max(1);
            if at < limit && read > inverted.len() {
                at -= inverted.len() as u64 - 1;
            }
        }
    }
    count
}

fn inverted(bytes: impl IntoIterator<Item = u8>) -> Vec<u8> {
    bytes.into_iter().map(|byte| !byte).collect()
}

/// Sixteen bytes out of the middle of what the lane makes, without leaving the
/// rest behind.
fn piece(mut whole: Vec<u8>) -> Vec<u8> {
    // Within the face too.
    let middle = 3 * (12 * 48 + 20);
    let piece = inverted(whole[middle..middle + 16].iter().copied());
    zeroize::Zeroize::zeroize(&mut whole);
    piece
}

fn template_piece() -> Vec<u8> {
    let mut raw = made::embedding(14);
    let norm = raw
        .iter()
        .map(|v| f64::from(*v).powi(2))
        .sum::<f64>()
        .sqrt();
    // Bit by bit inverted, so that no plain piece is ever put together here.
    let mut piece = Vec::new();
    for value in &raw[60..64] {
        let unit = std::hint::black_box((f64::from(*value) / norm) as f32);
        piece.extend(std::hint::black_box(!unit.to_bits()).to_le_bytes());
    }
    zeroize::Zeroize::zeroize(&mut raw);
    piece
}

#[test]
fn nothing_is_left_in_memory_after_the_end() {
    let temporary = tempfile::tempdir().unwrap();
    let (custody, log_in, _) = lane::start(temporary.path());
    let officer = log_in.authenticated("officer");
    let (mut open, _) = custody
        .open(b"x", Minutes::new(5).unwrap(), made::lane())
        .unwrap();
    let seat = Seat {
        row: 1,
        side: rowcall_words::seat::Side::Left,
    };
    // Of a picture with nobody in it nothing is kept, of one with somebody the face.
    open.add_frame(made::nobody(lane::image(11))).unwrap();
    let portrait = lane::image(12);
    open.add_document(made::document(None, &portrait), Some(portrait))
        .unwrap();
    // Nobody that another test of this process searches for.
    open.add_frame(made::somebody(1, lane::image(13), made::template(14)))
        .unwrap();
    let mut needles: Vec<(String, Vec<u8>)> = (12..=13)
        .map(|seed| (format!("picture {seed}"), piece(lane::pixels(seed))))
        .collect();
    needles.push(("template".into(), template_piece()));
    let counts = || -> Vec<usize> { needles.iter().map(|(_, n)| occurrences(n)).collect() };
    let before = counts();
    assert!(
        before.iter().all(|count| *count > 0),
        "the search is blind: {before:?}"
    );
    let request = HoldRequest {
        seat,
        document: 0,
        reason: HoldReason::LegalOrder,
        length: Minutes::new(5).unwrap(),
    };
    open.hold(&request, &officer).unwrap();
    open.close().unwrap();
    let after = counts();
    assert!(
        after.iter().all(|count| *count == 0),
        "before {before:?}, after {after:?}"
    );
    // A hold that an officer looks at comes back, and goes again.
    let pair = custody
        .view_hold(custody.holds().unwrap()[0], &officer)
        .unwrap();
    assert!(counts()[0] > 0 && counts()[1] > 0);
    drop(pair);
    assert_eq!(counts(), after);
}
