//! How a camera is watched, and what counts as wrong with it.

use std::time::Duration;

use crate::CameraConfig;

/// How a camera is watched.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the camera is given to answer, and then to send one frame whole.
    pub answer_within: Duration,
    /// Frames that are handed out in a second at most.
    pub frames_per_second: f32,
    /// How many captures wait for one reader; then the oldest goes for the newest.
    pub keep: usize,
    /// How often a frame is looked at for the camera's health.
    pub look_every: Duration,
    /// What counts as wrong.
    pub thresholds: Thresholds,
    /// What the waiting between two attempts varies by: another one for each camera.
    pub seed: u64,
}

/// What counts as wrong with a camera.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// A frame that came, or waited, so much too late shows another moment.
    pub frame_age_limit: Duration,
    /// No frame for so long.
    pub no_frames_after: Duration,
    /// The same picture to the last bit for so long.
    pub frozen_after: Duration,
    /// How far the camera's clock may be off.
    pub clock_tolerance: Duration,
    /// The brightest hundredth of the picture is darker than this: [`Look::highlights`](crate::Look::highlights).
    pub dark_highlights: f32,
    /// The steepest edges are less steep than this: [`Look::sharpness`](crate::Look::sharpness).
    pub sharpness: f32,
    /// How long what is seen must last before it is said.
    pub seen_for: Duration,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            frame_age_limit: CameraConfig::FRAME_AGE_LIMIT,
            no_frames_after: Duration::from_secs(5),
            frozen_after: Duration::from_secs(15),
            clock_tolerance: Duration::from_secs(2),
            dark_highlights: 0.2,
            sharpness: 0.35,
            seen_for: Duration::from_secs(3),
        }
    }
}

impl Options {
    /// As the configuration has it, with its own `seed` for each camera.
    pub fn new(camera: &CameraConfig, seed: u64) -> Self {
        Self {
            answer_within: camera.answer_within,
            frames_per_second: camera.frames_per_second,
            keep: 2,
            look_every: Duration::from_millis(500),
            thresholds: Thresholds {
                frame_age_limit: camera.frame_age_limit,
                ..Thresholds::default()
            },
            seed,
        }
    }
}
