//! What every command can be tried on: `samples/documents`, `samples/lists` and
//! `samples/faces`, of the fictional state of Utopia and of rendered people.

use std::{collections::BTreeMap, fs, path::Path};

use image::{DynamicImage, GrayImage, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use rowcall_specimen::{DSC_SERIAL, Issuer, c40};
use serde_json::Value;

use crate::root;

/// The issuer of the family's chips.
const SEED: u64 = 9303;
/// The zone of the printed page: Doc 9303-4, appendix B, with a later date of expiry;
/// and a visa's.
const PAGE_ZONE: [&str; 2] = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F3204153ZE184226B<<<<<16",
];
const SEAL_ZONE: &str =
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L8988901C4XXX4009078F96121096ZE18";

/// Writes all of them anew.
pub(crate) fn make() -> Result<(), String> {
    let samples = root().join("samples");
    let issuer = Issuer::new(SEED);
    lists(&samples.join("lists"), &issuer)?;
    seal(&samples.join("documents/seal"), &issuer)?;
    page(
        &samples.join("documents/page"),
        &samples.join("portraits/p05.jpg"),
    )?;
    faces(&samples)
}

/// A master list with two issuers, a revocation list of a signer that isn't the
/// family's.
fn lists(folder: &Path, issuer: &Issuer) -> Result<(), String> {
    let other = Issuer::new(SEED + 1);
    let all = [issuer.csca_certificate(), other.csca_certificate()];
    write(&folder.join("utopia.ml"), &issuer.master_list(&all))?;
    write(
        &folder.join("utopia.crl"),
        &issuer.revocation_list(&[DSC_SERIAL + 1]),
    )
}

/// A visa's seal, and the certificate of who signed it.
fn seal(folder: &Path, issuer: &Issuer) -> Result<(), String> {
    let zone = c40(SEAL_ZONE);
    let zone = zone.get(..48).unwrap_or(&zone).to_vec();
    write(
        &folder.join("seal.bin"),
        &issuer.visible_seal((0x5d, 1), &[(1, zone)]),
    )?;
    write(&folder.join("DSC.der"), &issuer.seal_signer_certificate())
}

/// A printed page as a scanner gives it: portrait and machine readable zone at 150 dpi.
fn page(folder: &Path, portrait: &Path) -> Result<(), String> {
    let scale = 7.0_f32; // pixels a millimetre: 18 a character
    let at = |mm: f32| (mm * scale) as i64;
    let mut page = RgbImage::from_pixel(
        at(125.0) as u32,
        at(88.0) as u32,
        image::Rgb([236, 238, 232]),
    );
    let face = read_picture(portrait)?.to_rgb8();
    let (width, height) = (at(31.5) as u32, at(40.5) as u32);
    let face = imageops::resize(&face, width, height, imageops::FilterType::Triangle);
    imageops::replace(&mut page, &face, at(6.6), at(16.0));
    let sheet = root().join("crates/document/src/page/ocr-b.png");
    let sheet = read_picture(&sheet)?.to_luma8();
    for (line, y) in PAGE_ZONE.iter().zip([70.0, 76.35]) {
        for (i, character) in line.bytes().enumerate() {
            let glyph = glyph(
                &sheet,
                character,
                (2.54 * scale) as u32,
                (3.6 * scale) as u32,
            )?;
            let x = at(6.6 + 2.54 * i as f32);
            for (dx, dy, ink) in glyph.enumerate_pixels() {
                let (x, y) = (x as u32 + dx, at(y) as u32 + dy);
                if let Some(pixel) = page.get_pixel_mut_checked(x, y) {
                    for value in &mut pixel.0 {
                        *value = (u16::from(*value) * u16::from(ink.0[0]) / 255) as u8;
                    }
                }
            }
        }
    }
    write(&folder.join("page.jpg"), &jpeg(&page, 90)?)
}

/// A character of the sheet that documents are read by: 37 cells in a row, dark on light.
fn glyph(sheet: &GrayImage, character: u8, width: u32, height: u32) -> Result<GrayImage, String> {
    const CHARACTERS: &[u8; 37] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
    const CELL: (u32, u32) = (28, 40);
    let place = CHARACTERS.iter().position(|c| *c == character);
    let place = place.ok_or_else(|| format!("no glyph of {:?}", char::from(character)))? as u32;
    let cell = imageops::crop_imm(sheet, place * CELL.0, 0, CELL.0, CELL.1).to_image();
    Ok(imageops::resize(
        &cell,
        width,
        height,
        imageops::FilterType::Triangle,
    ))
}

/// For each person of the sample vehicles the portrait and the best that a camera saw of
/// them, with a manifest: a set for `rowcall evaluate`.
fn faces(samples: &Path) -> Result<(), String> {
    let folder = samples.join("faces");
    let mut best: BTreeMap<String, (f64, DynamicImage)> = BTreeMap::new();
    let vehicles = samples.join("vehicles");
    let mut paths: Vec<_> = fs::read_dir(&vehicles)
        .map_err(|e| format!("{}: {e}", vehicles.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    for vehicle in paths {
        let file = vehicle.join("truth.json");
        let text = fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let truth: Value =
            serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", file.display()))?;
        for frame in truth["frames"].as_array().into_iter().flatten() {
            let mut picture = None;
            for occupant in frame["occupants"].as_array().into_iter().flatten() {
                let Some(name) = occupant["identity"].as_str() else {
                    continue;
                };
                let worth = worth(occupant);
                if best.get(name).is_some_and(|(known, _)| *known >= worth) {
                    continue;
                }
                let picture = match &picture {
                    Some(picture) => picture,
                    None => {
                        let file = frame["file"].as_str().unwrap_or_default();
                        picture.insert(read_picture(&vehicle.join(file))?)
                    }
                };
                best.insert(
                    name.to_owned(),
                    (worth, head(picture, &occupant["head_box"])),
                );
            }
        }
    }
    let mut manifest = String::from("path,subject\n");
    for (name, (_, seen)) in &best {
        let portrait = read_picture(&samples.join(format!("portraits/{name}.jpg")))?;
        let portrait = portrait
            .resize(250, 250, imageops::FilterType::Triangle)
            .to_rgb8();
        for (kind, picture) in [("portrait", portrait), ("lane", seen.to_rgb8())] {
            write(
                &folder.join(format!("{name}-{kind}.jpg")),
                &jpeg(&picture, 88)?,
            )?;
            manifest += &format!("{name}-{kind}.jpg,{name}\n");
        }
    }
    write(&folder.join("manifest.csv"), manifest.as_bytes())
}

/// How much of a face is seen, and how large.
fn worth(occupant: &Value) -> f64 {
    let number = |key: &str| occupant[key].as_f64().unwrap_or_default();
    let turned = number("face_turned_from_camera_deg")
        .to_radians()
        .cos()
        .max(0.0);
    number("interpupillary_px") * number("face_visible_fraction").powi(4) * turned.powi(4)
}

/// A head with some of its surroundings, in a square of 250 pixels.
fn head(picture: &DynamicImage, of: &Value) -> DynamicImage {
    let number = |i: usize| of[i].as_f64().unwrap_or_default();
    let (x, y) = ((number(0) + number(2)) / 2.0, (number(1) + number(3)) / 2.0);
    let side = (1.5 * (number(3) - number(1))).max(8.0);
    let (left, top) = ((x - side / 2.0).max(0.0), (y - side / 2.0).max(0.0));
    picture
        .crop_imm(left as u32, top as u32, side as u32, side as u32)
        .resize(250, 250, imageops::FilterType::Triangle)
}

fn read_picture(path: &Path) -> Result<DynamicImage, String> {
    image::open(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, String> {
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, quality);
    picture
        .write_with_encoder(encoder)
        .map_err(|e| format!("a picture: {e}"))?;
    Ok(file)
}

fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, content))
        .map_err(|e| format!("{}: {e}", path.display()))
}
