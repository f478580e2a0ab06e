//! A document before the faces on its pages are known, and what makes it final.

use std::convert::Infallible;

use crate::document::VerifiedDocument;
use crate::finding::{Finding, verdict_of};
use crate::page::{FaceBox, PagePicture, PageView};
use crate::portrait::PortraitSource;
use crate::sides;
use rowcall_words::document::{Kind, Verdict};
use rowcall_words::finding::code::Code;

/// Finds faces on the pictures of a document's page, which this crate can't.
pub trait FaceFinder {
    /// A fault of the finder's own.
    type Error;

    /// The holder's face on a page: the view in which it stands upright, and where it is
    /// in it. `None` where there is no face.
    ///
    /// # Errors
    /// The finder's own fault: the document isn't read then.
    fn face(&self, page: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Self::Error>;
}

/// Finds no face: a page has no portrait then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoFaces;

impl FaceFinder for NoFaces {
    type Error = Infallible;

    fn face(&self, _: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Infallible> {
        Ok(None)
    }
}

/// All of a document but the portrait on its pages.
pub(crate) struct Draft {
    pub document: VerifiedDocument,
    /// The pictures of the page, or of a card's two sides, the front first.
    pub pages: Vec<PagePicture>,
    /// A trusted seal repeats what is printed on the page.
    pub page_confirmed: bool,
}

impl From<VerifiedDocument> for Draft {
    fn from(document: VerifiedDocument) -> Self {
        Self {
            document,
            pages: Vec::new(),
            page_confirmed: false,
        }
    }
}

impl Draft {
    pub(crate) fn with_pages(self, pages: Vec<PagePicture>) -> Self {
        Self { pages, ..self }
    }

    /// Takes the portrait from the document's own pages, around the face found on each.
    /// Of two, the larger on its picture; where they are about as large, that of the side
    /// on which the document's format has the portrait, with a finding. A portrait that
    /// the document already has stays. Its source is the printed page, or the page that a
    /// trusted seal confirms; a seal with which nothing on the page could be compared says
    /// nothing about a portrait, and the verdict is at best `unsigned`.
    pub(crate) fn finish<F: FaceFinder>(self, finder: &F) -> Result<VerifiedDocument, F::Error> {
        let mut document = self.document;
        if document.portrait.is_some() {
            return Ok(document);
        }
        let faces = self.pages.iter().map(|page| finder.face(page));
        let faces: Vec<_> = faces.collect::<Result<Vec<_>, _>>()?;
        let faces: Vec<(PageView, FaceBox)> = faces.into_iter().flatten().collect();
        let (zone, findings) = (document.mrz.as_deref(), &mut document.findings);
        let Some((view, face)) = sides::with_portrait(&self.pages, zone, &faces, findings) else {
            return Ok(document);
        };
        document.portrait = view.portrait(*face).map(|mut portrait| {
            if self.page_confirmed {
                portrait.source = PortraitSource::SealConfirmedPage;
            }
            portrait
        });
        let sealed = matches!(document.kind, Kind::Vds | Kind::Idb | Kind::VdsNc);
        if sealed && !self.page_confirmed && document.verdict < Verdict::Unsigned {
            document.findings.push(Finding::new(
                Code::SealConfirmsNothing,
                Verdict::Unsigned,
                "no machine readable zone was recognised to compare with the seal, which therefore says nothing about the portrait; give it as mrz.txt",
            ));
        }
        document.verdict = verdict_of(document.verdict, &document.findings);
        Ok(document)
    }
}
