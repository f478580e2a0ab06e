//! Presentation attacks: pictures held up instead of heads, and what became of
//! them (ISO/IEC 30107-3).

mod compose;

use std::collections::BTreeMap;

use rowcall_rollcall::{Ambiguity, ReferralReason, Seat, SeatOutcome, SeatResult};
use serde::Serialize;

pub use self::compose::{Instrument, Photo, Target, hold_up, luminance};
use crate::Proportion;

/// What a presentation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Response {
    /// No face was seen on the seat.
    NotSeen,
    /// Referred for another reason than a suspected picture.
    Referred,
    /// It would have been confirmed, but for the suspicion of a picture.
    Suspected,
    /// Confirmed.
    Confirmed,
}

impl Response {
    /// What became of a seat.
    pub fn of(seat: Option<&SeatResult>) -> Self {
        match seat.map(|s| (&s.outcome, s.shots.is_empty())) {
            None | Some((_, true)) => Self::NotSeen,
            Some((SeatOutcome::Confirmed, _)) => Self::Confirmed,
            Some((
                SeatOutcome::Refer(ReferralReason::Ambiguous(Ambiguity::PictureSuspected)),
                _,
            )) => Self::Suspected,
            Some((SeatOutcome::Refer(_), _)) => Self::Referred,
        }
    }
}

/// One presentation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Presentation {
    /// The vehicle.
    pub vehicle: String,
    /// The seat.
    pub seat: Seat,
    /// What was held up; none for an occupant as they are.
    pub instrument: Option<Instrument>,
    /// Nobody sits there.
    pub empty_seat: bool,
    /// What became of it.
    pub response: Response,
    /// The greatest agreement of fine structure with the document's portrait
    /// that a face on the seat reached; none if none was seen.
    pub agreement: Option<f32>,
}

/// Presentations, measured. Rates as in ISO/IEC 30107-3, fractions with n and
/// 95 % interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PresentationReport {
    /// Occupants as they are, by the same frames.
    pub bona_fide: BonaFide,
    /// Each instrument, over occupied and over empty seats.
    pub attacks: Vec<Species>,
    /// Every presentation.
    pub presentations: Vec<Presentation>,
    /// The agreement from which a picture is suspected.
    pub threshold: f32,
    /// What random placement started from.
    pub seed: u64,
    /// From start to end.
    pub seconds: f64,
}

/// Occupants as they are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BonaFide {
    /// Of those who would be confirmed: suspected to be a picture.
    pub bpcer: Proportion,
    /// Of all occupants: confirmed.
    pub confirmed: Proportion,
}

/// An instrument over one kind of seat.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Species {
    /// What is held up.
    pub instrument: Instrument,
    /// Over an empty seat, or else before somebody.
    pub empty_seat: bool,
    /// Attack presentation non-response rate: no face was seen.
    pub apnrr: Proportion,
    /// Of all: would have been confirmed without the check.
    pub confirmed_unchecked: Proportion,
    /// Of these: not suspected.
    pub apcer: Proportion,
    /// Impostor attack presentation accept rate: of all, confirmed all the same.
    pub iapar: Proportion,
}

impl PresentationReport {
    /// Puts presentations together. `seconds` is left 0 for the caller's clock.
    pub fn new(presentations: Vec<Presentation>, seed: u64) -> Self {
        let mut species: BTreeMap<(Instrument, bool), Vec<Response>> = BTreeMap::new();
        let mut live = Vec::new();
        for p in &presentations {
            match p.instrument {
                Some(i) => species
                    .entry((i, p.empty_seat))
                    .or_default()
                    .push(p.response),
                None => live.push(p.response),
            }
        }
        let attacks = species.into_iter();
        Self {
            bona_fide: BonaFide {
                bpcer: share(&live, would_confirm, |r| r == Response::Suspected),
                confirmed: share(&live, |_| true, |r| r == Response::Confirmed),
            },
            attacks: attacks
                .map(|((instrument, empty_seat), all)| Species {
                    instrument,
                    empty_seat,
                    apnrr: share(&all, |_| true, |r| r == Response::NotSeen),
                    confirmed_unchecked: share(&all, |_| true, would_confirm),
                    apcer: share(&all, would_confirm, |r| r == Response::Confirmed),
                    iapar: share(&all, |_| true, |r| r == Response::Confirmed),
                })
                .collect(),
            presentations,
            threshold: rowcall_rollcall::SAME_PICTURE,
            seed,
            seconds: 0.0,
        }
    }
}

fn would_confirm(response: Response) -> bool {
    matches!(response, Response::Suspected | Response::Confirmed)
}

fn share(all: &[Response], of: fn(Response) -> bool, is: fn(Response) -> bool) -> Proportion {
    let n = all.iter().filter(|r| of(**r));
    let k = n.clone().filter(|r| is(**r)).count();
    Proportion::of(k as u64, n.count() as u64)
}

#[cfg(test)]
mod tests {
    use super::{Instrument, Presentation, PresentationReport, Response};

    #[test]
    fn rates_are_those_of_the_standard() {
        let presentation = |instrument, response| Presentation {
            vehicle: "v".into(),
            seat: "1-left".parse().expect("a seat"),
            instrument,
            empty_seat: false,
            response,
            agreement: None,
        };
        let all = [
            (None, Response::Confirmed),
            (None, Response::Suspected),
            (None, Response::Referred),
            (Some(Instrument::Print), Response::NotSeen),
            (Some(Instrument::Print), Response::Referred),
            (Some(Instrument::Print), Response::Suspected),
            (Some(Instrument::Print), Response::Confirmed),
            (Some(Instrument::Phone), Response::Suspected),
        ];
        let report = PresentationReport::new(
            all.into_iter().map(|(i, r)| presentation(i, r)).collect(),
            1,
        );
        let counts = |p: crate::Proportion| (p.k, p.n);
        assert_eq!(counts(report.bona_fide.bpcer), (1, 2));
        assert_eq!(counts(report.bona_fide.confirmed), (1, 3));
        let print = &report.attacks[0];
        assert_eq!(counts(print.apnrr), (1, 4));
        assert_eq!(counts(print.confirmed_unchecked), (2, 4));
        assert_eq!(counts(print.apcer), (1, 2));
        assert_eq!(counts(print.iapar), (1, 4));
        assert_eq!(counts(report.attacks[1].apcer), (0, 1));
    }
}
