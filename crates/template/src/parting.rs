//! Whether everything that was seen on one seat is one person.
//!
//! A driver who is swapped, the last frames of the vehicle before, a head that
//! leans in from the neighbouring seat: all of them lie at the same place, and
//! fused they become a probe that is like both. So sightings are compared among
//! themselves, those of one seat and no others (DESIGN, non-goal 1).

use zeroize::Zeroizing;

use crate::{Score, Template};

/// How the sightings of one seat part most clearly in two.
#[derive(Clone, Debug, PartialEq)]
pub struct Parting {
    /// How alike the two parts are, each fused: the least of all ways to part
    /// them that were tried.
    pub agreement: Score,
    /// The sightings of the smaller part, by their place, in order.
    pub apart: Vec<usize>,
}

impl Parting {
    /// Parts the `sightings` of one seat, each with the weight that it is fused
    /// with. Tried are each sighting against all others, and two groups around
    /// the two that are least alike: one stranger in one frame shows in the
    /// first, half and half in the second. `None` for fewer than two sightings,
    /// or of models of different dimension.
    pub fn of(sightings: &[(&Template, f32)]) -> Option<Self> {
        let dimension = sightings.first()?.0.unit().len();
        if sightings.len() < 2 || sightings.iter().any(|(t, _)| t.unit().len() != dimension) {
            return None;
        }
        let all = Group::of(sightings, dimension, |_| true);
        let alone = (0..sightings.len()).map(|i| {
            let (template, weight) = sightings[i];
            let rest = all.without(template, weight);
            Self {
                agreement: rest.likeness(template),
                apart: vec![i],
            }
        });
        let oddest = alone.reduce(lesser)?;
        let groups = two_groups(sightings, dimension, oddest.apart[0]);
        Some(groups.into_iter().fold(oddest, lesser))
    }
}

fn lesser(a: Parting, b: Parting) -> Parting {
    if b.agreement < a.agreement { b } else { a }
}

/// Two groups around the sighting `seed` and the one least like it, and the same
/// after each went to the group that it is more like.
fn two_groups(sightings: &[(&Template, f32)], dimension: usize, seed: usize) -> Vec<Parting> {
    let seed = sightings[seed].0;
    let likeness: Vec<Score> = sightings.iter().map(|(t, _)| cosine(t, seed)).collect();
    let Some(other) = (0..sightings.len()).min_by(|&a, &b| likeness[a].0.total_cmp(&likeness[b].0))
    else {
        return Vec::new();
    };
    let other = sightings[other].0;
    let mut is_first: Vec<bool> = sightings
        .iter()
        .map(|(t, _)| cosine(t, seed) >= cosine(t, other))
        .collect();
    let mut partings = Vec::new();
    for _ in 0..ROUNDS {
        let (one, two) = (
            Group::of(sightings, dimension, |i| is_first[i]),
            Group::of(sightings, dimension, |i| !is_first[i]),
        );
        let firsts = is_first.iter().filter(|f| **f).count();
        if firsts == 0 || firsts == sightings.len() {
            break;
        }
        let smaller_is_first = 2 * firsts < sightings.len();
        partings.push(Parting {
            agreement: one.agreement(&two),
            apart: (0..sightings.len())
                .filter(|&i| is_first[i] == smaller_is_first)
                .collect(),
        });
        is_first = sightings
            .iter()
            .map(|(t, _)| one.likeness(t) >= two.likeness(t))
            .collect();
    }
    partings
}

/// Groups settle at once where there are two people; more rounds change nothing.
const ROUNDS: usize = 3;

fn cosine(a: &Template, b: &Template) -> Score {
    a.cosine(b).unwrap_or(Score(-1.0))
}

/// The weighted sum of some sightings.
struct Group {
    sum: Zeroizing<Vec<f64>>,
}

impl Group {
    fn of(sightings: &[(&Template, f32)], dimension: usize, takes: impl Fn(usize) -> bool) -> Self {
        let mut sum = Zeroizing::new(vec![0.0; dimension]);
        for (_, (template, weight)) in sightings.iter().enumerate().filter(|(i, _)| takes(*i)) {
            for (s, v) in sum.iter_mut().zip(template.unit()) {
                *s += f64::from(*weight) * f64::from(*v);
            }
        }
        Self { sum }
    }

    fn without(&self, template: &Template, weight: f32) -> Self {
        let parts = self.sum.iter().zip(template.unit());
        let rest = parts.map(|(s, v)| s - f64::from(weight) * f64::from(*v));
        let mut sum = Zeroizing::new(Vec::with_capacity(self.sum.len()));
        sum.extend(rest);
        Self { sum }
    }

    /// The cosine with a template; −1 where the group has no direction.
    fn likeness(&self, template: &Template) -> Score {
        let unit = template.unit().iter().map(|v| f64::from(*v));
        let dot = self.sum.iter().zip(unit).map(|(a, b)| a * b).sum::<f64>();
        score(dot, self.length())
    }

    fn agreement(&self, other: &Self) -> Score {
        let dot = self.sum.iter().zip(&*other.sum).map(|(a, b)| a * b);
        score(dot.sum(), self.length() * other.length())
    }

    fn length(&self) -> f64 {
        self.sum.iter().map(|v| v * v).sum::<f64>().sqrt()
    }
}

fn score(dot: f64, length: f64) -> Score {
    if length > 1e-9 {
        Score((dot / length).clamp(-1.0, 1.0) as f32)
    } else {
        Score(-1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Parting;
    use crate::Template;

    /// Somebody's direction, with a little of the frame's own.
    fn sighting(person: usize, frame: usize) -> Template {
        let mut values = vec![0.0; 16];
        values[person] = 1.0;
        values[6 + frame % 10] += 0.5;
        Template::normalised(values).expect("a direction")
    }

    #[test]
    fn parts_two_people_at_every_share_and_leaves_one_together() {
        for total in 2..=10_usize {
            for strangers in 0..total {
                // The stranger's frames come first, last and in between.
                let who = |i: usize| usize::from((i * strangers) % total + strangers >= total);
                let all: Vec<Template> = (0..total).map(|i| sighting(who(i), i)).collect();
                let weighed: Vec<(&Template, f32)> = all
                    .iter()
                    .enumerate()
                    .map(|(i, t)| (t, 1.0 + 9.0 * (i % 3) as f32))
                    .collect();
                let parting = Parting::of(&weighed).expect("two sightings");
                let mixed = (0..total).any(|i| who(i) == 1);
                let case = format!("{strangers} of {total}: {parting:?}");
                assert_eq!(parting.agreement.0 < 0.4, mixed, "{case}");
                if mixed {
                    let first = who(parting.apart[0]);
                    assert!(parting.apart.iter().all(|&i| who(i) == first), "{case}");
                }
            }
        }
        assert_eq!(Parting::of(&[(&sighting(0, 0), 1.0)]), None);
        assert_eq!(Parting::of(&[]), None);
    }
}
