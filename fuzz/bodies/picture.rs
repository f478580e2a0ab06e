//! A picture of any format, as it is and at the smallest size.

use rowcall_picture::{ErrorKind, Image, Limits, Luma, check_whole};

/// Decoded under the limits of a frame and under far smaller ones. What isn't whole
/// is never decoded, and what is decoded is within its limits.
pub(crate) fn picture(bytes: &[u8]) {
    let whole = check_whole(bytes, &Limits::FRAME);
    let small = Limits {
        max_declared: 40_000_000,
        max_pixels: 10_000,
        max_memory: 2_000_000,
        ..Limits::FRAME
    };
    let decoded = Image::decode(bytes, &small);
    if let Ok(image) = &decoded {
        assert!(image.width() * image.height() <= 10_000, "{image:?}");
    }
    if let Err(error) = whole
        && error.kind() == ErrorKind::Damaged
    {
        assert!(decoded.is_err(), "decoded, though {error}");
    }
    let grey = Luma::decode(bytes, &small);
    if let (Ok(grey), Ok(image)) = (&grey, &decoded) {
        // Grey takes less memory, and may be larger for it.
        assert!(grey.width >= image.width(), "{grey:?} {image:?}");
    }
}
