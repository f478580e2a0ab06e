//! Lanes at once on one machine, as the figures of docs/performance.md are measured. It
//! takes minutes: it is run by hand.
//!
//!   cargo test --release -p rowcall --test lane -- --ignored --nocapture load
//!
//! `ROWCALL_LOAD_LANES` is how many lanes there are [default: 4], `ROWCALL_LOAD_VEHICLES` how
//! many vehicles pass in all [default: 200], `ROWCALL_LOAD_SECONDS` for how long each is
//! filmed [default: 6]. What one lane costs: one lane, one vehicle, 30 seconds.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use image::codecs::jpeg::JpegEncoder;

use super::{
    BOOTH,
    ask::{ask, try_ask},
    serve::{Asker, FIRST, Lane, Place, samples},
};

/// Frames a second of each camera.
const RATE: f64 = 5.0;
/// In so many lights each frame is shown: no live camera gives a picture twice, and one that
/// does is told as frozen, which frames that were dropped would make of a loop of five.
const LIGHTS: u8 = 9;

#[derive(Default)]
struct Measured {
    /// From the last frame to the decision, seconds.
    waits: Vec<f64>,
    sent: usize,
    refused: usize,
    looked_at: u64,
    dropped: u64,
    confirmed: usize,
    /// Why vehicles are referred, and how many.
    referred: BTreeMap<String, usize>,
    /// Vehicles whose result hasn't all their documents or the officer's decision.
    lost: Vec<String>,
}

fn number(name: &str, or: usize) -> usize {
    let given = std::env::var(name).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(or)
}

/// Resident memory of a process, in MiB.
fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Processor time of a process so far, in seconds; Linux counts it in hundredths.
fn processor_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // User and system time are the twelfth and thirteenth after the name (proc(5)).
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks = fields.split(' ').skip(11).take(2);
    ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = ((sorted.len() as f64 - 1.0) * q).ceil() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// Every number that stands after `key` in a text of JSON.
fn numbers(text: &str, key: &str) -> Vec<u64> {
    let of = text.split(key).skip(1);
    of.filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        rest[..end].parse().ok()
    })
    .collect()
}

/// A frame a little brighter, as a JPEG.
fn lit(path: &Path, by: u8) -> Vec<u8> {
    let file = std::fs::read(path).expect("a frame");
    let mut picture = image::load_from_memory(&file).expect("a picture").to_rgb8();
    picture.iter_mut().for_each(|v| *v = v.saturating_add(by));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90)
        .encode_image(&picture)
        .expect("a JPEG");
    jpeg
}

struct Caller {
    at: String,
    device: Asker,
    officer: Asker,
    lane: String,
    documents: Vec<PathBuf>,
    /// By camera: its frames.
    frames: Vec<(String, Vec<Vec<u8>>)>,
    seconds: f64,
}

impl Caller {
    /// One vehicle, from its arrival to its result.
    fn vehicle(&self, lane: &Lane, all: &Mutex<Measured>) {
        let order = format!(
            r#"{{"lane": "{}", "layout": "two-row", "occupants": 4, "documents": 4}}"#,
            self.lane
        );
        let id = lane.open(&self.device, &order);
        for document in &self.documents {
            let taken = lane.present(&self.device, &id, document);
            assert_eq!(taken.status, 202, "{}", taken.text());
        }
        let begun = Instant::now();
        let filming: Vec<_> = self
            .frames
            .iter()
            .map(|(camera, frames)| {
                let (at, headers) = (
                    self.at.clone(),
                    format!("{}Content-Type: image/jpeg\r\n", self.device.0),
                );
                let (frames, seconds) = (frames.clone(), self.seconds);
                let head = format!("POST /v1/transactions/{id}/frames?camera={camera}");
                std::thread::spawn(move || {
                    let (mut sent, mut refused) = (0, 0);
                    while begun.elapsed().as_secs_f64() < seconds {
                        let due = Duration::from_secs_f64(sent as f64 / RATE);
                        std::thread::sleep(due.saturating_sub(begun.elapsed()));
                        let answer = try_ask(&at, &head, &headers, &frames[sent % frames.len()]);
                        sent += 1;
                        refused += usize::from(answer.is_ok_and(|a| a.status != 202));
                    }
                    (sent, refused)
                })
            })
            .collect();
        let filmed: Vec<_> = filming
            .into_iter()
            .map(|f| f.join().expect("no panic"))
            .collect();
        let last = Instant::now();
        let view = loop {
            let view = lane
                .get(&self.officer, &format!("/v1/transactions/{id}"))
                .text();
            if view.contains(r#""waiting":{"frames":0,"documents":0}"#) {
                break view;
            }
            assert!(last.elapsed() < Duration::from_secs(120), "{view}");
            std::thread::sleep(Duration::from_millis(20));
        };
        let wait = last.elapsed().as_secs_f64();
        let judged = r#"{"subject": "vehicle", "reason": "confirmed-by-eye"}"#;
        let path = format!("/v1/transactions/{id}/adjudications");
        let decided = lane.post(&self.officer, &path, judged);
        assert_eq!(decided.status, 200, "{}", decided.text());
        let closed = lane.post(&self.device, &format!("/v1/transactions/{id}/close"), "");
        assert_eq!(closed.status, 200, "{}", closed.text());
        let result = closed.text();
        let mut all = all.lock().expect("measured");
        if !view.contains(r#""outcome":"all-confirmed""#) {
            let reasons = view
                .split_once(r#""reasons":"#)
                .map_or("", |(_, rest)| rest);
            let reasons = reasons.split_once(']').map_or("", |(reasons, _)| reasons);
            *all.referred.entry(reasons.to_owned()).or_default() += 1;
        }
        all.waits.push(wait);
        for (sent, refused) in filmed {
            all.sent += sent;
            all.refused += refused;
        }
        all.looked_at += numbers(&view, "\"frames\":").iter().sum::<u64>();
        all.dropped += numbers(&view, "\"dropped\":").iter().sum::<u64>();
        all.confirmed += numbers(&result, "\"confirmed\":").iter().sum::<u64>() as usize;
        if result.matches("\"id\":").count() < 1 + self.documents.len()
            || !result.contains("receipt")
        {
            all.lost.push(result);
        }
    }
}

#[test]
#[ignore = "it takes minutes and wants the machine for itself"]
fn load_of_lanes() {
    let of_lanes = number("ROWCALL_LOAD_LANES", 4);
    let vehicles = number("ROWCALL_LOAD_VEHICLES", 200);
    let seconds = number("ROWCALL_LOAD_SECONDS", 6) as f64;
    let place = Place::new(&BOOTH);
    let text = std::fs::read_to_string(place.path("service.toml")).expect("it");
    let (service, lane) = text.split_once("[[lane]]").expect("a lane");
    let lanes: Vec<String> = (1..=of_lanes).map(|i| format!("booth-{i}")).collect();
    let lanes_text = lanes
        .iter()
        .map(|name| format!("[[lane]]{}", lane.replace("booth-1", name)));
    std::fs::write(
        place.path("service.toml"),
        service.to_owned() + &lanes_text.collect::<String>(),
    )
    .expect("written");
    let lane = Arc::new(place.start(&FIRST));
    let (officer, device) = lane.people();
    let family = samples().join("vehicles/family");
    let list = |folder: PathBuf| {
        let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        all.sort();
        all
    };
    let frames: Vec<(String, Vec<Vec<u8>>)> = list(family.join("frames"))
        .into_iter()
        .map(|camera| {
            let name = camera
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let pictures = list(camera);
            let lights = (0..LIGHTS).flat_map(|by| pictures.iter().map(move |p| lit(p, by)));
            (name, lights.collect())
        })
        .collect();
    let all = Arc::new(Mutex::new(Measured::default()));
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let busy = processor_seconds(lane.child.id());
    let over = Arc::new(AtomicBool::new(false));
    let memory = std::thread::spawn({
        let (over, process) = (over.clone(), lane.child.id());
        move || {
            let mut seen = Vec::new();
            while !over.load(Ordering::Relaxed) {
                seen.push(resident(process));
                std::thread::sleep(Duration::from_secs(1));
            }
            seen
        }
    });
    let callers: Vec<_> = lanes
        .iter()
        .map(|name| {
            let caller = Caller {
                at: lane.at.clone(),
                device: device.clone(),
                officer: officer.clone(),
                lane: name.clone(),
                documents: list(family.join("documents")),
                frames: frames.clone(),
                seconds,
            };
            let (lane, all, next) = (lane.clone(), all.clone(), next.clone());
            std::thread::spawn(move || {
                while next.fetch_add(1, Ordering::Relaxed) < vehicles {
                    caller.vehicle(&lane, &all);
                }
            })
        })
        .collect();
    for caller in callers {
        caller.join().expect("no panic");
    }
    let took = begun.elapsed().as_secs_f64();
    let busy = processor_seconds(lane.child.id()) - busy;
    over.store(true, Ordering::Relaxed);
    let memory = memory.join().expect("no panic");
    let metrics = ask(&lane.at, "GET /metrics", &device.0, b"").text();
    let mut all = std::mem::take(&mut *all.lock().expect("measured"));
    all.waits.sort_by(f64::total_cmp);
    let quarter = memory.len() / 4;
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    println!(
        "{} vehicles of 4 in {took:.0} s at {of_lanes} lanes; {} frames sent ({:.1}/s), {} looked at ({:.1}/s), {} dropped ({:.0} %), {} refused",
        all.waits.len(),
        all.sent,
        all.sent as f64 / took,
        all.looked_at,
        all.looked_at as f64 / took,
        all.dropped,
        100.0 * all.dropped as f64 / all.sent.max(1) as f64,
        all.refused,
    );
    println!(
        "last frame to decision: p50 {:.2} s, p99 {:.2} s, most {:.2} s; {} of {} occupants confirmed",
        quantile(&all.waits, 0.5),
        quantile(&all.waits, 0.99),
        quantile(&all.waits, 1.0),
        all.confirmed,
        4 * all.waits.len(),
    );
    println!("referred, and why: {:?}", all.referred);
    println!(
        "processor time of the service: {busy:.1} s, {:.2} cores; {:.0} ms for each frame looked at",
        busy / took,
        1e3 * busy / all.looked_at.max(1) as f64,
    );
    println!(
        "resident memory: {:.0} MiB at most; mean by quarter {:.0}, {:.0}, {:.0}, {:.0} MiB",
        memory.iter().copied().fold(0.0, f64::max),
        mean(&memory[..quarter]),
        mean(&memory[quarter..2 * quarter]),
        mean(&memory[2 * quarter..3 * quarter]),
        mean(&memory[3 * quarter..]),
    );
    assert!(all.lost.is_empty(), "{:#?}", all.lost);
    assert_eq!(all.waits.len(), vehicles);
    assert_eq!(
        all.sent,
        (all.looked_at + all.dropped) as usize + all.refused,
        "{metrics}"
    );
    let Ok(lane) = Arc::try_unwrap(lane) else {
        unreachable!("nobody asks any more");
    };
    lane.end();
    super::faults::verify(&place);
}
