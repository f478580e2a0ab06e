//! The portrait on a picture of a page: `document` knows the page, `face`
//! finds faces, and here the two meet.

use rowcall_document::{FaceBox, FaceFinder, PagePicture, PageView};
use rowcall_face::{Detection, Detector, Error, Search, Worker};

/// Below this confidence a pattern on a page is no face.
const SURE: f32 = 0.6;

/// Looks for faces on pages with a detector. The largest face on a page is the holder's:
/// others are repetitions of it in a background or a watermark.
#[derive(Clone, Copy)]
pub struct PageFaces<'a> {
    /// Finds faces.
    pub detector: &'a Detector,
    /// Where it works.
    pub worker: &'a Worker,
}

impl FaceFinder for PageFaces<'_> {
    type Error = Error;

    fn face(&self, page: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Error> {
        let mut best: Option<(PageView, Detection)> = None;
        for view in page.views() {
            let faces = self
                .detector
                .detect(view.raster(), Search::Page, self.worker)?;
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
        Ok(best.map(|(view, Detection { face, .. })| {
            (view, (face.x, face.y, face.width, face.height))
        }))
    }
}
