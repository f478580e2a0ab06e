//! Occupants: what all cameras together saw on each seat.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_face::{Calibration, Component, FaceObservation, Gate, Probe};
use rowcall_template::comparison;

use crate::{
    Frame, Lane, Shot,
    bystander::{self, Bystander},
    one_person::OnePerson,
    track::{self, Track, are_two_at_once},
};
use rowcall_words::seat::Seat;

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

/// All occupants in the order of their seats, and all faces that are on no seat.
/// What was seen where somebody opted out is nobody's business.
pub(crate) fn gather<'a>(
    lane: &Lane,
    frames: &'a [Frame],
    opted_out: &BTreeSet<Seat>,
    gate: &Gate,
    calibration: &Calibration,
) -> (Vec<Occupant<'a>>, Vec<Bystander>) {
    let mut seats: BTreeMap<Seat, Vec<Track<'a>>> = BTreeMap::new();
    let mut strays = Vec::new();
    for camera in &lane.cameras {
        let own: Vec<(usize, &Frame)> = frames
            .iter()
            .enumerate()
            .filter(|(_, f)| f.camera == camera.name)
            .collect();
        for track in track::follow(camera, &own) {
            match track.seat {
                Some(seat) if opted_out.contains(&seat) => {}
                Some(seat) => seats.entry(seat).or_default().push(track),
                None => strays.push((camera, track)),
            }
        }
    }
    let one_person = OnePerson { gate, calibration };
    let bystanders = strays
        .iter()
        .filter_map(|(camera, track)| {
            bystander::place(camera, frames, track, &seats, opted_out, &one_person)
        })
        .collect();
    let occupants = seats
        .into_iter()
        .map(|(seat, tracks)| merge(seat, &tracks, &one_person))
        .collect();
    (occupants, bystanders)
}

fn merge<'a>(seat: Seat, tracks: &[Track<'a>], one_person: &OnePerson<'_>) -> Occupant<'a> {
    let gate = one_person.gate;
    let all = || tracks.iter().flat_map(|t| &t.sightings);
    let mut shots: Vec<Shot> = all().map(Shot::of).collect();
    shots.sort_by(|a, b| b.quality.total_cmp(&a.quality).then(a.frame.cmp(&b.frame)));
    let fit: Vec<&FaceObservation> = all()
        .map(|s| s.face)
        .filter(|f| gate.passes(&f.quality))
        .collect();
    // Whoever was seen counts, behind dark glasses too.
    let telling = gate.but_for_covers();
    let seen: Vec<&FaceObservation> = match fit.is_empty() {
        true => Vec::new(),
        false => all()
            .map(|s| s.face)
            .filter(|f| telling.passes(&f.quality))
            .collect(),
    };
    let weighed = || gate.weigh(fit.iter().map(|f| (&f.template, &f.quality)));
    let probe = match doubt(tracks, &seen, one_person) {
        Some(unfit) => Err(unfit),
        None => comparison::probe_of(weighed()).ok_or_else(|| {
            let best = best(all().map(|s| s.face));
            Unfit::Poor(best.map(|f| f.quality.failures(gate)).unwrap_or_default())
        }),
    };
    Occupant {
        seat,
        probe,
        shots,
        fit,
        border: all().filter_map(|s| s.face.border).max_by(f32::total_cmp),
    }
}

/// Why what was seen on a seat may not all be one person: two faces in one frame,
/// however poor (whoever was seen counts), or faces fit to be compared, but for what
/// covers them, that part in two people. Where everything of one part falls short, that
/// is the likelier reason, and named instead.
fn doubt(
    tracks: &[Track<'_>],
    seen: &[&FaceObservation],
    one_person: &OnePerson<'_>,
) -> Option<Unfit> {
    let mut pairs = tracks
        .iter()
        .enumerate()
        .flat_map(|(i, one)| tracks[..i].iter().map(move |other| (one, other)));
    if pairs.any(|(one, other)| are_two_at_once(one, other)) {
        return Some(Unfit::Crowded);
    }
    let parting = one_person.parting(seen)?;
    let shortcomings = |is_apart: bool| -> Vec<Vec<Component>> {
        let part = (0..seen.len()).filter(|i| parting.apart.contains(i) == is_apart);
        let short = |i: usize| {
            let quality = &seen[i].quality;
            let failures = quality.failures(one_person.gate);
            match failures.is_empty() {
                true => quality.shortcomings(),
                false => failures,
            }
        };
        part.map(short).collect()
    };
    let is_poor = |part: &Vec<Vec<Component>>| part.iter().all(|s| !s.is_empty());
    let poor = [true, false].map(shortcomings).into_iter().find(is_poor);
    Some(poor.map_or(Unfit::Crowded, |part| Unfit::Poor(unique(part.concat()))))
}

fn best<'a>(faces: impl Iterator<Item = &'a FaceObservation>) -> Option<&'a FaceObservation> {
    faces.max_by(|a, b| a.quality.weight().total_cmp(&b.quality.weight()))
}

/// Each component once, in the order in which they come.
fn unique(components: Vec<Component>) -> Vec<Component> {
    let mut seen = BTreeSet::new();
    components.into_iter().filter(|c| seen.insert(*c)).collect()
}
