//! What a lane leaves behind of the people who passed: nothing. Everything that it said,
//! answered and wrote in a full run is searched for whatever went in; and the same search
//! finds each of these where it is planted.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rowcall_picture::{Image, Limits};

use super::{
    BOOTH,
    ask::{Answer, ask},
    serve::{FIRST, Lane, Place, samples},
};

/// Bytes of a picture that are searched for: eight pixels, or as much of a file.
const PIECE: usize = 24;
/// How many numbers a template of the lane's models has.
const NUMBERS: usize = 128;

/// What is searched for: what it is of, and its bytes; letters of either case.
struct Needle {
    of: String,
    bytes: Vec<u8>,
    is_text: bool,
}

/// All of what went in, as it could come out.
fn needles(vehicle: &Path) -> Vec<Needle> {
    let mut all = Vec::new();
    let mut text = |of: &str, text: &str| {
        all.push(Needle {
            of: format!("{of} {text}"),
            bytes: text.to_ascii_lowercase().into_bytes(),
            is_text: true,
        });
    };
    text("reference", "pnr-77310-qx");
    let mut files = Vec::new();
    for document in std::fs::read_dir(vehicle.join("documents")).expect("documents") {
        let folder = document.expect("a document").path();
        let mrz = std::fs::read_to_string(folder.join("mrz.txt")).expect("a zone");
        let (first, second) = mrz.split_once('\n').expect("two lines");
        for name in first[5..].split('<').filter(|name| name.len() >= 5) {
            text("name", name);
        }
        text("number", &second[..9]);
        text("birth", &second[13..20]);
        text("line", second.trim().trim_end_matches('<'));
        files.push(folder.join("portrait.jpg"));
    }
    for camera in std::fs::read_dir(vehicle.join("frames")).expect("frames") {
        let folder = camera.expect("a camera").path();
        let frames = std::fs::read_dir(folder).expect("frames");
        files.extend(frames.map(|frame| frame.expect("a frame").path()));
    }
    for path in files {
        let file = std::fs::read(&path).expect("a picture");
        let of = path
            .strip_prefix(vehicle)
            .expect("its own")
            .display()
            .to_string();
        let mut pieces: Vec<(String, &[u8])> = [1, 2, 3]
            .map(|i| file.len() * i / 4)
            .map(|at| (format!("{of} at {at}"), &file[at..at + PIECE]))
            .into();
        let image = Image::decode(&file, &Limits::FRAME).expect("a picture");
        let pixels = image.rgb();
        for i in 1..8 {
            let at = pixels.len() * i / 8 / 3 * 3;
            let piece = &pixels[at..at + PIECE];
            // A flat place says nothing of anybody.
            if piece.chunks(3).any(|p| p != &piece[..3]) {
                pieces.push((format!("{of}, pixels at {at}"), piece));
            }
        }
        for (of, bytes) in pieces {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            // In base 64 a piece looks three ways, by where it begins.
            for skip in 0..3 {
                let aligned = (bytes.len() - skip) / 3 * 3;
                let text = STANDARD.encode(&bytes[skip..skip + aligned]);
                all.push(Needle {
                    of: format!("{of}, in base 64"),
                    bytes: text.into_bytes(),
                    is_text: false,
                });
            }
            all.push(Needle {
                of: format!("{of}, in base 16"),
                bytes: hex.into_bytes(),
                is_text: true,
            });
            all.push(Needle {
                of,
                bytes: bytes.to_vec(),
                is_text: false,
            });
        }
    }
    all
}

/// Whether somewhere in it stand as many numbers of unit length as a template has.
fn has_template(bytes: &[u8]) -> bool {
    (0..4).any(|shift| {
        let numbers: Vec<f64> = bytes[shift.min(bytes.len())..]
            .chunks_exact(4)
            .map(|b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]])))
            .map(|v| if v.abs() <= 1.0 { v } else { f64::NAN })
            .collect();
        numbers.windows(NUMBERS).any(|window| {
            let length: f64 = window.iter().map(|v| v * v).sum();
            // Few text or counters are: a template's numbers are many and small.
            (length - 1.0).abs() < 1e-3 && window.iter().filter(|v| v.abs() > 1e-4).count() > 100
        })
    })
}

/// What of it is found in these, by the name of each.
fn found(places: &BTreeMap<String, Vec<u8>>, needles: &[Needle]) -> Vec<String> {
    let mut all = Vec::new();
    for (place, bytes) in places {
        let lower = bytes.to_ascii_lowercase();
        for needle in needles {
            let hay = if needle.is_text { &lower } else { bytes };
            if memchr::memmem::find(hay, &needle.bytes).is_some() {
                all.push(format!("{place}: {}", needle.of));
            }
        }
        if has_template(bytes) {
            all.push(format!("{place}: a template"));
        }
    }
    all
}

/// Every file under a folder.
fn files(folder: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files(&path, all),
            false => {
                all.insert(
                    path.display().to_string(),
                    std::fs::read(&path).expect("a file"),
                );
            }
        }
    }
}

/// Reads a stream of events until it ends.
fn listen(
    lane: &Lane,
    who: &str,
    path: &str,
) -> (Arc<Mutex<Vec<u8>>>, std::thread::JoinHandle<()>) {
    let mut stream = TcpStream::connect(&lane.at).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: lane\r\n{who}\r\n").expect("sent");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let into = heard.clone();
    let thread = std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            into.lock()
                .expect("heard")
                .extend_from_slice(&buffer[..read]);
        }
    });
    (heard, thread)
}

/// Requests that are wrong, with people's data where it doesn't belong.
const WRONG: &[(&str, &str)] = &[
    (
        "/v1/transactions",
        r#"{"lane": "booth-1", "occupants": "HALVERN"}"#,
    ),
    (
        "/v1/transactions",
        r#"{"lane": "booth-1", "HALVERN": "X90657390"}"#,
    ),
    ("/v1/transactions", r#"{"lane": "HALVERN"}"#),
    (
        "/v1/transactions",
        r#"{"lane": "booth-1", "layout": "HALVERN"}"#,
    ),
    (
        "/v1/transactions",
        r#"{"lane": "booth-1", "direction": "HALVERN"}"#,
    ),
    ("/v1/transactions", r#"{"lane": HALVERN}"#),
    (
        "/v1/transactions/{id}/documents",
        r#"{"mrz": 7, "id": "HALVERN"}"#,
    ),
    (
        "/v1/transactions/{id}/documents",
        r#"{"mrz": "P<UTOHALVERN<<MIKAEL", "name": "HALVERN"}"#,
    ),
    (
        "/v1/transactions/{id}/documents",
        r#"{"mrz": "P<UTO", "id": "HALVERN HALVERN HALVERN HALVERN HALVERN HALVERN HALVERN HALVERN HALVERN"}"#,
    ),
    ("/v1/transactions/{id}/opt-outs", r#"{"seat": "HALVERN"}"#),
    (
        "/v1/transactions/{id}/adjudications",
        r#"{"subject": "seat-HALVERN", "reason": "confirmed-by-eye"}"#,
    ),
    (
        "/v1/transactions/{id}/adjudications",
        r#"{"subject": "seat-1-left", "reason": "HALVERN"}"#,
    ),
    (
        "/v1/transactions/{id}/holds",
        r#"{"seat": "1-left", "document": 0, "reason": "HALVERN", "minutes": 5}"#,
    ),
    (
        "/v1/transactions/{id}/documents/HALVERN/set-aside",
        r#"{"aside": true}"#,
    ),
    ("/v1/transactions/{id}/frames?camera=HALVERN", "X90657390"),
    (
        "/v1/transactions/{id}/frames?camera=front&taken=HALVERN",
        "X90657390",
    ),
    (
        "/v1/transactions/{id}/frames?camera=front",
        "X90657390 is no picture",
    ),
    ("/v1/transactions/HALVERN/close", ""),
    ("/v1/lanes/HALVERN/presence", r#"{"present": true}"#),
    ("/v1/HALVERN", ""),
];

#[test]
fn nothing_of_anybody_is_left_in_what_a_lane_says_answers_and_writes() {
    let place = Place::new(&BOOTH);
    let lane = place.start(&[FIRST[0], FIRST[1], "--log", "debug"]);
    let (officer, device) = lane.people();
    let vehicle = samples().join("vehicles/couple");
    let order = r#"{"lane": "booth-1", "layout": "front-row", "reference": "PNR-77310-QX", "occupants": 2, "documents": 2}"#;
    let id = lane.open(&device, order);
    let streams = [
        listen(&lane, &device.0, &format!("/v1/transactions/{id}/events")),
        listen(&lane, &officer.0, "/lanes/booth-1/events"),
    ];
    let mut searched = BTreeMap::new();
    let mut answered = |name: String, answer: Answer| {
        let mut whole = answer.head.into_bytes();
        whole.extend(answer.body);
        searched.insert(name, whole);
    };
    for (i, (path, body)) in WRONG.iter().enumerate() {
        for (who, headers) in [("device", &device), ("officer", &officer)] {
            let path = path.replace("{id}", &id);
            let answer = lane.post(headers, &path, body);
            assert!(answer.status < 500, "{path}: {}", answer.text());
            answered(
                format!("wrong request {i} of {who} to {path}").replace("HALVERN", "…"),
                answer,
            );
        }
    }
    for document in ["01", "02"] {
        let taken = lane.present(&device, &id, &vehicle.join("documents").join(document));
        assert_eq!(taken.status, 202, "{}", taken.text());
        answered(format!("document {document}"), taken);
    }
    lane.film(&device, &id, &vehicle);
    let view = lane.settle(&device, &id);
    assert!(
        view.contains("\"confirmed\""),
        "nobody was compared: {view}"
    );
    answered(
        "the officer's page".into(),
        lane.get(&officer, "/lanes/booth-1"),
    );
    answered(
        "the view".into(),
        lane.get(&device, &format!("/v1/transactions/{id}")),
    );
    let judged = r#"{"subject": "vehicle", "reason": "confirmed-by-eye"}"#;
    answered(
        "a decision".into(),
        lane.post(
            &officer,
            &format!("/v1/transactions/{id}/adjudications"),
            judged,
        ),
    );
    let hold = r#"{"seat": "1-left", "document": 0, "reason": "suspected-impostor", "minutes": 5}"#;
    let held = lane.post(&officer, &format!("/v1/transactions/{id}/holds"), hold);
    assert_eq!(held.status, 201, "{}", held.text());
    answered("a hold".into(), held);
    let closed = lane.post(&device, &format!("/v1/transactions/{id}/close"), "");
    assert_eq!(closed.status, 200, "{}", closed.text());
    answered("the close".into(), closed);
    answered(
        "the result".into(),
        lane.get(&device, &format!("/v1/transactions/{id}/result")),
    );
    answered("metrics".into(), lane.get(&device, "/metrics"));
    // A second vehicle is there when the lane is killed.
    let id = lane.open(&device, order);
    lane.present(&device, &id, &vehicle.join("documents/01"));
    lane.settle(&device, &id);
    drop(lane);
    let lane = place.start(&["--log", "debug"]);
    let metrics = ask(&lane.at, "GET /metrics", &device.0, b"");
    let mut metrics_and_head = metrics.head.into_bytes();
    metrics_and_head.extend(metrics.body);
    searched.insert("metrics after the restart".into(), metrics_and_head);
    lane.end();
    for ((heard, thread), name) in streams.into_iter().zip(["events", "the officer's events"]) {
        let begun = Instant::now();
        while !thread.is_finished() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{name} don't end"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        let heard = heard.lock().expect("heard").clone();
        assert!(heard.len() > 2_000, "{name}: only {} bytes", heard.len());
        searched.insert(name.into(), heard);
    }
    files(place.folder.path(), &mut searched);
    let log = place.said();
    assert!(log.contains("DEBUG"), "it says little: {log}");
    let needles = needles(&vehicle);
    let bytes: usize = searched.values().map(Vec::len).sum();
    let mut left = found(&searched, &needles);
    // An officer sees whose documents lie before them: on their page, and nowhere else.
    left.retain(|found| {
        let is_shown = found.starts_with("the officer's ");
        !(is_shown && (found.contains(": name ") || found.contains(": number ")))
    });
    assert!(left.is_empty(), "{left:#?}");

    // Not blind: whatever is planted in whichever of these is found there.
    let mut blind = Vec::new();
    let mut planted = 0;
    let template: Vec<u8> = (0..NUMBERS)
        .map(|i| if i % 3 == 0 { -1.0_f32 } else { 1.0 })
        .flat_map(|v| (v / (NUMBERS as f32).sqrt()).to_le_bytes())
        .collect();
    for (i, (place, clean)) in searched.iter().enumerate() {
        let at = clean.len() / 2;
        let with = |bytes: &[u8]| {
            let whole = [&clean[..at], bytes, &clean[at..]].concat();
            BTreeMap::from([(place.clone(), whole)])
        };
        // Each is planted somewhere, and somewhere is each planted.
        for needle in needles.iter().skip(i % 16).step_by(16) {
            planted += 1;
            if found(&with(&needle.bytes), std::slice::from_ref(needle)).is_empty() {
                blind.push(format!("{place}: {}", needle.of));
            }
        }
        planted += 1;
        if !has_template(&with(&template)[place]) {
            blind.push(format!("{place}: a template"));
        }
    }
    assert!(blind.is_empty(), "{blind:#?}");
    println!(
        "{} needles in {} places of {bytes} bytes: none found; {planted} planted: all found",
        needles.len(),
        searched.len()
    );
}
