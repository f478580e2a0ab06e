//! Occupants: what all cameras together saw on each seat.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_face::{Calibration, Component, FaceObservation, Gate, Probe, Rect, Template};

use crate::{
    Frame, Lane, Seat,
    track::{self, Sighting, Track},
};

/// Two tracks of one seat that are less alike than this share of strangers are
/// two people.
const STRANGER_SHARE: f64 = 0.01;

/// Someone on a seat.
#[derive(Debug)]
pub(crate) struct Occupant<'a> {
    pub(crate) seat: Seat,
    /// The fused template, or why there is none that may be compared.
    pub(crate) probe: Result<Probe, Unfit>,
    /// Everything that was seen of them, best first.
    pub(crate) shots: Vec<Shot>,
    /// What the probe is fused of.
    pub(crate) fit: Vec<&'a FaceObservation>,
}

/// Why an occupant isn't compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Unfit {
    /// No shot is good enough; what fails in the best one.
    Poor(Vec<Component>),
    /// More than one face belongs to the seat.
    Crowded,
}

/// A face in a frame, by reference: no pixels, no template.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// Which of the frames given to the roll call.
    pub frame: usize,
    /// The face, in pixels of that frame.
    pub face: Rect,
    /// Its unified quality, 0..=1.
    pub quality: f32,
    /// Stops by which its exposure should be raised (above 0) or lowered.
    pub exposure_advice: f32,
}

/// All occupants in the order of their seats, and all sightings of faces that
/// are on no seat.
pub(crate) fn gather<'a>(
    lane: &Lane,
    frames: &'a [Frame],
    gate: &Gate,
    calibration: &Calibration,
) -> (Vec<Occupant<'a>>, Vec<Shot>) {
    let mut seats: BTreeMap<Seat, Vec<Track<'a>>> = BTreeMap::new();
    let mut bystanders = Vec::new();
    for camera in &lane.cameras {
        let own: Vec<(usize, &Frame)> = frames
            .iter()
            .enumerate()
            .filter(|(_, f)| f.camera == camera.name)
            .collect();
        for track in track::follow(camera, &own) {
            match track.seat {
                Some(seat) => seats.entry(seat).or_default().push(track),
                None => bystanders.push(track.sightings),
            }
        }
    }
    let occupants = seats
        .into_iter()
        .map(|(seat, tracks)| merge(seat, &tracks, gate, calibration))
        .collect();
    // One shot a track: the best stands for it.
    let best = |sightings: Vec<Sighting<'_>>| {
        sightings
            .iter()
            .map(shot)
            .max_by(|a, b| a.quality.total_cmp(&b.quality))
    };
    (occupants, bystanders.into_iter().filter_map(best).collect())
}

fn merge<'a>(
    seat: Seat,
    tracks: &[Track<'a>],
    gate: &Gate,
    calibration: &Calibration,
) -> Occupant<'a> {
    let all = || tracks.iter().flat_map(|t| &t.sightings);
    let mut shots: Vec<Shot> = all().map(shot).collect();
    shots.sort_by(|a, b| b.quality.total_cmp(&a.quality).then(a.frame.cmp(&b.frame)));
    let fit: Vec<&FaceObservation> = all()
        .map(|s| s.face)
        .filter(|f| f.quality.failures(gate).is_empty())
        .collect();
    let probe = if is_crowded(tracks, gate, calibration) {
        Err(Unfit::Crowded)
    } else {
        let fused = Template::fuse(fit.iter().map(|f| (&f.template, f.quality.weight())));
        fused.map(Probe::from).ok_or_else(|| {
            let best = all().max_by(|a, b| {
                a.face
                    .quality
                    .unified()
                    .total_cmp(&b.face.quality.unified())
            });
            Unfit::Poor(
                best.map(|s| s.face.quality.failures(gate))
                    .unwrap_or_default(),
            )
        })
    };
    Occupant {
        seat,
        probe,
        shots,
        fit,
    }
}

/// Whether the tracks of a seat can't all be one person: two of them in one
/// frame, or two that look like strangers to each other. What doesn't pass the
/// gate is no evidence of a second person.
fn is_crowded(tracks: &[Track<'_>], gate: &Gate, calibration: &Calibration) -> bool {
    let fit: Vec<(BTreeSet<usize>, Template)> = tracks
        .iter()
        .filter_map(|track| {
            let good = || {
                track
                    .sightings
                    .iter()
                    .filter(|s| s.face.quality.failures(gate).is_empty())
            };
            let template =
                Template::fuse(good().map(|s| (&s.face.template, s.face.quality.weight())))?;
            Some((good().map(|s| s.frame).collect(), template))
        })
        .collect();
    let least = calibration.threshold(STRANGER_SHARE).score;
    fit.iter().enumerate().any(|(i, (frames, template))| {
        fit[..i].iter().any(|(other_frames, other)| {
            !frames.is_disjoint(other_frames)
                || template.compare(other).is_none_or(|score| score < least)
        })
    })
}

fn shot(sighting: &Sighting<'_>) -> Shot {
    Shot {
        frame: sighting.frame,
        face: sighting.face.face,
        quality: sighting.face.quality.unified(),
        exposure_advice: sighting.face.quality.exposure_advice(),
    }
}
