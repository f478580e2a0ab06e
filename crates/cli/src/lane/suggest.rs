//! `rowcall lane suggest`: zones from the faces in recorded vehicles.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, process::ExitCode};

use rowcall_pipeline::{
    folder::Folder,
    models,
    workers::{on_every_core, progress},
    zones::{self, FaceBox, Suggestion},
};
use rowcall_rollcall::{Camera, Zone};

use crate::{failure::Failure, output};

/// Suggest zones from the faces in recorded vehicle folders: TOML to copy into the lane
/// file, for each camera of the lane. A zone whose seat the lane file tells has its
/// name; whose faces the others are, only a person can say.
///
/// Zones are as good as what was recorded: vehicles that stop where vehicles stop, with
/// people on every seat.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Vehicle folders, as for `check`; documents aren't needed.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The lane file [default: the one that the first folder names].
    #[arg(long, value_name = "FILE")]
    lane: Option<PathBuf>,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// Prints what it suggests.
///
/// # Errors
/// What makes it impossible: a folder or lane file that can't be read, folders of
/// different lanes, no models.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut folders = Vec::new();
    for path in &args.folders {
        folders.push(Folder::open(path, args.lane.as_deref(), None)?);
    }
    let lane = &folders[0].lane;
    if let Some(other) = folders.iter().find(|folder| folder.lane != *lane) {
        return Err(Failure::file(
            &other.path,
            &"it is of another lane than the first folder; give --lane FILE for all of them",
        ));
    }
    let analyser = models::uncalibrated(&models::folder(args.models.clone())?, &lane.policy.model)?;
    let frames: Vec<_> = folders
        .iter()
        .flat_map(|folder| folder.frame_sources().into_iter().map(move |s| (folder, s)))
        .collect();
    let bar = progress(frames.len() as u64);
    let found = on_every_core(frames.len(), &bar, |task, worker| {
        let (folder, source) = &frames[task];
        let Ok(ready) = folder.ready(source) else {
            return Ok((task, None));
        };
        zones::faces(ready.image(), &analyser.detector, worker).map(|faces| (task, Some(faces)))
    });
    bar.finish_and_clear();
    let mut by_camera: Vec<(&Camera, Vec<FaceBox>, usize)> =
        lane.cameras.iter().map(|c| (c, Vec::new(), 0)).collect();
    let mut unreadable = 0;
    for found in found {
        let (task, faces) = found.map_err(|e: rowcall_pipeline::Error| Failure::from(e))?;
        let camera = rowcall_pipeline::source::FrameSource::camera(&frames[task].1);
        let own = by_camera.iter_mut().find(|(own, ..)| own.name == camera);
        match (own, faces) {
            (Some((_, all, count)), Some(faces)) => {
                all.extend(faces);
                *count += 1;
            }
            _ => unreadable += 1,
        }
    }
    for (camera, faces, frames) in &by_camera {
        output::print(&told(camera, faces, *frames))?;
    }
    if unreadable > 0 {
        eprintln!("{unreadable} frames couldn't be read, and are left out");
    }
    Ok(ExitCode::SUCCESS)
}

/// A camera's zones as they could be, in TOML; what a person has to know as comments.
fn told(camera: &Camera, faces: &[FaceBox], frames: usize) -> String {
    let suggested = zones::suggest(faces, &camera.zones);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Camera {:?}: {} faces in {frames} frames.",
        camera.name,
        faces.len()
    );
    for seat in zones::never_held(camera, faces) {
        let _ = writeln!(text, "# The zone of {seat} as it is never holds a face.");
    }
    let known: BTreeSet<_> = suggested.iter().filter_map(|s| s.seat).collect();
    for zone in camera.zones.iter().filter(|z| !known.contains(&z.seat)) {
        let _ = writeln!(text, "# No face lies where the zone of {} is.", zone.seat);
    }
    for suggestion in &suggested {
        zone(&mut text, camera, suggestion);
    }
    text.push('\n');
    text
}

fn zone(text: &mut String, camera: &Camera, of: &Suggestion) {
    let own = |zone: &&Zone| Some(zone.seat) == of.seat;
    let change = match (of.seat, camera.zones.iter().find(own)) {
        (None, _) => "whose seat?",
        (_, Some(_)) => "in place of the one that there is",
        (_, None) => "new",
    };
    let _ = writeln!(
        text,
        "\n[[camera.zone]] # from {} faces; {change}",
        of.faces
    );
    let _ = match of.seat {
        Some(seat) => writeln!(text, "seat = \"{seat}\""),
        None => writeln!(text, "seat = \"\""),
    };
    let corners: Vec<String> = of
        .polygon
        .iter()
        .map(|p| format!("[{:.3}, {:.3}]", p.x, p.y))
        .collect();
    let _ = writeln!(text, "polygon = [{}]", corners.join(", "));
    let (least, greatest) = of.face_width;
    let _ = writeln!(text, "face_width = [{least:.3}, {greatest:.3}]");
}
