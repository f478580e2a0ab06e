//! The face of a portrait, and what speaks against comparing with it.

use rowcall_infer::Worker;
use rowcall_picture::Turn;
use rowcall_template::danger::Role as _;
use serde::{Deserialize, Serialize};

use crate::{
    Analyser, Component, Detection, Error, FaceObservation, Gate, Image, Point, Quality, Rect,
    Reference, Search, Tone, border_around,
};

/// What a portrait shows. The face's template is the mean of several views
/// ([`crate::Embedder::embed_views`]); its places are in pixels of the picture
/// turned by `turn`.
#[derive(Debug)]
pub struct PortraitObservation {
    /// The face: of several, the largest near the centre.
    pub face: FaceObservation<Reference>,
    /// What else there is to know before anybody is compared with it.
    pub view: PortraitView,
}

/// What a portrait shows beside a face's own quality.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PortraitView {
    /// How the picture had to be turned for the face to be upright.
    pub turn: Turn,
    /// The size of the next face over that of the portrait's, by length; 0 where
    /// there is only one.
    pub second_face: f32,
    /// How nearly straight edges around the face close to the border of a sheet;
    /// see [`border_around`]. It fails no portrait, since one that was scanned has
    /// a border too; it is told.
    pub border: f32,
}

/// The least that a portrait must be to be compared with; what falls short counts
/// neither for anybody nor against. Its own limits, since a portrait stands for a
/// person in each of its comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortraitGate {
    /// Least inter-eye distance, in pixels.
    pub inter_eye_distance: f32,
    /// Greatest yaw to either side, in degrees.
    pub yaw: f32,
    /// Greatest pitch up or down, in degrees.
    pub pitch: f32,
    /// Least unified quality, 0..=1.
    pub unified: f32,
    /// Another face from this size on, over that of the portrait's by length, and
    /// nobody can say whose portrait it is.
    pub second_face: f32,
}

impl Default for PortraitGate {
    fn default() -> Self {
        Self {
            inter_eye_distance: 20.0,
            yaw: 40.0,
            pitch: 35.0,
            unified: 0.7,
            second_face: 0.5,
        }
    }
}

/// Why a portrait isn't compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortraitDefect {
    /// A component of its quality falls short.
    Quality(Component),
    /// It shows more than one face.
    SeveralFaces,
}

/// A portrait is turned for a face of which the detector is surer than of the upright
/// one by this: it takes some faces that stand on their heads for others that don't.
const SURER: f32 = 0.02;

impl PortraitGate {
    /// Why the portrait isn't compared with, in a fixed order; empty if it is.
    pub fn defects(&self, face: &Quality, view: &PortraitView) -> Vec<PortraitDefect> {
        let gate = Gate {
            inter_eye_distance: self.inter_eye_distance,
            yaw: self.yaw,
            pitch: self.pitch,
            unified: self.unified,
            ..Gate::default()
        };
        let quality = face.failures(&gate).into_iter();
        let mut defects: Vec<PortraitDefect> = quality.map(PortraitDefect::Quality).collect();
        // On one side it makes nobody alike, on both it does: a person in a lane may
        // wear a cap, a portrait may not (Doc 9303-3, 3.9).
        let hidden = PortraitDefect::Quality(Component::FaceOcclusionPrevention);
        if face.hides_forehead() && !defects.contains(&hidden) {
            defects.push(hidden);
        }
        if view.second_face >= self.second_face {
            defects.push(PortraitDefect::SeveralFaces);
        }
        defects
    }
}

impl Analyser {
    /// The face of a portrait: of several, the largest near the centre. A picture
    /// that is stored on its side or upside down is turned. `None` if there is no
    /// face.
    ///
    /// # Errors
    /// As [`Analyser::observe`].
    pub fn portrait(
        &self,
        image: &Image,
        worker: &Worker,
    ) -> Result<Option<PortraitObservation>, Error> {
        let sureness = |found: &[Detection]| found.first().map_or(0.0, |d| d.confidence);
        let mut turn = Turn::None;
        let mut found = self.prominent(image, worker)?;
        let mut least = sureness(&found) + SURER;
        let mut shown = None;
        for other in Turn::ALL.into_iter().skip(1) {
            let turned = image.copied().turned(other);
            let seen = self.prominent(&turned, worker)?;
            if sureness(&seen) > least {
                least = sureness(&seen);
                (turn, found, shown) = (other, seen, Some(turned));
            }
        }
        let portrait = self.look_at_portrait(shown.as_ref().unwrap_or(image), &found, worker)?;
        Ok(portrait.map(|mut portrait| {
            portrait.view.turn = turn;
            portrait
        }))
    }

    /// The faces of a portrait, the largest near the centre first.
    fn prominent(&self, image: &Image, worker: &Worker) -> Result<Vec<Detection>, Error> {
        let centre = Point::new(image.width() as f32 / 2.0, image.height() as f32 / 2.0);
        let reach = image.width().max(image.height()) as f32;
        // Size counts by length, and a face at the edge counts half of one in
        // the middle.
        let prominence =
            |face: Rect| face.area().sqrt() * (1.0 - face.centre().distance(centre) / reach);
        let mut found = self.detector.detect(image, Search::Portrait, worker)?;
        found.sort_by(|a, b| prominence(b.face).total_cmp(&prominence(a.face)));
        Ok(found)
    }

    fn look_at_portrait(
        &self,
        image: &Image,
        found: &[Detection],
        worker: &Worker,
    ) -> Result<Option<PortraitObservation>, Error> {
        let Some(own) = found.first().copied() else {
            return Ok(None);
        };
        let others = found[1..].iter().map(|d| d.face.area().sqrt());
        let second_face = others.fold(0.0, f32::max) / own.face.area().sqrt().max(1.0);
        let observed = self.look_at(image, vec![own], Search::Portrait, Tone::in_force, worker)?;
        let Some(face) = observed.into_iter().next() else {
            return Ok(None);
        };
        let tone = Tone::in_force(face.quality.luminance);
        let views = self
            .embedder
            .embed_views(image, &face.landmarks, tone, worker)?;
        let face = FaceObservation {
            template: views.unwrap_or_else(|| Reference::of(face.template)),
            face: face.face,
            landmarks: face.landmarks,
            quality: face.quality,
            imprint: face.imprint,
            border: face.border,
        };
        let border = border_around(image, face.face, &face.landmarks);
        Ok(Some(PortraitObservation {
            face,
            view: PortraitView {
                turn: Turn::None,
                second_face,
                border,
            },
        }))
    }
}
