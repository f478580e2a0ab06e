//! Searches every byte of a folder for what must never be in it.

use crate::lane;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem;
use std::path::{Path, PathBuf};

/// What is searched for, as bytes, under a name.
pub(crate) struct Needle {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Pieces of the pictures, the templates and the texts that the lane handles;
/// each as it is, in hexadecimal and in base64 at all three alignments.
pub(crate) fn needles() -> Vec<Needle> {
    let mut plain: Vec<(String, Vec<u8>)> = vec![
        ("a JPEG".into(), lane::JPEG_HEAD[..11].to_vec()),
        ("a name".into(), lane::NAME.into()),
        ("a document number".into(), lane::NUMBER.into()),
        ("an officer's name".into(), lane::OFFICER.into()),
    ];
    for seed in 1..=3 {
        let rgb = lane::pixels(seed);
        for at in [0, rgb.len() / 2, rgb.len() - 16] {
            plain.push((format!("picture {seed} at {at}"), rgb[at..at + 16].to_vec()));
        }
    }
    for seed in 2..=3 {
        let raw = crate::made::embedding(seed);
        let norm = raw
            .iter()
            .map(|v| f64::from(*v).powi(2))
            .sum::<f64>()
            .sqrt();
        let unit: Vec<f32> = raw.iter().map(|v| (f64::from(*v) / norm) as f32).collect();
        for (what, values) in [("embedding", &raw), ("template", &unit)] {
            for at in [0, 60, 124] {
                let bytes = values[at..at + 4].iter().flat_map(|v| v.to_le_bytes());
                plain.push((format!("{what} {seed} at {at}"), bytes.collect()));
            }
        }
    }
    plain
        .into_iter()
        .flat_map(|(name, bytes)| forms(&name, bytes))
        .collect()
}

fn forms(name: &str, bytes: Vec<u8>) -> Vec<Needle> {
    let hex = |upper: bool| -> Vec<u8> {
        let digits = bytes.iter().map(|b| match upper {
            true => format!("{b:02X}"),
            false => format!("{b:02x}"),
        });
        digits.collect::<String>().into_bytes()
    };
    let mut forms = vec![("hex", hex(false)), ("HEX", hex(true))];
    for before in 0..3 {
        let mut padded = vec![0; before];
        padded.extend(&bytes);
        // The first and last characters depend on the neighbours too.
        let text = STANDARD_NO_PAD.encode(padded);
        let inner = text.as_bytes()[(8 * before).div_ceil(6)..text.len() - 2].to_vec();
        forms.push(("base64", inner));
    }
    forms.push(("plain", bytes));
    forms
        .into_iter()
        .map(|(form, bytes)| Needle {
            name: format!("{name}, {form}"),
            bytes,
        })
        .collect()
}

/// Every needle that is in any file under `folder`, and where.
pub(crate) fn search(folder: &Path, needles: &[Needle]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(folder) {
        let bytes = std::fs::read(&file).unwrap();
        for needle in needles {
            if memmem::find(&bytes, &needle.bytes).is_some() {
                found.push(format!("{} in {}", needle.name, file.display()));
            }
        }
    }
    found
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push(path),
        }
    }
    all
}
