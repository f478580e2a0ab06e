use rowcall_face::{Gate, Quality, Template};
use rowcall_template::danger::Unguarded as _;

use super::{FusionGain, Level, as_a_lane};
use crate::stress::faces::Seen;

/// A frame towards `direction`; the more `confidence`, the more it weighs.
fn frame(direction: [f32; 3], confidence: f32) -> Seen {
    Seen {
        quality: Quality {
            confidence,
            ..Quality::CLEAR
        },
        template: template(direction),
        is_second: false,
    }
}

fn template(direction: [f32; 3]) -> Template {
    Template::from_embedding(direction.to_vec()).expect("a direction")
}

/// Confidences that pass the gate, and one that doesn't.
const GOOD: f32 = 0.95;
const FAIR: f32 = 0.9;
const POOR: f32 = 0.55;

#[test]
fn ways_are_counted_apart_with_the_gate_and_without() {
    let references = [template([1.0, 0.0, 0.0]), template([0.0, 1.0, 0.0])];
    let references: Vec<&Template> = references.iter().collect();
    let seen = [
        // The best shot looks elsewhere; even without weights the other decides
        // half of it.
        [
            Some(frame([0.6, 0.0, 0.8], GOOD)),
            Some(frame([1.0, 0.0, 0.0], FAIR)),
        ],
        // A poor frame that looks like the stranger, and one without a face.
        [Some(frame([1.0, 0.2, 0.0], POOR)), None],
    ];
    let people: Vec<Vec<Option<&Seen>>> = seen
        .iter()
        .map(|own| own.iter().map(Option::as_ref).collect())
        .collect();
    let level = Level {
        references: &references,
        people: &people,
        thresholds: [0.61, 0.8],
    };
    let (fusion, missed) = level.measure(&Gate::default());

    let missed_by = |way: super::Way| way.missed.map(|p| (p.k, p.n));
    let found = fusion.found;
    // Of four frames one matches; one stranger's score of three is high.
    assert_eq!(found.single.missed, [0.75, 0.75]);
    assert_eq!(found.single.fmr, [Some(1.0 / 3.0); 2]);
    assert_eq!(missed_by(found.best), [(2, 2), (2, 2)]);
    assert_eq!(missed_by(found.even), [(1, 2), (1, 2)]);
    // The fair frame weighs a thirteenth of the good one.
    assert_eq!(missed_by(found.fused), [(1, 2), (2, 2)]);
    assert_eq!(found.best.fmr, [Some(0.5); 2]);

    // The gate turns the second person away, and with them the false match.
    let fit = fusion.fit;
    assert_eq!(fit.single.missed, [0.75, 0.75]);
    assert_eq!(fit.single.fmr, [Some(0.0); 2]);
    assert_eq!(missed_by(fit.fused), [(1, 2), (2, 2)]);
    assert_eq!(fit.fused.fmr, [Some(0.0); 2]);

    let gain = FusionGain::over(&[&missed, &missed]);
    let [low, high] = gain.fit.over_best;
    assert_eq!((low.gained, low.lost), (2, 0), "a trial a level");
    assert_eq!((low.people_gained, low.people_lost), (1, 0));
    assert_eq!((high.gained, high.lost), (0, 0));
    let [low, high] = gain.found.over_even;
    assert_eq!((low.gained, low.lost), (0, 0));
    assert_eq!((high.gained, high.lost), (0, 2), "weights can harm");
}

#[test]
fn nobody_seen_is_missed_and_is_no_stranger() {
    let references = [template([1.0, 0.0, 0.0]), template([0.0, 1.0, 0.0])];
    let references: Vec<&Template> = references.iter().collect();
    let level = Level {
        references: &references,
        people: &[vec![None, None], vec![None, None]],
        thresholds: [0.3, 0.4],
    };
    let (fusion, _) = level.measure(&Gate::default());
    for ways in [fusion.found, fusion.fit] {
        assert_eq!(ways.single.missed, [1.0; 2]);
        assert_eq!(ways.fused.missed.map(|p| (p.k, p.n)), [(2, 2); 2]);
        assert_eq!(ways.fused.fmr, [None; 2]);
    }
}

#[test]
fn a_second_look_counts_only_where_the_first_saw_nothing_fit() {
    let gate = Gate::default();
    let first = |confidence| frame([1.0, 0.0, 0.0], confidence);
    let second = Seen {
        is_second: true,
        ..first(FAIR)
    };
    for (case, other, expected) in [
        ("a fit face beside it", first(GOOD), vec![false]),
        ("an unfit face beside it", first(POOR), vec![false, true]),
    ] {
        let counted = as_a_lane(&[&other, &second], &gate);
        let counted: Vec<bool> = counted.iter().map(|s| s.is_second).collect();
        assert_eq!(counted, expected, "{case}");
    }
}
