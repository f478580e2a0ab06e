//! The body of the fuzz target for lane files over mutations of one, on a stable
//! compiler.

#[path = "../../../../fuzz/bodies/lane.rs"]
mod body;

const MUTATIONS: usize = 20_000;

#[test]
fn no_mutation_of_a_lane_file_breaks_the_body() {
    let document = include_str!("../../../../docs/check.md");
    let seed = document
        .split("```toml\n")
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.starts_with("format = 1"))
        .expect("the lane of docs/check.md");
    body::lane(seed.as_bytes());
    let pieces = [
        "nan",
        "inf",
        "-inf",
        "-1",
        "1e39",
        "[]",
        "[[",
        "]]",
        "\"",
        "=",
        "\n",
        "1-left",
        "0.0",
        "{}",
        "\u{2028}",
        "[policy]\n",
        "polygon",
        "1_000",
    ];
    let mut state = 0x1a9e_u64;
    let mut random = |below: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % below.max(1)
    };
    for _ in 0..MUTATIONS {
        let mut text = seed.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let at = random(text.len());
            let end = (at + random(12)).min(text.len());
            match random(3) {
                0 => text[at] ^= 1 << random(8),
                1 => {
                    text.drain(at..end);
                }
                _ => {
                    let piece = pieces[random(pieces.len())];
                    text.splice(at..end, piece.bytes());
                }
            }
        }
        body::lane(&text);
    }
}
