//! `rowcall camera check`: some seconds of a camera.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use image::RgbImage;
use indicatif::{ProgressBar, ProgressStyle};
use rowcall_camera::{
    CameraConfig, Frames, Options, Source, SystemClock, Watch,
    capture::{Capture, Picture},
    config::{Address, Login, Transport},
    opener,
};
use rowcall_words::fault::Fault;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout_at};

use super::told::Told;
use crate::{failure::Failure, output, plain, private::ReportFolder};

/// Exit status: frames come, and something is wrong.
const WRONG: u8 = 3;
/// Of the time of a check, the share that a picture must stand still for.
const STILL: f64 = 0.6;
/// More frames in a second than any camera sends: none is left out.
const ALL: f32 = 1_000.0;

/// Connect to a camera for some seconds and tell what it gives: how pictures are
/// coded, their size and rate, how bright and sharp they are, its clock, and what is
/// wrong in words.
///
/// Exit status: 0 all is well, 3 something is wrong, 2 no frame could be had.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// rtsp://…, http://… (MJPEG), or a folder of pictures. What stands between the
    /// scheme and an @ is visible to others on this machine: better give --user, and
    /// the password in the environment as ROWCALL_CAMERA_PASSWORD.
    url: String,
    /// The user to log in as.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Have RTP packets sent by UDP, not within the RTSP connection.
    #[arg(long)]
    udp: bool,
    /// How long to look, in seconds.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Write one picture, as evaluation material, and result.json into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// Carries out the check and prints its result.
///
/// # Errors
/// What makes it impossible: an address that can't be meant, a camera that gives no
/// frame.
pub(crate) async fn run(args: Args) -> Result<ExitCode, Failure> {
    let report_folder = ReportFolder::asked(args.report.as_ref())?;
    let (camera, shown) = camera(&args)?;
    let time = Duration::from_secs(args.seconds);
    let mut options = Options::new(&camera, 0);
    options.frames_per_second = ALL;
    options.look_every = Duration::from_millis(200);
    options.thresholds.seen_for = Duration::from_millis(500);
    options.thresholds.frozen_after = time.mul_f64(STILL).min(options.thresholds.frozen_after);
    let began = Instant::now();
    let watch = Watch::spawn(opener(&camera)?, options, Arc::new(SystemClock));
    let frames = watch.frames();
    let bar = bar(&args);
    bar.set_message("connecting");
    // A camera takes its time to begin; what it gives is looked at from then on.
    let begins_within = camera.answer_within.max(time);
    let first = until(began + begins_within, &frames, &watch, &bar).await;
    let delay = first.as_ref().map(|_| began.elapsed());
    let mut last = first;
    if last.is_some() {
        let end = Instant::now() + time;
        while let Some(capture) = until(end, &frames, &watch, &bar).await {
            last = Some(capture);
        }
    }
    bar.finish_and_clear();
    let health = watch.health();
    drop(frames);
    watch.stop().await;
    let told = Told::new(shown, delay, &health);
    let Some(capture) = last.filter(|_| told.frames > 0) else {
        return Err(Failure::new(told.nothing()));
    };
    match args.json {
        true => output::result(&told)?,
        false => output::print(&plain::plain_html(&told.to_string()))?,
    }
    if let Some(folder) = &report_folder {
        report(folder, &told, &capture)?;
    }
    Ok(match told.wrong.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(WRONG),
    })
}

/// The next capture, if one comes in time and the camera isn't past hope.
async fn until(
    end: Instant,
    frames: &Frames,
    watch: &Watch,
    bar: &ProgressBar,
) -> Option<Arc<Capture>> {
    let mut ticks = interval(Duration::from_millis(100));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let next = frames.next();
    let mut next = std::pin::pin!(next);
    let waiting = async {
        loop {
            tokio::select! {
                capture = &mut next => return Some(capture),
                _ = ticks.tick() => {}
            }
            let health = watch.health();
            bar.set_position(health.counters.received);
            if health.counters.received > 0 {
                bar.set_message(format!("{:.1} frames/s", health.frames_per_second));
            }
            // Somebody has to change something first: no use to wait.
            let is_hopeless = |t: &rowcall_camera::Trouble| t.fault == Fault::Operator;
            if health.trouble.as_ref().is_some_and(is_hopeless) {
                return None;
            }
        }
    };
    timeout_at(end, waiting).await.ok().flatten()
}

/// The camera, and how it is called in what is printed.
fn camera(args: &Args) -> Result<(CameraConfig, String), Failure> {
    let path = Path::new(&args.url);
    if !args.url.contains("://") {
        let source = Source::Folder {
            path: path.to_owned(),
            rate: 5.0,
        };
        let shown = path.display().to_string();
        return Ok((CameraConfig::new("checked", source), shown));
    }
    let login = args.user.as_ref().map(|user| {
        let password = std::env::var("ROWCALL_CAMERA_PASSWORD").unwrap_or_default();
        Login::new(user, password.into())
    });
    let address = Address::parse(&args.url, &["rtsp", "http"])?.with(login)?;
    let shown = address.to_string();
    let transport = match args.udp {
        true => Transport::Udp,
        false => Transport::Tcp,
    };
    let source = match address.scheme() {
        "rtsp" => Source::Rtsp(address, transport),
        _ => Source::Mjpeg(address),
    };
    Ok((CameraConfig::new("checked", source), shown))
}

fn bar(args: &Args) -> ProgressBar {
    if args.json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} frames, {msg}") {
        bar.set_style(style);
    }
    bar
}

/// Writes one picture and what was told.
fn report(folder: &ReportFolder, told: &Told, capture: &Capture) -> Result<(), Failure> {
    match &capture.picture {
        Picture::Encoded(file) => {
            let kind = rowcall_picture::probe(file).map_or("jpg", |h| h.format.extension());
            folder.write(&format!("evaluation-material.{kind}"), &**file)?;
        }
        Picture::Decoded(image) => {
            let pixels = image.rgb().to_vec();
            let picture = RgbImage::from_raw(image.width(), image.height(), pixels);
            let mut file = Cursor::new(Vec::new());
            let encoded = picture.map(|p| p.write_to(&mut file, image::ImageFormat::Png));
            match encoded {
                Some(Ok(())) => folder.write("evaluation-material.png", file.get_ref())?,
                _ => return Err(Failure::new("the picture can't be encoded")),
            }
        }
    }
    folder.write("result.json", output::pretty_json(told)? + "\n")
}
