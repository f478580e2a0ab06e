//! Made-up people.

use rowcall_face::{PortraitView, Quality, Reference, Template};
use rowcall_rollcall::PortraitFace;
use rowcall_template::danger::{Role as _, Unguarded as _};

use crate::seen::{good, photograph};

const DIMENSION: usize = 16;

/// Somebody: a direction of their own, or one partly another's.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) number: usize,
    embedding: Vec<f32>,
    pub(crate) born: &'static str,
}

impl Person {
    /// A person unlike every other.
    pub(crate) fn new(number: usize) -> Self {
        let mut embedding = vec![0.0; DIMENSION];
        embedding[number] = 1.0;
        Self {
            number,
            embedding,
            born: "850203",
        }
    }

    /// The same person, with this cosine to person `other`.
    pub(crate) fn like(mut self, other: usize, cosine: f32) -> Self {
        self.embedding[self.number] = (1.0 - cosine * cosine).sqrt();
        self.embedding[other] = cosine;
        self
    }

    /// The same person, born on that day (`YYMMDD`).
    pub(crate) fn born(mut self, day: &'static str) -> Self {
        self.born = day;
        self
    }

    pub(crate) fn template(&self) -> Template {
        Template::from_embedding(self.embedding.clone()).expect("a direction")
    }

    pub(crate) fn portrait(&self) -> PortraitFace {
        self.portrait_like(good(), PortraitView::default())
    }

    pub(crate) fn portrait_like(&self, quality: Quality, view: PortraitView) -> PortraitFace {
        PortraitFace::Found {
            reference: Reference::of(self.template()),
            imprint: photograph(self.number as u64),
            quality,
            view,
        }
    }
}
