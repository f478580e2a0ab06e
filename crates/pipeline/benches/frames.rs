//! Frames of a lane from file to templates, beside OpenCV's pair doing the same (decoding,
//! YuNet, alignment, SFace), in the same run, turn by turn, on the sample vehicles' frames,
//! whose truth says who could be found. `cargo bench -p rowcall-pipeline`;
//! `ROWCALL_PEERS_PYTHON` names a Python that has opencv-python-headless, without which
//! ours runs alone.
//!
//! One thread each first: that thread's processor time. Then all cores: wall time, which
//! wants an idle machine; OpenCV once with its own threads and once as a process a core.
//! "as a lane looks" is what a lane does besides: quality, fine structure, borders. "as a
//! lane goes on" is what it does of five frames a second once it has seen enough of a vehicle
//! that stands: of a camera's five frames the first is looked at so, in the others it looks
//! whether the faces are still there and nobody else, and at the whole where that isn't so.

use std::{
    collections::BTreeSet,
    hint::black_box,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Instant,
};

use rowcall_face::{
    Analyser, Detector, Embedder, Image, Manifest, Point, Rect, Search, Sketch, Worker,
};
use rowcall_infer::{Sha256, expanded};
use rowcall_picture::Limits;
use rowcall_pipeline::{folder::Folder, frame::Ready};
use rowcall_rollcall::Lane;
use serde_json::{Value, json};

const ROUNDS: usize = 7;
/// A face counts as found if both eyes lie within this share of the distance between the
/// true ones.
const NEAR: f32 = 0.4;

struct Shot {
    path: PathBuf,
    camera: String,
    lane: Arc<Lane>,
    file: Vec<u8>,
    /// The eyes of everybody whose face can be seen: right, then left.
    seen: Vec<[Point; 2]>,
}

/// The eyes found in each frame.
type Found = Vec<Vec<[Point; 2]>>;

fn main() {
    // `cargo test` builds and starts benchmarks too; it wants none measured.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shots = shots(&root.join("samples/vehicles"));
    let people: usize = shots.iter().map(|shot| shot.seen.len()).sum();
    let pixels = Image::decode(&shots[0].file, &Limits::FRAME).expect("a frame");
    println!(
        "{} frames of {} x {}, {people} faces that can be seen",
        shots.len(),
        pixels.width(),
        pixels.height()
    );
    let (analyser, confidence) = analyser(&root.join("models"));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let folder = tempfile::tempdir().expect("a folder");
    let mut one = Peer::start(folder.path(), &root, &shots, confidence, 1);
    // Where one peer doesn't start none does, and that was said.
    let more = if one.is_some() { cores } else { 0 };
    let mut threads = one
        .as_ref()
        .and_then(|_| Peer::start(folder.path(), &root, &shots, confidence, cores));
    let mut processes: Vec<_> = (0..more)
        .map_while(|at| {
            let own = shots.iter().skip(at).step_by(cores);
            Peer::start(folder.path(), &root, own, confidence, 1)
        })
        .collect();

    // What each takes for all frames, in milliseconds, round by round.
    let mut times: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut note = |name, round: usize, ms: f64| {
        if !times.iter().any(|(known, _)| *known == name) {
            times.push((name, Vec::new()));
        }
        let (_, all) = times
            .iter_mut()
            .find(|(known, _)| *known == name)
            .expect("it was put there");
        // The first warms up.
        if round > 0 {
            all.push(ms);
        }
    };
    let worker = Worker::new();
    let (mut ours, mut theirs) = (Found::new(), Found::new());
    let (mut followed, mut whole) = (Found::new(), 0);
    for round in 0..=ROUNDS {
        let start = processor_ms();
        ours = shots
            .iter()
            .map(|shot| templates(shot, &analyser, &worker))
            .collect();
        note("one thread: rowcall", round, processor_ms() - start);
        let start = processor_ms();
        for shot in &shots {
            black_box(looked_at(shot, &analyser, &worker));
        }
        note(
            "one thread: rowcall, as a lane looks",
            round,
            processor_ms() - start,
        );
        let start = processor_ms();
        (followed, whole) = go_on(&shots, &analyser, &worker);
        note(
            "one thread: rowcall, as a lane goes on",
            round,
            processor_ms() - start,
        );
        if let Some(peer) = &mut one {
            let answer = peer.ask();
            theirs = found(&answer);
            note(
                "one thread: opencv",
                round,
                answer["processor_ms"].as_f64().expect("a time"),
            );
        }
        let start = Instant::now();
        all_cores(&shots, &analyser, cores);
        note("all cores: rowcall", round, ms(start));
        if let Some(peer) = &mut threads {
            let start = Instant::now();
            peer.ask();
            note("all cores: opencv, its threads", round, ms(start));
        }
        if processes.len() == cores {
            let start = Instant::now();
            processes.iter_mut().for_each(Peer::begin);
            for peer in &mut processes {
                peer.answer().expect("the peer answers");
            }
            note("all cores: opencv, a process a core", round, ms(start));
        }
    }
    println!(
        "{:38} {:>9} {:>9} {:>9}",
        "all frames", "median ms", "least", "frames/s"
    );
    for (name, all) in &mut times {
        all.sort_by(f64::total_cmp);
        let median = all[all.len() / 2];
        let rate = shots.len() as f64 / median * 1e3;
        println!("{name:38} {median:9.0} {:9.0} {rate:9.1}", all[0]);
    }
    println!("found of them: rowcall {}", recall(&shots, &ours));
    println!(
        "found of them, as a lane goes on: {}; {whole} frames were looked at whole",
        recall(&shots, &followed)
    );
    if !theirs.is_empty() {
        println!("found of them: opencv {}", recall(&shots, &theirs));
    }
}

/// All frames of the sample vehicles with who can be seen in them.
fn shots(samples: &Path) -> Vec<Shot> {
    let mut vehicles: Vec<PathBuf> = std::fs::read_dir(samples)
        .expect("the sample vehicles")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    vehicles.sort();
    let point = |eye: &Value| Point::new(number(&eye[0]), number(&eye[1]));
    let mut shots = Vec::new();
    for vehicle in vehicles {
        let text = std::fs::read(vehicle.join("truth.json")).expect("the truth");
        let truth: Value = serde_json::from_slice(&text).expect("the truth is JSON");
        let folder = Folder::open(&vehicle, None, None).expect("a sample vehicle");
        let lane = Arc::new(folder.lane);
        for frame in truth["frames"].as_array().expect("frames") {
            let path = vehicle.join(frame["file"].as_str().expect("a file"));
            let people = frame["occupants"].as_array().expect("occupants");
            let seen = people.iter().filter(|p| p["visible"] == true);
            shots.push(Shot {
                file: std::fs::read(&path).expect("a frame"),
                seen: seen
                    .map(|p| [point(&p["eye_right"]), point(&p["eye_left"])])
                    .collect(),
                camera: camera(&path),
                lane: lane.clone(),
                path,
            });
        }
    }
    shots
}

/// Frames lie in folders by their cameras' names.
fn camera(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name);
    folder.expect("a folder").to_string_lossy().into_owned()
}

/// The shipped networks, and the confidence from which on a face is one.
fn analyser(models: &Path) -> (Analyser, f32) {
    let manifest = |name: &str| {
        let text = std::fs::read_to_string(models.join(name)).expect("a manifest");
        Manifest::parse(&text).expect("a manifest")
    };
    let (Manifest::Detector(yunet), Manifest::Embedder(sface)) =
        (manifest("yunet.toml"), manifest("sface.toml"))
    else {
        unreachable!("the shipped manifests are of these kinds");
    };
    let confidence = yunet.confidence;
    let file = |name: &str| std::fs::read(models.join(name)).expect("a network");
    let (yunet_file, sface_file) = (file(&yunet.file), file(&sface.file));
    let detector = Detector::load(yunet, &yunet_file).expect("the detector");
    let embedder = Embedder::load(sface, &sface_file).expect("the embedder");
    (Analyser { detector, embedder }, confidence)
}

/// A frame's templates and nothing else, as OpenCV's pair makes them.
fn templates(shot: &Shot, analyser: &Analyser, worker: &Worker) -> Vec<[Point; 2]> {
    let image = Image::decode(&shot.file, &Limits::FRAME).expect("a frame");
    let found = analyser
        .detector
        .detect(&image, Search::Frame, worker)
        .expect("a look");
    let of_face = found.iter().filter_map(|face| {
        let crop = analyser.embedder.align(&image, &face.landmarks)?;
        black_box(analyser.embedder.embed(&crop, worker).expect("a template"));
        Some([face.landmarks.right_eye, face.landmarks.left_eye])
    });
    of_face.collect()
}

/// A frame as a lane looks at it.
fn looked_at(shot: &Shot, analyser: &Analyser, worker: &Worker) -> usize {
    let image = Image::decode(&shot.file, &Limits::FRAME).expect("a frame");
    analyser
        .observe(&image, Search::Frame, worker)
        .expect("a look")
        .len()
}

/// What a lane sees that goes on: who was found in the last frame that was looked at whole is
/// there, or the frame is looked at whole. How many were.
fn go_on(shots: &[Shot], analyser: &Analyser, worker: &Worker) -> (Found, usize) {
    let (mut found, mut whole) = (Found::new(), 0);
    let mut faces: Vec<Rect> = Vec::new();
    let mut before: Option<&Shot> = None;
    for shot in shots {
        let image = Image::decode(&shot.file, &Limits::FRAME).expect("a frame");
        let ready = Ready::new(image, &shot.camera, &shot.lane, &BTreeSet::new());
        let is_next = before.is_some_and(|b| b.path.parent() == shot.path.parent());
        before = Some(shot);
        black_box(Sketch::of(ready.image()));
        if is_next && !faces.is_empty() {
            let same = ready.the_same(&faces, analyser, worker).expect("a look");
            if let Some(same) = same {
                let eyes = same.iter().map(|d| &d.landmarks);
                found.push(eyes.map(|l| [l.right_eye, l.left_eye]).collect());
                continue;
            }
        }
        whole += 1;
        let all = ready.look(&shot.camera, String::new(), analyser, worker);
        let all = all.expect("a look").faces;
        faces = all.iter().map(|f| f.face).collect();
        let eyes = all.iter().map(|f| &f.landmarks);
        found.push(eyes.map(|l| [l.right_eye, l.left_eye]).collect());
    }
    (found, whole)
}

/// All frames on all cores, one picture a core.
fn all_cores(shots: &[Shot], analyser: &Analyser, cores: usize) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let worker = Worker::new();
                while let Some(shot) =
                    shots.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    black_box(templates(shot, analyser, &worker));
                }
            });
        }
    });
}

/// How many of those who can be seen were found, and how many faces there were besides.
fn recall(shots: &[Shot], found: &Found) -> String {
    let distance = |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y);
    let is_of = |eyes: &[Point; 2], truth: &[Point; 2]| {
        let reach = NEAR * distance(truth[0], truth[1]);
        distance(eyes[0], truth[0]) <= reach && distance(eyes[1], truth[1]) <= reach
    };
    let (mut right, mut all, mut people) = (0, 0, 0);
    for (shot, found) in shots.iter().zip(found) {
        right += shot
            .seen
            .iter()
            .filter(|truth| found.iter().any(|eyes| is_of(eyes, truth)))
            .count();
        people += shot.seen.len();
        all += found.len();
    }
    format!("{right} of {people}; {all} faces in all")
}

/// OpenCV's pair in a process of its own.
struct Peer {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    fn start<'a>(
        folder: &Path,
        root: &Path,
        shots: impl IntoIterator<Item = &'a Shot>,
        confidence: f32,
        threads: usize,
    ) -> Option<Self> {
        let detector = root.join("models/face_detection_yunet_2023mar_int8bq.onnx");
        // OpenCV can't read the embedder's weights as they are stored.
        let embedder = folder.join("sface.onnx");
        let stored =
            std::fs::read(root.join("models/face_recognition_sface_2021dec_int8bq.onnx")).ok()?;
        let written = expanded(&stored, Sha256::of(&stored), false).expect("an expanded network");
        std::fs::write(&embedder, written).ok()?;
        let frames: Vec<_> = shots.into_iter().map(|shot| &shot.path).collect();
        let job = json!({"detector": detector, "embedder": embedder, "frames": frames, "confidence": confidence, "threads": threads});
        let python = std::env::var_os("ROWCALL_PEERS_PYTHON").unwrap_or("python3".into());
        let mut child = Command::new(&python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/frames.py"))
            .arg(job.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("peer.log")).ok()?)
            .spawn()
            .ok()?;
        let (to, from) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let mut peer = Self { child, to, from };
        let Some(said) = peer.answer() else {
            println!("{python:?} has no OpenCV: ours runs alone");
            return None;
        };
        println!("peer: {said}");
        Some(peer)
    }

    fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.from.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    fn begin(&mut self) {
        writeln!(self.to, "go").expect("the peer listens");
    }

    fn ask(&mut self) -> Value {
        self.begin();
        self.answer().expect("the peer answers")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The eyes that a peer found, frame by frame.
fn found(answer: &Value) -> Found {
    let frames = answer["eyes"].as_array().expect("frames");
    let point = |face: &Value, at: usize| Point::new(number(&face[at]), number(&face[at + 1]));
    let eyes = |face: &Value| [point(face, 0), point(face, 2)];
    frames
        .iter()
        .map(|faces| faces.as_array().expect("faces").iter().map(eyes).collect())
        .collect()
}

fn number(value: &Value) -> f32 {
    value.as_f64().expect("a number") as f32
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// The processor time of this thread so far.
fn processor_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
