//! A given vehicle passes its cameras.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

use image::codecs::jpeg::JpegEncoder;
use indicatif::ProgressBar;
use rowcall_pipeline::{folder::entries::read_text, workers::on_every_core};
use rowcall_rollcall::{Lane, Travel};
use rowcall_simulate::{
    Camera, Conditions, Draws, Exposure, Face, Linear, Pane, Passing, Source, Veil, Window,
    empty_lane, expose, glaze, pass,
};

use super::{
    Args,
    frames::Eyes,
    plan::{decode, light},
    truth::Truth,
};
use crate::{failure::Failure, output, private};

/// How a vehicle drives by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drive {
    /// Kilometres an hour; 0 stands.
    pub(crate) speed: f32,
    /// Frames a second.
    pub(crate) rate: f32,
    /// Milliseconds that the shutter is open.
    pub(crate) shutter: f32,
    /// Quality of the JPEG frames.
    pub(crate) jpeg: u8,
    /// What differs from pass to pass comes from this.
    pub(crate) seed: u64,
}

/// The shutter of the given frames, in milliseconds (an assumption).
const GIVEN_SHUTTER: f32 = 5.0;
/// Decibels of a doubling.
const DOUBLING: f32 = 6.0206;
/// Between the eyes, in metres: what tells how large a vehicle is in a picture.
const EYES: f32 = 0.063;
/// From a camera to the glass, in metres (an assumption).
const DISTANCE: f32 = 2.0;
/// The clear glass that is looked through at an angle along the way.
const CLEAR: f32 = 0.918;
/// The brightest sky that it mirrors, as a multiple of white in the cabin.
const BRIGHTEST: f32 = 3.0;
/// Frames that a camera takes of one pass at most.
const MOST: usize = 600;

/// A frame to render.
struct Shot {
    file: String,
    /// The given frame, by its place in the truth, and how far it is moved; none of the
    /// empty lane.
    shown: Option<(usize, f32)>,
    travel_way: f32,
    metres: f32,
    scene: u64,
}

/// `rowcall simulate --pass`.
///
/// # Errors
/// What makes the folder impossible; it isn't there then.
pub(super) fn run(args: &Args, speed: f32, lane_path: &Path) -> Result<ExitCode, Failure> {
    let text = read_text(lane_path)?;
    let lane = Lane::parse(&text).map_err(|e| Failure::file(lane_path, &e))?;
    let drive = Drive {
        speed,
        rate: args.rate,
        shutter: args.shutter,
        jpeg: args.jpeg,
        seed: args.seed,
    };
    let half = args.output.with_extension("part");
    let made = render(&args.vehicle, &lane, &half, &drive).and_then(|frames| {
        // The lane file goes with it: relative to nothing else.
        let lane = lane_path
            .canonicalize()
            .map_err(|e| Failure::file(lane_path, &e))?;
        let mut table = toml::Table::new();
        table.insert("lane".into(), lane.to_string_lossy().into_owned().into());
        let given = args.vehicle.join("vehicle.toml");
        if given.is_file() {
            let own: toml::Table = read_text(&given)?
                .parse()
                .map_err(|e| Failure::file(&given, &e))?;
            let kept = own.into_iter().filter(|(key, _)| key != "lane");
            table.extend(kept);
        }
        let file = half.join("vehicle.toml");
        fs::write(&file, table.to_string()).map_err(|e| Failure::file(&file, &e))?;
        fs::rename(&half, &args.output).map_err(|e| Failure::file(&args.output, &e))?;
        Ok(frames)
    });
    if made.is_err() {
        let _ = fs::remove_dir_all(&half);
    }
    let frames = made?;
    output::line(format_args!(
        "{}: {frames} frames of a pass at {speed} km/h",
        args.output.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Renders the passing vehicle's folder but its vehicle.toml; how many frames.
///
/// # Errors
/// A lane without a camera that vehicles pass, a value out of its range, a truth that
/// isn't one, or a folder that can't be written.
pub(crate) fn render(
    vehicle: &Path,
    lane: &Lane,
    folder: &Path,
    drive: &Drive,
) -> Result<usize, Failure> {
    drive.check()?;
    let mut truth = Truth::read(vehicle)?;
    let given = truth.frames()?;
    let shots = drive.shots(&given, lane, vehicle)?;
    private::make_folder(folder).map_err(|e| Failure::file(folder, &e))?;
    truth.copy_all_documents(vehicle, folder)?;
    // Each given frame is decoded once.
    let mut light_of = BTreeMap::new();
    for shot in &shots {
        if let Some((source, _)) = shot.shown
            && !light_of.contains_key(&source)
        {
            let path = vehicle.join(&given[source].0);
            light_of.insert(source, light(&decode(&path)?, &path)?);
        }
    }
    let (width, height) = match light_of.values().next() {
        Some(light) => light.dimensions(),
        None => return Err(Failure::file(vehicle, &"no frame of it shows anything")),
    };
    let mut lanes = BTreeMap::new();
    for shot in &shots {
        let lane = lanes.entry(shot.scene);
        lane.or_insert_with(|| empty_lane(width, height, shot.scene));
    }
    let done = on_every_core(shots.len(), &ProgressBar::hidden(), |i, _| {
        drive.expose(&shots[i], (&lanes, &light_of), folder, i as u64)
    });
    done.into_iter().collect::<Result<(), Failure>>()?;
    let frames: Vec<_> = shots
        .into_iter()
        .map(|shot| (shot.file, shot.shown))
        .collect();
    let said = format!(
        "it passes at {} km/h, shutter {} ms",
        drive.speed, drive.shutter
    );
    truth.write_pass(folder, &frames, &said)?;
    Ok(frames.len())
}

impl Drive {
    fn check(&self) -> Result<(), Failure> {
        for (what, value, range) in [
            ("--pass", self.speed, 0.0..=60.0),
            ("--rate", self.rate, 1.0..=120.0),
            ("--shutter", self.shutter, 0.05..=20.0),
        ] {
            if !range.contains(&value) {
                return Err(Failure::new(format!(
                    "{what} {value}: it isn't between {} and {}",
                    range.start(),
                    range.end()
                )));
            }
        }
        Ok(())
    }

    /// What each camera that vehicles pass takes, from the empty lane until the vehicle has
    /// left.
    fn shots(
        &self,
        given: &[(String, Vec<super::truth::Place>)],
        lane: &Lane,
        vehicle: &Path,
    ) -> Result<Vec<Shot>, Failure> {
        let mut draws = Draws::new(self.seed);
        let speed = self.speed / 3.6 * draws.between(0.95, 1.05);
        let mut shots = Vec::new();
        for (number, camera) in lane.cameras.iter().enumerate() {
            let Some(how) = &camera.pass else { continue };
            let start = format!("frames/{}/", camera.name);
            let sources: Vec<usize> = (0..given.len())
                .filter(|i| given[*i].0.starts_with(&start))
                .collect();
            let Some(first) = sources.first() else {
                continue;
            };
            let eyes = given.iter().filter(|(file, _)| file.starts_with(&start));
            let mut eyes: Vec<f32> = eyes
                .flat_map(|(_, places)| places.iter().map(|p| Eyes::of(p).distance))
                .collect();
            eyes.sort_by(f32::total_cmp);
            let metre = eyes
                .get(eyes.len() / 2)
                .map_or(640.0, |middle| middle / EYES);
            let path = vehicle.join(&given[*first].0);
            let width = decode(&path)?.width() as f32;
            let scene = self.seed.wrapping_mul(31).wrapping_add(number as u64);
            let step = speed * metre / self.rate;
            let way = speed * metre * self.shutter / 1000.0;
            let file = |i: usize| format!("{start}{:04}.jpg", i + 1);
            if self.speed == 0.0 {
                shots.extend(sources.iter().enumerate().map(|(i, source)| Shot {
                    file: file(i),
                    shown: Some((*source, 0.0)),
                    travel_way: 0.0,
                    metres: 0.0,
                    scene,
                }));
                continue;
            }
            let mut edge = -draws.between(0.0, 1.0) * step;
            let count = ((2.0 * width - edge) / step) as usize + 2;
            if count > MOST {
                return Err(Failure::new(format!(
                    "--pass {}: {count} frames of one camera are more than {MOST}: be faster, or take fewer a second",
                    self.speed
                )));
            }
            for i in 0..count {
                let ahead = edge - width;
                let shift = match how.travel {
                    Travel::Right => ahead,
                    Travel::Left => -ahead,
                };
                shots.push(Shot {
                    file: file(i),
                    shown: (edge > 0.0 && edge < 2.0 * width)
                        .then(|| (sources[i * sources.len() / count], shift)),
                    travel_way: way,
                    metres: ahead / metre,
                    scene,
                });
                edge += step;
            }
        }
        match shots.is_empty() {
            true => Err(Failure::new(
                "the lane has no camera with a pass of which the vehicle has frames".to_owned(),
            )),
            false => Ok(shots),
        }
    }

    fn expose(
        &self,
        shot: &Shot,
        (lanes, light_of): (&BTreeMap<u64, Linear>, &BTreeMap<usize, Linear>),
        folder: &Path,
        number: u64,
    ) -> Result<(), Failure> {
        let target = folder.join(&shot.file);
        let failed = |e: &dyn std::fmt::Display| Failure::file(&target, e);
        let mut scene = lanes[&shot.scene].clone();
        let (width, height) = scene.dimensions();
        let mut draws = Draws::new(shot.scene);
        let luminance = draws.between(0.0, BRIGHTEST);
        if let Some((source, shift)) = shot.shown {
            let passing = Passing {
                shift,
                way: shot.travel_way.min(64.0),
            };
            scene = pass(&scene, &light_of[&source], &passing).map_err(|e| failed(&e))?;
            let (w, h) = (width as f32, height as f32);
            let window = Window {
                edges: [shift, 0.1 * h, shift + w, 0.8 * h],
                eye_distance: 60.0,
            };
            let pane = Pane {
                transmission: CLEAR,
                angle: (shot.metres / DISTANCE).abs().atan().to_degrees().min(80.0),
                lit_through: false,
            };
            let veil = Veil {
                source: Source::Sky,
                luminance,
            };
            glaze(&mut scene, &window, &pane, Some(&veil), shot.scene).map_err(|e| failed(&e))?;
        }
        let shutter = match self.speed > 0.0 {
            true => self.shutter,
            false => GIVEN_SHUTTER,
        };
        let stops = (shutter / GIVEN_SHUTTER).log2();
        let conditions = Conditions {
            camera: Camera {
                exposure: Exposure::Fixed {
                    stops,
                    gain: (-stops * DOUBLING).clamp(0.0, 48.0),
                },
                ..Camera::default()
            },
            ..Conditions::default()
        };
        let middle = Face {
            x: width as f32 / 2.0,
            y: height as f32 / 2.0,
            eye_distance: 60.0,
        };
        let seed = shot.scene.wrapping_mul(1_000_003).wrapping_add(number);
        let picture = expose(scene, middle, &conditions, seed).map_err(|e| failed(&e))?;
        if let Some(parent) = target.parent() {
            private::make_folder(parent).map_err(|e| Failure::file(parent, &e))?;
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, self.jpeg)
            .encode_image(&picture)
            .map_err(|e| failed(&e))?;
        private::write(&target, &jpeg).map_err(|e| failed(&e))
    }
}
