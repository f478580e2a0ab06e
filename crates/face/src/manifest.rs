//! Descriptions of models: which file, how it is fed, how its output is read.

use rowcall_infer::Sha256;
use serde::Deserialize;

use crate::{Error, ErrorKind, Point, align::Template5};

/// A model, as described by a manifest beside its file.
#[derive(Clone, Debug, PartialEq)]
pub enum Manifest {
    /// Finds faces.
    Detector(DetectorManifest),
    /// Makes templates of aligned faces.
    Embedder(EmbedderManifest),
}

/// A face detector with YuNet's outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectorManifest {
    /// What the model is called in policies and results.
    pub name: String,
    /// The model's file, beside the manifest.
    pub file: String,
    /// What that file must hash to.
    pub sha256: Sha256,
    /// Detections below this confidence are dropped, 0..=1.
    pub confidence: f32,
    /// Two detections that overlap more than this are one face, 0..=1.
    pub overlap: f32,
}

/// A network from an aligned crop to an embedding, trained so that the cosine
/// tells people apart (ArcFace and its kin).
#[derive(Clone, Debug, PartialEq)]
pub struct EmbedderManifest {
    /// What the model is called in policies and results.
    pub name: String,
    /// The model's file, beside the manifest.
    pub file: String,
    /// What that file must hash to.
    pub sha256: Sha256,
    /// The side of its square input, in pixels.
    pub input_size: u32,
    /// The order of its input planes.
    pub channels: ChannelOrder,
    /// Subtracted from each channel's 0..=255, in the input's order.
    pub mean: [f32; 3],
    /// Divides each channel afterwards.
    pub std: [f32; 3],
    /// The number of values of an embedding.
    pub dimension: usize,
    /// The calibration file, beside the manifest.
    pub calibration: String,
    pub(crate) template: Template5,
}

/// The order of colour planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelOrder {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

impl Manifest {
    /// Reads a manifest: TOML, no unknown keys.
    ///
    /// # Errors
    /// [`ErrorKind::Model`], naming the key that is wrong.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(toml).map_err(|e| {
            let line = e
                .span()
                .map_or(1, |s| 1 + toml[..s.start].matches('\n').count());
            bad(&format!("line {line}: {}", e.message().replace('\n', " ")))
        })?;
        let sha256 = |text: &str| text.parse().map_err(|e| bad(&format!("sha256: {e}")));
        match file {
            File::Detector {
                name,
                file,
                sha256: pin,
                confidence,
                overlap,
            } => {
                for (key, value) in [("confidence", confidence), ("overlap", overlap)] {
                    if !(0.0..=1.0).contains(&value) {
                        return Err(bad(&format!("{key}: {value} isn't between 0 and 1")));
                    }
                }
                Ok(Self::Detector(DetectorManifest {
                    name,
                    file,
                    sha256: sha256(&pin)?,
                    confidence,
                    overlap,
                }))
            }
            File::Embedder {
                name,
                file,
                sha256: pin,
                input_size,
                channels,
                mean,
                std,
                template,
                dimension,
                calibration,
            } => {
                if !(16..=1024).contains(&input_size) {
                    return Err(bad(&format!(
                        "input_size: {input_size} isn't between 16 and 1024"
                    )));
                }
                if std.iter().any(|s| !(s.abs() > 1e-9)) {
                    return Err(bad("std: a zero can't divide"));
                }
                let template = template.map(|[x, y]| Point::new(x, y));
                Ok(Self::Embedder(EmbedderManifest {
                    name,
                    file,
                    sha256: sha256(&pin)?,
                    input_size,
                    channels,
                    mean,
                    std,
                    dimension,
                    calibration,
                    template,
                }))
            }
        }
    }

    /// What the model is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Detector(m) => &m.name,
            Self::Embedder(m) => &m.name,
        }
    }
}

fn bad(why: &str) -> Error {
    Error::new(
        ErrorKind::Model,
        format!("the model's manifest can't be used: {why}"),
    )
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum File {
    Detector {
        name: String,
        file: String,
        sha256: String,
        confidence: f32,
        overlap: f32,
    },
    Embedder {
        name: String,
        file: String,
        sha256: String,
        input_size: u32,
        channels: ChannelOrder,
        mean: [f32; 3],
        std: [f32; 3],
        template: [[f32; 2]; 5],
        dimension: usize,
        calibration: String,
    },
}
