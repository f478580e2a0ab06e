//! The frames, each composed on one core.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use image::codecs::jpeg::JpegEncoder;
use rowcall_face::{Analyser, Detection, Point, Search, Worker};
use rowcall_simulate::{
    Error, Face, Linear, Pane, Print, Source, Veil, Window, expose, glaze, hide, put_face,
    put_print,
};
use rowcall_words::seat::Seat;

use crate::{
    failure::Failure, private, simulate::Args, simulate::plan::Person, simulate::plan::Plan,
    simulate::plan::SeatPlan, simulate::plan::decode, simulate::plan::five, simulate::plan::light,
    simulate::truth::Place, simulate::truth::Truth,
};

/// A face hidden or turned by more than this can't be another's honestly.
const LEAST_VISIBLE: f32 = 0.95;
const MOST_TURNED: f32 = 30.0;
/// A passport's page held up is some 1.3 times as wide as a head.
const PRINT_WIDTH: f32 = 1.3;
/// Skin reflects about a third of what white paper does.
const PAPER_OVER_SKIN: f32 = 3.0;

/// Renders all frames; how many faces or prints were put, and how many faces
/// made unrecognisable.
pub(super) fn render(
    args: &Args,
    analyser: &Analyser,
    truth: &mut Truth,
    plan: &Plan,
    folder: &Path,
) -> Result<(usize, usize), Failure> {
    let frames = truth.frames()?;
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(frames.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let worker = Worker::new();
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some((file, places)) = frames.get(i) else {
                        break;
                    };
                    let outcome = frame(args, analyser, plan, folder, (i, file, places), &worker);
                    outcomes
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((i, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|(i, _)| *i);
    let mut counts = (0, 0);
    for (i, outcome) in outcomes {
        for (seat, was_put) in outcome? {
            if was_put {
                counts.0 += 1;
            } else {
                counts.1 += 1;
                truth.hide(i, seat);
            }
        }
    }
    Ok(counts)
}

/// One frame; for each seat that got somebody, whether that could be shown.
fn frame(
    args: &Args,
    analyser: &Analyser,
    plan: &Plan,
    folder: &Path,
    (number, file, places): (usize, &str, &[Place]),
    worker: &Worker,
) -> Result<Vec<(Seat, bool)>, Failure> {
    let source = args.vehicle.join(file);
    let failed = |e: Error| Failure::file(&source, &e);
    let image = decode(&source)?;
    let mut scene = light(&image, &source)?;
    let found = analyser
        .detector
        .detect(&image, Search::Frame, worker)
        .map_err(|e| Failure::file(&source, &e))?;
    let mut shown = Vec::new();
    let mut metered = Face {
        x: 0.0,
        y: 0.0,
        eye_distance: 40.0,
    };
    for place in places {
        let eyes = Eyes::of(place);
        metered = Face {
            x: eyes.x,
            y: eyes.y,
            eye_distance: eyes.distance,
        };
        let Some(own) = plan.seats.get(&place.seat) else {
            continue;
        };
        if let Some(person) = &own.person {
            let seed = args.seed.wrapping_mul(1_000_003) ^ number as u64;
            let was_put = put(&mut scene, person, place, &eyes, &found, seed).map_err(failed)?;
            shown.push((place.seat, was_put));
        }
        window(&mut scene, own, place, &eyes, args.seed).map_err(failed)?;
    }
    let seed = args.seed.wrapping_add(number as u64);
    let picture = expose(scene, metered, &args.conditions(), seed).map_err(failed)?;
    let target = folder.join(file);
    let parent = target.parent().unwrap_or(folder);
    private::make_folder(parent).map_err(|e| Failure::file(parent, &e))?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, args.jpeg)
        .encode_image(&picture)
        .map_err(|e| Failure::file(&target, &e))?;
    private::write(&target, &jpeg).map_err(|e| Failure::file(&target, &e))?;
    Ok(shown)
}

/// The eyes of an occupant by the truth.
pub(crate) struct Eyes {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) distance: f32,
}

impl Eyes {
    pub(crate) fn of(place: &Place) -> Self {
        let [a, b] = place.eyes;
        Self {
            x: (a[0] + b[0]) / 2.0,
            y: (a[1] + b[1]) / 2.0,
            // A turned head has its eyes closer than it is wide.
            distance: (a[0] - b[0])
                .hypot(a[1] - b[1])
                .max((place.head[2] - place.head[0]) / 3.2),
        }
    }
}

/// Puts somebody or something on a seat; whether it could be shown honestly.
///
/// # Errors
/// As [`put_face`] and [`put_print`].
pub(crate) fn put(
    scene: &mut Linear,
    person: &Person,
    place: &Place,
    eyes: &Eyes,
    found: &[Detection],
    seed: u64,
) -> Result<bool, Error> {
    match person {
        Person::Print(picture) => {
            let [left, top, right, bottom] = place.head;
            let print = Print {
                x: (left + right) / 2.0,
                y: (top + bottom) / 2.0 + 0.1 * (bottom - top),
                width: PRINT_WIDTH * (right - left),
                white: (PAPER_OVER_SKIN * scene.mean_near(eyes.x, eyes.y, eyes.distance)).min(1.1),
            };
            put_print(scene, &picture.light, &print, seed)?;
            Ok(true)
        }
        Person::Face(picture, _) => {
            let near = |d: &&Detection| {
                d.landmarks
                    .right_eye
                    .midpoint(d.landmarks.left_eye)
                    .distance(Point::new(eyes.x, eyes.y))
                    < 0.4 * eyes.distance
            };
            let own = found.iter().find(near);
            match own {
                Some(d) if place.visible >= LEAST_VISIBLE && place.turned <= MOST_TURNED => {
                    put_face(
                        scene,
                        &picture.light,
                        &picture.landmarks,
                        &five(&d.landmarks),
                    )?;
                    Ok(true)
                }
                Some(d) => {
                    hide(scene, &five(&d.landmarks));
                    Ok(false)
                }
                None => {
                    hide(scene, &average(eyes));
                    Ok(false)
                }
            }
        }
    }
}

/// Where an average face's landmarks are, from its eyes alone.
fn average(eyes: &Eyes) -> [[f32; 2]; 5] {
    let at = |x: f32, y: f32| [eyes.x + x * eyes.distance, eyes.y + y * eyes.distance];
    [
        at(-0.5, 0.0),
        at(0.5, 0.0),
        at(0.0, 0.6),
        at(-0.4, 1.1),
        at(0.4, 1.1),
    ]
}

fn window(
    scene: &mut Linear,
    own: &SeatPlan,
    place: &Place,
    eyes: &Eyes,
    seed: u64,
) -> Result<(), Error> {
    if own.tint.is_none() && own.sky.is_none() {
        return Ok(());
    }
    let [left, top, right, bottom] = place.head;
    let (w, h) = (right - left, bottom - top);
    let window = Window {
        edges: [
            left - 0.7 * w,
            top - 0.35 * h,
            right + 0.7 * w,
            bottom + 0.5 * h,
        ],
        eye_distance: eyes.distance,
    };
    let pane = Pane {
        transmission: own.tint.unwrap_or(0.918),
        angle: 40.0,
        lit_through: own.tint.is_some(),
    };
    let veil = own.sky.map(|luminance| Veil {
        source: Source::Sky,
        luminance,
    });
    glaze(scene, &window, &pane, veil.as_ref(), seed)
}
