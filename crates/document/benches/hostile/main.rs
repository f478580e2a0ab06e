//! What hostile input costs: every fuzz body on files of 1 MB that are made to be
//! slow or large for it, with the worst time for 100 kB and the most memory that
//! was allocated. `cargo bench -p rowcall-document --bench hostile`, or with bodies'
//! names behind `--` of these alone; some kinds need the shared documents and say so.
//! The time is a processor's, where the system tells it (Linux), so that what else the
//! machine does doesn't count.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use rowcall_document::{NamedFile, Policy};
use rowcall_picture::Limits;
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::Issuer;

#[path = "../../../../fuzz/bodies/mod.rs"]
mod bodies;
mod certificates;
mod elements;
mod exchanges;
mod faces;
mod pages;
mod portraits;
mod seals;
mod signers;
mod sods;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZE: usize = 1_000_000;
const RUNS: usize = 3;

type Body = fn(&[u8]);

struct Kind {
    body: &'static str,
    what: &'static str,
    bytes: Vec<u8>,
}

fn main() {
    let bodies: [(&str, Body); 12] = [
        ("mrz", bodies::mrz),
        ("tlv", bodies::tlv),
        ("sod", bodies::sod),
        ("trusted sod", trusted),
        ("certificate", bodies::certificate),
        ("accompanying", bodies::accompanying),
        ("dg2", bodies::dg2),
        ("portrait", decoded),
        ("seal", bodies::seal),
        ("dtc", bodies::dtc),
        ("exchange", bodies::exchange),
        ("page", bodies::page),
    ];
    println!("| body | hostile in what | bytes | ms for 100 kB | MB |");
    println!("|---|---|---|---|---|");
    // A decoder's caught assertion would print to the middle of the table.
    std::panic::set_hook(Box::new(|_| {}));
    let only: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    for kind in kinds() {
        if !only.is_empty() && !only.iter().any(|body| body == kind.body) {
            continue;
        }
        for (_, body) in bodies.iter().filter(|(name, _)| *name == kind.body) {
            let (ms, mb) = cost(*body, &kind.bytes);
            println!(
                "| {} | {} | {} | {ms:.2} | {mb:.1} |",
                kind.body,
                kind.what,
                kind.bytes.len()
            );
        }
    }
}

/// Median milliseconds for each 100 kB, and the peak of megabytes beyond the
/// input itself.
fn cost(body: Body, bytes: &[u8]) -> (f64, f64) {
    let begun = Instant::now();
    let mut times = [0.0; RUNS];
    let mut peak = 0;
    for time in &mut times {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = spent(begun);
        body(black_box(bytes));
        *time = (spent(begun) - start).as_secs_f64() * 1e3;
        peak = peak.max(MEMORY.peak_usage() - before);
    }
    times.sort_by(f64::total_cmp);
    let parts = (bytes.len() as f64 / 1e5).max(1.0);
    (times[RUNS / 2] / parts, peak as f64 / 1e6)
}

/// What this thread has had of a processor (proc_pid_schedstat(5)), or else what passed.
fn spent(begun: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let first = told
        .as_deref()
        .and_then(|t| t.split(' ').next()?.parse().ok());
    first.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// EF.SOD under a store that trusts forty issuers of its issuer's name.
fn trusted(bytes: &[u8]) {
    let issuers = (0..40).map(|i| ("csca.der", Issuer::new(i).csca_certificate()));
    let (trust, _) = TrustStore::from_files(issuers);
    let file = NamedFile {
        name: "EF_SOD.bin".to_owned(),
        bytes: bytes.to_vec(),
    };
    let at = jiff::civil::date(2026, 11, 23);
    rowcall_document::read(vec![file], &trust, &Policy::default(), at);
}

/// DG2 with its portrait decoded.
fn decoded(bytes: &[u8]) {
    let file = NamedFile {
        name: "EF_DG2.bin".to_owned(),
        bytes: bytes.to_vec(),
    };
    let at = jiff::civil::date(2026, 11, 23);
    let document = rowcall_document::read(vec![file], &TrustStore::empty(), &Policy::default(), at);
    if let Some(portrait) = document.portrait() {
        let _ = portrait.decode(&Limits::PORTRAIT);
    }
}

fn all(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// `piece` again and again, `SIZE` bytes of it.
fn many(piece: &[u8]) -> Vec<u8> {
    piece.repeat(SIZE / piece.len())
}

/// As deep as `SIZE` bytes go, with right lengths.
fn nested(tag: u8, levels: usize) -> Vec<u8> {
    let mut backwards = Vec::new();
    for _ in 0..levels {
        let len = (backwards.len() as u32).to_be_bytes();
        backwards.extend(len.iter().rev());
        backwards.extend([0x84, tag]);
    }
    backwards.reverse();
    backwards
}

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut add = |body, what, bytes| kinds.push(Kind { body, what, bytes });
    elements::kinds(&mut add);
    sods::kinds(&mut add);
    signers::kinds(&mut add);
    certificates::kinds(&mut add);
    faces::kinds(&mut add);
    portraits::kinds(&mut add);
    seals::kinds(&mut add);
    exchanges::kinds(&mut add);
    pages::kinds(&mut add);
    kinds
}

type Add<'a> = dyn FnMut(&'static str, &'static str, Vec<u8>) + 'a;

fn shared(path: &str) -> std::path::PathBuf {
    std::env::var_os("ROWCALL_SHARED")
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            std::path::PathBuf::from,
        )
        .join("documents")
        .join(path)
}

fn png(picture: &image::GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("encodes");
    let mut bytes = bytes.into_inner();
    // What follows the picture makes it a file that may have more pixels.
    bytes.resize(bytes.len().max(SIZE), 0);
    bytes
}
