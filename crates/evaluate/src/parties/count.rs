//! What ways to decide come to, over many parties.

use rowcall_face::Calibration;

use super::{draw::Party, method::Way};
use crate::scores::on_every_core;

/// Parties, by what became of them.
#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) clearable: u64,
    pub(super) cleared: u64,
    pub(super) false_confirmed: u64,
    pub(super) falsely_cleared: u64,
    pub(super) confirmable: u64,
    pub(super) confirmed: u64,
}

/// What each way to decide comes to, over all parties.
pub(super) fn count(
    ways: &[Way],
    parties: u64,
    calibration: &Calibration,
    party: impl Fn(u64) -> Party + Sync,
) -> Vec<Count> {
    let parts = on_every_core(
        parties as usize,
        || vec![Count::default(); ways.len()],
        |own, number| {
            let party = party(number as u64);
            for (count, way) in own.iter_mut().zip(ways) {
                count.add(&party, &way.decide(&party.scores, calibration));
            }
        },
    );
    let mut total = vec![Count::default(); ways.len()];
    for part in parts {
        for (t, p) in total.iter_mut().zip(part) {
            t.clearable += p.clearable;
            t.cleared += p.cleared;
            t.false_confirmed += p.false_confirmed;
            t.falsely_cleared += p.falsely_cleared;
            t.confirmable += p.confirmable;
            t.confirmed += p.confirmed;
        }
    }
    total
}

impl Count {
    pub(super) fn add(&mut self, party: &Party, decided: &[Option<usize>]) {
        let right = decided
            .iter()
            .zip(&party.own)
            .filter(|(d, own)| d.is_some() && d == own);
        let right = right.count();
        let confirmed = decided.iter().flatten().count();
        let with_document = party.own.iter().flatten().count();
        let is_clearable = with_document == party.own.len() && with_document == party.documents;
        // As the vehicle's outcome asks: everybody confirmed, and every document.
        let documents = (0..party.documents)
            .filter(|j| decided.contains(&Some(*j)))
            .count();
        let is_cleared = confirmed == party.own.len() && documents == party.documents;
        self.clearable += u64::from(is_clearable);
        self.cleared += u64::from(is_clearable && is_cleared && right == confirmed);
        self.false_confirmed += u64::from(confirmed > right);
        self.falsely_cleared += u64::from(is_cleared && confirmed > right);
        self.confirmable += with_document as u64;
        self.confirmed += right as u64;
    }
}
