//! The files of a presented document, by name.

use rowcall_picture::{foreign_format, probe};
use zeroize::Zeroizing;

/// One file of a presented document's folder.
pub struct NamedFile {
    /// The name, without folders: `mrz.txt`, `EF_DG1.bin`.
    pub name: String,
    /// The contents, as they stood on the chip or on disk.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for NamedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NamedFile({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    MrzText,
    /// Text that character recognition found on a page.
    RecognisedText,
    Portrait,
    Com,
    Sod,
    DataGroup(u8),
    /// A face's biometric data block without the DG2 around it.
    FaceBlock,
    /// A certificate that came along, trusted for nothing.
    Dsc,
    /// A revocation list that came along.
    Crl,
    /// A page's picture, or the front of a card.
    Page,
    /// The other side of a card.
    PageBack,
    Seal,
    Dtc,
    /// What a reader recorded of active or chip authentication.
    Exchanges,
    Other,
}

/// A file with its part in the document; the bytes may hold a portrait and are
/// wiped on drop.
pub(crate) struct Part {
    pub name: String,
    pub role: Role,
    pub bytes: Zeroizing<Vec<u8>>,
}

impl From<NamedFile> for Part {
    fn from(file: NamedFile) -> Self {
        let role = match role(&file.name) {
            Role::Other => role_of_picture(&file),
            role => role,
        };
        Self {
            role,
            name: file.name,
            bytes: Zeroizing::new(file.bytes),
        }
    }
}

/// The pictures of a page or of a card's sides, the front first.
pub(crate) fn pages(parts: &[Part]) -> impl Iterator<Item = &Part> {
    [Role::Page, Role::PageBack]
        .into_iter()
        .filter_map(|role| find(parts, role))
}

/// The first file with the part.
pub(crate) fn find(parts: &[Part], role: Role) -> Option<&Part> {
    parts.iter().find(|p| p.role == role)
}

/// `EF_DG1.bin`, `EF.DG1`, `ef_dg1`, `DG1.bin` are one.
fn role(name: &str) -> Role {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = match lower.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() && stem != "ef" => (stem, ext),
        _ => (lower.as_str(), ""),
    };
    let bare = stem
        .strip_prefix("ef_")
        .or_else(|| stem.strip_prefix("ef."))
        .unwrap_or(stem);
    if matches!(extension, "" | "bin" | "dat" | "der") {
        let number = bare.strip_prefix("dg").and_then(|n| n.parse::<u8>().ok());
        match (bare, number) {
            ("com", _) => return Role::Com,
            ("sod", _) => return Role::Sod,
            (_, Some(n @ 1..=16)) => return Role::DataGroup(n),
            _ => {}
        }
    }
    // File identifiers (Doc 9303-10, Table 38), as some readers name the files.
    if matches!(extension, "" | "bin")
        && let Some(role) = role_of_identifier(bare)
    {
        return role;
    }
    match (bare, extension) {
        ("exchanges", "json") => Role::Exchanges,
        ("mrz", "txt") => Role::MrzText,
        ("mrz.ocr", "txt") => Role::RecognisedText,
        ("portrait", "jpg" | "jpeg" | "jpe" | "jfif" | "png" | "jp2" | "j2k" | "jpc" | "j2c") => {
            Role::Portrait
        }
        (_, "crl") => Role::Crl,
        ("dsc", "der" | "cer" | "crt") => Role::Dsc,
        (name, "der") if name.starts_with("untrusted") => Role::Dsc,
        (_, "vds" | "idb" | "vdsnc") => Role::Seal,
        ("seal" | "vds" | "idb" | "vdsnc" | "barcode", _) => Role::Seal,
        (_, "dtc") | ("dtc", _) => Role::Dtc,
        ("page" | "page-front" | "page_front", _) if is_picture(extension) => Role::Page,
        ("page-back" | "page_back", _) if is_picture(extension) => Role::PageBack,
        _ => Role::Other,
    }
}

/// The part of a picture under a name whose extension isn't one of a picture.
fn role_of_picture(file: &NamedFile) -> Role {
    let is_picture = || probe(&file.bytes).is_some() || foreign_format(&file.bytes).is_some();
    let named = match stem(&file.name).as_str() {
        "page" | "page-front" | "page_front" => Role::Page,
        "page-back" | "page_back" => Role::PageBack,
        "portrait" => Role::Portrait,
        _ => return Role::Other,
    };
    if is_picture() { named } else { Role::Other }
}

/// A name in lower case, without folders and extension.
fn stem(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.to_ascii_lowercase()
}

/// Extensions of pictures and scans, those that are not read among them: what such a
/// file is, is then told.
fn is_picture(extension: &str) -> bool {
    const PICTURES: [&str; 17] = [
        "jpg", "jpeg", "jpe", "jfif", "png", "heic", "heif", "avif", "pdf", "tif", "tiff", "webp",
        "bmp", "gif", "jp2", "jxl", "dng",
    ];
    PICTURES.contains(&extension)
}

/// What lies under a chip's file identifier, in hexadecimal digits.
fn role_of_identifier(name: &str) -> Option<Role> {
    if name.len() != 4 {
        return None;
    }
    match u16::from_str_radix(name, 16).ok()? {
        0x011e => Some(Role::Com),
        0x011d => Some(Role::Sod),
        n @ 0x0101..=0x0110 => Some(Role::DataGroup((n - 0x0100) as u8)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, role};

    #[test]
    fn names_as_they_are_spelt_in_the_field() {
        let cases = [
            ("mrz.txt", Role::MrzText),
            ("EF_COM.bin", Role::Com),
            ("EF.COM", Role::Com),
            ("EF_SOD.bin", Role::Sod),
            ("EF.SOD.bin", Role::Sod),
            ("EF.DG1", Role::DataGroup(1)),
            ("ef_dg16.bin", Role::DataGroup(16)),
            ("DG2.bin", Role::DataGroup(2)),
            ("EF_DG17.bin", Role::Other),
            ("0101.bin", Role::DataGroup(1)),
            ("0110", Role::DataGroup(16)),
            ("011D.bin", Role::Sod),
            ("011e.BIN", Role::Com),
            ("0111.bin", Role::Other),
            ("0101.txt", Role::Other),
            ("DSC.der", Role::Dsc),
            ("exchanges.json", Role::Exchanges),
            ("portrait.JPG", Role::Portrait),
            ("portrait.jp2", Role::Portrait),
            ("portrait.jfif", Role::Portrait),
            ("seal.bin", Role::Seal),
            ("page.JPEG", Role::Page),
            ("page-front.png", Role::Page),
            ("page-back.jpg", Role::PageBack),
            ("page.JPE", Role::Page),
            ("page-side.jpg", Role::Other),
            ("notes.txt", Role::Other),
            (".DS_Store", Role::Other),
        ];
        let wrong: Vec<_> = cases.iter().filter(|(n, r)| role(n) != *r).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
