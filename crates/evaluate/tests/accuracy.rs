//! The accuracy of the shipped pipeline on a few subjects of the shared faces:
//! a regression in detection, alignment or embedding shows here.

use std::path::{Path, PathBuf};

use rowcall_evaluate::{Bootstrap, Manifest, Templates, Verification};
use rowcall_face::{Analyser, Detector, Embedder, Manifest as Model};

/// Subjects with several pictures that are measured.
const SUBJECTS: usize = 40;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The shared faces.
fn faces() -> Option<PathBuf> {
    let manifest = rowcall_skip::shared("faces/manifest.csv")?;
    manifest.parent().map(Path::to_owned)
}

fn analyser() -> Analyser {
    let models = root().join("models");
    let manifest = |name: &str| {
        let text = std::fs::read_to_string(models.join(name)).expect("a manifest");
        Model::parse(&text).expect("a valid manifest")
    };
    let (Model::Detector(d), Model::Embedder(e)) = (manifest("yunet.toml"), manifest("sface.toml"))
    else {
        unreachable!("a detector and an embedder are shipped")
    };
    let read = |file: &str| std::fs::read(models.join(file)).expect("a model");
    let (detector, embedder) = (read(&d.file), read(&e.file));
    Analyser {
        detector: Detector::load(d, &detector).expect("the shipped detector"),
        embedder: Embedder::load(e, &embedder).expect("the shipped embedder"),
    }
}

/// The pictures of every fifth of the subjects that have four.
fn sample(manifest: &mut Manifest) {
    let count = |subject: u32| {
        let own = manifest.entries.iter().filter(|e| e.subject == subject);
        own.count()
    };
    let chosen: Vec<u32> = (0..manifest.subjects as u32)
        .filter(|&s| count(s) == 4)
        .step_by(5)
        .take(SUBJECTS)
        .collect();
    manifest.entries.retain(|e| chosen.contains(&e.subject));
}

#[test]
fn is_as_accurate_as_when_it_was_measured() {
    let Some(faces) = faces() else { return };
    let csv = std::fs::read(faces.join("manifest.csv")).expect("the manifest");
    let mut manifest = Manifest::parse(&csv).expect("a valid manifest");
    sample(&mut manifest);
    assert!(
        manifest.entries.len() > 3 * SUBJECTS,
        "{}",
        manifest.entries.len()
    );
    let templates =
        Templates::extract(&analyser(), &manifest, &faces, || ()).expect("an extraction");
    let bootstrap = Bootstrap {
        replicates: 100,
        ..Bootstrap::default()
    };
    let (measured, scores) =
        Verification::measure(&manifest, &templates, bootstrap).expect("a measurement");
    let at = scores.fnmr(0.419);
    println!(
        "{} mated, {} non-mated, fta {}, eer {:.4}, fnmr at 0.419 {at:.4}, fmr at 0.419 {:.5}",
        measured.mated,
        measured.non_mated,
        measured.fta,
        measured.eer,
        scores.fmr(0.419)
    );
    assert!(measured.fta <= 0.01, "{:?}", measured.failures);
    assert!(measured.eer <= 0.02, "{}", measured.eer);
    assert!(at <= 0.05, "{at}");
    assert!(scores.fmr(0.419) <= 1e-3);
}
