//! The body of the fuzz target over pictures of every kind and mutations of them,
//! on a stable compiler.

#[path = "../../../../fuzz/bodies/picture.rs"]
mod body;

use crate::encoder::{Kind, picture};

const MUTATIONS: usize = 3_000;

#[test]
fn no_mutation_breaks_the_body() {
    let mut seeds = Vec::new();
    for sampling in [vec![(1, 1)], vec![(2, 2), (1, 1), (1, 1)], vec![(1, 1); 4]] {
        for (progressive, together) in [(false, true), (false, false), (true, true)] {
            let kind = Kind {
                size: (70, 50),
                sampling: sampling.clone(),
                progressive,
                together,
                restart: 4,
            };
            seeds.push(picture(&kind, 5, 4).file);
        }
    }
    let drawn = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8, y as u8 * 3, 9]));
    let mut png = std::io::Cursor::new(Vec::new());
    drawn
        .write_to(&mut png, image::ImageFormat::Png)
        .expect("encodes");
    seeds.push(png.into_inner());
    let mut state = 0x5eed_u64;
    let mut random = |below: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % below.max(1)
    };
    for i in 0..MUTATIONS {
        let mut file = seeds[i % seeds.len()].clone();
        for _ in 0..=random(4) {
            let at = random(file.len());
            match random(5) {
                0 => file[at] ^= 1 << random(8),
                1 => file[at] = [0, 0x7f, 0x80, 0xff, 0xda, 0xc4][random(6)],
                2 => file.truncate(at.max(4)),
                3 => {
                    let end = (at + random(40)).min(file.len());
                    let piece = file[at..end].to_vec();
                    file.splice(at..at, piece);
                }
                _ => {
                    let end = (at + random(40)).min(file.len());
                    file.drain(at..end);
                }
            }
            if file.len() < 4 {
                break;
            }
        }
        body::picture(&file);
    }
    seeds.iter().for_each(|seed| body::picture(seed));
}
