//! A folder's pictures as a camera's frames, for demonstrations and trials.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

use rowcall_picture::{Wiped, is_picture};
use tokio::{
    task::spawn_blocking,
    time::{Instant, Interval, MissedTickBehavior, interval},
};

use crate::{
    Error, ErrorKind,
    caps::{MAX_FILES, MAX_FRAME_BYTES},
    capture::{Picture, Shot},
    stream::{About, Codec, Event, Opener, Pending, Stream},
};

/// Plays the pictures in the order of their names, again and again.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    rate: f32,
}

impl Folder {
    /// Plays `path` with `rate` pictures in a second.
    pub fn new(path: impl Into<PathBuf>, rate: f32) -> Self {
        Self {
            path: path.into(),
            rate: rate.clamp(0.01, 1_000.0),
        }
    }

    /// The pictures, by what their files begin with.
    ///
    /// # Errors
    /// It can't be read, or there are none, or too many.
    pub fn files(&self) -> Result<Vec<PathBuf>, Error> {
        let wrong = |why: &dyn std::fmt::Display| {
            Error::new(
                ErrorKind::NotThere,
                format_args!("{}: {why}", self.path.display()),
            )
        };
        let mut files = Vec::new();
        for (count, entry) in fs::read_dir(&self.path).map_err(|e| wrong(&e))?.enumerate() {
            if count == MAX_FILES {
                return Err(wrong(&format!("more than {MAX_FILES} files are in it")));
            }
            let path = entry.map_err(|e| wrong(&e))?.path();
            // A pipe would wait for ever.
            if path.is_file() && is_picture(&read(&path, 64).unwrap_or_default()) {
                files.push(path);
            }
        }
        if files.is_empty() {
            return Err(wrong(&"there is no picture in it"));
        }
        files.sort();
        Ok(files)
    }
}

impl Opener for Folder {
    fn open(&self) -> Pending<'_, Result<Box<dyn Stream>, Error>> {
        Box::pin(async {
            let folder = self.clone();
            let files = spawn_blocking(move || folder.files()).await;
            let files = files.map_err(failed)??;
            let mut pace = interval(Duration::from_secs_f32(1.0 / self.rate));
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Ok(Box::new(Open { files, at: 0, pace }) as Box<dyn Stream>)
        })
    }
}

struct Open {
    files: Vec<PathBuf>,
    at: usize,
    pace: Interval,
}

impl Stream for Open {
    fn next(&mut self) -> Pending<'_, Result<Event, Error>> {
        Box::pin(async {
            self.pace.tick().await;
            let path = self.files[self.at].clone();
            self.at = (self.at + 1) % self.files.len();
            let shown = path.clone();
            let file = spawn_blocking(move || read(&path, MAX_FRAME_BYTES + 1));
            let file = file.await.map_err(failed)?;
            let path = shown.display();
            Ok(match file {
                Ok(file) if file.len() <= MAX_FRAME_BYTES => Event::Shot(Shot {
                    bytes: file.len(),
                    picture: Picture::Encoded(file.into()),
                    arrived: Instant::now(),
                    taken: None,
                }),
                Ok(_) => Event::Damaged(Error::new(
                    ErrorKind::TooLarge,
                    format_args!("{path}: more than {MAX_FRAME_BYTES} bytes"),
                )),
                Err(e) => {
                    Event::Damaged(Error::new(ErrorKind::NotThere, format_args!("{path}: {e}")))
                }
            })
        })
    }

    fn about(&self) -> About {
        About {
            codec: Some(Codec::Jpeg),
            ..About::default()
        }
    }
}

/// At most so many bytes of a file.
fn read(path: &Path, most: usize) -> std::io::Result<Wiped<u8>> {
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len().min(most as u64) as usize;
    // One byte more, so that it needn't grow to find the end.
    let mut bytes = Wiped::new(Vec::with_capacity(size + 1));
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn failed(e: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Internal, "reading a file was given up").because(e)
}
