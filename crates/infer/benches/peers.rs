//! The shipped networks beside the programs that users would run them with
//! otherwise: onnxruntime and OpenCV, in the same run, turn by turn, on the same
//! pictures, one thread each. Times are the thread's processor time, so that what else
//! the machine does counts little. `cargo bench -p rowcall-infer`; `ROWCALL_PEERS_PYTHON` names a Python
//! that has them, without which ours run alone.
//!
//! onnxruntime runs the network without its quantised weights (it can't read them
//! in blocks), which is to its advantage. OpenCV's time includes turning a picture
//! into planes and reading the outputs, which its interface doesn't separate.

use std::{
    hint::black_box,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use rowcall_infer::{Arena, Isa, Plan, Sha256, expanded};
use serde_json::{Value, json};

const YUNET: &str = "face_detection_yunet_2023mar_int8bq.onnx";
const SFACE: &str = "face_recognition_sface_2021dec_int8bq.onnx";

/// A network at a size: what kind, height and width, its products (multiplications
/// with an addition) per picture, and how often it is run.
struct Case {
    name: &'static str,
    file: &'static str,
    kind: &'static str,
    sides: [usize; 2],
    products: f64,
    runs: usize,
}

const CASES: [Case; 4] = [
    Case {
        name: "YuNet 640 x 480",
        file: YUNET,
        kind: "detector",
        sides: [480, 640],
        products: 258.0e6,
        runs: 60,
    },
    Case {
        name: "YuNet 1280 x 736",
        file: YUNET,
        kind: "detector",
        sides: [736, 1280],
        products: 258.0e6 * (736.0 * 1280.0) / (480.0 * 640.0),
        runs: 25,
    },
    Case {
        name: "YuNet 1920 x 1088",
        file: YUNET,
        kind: "detector",
        sides: [1088, 1920],
        products: 258.0e6 * (1088.0 * 1920.0) / (480.0 * 640.0),
        runs: 15,
    },
    Case {
        name: "SFace",
        file: SFACE,
        kind: "embedder",
        sides: [112, 112],
        products: 568.0e6,
        runs: 60,
    },
];

fn main() {
    // `cargo test` builds and starts benchmarks too; it wants none measured.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let only: Option<String> = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut peers = Peers::start(folder.path());
    println!("{}", machine());
    println!(
        "one core's peak, fused products of 32-bit floats: {:.0} GFLOP/s",
        peak()
    );
    println!(
        "{:18} {:12} {:>8} {:>8}  {:>6}  {:>7}  {:>9}  {:>10}",
        "network", "run by", "min ms", "median", "ratio", "GFLOP/s", "arena MB", "difference"
    );
    for case in &CASES {
        if only.as_ref().is_none_or(|only| case.name.contains(only)) {
            measure(case, folder.path(), &mut peers);
        }
    }
}

/// The processor time of this thread so far.
fn processor_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// A picture of smooth shapes: whole numbers, as a camera gives them.
fn pixel(channel: usize, y: usize, x: usize) -> f32 {
    let wave = ((x as f32 / 9.0).sin() + (y as f32 / 13.0 + channel as f32).cos()) * 50.0;
    (128.0 + wave + ((x * 7919 + y * 104_729) % 17) as f32).floor()
}

/// Runs a job once and gives how many milliseconds that took.
type Job<'a> = Box<dyn FnMut() -> f64 + 'a>;

fn measure(case: &Case, folder: &Path, peers: &mut Option<Peers>) {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let file = std::fs::read(models.join(case.file)).expect("a model");
    let pin = Sha256::of(&file);
    let [height, width] = case.sides;
    let planes: Vec<f32> = (0..3 * height * width)
        .map(|i| pixel(i / (height * width), i / width % height, i % width))
        .collect();
    let source = |channel: usize, y: usize, row: &mut [f32]| {
        let start = (channel * height + y) * width;
        row.copy_from_slice(&planes[start..start + width]);
    };
    let plans: Vec<Plan> = Isa::all()
        .map(|isa| Plan::load(&file, pin, isa).expect("a plan"))
        .collect();
    let mut arenas: Vec<Arena> = plans.iter().map(|_| Arena::new()).collect();
    let mut jobs: Vec<(String, Job<'_>)> = Vec::new();
    for (plan, arena) in plans.iter().zip(&mut arenas) {
        let job = move || {
            let started = processor_ms();
            black_box(plan.run(arena, case.sides, source).expect("a run"));
            processor_ms() - started
        };
        jobs.push((plan.isa().name().to_owned(), Box::new(job)));
    }
    let reference = peers.as_mut().map(|peers| {
        let input = folder.join("input");
        let bytes: Vec<u8> = planes.iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(&input, bytes).expect("the input");
        peers.prepare(case, &file, pin, &input)
    });
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); jobs.len() + 2];
    for round in 0..=case.runs {
        for (i, (_, job)) in jobs.iter_mut().enumerate() {
            // The portable one is slow, and only for machines without the others.
            if jobs_skip(i, plans.len(), round) {
                continue;
            }
            times[i].push(job());
        }
        if let Some(peers) = peers {
            for (i, id) in ["onnxruntime", "opencv"].iter().enumerate() {
                let answer = peers.ask(&json!({"do": "time", "id": id}));
                times[plans.len() + i].push(answer["ms"].as_f64().expect("a time"));
            }
        }
    }
    drop(jobs);
    let summary = |times: &[f64]| {
        // The first warms up.
        let mut sorted = times[1.min(times.len() - 1)..].to_vec();
        sorted.sort_by(f64::total_cmp);
        (sorted[0], sorted[sorted.len() / 2])
    };
    let fastest = times[plans.len()..]
        .iter()
        .filter(|t| !t.is_empty())
        .map(|t| summary(t).1)
        .fold(f64::INFINITY, f64::min);
    let names = plans.iter().map(|p| p.isa().name());
    for (i, name) in names.chain(["onnxruntime", "opencv"]).enumerate() {
        if times[i].is_empty() {
            continue;
        }
        let (min, median) = summary(&times[i]);
        let (mut arena, mut off) = (String::new(), String::new());
        if let Some(plan) = plans.get(i) {
            arena = format!("{:.1}", arenas[i].bytes() as f64 / 1e6);
            if let Some(reference) = &reference {
                let outputs = plan.run(&mut arenas[i], case.sides, source).expect("a run");
                off = format!("{:.1e}", difference(&outputs, reference));
            }
        }
        println!(
            "{:18} {name:12} {min:8.2} {median:8.2}  {:6.2}  {:7.1}  {arena:>9}  {off:>10}",
            case.name,
            median / fastest,
            2.0 * case.products / min / 1e6,
        );
    }
}

/// The portable plan, which comes last of ours, runs in every tenth round.
fn jobs_skip(i: usize, ours: usize, round: usize) -> bool {
    i + 1 == ours && !round.is_multiple_of(10)
}

/// The largest difference to onnxruntime's values, as a share of the largest of each
/// output.
fn difference(outputs: &rowcall_infer::Outputs<'_>, reference: &[f32]) -> f32 {
    let mut at = 0;
    let mut worst = 0.0_f32;
    for view in (0..outputs.len()).filter_map(|i| outputs.get(i)) {
        let theirs = &reference[at..at + view.values.len()];
        let largest = theirs.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        for (a, b) in view.values.iter().zip(theirs) {
            worst = worst.max((a - b).abs() / largest);
        }
        at += view.values.len();
    }
    worst
}

struct Peers {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Peers {
    fn start(folder: &Path) -> Option<Self> {
        let python = std::env::var_os("ROWCALL_PEERS_PYTHON").unwrap_or("python3".into());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
        let child = Command::new(&python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("peers.log")).ok()?)
            .spawn();
        let mut child = child.ok()?;
        let (to, from) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let mut peers = Self {
            child,
            to,
            from,
            folder: folder.to_owned(),
        };
        let Some(versions) = peers.answer() else {
            println!("{python:?} has no onnxruntime and OpenCV: ours run alone");
            return None;
        };
        println!("peers: {versions}");
        Some(peers)
    }

    fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.from.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.to, "{question}").expect("the peers listen");
        self.answer().expect("the peers answer")
    }

    /// Both peers ready for a case; gives onnxruntime's outputs.
    fn prepare(&mut self, case: &Case, file: &[u8], pin: Sha256, input: &Path) -> Vec<f32> {
        let [height, width] = case.sides;
        let output = self.folder.join("output");
        for (peer, free) in [("onnxruntime", true), ("opencv", false)] {
            let model = self.folder.join(format!("{peer}.onnx"));
            // OpenCV reads the detector as it is, but not the embedder.
            let bytes = match (peer, case.kind) {
                ("opencv", "detector") => file.to_vec(),
                _ => expanded(file, pin, free).expect("an expanded model"),
            };
            std::fs::write(&model, bytes).expect("the model");
            self.ask(&json!({
                "do": "prepare", "id": peer, "peer": peer, "kind": case.kind, "threads": 1,
                "model": model, "input": input, "output": output, "shape": [3, height, width],
            }));
        }
        let bytes = std::fs::read(output).expect("onnxruntime's outputs");
        let words = bytes.chunks_exact(4);
        words
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect()
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        // Its input ends, and so does it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processor's name and what it has of vector instructions.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": ")).map(|l| l.1)
    };
    let flags = field("flags").unwrap_or_default().split(' ');
    let vector = flags.filter(|f| f.starts_with("avx") || f.starts_with("amx") || *f == "fma");
    format!(
        "{}; {}",
        field("model name").unwrap_or("an unknown processor"),
        vector.collect::<Vec<_>>().join(" ")
    )
}

/// What a core reaches at best, measured: a matrix product that stays in its first
/// cache.
fn peak() -> f64 {
    use rowcall_kernels::{
        Activation, Buffer, Filter, Geometry, Rows, RowsMut, Window, convolve, pack_convolution,
    };
    let geometry = |channels: usize| Geometry {
        blocks: channels / 16,
        width: 20,
        height: 1,
        halo: 0,
        ring: 1,
    };
    let (from, to) = (geometry(128), geometry(32));
    let packed = pack_convolution(&vec![0.5; 128 * 32], (32, 128), 1);
    let mut weights = Buffer::new(packed.len());
    weights.values_mut().copy_from_slice(&packed);
    let (src, zeros) = (Buffer::new(from.len()), Buffer::new(from.len()));
    let mut dst = Buffer::new(to.len());
    let filter = Filter {
        weights: weights.values(),
        bias: &[0.0; 32],
        activation: Activation::None,
    };
    let window = Window {
        kernel: 1,
        stride: 1,
        pad: 0,
    };
    let best = (0..200).map(|_| {
        let started = Instant::now();
        for _ in 0..50 {
            let src = Rows::new(src.values(), zeros.values(), from);
            let dst = RowsMut::new(black_box(dst.values_mut()), to);
            convolve(Isa::best(), filter, window, src, dst, 0..1);
        }
        started.elapsed().as_secs_f64() / 50.0
    });
    2.0 * (128 * 32 * 20) as f64 / best.fold(f64::INFINITY, f64::min) / 1e9
}
