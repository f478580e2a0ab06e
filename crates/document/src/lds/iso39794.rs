//! The face image data block of ISO/IEC 39794-5 in its ASN.1 encoding, as the
//! profile for travel documents has it (Doc 9303-10, 4.7.2; mandatory for
//! inspection systems since 2026-01-01).

use super::face_image::FaceImage;
use crate::portrait::PortraitEncoding;
use rowcall_pki::ber::{BerError, Reader, fail};

const MOST_REPRESENTATIONS: usize = 16;

/// Contents of tag 7F2E, from `offset` of the file:
/// `A1 { [APPLICATION 5] { [0] version, [1] { representation ... } } }`.
pub(super) fn images<'a>(
    block: &'a [u8],
    offset: usize,
    images: &mut Vec<FaceImage<'a>>,
) -> Result<(), BerError> {
    let wrapper = Reader::new(block, offset).expect(0xa1, "no face data (A1)")?;
    face(wrapper.contents(), images)
}

/// The element inside.
pub(super) fn face<'a>(
    mut block: Reader<'a>,
    images: &mut Vec<FaceImage<'a>>,
) -> Result<(), BerError> {
    let face = block.expect(0x65, "no FaceImageDataBlock ([APPLICATION 5])")?;
    let mut parts = face.contents();
    parts.expect(0xa0, "no version block")?;
    let representations = parts.expect(0xa1, "no representation blocks")?;
    for (i, representation) in representations.contents().enumerate() {
        let representation = representation?;
        if i >= MOST_REPRESENTATIONS {
            return fail(representation.offset, "more faces than any document has");
        }
        let mut fields = representation.contents();
        fields.expect(0x80, "no representation identifier")?;
        let image = fields.expect(0xa1, "no image representation")?;
        let base = image
            .contents()
            .expect(0xa0, "an image representation of a kind not known")?;
        let two_d = base
            .contents()
            .expect(0xa0, "an image representation of a kind not known")?;
        let data = two_d.contents().expect(0x80, "no image data")?;
        images.push(FaceImage {
            bytes: data.value,
            offset: data.value_offset,
            encoding: PortraitEncoding::Iso39794,
        });
    }
    Ok(())
}
