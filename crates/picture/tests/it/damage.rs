//! Whole or not: what was coded decides.

use proptest::prelude::*;
use rowcall_picture::{ErrorKind, Image, Limits, check_whole};

use crate::encoder::{Encoded, Kind, picture, segment};

fn kind() -> impl Strategy<Value = Kind> {
    let sampling = prop_oneof![
        Just(vec![(1, 1)]),
        Just(vec![(1, 1); 3]),
        Just(vec![(2, 1), (1, 1), (1, 1)]),
        Just(vec![(1, 2), (1, 1), (1, 1)]),
        Just(vec![(2, 2), (1, 1), (1, 1)]),
        Just(vec![(1, 1); 4]),
    ];
    let restart = prop_oneof![Just(0_usize), 1_usize..9];
    let choices = (any::<bool>(), any::<bool>());
    ((1_usize..70, 1_usize..70), sampling, choices, restart).prop_map(
        |(size, sampling, (progressive, together), restart)| Kind {
            size,
            sampling,
            progressive,
            together,
            restart,
        },
    )
}

fn is_damaged(file: &[u8]) -> bool {
    let checked = check_whole(file, &Limits::FRAME).err().map(|e| e.kind());
    let decoded = Image::decode(file, &Limits::FRAME).err().map(|e| e.kind());
    checked == Some(ErrorKind::Damaged) && decoded == Some(ErrorKind::Damaged)
}

fn is_whole(file: &[u8]) -> bool {
    check_whole(file, &Limits::FRAME).is_ok() && Image::decode(file, &Limits::FRAME).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A picture that lacks any of its coded bytes isn't whole, with an end-of-image
    /// marker or without.
    #[test]
    fn a_cut_anywhere_is_seen(kind in kind(), seed: u32, quantiser in 1_u8..40, at: prop::sample::Index) {
        let Encoded { file, first, end } = picture(&kind, seed, quantiser);
        prop_assert!(is_whole(&file), "{:?}", Image::decode(&file, &Limits::FRAME));
        let cut = first + at.index(end - first);
        for marker in [&[][..], &[0xff, 0xd9], &[0xff, 0xd9, 0, 0, 0]] {
            let cut_off = [&file[..cut], marker].concat();
            prop_assert!(is_damaged(&cut_off), "cut to {cut} of {end}, then {marker:?}");
        }
    }

    /// So it is if the rest of its bytes are nothing.
    #[test]
    fn zeros_instead_of_the_rest_are_seen(kind in kind(), seed: u32, at: prop::sample::Index) {
        let Encoded { mut file, first, end } = picture(&kind, seed, 2);
        prop_assume!(end - first > 200);
        let from = first + at.index(end - first - 100);
        file[from..end].fill(0);
        prop_assert!(is_damaged(&file), "zeros from {from} to {end}");
    }

    /// What honest files have more of than their pictures.
    #[test]
    fn what_stands_beside_a_picture_is_no_damage(kind in kind(), seed: u32, after in prop::collection::vec(any::<u8>(), 0..40)) {
        let Encoded { file, end, .. } = picture(&kind, seed, 5);
        // A thumbnail with a start and an end of its own, comments, segments of makers.
        let thumbnail = Kind { size: (8, 8), sampling: vec![(1, 1)], progressive: false, together: true, restart: 0 };
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0".to_vec();
        exif.extend(picture(&thumbnail, 1, 1).file);
        let mut rich = vec![0xff, 0xd8];
        segment(&mut rich, 0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
        segment(&mut rich, 0xe1, &exif);
        segment(&mut rich, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x/>");
        segment(&mut rich, 0xe2, b"MPF\0MM\0*");
        segment(&mut rich, 0xfe, b"\xff\xd9 a comment");
        // Fill bytes before a marker.
        rich.extend([0xff, 0xff, 0xff]);
        rich.extend(&file[2..]);
        let before_end = [&file[..end], &[0xff, 0xff, 0xff, 0xd9][..]].concat();
        let extraneous = [&file[..end], &[0, 0, 0, 0, 0xff, 0xd9][..]].concat();
        for (what, file) in [
            ("segments before it", rich),
            ("bytes after it", [&file[..], &after].concat()),
            ("another picture after it", [&file[..], &file[..]].concat()),
            ("fill bytes before its end", before_end),
            ("a few bytes too many", extraneous),
            ("no end-of-image marker", file[..end].to_vec()),
        ] {
            prop_assert!(is_whole(&file), "{what}: {:?}", Image::decode(&file, &Limits::FRAME));
        }
    }

    #[test]
    fn no_bytes_panic(kind in kind(), seed: u32, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut file = picture(&kind, seed, 3).file;
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        let _ = Image::decode(&file, &Limits::FRAME);
        let small = Limits { max_pixels: 200, ..Limits::FRAME };
        let _ = Image::decode(&file, &small);
        let _ = check_whole(&file, &small);
    }

    #[test]
    fn no_noise_panics(mut file in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Image::decode(&file, &Limits::FRAME);
        for magic in [&b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  "] {
            let end = magic.len().min(file.len());
            file[..end].copy_from_slice(&magic[..end]);
            let _ = Image::decode(&file, &Limits::FRAME);
        }
    }
}

/// A scan that is missing, comes twice, or comes before its turn.
#[test]
fn scans_follow_one_another() {
    let kind = Kind {
        size: (40, 40),
        sampling: vec![(1, 1); 3],
        progressive: true,
        together: true,
        restart: 0,
    };
    let file = picture(&kind, 9, 2).file;
    let mut starts: Vec<usize> = (0..file.len() - 1)
        .filter(|i| file[*i..*i + 2] == [0xff, 0xda])
        .collect();
    starts.push(file.len() - 2);
    let scans: Vec<&[u8]> = starts.windows(2).map(|w| &file[w[0]..w[1]]).collect();
    let head = &file[..starts[0]];
    let build = |order: &[usize]| {
        let mut out = head.to_vec();
        order.iter().for_each(|i| out.extend(scans[*i]));
        out.extend([0xff, 0xd9]);
        out
    };
    let all: Vec<usize> = (0..scans.len()).collect();
    assert!(is_whole(&build(&all)));
    let mut wrong = Vec::new();
    for i in 0..scans.len() {
        let mut without = all.clone();
        without.remove(i);
        if !is_damaged(&build(&without)) {
            wrong.push(format!("without scan {i}"));
        }
        let mut twice = all.clone();
        twice.insert(i, i);
        // The last one again is after the picture.
        if i + 1 < scans.len() && !is_damaged(&build(&twice)) {
            wrong.push(format!("scan {i} twice"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A run of zeros in a photograph, as a card or a network leaves it, shows in the
/// count of what was coded: in the samples' frames, wherever it is.
#[test]
fn runs_of_zeros_are_seen() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/vehicles");
    let mut files = Vec::new();
    crate::pixels::find(&samples, &mut files);
    let (mut tried, mut missed) = (0, Vec::new());
    for path in files.iter().step_by(9) {
        let whole = std::fs::read(path).expect("a sample");
        let scan = whole
            .windows(2)
            .position(|m| m == [0xff, 0xda])
            .expect("a scan");
        for length in [32, 512, 4096] {
            for part in 0..8 {
                let from = scan + 40 + (whole.len() - scan - 60) * part / 8;
                let mut file = whole.clone();
                let end = (from + length).min(whole.len() - 2);
                file[from..end].fill(0);
                tried += 1;
                if check_whole(&file, &Limits::FRAME).is_ok() {
                    missed.push(format!("{}: {length} from {from}", path.display()));
                }
            }
        }
    }
    println!("{} of {tried} runs were missed", missed.len());
    assert!(
        tried > 200 && missed.len() * 200 <= tried,
        "{}",
        missed.join("\n")
    );
}
