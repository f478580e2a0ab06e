//! What is named where somebody isn't recognised: the condition that they are lost
//! to, and nothing where there is none.

use std::collections::BTreeMap;

use rowcall_face::{Component, Gate, Quality};
use serde::Serialize;

use crate::{Proportion, Sample};

/// What is named, of the probes of a stress test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Naming {
    /// Faces lost to a condition that are told that condition first, in all ...
    pub named: Proportion,
    /// ... and under each condition that loses anybody.
    pub conditions: Vec<NamedCondition>,
    /// Clear faces of which nothing is named, so that whoever is like no document is
    /// asked for theirs: a person is counted once, before any condition.
    pub asked_for_document: Proportion,
    /// Faces under a condition that would be recognised all the same, and of which
    /// nothing is named.
    pub mild_unnamed: Proportion,
    /// People left out, who aren't recognised without any condition.
    pub left_out: usize,
}

/// What is named under one condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedCondition {
    /// The condition.
    pub condition: String,
    /// Faces lost to it of which it is what is named first.
    pub named: Proportion,
    /// What else is named first, and how often; `none` where nothing is.
    pub instead: BTreeMap<String, u64>,
}

/// The base of all conditions stands among the levels of this one.
const BASE: (&str, f32) = ("eye-distance", 40.0);

impl Naming {
    /// Counts, at the score that a mated comparison must reach. A face is lost that
    /// isn't recognised or fails the gate; somebody of whom that is true without any
    /// condition is left out.
    pub(super) fn of(samples: &[Sample], threshold: f32) -> Self {
        let gate = Gate::default();
        let is_lost = |s: &Sample| s.mated < threshold || !gate.passes(&s.quality);
        let is_base = |s: &Sample| s.condition == BASE.0 && (s.value - BASE.1).abs() < 1e-3;
        let bases = samples.iter().filter(|s| is_base(s));
        let (out, clear): (Vec<&Sample>, Vec<&Sample>) = bases.partition(|s| is_lost(s));
        let is_out = |s: &Sample| out.iter().any(|o| o.subject == s.subject);
        let mut lost: BTreeMap<&str, Vec<(bool, &'static str)>> = BTreeMap::new();
        let mut mild = Vec::new();
        for sample in samples.iter().filter(|s| !is_out(s)) {
            let first = first_named(&sample.quality, &gate);
            if !is_lost(sample) {
                mild.push(first);
                continue;
            }
            let right = expected(&sample.condition, sample.value);
            let is_right = first.is_some_and(|c| right.contains(&c));
            let own = lost.entry(&sample.condition).or_default();
            own.push((is_right, first.map_or("none", Into::into)));
        }
        let share = |k: usize, n: usize| Proportion::of(k as u64, n as u64);
        let right = |own: &[(bool, &str)]| own.iter().filter(|(right, _)| *right).count();
        let unnamed = |of: &[Option<Component>]| of.iter().filter(|c| c.is_none()).count();
        let clear: Vec<_> = clear
            .iter()
            .map(|s| first_named(&s.quality, &gate))
            .collect();
        Self {
            named: share(
                lost.values().map(|own| right(own)).sum(),
                lost.values().map(Vec::len).sum(),
            ),
            conditions: lost
                .iter()
                .map(|(condition, own)| {
                    let mut instead = BTreeMap::new();
                    for (_, name) in own.iter().filter(|(right, _)| !right) {
                        *instead.entry((*name).to_owned()).or_default() += 1;
                    }
                    NamedCondition {
                        condition: (*condition).to_owned(),
                        named: share(right(own), own.len()),
                        instead,
                    }
                })
                .collect(),
            asked_for_document: share(unnamed(&clear), clear.len()),
            mild_unnamed: share(unnamed(&mild), mild.len()),
            left_out: out.len(),
        }
    }
}

/// What an officer is told first: why a face fails the gate, or else what explains
/// that it is like no document.
fn first_named(quality: &Quality, gate: &Gate) -> Option<Component> {
    let failures = quality.failures(gate);
    failures
        .first()
        .copied()
        .or_else(|| quality.shortcomings().first().copied())
}

/// The components whose advice is that of a condition; none of one that isn't known.
fn expected(condition: &str, value: f32) -> &'static [Component] {
    match condition {
        "eye-distance" => &[Component::InterEyeDistance],
        "tint-fixed" | "tint-frame" | "tint-zone" => &[Component::UnderExposurePrevention],
        "exposure" if value < 0.0 => &[Component::UnderExposurePrevention],
        "exposure" => &[Component::OverExposurePrevention],
        "sky" | "glass-angle" => &[Component::DynamicRange],
        "lamp" => &[Component::IlluminationUniformity],
        "defocus" | "motion" => &[Component::Sharpness],
        "gain" => &[Component::Noise],
        "jpeg" => &[Component::CompressionArtifacts],
        "cover-below" => &[Component::FaceOcclusionPrevention],
        // A brim or a hand before the eyes: both ask to take it away.
        "cover-above" | "cover-beside" => {
            &[Component::FaceOcclusionPrevention, Component::EyesVisible]
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use rowcall_face::Quality;

    use super::Naming;
    use crate::Sample;

    #[test]
    fn only_who_is_lost_to_a_condition_counts_and_by_what_is_named_first() {
        let clear = Quality::CLEAR;
        let far = Quality {
            inter_eye_distance: 9.0,
            ..clear
        };
        let glasses = Quality {
            eyes_visible: 0.3,
            ..clear
        };
        let sample = |condition: &str, value, subject, mated, quality: Quality| Sample {
            condition: condition.to_owned(),
            value,
            subject,
            mated,
            quality,
            unified: quality.unified(),
        };
        let samples = [
            sample("eye-distance", 40.0, 0, 0.7, clear),
            sample("eye-distance", 40.0, 1, 0.7, clear),
            // Isn't recognised at all: nothing of theirs counts.
            sample("eye-distance", 40.0, 2, 0.1, clear),
            sample("eye-distance", 10.0, 2, 0.1, far),
            // Lost, and named; lost, and something else named; not lost.
            sample("eye-distance", 10.0, 0, 0.1, far),
            sample("eye-distance", 10.0, 1, 0.6, glasses),
            sample("jpeg", 5.0, 0, 0.2, clear),
            sample("cover-above", 0.3, 1, 0.2, glasses),
            sample("jpeg", 75.0, 1, 0.6, clear),
        ];
        let naming = Naming::of(&samples, 0.36);
        assert_eq!((naming.named.k, naming.named.n), (2, 4), "{naming:?}");
        assert_eq!(naming.left_out, 1);
        assert_eq!(
            (naming.asked_for_document.k, naming.asked_for_document.n),
            (2, 2)
        );
        assert_eq!((naming.mild_unnamed.k, naming.mild_unnamed.n), (3, 3));
        let rows: Vec<_> = naming
            .conditions
            .iter()
            .map(|c| (c.condition.as_str(), c.named.k, c.named.n))
            .collect();
        assert_eq!(
            rows,
            [
                ("cover-above", 1, 1),
                ("eye-distance", 1, 2),
                ("jpeg", 0, 1)
            ]
        );
        assert_eq!(naming.conditions[1].instead["eyes-visible"], 1);
        assert_eq!(naming.conditions[2].instead["none"], 1);
    }
}
