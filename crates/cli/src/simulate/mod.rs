//! `rowcall simulate`: vehicle folders made of given ones.
//!
//! Like everything in evaluation it works on pictures that its user holds and
//! writes into the folder that was named.

pub(crate) mod frames;
pub(crate) mod pass;
pub(crate) mod plan;
pub(crate) mod truth;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use rowcall_pipeline::models;
use rowcall_simulate::{Blur, Camera, Conditions, Exposure};
use rowcall_words::seat::Seat;

use crate::{failure::Failure, output, private};
use plan::{Change, Plan};

/// Make a vehicle folder for `check` and `evaluate` from a given one: other
/// people in its seats, prints held up, tinted or reflecting glass, another
/// exposure. The given folder needs a truth.json like those of the samples.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The given vehicle's folder.
    vehicle: PathBuf,
    /// The folder to write; it must not exist.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Put the face of a photograph into a seat. With a second photograph, the
    /// seat's document gets that one as its portrait: both should show one
    /// person. Without it, the person is a stranger to all documents.
    #[arg(long, value_name = "SEAT=FACE[,PORTRAIT]")]
    face: Vec<String>,
    /// Hold a print of a photograph up before a seat: an attack.
    #[arg(long, value_name = "SEAT=PICTURE")]
    print: Vec<String>,
    /// Put more glass of this transmission before a seat, 0.02..=0.918.
    #[arg(long, value_name = "SEAT=SHARE")]
    tint: Vec<String>,
    /// Reflect a sky before a seat, so many times as bright as white in the
    /// cabin.
    #[arg(long, value_name = "SEAT=TIMES")]
    sky: Vec<String>,
    /// Change the exposure of all frames, in stops.
    #[arg(
        long,
        value_name = "STOPS",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    stops: f32,
    /// Amplify all frames, in decibels: 6 make up for a stop less, with noise.
    #[arg(long, value_name = "DB", default_value_t = 0.0)]
    gain: f32,
    /// Put all frames out of focus, as the radius of a blur disc in pixels.
    #[arg(long, value_name = "PIXELS", default_value_t = 0.0)]
    defocus: f32,
    /// Move the camera while the shutter is open, in pixels.
    #[arg(long, value_name = "PIXELS", default_value_t = 0.0)]
    motion: f32,
    /// Take all frames this far from colour (0) to near-infrared (1).
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    near_infrared: f32,
    /// The JPEG quality of the frames, 1..=100.
    #[arg(long, value_name = "QUALITY", default_value_t = 85, value_parser = clap::value_parser!(u8).range(1..=100))]
    jpeg: u8,
    /// Let the vehicle pass its cameras at so many km/h, 1 to 60, instead: needs --lane
    /// with a lane file that says which way (camera.pass). 0 lets it stand there.
    #[arg(long, value_name = "KMH", requires = "lane", conflicts_with_all = ["face", "print", "tint", "sky", "stops", "gain", "defocus", "motion", "near_infrared"])]
    pass: Option<f32>,
    /// The lane file of a pass.
    #[arg(long, value_name = "FILE", requires = "pass")]
    lane: Option<PathBuf>,
    /// Frames a second of each camera in a pass.
    #[arg(long, value_name = "HZ", default_value_t = 15.0)]
    rate: f32,
    /// For how many milliseconds the shutter is open in a pass. Shorter is darker than the
    /// given frames, which are taken for 5 ms, and amplified.
    #[arg(long, value_name = "MS", default_value_t = 1.0)]
    shutter: f32,
    /// What noise and hands start from: the same seed gives the same folder.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// Makes the folder.
///
/// # Errors
/// What makes it impossible; the folder is then not there.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.output.exists() {
        return Err(Failure::file(
            &args.output,
            &"it is there already; name a folder that isn't",
        ));
    }
    if let (Some(speed), Some(lane)) = (args.pass, &args.lane) {
        return pass::run(args, speed, lane);
    }
    let analyser = models::uncalibrated(&models::folder(args.models.clone())?, "sface")?;
    let mut truth = truth::Truth::read(&args.vehicle)?;
    let plan = Plan::read(&analyser, &truth.seats(), &args.changes()?)?;
    let half = args.output.with_extension("part");
    let made = make(args, &analyser, &mut truth, &plan, &half);
    let moved = made.and_then(|counts| {
        fs::rename(&half, &args.output).map_err(|e| Failure::file(&args.output, &e))?;
        Ok(counts)
    });
    if moved.is_err() {
        // What was begun is of no use; that it can't be removed is no news.
        let _ = fs::remove_dir_all(&half);
    }
    let (composed, hidden) = moved?;
    output::line(format_args!(
        "{}: {composed} faces or prints put into frames; {hidden} faces that are hidden in part or turned away made unrecognisable instead",
        args.output.display()
    ))?;
    if !args.face.is_empty() {
        output::line(
            "the sample lanes are calibrated for rendered people, who are more alike: check photographs with --lane and a lane file without the line `calibration`",
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn make(
    args: &Args,
    analyser: &rowcall_face::Analyser,
    truth: &mut truth::Truth,
    plan: &Plan,
    folder: &Path,
) -> Result<(usize, usize), Failure> {
    private::make_folder(folder).map_err(|e| Failure::file(folder, &e))?;
    truth.copy_documents(&args.vehicle, folder, plan)?;
    let counts = frames::render(args, analyser, truth, plan, folder)?;
    truth.write(&args.vehicle, folder, plan, &args.output)?;
    Ok(counts)
}

impl Args {
    /// What is to be done, in the order in which light meets it.
    fn changes(&self) -> Result<Vec<(Seat, Change)>, Failure> {
        let mut changes = Vec::new();
        for text in &self.face {
            let (seat, files) = split(text, "--face")?;
            let (face, portrait) = match files.split_once(',') {
                Some((face, portrait)) => (face, Some(PathBuf::from(portrait))),
                None => (files, None),
            };
            changes.push((seat, Change::Face(face.into(), portrait)));
        }
        for text in &self.print {
            let (seat, file) = split(text, "--print")?;
            changes.push((seat, Change::Print(file.into())));
        }
        for (texts, name) in [(&self.tint, "--tint"), (&self.sky, "--sky")] {
            for text in texts {
                let (seat, value) = split(text, name)?;
                let number: f32 = value.parse().map_err(|_| {
                    Failure::new(format!("{name} {text}: {value:?} isn't a number"))
                })?;
                changes.push((
                    seat,
                    match name {
                        "--tint" => Change::Tint(number),
                        _ => Change::Sky(number),
                    },
                ));
            }
        }
        Ok(changes)
    }

    /// What is done to whole frames.
    fn conditions(&self) -> Conditions {
        Conditions {
            near_infrared: self.near_infrared,
            blur: Blur {
                defocus: self.defocus,
                motion: self.motion,
                direction: 0.0,
            },
            camera: Camera {
                exposure: Exposure::Fixed {
                    stops: self.stops,
                    gain: self.gain,
                },
                ..Camera::default()
            },
            ..Conditions::default()
        }
    }
}

fn split<'a>(text: &'a str, name: &str) -> Result<(Seat, &'a str), Failure> {
    let bad = || {
        Failure::new(format!(
            "{name} {text}: write a seat, = and a value, like 1-left=..."
        ))
    };
    let (seat, value) = text.split_once('=').ok_or_else(bad)?;
    Ok((seat.parse().map_err(|_| bad())?, value))
}
