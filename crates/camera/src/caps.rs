//! What foreign bytes may cost. A camera is a machine of the lane, yet whoever
//! reaches its network speaks in its place.

use std::time::Duration;

/// Bytes of one coded picture, or of all that is coded at one time.
pub const MAX_FRAME_BYTES: usize = 16 << 20;
/// Pixels of a coded video: those of H.264's level 5.1 (ITU-T H.264, table A-1).
/// A JPEG's pixels are limited by [`rowcall_picture::Limits::FRAME`].
pub const MAX_VIDEO_PIXELS: u64 = 36_864 * 256;
/// Bytes of an answer's status line and header fields.
pub const MAX_HEAD_BYTES: usize = 16 << 10;
/// Header fields of an answer.
pub const MAX_HEAD_FIELDS: usize = 64;
/// Bytes of the header fields of one part of a multipart body.
pub const MAX_PART_HEAD_BYTES: usize = 4 << 10;
/// Bytes of a delimiter: twice what RFC 2046, 5.1.1 allows, and its dashes.
pub const MAX_BOUNDARY_BYTES: usize = 142;
/// Bytes of a parameter set.
pub const MAX_PARAMETER_SET_BYTES: usize = 1 << 10;
/// Picture parameter sets that a stream may define (ITU-T H.264, 7.4.2.2).
pub const MAX_PICTURE_PARAMETER_SETS: u32 = 256;
/// Reference pictures that a stream may ask for (ITU-T H.264, A.3.1).
pub const MAX_REFERENCE_PICTURES: u32 = 16;
/// Files in a folder that is played.
pub const MAX_FILES: usize = 20_000;
/// What a lane gives a camera to answer, and to send one frame whole, if its
/// configuration doesn't say.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Captures that are kept for one reader.
pub const MAX_KEPT: usize = 32;
