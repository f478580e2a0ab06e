//! An `ffmpeg` that decodes what isn't decoded in the process, where one is installed:
//! coded frames go in, pictures come out as PPM, and nothing else of it is used.

use std::{collections::VecDeque, io::ErrorKind as IoError, process::Stdio};

use rowcall_picture::{Image, Wiped};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{self, ChildStdin, ChildStdout, Command},
    sync::mpsc,
    time::Instant,
};

use crate::{
    Error, ErrorKind,
    caps::MAX_VIDEO_PIXELS,
    capture::{Encoded, Taken},
};

/// Frames that wait to go in.
const FEED: usize = 64;
/// Frames that may be on their way through.
const WITHIN: usize = 64;
/// Bytes of a PPM's header lines.
const MAX_HEADER: u64 = 64;
/// An access unit delimiter (ITU-T H.265, 7.3.2.5): after each frame, so that its end is
/// known without the next one.
const DELIMITER: [u8; 7] = [0, 0, 0, 1, 0x46, 0x01, 0x50];

pub(super) struct Child {
    // Killed when this is dropped.
    _child: process::Child,
    feed: mpsc::Sender<Wiped<u8>>,
    pictures: mpsc::Receiver<Result<Image, Error>>,
    /// What is on its way through.
    within: VecDeque<(usize, Instant, Option<Taken>)>,
}

impl Child {
    /// Begins to decode `format`, as `ffmpeg` calls it.
    pub(super) fn spawn(format: &str) -> Result<Self, Error> {
        let mut child = Command::new("ffmpeg")
            .args(["-nostdin", "-loglevel", "quiet", "-probesize", "32"])
            .args(["-analyzeduration", "0", "-flags", "low_delay", "-threads", "1"])
            .args(["-f", format, "-i", "pipe:0", "-an", "-vsync", "passthrough"])
            .args(["-f", "image2pipe", "-c:v", "ppm", "pipe:1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| {
                let what = match e.kind() {
                    IoError::NotFound => {
                        "its video is H.265, which needs the program ffmpeg, and none is installed: install it, or set the camera to H.264"
                    }
                    _ => "its video is H.265, and the program ffmpeg can't be started",
                };
                Error::new(ErrorKind::NotThere, what).because(e)
            })?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::new(ErrorKind::Internal, "ffmpeg has no pipes"));
        };
        let (feed, fed) = mpsc::channel(FEED);
        let (out, pictures) = mpsc::channel(1);
        // Both end with the child's pipes, or with the channels' other ends.
        tokio::spawn(write(input, fed));
        tokio::spawn(read(output, out));
        Ok(Self {
            _child: child,
            feed,
            pictures,
            within: VecDeque::new(),
        })
    }

    /// Takes a frame in.
    pub(super) fn feed(
        &mut self,
        unit: &Encoded,
        arrived: Instant,
        taken: Option<Taken>,
    ) -> Result<(), Error> {
        let mut bytes = Wiped::new(Vec::with_capacity(unit.len() + DELIMITER.len()));
        bytes.extend_from_slice(unit);
        bytes.extend_from_slice(&DELIMITER);
        let length = unit.len();
        self.feed.try_send(bytes).map_err(|_| {
            Error::new(
                ErrorKind::Internal,
                "ffmpeg doesn't keep up with the camera, or ended",
            )
        })?;
        if self.within.len() == WITHIN {
            self.within.pop_front();
        }
        self.within.push_back((length, arrived, taken));
        Ok(())
    }

    /// The next picture, the bytes that it was made of, when they came, and when it was
    /// taken. Nothing is lost if the future is dropped.
    pub(super) async fn picture(
        &mut self,
    ) -> Result<(Image, usize, Instant, Option<Taken>), Error> {
        let ended = || {
            Err(Error::new(
                ErrorKind::Damaged,
                "ffmpeg could decode no more of it",
            ))
        };
        let image = self.pictures.recv().await.unwrap_or_else(ended)?;
        let (bytes, arrived, taken) = self.within.pop_front().unwrap_or((0, Instant::now(), None));
        Ok((image, bytes, arrived, taken))
    }
}

async fn write(mut input: ChildStdin, mut fed: mpsc::Receiver<Wiped<u8>>) {
    while let Some(bytes) = fed.recv().await {
        let sent = input.write_all(&bytes).await;
        if sent.is_err() || input.flush().await.is_err() {
            return;
        }
    }
}

async fn read(output: ChildStdout, out: mpsc::Sender<Result<Image, Error>>) {
    let mut output = BufReader::new(output);
    loop {
        let picture = picture(&mut output).await;
        let is_last = picture.is_err();
        if out.send(picture).await.is_err() || is_last {
            return;
        }
    }
}

/// A PPM as ffmpeg writes it: `P6`, width and height, 255, each on a line.
async fn picture(output: &mut BufReader<ChildStdout>) -> Result<Image, Error> {
    let ended = |e: std::io::Error| {
        Error::new(ErrorKind::Damaged, "ffmpeg could decode no more of it").because(e)
    };
    let odd = || {
        Error::new(
            ErrorKind::Internal,
            "ffmpeg gave something else than a picture",
        )
    };
    let mut lines = [const { String::new() }; 3];
    for line in &mut lines {
        (&mut *output)
            .take(MAX_HEADER)
            .read_line(line)
            .await
            .map_err(ended)?;
    }
    let [magic, size, depth] = lines.each_ref().map(|line| line.trim_end());
    if magic.is_empty() {
        return Err(ended(IoError::UnexpectedEof.into()));
    }
    let sides = size.split_once(' ').ok_or_else(odd)?;
    let sides: (u32, u32) = match (sides.0.parse(), sides.1.parse()) {
        (Ok(width), Ok(height)) => (width, height),
        _ => return Err(odd()),
    };
    let pixels = u64::from(sides.0) * u64::from(sides.1);
    if magic != "P6" || depth != "255" || pixels == 0 || pixels > MAX_VIDEO_PIXELS {
        return Err(odd());
    }
    let mut rgb = Wiped::new(vec![0; 3 * pixels as usize]);
    output.read_exact(&mut rgb).await.map_err(ended)?;
    Image::from_rgb(sides.0, sides.1, std::mem::take(&mut *rgb)).ok_or_else(odd)
}
