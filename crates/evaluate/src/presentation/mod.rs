//! Presentation attacks: pictures held up instead of heads, and what became of
//! them (ISO/IEC 30107-3).

mod photographs;

use std::collections::BTreeMap;

use rowcall_rollcall::{ReferralReason, SeatOutcome, SeatResult};
use rowcall_simulate::Instrument;
use rowcall_words::outcome::{Ambiguity, PictureCue};
use rowcall_words::seat::Seat;
use serde::Serialize;

pub use self::photographs::Photographs;
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
    /// How nearly a border around one of these faces closes, at most.
    pub border: Option<f32>,
    /// What suggested a picture.
    pub cues: Vec<PictureCue>,
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
    /// What the cues say of photographs of real people, if there are any.
    pub photographs: Option<Photographs>,
    /// From what on each cue suspects a picture.
    pub thresholds: Thresholds,
    /// What random placement started from.
    pub seed: u64,
    /// From start to end.
    pub seconds: f64,
}

/// The thresholds of the cues, as the roll call has them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    /// Agreement with the portrait's fine structure.
    pub same_picture: f32,
    /// Agreement of two views of the face ...
    pub flat_agreement: f32,
    /// ... of which one is foreshortened by this much against the other.
    pub flat_foreshortening: f32,
    /// How nearly a border closes.
    pub border: f32,
}

/// Of those who would be confirmed: suspected by one cue, whatever the others
/// say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CueShare {
    /// The cue.
    pub cue: PictureCue,
    /// How many it suspects.
    pub suspected: Proportion,
}

/// Occupants as they are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BonaFide {
    /// Of those who would be confirmed: suspected to be a picture.
    pub bpcer: Proportion,
    /// By each cue.
    pub by_cue: Vec<CueShare>,
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
    /// Of these, suspected by each cue.
    pub by_cue: Vec<CueShare>,
    /// Impostor attack presentation accept rate: of all, confirmed all the same.
    pub iapar: Proportion,
}

impl PresentationReport {
    /// Puts presentations together. `seconds` is left 0 for the caller's clock.
    pub fn new(presentations: Vec<Presentation>, seed: u64) -> Self {
        let mut species: BTreeMap<(Instrument, bool), Vec<&Presentation>> = BTreeMap::new();
        let mut live = Vec::new();
        for p in &presentations {
            match p.instrument {
                Some(i) => species.entry((i, p.empty_seat)).or_default().push(p),
                None => live.push(p),
            }
        }
        let attacks = species.into_iter();
        Self {
            bona_fide: BonaFide {
                bpcer: share(&live, would_confirm, |r| r == Response::Suspected),
                by_cue: by_cue(&live),
                confirmed: share(&live, |_| true, |r| r == Response::Confirmed),
            },
            attacks: attacks
                .map(|((instrument, empty_seat), all)| Species {
                    instrument,
                    empty_seat,
                    apnrr: share(&all, |_| true, |r| r == Response::NotSeen),
                    confirmed_unchecked: share(&all, |_| true, would_confirm),
                    apcer: share(&all, would_confirm, |r| r == Response::Confirmed),
                    by_cue: by_cue(&all),
                    iapar: share(&all, |_| true, |r| r == Response::Confirmed),
                })
                .collect(),
            presentations,
            photographs: None,
            thresholds: Thresholds {
                same_picture: rowcall_rollcall::SAME_PICTURE,
                flat_agreement: rowcall_rollcall::FLAT_AGREEMENT,
                flat_foreshortening: rowcall_rollcall::FLAT_FORESHORTENING,
                border: rowcall_rollcall::CLOSED_BORDER,
            },
            seed,
            seconds: 0.0,
        }
    }
}

fn would_confirm(response: Response) -> bool {
    matches!(response, Response::Suspected | Response::Confirmed)
}

fn share(all: &[&Presentation], of: fn(Response) -> bool, is: fn(Response) -> bool) -> Proportion {
    let n = all.iter().map(|p| p.response).filter(|r| of(*r));
    let k = n.clone().filter(|r| is(*r)).count();
    Proportion::of(k as u64, n.count() as u64)
}

fn by_cue(all: &[&Presentation]) -> Vec<CueShare> {
    let n = all.iter().filter(|p| would_confirm(p.response));
    let share = |cue| CueShare {
        cue,
        suspected: Proportion::of(
            n.clone().filter(|p| p.cues.contains(&cue)).count() as u64,
            n.clone().count() as u64,
        ),
    };
    PictureCue::ALL.iter().copied().map(share).collect()
}

#[cfg(test)]
mod tests {
    use rowcall_words::outcome::PictureCue;

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
            border: None,
            cues: match response {
                Response::Suspected => vec![PictureCue::Flat],
                _ => Vec::new(),
            },
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
        let by_cue: Vec<_> = print.by_cue.iter().map(|c| counts(c.suspected)).collect();
        assert_eq!(by_cue, [(0, 2), (1, 2), (0, 2)], "in the order of the cues");
    }
}
