//! QR codes (ISO/IEC 18004), with a bound on what is tried: of n patterns that
//! look like corners the library's own loop tries all hundred n threes.

use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};

use super::content::Texture;

/// Rows through what may be a corner, in every third row: three corners of twenty
/// modules of paper each have some hundred, and random modules as many again.
const MOST_FINDERS: usize = 1_000;
/// Corners that are tried, in threes, the most plausible first.
const MOST_SETS: usize = 60;

/// The seal in the picture's QR code.
pub(super) fn find(matrix: &BitMatrix, texture: &Texture) -> Option<Vec<u8>> {
    if texture.finders > MOST_FINDERS {
        return None;
    }
    let mut corners = FindFinderPatterns(matrix, true, 0);
    let threes = GenerateFinderPatternSets(&mut corners);
    threes.iter().take(MOST_SETS).find_map(|three| {
        let sampled = SampleQR(matrix, three).ok()?;
        let read = Decode(sampled.getBits()).ok().filter(|r| r.isValid())?;
        super::a_seal([Some(read.content().bytes().to_vec())], &read.text())
    })
}
