//! Finding faces in a picture.

mod tiles;
mod yunet;

use rowcall_infer::{Network, Worker};

use tiles::Tile;

use crate::{DetectorManifest, Error, Image, Landmarks, Rect, Tone};

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face from brow to chin, in pixels of the picture; may reach beyond
    /// its edge.
    pub face: Rect,
    /// The five landmarks, in pixels of the picture.
    pub landmarks: Landmarks,
    /// The detector's confidence, 0..=1.
    pub confidence: f32,
}

/// What a picture shows, which decides the sizes that faces are looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// A camera frame: several faces, each small against the frame.
    Frame,
    /// A portrait or a single photograph: one face that may fill it. It is
    /// looked for at full size and at halves of it, since the detector's
    /// landmarks wander on faces over some 120 pixels.
    Portrait,
    /// A page of a document with a portrait on it. Large pages are looked at
    /// shrunk to 1,280 pixels, and at halves of that.
    Page,
}

/// A face detector: a network and how its output is read.
pub struct Detector {
    network: Network,
    manifest: DetectorManifest,
}

impl Detector {
    /// A detector from its manifest and the file that the manifest names.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Model`] if the file isn't the one named, or isn't a
    /// network of the manifest's kind.
    pub fn load(manifest: DetectorManifest, file: &[u8]) -> Result<Self, Error> {
        let network = Network::load(file, manifest.sha256)?;
        yunet::check_outputs(&network)?;
        Ok(Self { network, manifest })
    }

    /// All faces in `image`, the most confident first. One face is given once,
    /// however many scales or tiles saw it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`], which would be a fault of ours.
    pub fn detect(
        &self,
        image: &Image,
        search: Search,
        worker: &Worker,
    ) -> Result<Vec<Detection>, Error> {
        let tiles = tiles::plan(image.width(), image.height(), search);
        self.detect_in(image, &tiles, worker)
    }

    /// All faces in a frame seen at half its scale, at a quarter of the cost: enough to tell
    /// whether somebody is there, too little for a template. One in twenty faces
    /// of 28 pixels and more isn't seen, and a quarter of smaller ones (tests/looks.rs).
    ///
    /// # Errors
    /// As [`Detector::detect`].
    pub fn glance(&self, image: &Image, worker: &Worker) -> Result<Vec<Detection>, Error> {
        let tile = tiles::halved(image.width(), image.height());
        self.detect_in(image, &[tile], worker)
    }

    /// The faces at full scale near one that was found in an earlier frame of the same
    /// camera: for one that [`Detector::glance`] overlooked, which is small. Near a face of
    /// more than some 180 pixels nobody is looked for.
    ///
    /// # Errors
    /// As [`Detector::detect`].
    pub fn detect_near(
        &self,
        image: &Image,
        face: Rect,
        worker: &Worker,
    ) -> Result<Vec<Detection>, Error> {
        match tiles::around(image.width(), image.height(), face) {
            Some(tile) => self.detect_in(image, &[tile], worker),
            None => Ok(Vec::new()),
        }
    }

    fn detect_in(
        &self,
        image: &Image,
        tiles: &[Tile],
        worker: &Worker,
    ) -> Result<Vec<Detection>, Error> {
        let mut found = Vec::new();
        for tile in tiles {
            let local = self.network.run(
                worker,
                [3, tile.padded.1, tile.padded.0],
                |channel, y, row| tiles::fill(image, tile, channel, y, row),
                |outputs| yunet::decode(outputs, tile.padded, self.manifest.confidence),
            )??;
            found.extend(
                local
                    .into_iter()
                    .map(|d| tile.to_picture(d))
                    .filter(|d| !tile.cuts(d)),
            );
        }
        Ok(one_each(found, self.manifest.overlap))
    }

    /// A second look at the part of a frame inside `region`, where
    /// [`Detector::detect`] found nobody who should be there: the same search
    /// after adaptive equalisation, which brings out what the dark or a veil hid.
    /// Only what the detector is sure of counts, and for less, since equalisation
    /// also makes patterns out of noise (docs/evaluation.md, "A second look").
    ///
    /// # Errors
    /// As [`Detector::detect`].
    pub fn detect_again(
        &self,
        image: &Image,
        region: Rect,
        worker: &Worker,
    ) -> Result<Vec<Detection>, Error> {
        let Some((part, (x, y))) = image.part(region) else {
            return Ok(Vec::new());
        };
        let mut found = self.detect(&Tone::AdaptiveEqualise.apply(&part), Search::Frame, worker)?;
        found.retain(|d| d.confidence >= SURE);
        for detection in &mut found {
            detection.shift(x as f32, y as f32);
            let odds = DISCOUNT * detection.confidence / (1.0 - detection.confidence).max(1e-3);
            detection.confidence = odds / (1.0 + odds);
        }
        Ok(found)
    }
}

/// The least confidence of a second look; and what its odds are multiplied by, so
/// that the unified quality of its faces foretells how many of them match.
const SURE: f32 = 0.75;
const DISCOUNT: f32 = 0.75;

impl Detection {
    fn shift(&mut self, x: f32, y: f32) {
        self.face.x += x;
        self.face.y += y;
        for point in self.landmarks.points_mut() {
            point.x += x;
            point.y += y;
        }
    }
}

/// Keeps the best of every group of detections that overlap by more than
/// `overlap` (greedy non-maximum suppression).
fn one_each(mut found: Vec<Detection>, overlap: f32) -> Vec<Detection> {
    found.sort_by(|a, b| {
        let place = |d: &Detection| (d.face.x, d.face.y);
        // Ties are broken by place, so that the order never depends on tiles.
        b.confidence
            .total_cmp(&a.confidence)
            .then(place(a).0.total_cmp(&place(b).0))
            .then(place(a).1.total_cmp(&place(b).1))
    });
    let mut kept: Vec<Detection> = Vec::new();
    for detection in found {
        if kept
            .iter()
            .all(|k| k.face.overlap(detection.face) <= overlap)
        {
            kept.push(detection);
        }
    }
    kept
}
