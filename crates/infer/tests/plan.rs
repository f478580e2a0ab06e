//! Plans of the shipped models, with every instruction set that the machine has,
//! held against rten.

use std::path::Path;

use rowcall_infer::{Arena, Isa, Network, Plan, Sha256, Worker};

/// A model's file, and sizes to run it at.
const MODELS: [(&str, &[[usize; 2]]); 2] = [
    (
        "face_detection_yunet_2023mar_int8bq.onnx",
        &[[32, 32], [64, 96], [288, 224], [480, 640]],
    ),
    ("face_recognition_sface_2021dec_int8bq.onnx", &[[112, 112]]),
];

fn model(name: &str) -> Vec<u8> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    std::fs::read(models.join(name)).expect(name)
}

/// A picture of smooth shapes and noise, 0..=255: channel, row, column.
fn pixel(channel: usize, y: usize, x: usize) -> f32 {
    let noise = (x * 7919 + y * 104_729 + channel * 1_299_709) % 251;
    let wave = ((x as f32 / 9.0).sin() + (y as f32 / 13.0 + channel as f32).cos()) * 50.0;
    (128.0 + wave + noise as f32 * 0.1).clamp(0.0, 255.0)
}

fn source(channel: usize, y: usize, row: &mut [f32]) {
    for (x, v) in row.iter_mut().enumerate() {
        *v = pixel(channel, y, x);
    }
}

/// The largest difference as a share of the largest reference value.
fn difference(found: &[f32], reference: &[f32]) -> f32 {
    assert_eq!(found.len(), reference.len());
    let largest = reference.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    let pairs = found.iter().zip(reference);
    pairs.fold(0.0_f32, |m, (a, b)| m.max((a - b).abs())) / largest
}

#[test]
fn plans_agree_with_rten() {
    let mut failures = Vec::new();
    for (name, sizes) in MODELS {
        let file = model(name);
        let pin = Sha256::of(&file);
        let oracle = Network::load_general(&file, pin).expect(name);
        for isa in Isa::all() {
            let plan = Plan::load(&file, pin, isa).expect(name);
            assert!(plan.output_names().eq(oracle.output_names()));
            let mut arena = Arena::new();
            for &[height, width] in sizes {
                let outputs = plan.run(&mut arena, [height, width], source).expect(name);
                let compare = |reference: &rowcall_infer::Values<'_>| {
                    let each = (0..reference.len()).map(|i| {
                        let found = outputs.get(i).expect("an output").values;
                        difference(found, reference.get(i))
                    });
                    each.fold(0.0, f32::max)
                };
                let worst = oracle
                    .run(&Worker::new(), [3, height, width], source, compare)
                    .expect(name);
                println!("{name} {isa:?} {width} x {height}: {worst:e}");
                if !(worst < 1e-4) {
                    failures.push(format!("{name} {isa:?} {width} x {height}: {worst}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
