//! What the records of a face have in common, whichever standard they follow.

use crate::portrait::PortraitEncoding;

/// One encoded image in a biometric data block.
pub(super) struct FaceImage<'a> {
    pub bytes: &'a [u8],
    pub offset: usize,
    pub encoding: PortraitEncoding,
}
