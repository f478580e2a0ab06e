//! What a camera's video costs: frames a second of processor time, decoded and made pictures,
//! and the most memory beside the stream; and what a look at a JPEG costs. Needs ffmpeg
//! to make the streams. `cargo bench -p rowcall-camera --bench video`.

use std::{hint::black_box, process::Command, time::Duration};

use peak_alloc::PeakAlloc;
use rowcall_camera::rtsp::h264::{Decoded, H264};
use rowcall_picture::{Limits, Luma};
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const STREAMS: [(&str, &[&str]); 4] = [
    (
        "baseline",
        &["-profile:v", "baseline", "-preset", "veryfast"],
    ),
    (
        "main, B pictures",
        &["-profile:v", "main", "-preset", "medium", "-bf", "2"],
    ),
    (
        "high, B pictures, slower",
        &["-profile:v", "high", "-preset", "slower"],
    ),
    (
        "high, four slices",
        &[
            "-preset",
            "veryfast",
            "-tune",
            "zerolatency",
            "-x264-params",
            "slices=4",
        ],
    ),
];
const RUNS: u32 = 200;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    println!("| 1280 x 720, 150 frames | decoded/s | made pictures/s | MB |");
    println!("|---|---|---|---|");
    for (what, arguments) in STREAMS {
        let file = folder.path().join("stream.h264");
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-f", "lavfi"])
            .args(["-i", "testsrc2=size=1280x720:rate=25:duration=6"])
            .args(["-pix_fmt", "yuv420p", "-c:v", "libx264", "-g", "50"])
            .args(arguments)
            .args(["-bsf:v", "h264_metadata=aud=insert", "-f", "h264"])
            .arg(&file)
            .status();
        if !made.is_ok_and(|status| status.success()) {
            println!("SKIPPED: no ffmpeg with x264 is installed");
            return;
        }
        let stream = std::fs::read(&file).expect("was written");
        let units = units(&stream);
        let (decoded, _) = rate(&units, false);
        let (pictures, peak) = rate(&units, true);
        println!("| {what} | {decoded:.0} | {pictures:.0} | {peak:.1} |");
    }
    let frame = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/vehicles/couple/frames/front/0001.jpg"
    );
    let frame = std::fs::read(frame).expect("is there");
    let limits = Limits {
        max_pixels: 160_000,
        ..Limits::FRAME
    };
    let began = spent();
    for _ in 0..RUNS {
        let luma = Luma::decode(black_box(&frame), &limits).expect("whole");
        black_box(luma.pixels.len());
    }
    let each = (spent() - began) / RUNS;
    println!(
        "\na look at a JPEG of 1280 x 720, {} kB: {each:.1?}",
        frame.len() / 1000
    );
}

/// Processor time of this thread, so that others on the machine don't count.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Access units: each begins with a delimiter.
fn units(stream: &[u8]) -> Vec<&[u8]> {
    let begins = |at: &usize| stream[*at..].starts_with(&[0, 0, 0, 1, 9]);
    let mut at: Vec<usize> = (0..stream.len()).filter(begins).collect();
    at.push(stream.len());
    at.windows(2)
        .map(|pair| &stream[pair[0]..pair[1]])
        .collect()
}

/// Frames in a second, and megabytes.
fn rate(units: &[&[u8]], wanted: bool) -> (f64, f64) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let mut decoder = H264::new();
    let began = spent();
    for unit in units {
        let decoded = decoder.decode(unit, wanted);
        assert!(matches!(decoded, Ok(Decoded::Picture(_))), "{decoded:?}");
    }
    let rate = units.len() as f64 / (spent() - began).as_secs_f64();
    let peak = MEMORY.peak_usage().saturating_sub(before);
    (rate, peak as f64 / 1e6)
}
