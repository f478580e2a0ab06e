//! H.264 against ffmpeg's decoder, and against what no encoder makes.

use proptest::prelude::*;
use rowcall_camera::{
    ErrorKind,
    rtsp::h264::{Decoded, H264},
};
use rowcall_picture::{Image, Limits};

const STREAMS: [(&str, &[u8], &[u8]); 3] = [
    (
        "baseline",
        include_bytes!("../foreign/baseline.h264"),
        include_bytes!("../foreign/baseline-16.png"),
    ),
    (
        "main, two slices",
        include_bytes!("../foreign/main.h264"),
        include_bytes!("../foreign/main-16.png"),
    ),
    (
        "high, pictures out of order",
        include_bytes!("../foreign/high.h264"),
        include_bytes!("../foreign/high-16.png"),
    ),
];

/// Access units: each begins with a delimiter (type 9), after a start code of four
/// bytes.
fn units(stream: &[u8]) -> Vec<&[u8]> {
    let begins = |at: &usize| stream[*at..].starts_with(&[0, 0, 0, 1, 9]);
    let mut at: Vec<usize> = (0..stream.len()).filter(begins).collect();
    at.push(stream.len());
    at.windows(2)
        .map(|pair| &stream[pair[0]..pair[1]])
        .collect()
}

fn mean_difference(a: &Image, b: &Image) -> f64 {
    assert_eq!((a.width(), a.height()), (b.width(), b.height()));
    let pairs = a.rgb().iter().zip(b.rgb());
    pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.rgb().len() as f64
}

#[test]
fn pictures_are_those_of_ffmpeg() {
    for (what, stream, expected) in STREAMS {
        let expected = Image::decode(expected, &Limits::FRAME).expect("a PNG");
        let mut decoder = H264::new();
        let units = units(stream);
        assert_eq!(units.len(), 20, "{what}");
        // Decoded as they come, not as they are shown.
        let nearest = units
            .iter()
            .map(|unit| match decoder.decode(unit, true) {
                Ok(Decoded::Picture(Some(image))) => mean_difference(&image, &expected),
                other => unreachable!("{what}: {other:?}"),
            })
            .fold(f64::MAX, f64::min);
        // The rest is how the colours of a square of four pixels are spread.
        assert!(nearest < 3.0, "{what}: {nearest}");
    }
}

#[test]
fn it_begins_where_nothing_is_built_upon_and_waits_after_a_loss() {
    let units = units(STREAMS[0].1);
    let kinds = |decoder: &mut H264, from: usize| -> String {
        let kind = |unit: &&[u8]| match decoder.decode(unit, false) {
            Ok(Decoded::Picture(None)) => 'p',
            Ok(Decoded::Waiting) => '.',
            other => unreachable!("{other:?}"),
        };
        units[from..].iter().map(kind).collect()
    };
    let mut decoder = H264::new();
    assert_eq!(kinds(&mut decoder, 3), ".....pppppppppppp");
    decoder.lost();
    assert_eq!(kinds(&mut decoder, 1), ".......pppppppppppp");
}

/// Bits of a parameter set (ITU-T H.264, 7.3.2.1.1), most significant first.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn fixed(mut self, value: u64, bits: u32) -> Self {
        self.0
            .extend((0..bits).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    fn coded(self, value: u64) -> Self {
        let bits = 64 - (value + 1).leading_zeros();
        self.fixed(0, bits - 1).fixed(value + 1, bits)
    }

    fn unit(self, kind: u8) -> Vec<u8> {
        let mut bits = self.fixed(1, 1).0;
        bits.resize(bits.len().next_multiple_of(8), false);
        let bytes = bits
            .chunks(8)
            .map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::from(*bit)));
        let mut unit = vec![0, 0, 0, 1, kind];
        let mut zeros = 0;
        for byte in bytes {
            if zeros == 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }
}

fn sequence(references: u64, width: u64, height: u64) -> Vec<u8> {
    let size = size(references, width, height);
    size.fixed(1, 1).fixed(1, 1).fixed(0, 2).unit(0x67)
}

/// Frames and fields mixed within a picture (MBAFF), and the beginning of one.
fn interlaced() -> Vec<u8> {
    let size = size(1, 80, 23);
    let mut unit = size
        .fixed(0, 1)
        .fixed(1, 1)
        .fixed(1, 1)
        .fixed(0, 2)
        .unit(0x67);
    unit.extend([0, 0, 0, 1, 0x65, 0x88, 0x84]);
    unit
}

fn size(references: u64, width: u64, height: u64) -> Bits {
    Bits::default()
        .fixed(66, 8)
        .fixed(0, 8)
        .fixed(51, 8)
        .coded(0)
        .coded(0)
        .coded(2)
        .coded(references)
        .fixed(0, 1)
        .coded(width - 1)
        .coded(height - 1)
}

#[test]
fn what_is_declared_is_held_against_the_limits() {
    let long = [&[0, 0, 0, 1, 0x68][..], &[0x55; 2_000]].concat();
    let number = Bits::default().coded(256).coded(0).unit(0x68);
    let cases = [
        ("fits", sequence(4, 80, 45), None),
        ("the largest", sequence(16, 256, 144), None),
        (
            "too wide",
            sequence(1, 4_000, 45),
            Some(ErrorKind::TooLarge),
        ),
        (
            "too high",
            sequence(1, 45, 4_000_000_000),
            Some(ErrorKind::TooLarge),
        ),
        (
            "absurd",
            sequence(1, 4_000_000_000, 4_000_000_000),
            Some(ErrorKind::TooLarge),
        ),
        (
            "too many references",
            sequence(17, 80, 45),
            Some(ErrorKind::Damaged),
        ),
        ("interlaced", interlaced(), Some(ErrorKind::Unsupported)),
        (
            "cut off",
            vec![0, 0, 0, 1, 0x67, 66],
            Some(ErrorKind::Damaged),
        ),
        (
            "picture parameters too long",
            long,
            Some(ErrorKind::TooLarge),
        ),
        (
            "picture parameters of a number too high",
            number,
            Some(ErrorKind::Damaged),
        ),
    ];
    let mut failures = Vec::new();
    for (what, unit, expected) in cases {
        let got = H264::new()
            .decode(&unit, true)
            .map(|_| ())
            .map_err(|e| e.kind());
        if got.err() != expected {
            failures.push(format!("{what}: {got:?}, not {expected:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn damage_never_panics_and_whole_pictures_come_again(
        which in 0_usize..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        dropped in prop::option::of(0_usize..8),
    ) {
        let (_, stream, _) = STREAMS[which];
        // The second group of pictures is left alone.
        let all = units(stream);
        let begin = all.iter().take(8).map(|unit| unit.len()).sum::<usize>();
        let mut damaged = stream.to_vec();
        for (at, value) in &changes {
            damaged[at.index(begin)] = *value;
        }
        let mut decoder = H264::new();
        let mut at = 0;
        for (number, unit) in all.iter().enumerate().take(8) {
            let unit = &damaged[at..at + unit.len()];
            at += unit.len();
            if dropped != Some(number) {
                // Whatever comes of it.
                let _ = decoder.decode(unit, true);
            }
        }
        for unit in &all[8..] {
            let decoded = decoder.decode(unit, true);
            prop_assert!(matches!(decoded, Ok(Decoded::Picture(Some(_)))), "{decoded:?}");
        }
    }

    #[test]
    fn rubbish_never_panics(units in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..8)) {
        let mut decoder = H264::new();
        for unit in units {
            for kind in [0x67, 0x68, 0x65, 0x61] {
                let unit = [&[0, 0, 0, 1, kind][..], &unit].concat();
                let _ = decoder.decode(&unit, true);
            }
        }
    }
}
