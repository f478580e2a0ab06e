//! The table as it stands in a file.

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Address, CameraConfig, Login, Source, Transport};
use crate::{Error, ErrorKind, caps};

/// Pictures of a folder in a second, if nothing is said.
const RATE: f32 = 5.0;
const SECONDS: std::ops::RangeInclusive<f64> = 0.1..=600.0;
const PER_SECOND: std::ops::RangeInclusive<f32> = 0.1..=60.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Camera {
    name: String,
    push: Option<bool>,
    folder: Option<PathBuf>,
    rate: Option<f32>,
    mjpeg: Option<String>,
    rtsp: Option<String>,
    user: Option<String>,
    password: Option<String>,
    transport: Option<Transport>,
    frame_age_limit: Option<f64>,
    answer_within: Option<f64>,
    frames_per_second: Option<f32>,
}

impl TryFrom<Camera> for CameraConfig {
    type Error = Error;

    fn try_from(file: Camera) -> Result<Self, Error> {
        let [password, mjpeg, rtsp] =
            [file.password, file.mjpeg, file.rtsp].map(|secret| secret.map(Zeroizing::new));
        let name = file.name.trim();
        if name.is_empty() || name.len() > 64 || name.chars().any(char::is_control) {
            return Err(wrong("name", "a camera is called by 1 to 64 characters"));
        }
        let login = match (file.user, password) {
            (None, None) => None,
            (None, Some(_)) => return Err(wrong("password", "there is no user for it")),
            (Some(user), password) => Some(Login::new(user, password.unwrap_or_default())),
        };
        let is_rtsp = rtsp.is_some();
        let is_folder = file.folder.is_some();
        let has_address = is_rtsp || mjpeg.is_some();
        if login.is_some() && !has_address {
            return Err(wrong("user", "only mjpeg and rtsp have a log-in"));
        }
        if file.transport.is_some() && !is_rtsp {
            return Err(wrong("transport", "only rtsp has one"));
        }
        if file.rate.is_some() && !is_folder {
            return Err(wrong("rate", "only a folder has one"));
        }
        let source = match (file.push, file.folder, mjpeg, rtsp) {
            (Some(true), None, None, None) => Source::Push,
            (Some(false), ..) => return Err(wrong("push", "true, or leave the key out")),
            (None, Some(path), None, None) => Source::Folder {
                path,
                rate: per_second("rate", file.rate)?.unwrap_or(RATE),
            },
            (None, None, Some(url), None) => {
                Source::Mjpeg(Address::parse(&url, &["http"])?.with(login)?)
            }
            (None, None, None, Some(url)) => Source::Rtsp(
                Address::parse(&url, &["rtsp"])?.with(login)?,
                file.transport.unwrap_or_default(),
            ),
            (None, None, None, None) => {
                return Err(wrong(
                    "source",
                    "it needs one of push = true, folder, mjpeg, rtsp",
                ));
            }
            _ => {
                return Err(wrong(
                    "source",
                    "it has several of push, folder, mjpeg, rtsp; a camera has one",
                ));
            }
        };
        let mut camera = Self::new(name, source);
        if let Some(limit) = seconds("frame_age_limit", file.frame_age_limit)? {
            camera.frame_age_limit = limit;
        }
        if let Some(limit) = seconds("answer_within", file.answer_within)? {
            camera.answer_within = limit;
        }
        if let Some(most) = per_second("frames_per_second", file.frames_per_second)? {
            camera.frames_per_second = most;
        }
        debug_assert!(camera.answer_within <= 60 * caps::ANSWER_WITHIN);
        Ok(camera)
    }
}

fn wrong(key: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format_args!("camera.{key}: {why}"),
    )
}

fn seconds(key: &str, value: Option<f64>) -> Result<Option<Duration>, Error> {
    let Some(value) = value else { return Ok(None) };
    if !SECONDS.contains(&value) {
        let (from, to) = (SECONDS.start(), SECONDS.end());
        return Err(wrong(
            key,
            &format!("{value} isn't within {from} to {to} seconds"),
        ));
    }
    Ok(Some(Duration::from_secs_f64(value)))
}

fn per_second(key: &str, value: Option<f32>) -> Result<Option<f32>, Error> {
    match value {
        Some(value) if !PER_SECOND.contains(&value) => {
            let (from, to) = (PER_SECOND.start(), PER_SECOND.end());
            Err(wrong(
                key,
                &format!("{value} isn't within {from} to {to} a second"),
            ))
        }
        value => Ok(value),
    }
}
