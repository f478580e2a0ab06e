//! `rowcall evaluate presentation`.

mod attack;
mod composer;
mod report;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use rowcall_evaluate::{Manifest, Photographs, Presentation, PresentationReport, Response};
use rowcall_face::{FaceObservation, Rect, Registrations};
use rowcall_pipeline::{
    analyse::{self, Analysis},
    document,
    folder::entries::read_limited,
    models::Models,
    workers::progress,
};
use rowcall_rollcall::{Evidence, Frame, PortraitFace, Presented, RollCall, SeatResult};
use rowcall_simulate::Instrument;
use rowcall_words::seat::Seat;

use crate::{
    evaluate::deliver::{deliver, write_all},
    evaluate::vehicles::Known,
    evaluate::vehicles::Loaded,
    evaluate::vehicles::VehicleSet,
    failure::Failure,
    private::ReportFolder,
};

/// Hold pictures of portraits up on the seats of vehicles whose truth is known,
/// and count what is confirmed (ISO/IEC 30107-3). The pictures are composed
/// into copies of the frames in memory; nothing is written but the report.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: VehicleSet,
    /// What random placement starts from: the same seed gives the same result.
    #[arg(long, value_name = "N", default_value_t = 30_107)]
    seed: u64,
    /// How many frames of each camera a picture is held up in: first and last
    /// ones, and those between.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=20))]
    frames: u8,
    /// Also look at photographs of real people, each a live face: a CSV file with
    /// the columns path and subject.
    #[arg(long, value_name = "FILE", requires = "images")]
    manifest: Option<PathBuf>,
    /// The folder that the manifest's paths are relative to.
    #[arg(long, value_name = "DIR", requires = "manifest")]
    images: Option<PathBuf>,
    /// Write index.html, presentation.json and the plots into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Write one composed frame of each attack into this folder, to look at.
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let vehicles = args.set.open()?;
    let mut loaded = Loaded::default();
    let mut presentations = Vec::new();
    for (i, known) in vehicles.iter().enumerate() {
        let models = args.set.models(&mut loaded, &known.folder)?;
        presentations.extend(vehicle(args, known, &vehicles, i, models)?);
    }
    let mut report = PresentationReport::new(presentations, args.seed);
    if let Some((manifest, images)) = args.manifest.as_ref().zip(args.images.as_ref()) {
        let failed = |e: rowcall_evaluate::Error| Failure::file(manifest, &e);
        let set = Manifest::parse(&read_limited(manifest)?).map_err(failed)?;
        let models = args.set.models(&mut loaded, &vehicles[0].folder)?;
        let bar = progress(set.entries.len() as u64);
        let found = Photographs::measure(&models.analyser, &set, images, || bar.inc(1));
        bar.finish_and_clear();
        report.photographs = Some(found.map_err(failed)?);
    }
    report.seconds = started.elapsed().as_secs_f64();
    deliver(
        args.json,
        folder.as_ref(),
        &report,
        &report::table(&report),
        |folder, json| write_all(folder, report::files(&report, json)?),
    )
}

/// The occupants of one vehicle as they are, then every attack on it.
fn vehicle(
    args: &Args,
    known: &Known,
    all: &[Known],
    place: usize,
    models: &Models,
) -> Result<Vec<Presentation>, Failure> {
    let at = args.set.at();
    let analysis = analyse::analyse(&known.folder, models, &known.trust.store, at)?;
    let declaration = known.folder.declaration(analysis.unreadable.len());
    let registrations = Registrations::default();
    let call = |frames: &[Frame],
                documents: &[Presented],
                left_out: Option<usize>|
     -> Result<RollCall, Failure> {
        let mut declaration = declaration.clone();
        declaration.opted_out_documents.extend(left_out);
        rowcall_rollcall::call(&Evidence {
            lane: &known.folder.lane,
            calibration: &models.calibration,
            declaration: &declaration,
            frames,
            documents,
            registrations: &registrations,
            at,
        })
        .map_err(|e| Failure::file(&known.folder.path, &e))
    };
    let mut found = Vec::new();
    let genuine = call(&analysis.frames, &analysis.documents, None)?;
    for seat in &known.truth.seats {
        let Some(document) = own(known, &analysis, &seat.identity) else {
            continue;
        };
        let result = on(&genuine, seat.seat);
        let faces = faces(known, &analysis.frames, seat.seat, None);
        found.push(Presentation {
            vehicle: known.folder.name.clone(),
            seat: seat.seat,
            instrument: None,
            empty_seat: false,
            response: Response::of(result),
            agreement: agreement(&faces, &analysis.documents[document]),
            border: border(&faces),
            cues: result.map_or_else(Vec::new, |r| r.picture_cues.clone()),
        });
    }
    // Somebody of another vehicle, whose document is presented for an empty seat.
    let absent = absent(all, place).map(|(other, path)| {
        document::document(
            &other.folder.document_at(&path),
            &other.folder.lane.policy.documents,
            models,
            &other.trust.store,
            at,
            &rowcall_face::Worker::new(),
        )
    });
    let mut documents = analysis.documents;
    let own_documents = documents.len();
    if let Some((mut presented, _)) = absent.transpose()? {
        presented.id = "absent".into();
        documents.push(presented);
    }
    let attacks = attack::plan(known, &documents, own_documents);
    let composer = composer::Composer::new(known, models, args.seed, usize::from(args.frames));
    for (attack, frames) in attacks.iter().zip(composer.observe(&attacks, &documents)?) {
        let frames = frames?;
        if let Some(folder) = &args.examples {
            composer.write_example(attack, &documents, folder)?;
        }
        let presented = match attack.document == own_documents {
            true => &documents[..],
            false => &documents[..own_documents],
        };
        let call = call(&frames.frames, presented, attack.replaced)?;
        let result = on(&call, attack.seat);
        let faces = faces(known, &frames.frames, attack.seat, Some(&frames.places));
        found.push(Presentation {
            vehicle: known.folder.name.clone(),
            seat: attack.seat,
            instrument: Some(attack.instrument),
            empty_seat: attack.empty_seat,
            response: Response::of(result),
            agreement: agreement(&faces, &documents[attack.document]),
            border: border(&faces),
            cues: result.map_or_else(Vec::new, |r| r.picture_cues.clone()),
        });
    }
    Ok(found)
}

fn on(call: &RollCall, seat: Seat) -> Option<&SeatResult> {
    call.seats.iter().find(|s| s.seat == Some(seat))
}

/// The place of somebody's own document.
fn own(known: &Known, analysis: &Analysis, identity: &str) -> Option<usize> {
    let truth = known
        .truth
        .documents
        .iter()
        .find(|d| d.identity == identity)?;
    let mut documents = analysis.documents.iter();
    documents.position(|d| d.id == truth.document)
}

/// The first document of another vehicle whose holder isn't in this one.
fn absent(all: &[Known], place: usize) -> Option<(&Known, PathBuf)> {
    let here = &all[place].truth;
    let is_here = |identity: &str| {
        here.seats.iter().any(|s| s.identity == identity) || here.has_document(identity)
    };
    let others = all[place..].iter().chain(&all[..place]).skip(1);
    others
        .flat_map(|k| k.truth.documents.iter().map(move |d| (k, d)))
        .find(|(_, d)| !is_here(&d.identity))
        .map(|(k, d)| (k, k.folder.path.join("documents").join(&d.document)))
}

/// The faces on a seat, or where a picture is.
fn faces<'a>(
    known: &Known,
    frames: &'a [Frame],
    seat: Seat,
    places: Option<&[Option<Rect>]>,
) -> Vec<&'a FaceObservation> {
    let mut found = Vec::new();
    for (i, frame) in frames.iter().enumerate() {
        let camera = known.folder.lane.camera(&frame.camera);
        let on_seat = |face: Rect| match places {
            Some(places) => places[i].is_some_and(|p| p.overlap(face) > 0.2),
            None => camera.and_then(|c| c.seat_of(face, frame.width, frame.height)) == Some(seat),
        };
        found.extend(frame.faces.iter().filter(|f| on_seat(f.face)));
    }
    found
}

/// The greatest agreement of these faces with a document's portrait.
fn agreement(faces: &[&FaceObservation], document: &Presented) -> Option<f32> {
    let PortraitFace::Found { imprint, .. } = &document.portrait else {
        return None;
    };
    let agreements = faces.iter().map(|f| f.imprint.agreement(imprint));
    agreements.max_by(f32::total_cmp)
}

/// The most nearly closed border around one of these faces.
fn border(faces: &[&FaceObservation]) -> Option<f32> {
    faces.iter().filter_map(|f| f.border).max_by(f32::total_cmp)
}

/// What is held up over empty seats; another photograph of somebody absent
/// isn't at hand.
const OVER_EMPTY: [Instrument; 5] = [
    Instrument::Print,
    Instrument::Page,
    Instrument::Phone,
    Instrument::PageActual,
    Instrument::PhoneActual,
];
