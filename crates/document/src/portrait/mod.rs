//! The holder's portrait: where it came from, and its pixels on demand.

use rowcall_picture::{Error, Image, ImageFormat, Limits, check_whole};
use serde::Serialize;
use zeroize::Zeroizing;

/// What is wrong with an image that isn't whole; `None` for one that is, or that is
/// of a kind or size that isn't read, as its decoding will tell.
pub(crate) fn damage(encoded: &[u8]) -> Option<Error> {
    check_whole(encoded, &Limits::PORTRAIT)
        .err()
        .filter(Error::is_damaged)
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

    /// The pixels, upright, at the largest size within the limits.
    ///
    /// # Errors
    /// As [`Image::decode`].
    pub fn decode(&self, limits: &Limits) -> Result<Image, Error> {
        Image::decode(&self.encoded, limits)
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
