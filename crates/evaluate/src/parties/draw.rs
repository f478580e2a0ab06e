//! Parties drawn from a set of faces.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use rowcall_face::Score;

use crate::{Error, ErrorKind, Templates, scores::on_every_core};

/// The most people in a party, and the most documents missing or in excess.
pub(super) const MOST_PEOPLE: usize = 8;
pub(super) const MOST_ODD: usize = 2;

/// Who may ride together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kinship {
    /// Anybody with anybody.
    Strangers,
    /// Each with the person of the set whose pictures are most like theirs:
    /// what stands in for relatives.
    LookAlikes,
}

/// A vehicle's scores and what is true of them.
pub(super) struct Party {
    /// By occupant and document.
    pub(super) scores: Vec<Vec<Score>>,
    /// Each occupant's own document.
    pub(super) own: Vec<Option<usize>>,
    pub(super) documents: usize,
}

/// The people that parties are drawn from: those with two pictures at least.
pub(super) struct Pool<'a> {
    templates: &'a Templates,
    people: Vec<Vec<usize>>,
    /// The most similar other person of each.
    nearest: Vec<usize>,
}

impl<'a> Pool<'a> {
    pub(super) fn new(templates: &'a Templates) -> Result<Self, Error> {
        let people: Vec<Vec<usize>> = templates
            .by_subject()
            .into_iter()
            .filter(|pictures| pictures.len() > 1)
            .collect();
        let least = 4 * (MOST_PEOPLE + MOST_ODD);
        if people.len() < least {
            let detail = format!(
                "{} people have two usable pictures; parties are drawn from {least} at least",
                people.len()
            );
            return Err(Error::new(ErrorKind::TooFew, detail));
        }
        let alike = |a: usize, b: usize| {
            let pairs = people[a]
                .iter()
                .flat_map(|i| people[b].iter().map(move |j| (*i, *j)));
            let scores = pairs.map(|(i, j)| f64::from(templates.score(i, j).0));
            scores.sum::<f64>() / (people[a].len() * people[b].len()) as f64
        };
        let parts = on_every_core(people.len(), Vec::new, |own, a| {
            let others = (0..people.len()).filter(|b| *b != a);
            let nearest = others.map(|b| (alike(a, b), b)).max_by(|x, y| {
                // The first of equals, so that no order of work shows.
                x.0.total_cmp(&y.0).then(y.1.cmp(&x.1))
            });
            own.push((a, nearest.map_or(a, |n| n.1)));
        });
        let mut nearest: Vec<(usize, usize)> = parts.into_iter().flatten().collect();
        nearest.sort_unstable();
        Ok(Self {
            templates,
            people,
            nearest: nearest.into_iter().map(|n| n.1).collect(),
        })
    }

    pub(super) fn people(&self) -> usize {
        self.people.len()
    }

    /// The `number`-th party of a seed: 1 to 8 occupants, 0 to 2 of them without
    /// their document, and 0 to 2 documents of people who aren't there.
    pub(super) fn party(&self, kinship: Kinship, seed: u64, number: u64) -> Party {
        let mut random = Random::new(seed, number);
        let occupants = 1 + random.below(MOST_PEOPLE);
        let missing = random.below(MOST_ODD + 1).min(occupants);
        let extra = random.below(MOST_ODD + 1);
        let mut chosen = self.choose(kinship, occupants + extra, &mut random);
        // Who lacks a document and who is absent is drawn too.
        random.shuffle(&mut chosen);
        let (inside, absent) = chosen.split_at(occupants);
        let holders: Vec<usize> = inside[missing..].iter().chain(absent).copied().collect();
        let own = (0..occupants).map(|i| i.checked_sub(missing)).collect();
        self.meet(inside, &holders, own, &mut random)
    }

    /// The `number`-th vehicle in which every occupant is a stranger to every
    /// document; with look-alikes each document is of an occupant's look-alike
    /// as far as there are occupants.
    pub(super) fn strangers(&self, kinship: Kinship, seed: u64, number: u64) -> Party {
        let mut random = Random::new(seed, number);
        let occupants = 1 + random.below(MOST_PEOPLE);
        let documents = 1 + random.below(MOST_PEOPLE);
        let pairs = occupants.max(documents);
        let chosen = self.choose(kinship, 2 * pairs, &mut random);
        let inside: Vec<usize> = chosen.iter().step_by(2).take(occupants).copied().collect();
        let holders: Vec<usize> = chosen
            .iter()
            .skip(1)
            .step_by(2)
            .take(documents)
            .copied()
            .collect();
        self.meet(&inside, &holders, vec![None; occupants], &mut random)
    }

    /// Distinct people; with look-alikes each second one is like the first.
    fn choose(&self, kinship: Kinship, count: usize, random: &mut Random) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        while chosen.len() < count {
            let like = chosen.last().map(|&last| self.nearest[last]);
            let next = match like.filter(|_| chosen.len() % 2 == 1) {
                Some(like) if kinship == Kinship::LookAlikes && !chosen.contains(&like) => like,
                _ => random.below(self.people.len()),
            };
            if !chosen.contains(&next) {
                chosen.push(next);
            }
        }
        chosen
    }

    /// Scores of one picture of each occupant with one of each holder; somebody
    /// who is both gives two different pictures.
    fn meet(
        &self,
        inside: &[usize],
        holders: &[usize],
        own: Vec<Option<usize>>,
        random: &mut Random,
    ) -> Party {
        let mut draw = |person: usize, other_than: Option<usize>| loop {
            let pictures = &self.people[person];
            let picture = pictures[random.below(pictures.len())];
            if Some(picture) != other_than {
                break picture;
            }
        };
        let references: Vec<usize> = holders.iter().map(|&h| draw(h, None)).collect();
        let probes: Vec<usize> = inside
            .iter()
            .zip(&own)
            .map(|(&p, own)| draw(p, own.map(|j| references[j])))
            .collect();
        let row = |&probe: &usize| {
            let scores = references.iter().map(|&r| self.templates.score(probe, r));
            scores.collect()
        };
        Party {
            scores: probes.iter().map(row).collect(),
            own,
            documents: holders.len(),
        }
    }
}

/// The random numbers of one party: its own stream of the seed, so that parties
/// can be drawn in any order.
struct Random(ChaCha8Rng);

impl Random {
    fn new(seed: u64, number: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        Self(random)
    }

    /// Uniform below `n`, which is far below 2^32 (the bias of a remainder is
    /// below n / 2^64).
    fn below(&mut self, n: usize) -> usize {
        (self.0.next_u64() % n as u64) as usize
    }

    fn shuffle(&mut self, values: &mut [usize]) {
        for i in (1..values.len()).rev() {
            values.swap(i, self.below(i + 1));
        }
    }
}
