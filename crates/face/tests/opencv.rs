//! Detection, alignment and embedding held against what OpenCV 5.0 says of the
//! same synthetic faces with the same weights (tests/data/opencv-faces.json).

use std::path::{Path, PathBuf};

use rowcall_face::{
    Analyser, Detector, Embedder, FaceObservation, Image, Landmarks, Manifest, Point, Score,
    Search, Template, Worker,
};
use rowcall_picture::Limits;
use rowcall_template::danger::Unguarded as _;
use serde::Deserialize;

#[derive(Deserialize)]
struct Face {
    file: String,
    box_xywh: [f32; 4],
    landmarks: [[f32; 2]; 5],
    sface: Vec<f32>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn manifest(name: &str) -> (Manifest, Vec<u8>) {
    let models = root().join("models");
    let text = std::fs::read_to_string(models.join(name)).expect("a manifest");
    let manifest = Manifest::parse(&text).expect("a valid manifest");
    let file = match &manifest {
        Manifest::Detector(m) => &m.file,
        Manifest::Embedder(m) => &m.file,
    };
    let bytes = std::fs::read(models.join(file)).expect("a model");
    (manifest, bytes)
}

fn analyser() -> Analyser {
    let (Manifest::Detector(yunet), yunet_file) = manifest("yunet.toml") else {
        unreachable!("yunet.toml describes a detector")
    };
    let (Manifest::Embedder(sface), sface_file) = manifest("sface.toml") else {
        unreachable!("sface.toml describes an embedder")
    };
    Analyser {
        detector: Detector::load(yunet, &yunet_file).expect("the shipped detector"),
        embedder: Embedder::load(sface, &sface_file).expect("the shipped embedder"),
    }
}

fn picture(file: &str) -> Image {
    let inside = file
        .strip_prefix("vehicles/")
        .map_or(file.to_owned(), |f| format!("vehicles/{f}"));
    let bytes = std::fs::read(root().join("samples").join(inside)).expect(file);
    Image::decode(&bytes, &Limits::FRAME).expect(file)
}

fn cosine(face: &Face, found: &Template) -> f32 {
    let theirs = Template::from_embedding(face.sface.clone()).expect("an embedding");
    theirs.compare(found).unwrap_or(Score(-1.0)).0
}

#[test]
fn agrees_with_opencv() {
    let data =
        std::fs::read(root().join("crates/face/tests/data/opencv-faces.json")).expect("the oracle");
    let faces: Vec<Face> = serde_json::from_slice(&data).expect("the oracle's format");
    let (analyser, worker) = (analyser(), Worker::new());
    let mut failures = Vec::new();
    for group in faces.chunk_by(|a, b| a.file == b.file) {
        let image = picture(&group[0].file);
        let found = analyser
            .observe(&image, Search::Frame, &worker)
            .expect("an analysis");
        for face in group {
            let [x, y, w, h] = face.box_xywh;
            let centre = Point::new(x + w / 2.0, y + h / 2.0);
            let near = |o: &&FaceObservation| o.face.centre().distance(centre) < w / 3.0;
            let Some(ours) = found.iter().find(near) else {
                failures.push(format!("{}: no face at {centre:?}", face.file));
                continue;
            };
            let landmarks = face.landmarks.map(|[x, y]| Point::new(x, y));
            let off = ours
                .landmarks
                .points()
                .iter()
                .zip(landmarks)
                .map(|(a, b)| a.distance(b))
                .fold(0.0, f32::max);
            let edge = [
                ours.face.x - x,
                ours.face.y - y,
                ours.face.width - w,
                ours.face.height - h,
            ]
            .into_iter()
            .fold(0.0, |m: f32, d| m.max(d.abs()));
            // The embedding is compared on OpenCV's own landmarks, so that one
            // stage's difference isn't counted in the next.
            let crop = analyser
                .embedder
                .align(&image, &Landmarks::from_points(landmarks))
                .expect("landmarks");
            let same_place = cosine(
                face,
                &analyser
                    .embedder
                    .embed(&crop, &worker)
                    .expect("an embedding"),
            );
            let whole = cosine(face, &ours.template);
            println!(
                "{:40} w {w:5.1} box {edge:4.2} px, landmarks {off:4.2} px, cosine {same_place:.4}, whole {whole:.4}",
                face.file
            );
            if edge > 2.0 || off > 2.0 || same_place < 0.99 || whole < 0.98 {
                failures.push(format!("{} at {centre:?}: box {edge:.2} px, landmarks {off:.2} px, cosine {same_place:.4}, whole {whole:.4}", face.file));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} faces differ:\n{}",
        failures.len(),
        faces.len(),
        failures.join("\n")
    );
}
