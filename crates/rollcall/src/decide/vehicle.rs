//! What the seats and documents come to for the vehicle as a whole.

use super::Declaration;
use crate::{
    Bystander, CameraResult, DocumentCount, DocumentOutcome, DocumentResult, OccupantCount,
    SeatOutcome, SeatResult, VehicleResult, Whereabouts,
};
use rowcall_words::outcome::{CameraState, VehicleOutcome, VehicleReason};

/// What the vehicle's outcome is made of.
pub(super) struct Outcomes<'a> {
    pub(super) seats: &'a [SeatResult],
    pub(super) documents: &'a [DocumentResult],
    pub(super) bystanders: &'a [Bystander],
    pub(super) cameras: &'a [CameraResult],
}

/// The vehicle's outcome: clear only if every seat and every document is, and as
/// many people were seen as were declared. `seen` occupants had `holders`
/// documents' holders to be.
pub(super) fn vehicle(
    declaration: &Declaration,
    outcomes: &Outcomes<'_>,
    seen: usize,
    holders: usize,
) -> VehicleResult {
    let Outcomes {
        seats,
        documents,
        bystanders,
        cameras,
    } = *outcomes;
    // What an officer took out isn't this vehicle's.
    let documents: Vec<&DocumentResult> = documents
        .iter()
        .filter(|d| d.outcome != DocumentOutcome::SetAside)
        .collect();
    let failed = |state| cameras.iter().any(|c| c.is_needed && c.state == state);
    let confirmed = seats
        .iter()
        .filter(|s| s.outcome == SeatOutcome::Confirmed)
        .count();
    let documents_confirmed = documents
        .iter()
        .filter(|d| matches!(d.outcome, DocumentOutcome::HolderConfirmed(_)))
        .count();
    let present = seen + declaration.opted_out_seats.len();
    let declared = declaration.occupants.map(usize::from);
    let reasons: Vec<VehicleReason> = [
        (present == 0, VehicleReason::NobodySeen),
        (documents.is_empty(), VehicleReason::NoDocuments),
        (confirmed < seats.len(), VehicleReason::SeatReferred),
        (
            documents_confirmed < documents.len(),
            VehicleReason::DocumentReferred,
        ),
        (
            declared.is_some_and(|n| present < n),
            VehicleReason::FewerThanDeclared,
        ),
        (
            declared.is_some_and(|n| present > n),
            VehicleReason::MoreThanDeclared,
        ),
        (
            declaration.unreadable_frames > 0,
            VehicleReason::FramesUnreadable,
        ),
        (
            bystanders
                .iter()
                .any(|b| matches!(b.place, Whereabouts::Inside(_))),
            VehicleReason::FaceUnexplained,
        ),
        (failed(CameraState::Missing), VehicleReason::CameraMissing),
        (failed(CameraState::Frozen), VehicleReason::CameraFrozen),
        (declared.is_none(), VehicleReason::CountNotDeclared),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect();
    let clear = reasons
        .iter()
        .all(|&r| r == VehicleReason::CountNotDeclared);
    VehicleResult {
        outcome: if clear {
            VehicleOutcome::AllConfirmed
        } else {
            VehicleOutcome::Refer
        },
        reasons,
        occupants: OccupantCount {
            declared: declaration.occupants,
            seen,
            confirmed,
            opted_out: declaration.opted_out_seats.len(),
        },
        documents: DocumentCount {
            presented: documents.len(),
            holders,
            confirmed: documents_confirmed,
        },
    }
}
