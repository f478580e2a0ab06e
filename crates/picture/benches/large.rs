//! What large pictures cost: milliseconds and the most memory beside the file, with
//! another decoder's at the full size for comparison.
//! `cargo bench -p rowcall-picture --bench large`.

use std::{hint::black_box, io::Cursor, time::Instant};

use image::{RgbImage, codecs::jpeg::JpegEncoder};
use peak_alloc::PeakAlloc;
use rowcall_picture::{Image, Limits, check_whole};

#[path = "../tests/it/encoder.rs"]
#[expect(dead_code, reason = "pictures aren't cut here")]
mod encoder;

use encoder::{Kind, picture};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const RUNS: usize = 3;

fn main() {
    println!("| picture | file MB | decoded as | ms | MB | whole? ms | image crate ms | MB |");
    println!("|---|---|---|---|---|---|---|---|");
    let halved = vec![(2, 2), (1, 1), (1, 1)];
    let progressive = |size| Kind {
        size,
        sampling: halved.clone(),
        progressive: true,
        together: true,
        restart: 0,
    };
    let of_kind = |kind: Kind| picture(&kind, 7, 40).file;
    for (what, file, limits) in [
        (
            "frame, 1,280 x 720",
            photograph(1_280, 720, 88),
            Limits::FRAME,
        ),
        (
            "frame, 24 million",
            photograph(6_000, 4_000, 88),
            Limits::FRAME,
        ),
        (
            "portrait, 12 million",
            photograph(4_000, 3_000, 90),
            Limits::PORTRAIT,
        ),
        (
            "portrait, 48 million",
            photograph(8_000, 6_000, 90),
            Limits::PORTRAIT,
        ),
        (
            "portrait, 48 million, progressive",
            of_kind(progressive((8_000, 6_000))),
            Limits::PORTRAIT,
        ),
        (
            "page, 48 million",
            photograph(8_000, 6_000, 90),
            Limits::PAGE,
        ),
        (
            "page, A4 at 300 dpi, white, noise",
            scan(2_480, 3_508),
            Limits::PAGE,
        ),
        (
            "page, A4 at 600 dpi, white, noise",
            scan(4_960, 7_016),
            Limits::PAGE,
        ),
        ("page, A4 at 600 dpi, PNG", png(4_960, 7_016), Limits::PAGE),
        (
            "page, 200 million",
            photograph(16_320, 12_240, 60),
            Limits::PAGE,
        ),
    ] {
        let (ms, mb, decoded) = cost(|| Image::decode(black_box(&file), &limits));
        let size = match decoded {
            Ok(image) => format!("{} x {}", image.width(), image.height()),
            Err(error) => error.to_string(),
        };
        let (checked, _, _) = cost(|| check_whole(black_box(&file), &limits));
        let (theirs, their_mb, _) = cost(|| image::load_from_memory(black_box(&file)).is_ok());
        let mega = file.len() as f64 / 1e6;
        println!(
            "| {what} | {mega:.2} | {size} | {ms:.0} | {mb:.0} | {checked:.0} | {theirs:.0} | {their_mb:.0} |"
        );
    }
}

/// Median milliseconds, and the peak of megabytes beside what was there.
fn cost<T>(work: impl Fn() -> T) -> (f64, f64, T) {
    let mut times = Vec::new();
    let mut peak = 0;
    loop {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = Instant::now();
        let done = work();
        times.push(start.elapsed().as_secs_f64() * 1e3);
        peak = peak.max(MEMORY.peak_usage().saturating_sub(before));
        if times.len() == RUNS {
            times.sort_by(f64::total_cmp);
            return (times[RUNS / 2], peak as f64 / 1e6, done);
        }
    }
}

/// Waves and noise, as busy as a photograph.
fn photograph(width: u32, height: u32, quality: u8) -> Vec<u8> {
    let mut state = 1_u32;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 29) as f32;
        let (x, y) = (x as f32, y as f32);
        let wave = |a: f32, b: f32| 110.0 + 90.0 * (x / a).sin() * (y / b).cos() + noise;
        image::Rgb([
            wave(61.0, 83.0) as u8,
            wave(97.0, 41.0) as u8,
            wave(53.0, 67.0) as u8,
        ])
    });
    jpeg(&picture, quality)
}

/// A white sheet as a scanner sees it, with a page's print on a fifth of it.
fn scanned(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u32;
    RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 28) as u8 / 2;
        let print = x < width / 2 && y < height * 2 / 5 && x / 9 % 3 == 0 && y / 23 % 2 == 0;
        image::Rgb(if print {
            [40 + noise; 3]
        } else {
            [244 + noise; 3]
        })
    })
}

fn scan(width: u32, height: u32) -> Vec<u8> {
    jpeg(&scanned(width, height), 85)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    scanned(width, height)
        .write_to(&mut file, image::ImageFormat::Png)
        .expect("encodes");
    file.into_inner()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality))
        .expect("encodes");
    file
}
