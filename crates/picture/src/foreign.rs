//! What a file is whose format isn't read here, for messages: by what it begins with,
//! whatever its name says.

/// What the formats that are read begin with: JPEG, PNG, and JPEG 2000 with and without
/// its boxes.
const READ: [&[u8]; 4] = [
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\x4f\xff\x51",
    b"\x00\x00\x00\x0cjP  ",
];

/// Readers look for a PDF's header in so many bytes (ISO 32000-1, 7.5.2, and what was
/// built before it: mail and scanners put lines of their own before it).
const PDF_WITHIN: usize = 1_024;

/// A format that isn't read here, with its article; `None` for one that is read, or
/// isn't known.
pub fn foreign_format(bytes: &[u8]) -> Option<&'static str> {
    if is_read(bytes) {
        return None;
    }
    picture_or_film(bytes).or_else(|| document(bytes))
}

/// Whether a file is a picture or a film, read here or not.
pub fn is_picture(bytes: &[u8]) -> bool {
    is_read(bytes) || picture_or_film(bytes).is_some()
}

fn is_read(bytes: &[u8]) -> bool {
    READ.iter().any(|magic| bytes.starts_with(magic))
}

fn picture_or_film(bytes: &[u8]) -> Option<&'static str> {
    let kind = |magic: &[u8]| bytes.get(8..12) == Some(magic);
    Some(match bytes {
        [b'G', b'I', b'F', b'8', ..] => "a GIF picture",
        // Two letters begin many a text; four bytes after the size are reserved, and nought.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => "a BMP picture",
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => "a TIFF picture",
        [b'I', b'I', 0xbc, _, ..] => "a JPEG XR picture",
        [b'R', b'I', b'F', b'F', ..] if kind(b"WEBP") => "a WebP picture",
        [b'R', b'I', b'F', b'F', ..] if kind(b"AVI ") => "an AVI film",
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', ..] => "a JPEG XL picture",
        [b'P', b'1'..=b'6', b' ' | b'\n', b'#' | b'0'..=b'9', ..] => "a PNM picture",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "a Matroska film",
        [a, b, c, d, b'f', b't', b'y', b'p', brands @ ..] => {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let length = length.saturating_sub(8).min(brands.len());
            of_brands(&brands[..length])
        }
        _ => return None,
    })
}

/// What an ISO base media file is by its brands: the major one, a version, and those that
/// it is compatible with (ISO/IEC 14496-12, 4.3). The major one of a picture may be that
/// of all such pictures (ISO/IEC 23008-12, 10.2), and how it is coded stands behind.
fn of_brands(brands: &[u8]) -> &'static str {
    let (words, _) = brands.as_chunks::<4>();
    let compatible = words.get(2..).unwrap_or_default();
    let named = |word: &[u8; 4]| match word {
        b"avif" | b"avis" => Some("an AVIF picture"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
            Some("a HEIC picture")
        }
        _ => None,
    };
    match words.first() {
        Some(major @ (b"mif1" | b"mif2" | b"mif3" | b"msf1" | b"miaf")) => {
            let told = std::iter::once(major).chain(compatible).find_map(named);
            told.unwrap_or("a HEIF picture")
        }
        Some(b"jpeg" | b"jpgs" | b"j2ki" | b"j2is" | b"avci" | b"avcs" | b"vvic") => {
            "a HEIF picture"
        }
        Some(b"crx ") => "a camera's raw picture",
        Some(major) => named(major).unwrap_or("a film"),
        None => "a film",
    }
}

/// What may hold a scan, and is none by itself.
fn document(bytes: &[u8]) -> Option<&'static str> {
    let beginning = &bytes[..bytes.len().min(PDF_WITHIN)];
    if beginning.windows(5).any(|word| word == b"%PDF-") {
        return Some("a PDF document");
    }
    let is_script = bytes.starts_with(b"%!PS") || bytes.starts_with(b"\xc5\xd0\xd3\xc6");
    is_script.then_some("a PostScript document")
}

#[cfg(test)]
mod tests {
    use super::{foreign_format, is_picture};

    /// An ISO base media file's first box.
    fn boxed(brands: &[u8]) -> Vec<u8> {
        let length = (brands.len() as u32 + 8).to_be_bytes();
        [&length, &b"ftyp"[..], brands, b"heicmdat"].concat()
    }

    #[test]
    fn each_format_has_its_name() {
        let late = [&[b'\n'; 1_019][..], b"%PDF-1.7"].concat();
        let too_late = [&[b'\n'; 1_020][..], b"%PDF-1.7"].concat();
        let mut wrong = Vec::new();
        for (bytes, is, whether_picture) in [
            (&b"GIF89a"[..], Some("a GIF picture"), true),
            (b"BM\x40\0\0\0\0\0\0\0", Some("a BMP picture"), true),
            (b"BMW 320d, black", None, false),
            (b"II*\0\x08\0\0\0", Some("a TIFF picture"), true),
            (b"MM\0*\0\0\0\x08", Some("a TIFF picture"), true),
            (b"II+\0\x08\0\0\0", Some("a TIFF picture"), true),
            (b"MM\0+\0\x08\0\0", Some("a TIFF picture"), true),
            (b"II\xbc\x01", Some("a JPEG XR picture"), true),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("a WebP picture"), true),
            (b"RIFF\x10\0\0\0AVI LIST", Some("an AVI film"), true),
            (b"RIFF\x10\0\0\0WAVEfmt ", None, false),
            (b"\xff\x0a\0\0", Some("a JPEG XL picture"), true),
            (b"\0\0\0\x0cJXL \r\n\x87\n", Some("a JPEG XL picture"), true),
            (b"P6\n640 480\n255\n", Some("a PNM picture"), true),
            (b"P1 is closed today", None, false),
            (b"P<UTOERIKSSON", None, false),
            (&boxed(b"heic\0\0\0\0mif1"), Some("a HEIC picture"), true),
            (
                &boxed(b"mif1\0\0\0\0miafheic"),
                Some("a HEIC picture"),
                true,
            ),
            (
                &boxed(b"mif1\0\0\0\0avifmiaf"),
                Some("an AVIF picture"),
                true,
            ),
            // What stands behind the box isn't of it.
            (&boxed(b"mif1\0\0\0\0"), Some("a HEIF picture"), true),
            (&boxed(b"avif\0\0\0\0mif1"), Some("an AVIF picture"), true),
            (
                &boxed(b"crx \0\0\0\x01"),
                Some("a camera's raw picture"),
                true,
            ),
            (&boxed(b"isom\0\0\x02\0mp41"), Some("a film"), true),
            (b"\0\0\0\x18ftyp", Some("a film"), true),
            (b"\x1a\x45\xdf\xa3", Some("a Matroska film"), true),
            (b"%PDF-1.4\n%", Some("a PDF document"), false),
            (b"\xef\xbb\xbf%PDF-1.4", Some("a PDF document"), false),
            (&late, Some("a PDF document"), false),
            (&too_late, None, false),
            (b"%!PS-Adobe-3.0", Some("a PostScript document"), false),
            // What is read stays so, whatever else stands in it.
            (b"\xff\xd8\xff\xfe\0\x0a%PDF-1.4", None, true),
            (b"\x89PNG\r\n\x1a\n", None, true),
            (b"\0\0\0\x0cjP  \r\n\x87\n", None, true),
            (b"\xff\x4f\xff\x51", None, true),
            (b"notes", None, false),
            (b"", None, false),
        ] {
            if foreign_format(bytes) != is || is_picture(bytes) != whether_picture {
                wrong.push(format!(
                    "{:?}: {:?}",
                    bytes.escape_ascii().to_string(),
                    foreign_format(bytes)
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
