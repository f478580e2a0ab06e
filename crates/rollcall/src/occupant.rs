//! Occupants: what all cameras together saw on each seat.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_face::{Calibration, Component, FaceObservation, Gate, Probe, Rect, Template};

use crate::{
    Frame, Lane, Seat, presentation,
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
    /// The few of these, from each camera, that show the face from the most
    /// different sides.
    pub(crate) views: Vec<&'a FaceObservation>,
    /// How nearly a border around their face closes, at most, in any frame: a sheet
    /// shows its edges also where the face on it is too poor to be compared.
    pub(crate) border: Option<f32>,
}

impl Occupant<'_> {
    /// What falls short in the best of the faces that the probe is fused of.
    pub(crate) fn shortcomings(&self) -> Vec<Component> {
        best(self.fit.iter().copied())
            .map(|f| f.quality.shortcomings())
            .unwrap_or_default()
    }
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
        .filter(|f| gate.passes(&f.quality))
        .collect();
    let fused = || gate.fuse(all().map(|s| (&s.face.template, &s.face.quality)));
    let probe = match doubt(tracks, gate, calibration) {
        Some(unfit) => Err(unfit),
        None => fused().map(Probe::from).ok_or_else(|| {
            let best = best(all().map(|s| s.face));
            Unfit::Poor(best.map(|f| f.quality.failures(gate)).unwrap_or_default())
        }),
    };
    let of_track = |track: &Track<'a>| {
        let own = track.sightings.iter().map(|s| s.face);
        let own: Vec<&FaceObservation> = own.filter(|f| gate.passes(&f.quality)).collect();
        presentation::views(&own)
    };
    Occupant {
        seat,
        probe,
        shots,
        fit,
        views: tracks.iter().flat_map(of_track).collect(),
        border: all().filter_map(|s| s.face.border).max_by(f32::total_cmp),
    }
}

/// Why the tracks of a seat may not all be one person: two of them in one frame,
/// or two that look like strangers to each other. Where one of those two falls
/// short, that is the likelier reason, and named instead. What doesn't pass the
/// gate is no evidence of a second person.
fn doubt(tracks: &[Track<'_>], gate: &Gate, calibration: &Calibration) -> Option<Unfit> {
    let fit: Vec<Fit<'_>> = tracks.iter().filter_map(|t| Fit::of(t, gate)).collect();
    let least = calibration.threshold(STRANGER_SHARE).score;
    let mut unlike = None;
    for (i, one) in fit.iter().enumerate() {
        for other in &fit[..i] {
            if !one.frames.is_disjoint(&other.frames) {
                return Some(Unfit::Crowded);
            }
            if one
                .template
                .compare(&other.template)
                .is_none_or(|score| score < least)
            {
                let shortcomings = one.shortcomings().into_iter().chain(other.shortcomings());
                let shortcomings: Vec<Component> = shortcomings.collect();
                if shortcomings.is_empty() {
                    return Some(Unfit::Crowded);
                }
                unlike = Some(Unfit::Poor(unique(shortcomings)));
            }
        }
    }
    unlike
}

/// What of a track passes the gate.
struct Fit<'a> {
    frames: BTreeSet<usize>,
    best: &'a FaceObservation,
    template: Template,
}

impl<'a> Fit<'a> {
    fn of(track: &Track<'a>, gate: &Gate) -> Option<Self> {
        let good = || {
            track
                .sightings
                .iter()
                .filter(|s| gate.passes(&s.face.quality))
        };
        Some(Self {
            frames: good().map(|s| s.frame).collect(),
            best: best(good().map(|s| s.face))?,
            template: gate.fuse(good().map(|s| (&s.face.template, &s.face.quality)))?,
        })
    }

    fn shortcomings(&self) -> Vec<Component> {
        self.best.quality.shortcomings()
    }
}

fn best<'a>(faces: impl Iterator<Item = &'a FaceObservation>) -> Option<&'a FaceObservation> {
    faces.max_by(|a, b| a.quality.weight().total_cmp(&b.quality.weight()))
}

/// Each component once, in the order in which they come.
fn unique(components: Vec<Component>) -> Vec<Component> {
    let mut seen = BTreeSet::new();
    components.into_iter().filter(|c| seen.insert(*c)).collect()
}

fn shot(sighting: &Sighting<'_>) -> Shot {
    Shot {
        frame: sighting.frame,
        face: sighting.face.face,
        quality: sighting.face.quality.unified(),
        exposure_advice: sighting.face.quality.exposure_advice(),
    }
}
