//! How often a look-alike would be confirmed, and what keeping that rare costs.
//!
//! Relatives aren't in a set of press photographs. Whoever of the set is most like
//! a person stands in for them: the one among all whose portrait that very person's
//! probe fits best. A threshold that few of those reach is the guard. Only what a lane
//! would compare counts: a portrait that hides or shows two faces makes strangers alike
//! that no roll call would hold against each other.

use rowcall_face::Template;
use serde::Serialize;

use crate::{Error, ErrorKind, Proportion, Templates};

/// Nearest look-alikes and the people themselves, at each threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookAlikes {
    /// People with a probe.
    pub people: usize,
    /// People among whom the look-alike was looked for.
    pub among: usize,
    /// Pictures that a probe is fused of, at least and at most.
    pub pictures: [usize; 2],
    /// From low to high thresholds.
    pub curve: Vec<LookAlikePoint>,
    /// Scores of each person's probe with the portrait most like it that isn't
    /// theirs, rising; not part of the JSON.
    #[serde(skip)]
    pub look_alikes: Vec<f32>,
    /// Scores of each person's probe with their own portrait, rising.
    #[serde(skip)]
    pub own: Vec<f32>,
}

/// A threshold and whom it lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LookAlikePoint {
    /// Scores from here on pass.
    pub threshold: f32,
    /// People whose nearest look-alike's document would confirm them.
    pub look_alikes_confirmed: Proportion,
    /// People whom their own document wouldn't.
    pub honest_referred: Proportion,
}

impl LookAlikes {
    /// Of each subject with two pictures at least: the first that passes the portrait's
    /// gate is the portrait, all others that are fit to be compared are fused to the
    /// probe. `counts` tells by its place in the manifest whether a picture takes part:
    /// one person under two names would be their own look-alike.
    ///
    /// # Errors
    /// [`ErrorKind::TooFew`] for fewer than two such subjects.
    pub fn measure(templates: &Templates, counts: impl Fn(usize) -> bool) -> Result<Self, Error> {
        let subjects: Vec<Subject> = templates
            .by_subject()
            .into_iter()
            .map(|own| Subject::of(templates, own.into_iter().filter(|&i| counts(i))))
            .collect();
        let mut found = Self {
            people: 0,
            among: subjects.iter().filter(|s| s.portrait.is_some()).count(),
            pictures: [usize::MAX, 0],
            curve: Vec::new(),
            look_alikes: Vec::new(),
            own: Vec::new(),
        };
        for (number, subject) in subjects.iter().enumerate() {
            let Some(portrait) = subject.portrait else {
                continue;
            };
            let Some(probe) = templates.fused(&subject.seated) else {
                continue;
            };
            found.people += 1;
            found.pictures[0] = found.pictures[0].min(subject.seated.len());
            found.pictures[1] = found.pictures[1].max(subject.seated.len());
            found.own.push(templates.score_of(&probe, portrait));
            found
                .look_alikes
                .push(nearest(templates, &subjects, number, &probe));
        }
        if found.people < 2 {
            return Err(Error::new(
                ErrorKind::TooFew,
                "fewer than two subjects have two pictures with a face",
            ));
        }
        found.look_alikes.sort_by(f32::total_cmp);
        found.own.sort_by(f32::total_cmp);
        found.curve = (30..=80)
            .step_by(2)
            .map(|t| found.at(t as f32 / 100.0))
            .collect();
        Ok(found)
    }

    /// At this threshold.
    pub fn at(&self, threshold: f32) -> LookAlikePoint {
        let below = |scores: &[f32]| scores.partition_point(|s| *s < threshold) as u64;
        let n = self.people as u64;
        LookAlikePoint {
            threshold,
            look_alikes_confirmed: Proportion::of(n - below(&self.look_alikes), n),
            honest_referred: Proportion::of(below(&self.own), n),
        }
    }

    /// The least score that at most this share of look-alikes reaches, rounded up
    /// to four decimals.
    pub fn guard(&self, share: f64) -> f32 {
        let may = (share * self.people as f64) as usize;
        // With so many of the greatest let pass, the next must be exceeded.
        let next = self.look_alikes.len().checked_sub(may + 1);
        next.map_or(0.0, |i| (self.look_alikes[i] * 1e4).floor() / 1e4 + 1e-4)
    }
}

/// Somebody's pictures, as a lane would take them.
struct Subject {
    /// The document's.
    portrait: Option<usize>,
    /// Those of the vehicle.
    seated: Vec<usize>,
}

impl Subject {
    fn of(templates: &Templates, pictures: impl Iterator<Item = usize>) -> Self {
        let pictures: Vec<usize> = pictures.collect();
        let portrait = pictures.iter().copied().find(|&i| templates.is_portrait(i));
        let others = pictures.into_iter().filter(|&i| Some(i) != portrait);
        Self {
            portrait,
            seated: others.filter(|&i| templates.is_fit(i)).collect(),
        }
    }
}

fn nearest(templates: &Templates, subjects: &[Subject], number: usize, probe: &Template) -> f32 {
    let others = subjects.iter().enumerate().filter(|(s, _)| *s != number);
    let portraits = others.filter_map(|(_, other)| other.portrait);
    portraits
        .map(|p| templates.score_of(probe, p))
        .fold(-1.0, f32::max)
}

#[cfg(test)]
mod tests {
    use rowcall_face::Template;
    use rowcall_template::danger::Unguarded as _;

    use super::LookAlikes;
    use crate::Templates;

    #[test]
    fn the_guard_lets_so_many_look_alikes_pass_and_no_more() {
        // Ten people on a circle, each a little like the next.
        let person = |n: usize| {
            let mut values = vec![0.0; 20];
            values[n] = 1.0;
            values[(n + 1) % 10] = 0.1 * n as f32;
            Template::from_embedding(values).expect("a direction")
        };
        let all = (0..10_u32).flat_map(|n| [(n, person(n as usize)), (n, person(n as usize))]);
        let measured =
            LookAlikes::measure(&Templates::made(all.collect()), |_| true).expect("ten people");
        assert_eq!(
            (measured.people, measured.among, measured.pictures),
            (10, 10, [1, 1])
        );
        for (share, pass) in [(0.0, 0), (0.1, 1), (0.35, 3)] {
            let point = measured.at(measured.guard(share));
            assert!(point.look_alikes_confirmed.k <= pass, "{share}: {point:?}");
            assert_eq!(point.honest_referred.k, 0);
        }
    }

    #[test]
    fn who_is_there_under_two_names_is_nobodys_look_alike() {
        let person = |n: usize, aside: f32| {
            let mut values = vec![0.0; 20];
            (values[n], values[10 + n]) = (1.0, aside);
            Template::from_embedding(values).expect("a direction")
        };
        // The fourth is the first again.
        let all = [0, 1, 2, 0].into_iter().zip(0_u32..);
        let all = all.flat_map(|(n, s)| [(s, person(n, 0.0)), (s, person(n, 0.3))]);
        let templates = Templates::made(all.collect());
        for (case, counts, people, passing) in [
            ("all", [true; 8], 4, 2),
            (
                "one name left out",
                [true, true, true, true, true, true, false, false],
                3,
                0,
            ),
            (
                "a probe left out",
                [true, true, true, false, true, true, false, false],
                2,
                0,
            ),
        ] {
            let found = LookAlikes::measure(&templates, |i| counts[i]).expect("two people");
            assert_eq!(found.people, people, "{case}");
            let passes = found.at(0.5).look_alikes_confirmed.k;
            assert_eq!(passes, passing, "{case}");
        }
    }
}
