//! The header fields of one part.

use std::time::{Duration, SystemTime};

use super::leniency::Leniency;
use crate::capture::Taken;

/// What the header fields say.
#[derive(Clone, Copy, Default)]
pub(super) struct Head {
    pub(super) length: Option<usize>,
    pub(super) is_jpeg: bool,
    pub(super) taken: Option<Taken>,
}

impl Head {
    /// Takes a header field; what is odd about it.
    pub(super) fn field(&mut self, line: &[u8]) -> Option<Leniency> {
        let line = String::from_utf8_lossy(line);
        let Some((name, value)) = line.split_once(':') else {
            return Some(Leniency::OddField);
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => {
                let kind = value.split(';').next().unwrap_or_default().trim();
                let names = ["image/jpeg", "image/jpg", "image/pjpeg"];
                self.is_jpeg = names.iter().any(|name| kind.eq_ignore_ascii_case(name));
            }
            "content-length" | "content_length" => match value.parse() {
                Ok(length) => self.length = Some(length),
                Err(_) => return Some(Leniency::WrongLength),
            },
            "x-timestamp" | "timestamp" => self.taken = timestamp(value),
            _ => {}
        }
        None
    }
}

/// Seconds, with a fraction: since 1970 if there are enough of them, since some
/// moment of the camera's own otherwise.
fn timestamp(value: &str) -> Option<Taken> {
    const YEAR_2001: u64 = 1_000_000_000;
    const YEAR_2286: u64 = 10_000_000_000;
    let (seconds, fraction) = value.split_once('.').unwrap_or((value, ""));
    let seconds: u64 = seconds.parse().ok().filter(|s| *s < YEAR_2286)?;
    let digits = fraction.get(..fraction.len().min(9))?;
    let nanos = match digits {
        "" => 0,
        _ => digits.parse::<u32>().ok()? * 10_u32.pow(9 - digits.len() as u32),
    };
    let since = Duration::new(seconds, nanos);
    Some(match seconds {
        YEAR_2001.. => Taken::Wall(SystemTime::UNIX_EPOCH + since),
        _ => Taken::Stream(since),
    })
}
