//! An open RTSP stream: frames are taken off the wire as they come, and decoded one
//! after the other beside the runtime's threads. Where decoding falls behind, it goes
//! on with the newest picture that builds on no other.

use std::{collections::VecDeque, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _};
use retina::{
    client::Demuxed,
    codec::{CodecItem, VideoFrame},
};
use tokio::{task::spawn_blocking, time::Instant};

use super::{
    ffmpeg::Child,
    h264::{Decoded, H264},
    wall::Wall,
};
use crate::{
    Error, ErrorKind,
    caps::MAX_FRAME_BYTES,
    capture::{Encoded, Picture, Shot, Taken},
    error::one_line,
    stream::{About, Codec, Event, Pending, Stream},
};

/// Frames that wait to be decoded; then only a new beginning helps.
const WAITING: usize = 256;
/// Packets on end that aren't right, until the camera is given up.
const MAX_FAULTS: u32 = 100;
/// A camera that gives no beginning for so long never will.
const BEGINS_WITHIN: Duration = Duration::from_secs(30);

pub(super) struct Open {
    demuxed: Demuxed,
    codec: Codec,
    decoder: How,
    gap: Duration,
    waiting: VecDeque<Unit>,
    wall: Wall,
    made: Option<Instant>,
    /// Since when there is nothing to build on.
    waits_since: Option<Instant>,
    /// What was wrong on the wire, until it is told.
    damage: Option<Error>,
    /// How often, since the last frame; whether the next frame misses something.
    faults: u32,
    is_broken: bool,
}

/// How a frame becomes a picture.
enum How {
    /// It is one.
    AsIs,
    /// `None` while it works elsewhere.
    InProcess(Option<Box<H264>>),
    Child(Box<Child>),
}

/// A coded frame.
struct Unit {
    data: Encoded,
    arrived: Instant,
    taken: Option<Taken>,
    begins: bool,
    lost: bool,
}

impl Open {
    pub(super) fn new(
        demuxed: Demuxed,
        codec: Codec,
        frames_per_second: f32,
    ) -> Result<Self, Error> {
        let decoder = match codec {
            Codec::Jpeg => How::AsIs,
            Codec::H264 => How::InProcess(Some(Box::default())),
            Codec::H265 => How::Child(Box::new(Child::spawn("hevc")?)),
        };
        Ok(Self {
            demuxed,
            codec,
            decoder,
            gap: Duration::from_secs_f32(0.8 / frames_per_second.max(0.01)),
            waiting: VecDeque::new(),
            wall: Wall::default(),
            made: None,
            waits_since: None,
            damage: None,
            faults: 0,
            is_broken: false,
        })
    }

    /// Takes what is there off the wire; waits only if nothing is to be done.
    async fn fill(&mut self) -> Result<(), Error> {
        while self.waiting.is_empty() && self.damage.is_none() {
            let item = self.demuxed.next().await;
            self.take(item)?;
        }
        while let Some(item) = self.demuxed.next().now_or_never() {
            self.take(item)?;
        }
        Ok(())
    }

    fn take(&mut self, item: Option<Result<CodecItem, retina::Error>>) -> Result<(), Error> {
        match item {
            None => Err(Error::new(ErrorKind::Ended, "the camera ended the stream")),
            Some(Ok(CodecItem::VideoFrame(frame))) => self.keep(frame),
            Some(Ok(CodecItem::Rtcp(packet))) => {
                self.wall.report(&packet);
                Ok(())
            }
            Some(Ok(_)) => Ok(()),
            Some(Err(e)) => self.fault(&e),
        }
    }

    /// A packet that isn't right costs what builds on it; a broken connection, and too
    /// many such packets on end, end the stream.
    fn fault(&mut self, error: &retina::Error) -> Result<(), Error> {
        let text = error.to_string();
        let first = one_line(text.lines().next().unwrap_or_default());
        let is_over = ["Error reading", "Error writing", "Timeout"];
        if is_over.iter().any(|begin| text.starts_with(begin)) {
            return Err(Error::new(ErrorKind::Ended, "the stream broke off").because(first));
        }
        self.faults += 1;
        self.is_broken = true;
        let kind = match self.faults {
            ..MAX_FAULTS => ErrorKind::Damaged,
            _ => ErrorKind::Protocol,
        };
        let error = Error::new(kind, "a packet isn't as RTP has it").because(first);
        match kind {
            ErrorKind::Damaged => self.damage = Some(error),
            _ => return Err(error),
        }
        Ok(())
    }

    fn keep(&mut self, frame: VideoFrame) -> Result<(), Error> {
        self.faults = 0;
        let begins = frame.is_random_access_point() || self.codec == Codec::Jpeg;
        let mut unit = Unit {
            arrived: Instant::now(),
            taken: self.wall.taken(frame.timestamp()),
            begins,
            lost: frame.loss() > 0 || std::mem::take(&mut self.is_broken),
            data: Encoded::new(frame.into_data()),
        };
        if unit.data.len() > MAX_FRAME_BYTES {
            let bytes = unit.data.len();
            return Err(Error::new(
                ErrorKind::TooLarge,
                format_args!("a frame has {bytes} bytes, {MAX_FRAME_BYTES} are allowed"),
            ));
        }
        if begins || self.waiting.len() == WAITING {
            // What waits is older than what needs none of it.
            let lost = !self.waiting.is_empty() && !begins;
            if !matches!(self.decoder, How::Child(_)) {
                self.waiting.clear();
                unit.lost |= lost;
            }
        }
        self.waiting.push_back(unit);
        Ok(())
    }

    async fn next_event(&mut self) -> Result<Event, Error> {
        if let How::Child(_) = self.decoder {
            return self.next_of_child().await;
        }
        loop {
            self.fill().await?;
            if let Some(damage) = self.damage.take() {
                return Ok(Event::Damaged(damage));
            }
            let Some(unit) = self.waiting.pop_front() else {
                continue;
            };
            let is_due = self.made.is_none_or(|made| made.elapsed() >= self.gap);
            let wanted = is_due && self.waiting.is_empty();
            let How::InProcess(decoder) = &mut self.decoder else {
                if unit.lost {
                    return Ok(Event::Damaged(lost()));
                }
                self.made = Some(Instant::now());
                return Ok(shot(unit, None));
            };
            let mut decoder = decoder.take().unwrap_or_default();
            if unit.lost && !unit.begins {
                decoder.lost();
            }
            let work = move || {
                let decoded = decoder.decode(&unit.data, wanted);
                (decoder, unit, decoded)
            };
            let done = spawn_blocking(work).await;
            let (decoder, unit, decoded) = done.map_err(|e| {
                Error::new(ErrorKind::Internal, "the decoder failed; please report it").because(e)
            })?;
            self.decoder = How::InProcess(Some(decoder));
            match decoded {
                Ok(Decoded::Picture(Some(image))) => {
                    (self.made, self.waits_since) = (Some(Instant::now()), None);
                    return Ok(shot(unit, Some(image)));
                }
                Ok(Decoded::Picture(None)) => {
                    self.waits_since = None;
                    return Ok(Event::Skipped {
                        bytes: unit.data.len(),
                        arrived: unit.arrived,
                    });
                }
                Ok(Decoded::Nothing) => {}
                Ok(Decoded::Waiting) => return self.waits(),
                Err(e) if e.kind() == ErrorKind::Damaged => return Ok(Event::Damaged(e)),
                Err(e) => return Err(e),
            }
        }
    }

    fn waits(&mut self) -> Result<Event, Error> {
        let since = *self.waits_since.get_or_insert_with(Instant::now);
        if since.elapsed() > BEGINS_WITHIN {
            return Err(Error::new(
                ErrorKind::Protocol,
                format_args!(
                    "no key frame within {} s: have the camera send one every second or two",
                    BEGINS_WITHIN.as_secs()
                ),
            ));
        }
        Ok(Event::Damaged(lost()))
    }

    /// Feeds the child with what comes, until it gives something.
    async fn next_of_child(&mut self) -> Result<Event, Error> {
        loop {
            let How::Child(child) = &mut self.decoder else {
                return Err(Error::new(ErrorKind::Internal, "there is no child"));
            };
            while let Some(unit) = self.waiting.pop_front() {
                child.feed(&unit.data, unit.arrived, unit.taken)?;
            }
            let item = tokio::select! {
                biased;
                picture = child.picture() => {
                    let (image, bytes, arrived, taken) = picture?;
                    let is_due = self.made.is_none_or(|made| made.elapsed() >= self.gap);
                    if !is_due {
                        return Ok(Event::Skipped { bytes, arrived });
                    }
                    self.made = Some(Instant::now());
                    return Ok(Event::Shot(Shot {
                        picture: Picture::Decoded(image),
                        arrived,
                        taken,
                        bytes,
                    }));
                }
                item = self.demuxed.next() => item,
            };
            self.take(item)?;
        }
    }
}

fn lost() -> Error {
    Error::new(
        ErrorKind::Damaged,
        "a frame, or what it builds on, was lost on the way",
    )
}

fn shot(unit: Unit, image: Option<rowcall_picture::Image>) -> Event {
    Event::Shot(Shot {
        bytes: unit.data.len(),
        picture: match image {
            Some(image) => Picture::Decoded(image),
            None => Picture::Encoded(unit.data),
        },
        arrived: unit.arrived,
        taken: unit.taken,
    })
}

impl Stream for Open {
    fn next(&mut self) -> Pending<'_, Result<Event, Error>> {
        Box::pin(self.next_event())
    }

    fn about(&self) -> About {
        About {
            codec: Some(self.codec),
            tolerated: Vec::new(),
            server: self.demuxed.tool().map(|tool| one_line(tool)),
        }
    }
}
