//! Whole parties decided in different ways, and whether the vehicle's error
//! budget holds.

mod count;
mod draw;
mod method;

use rowcall_face::Calibration;
use serde::Serialize;

use self::{
    count::{Count, count},
    draw::Pool,
    method::Way,
};
pub use self::{draw::Kinship, method::Method};
use crate::{Error, Proportion, Templates};

/// The budgets that methods are measured at, from rare to frequent errors.
pub const BUDGETS: [f64; 13] = [
    1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0,
];
/// The budget that ships.
pub const SHIPPED_BUDGET: f64 = 1e-3;
/// The budgets that are held against what strangers reach.
const HELD: [f64; 3] = [1e-3, 1e-2, 1e-1];
/// The look-alike guards that are tried; a lane may set up to 0.5.
const GUARDS: [f64; 7] = [0.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.002];
/// The rates of vehicles with a false confirmation at which methods are
/// compared.
const COMPARED: [f64; 3] = [1e-4, 1e-3, 1e-2];

/// Methods compared, and the budget held against its promise. Rates are
/// fractions with n and 95 % interval; the intervals take parties for
/// independent, which they aren't quite: they share people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartiesReport {
    /// People with two usable pictures, whom parties are drawn from.
    pub people: usize,
    /// Parties of each kind.
    pub parties: u64,
    /// What the draws started from.
    pub seed: u64,
    /// Each method with each kind of party.
    pub curves: Vec<MethodCurve>,
    /// Methods at equal vehicle-level false confirmation.
    pub compared: Vec<Comparison>,
    /// The shipped decision where every occupant is a stranger to every
    /// document.
    pub budget: Vec<BudgetCheck>,
    /// What the look-alike guard costs and gains, at the shipped budget.
    pub guards: Vec<GuardPoint>,
    /// From start to end.
    pub seconds: f64,
}

/// The shipped decision with another look-alike guard
/// (`rowcall_rollcall::Policy::look_alike_guard`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GuardPoint {
    /// The share of look-alikes whom it lets pass; 0 is no guard.
    pub guard: f64,
    /// Who rides together.
    pub kinship: Kinship,
    /// Of the parties in which everything fits: cleared.
    pub cleared: Proportion,
    /// Of all parties: with a seat confirmed by another's document.
    pub false_confirmed: Proportion,
    /// Of vehicles in which every occupant is a stranger to every document: with
    /// a seat confirmed.
    pub budget: Proportion,
}

/// A method over all budgets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MethodCurve {
    /// How it decides.
    pub method: Method,
    /// Who rides together.
    pub kinship: Kinship,
    /// From rare to frequent errors.
    pub points: Vec<PartyPoint>,
}

/// A method at a budget.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartyPoint {
    /// The vehicle's error budget.
    pub budget: f64,
    /// Of the parties in which everybody has presented a document and nobody is
    /// absent: cleared, with everybody confirmed by their own document.
    pub cleared: Proportion,
    /// Of all parties: with a seat confirmed by another's document.
    pub false_confirmed: Proportion,
    /// Of all parties: cleared, a seat of them by another's document.
    pub falsely_cleared: Proportion,
    /// Of occupants with a document: confirmed by it.
    pub confirmed: Proportion,
}

/// What a method clears at the loosest budget that keeps a rate of false
/// confirmation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The rate of vehicles with a false confirmation that is kept.
    pub rate: f64,
    /// Who rides together.
    pub kinship: Kinship,
    /// How it decides.
    pub method: Method,
    /// The loosest budget that keeps it, of those measured; none if none does.
    pub budget: Option<f64>,
    /// What it clears there.
    pub cleared: Option<Proportion>,
}

/// The budget against what strangers, or look-alikes, reach.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BudgetCheck {
    /// Who holds the documents.
    pub kinship: Kinship,
    /// How it decides: as shipped, and by the threshold alone.
    pub method: Method,
    /// The budget.
    pub budget: f64,
    /// Of the vehicles: with a seat confirmed.
    pub false_confirmed: Proportion,
    /// Whether the interval excludes that the budget holds.
    pub exceeded: bool,
}

impl PartiesReport {
    /// Draws and decides `parties` parties of each kind, on every core; the
    /// result doesn't depend on their number. `seconds` is left 0 for the
    /// caller's clock.
    ///
    /// # Errors
    /// [`crate::ErrorKind::TooFew`] if too few people have two pictures.
    pub fn measure(
        templates: &Templates,
        calibration: &Calibration,
        parties: u64,
        seed: u64,
    ) -> Result<Self, Error> {
        let pool = Pool::new(templates)?;
        let mut curves = Vec::new();
        let mut budget = Vec::new();
        let mut guards = Vec::new();
        for kinship in [Kinship::Strangers, Kinship::LookAlikes] {
            let all: Vec<Way> = Method::ALL
                .into_iter()
                .flat_map(|m| BUDGETS.map(|b| Way::new(m, b)))
                .chain(GUARDS.map(Way::guarded))
                .collect();
            let counts = count(&all, parties, calibration, |n| pool.party(kinship, seed, n));
            let (counts, guarded) = counts.split_at(counts.len() - GUARDS.len());
            for (method, counts) in Method::ALL.into_iter().zip(counts.chunks(BUDGETS.len())) {
                let points = BUDGETS.into_iter().zip(counts);
                curves.push(MethodCurve {
                    method,
                    kinship,
                    points: points
                        .map(|(b, c)| PartyPoint::new(b, c, parties))
                        .collect(),
                });
            }
            let held: Vec<Way> = [Method::Shipped, Method::Assignment]
                .into_iter()
                .flat_map(|m| HELD.map(|b| Way::new(m, b)))
                .chain(GUARDS.map(Way::guarded))
                .collect();
            let counts = count(&held, parties, calibration, |n| {
                pool.strangers(kinship, seed.wrapping_add(1), n)
            });
            let (counts, strange) = counts.split_at(counts.len() - GUARDS.len());
            budget.extend(held.iter().zip(counts).map(|(way, c)| {
                let rate = Proportion::of(c.false_confirmed, parties);
                BudgetCheck {
                    kinship,
                    method: way.method,
                    budget: way.budget,
                    exceeded: rate.ci95[0] > way.budget,
                    false_confirmed: rate,
                }
            }));
            let both = guarded.iter().zip(strange);
            guards.extend(
                GUARDS
                    .into_iter()
                    .zip(both)
                    .map(|(guard, (party, strange))| {
                        let point = PartyPoint::new(SHIPPED_BUDGET, party, parties);
                        GuardPoint {
                            guard,
                            kinship,
                            cleared: point.cleared,
                            false_confirmed: point.false_confirmed,
                            budget: Proportion::of(strange.false_confirmed, parties),
                        }
                    }),
            );
        }
        Ok(Self {
            people: pool.people(),
            parties,
            seed,
            compared: compare(&curves),
            curves,
            budget,
            guards,
            seconds: 0.0,
        })
    }
}

impl PartyPoint {
    fn new(budget: f64, count: &Count, parties: u64) -> Self {
        Self {
            budget,
            cleared: Proportion::of(count.cleared, count.clearable),
            false_confirmed: Proportion::of(count.false_confirmed, parties),
            falsely_cleared: Proportion::of(count.falsely_cleared, parties),
            confirmed: Proportion::of(count.confirmed, count.confirmable),
        }
    }
}

fn compare(curves: &[MethodCurve]) -> Vec<Comparison> {
    let mut compared = Vec::new();
    for kinship in [Kinship::Strangers, Kinship::LookAlikes] {
        for rate in COMPARED {
            for curve in curves.iter().filter(|c| c.kinship == kinship) {
                let keeps = |p: &&PartyPoint| p.false_confirmed.rate.is_some_and(|r| r <= rate);
                let point = curve.points.iter().rev().find(keeps);
                compared.push(Comparison {
                    rate,
                    kinship,
                    method: curve.method,
                    budget: point.map(|p| p.budget),
                    cleared: point.map(|p| p.cleared),
                });
            }
        }
    }
    compared
}

#[cfg(test)]
mod tests;
