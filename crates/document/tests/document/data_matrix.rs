//! DataMatrix codes of codewords that the test chooses.

use image::{GrayImage, Luma};
use rowcall_specimen::Issuer;
use rowcall_words::document::{Authenticity, Kind};
use rxing::datamatrix::encoder::{DefaultPlacement, SymbolInfoLookup, error_correction};

use crate::barcodes::{a_seal, seal_of};

/// A DataMatrix of these codewords, four pixels a module.
fn data_matrix(codewords: &[u8]) -> GrayImage {
    let lookup = SymbolInfoLookup::new();
    let symbol = lookup.lookup(codewords.len() as u32).expect("a size");
    let symbol = symbol.expect("a symbol");
    let mut text: String = codewords.iter().map(|c| char::from(*c)).collect();
    while text.chars().count() < symbol.getDataCapacity() as usize {
        text.push('\u{81}');
    }
    let text = error_correction::encodeECC200(&text, symbol).expect("corrects");
    let [wide, high, width, height] = [
        symbol.getSymbolDataWidth(),
        symbol.getSymbolDataHeight(),
        symbol.getSymbolWidth(),
        symbol.getSymbolHeight(),
    ]
    .map(|side| side.expect("a size"));
    let mut placement = DefaultPlacement::new(text, wide as usize, high as usize);
    placement.place().expect("places");
    // Each region has a border: solid on the left and below, dotted above and on the right.
    let (across, down) = (2 * width / (width - wide), 2 * height / (height - high));
    let dark = |x: u32, y: u32| match (x % across, y % down) {
        (0, _) => true,
        (_, y) if y == down - 1 => true,
        (x, 0) => x % 2 == 0,
        (x, y) if x == across - 1 => y % 2 == 1,
        _ => placement.getBit(
            (x - 2 * (x / across) - 1) as usize,
            (y - 2 * (y / down) - 1) as usize,
        ),
    };
    GrayImage::from_fn(4 * width + 80, 4 * height + 80, |x, y| {
        let module = |v: u32| v.checked_sub(40).map(|v| v / 4);
        let black = module(x)
            .zip(module(y))
            .is_some_and(|(x, y)| x < width && y < height && dark(x, y));
        Luma([if black { 20 } else { 235 }])
    })
}

/// Base 256 from `at` on (ISO/IEC 16022, 5.2.9).
fn base_256(at: usize, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).expect("a short segment");
    assert!(length < 250);
    let values = std::iter::once(&length).chain(bytes);
    (at + 1..)
        .zip(values)
        .map(|(position, value)| value.wrapping_add((149 * position % 255 + 1) as u8))
        .collect()
}

/// As zxing-cpp writes them: an ECI, most of it in Base 256, and the last byte in ASCII.
#[test]
fn a_data_matrix_of_several_encodations_is_one_seal() {
    let issuer = Issuer::new(4);
    let seal = a_seal(&issuer);
    let (most, last) = seal.split_at(seal.len() - 1);
    let ascii = |byte: u8| match byte {
        0..=127 => vec![byte + 1],
        _ => vec![235, byte - 127],
    };
    let eci = [241, 131, 12];
    let mut first_in_ascii = ascii(most[0]);
    first_in_ascii.push(231);
    first_in_ascii.extend(base_256(first_in_ascii.len(), &most[1..]));
    let mut after_eci = [&eci[..], &[231]].concat();
    after_eci.extend(base_256(4, most));
    for mut codewords in [first_in_ascii, after_eci] {
        codewords.extend(ascii(last[0]));
        let document = seal_of(&issuer, &data_matrix(&codewords).into());
        assert_eq!(document.kind(), Kind::Vds);
        assert_eq!(
            document.authenticity(),
            Authenticity::Trusted,
            "{:#?}",
            document.findings()
        );
    }
}
