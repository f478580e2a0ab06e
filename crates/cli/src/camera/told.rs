//! What a check found, for people and for programs.

use std::{fmt, time::Duration};

use rowcall_camera::{Condition, Health};
use serde::Serialize;

/// The result of `rowcall camera check`.
#[derive(Serialize)]
pub(super) struct Told {
    /// Without log-in.
    camera: String,
    server: Option<String>,
    codec: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    pub(super) frames: u64,
    frames_per_second: f32,
    bytes_per_frame: u64,
    first_frame_ms: Option<u64>,
    damaged: u64,
    reconnects: u64,
    /// Shares, 0 to 1.
    brightness: Option<f32>,
    highlights: Option<f32>,
    burnt: Option<f32>,
    sharpness: Option<f32>,
    change: Option<f32>,
    /// Seconds; negative if it is ahead.
    clock_behind: Option<f64>,
    lag_ms: Option<u64>,
    pub(super) wrong: Vec<Wrong>,
    tolerated: Vec<String>,
    /// What the last connection ended with.
    trouble: Option<String>,
}

/// Something that is wrong.
#[derive(Serialize)]
pub(super) struct Wrong {
    what: &'static str,
    words: String,
}

impl Told {
    pub(super) fn new(camera: String, first: Option<Duration>, health: &Health) -> Self {
        let counters = &health.counters;
        let look = health.look;
        let state = |condition: &Condition| Wrong {
            what: condition.state.name(),
            words: condition.state.words().to_owned(),
        };
        let mut wrong: Vec<Wrong> = health.conditions.iter().map(state).collect();
        let trouble = health.trouble.as_ref().map(|t| t.detail.clone());
        if counters.damaged > 0 {
            let why = health.damage.as_ref().map_or("", |damage| &damage.detail);
            wrong.push(Wrong {
                what: "damaged",
                words: format!("{} frames were none: {why}", counters.damaged),
            });
        }
        if let (Some(why), true) = (&trouble, counters.received > 0) {
            wrong.push(Wrong {
                what: "reconnects",
                words: format!("the connection ended: {why}"),
            });
        }
        Self {
            camera,
            server: health.about.server.clone(),
            codec: health.about.codec.map(|codec| codec.to_string()),
            width: look.map(|look| look.size.0),
            height: look.map(|look| look.size.1),
            frames: counters.received,
            frames_per_second: health.frames_per_second,
            bytes_per_frame: counters.bytes / counters.received.max(1),
            first_frame_ms: first.map(|delay| delay.as_millis() as u64),
            damaged: counters.damaged,
            reconnects: counters.reconnects,
            brightness: look.map(|look| look.brightness),
            highlights: look.map(|look| look.highlights),
            burnt: look.map(|look| look.burnt),
            sharpness: look.and_then(|look| look.sharpness),
            change: look.and_then(|look| look.change),
            clock_behind: health.clock_behind,
            lag_ms: health.lag.map(|lag| lag.as_millis() as u64),
            wrong,
            tolerated: health.about.tolerated.clone(),
            trouble,
        }
    }

    /// Why there is no frame.
    pub(super) fn nothing(&self) -> String {
        let why = match (&self.trouble, self.wrong.first()) {
            (Some(trouble), _) => trouble,
            (None, Some(wrong)) => &wrong.words,
            (None, None) => "no frame came in time",
        };
        format!("{}: {why}", self.camera)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.camera)?;
        let codec = self.codec.as_deref().unwrap_or("unknown");
        write!(f, "  pictures    {codec}")?;
        if let (Some(width), Some(height)) = (self.width, self.height) {
            write!(f, ", {width} x {height}")?;
        }
        let rate = self.frames_per_second;
        let bytes = self.bytes_per_frame as f64 / 1e3;
        writeln!(f, ", {rate:.1} frames/s, {bytes:.1} kB each")?;
        if let Some(server) = &self.server {
            writeln!(f, "  server      {server}")?;
        }
        if let Some(delay) = self.first_frame_ms {
            writeln!(f, "  first frame after {delay} ms")?;
        }
        let percent = |share: f32| format!("{:.0} %", 100.0 * share);
        if let (Some(mean), Some(light), Some(burnt)) =
            (self.brightness, self.highlights, self.burnt)
        {
            let (mean, light, burnt) = (percent(mean), percent(light), percent(burnt));
            writeln!(
                f,
                "  brightness  {mean}, highlights {light}, burnt out {burnt}"
            )?;
        }
        match self.sharpness {
            Some(sharp) => writeln!(
                f,
                "  sharpness   {sharp:.2} (0.25 all blurred, 0.5 and more sharp)"
            )?,
            None => writeln!(f, "  sharpness   nothing to tell it by")?,
        }
        if let Some(change) = self.change {
            writeln!(
                f,
                "  change      {:.2} % from one look to the next",
                100.0 * change
            )?;
        }
        match self.clock_behind {
            Some(behind) if behind < 0.0 => writeln!(f, "  clock       {:.3} s ahead", -behind)?,
            Some(behind) => writeln!(f, "  clock       {behind:.3} s behind")?,
            None => writeln!(f, "  clock       it tells none")?,
        }
        if let Some(lag) = self.lag_ms {
            writeln!(f, "  lag         {lag} ms more than the quickest frame")?;
        }
        let (frames, damaged) = (self.frames, self.damaged);
        writeln!(
            f,
            "  frames      {frames}, {damaged} damaged, {} reconnects",
            self.reconnects
        )?;
        for what in &self.tolerated {
            writeln!(f, "  tolerated   {what}")?;
        }
        for wrong in &self.wrong {
            writeln!(f, "  {:<11} {}", wrong.what, wrong.words)?;
        }
        match self.wrong.is_empty() {
            true => writeln!(f, "nothing is wrong"),
            false => Ok(()),
        }
    }
}
