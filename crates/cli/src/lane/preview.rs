//! `rowcall lane preview`: a lane file's zones on a frame.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use rowcall_face::{Image, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::{
    folder::entries::read_limited,
    frame::Ready,
    models,
    zones::{self, FaceBox},
};
use rowcall_rollcall::{Camera, Lane};

use crate::{failure::Failure, output, private};

/// Draw a camera's zones and the faces that are found on a frame: each zone with its
/// seat's name and, dotted, the least and the greatest face that it takes; faces white
/// where a zone holds them, red where none does, with their width.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lane file.
    #[arg(value_name = "LANEFILE")]
    lane: PathBuf,
    /// A frame of one of its cameras: JPEG or PNG.
    #[arg(value_name = "FRAME")]
    frame: PathBuf,
    /// The camera [default: the name of the frame's folder].
    #[arg(long, value_name = "NAME")]
    camera: Option<String>,
    /// The PNG to write; it must not exist.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// Draws it, and tells what lies where.
///
/// # Errors
/// What makes it impossible: a file that can't be read or written, an unknown camera, no
/// models.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(&args.lane).map_err(|e| Failure::file(&args.lane, &e))?;
    let lane = Lane::parse(&text).map_err(|e| Failure::file(&args.lane, &e))?;
    let camera = camera(args, &lane)?;
    let file = read_limited(&args.frame)?;
    let image = Image::decode(&file, &Limits::FRAME).map_err(|e| Failure::file(&args.frame, &e))?;
    let ready = Ready::new(
        image,
        &camera.name,
        &lane,
        &std::collections::BTreeSet::new(),
    );
    let folder = models::folder(args.models.clone())?;
    let analyser = models::uncalibrated(&folder, &lane.policy.model)?;
    let faces = zones::faces(ready.image(), &analyser.detector, &Worker::new())?;
    let drawn = zones::drawn(ready.into_image(), camera, &faces);
    write(&args.output, &drawn)?;
    output::line(told(camera, &faces))?;
    Ok(ExitCode::SUCCESS)
}

fn camera<'a>(args: &Args, lane: &'a Lane) -> Result<&'a Camera, Failure> {
    let folder = args.frame.canonicalize().ok();
    let folder = folder.as_deref().and_then(Path::parent);
    let folder = folder.and_then(Path::file_name).and_then(|n| n.to_str());
    let name = args.camera.as_deref().or(folder).unwrap_or_default();
    lane.camera(name).ok_or_else(|| {
        let known: Vec<&str> = lane.cameras.iter().map(|c| c.name.as_str()).collect();
        Failure::new(format!(
            "the lane has no camera {name:?}; give --camera NAME, one of {}",
            known.join(", ")
        ))
    })
}

fn write(path: &Path, image: &Image) -> Result<(), Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::file(path, e);
    let mut file = Vec::new();
    PngEncoder::new(&mut file)
        .write_image(
            image.rgb(),
            image.width(),
            image.height(),
            ExtendedColorType::Rgb8,
        )
        .map_err(|e| failed(&e))?;
    private::write_new(path, &file).map_err(|e| failed(&e))
}

/// A line for each zone and for each face in none.
fn told(camera: &Camera, faces: &[FaceBox]) -> String {
    let mut lines = Vec::new();
    for zone in &camera.zones {
        let (least, greatest) = zone.face_width;
        let held: Vec<String> = faces
            .iter()
            .filter(|face| face.is_in(zone))
            .map(|face| format!("{:.3}", face.width))
            .collect();
        let held = match held.is_empty() {
            true => "no face".to_owned(),
            false => format!("a face of width {}", held.join(" and one of ")),
        };
        lines.push(format!(
            "{:<9} {held}; takes {least:.3} to {greatest:.3}",
            zone.seat.to_string()
        ));
    }
    let lost = faces
        .iter()
        .filter(|f| !camera.zones.iter().any(|z| f.is_in(z)));
    for face in lost {
        let at = face.centre();
        lines.push(format!(
            "no zone   a face of width {:.3} about [{:.3}, {:.3}]",
            face.width, at.x, at.y
        ));
    }
    lines.join("\n")
}
