//! When a frame was taken: on the stream's time line, and by the camera's clock once a
//! sender report ties the two together (RFC 3550, 6.4.1).

use std::time::{Duration, SystemTime};

use retina::{Timestamp, rtcp::ReceivedCompoundPacket};

use crate::capture::Taken;

#[derive(Default)]
pub(super) struct Wall {
    /// A moment on both time lines: seconds of the stream, and the camera's clock.
    tie: Option<(f64, SystemTime)>,
}

impl Wall {
    /// Takes what a report says.
    pub(super) fn report(&mut self, packet: &ReceivedCompoundPacket) {
        let Some(at) = packet.rtp_timestamp() else {
            return;
        };
        for part in packet.pkts() {
            if let Ok(Some(report)) = part.as_sender_report() {
                self.tie =
                    system_time(report.ntp_timestamp().0).map(|wall| (at.elapsed_secs(), wall));
            }
        }
    }

    pub(super) fn taken(&self, at: Timestamp) -> Option<Taken> {
        let seconds = at.elapsed_secs();
        match self.tie {
            None => Duration::try_from_secs_f64(seconds).ok().map(Taken::Stream),
            Some((tied, wall)) => {
                let since = seconds - tied;
                let by = Duration::try_from_secs_f64(since.abs()).ok()?;
                let taken = match since < 0.0 {
                    true => wall.checked_sub(by),
                    false => wall.checked_add(by),
                };
                taken.map(Taken::Wall)
            }
        }
    }
}

/// From seconds since 1900 in 32 bits and a fraction in 32 (RFC 5905, 6); cameras without
/// a clock send zero, or a time since they began.
fn system_time(ntp: u64) -> Option<SystemTime> {
    const UNIX: u64 = 2_208_988_800;
    const YEAR_2000: u64 = UNIX + 946_684_800;
    let seconds = ntp >> 32;
    let nanos = ((ntp & 0xffff_ffff) * 1_000_000_000) >> 32;
    let since = Duration::new(seconds.checked_sub(UNIX)?, nanos as u32);
    (seconds >= YEAR_2000).then(|| SystemTime::UNIX_EPOCH + since)
}
