//! Made-up people in made-up parties.

use rowcall_face::{Calibration, Template};
use rowcall_template::danger::Unguarded as _;

use super::{
    Count, GUARDS, GuardPoint, Kinship, Method, PartiesReport, SHIPPED_BUDGET, draw::Party,
};
use crate::Templates;

const CALIBRATION: &str = include_str!("../../../../models/sface.calibration.json");

/// People with three pictures each, all directions drawn by a seed; the last
/// ten are nearly the first ten.
fn people() -> Templates {
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    let mut directions: Vec<Vec<f32>> = (0..50)
        .map(|_| (0..128).map(|_| next()).collect())
        .collect();
    for i in 0..10 {
        let twin = directions[i].iter().map(|v| v + 0.6 * next()).collect();
        directions.push(twin);
    }
    let mut made = Vec::new();
    for (subject, direction) in directions.iter().enumerate() {
        for _ in 0..3 {
            let picture = direction.iter().map(|v| v + 0.5 * next()).collect();
            let template = Template::from_embedding(picture).expect("a direction");
            made.push((subject as u32, template));
        }
    }
    Templates::made(made)
}

#[test]
fn made_up_parties_clear_and_look_alikes_cost() {
    let calibration = Calibration::parse(CALIBRATION).expect("the shipped calibration");
    let measure = || PartiesReport::measure(&people(), &calibration, 400, 7).expect("parties");
    let report = measure();
    assert_eq!(report, measure(), "the same seed, the same parties");
    let at = |kinship, method| {
        let mut curves = report.curves.iter();
        let curve = curves.find(|c| c.kinship == kinship && c.method == method);
        let points = &curve.expect("a curve").points;
        let mut points = points.iter();
        points
            .find(|p| p.budget.total_cmp(&SHIPPED_BUDGET).is_eq())
            .expect("the budget")
            .clone()
    };
    let strangers = at(Kinship::Strangers, Method::Shipped);
    let alike = at(Kinship::LookAlikes, Method::Assignment);
    assert!(strangers.cleared.n > 20, "{strangers:?}");
    assert!(strangers.cleared.rate > Some(0.5), "{strangers:?}");
    assert!(
        alike.false_confirmed.k > strangers.false_confirmed.k,
        "{alike:?}"
    );
    let independent = at(Kinship::LookAlikes, Method::Independent);
    assert!(independent.false_confirmed.k >= alike.false_confirmed.k);
    for (kinship, guards) in [Kinship::Strangers, Kinship::LookAlikes]
        .into_iter()
        .zip(report.guards.chunks(GUARDS.len()))
    {
        let shipped = at(kinship, Method::Shipped);
        let ships = rowcall_rollcall::Policy::default().look_alike_guard;
        let same = guards.iter().find(|g| g.guard.total_cmp(&ships).is_eq());
        let same = same.expect("the guard that ships");
        assert_eq!((same.kinship, same.cleared), (kinship, shipped.cleared));
        assert_eq!(same.false_confirmed, shipped.false_confirmed);
        let falls = |f: fn(&GuardPoint) -> u64| guards.is_sorted_by(|a, b| f(a) >= f(b));
        assert!(falls(|g| g.cleared.k), "{guards:?}");
        assert!(falls(|g| g.false_confirmed.k), "{guards:?}");
    }
}

#[test]
fn a_vehicle_counts_as_its_outcome_would() {
    let count = |own: &[Option<usize>], documents: usize, decided: &[Option<usize>]| {
        let party = Party {
            scores: Vec::new(),
            own: own.to_vec(),
            documents,
        };
        let mut count = Count::default();
        count.add(&party, decided);
        [
            count.clearable,
            count.cleared,
            count.false_confirmed,
            count.falsely_cleared,
            count.confirmed,
        ]
    };
    let (a, b) = (Some(0), Some(1));
    for (case, own, documents, decided, expected) in [
        ("all fit", [a, b], 2, [a, b], [1, 1, 0, 0, 2]),
        ("one unconfirmed", [a, b], 2, [a, None], [1, 0, 0, 0, 1]),
        ("swapped", [a, b], 2, [b, a], [1, 0, 1, 1, 0]),
        ("one document twice", [a, b], 2, [a, a], [1, 0, 1, 0, 1]),
        ("a wrong holder", [None, a], 2, [b, a], [0, 0, 1, 1, 1]),
        ("an absent holder", [None, a], 2, [None, a], [0, 0, 0, 0, 1]),
        ("a document too many", [a, b], 3, [a, b], [0, 0, 0, 0, 2]),
    ] {
        assert_eq!(count(&own, documents, &decided), expected, "{case}");
    }
}
