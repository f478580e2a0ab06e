//! Vehicles drawn from a set of people and given vehicles.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use rowcall_words::seat::Seat;

use super::{CameraFault, Composition, DocumentPlan, Kind, PortraitPlan, SeatPlan, Second, When};
use crate::{Error, ErrorKind};

/// What 22 vehicles in a row are: the more telling a kind, the more of it.
const PATTERN: [Kind; 22] = [
    Kind::OwnDocuments,
    Kind::LookAlike,
    Kind::TwoPeople,
    Kind::OwnDocuments,
    Kind::WrongHolder,
    Kind::UntrustedPage,
    Kind::OwnDocuments,
    Kind::LookAlike,
    Kind::Bystander,
    Kind::AbsentHolder,
    Kind::OwnDocuments,
    Kind::TwoPeople,
    Kind::DeadCamera,
    Kind::OwnDocuments,
    Kind::MixedPage,
    Kind::LookAlike,
    Kind::WrongHolder,
    Kind::OwnDocuments,
    Kind::TwoPeople,
    Kind::Bystander,
    Kind::AbsentHolder,
    Kind::FrozenCamera,
];
/// How many people sit in honest vehicles, and in the others, one after another.
const HONEST: [usize; 10] = [2, 1, 5, 3, 8, 2, 4, 7, 1, 6];
const OTHERS: [usize; 4] = [2, 1, 2, 3];

/// A vehicle that others are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenVehicle {
    /// The seats that faces can be put on, the driver's first.
    pub seats: Vec<Seat>,
    /// How many cameras look at it.
    pub cameras: usize,
}

/// What vehicles are drawn from.
#[derive(Clone, Debug)]
pub struct Pool {
    /// People with a portrait and another photograph, by number.
    pub people: Vec<usize>,
    /// Vehicles to put them into.
    pub vehicles: Vec<GivenVehicle>,
    /// Frames of each camera.
    pub frames: usize,
    /// What the draws start from.
    pub seed: u64,
}

impl Pool {
    /// The `number`-th vehicle. `look_alike` gives the person of the whole set whose
    /// portrait is most like a person's other photograph.
    ///
    /// # Errors
    /// [`ErrorKind::TooFew`] for fewer than 20 people or no vehicle; what
    /// `look_alike` says.
    pub fn composition<E: From<Error>>(
        &self,
        number: u64,
        mut look_alike: impl FnMut(usize) -> Result<usize, E>,
    ) -> Result<Composition, E> {
        if self.people.len() < 20 || self.vehicles.is_empty() {
            let why = format!(
                "{} people with two usable pictures and {} vehicles: 20 and one are the least to compose from",
                self.people.len(),
                self.vehicles.len()
            );
            return Err(Error::new(ErrorKind::TooFew, why).into());
        }
        let mut draw = Draw::new(self.seed, number);
        let place = (number % PATTERN.len() as u64) as usize;
        let (kind, round) = (PATTERN[place], (number / PATTERN.len() as u64) as usize);
        let alike = PATTERN.iter().filter(|k| k.is_honest() == kind.is_honest());
        let before = PATTERN[..place].iter();
        let before = before.filter(|k| k.is_honest() == kind.is_honest());
        let nth = round * alike.count() + before.count();
        let wanted = match kind {
            // A face between the seats needs a vehicle of two.
            Kind::Bystander => 2,
            _ if kind.is_honest() => HONEST[nth % HONEST.len()],
            _ => OTHERS[nth % OTHERS.len()],
        };
        let vehicle = self.vehicle(wanted, &mut draw);
        let given = &self.vehicles[vehicle];
        let mut rest: Vec<Seat> = given.seats[1..].to_vec();
        draw.shuffle(&mut rest);
        let count = wanted.min(given.seats.len());
        let mut seats = vec![given.seats[0]];
        seats.extend(rest.into_iter().take(count - 1));
        seats.sort();
        let mut people = Distinct::default();
        let mut seats: Vec<SeatPlan> = seats
            .into_iter()
            .map(|seat| SeatPlan {
                seat,
                person: people.draw(self, &mut draw),
                second: None,
            })
            .collect();
        let own = |person| DocumentPlan {
            holder: person,
            portrait: PortraitPlan::Of(person),
            is_altered: false,
        };
        let mut documents: Vec<DocumentPlan> = seats.iter().map(|s| own(s.person)).collect();
        let (mut fault, mut bystander) = (None, None);
        // Whoever isn't in order sits in front, where cameras see best.
        let front = seats.iter().filter(|s| s.seat.row == 1).count().max(1);
        let odd = draw.below(front);
        match kind {
            Kind::OwnDocuments => {}
            Kind::AbsentHolder => documents.push(own(people.draw(self, &mut draw))),
            Kind::WrongHolder => documents[odd] = own(people.draw(self, &mut draw)),
            Kind::LookAlike => {
                let other = look_alike(seats[odd].person)?;
                // Who happens to sit beside would have two documents.
                if !people.0.contains(&other) {
                    documents[odd] = own(other);
                } else {
                    documents[odd] = own(people.draw(self, &mut draw));
                }
            }
            Kind::TwoPeople => {
                let person = people.draw(self, &mut draw);
                let few = 1 + draw.below(self.frames.saturating_sub(1).max(1));
                let when = match draw.below(5) {
                    0 | 1 => When::First(few),
                    2 | 3 => When::Last(few),
                    _ => When::Camera(0),
                };
                seats[odd].second = Some(Second { person, when });
            }
            Kind::UntrustedPage | Kind::MixedPage => {
                let absent = people.draw(self, &mut draw);
                let occupant = seats[odd].person;
                documents[odd] = own(absent);
                documents.push(DocumentPlan {
                    holder: absent,
                    portrait: match kind {
                        Kind::MixedPage => PortraitPlan::Mixed(occupant, absent),
                        _ => PortraitPlan::Of(occupant),
                    },
                    // Every second one couldn't confirm anybody; the others are as
                    // good as any printed page.
                    is_altered: round.is_multiple_of(2),
                });
            }
            Kind::Bystander => bystander = Some(people.draw(self, &mut draw)),
            Kind::DeadCamera => {
                fault = Some((CameraFault::Dead, draw.below(given.cameras)));
            }
            Kind::FrozenCamera => {
                fault = Some((CameraFault::Frozen, draw.below(given.cameras)));
            }
        }
        Ok(Composition {
            number,
            kind,
            vehicle,
            seats,
            documents,
            fault,
            bystander,
        })
    }

    /// One of the vehicles with the fewest seats that are enough, or else one of
    /// those with the most.
    fn vehicle(&self, wanted: usize, draw: &mut Draw) -> usize {
        let sizes = self.vehicles.iter().map(|v| v.seats.len());
        let enough = sizes.clone().filter(|&n| n >= wanted).min();
        let size = enough.or(sizes.max()).unwrap_or(0);
        let fit: Vec<usize> = (0..self.vehicles.len())
            .filter(|&v| self.vehicles[v].seats.len() == size)
            .collect();
        fit[draw.below(fit.len())]
    }
}

/// People of one vehicle, each once.
#[derive(Default)]
struct Distinct(Vec<usize>);

impl Distinct {
    fn draw(&mut self, pool: &Pool, draw: &mut Draw) -> usize {
        loop {
            let person = pool.people[draw.below(pool.people.len())];
            if !self.0.contains(&person) {
                self.0.push(person);
                return person;
            }
        }
    }
}

/// The random numbers of one vehicle: its own stream of the seed.
struct Draw(ChaCha8Rng);

impl Draw {
    fn new(seed: u64, number: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        Self(random)
    }

    /// Uniform below `n`, which is far below 2^32.
    fn below(&mut self, n: usize) -> usize {
        (self.0.next_u64() % n.max(1) as u64) as usize
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            values.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GivenVehicle, Pool};
    use crate::{
        Error,
        composed::{Kind, When},
    };

    fn pool() -> Pool {
        let seats = |names: &[&str]| {
            names
                .iter()
                .map(|n| n.parse().expect("a seat"))
                .collect::<Vec<_>>()
        };
        let given = |names: &[&str]| GivenVehicle {
            seats: seats(names),
            cameras: 3,
        };
        Pool {
            people: (0..40).collect(),
            vehicles: vec![
                given(&["1-left", "1-right"]),
                given(&["1-left", "1-right", "2-left", "2-right"]),
            ],
            frames: 2,
            seed: 7,
        }
    }

    fn all() -> Vec<super::Composition> {
        let like = |person: usize| -> Result<usize, Error> { Ok((person + 1) % 40) };
        (0..220)
            .map(|n| pool().composition(n, like).expect("enough people"))
            .collect()
    }

    #[test]
    fn a_seed_gives_the_same_vehicles_and_every_kind_is_what_it_says() {
        let drawn = all();
        assert_eq!(drawn, all());
        let kinds: BTreeSet<Kind> = drawn.iter().map(|c| c.kind).collect();
        assert_eq!(kinds, Kind::ALL.into_iter().collect());
        for c in &drawn {
            let honest = c.seats.iter().filter(|s| c.is_honest(s)).count();
            let (seats, documents) = (c.seats.len(), c.documents.len());
            let expected = match c.kind {
                Kind::OwnDocuments | Kind::Bystander | Kind::DeadCamera | Kind::FrozenCamera => {
                    (seats, seats)
                }
                Kind::AbsentHolder => (seats, seats + 1),
                Kind::WrongHolder | Kind::LookAlike | Kind::TwoPeople => (seats - 1, seats),
                Kind::UntrustedPage | Kind::MixedPage => (seats - 1, seats + 1),
            };
            assert_eq!((honest, documents), expected, "{c:?}");
            assert_eq!(c.bystander.is_some(), c.kind == Kind::Bystander);
            let people: BTreeSet<usize> = c.seats.iter().map(|s| s.person).collect();
            assert_eq!(people.len(), seats, "{c:?}");
        }
    }

    #[test]
    fn somebody_else_is_there_in_some_frames_and_not_in_all() {
        for (when, expected) in [
            (When::First(1), [true, false, false]),
            (When::Last(2), [false, true, true]),
            (When::Camera(0), [false, false, false]),
        ] {
            let seen = [0, 1, 2].map(|i| when.includes(1, i, 3));
            assert_eq!(seen, expected, "{when:?}");
        }
    }

    #[test]
    fn too_few_people_are_refused() {
        let mut few = pool();
        few.people.truncate(5);
        assert!(few.composition(0, Ok::<_, Error>).is_err());
    }
}
