//! Drawn vehicles: textured plates that go across a textured lane.

use rowcall_face::Image;
use rowcall_rollcall::{Lane, Pass, Travel};

use super::{Follower, Place, chosen};

const WIDTH: i32 = 960;
const HEIGHT: i32 = 270;

/// A number without a pattern, of a place and what is there.
fn grain(x: i32, y: i32, of: u32) -> u32 {
    let mut n = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77) ^ of;
    n = (n ^ (n >> 15)).wrapping_mul(0x2C1B_3C6D);
    n = (n ^ (n >> 12)).wrapping_mul(0x297A_2D39);
    n ^ (n >> 15)
}

/// Light of a surface that has patches of `size` pixels.
fn surface(x: i32, y: i32, size: i32, of: u32) -> u8 {
    40 + (grain(x.div_euclid(size), y.div_euclid(size), of) % 150) as u8
}

/// What a drawn frame shows: vehicles as the leading edge of each, to the right, and how
/// long it is.
struct Drawn {
    vehicles: Vec<(f32, f32)>,
    is_plain: bool,
    travel: Travel,
    noise: u32,
}

impl Drawn {
    fn image(&self, number: u32) -> Image {
        let mut rgb = Vec::new();
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let along = match self.travel {
                    Travel::Right => x,
                    Travel::Left => WIDTH - 1 - x,
                };
                let vehicle = self.vehicles.iter().find_map(|(edge, length)| {
                    let back = edge - along as f32;
                    (0.0..*length).contains(&back).then_some(back as i32)
                });
                let light = match vehicle {
                    Some(_) if self.is_plain => 230,
                    Some(back) => surface(back, y, 31, 7),
                    None => surface(along, y, 80, 1) / 3,
                };
                let noise = grain(x, y, number + 99) % (2 * self.noise + 1);
                let light = u32::from(light) + noise;
                rgb.extend([light.saturating_sub(self.noise).min(255) as u8; 3]);
            }
        }
        Image::from_rgb(WIDTH as u32, HEIGHT as u32, rgb).expect("a picture")
    }
}

fn pass(travel: Travel) -> Pass {
    Pass {
        travel,
        edge: match travel {
            Travel::Right => 1.0,
            Travel::Left => 0.0,
        },
        band: (0.2, 0.8),
    }
}

/// Where a follower finds the vehicle in each frame, and where it is; in pixels.
fn follow(frames: impl Iterator<Item = Drawn>) -> Vec<(Place, f32)> {
    let mut follower = None;
    let mut found = Vec::new();
    for (i, drawn) in frames.enumerate() {
        let travel = drawn.travel;
        let follower = follower.get_or_insert_with(|| Follower::new(&pass(travel)));
        let edge = drawn.vehicles.first().map_or(0.0, |v| v.0);
        let right = edge - WIDTH as f32;
        let truth = match travel {
            Travel::Right => right,
            Travel::Left => -right,
        };
        found.push((follower.next(&drawn.image(i as u32)), truth));
    }
    found
}

/// A vehicle of this length that goes by these steps, from the empty lane on.
fn drive(travel: Travel, length: f32, steps: &[f32]) -> impl Iterator<Item = Drawn> {
    let mut edge = 0.0;
    let steps = [0.0].into_iter().chain(steps.to_vec());
    steps.map(move |step| {
        edge += step;
        Drawn {
            vehicles: vec![(edge, length)],
            is_plain: false,
            travel,
            noise: 4,
        }
    })
}

#[test]
fn a_vehicle_is_found_wherever_it_is() {
    let mut wrong = Vec::new();
    for travel in [Travel::Left, Travel::Right] {
        for step in [17.5, 62.25, 125.5, 250.75] {
            for length in if step < 20.0 {
                vec![1500.0]
            } else {
                vec![700.0, 1500.0]
            } {
                let count = (1.5 * WIDTH as f32 / step) as usize;
                let steps = vec![step; count];
                for (i, (place, truth)) in follow(drive(travel, length, &steps)).iter().enumerate()
                {
                    let case = format!("{travel:?} {step} {length}: frame {i} at {truth}");
                    match place {
                        Place::Nothing if i == 0 => {}
                        Place::At(offset) => {
                            let off = (offset.share * WIDTH as f32 - truth).abs();
                            let allowed = offset.uncertainty * WIDTH as f32;
                            if off > allowed {
                                wrong.push(format!("{case}: by {off}, of {allowed}"));
                            }
                        }
                        // Behind a picture's width hardly anything is left to go by.
                        _ if *truth > 0.2 * WIDTH as f32 || *truth < -0.2 * WIDTH as f32 => {}
                        other => wrong.push(format!("{case}: {other:?}")),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What becomes of frames in which it isn't certain where the vehicle is: the last of them
/// is unknown or empty, and none is placed wrongly.
#[test]
fn what_is_uncertain_has_no_place() {
    let right = Travel::Right;
    let at = |vehicles: Vec<(f32, f32)>| Drawn {
        vehicles,
        is_plain: false,
        travel: right,
        noise: 4,
    };
    let plain = |drawn: Drawn| Drawn {
        is_plain: true,
        ..drawn
    };
    let noisy = |drawn: Drawn| Drawn { noise: 20, ..drawn };
    let mut wrong = Vec::new();
    for (what, frames, last) in [
        (
            "it was there from the start, in all of the picture",
            vec![
                at(vec![(1200.0, 1500.0)]),
                at(vec![(1300.0, 1500.0)]),
                at(vec![(1400.0, 1500.0)]),
            ],
            Place::Unknown,
        ),
        (
            "it is nearly through as it is seen first",
            vec![at(vec![(0.0, 900.0)]), at(vec![(900.0, 900.0)])],
            Place::Unknown,
        ),
        (
            "nothing on it tells how far it went",
            drive(right, 1500.0, &[300.0; 5]).map(plain).collect(),
            Place::Unknown,
        ),
        (
            "another follows",
            vec![
                at(vec![(0.0, 500.0)]),
                at(vec![(300.0, 500.0)]),
                at(vec![(600.0, 500.0)]),
                at(vec![(800.0, 500.0), (200.0, 500.0)]),
            ],
            Place::Unknown,
        ),
        (
            "it has left, and the next one comes",
            vec![
                at(vec![(0.0, 500.0)]),
                at(vec![(300.0, 500.0)]),
                at(vec![(600.0, 500.0)]),
                at(vec![(900.0, 500.0)]),
                at(vec![(1200.0, 500.0)]),
                at(vec![(2000.0, 500.0)]),
                at(vec![(300.0, 500.0)]),
            ],
            Place::Unknown,
        ),
        (
            "too many frames are missing",
            vec![
                at(vec![(0.0, 1900.0)]),
                at(vec![(500.0, 1900.0)]),
                at(vec![(1700.0, 1900.0)]),
            ],
            Place::Unknown,
        ),
        (
            "it has left",
            drive(right, 400.0, &[200.0; 8]).collect(),
            Place::Nothing,
        ),
        (
            "a picture that is too small",
            vec![at(vec![(0.0, 500.0)]), at(vec![])],
            Place::Nothing,
        ),
    ] {
        let found = follow(frames.into_iter());
        for (place, truth) in &found {
            if let Place::At(offset) = place
                && (offset.share * WIDTH as f32 - truth).abs() > 0.03 * WIDTH as f32
            {
                wrong.push(format!("{what}: {place:?} is at {truth}"));
            }
        }
        let (place, _) = found.last().expect("frames");
        if *place != last {
            wrong.push(format!("{what}: {place:?}"));
        }
    }
    // Noise of a dark night makes no vehicle.
    let night = (0..4).map(|_| noisy(at(vec![])));
    for (place, _) in follow(night) {
        if place != Place::Nothing {
            wrong.push(format!("noise: {place:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_vehicle_that_stops_and_goes_on_is_followed() {
    let steps = [
        120.0, 120.0, 60.0, 20.0, 4.0, 0.0, 0.0, 0.0, -3.0, 0.0, 5.0, 40.0, 110.0, 160.0, 200.0,
        200.0,
    ];
    for (place, truth) in follow(drive(Travel::Left, 1300.0, &steps)).iter().skip(1) {
        let Place::At(offset) = place else {
            panic!("{place:?} at {truth}");
        };
        assert!((offset.share * WIDTH as f32 - truth).abs() <= offset.uncertainty * WIDTH as f32);
    }
}

#[test]
fn frames_that_show_a_seat_are_chosen_along_the_way() {
    let lane = Lane::parse(
        "format = 1\nname = \"pass\"\n[[camera]]\nname = \"right\"\npass = { travel = \"right\", edge = 1.0, band = [0.2, 0.8] }\n[[camera.zone]]\nseat = \"1-right\"\npolygon = [[0.6, 0.4], [0.8, 0.4], [0.8, 0.7], [0.6, 0.7]]\nface_width = [0.05, 0.14]\n",
    )
    .expect("a lane");
    let at = |share: f32| {
        Place::At(super::Offset {
            share,
            uncertainty: 0.01,
        })
    };
    let mut places = vec![Place::Nothing];
    // Until the seat is in, at -0.6, nothing of it is seen; beyond 0.2 it is gone.
    places.extend((0..=20).map(|i| at(-1.0 + 0.08 * i as f32)));
    places.insert(9, Place::Unknown);
    let all = chosen(&places, &lane.cameras[0], 64);
    assert!(
        !all.is_empty()
            && all
                .iter()
                .all(|i| matches!(places[*i], Place::At(o) if o.shows(&lane.cameras[0])))
    );
    let few = chosen(&places, &lane.cameras[0], 3);
    assert_eq!(few.len(), 3);
    assert_eq!((few[0], few[2]), (all[0], all[all.len() - 1]));
    assert!(chosen(&[Place::Nothing, Place::Unknown], &lane.cameras[0], 3).is_empty());
}

/// Whoever opted out is black wherever the vehicle is, and by what its place may be wrong
/// more; and the picture is moved back to the zones.
#[test]
fn who_opted_out_is_masked_where_the_vehicle_is() {
    let lane = Lane::parse(
        "format = 1\nname = \"pass\"\n[[camera]]\nname = \"right\"\npass = { travel = \"right\", edge = 1.0, band = [0.2, 0.8] }\n[[camera.zone]]\nseat = \"1-right\"\npolygon = [[0.6, 0.4], [0.8, 0.4], [0.7, 0.7]]\nface_width = [0.05, 0.14]\n",
    )
    .expect("a lane");
    let out = lane.seats();
    for share in [-0.5, -0.1, 0.0, 0.2] {
        let offset = super::Offset {
            share,
            uncertainty: 0.03,
        };
        // White everywhere, and a red mark on the vehicle beside the seat.
        let mark = ((0.9 + share) * 1000.0) as u32;
        let mut rgb = vec![255; 3 * 1000 * 100];
        for y in 0..100 {
            for x in mark..(mark + 5).min(1000) {
                let i = 3 * (1000 * y + x as usize);
                rgb[i + 1..i + 3].fill(0);
            }
        }
        let image = Image::from_rgb(1000, 100, rgb).expect("a picture");
        let ready = crate::frame::Ready::passing(image, "right", &lane, &out, offset);
        let at = |x: usize, y: usize| {
            let i = 3 * (1000 * y + x);
            <[u8; 3]>::try_from(&ready.image().rgb()[i..i + 3]).expect("a pixel")
        };
        for (x, y) in [(601, 41), (799, 69), (561, 50), (839, 50), (601, 69)] {
            assert_eq!(at(x, y), [0; 3], "{share}: {x} {y}");
        }
        if share < 0.1 {
            assert_eq!(at(902, 50), [255, 0, 0], "{share}: the mark");
        }
        assert_ne!(at(500, 90), [0; 3], "{share}: the rest stays");
    }
}
