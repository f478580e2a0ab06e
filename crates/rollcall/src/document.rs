//! Documents as they were presented, with what their portraits gave.

use rowcall_document::VerifiedDocument;
use rowcall_face::{Imprint, PortraitDefect, PortraitView, Quality, Reference};

use crate::Policy;

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
    Found {
        /// What occupants are compared with, if the portrait passes its own gate.
        reference: Reference,
        /// What a picture of it that is held up to the camera is known by.
        imprint: Imprint,
        /// How good the face is.
        quality: Quality,
        /// What else it shows.
        view: PortraitView,
    },
    /// There is a portrait, but no template could be made of it; why.
    Unusable(String),
    /// There is none.
    Absent,
}

impl Presented {
    /// Whether the policy lets a document of this kind and verdict confirm.
    pub(crate) fn may_confirm(&self, policy: &Policy) -> bool {
        let document = &self.document;
        policy
            .documents
            .confirms(document.kind(), document.verdict())
    }
}

impl PortraitFace {
    /// Why nobody is compared with this portrait though a face was found in it;
    /// empty if somebody is.
    pub(crate) fn defects(&self, policy: &Policy) -> Vec<PortraitDefect> {
        match self {
            Self::Found { quality, view, .. } => policy.portrait.defects(quality, view),
            Self::Unusable(_) | Self::Absent => Vec::new(),
        }
    }

    /// What occupants are compared with; `None` where there is no face, or none
    /// that passes the portrait's gate.
    pub(crate) fn comparable(&self, policy: &Policy) -> Option<&Reference> {
        match self {
            Self::Found { reference, .. } if self.defects(policy).is_empty() => Some(reference),
            _ => None,
        }
    }
}
