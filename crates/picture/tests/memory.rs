//! Memory is kept to the limits: a test by itself, since what its neighbours take
//! would be counted in.

use peak_alloc::PeakAlloc;
use rowcall_picture::{Image, Limit, Limits};

#[path = "it/encoder.rs"]
#[expect(dead_code, reason = "where pictures are cut matters to other tests")]
mod encoder;

use encoder::{Kind, picture};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn blank_png(width: u32, height: u32, colour: image::ExtendedColorType) -> Vec<u8> {
    let pixels = vec![0; (width * height) as usize * usize::from(colour.bits_per_pixel()) / 8];
    let mut out = std::io::Cursor::new(Vec::new());
    let png = image::ImageFormat::Png;
    image::write_buffer_with_format(&mut out, &pixels, width, height, colour, png)
        .expect("encodes");
    out.into_inner()
}

/// What decoding takes beyond the file is within what was allowed.
#[test]
fn memory_is_kept_to() {
    use image::ExtendedColorType::{L8, Rgb8, Rgba16};
    let jpeg = |sampling: &[(usize, usize)], progressive: bool, together: bool| {
        let kind = Kind {
            size: (3_000, 2_000),
            sampling: sampling.to_vec(),
            progressive,
            together,
            restart: 0,
        };
        picture(&kind, 3, 20).file
    };
    let halved = [(2, 2), (1, 1), (1, 1)];
    let mut wrong = Vec::new();
    for (what, file) in [
        ("PNG, grey", blank_png(3_000, 2_000, L8)),
        ("PNG, colour", blank_png(3_000, 2_000, Rgb8)),
        ("PNG, alpha of 16 bits", blank_png(3_000, 2_000, Rgba16)),
        ("JPEG", jpeg(&halved, false, true)),
        ("JPEG, grey", jpeg(&[(1, 1)], false, true)),
        ("JPEG, in three scans", jpeg(&halved, false, false)),
        ("JPEG, progressive", jpeg(&halved, true, true)),
        (
            "JPEG, progressive, not halved",
            jpeg(&[(1, 1); 3], true, true),
        ),
    ] {
        for max_memory in [60_000_000, 12_000_000, 5_000_000] {
            let limits = Limits {
                max_memory,
                ..Limits::PORTRAIT
            };
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let decoded = Image::decode(&file, &limits);
            let held = (MEMORY.peak_usage() - before) as u64;
            // Half a megabyte for the decoders' tables.
            if held > max_memory + (1 << 19) {
                wrong.push(format!("{what}: {held} of {max_memory}"));
            }
            match decoded {
                Ok(_) => {}
                Err(e)
                    if matches!(e.limit(), Some(Limit::Memory { .. }))
                        && max_memory < 10_000_000 => {}
                Err(e) => wrong.push(format!("{what}, {max_memory}: {e}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
