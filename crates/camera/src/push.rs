//! A camera whose frames somebody brings: the lane's API takes a JPEG and hands it in.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use rowcall_picture::{ImageFormat, Limits, foreign_format, probe};
use tokio::{sync::Notify, time::Instant};

use crate::{
    Error, ErrorKind, caps,
    capture::{Encoded, Picture, Shot, Taken},
    stream::{About, Codec, Event, Opener, Pending, Stream},
};

/// Frames that wait until the watch takes them. It takes them at once.
const WAITING: usize = 4;

/// The end where frames are brought.
#[derive(Clone)]
pub struct Pusher(Arc<Inbox>);

/// The end that a [`Watch`](crate::Watch) opens.
pub struct Pushed(Arc<Inbox>);

#[derive(Default)]
struct Inbox {
    waiting: Mutex<VecDeque<Shot>>,
    filled: Notify,
}

/// A camera to bring frames to.
pub fn channel() -> (Pusher, Pushed) {
    let inbox = Arc::new(Inbox::default());
    (Pusher(Arc::clone(&inbox)), Pushed(inbox))
}

impl Pusher {
    /// Brings a JPEG, and when it was taken if that is known. Never waits. Gives how
    /// many older ones had to go for it.
    ///
    /// # Errors
    /// It isn't a JPEG, or too large; whoever brings it has to know.
    pub fn push(&self, file: Encoded, taken: Option<Taken>) -> Result<usize, Error> {
        if file.len() > caps::MAX_FRAME_BYTES {
            let most = caps::MAX_FRAME_BYTES;
            return Err(Error::new(
                ErrorKind::TooLarge,
                format_args!("the frame has {} bytes, {most} are allowed", file.len()),
            ));
        }
        let header = probe(&file).filter(|header| header.format == ImageFormat::Jpeg);
        let header = header.ok_or_else(|| {
            let why = match foreign_format(&file) {
                Some(format) => format!("the frame is {format}, and a JPEG is taken"),
                None => "the frame isn't a JPEG with a header".to_owned(),
            };
            Error::new(ErrorKind::Unsupported, why)
        })?;
        let declared = u64::from(header.width) * u64::from(header.height);
        if declared > Limits::FRAME.max_declared {
            let most = Limits::FRAME.max_declared;
            return Err(Error::new(
                ErrorKind::TooLarge,
                format_args!("the frame declares {declared} pixels, {most} are allowed"),
            ));
        }
        let mut waiting = self.0.lock();
        let displaced = usize::from(waiting.len() == WAITING);
        waiting.drain(..displaced);
        waiting.push_back(Shot {
            bytes: file.len(),
            picture: Picture::Encoded(file),
            arrived: Instant::now(),
            taken,
        });
        drop(waiting);
        self.0.filled.notify_one();
        Ok(displaced)
    }
}

impl Opener for Pushed {
    fn open(&self) -> Pending<'_, Result<Box<dyn Stream>, Error>> {
        let inbox = Arc::clone(&self.0);
        Box::pin(async { Ok(Box::new(Open(inbox)) as Box<dyn Stream>) })
    }

    fn is_asked(&self) -> bool {
        false
    }
}

struct Open(Arc<Inbox>);

impl Stream for Open {
    fn next(&mut self) -> Pending<'_, Result<Event, Error>> {
        Box::pin(async {
            loop {
                let next = self.0.lock().pop_front();
                if let Some(shot) = next {
                    return Ok(Event::Shot(shot));
                }
                self.0.filled.notified().await;
            }
        })
    }

    fn about(&self) -> About {
        About {
            codec: Some(Codec::Jpeg),
            ..About::default()
        }
    }
}

impl Inbox {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Shot>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
