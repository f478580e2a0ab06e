//! The portrait on a picture of a page: `document` knows the page, `face`
//! finds faces, and here the two meet.

use rowcall_document::{PagePicture, PageView, VerifiedDocument};
use rowcall_face::{Detection, Detector, Error, Search, Worker};

/// Cuts the portrait out of a document's page, or of a card's sides, if it has
/// any and no portrait yet. The largest face on a page is the holder's: others
/// are repetitions of it in a background or a watermark.
///
/// # Errors
/// As [`Detector::detect`].
pub fn add_portrait(
    document: &mut VerifiedDocument,
    detector: &Detector,
    worker: &Worker,
) -> Result<(), Error> {
    if document.portrait().is_some() {
        return Ok(());
    }
    let mut faces = Vec::new();
    for page in document.pages() {
        let found = largest_face(page, detector, worker)?;
        faces.extend(found.map(|(view, Detection { face, .. })| {
            (view, (face.x, face.y, face.width, face.height))
        }));
    }
    document.cut_portrait(&faces);
    Ok(())
}

/// The largest face on a page, the way up in which it is one.
fn largest_face(
    page: &PagePicture,
    detector: &Detector,
    worker: &Worker,
) -> Result<Option<(PageView, Detection)>, Error> {
    let mut best: Option<(PageView, Detection)> = None;
    for view in page.views() {
        let faces = detector.detect(view.raster(), Search::Page, worker)?;
        let largest = faces
            .into_iter()
            .filter(|face| face.confidence >= SURE)
            .max_by(|a, b| a.face.area().total_cmp(&b.face.area()));
        // Of several ways up, the one in which a face is a face most.
        if let Some(face) = largest
            && best
                .as_ref()
                .is_none_or(|(_, b)| face.confidence > b.confidence)
        {
            best = Some((view, face));
        }
    }
    Ok(best)
}

/// The names of the pictures of a document's page.
pub fn names(document: &VerifiedDocument) -> String {
    let names: Vec<&str> = document.pages().iter().map(PagePicture::file).collect();
    names.join(" and ")
}

/// Below this confidence a pattern on a page is no face.
const SURE: f32 = 0.6;
