//! What happened to a camera, and what that makes of it. Pure: time is an argument.

use std::{collections::VecDeque, time::Duration, time::SystemTime};

use tokio::time::Instant;

use super::{
    Thresholds,
    health::{Condition, Counters, Health, State, Trouble},
    lag::Lag,
};
use crate::{
    Error,
    capture::{Shot, Taken},
    look::Look,
    stream::About,
};

/// Over how long frames are counted for their rate.
const RATE_OVER: Duration = Duration::from_secs(5);
const MAX_ARRIVALS: usize = 512;

pub(super) struct Facts {
    thresholds: Thresholds,
    /// When there was a frame last, or when it all began.
    last_frame: Instant,
    arrivals: VecDeque<Instant>,
    is_open: bool,
    was_open: bool,
    refused: Option<Instant>,
    /// Since when pictures are all the same, dark, blurred.
    same: Option<Instant>,
    dark: Option<Instant>,
    blurred: Option<Instant>,
    late: Option<Instant>,
    lag: Lag,
    lag_now: Option<Duration>,
    clock_behind: Option<f64>,
    look: Option<Look>,
    trouble: Option<Trouble>,
    damage: Option<Trouble>,
    about: About,
    state: (State, Instant),
    pub(super) counters: Counters,
}

impl Facts {
    pub(super) fn new(thresholds: Thresholds, now: Instant) -> Self {
        Self {
            thresholds,
            last_frame: now,
            arrivals: VecDeque::new(),
            is_open: false,
            was_open: false,
            refused: None,
            same: None,
            dark: None,
            blurred: None,
            late: None,
            lag: Lag::default(),
            lag_now: None,
            clock_behind: None,
            look: None,
            trouble: None,
            damage: None,
            about: About::default(),
            state: (State::Connecting, now),
            counters: Counters::default(),
        }
    }

    pub(super) fn opened(&mut self) {
        self.counters.reconnects += u64::from(self.was_open);
        (self.is_open, self.was_open) = (true, true);
        self.refused = None;
        self.lag = Lag::default();
        (self.lag_now, self.clock_behind, self.late) = (None, None, None);
    }

    /// A frame came; whether it is so late that it shows another moment.
    pub(super) fn shot(&mut self, shot: &Shot, wall: SystemTime, about: About) -> bool {
        let now = shot.arrived;
        self.counters.received += 1;
        self.counters.bytes += shot.bytes as u64;
        self.about = about;
        self.arrived(now);
        let lag = shot.taken.map(|taken| self.lag.of(taken, now));
        self.lag_now = lag;
        self.clock_behind = match shot.taken {
            Some(Taken::Wall(taken)) => Some(match wall.duration_since(taken) {
                Ok(behind) => behind.as_secs_f64(),
                Err(ahead) => -ahead.duration().as_secs_f64(),
            }),
            _ => None,
        };
        let limit = self.thresholds.frame_age_limit;
        let is_stale = lag.is_some_and(|lag| lag > limit);
        let off = self.clock_behind.map_or(0.0, f64::abs);
        let is_late = is_stale || off > self.thresholds.clock_tolerance.as_secs_f64();
        hold(&mut self.late, is_late, now);
        is_stale
    }

    /// A frame came that wasn't looked into.
    pub(super) fn skipped(&mut self, bytes: usize, now: Instant) {
        self.counters.received += 1;
        self.counters.thinned += 1;
        self.counters.bytes += bytes as u64;
        self.arrived(now);
    }

    fn arrived(&mut self, now: Instant) {
        self.last_frame = now;
        if self.arrivals.len() == MAX_ARRIVALS {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
        // What has frames is neither silent nor refused.
        self.refused = None;
    }

    pub(super) fn damaged(&mut self, why: &Error, now: Instant) {
        self.counters.damaged += 1;
        self.damage = Some(Trouble::new(why, now));
    }

    pub(super) fn looked(&mut self, look: Look, now: Instant) {
        let limits = &self.thresholds;
        hold(&mut self.same, look.change == Some(0.0), now);
        let is_dark = look.highlights < limits.dark_highlights;
        hold(&mut self.dark, is_dark, now);
        let is_blurred = look.sharpness.is_none_or(|sharp| sharp < limits.sharpness);
        hold(&mut self.blurred, is_blurred && !is_dark, now);
        self.look = Some(look);
    }

    /// The connection ended, or couldn't be made.
    pub(super) fn lost(&mut self, why: &Error, now: Instant) {
        self.is_open = false;
        self.trouble = Some(Trouble::new(why, now));
        hold(&mut self.refused, why.needs_somebody(), now);
        // What was seen says nothing of what will be.
        (self.same, self.dark, self.blurred, self.late) = (None, None, None, None);
    }

    fn conditions(&self, now: Instant) -> Vec<Condition> {
        let limits = &self.thresholds;
        let after = |since: Option<Instant>, patience: Duration| {
            since.filter(|since| now.saturating_duration_since(*since) >= patience)
        };
        let silent = after(Some(self.last_frame), limits.no_frames_after);
        let waiting = !self.is_open || self.counters.received == 0;
        let is_silent = silent.is_some();
        let connecting = (waiting && !is_silent).then_some(self.last_frame);
        // What was seen last isn't what is there now.
        let seen = |since| if is_silent { None } else { since };
        [
            (State::Refused, self.refused),
            (State::NoFrames, silent),
            (State::Connecting, connecting),
            (
                State::FrozenPicture,
                seen(after(self.same, limits.frozen_after)),
            ),
            (State::TooDark, seen(after(self.dark, limits.seen_for))),
            (
                State::OutOfFocus,
                seen(after(self.blurred, limits.seen_for)),
            ),
            (State::LateClock, seen(after(self.late, limits.seen_for))),
        ]
        .into_iter()
        .filter_map(|(state, since)| since.map(|since| Condition { state, since }))
        .collect()
    }

    pub(super) fn health(&mut self, now: Instant) -> Health {
        let conditions = self.conditions(now);
        let state = match conditions.first() {
            Some(gravest) => (gravest.state, gravest.since),
            None if self.state.0 == State::Delivering => self.state,
            None => (State::Delivering, now),
        };
        self.state = state;
        let recent = |at: &&Instant| now.saturating_duration_since(**at) < RATE_OVER;
        let recent = self.arrivals.iter().filter(recent);
        let first = recent.clone().next();
        let count = recent.count();
        let over = first.map_or(RATE_OVER, |first| now.saturating_duration_since(*first));
        let frames_per_second = match count {
            0 | 1 => count as f32 / RATE_OVER.as_secs_f32(),
            // So many frames have one gap fewer; if the next one is late, that counts.
            _ => {
                let gap = over / (count as u32 - 1);
                let since = now.saturating_duration_since(self.last_frame);
                let span = if since > gap { over } else { over - since };
                (count - 1) as f32 / span.as_secs_f32().max(1e-3)
            }
        };
        Health {
            state: state.0,
            since: state.1,
            conditions,
            trouble: self.trouble.clone(),
            damage: self.damage.clone(),
            counters: self.counters,
            frame_age: (self.counters.received > 0)
                .then(|| now.saturating_duration_since(self.last_frame)),
            frames_per_second,
            lag: self.lag_now,
            clock_behind: self.clock_behind,
            look: self.look,
            about: self.about.clone(),
        }
    }
}

/// Keeps the moment since which something holds.
fn hold(since: &mut Option<Instant>, holds: bool, now: Instant) {
    *since = holds.then(|| since.unwrap_or(now));
}
