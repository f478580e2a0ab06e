//! The kernels' products over all channels beside those of crates that do nothing but
//! products, at the shapes of the shipped networks, one thread, turn by turn.
//!
//!   cargo run --release --manifest-path crates/kernels/beside/Cargo.toml
//!
//! A product here is outputs x inputs by inputs x pixels. The crates get it both ways, by
//! planes and by pixels, and the faster counts; they neither add a bias nor activate, as the
//! kernels do in the same pass. Times are the thread's processor time.

use std::hint::black_box;

use rowcall_kernels::{
    Activation, ByteFilter, Bytes, Filter, Geometry, Isa, Rows, RowsMut, Window, convolve,
    pack_convolution, pack_pointwise, pointwise, pointwise_scratch,
};

/// What has it, outputs, inputs, width and height.
const SHAPES: [(&str, usize, usize, [usize; 2]); 10] = [
    ("YuNet at 1280 x 736, /2", 16, 16, [640, 368]),
    ("YuNet at 1280 x 736, /4", 32, 32, [320, 184]),
    ("YuNet at 1280 x 736, /8", 64, 64, [160, 92]),
    ("YuNet at 1280 x 736, /16", 64, 64, [80, 46]),
    ("SFace, /1", 64, 32, [112, 112]),
    ("SFace, /2", 128, 128, [56, 56]),
    ("SFace, /4", 256, 256, [28, 28]),
    ("SFace, /8, up", 512, 256, [14, 14]),
    ("SFace, /8", 512, 512, [14, 14]),
    ("SFace, /16", 1024, 1024, [7, 7]),
];
const ROUNDS: usize = 25;
/// Work of one measurement, in products and sums.
const WORK: f64 = 4e8;
/// As many rows as a plan gives the kernel for bytes at a time.
const ROWS: usize = 4;

fn main() {
    let mut lines = vec!["product".to_owned()];
    for (i, shape) in SHAPES.iter().enumerate() {
        let measured = measure(*shape);
        if i == 0 {
            lines.extend(measured.iter().map(|(name, _)| name.clone()));
            println!("| {} |", lines.join(" | "));
            println!("|{}", "---|".repeat(lines.len()));
        }
        let figures: Vec<String> = measured.iter().map(|(_, v)| format!("{v:.0}")).collect();
        let (name, outputs, inputs, [width, height]) = *shape;
        println!(
            "| {name}: {outputs} x {inputs} x {width} · {height} | {} |",
            figures.join(" | ")
        );
    }
}

/// GFLOP/s of each, medians.
fn measure((_, m, k, [width, height]): (&str, usize, usize, [usize; 2])) -> Vec<(String, f64)> {
    let n = width * height;
    let numbers = |count: usize| -> Vec<f32> {
        (0..count)
            .map(|i| ((i * 7919 % 2048) as f32 - 1024.0) / 1024.0)
            .collect()
    };
    let (weights, input) = (numbers(m * k), numbers(k * n));
    let geometry = |channels: usize| Geometry {
        blocks: channels / 16,
        width,
        height,
        halo: 0,
        ring: height,
    };
    let (from, to) = (geometry(k), geometry(m));
    let zeros = vec![0.0; from.row_len()];
    let bias = vec![0.0; m];
    let packed = pack_convolution(&weights, (m, k), 1);
    let run = k.min(64);
    let (values, zero_points, scales) = (
        vec![3_i8; m * k],
        vec![0; m * k / run],
        vec![0.1; m * k / run],
    );
    let bytes = Bytes {
        values: &values,
        zeros: &zero_points,
        scales: &scales,
        run,
    };
    let (byte_weights, byte_scales) = match k % 32 {
        0 => pack_pointwise(bytes, (m, k)),
        _ => (Vec::new(), Vec::new()),
    };
    let mut scratch = vec![0.0; pointwise_scratch(&from, ROWS.min(height))];

    type Job<'a> = Box<dyn FnMut(&mut [f32]) + 'a>;
    let mut jobs: Vec<(String, usize, Job<'_>)> = Vec::new();
    for isa in [Isa::avx512(), Isa::avx2(), Isa::neon()]
        .into_iter()
        .flatten()
    {
        let (packed, bias, input, zeros) = (&packed, &bias, &input, &zeros);
        jobs.push((
            format!("ours, {}", isa.name()),
            jobs.len(),
            Box::new(move |out| {
                let filter = Filter {
                    weights: packed,
                    bias,
                    activation: Activation::Relu,
                };
                let window = Window {
                    kernel: 1,
                    stride: 1,
                    pad: 0,
                };
                let src = Rows::new(input, zeros, from);
                convolve(isa, filter, window, src, RowsMut::new(out, to), 0..height);
            }),
        ));
    }
    if !byte_weights.is_empty() {
        let isa = Isa::best();
        let (scratch, byte_weights, byte_scales) = (&mut scratch, &byte_weights, &byte_scales);
        let (bias, input, zeros) = (&bias, &input, &zeros);
        jobs.push((
            format!("ours, bytes, {}", isa.name()),
            jobs.len(),
            Box::new(move |out| {
                let filter = ByteFilter {
                    weights: byte_weights,
                    scales: byte_scales,
                    run,
                    bias,
                    activation: Activation::Relu,
                };
                for first in (0..height).step_by(ROWS) {
                    let src = Rows::new(input, zeros, from);
                    let rows = first..height.min(first + ROWS);
                    pointwise(isa, filter, src, RowsMut::new(out, to), rows, scratch);
                }
            }),
        ));
    } else {
        jobs.push(("ours, bytes".to_owned(), jobs.len(), Box::new(|_| {})));
    }
    let (ours, w, x) = (jobs.len(), &weights, &input);
    jobs.push((
        "gemm".into(),
        ours,
        Box::new(move |out| gemm_product(out, w, x, [m, n, k], [(n, 1), (k, 1), (n, 1)])),
    ));
    jobs.push((
        "gemm".into(),
        ours,
        Box::new(move |out| gemm_product(out, w, x, [m, n, k], [(1, m), (k, 1), (1, k)])),
    ));
    jobs.push((
        "faer".into(),
        ours + 1,
        Box::new(move |out| {
            use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
            let (a, b) = (
                MatRef::from_row_major_slice(w, m, k),
                MatRef::from_row_major_slice(x, k, n),
            );
            matmul(
                MatMut::from_row_major_slice_mut(out, m, n),
                Accum::Replace,
                a,
                b,
                1.0,
                Par::Seq,
            );
        }),
    ));
    jobs.push((
        "faer".into(),
        ours + 1,
        Box::new(move |out| {
            use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
            let (a, b) = (
                MatRef::from_row_major_slice(w, m, k),
                MatRef::from_column_major_slice(x, k, n),
            );
            matmul(
                MatMut::from_column_major_slice_mut(out, m, n),
                Accum::Replace,
                a,
                b,
                1.0,
                Par::Seq,
            );
        }),
    ));
    jobs.push((
        "matrixmultiply".into(),
        ours + 2,
        Box::new(move |out| sgemm(out, w, x, [m, n, k], [(n, 1), (k, 1), (n, 1)])),
    ));
    jobs.push((
        "matrixmultiply".into(),
        ours + 2,
        Box::new(move |out| sgemm(out, w, x, [m, n, k], [(1, m), (k, 1), (1, k)])),
    ));

    let flop = 2.0 * (m * k * n) as f64;
    let repeats = (WORK / flop).ceil() as usize;
    let mut out = vec![0.0; m * n];
    let mut times = vec![Vec::new(); jobs.len()];
    for round in 0..=ROUNDS {
        for (i, (_, _, job)) in jobs.iter_mut().enumerate() {
            let start = processor_seconds();
            for _ in 0..repeats {
                job(black_box(&mut out));
            }
            // The first warms up.
            if round > 0 {
                times[i].push(processor_seconds() - start);
            }
        }
    }
    let mut best: Vec<(String, f64)> = Vec::new();
    for ((name, place, _), times) in jobs.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let rate = match name == "ours, bytes" {
            true => f64::NAN,
            false => flop * repeats as f64 / times[times.len() / 2] / 1e9,
        };
        match best.get_mut(*place) {
            Some((_, known)) => *known = known.max(rate),
            None => best.push((name.clone(), rate)),
        }
    }
    best
}

/// The lengths, then the strides (row, column) of the output, the weights and the input.
fn gemm_product(
    out: &mut [f32],
    w: &[f32],
    x: &[f32],
    [m, n, k]: [usize; 3],
    strides: [(usize, usize); 3],
) {
    let [(or, oc), (wr, wc), (xr, xc)] = strides.map(|(r, c)| (r as isize, c as isize));
    // SAFETY: the three are as long as the lengths and strides call for.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            oc,
            or,
            false,
            w.as_ptr(),
            wc,
            wr,
            x.as_ptr(),
            xc,
            xr,
            0.0,
            1.0_f32,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

fn sgemm(
    out: &mut [f32],
    w: &[f32],
    x: &[f32],
    [m, n, k]: [usize; 3],
    strides: [(usize, usize); 3],
) {
    let [(or, oc), (wr, wc), (xr, xc)] = strides.map(|(r, c)| (r as isize, c as isize));
    // SAFETY: as above.
    unsafe {
        matrixmultiply::sgemm(
            m,
            k,
            n,
            1.0,
            w.as_ptr(),
            wr,
            wc,
            x.as_ptr(),
            xr,
            xc,
            0.0,
            out.as_mut_ptr(),
            or,
            oc,
        );
    }
}

fn processor_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
