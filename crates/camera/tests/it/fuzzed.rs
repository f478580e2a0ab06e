//! The bodies of the fuzz targets over what foreign servers sent and mutations of it, on
//! a stable compiler.

#[path = "../../../../fuzz/bodies/camera.rs"]
mod body;

const MUTATIONS: usize = 600;

const BODIES: [&[u8]; 2] = [
    include_bytes!("../foreign/motion-4.5.1.http"),
    include_bytes!("../foreign/ffmpeg-5.1.http"),
];
const STREAMS: [&[u8]; 3] = [
    include_bytes!("../foreign/baseline.h264"),
    include_bytes!("../foreign/main.h264"),
    include_bytes!("../foreign/high.h264"),
];

fn mutate(seeds: &[&[u8]], mut each: impl FnMut(&[u8])) {
    let mut random = fastrand::Rng::with_seed(0x5eed);
    for number in 0..MUTATIONS {
        let mut file = seeds[number % seeds.len()].to_vec();
        for _ in 0..=random.usize(..4) {
            let at = random.usize(..file.len());
            let end = (at + random.usize(1..60)).min(file.len());
            match random.u8(..5) {
                0 => file[at] ^= 1 << random.u8(..8),
                1 => file[at] = [0, b'\r', b'\n', b'-', 0xff, 0x67][random.usize(..6)],
                2 => file.truncate(at.max(4)),
                3 => {
                    let piece = file[at..end].to_vec();
                    let to = random.usize(..file.len());
                    file.splice(to..to, piece);
                }
                _ if file.len() > 64 => drop(file.drain(at..end)),
                _ => {}
            }
        }
        each(&file);
    }
    seeds.iter().for_each(|seed| each(seed));
}

#[test]
fn no_mutation_breaks_the_parts() {
    mutate(&BODIES, body::multipart);
}

#[test]
fn no_mutation_breaks_the_decoder() {
    mutate(&STREAMS, body::h264);
}
