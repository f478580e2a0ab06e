//! One document: read, with the face of its portrait.

use jiff::civil::Date;
use rowcall_document::{Policy, Portrait, VerifiedDocument};
use rowcall_face::{Image, Rect, Worker};
use rowcall_picture::{Limits, Turn};
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::{PortraitFace, Presented};

use crate::{Error, models::Models, page::PageFaces, source::DocumentSource};

/// Where a portrait's face is, in pixels of the picture turned upright.
#[derive(Clone, Copy, Debug)]
pub struct PortraitPlace {
    /// How the portrait is turned to stand upright.
    pub turn: Turn,
    /// The face, brow to chin.
    pub face: Rect,
}

/// Reads a document and its portrait's face.
///
/// # Errors
/// Files that can't be listed, or a fault of the models.
pub fn document(
    source: &dyn DocumentSource,
    policy: &Policy,
    models: &Models,
    trust: &TrustStore,
    at: Date,
    worker: &Worker,
) -> Result<(Presented, Option<PortraitPlace>), Error> {
    let id = source.id();
    // What was opted out isn't opened: nothing of it is read, compared or kept.
    let files = match source.is_opted_out() {
        true => Vec::new(),
        false => source.files()?,
    };
    let faces = PageFaces {
        detector: &models.analyser.detector,
        worker,
    };
    let document = rowcall_document::read_with_faces(files, &faces, trust, policy, at)
        .map_err(|e| Error::from(e).of(&id))?;
    let (portrait, face) =
        portrait(&document, models, worker).map_err(|e| Error::from(e).of(&id))?;
    let presented = Presented {
        id,
        document,
        portrait,
    };
    Ok((presented, face))
}

/// The face of a document's portrait, and where it is.
///
/// # Errors
/// A fault of the models.
pub fn portrait(
    document: &VerifiedDocument,
    models: &Models,
    worker: &Worker,
) -> Result<(PortraitFace, Option<PortraitPlace>), rowcall_face::Error> {
    let file = document.portrait().map_or("", Portrait::file);
    let image = match decode_portrait(document) {
        None => return Ok((PortraitFace::Absent, None)),
        Some(Err(why)) => {
            let why = format!("{file}: {why}");
            return Ok((PortraitFace::Unusable(why), None));
        }
        Some(Ok(image)) => image,
    };
    Ok(match models.analyser.portrait(&image, worker)? {
        Some(portrait) => {
            let (face, view) = (portrait.face, portrait.view);
            let place = PortraitPlace {
                turn: view.turn,
                face: face.face,
            };
            let found = PortraitFace::Found {
                reference: face.template,
                imprint: face.imprint,
                quality: face.quality,
                view,
            };
            (found, Some(place))
        }
        None => {
            let why = format!("{file}: no face was found in it");
            (PortraitFace::Unusable(why), None)
        }
    })
}

/// A document's portrait in pixels; `None` if it has none.
pub fn decode_portrait(document: &VerifiedDocument) -> Option<Result<Image, String>> {
    let image = document.portrait()?.decode(&Limits::PORTRAIT);
    Some(image.map_err(|e| e.to_string()))
}
