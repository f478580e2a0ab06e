//! The portrait on a picture of a page: `document` knows the page, `face`
//! finds faces, and here the two meet.

use rowcall_document::{PageView, VerifiedDocument};
use rowcall_face::{Detection, Detector, Error, Image, Search, Worker};

/// Cuts the portrait out of a document's page, if it has a page and no
/// portrait yet. The largest face is the holder's: others are repetitions of it
/// in a background or a watermark.
///
/// # Errors
/// As [`Detector::detect`].
pub(crate) fn add_portrait(
    document: &mut VerifiedDocument,
    detector: &Detector,
    worker: &Worker,
) -> Result<(), Error> {
    if document.portrait().is_some() {
        return Ok(());
    }
    let Some(page) = document.page() else {
        return Ok(());
    };
    let mut best: Option<(PageView, Detection)> = None;
    for view in page.views() {
        let raster = view.raster();
        let Some(image) = Image::from_rgb(raster.width, raster.height, raster.rgb.to_vec()) else {
            continue;
        };
        let faces = detector.detect(&image, Search::Page, worker)?;
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
    if let Some((view, Detection { face, .. })) = best {
        document.cut_portrait(&view, (face.x, face.y, face.width, face.height));
    }
    Ok(())
}

/// Below this confidence a pattern on a page is no face.
const SURE: f32 = 0.6;
