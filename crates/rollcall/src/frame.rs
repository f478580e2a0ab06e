//! What goes in: frames with their faces, and documents with their portraits.

use rowcall_document::VerifiedDocument;
use rowcall_face::{FaceObservation, Imprint, Reference};

/// What one camera saw at one moment.
#[derive(Debug)]
pub struct Frame {
    /// The camera, by its name in the lane.
    pub camera: String,
    /// What the frame is called in results.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The faces in it.
    pub faces: Vec<FaceObservation>,
}

/// A document as it was presented, with what its portrait gave.
#[derive(Debug)]
pub struct Presented {
    /// What it is called in results.
    pub id: String,
    /// The document, read and judged.
    pub document: VerifiedDocument,
    /// Its portrait's template.
    pub portrait: PortraitFace,
}

/// What became of a document's portrait.
#[derive(Debug)]
pub enum PortraitFace {
    /// It has a face.
    Usable {
        /// What occupants are compared with.
        reference: Reference,
        /// What a picture of it that is held up to the camera is known by.
        imprint: Imprint,
    },
    /// There is a portrait, but no template could be made of it; why.
    Unusable(String),
    /// There is none.
    Absent,
}
