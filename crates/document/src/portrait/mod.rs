//! The holder's portrait: where it came from, and its pixels on demand.

mod colour;
mod decode;
mod orient;
mod probe;
mod whole;

use serde::Serialize;
use zeroize::Zeroizing;

pub(crate) use colour::{decode_luma, rec_601};
pub(crate) use decode::decode;
pub use decode::{ImageLimits, Raster};
pub(crate) use probe::probe;
pub(crate) use whole::is_whole;

use crate::error::Error;

/// How an image is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageFormat {
    /// JPEG (ISO/IEC 10918-1).
    #[serde(rename = "jpg")]
    Jpeg,
    /// PNG (ISO/IEC 15948).
    Png,
    /// JPEG 2000 in its file format (ISO/IEC 15444-1, Annex I).
    Jp2,
    /// A JPEG 2000 codestream without boxes (ISO/IEC 15444-1, Annex A).
    J2k,
}

impl ImageFormat {
    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Jp2 => "jp2",
            Self::J2k => "j2k",
        }
    }
}

/// What the image was wrapped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PortraitEncoding {
    /// A facial record of ISO/IEC 19794-5.
    #[serde(rename = "19794-5")]
    Iso19794,
    /// A face image data block of ISO/IEC 39794-5.
    #[serde(rename = "39794-5")]
    Iso39794,
    /// An image file by itself.
    #[serde(rename = "image")]
    Image,
}

/// Where a portrait came from. The order is the confidence class: the first
/// is the strongest evidence that the issuing state chose this picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortraitSource {
    /// From a chip or a digital travel credential whose signature and hashes
    /// were verified up to a trusted issuer.
    SignedChip,
    /// From a digital travel credential verified likewise.
    SignedDtc,
    /// From a printed page whose data a verified seal confirms. A seal carries
    /// no portrait, so the picture itself is only printed.
    SealConfirmedPage,
    /// From a printed page.
    PrintedPage,
    /// From chip files that nobody trusted vouches for.
    UnverifiedChip,
}

/// A holder's portrait as it was encoded in the document. The bytes are
/// zeroized on drop, and nothing prints them.
pub struct Portrait {
    pub(crate) format: ImageFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) encoding: PortraitEncoding,
    pub(crate) source: PortraitSource,
    pub(crate) file: String,
    pub(crate) encoded: Zeroizing<Vec<u8>>,
}

impl Portrait {
    /// The compression.
    pub fn format(&self) -> ImageFormat {
        self.format
    }

    /// Width in pixels, as declared in the image's own header.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, likewise.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What the image was wrapped in.
    pub fn encoding(&self) -> PortraitEncoding {
        self.encoding
    }

    /// Where it came from, which is its confidence class.
    pub fn source(&self) -> PortraitSource {
        self.source
    }

    /// The name of the file that it stood in: a data group, an image, or the
    /// picture of a page that it was cut out of.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The encoded image.
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    /// The pixels, upright, 8-bit RGB.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Document`] if the image is larger than `limits`
    /// (checked before anything is allocated) or is damaged.
    pub fn decode(&self, limits: &ImageLimits) -> Result<Raster, Error> {
        decode::decode(self.format, &self.encoded, limits)
    }
}

impl std::fmt::Debug for Portrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Portrait({:?}, {} x {}, {:?}, image withheld)",
            self.format, self.width, self.height, self.source
        )
    }
}

/// For JSON: everything but the picture.
impl Serialize for Portrait {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut s = serializer.serialize_struct("Portrait", 5)?;
        s.serialize_field("format", &self.format)?;
        s.serialize_field("width", &self.width)?;
        s.serialize_field("height", &self.height)?;
        s.serialize_field("encoding", &self.encoding)?;
        s.serialize_field("source", &self.source)?;
        s.end()
    }
}
