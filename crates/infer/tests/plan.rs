//! Plans of the shipped models, with every instruction set that the machine has,
//! held against rten.

use std::path::Path;

use rowcall_infer::{Arena, ErrorKind, Isa, Network, Plan, Sha256, Values, Worker};

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

/// Every output of a plan, one after another.
fn run(plan: &Plan, arena: &mut Arena, sides: [usize; 2]) -> Vec<Vec<f32>> {
    let outputs = plan.run(arena, sides, source).expect("a run");
    let values = |i| outputs.get(i).expect("an output").values.to_vec();
    (0..outputs.len()).map(values).collect()
}

#[test]
fn plans_agree_with_rten_and_with_each_other() {
    let mut failures = Vec::new();
    for (name, sizes) in MODELS {
        let file = model(name);
        let pin = Sha256::of(&file);
        let oracle = Network::load_general(&file, pin).expect(name);
        let mut arena = Arena::new();
        for &[height, width] in sizes {
            let read = |values: &Values<'_>| -> Vec<Vec<f32>> {
                (0..values.len()).map(|i| values.get(i).to_vec()).collect()
            };
            let reference = oracle
                .run(&Worker::new(), [3, height, width], source, read)
                .expect(name);
            let mut vectors: Option<Vec<Vec<f32>>> = None;
            for isa in Isa::all() {
                let plan = Plan::load(&file, pin, isa).expect(name);
                assert!(plan.output_names().eq(oracle.output_names()));
                let found = run(&plan, &mut arena, [height, width]);
                let pairs = found.iter().zip(&reference);
                let worst = pairs.map(|(a, b)| difference(a, b)).fold(0.0, f32::max);
                println!("{name} {isa:?} {width} x {height}: {worst:e}");
                if !(worst < 1e-3) {
                    failures.push(format!("{name} {isa:?} {width} x {height}: {worst}"));
                }
                if isa != Isa::portable() && *vectors.get_or_insert(found.clone()) != found {
                    failures.push(format!("{name} {isa:?} {width} x {height}: other bits"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn an_arena_serves_plans_in_turn_and_holds_zeros_between() {
    let files = MODELS.map(|(name, sizes)| (model(name), sizes));
    let plans = files.each_ref().map(|(file, sizes)| {
        let plan = Plan::load(file, Sha256::of(file), Isa::best());
        (plan.expect("a plan"), *sizes)
    });
    let alone: Vec<Vec<Vec<f32>>> = plans
        .iter()
        .map(|(plan, sizes)| run(plan, &mut Arena::new(), sizes[0]))
        .collect();
    let mut arena = Arena::new();
    for _ in 0..3 {
        for ((plan, sizes), alone) in plans.iter().zip(&alone) {
            assert_eq!(run(plan, &mut arena, sizes[0]), *alone);
            assert!(arena.is_clear(), "values of a run are left");
        }
    }
    // A source that fails leaves nothing behind either.
    let (plan, sizes) = &plans[0];
    let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let picture = |_: usize, y: usize, row: &mut [f32]| {
            assert!(y < 20, "the camera is gone");
            row.fill(200.0);
        };
        plan.run(&mut arena, sizes[0], picture).map(drop)
    }));
    assert!(broken.is_err() && arena.is_clear());
    assert_eq!(run(plan, &mut arena, sizes[0]), alone[0]);
}

#[test]
fn sides_that_a_network_does_not_take_are_refused() {
    for (name, sides) in [
        (
            MODELS[0].0,
            vec![[0, 64], [64, 0], [48, 64], [8, 8], [1 << 20, 1 << 20]],
        ),
        (MODELS[1].0, vec![[112, 96], [224, 224], [1, 1]]),
    ] {
        let file = model(name);
        let plan = Plan::load(&file, Sha256::of(&file), Isa::best()).expect(name);
        for sides in sides {
            let refused = plan.run(&mut Arena::new(), sides, source).map(drop);
            let error = refused.expect_err(&format!("{name} {sides:?}"));
            assert_eq!(error.kind(), ErrorKind::Run, "{name} {sides:?}");
        }
    }
}

#[test]
fn a_second_run_needs_no_more_memory() {
    // The outputs lie in the arena, whose size is settled by the first run.
    let file = model(MODELS[1].0);
    let plan = Plan::load(&file, Sha256::of(&file), Isa::best()).expect("a plan");
    let mut arena = Arena::new();
    run(&plan, &mut arena, [112, 112]);
    let bytes = arena.bytes();
    for _ in 0..2 {
        drop(plan.run(&mut arena, [112, 112], source).expect("a run"));
        assert_eq!(arena.bytes(), bytes);
    }
}

/// FNV-1a over the bits of all outputs.
fn digest(outputs: &[Vec<f32>]) -> u64 {
    let bytes = outputs
        .iter()
        .flatten()
        .flat_map(|v| v.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn vector_instructions_give_the_same_bits_on_every_machine() {
    // As AVX-512, AVX2 and NEON gave them; the picture needs no function that machines'
    // libraries may round differently.
    for ((name, _), sides, expected) in [
        (MODELS[0], [288, 224], 0xc255_ec97_f07d_15b0_u64),
        (MODELS[1], [112, 112], 0x9dfe_65d1_567c_c66a),
    ] {
        let file = model(name);
        for isa in Isa::all().filter(|isa| *isa != Isa::portable()) {
            let plan = Plan::load(&file, Sha256::of(&file), isa).expect(name);
            let mut arena = Arena::new();
            let picture = |channel: usize, y: usize, row: &mut [f32]| {
                for (x, v) in row.iter_mut().enumerate() {
                    let pixel = x * 7919 + y * 104_729 + channel * 1_299_709 + x * y;
                    *v = (pixel % 251) as f32;
                }
            };
            let outputs = plan.run(&mut arena, sides, picture).expect("a run");
            let values = |i| outputs.get(i).expect("an output").values.to_vec();
            let all: Vec<_> = (0..outputs.len()).map(values).collect();
            let found = digest(&all);
            assert_eq!(found, expected, "{name} with {isa:?}: {found:#x}");
        }
    }
}
