//! `rowcall lane check`: everything that a lane stands on, looked at before it starts, a
//! line each with what to do.

use std::{
    fmt,
    net::TcpListener,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use rowcall_camera::{CameraConfig, State, SystemClock, Watch};
use rowcall_custody::{Clock as _, KeyFolder, system::SystemClock as WallClock};
use rowcall_pipeline::{models::Models, trust};

use crate::{Error, config::Config, config::LaneConfig, listen::Tls, openid::OpenId, store::Store};

/// A camera that shows nothing for so long isn't waited for.
const LOOK: Duration = Duration::from_secs(10);
/// With less room on its disk a lane doesn't run for long.
const ROOM: u64 = 1 << 30;
/// Before this no lane of this program ran: 2026-01-01.
const EARLIEST: i64 = 1_767_225_600;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As it should be.
    Good,
    /// The lane runs, but not as it should.
    Doubtful,
    /// The lane doesn't run, or can't confirm anybody.
    Wrong,
}

/// What was looked at, and what it is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How it stands.
    pub standing: Standing,
    /// What was looked at.
    pub what: String,
    /// What it is like; where it isn't good, what to do.
    pub said: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standing = match self.standing {
            Standing::Good => "good",
            Standing::Doubtful => "doubtful",
            Standing::Wrong => "wrong",
        };
        write!(f, "{standing:<8}  {:<24}  {}", self.what, self.said)
    }
}

/// Looks at all of a service file's lanes; `tell` is told each line as it is known.
pub async fn check(path: &Path, models: &Path, tell: &mut (dyn FnMut(Line) + Send)) {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => return tell(wrong("configuration", error)),
    };
    let lanes = config.lanes.len();
    tell(good(
        "configuration",
        format_args!("{lanes} lanes; its notice names who operates them and why"),
    ));
    let now = WallClock::new().read().wall;
    tell(clock(&config, now));
    for line in disk(&config) {
        tell(line);
    }
    tell(keys(&config));
    for line in network(&config, now) {
        tell(line);
    }
    if let Some(openid) = &config.openid {
        let asked = match OpenId::new(openid, config.address.as_deref()) {
            Ok(openid) => openid.ask().await,
            Err(error) => Err(error),
        };
        tell(match asked {
            Ok(()) => good("accounts", format_args!("{} answers", openid.issuer)),
            Err(error) => doubtful("accounts", error),
        });
    }
    for lane in &config.lanes {
        tell(networks(lane, models));
        tell(trusted(lane));
        // All of a lane's at once: a dead one costs its own time alone.
        let looking: Vec<_> = lane
            .cameras
            .iter()
            .map(|camera| tokio::spawn(look(lane.name.clone(), camera.clone())))
            .collect();
        for camera in looking {
            if let Ok(line) = camera.await {
                tell(line);
            }
        }
    }
}

fn clock(config: &Config, now: i64) -> Line {
    let shown = jiff::Timestamp::from_second(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let log = std::fs::metadata(config.state.join("log/checkpoint"));
    let written = log.ok().and_then(|log| log.modified().ok());
    let written = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let written = written.and_then(|at| i64::try_from(at.as_secs()).ok());
    match written {
        _ if now < EARLIEST => wrong(
            "clock",
            format_args!("it says {shown}: set it, since documents are judged by today's date"),
        ),
        Some(written) if written > now + 60 => wrong(
            "clock",
            format_args!("it says {shown}, and the audit log was written later than that: set it"),
        ),
        _ => good("clock", format_args!("it says {shown}")),
    }
}

fn disk(config: &Config) -> Vec<Line> {
    let shown = config.state.display();
    let mut lines = Vec::new();
    // Above a relative path there is the folder in which this runs, named by nothing.
    let above = config
        .state
        .ancestors()
        .map(|folder| match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        });
    let there = above.into_iter().find(|folder| folder.is_dir());
    let Some(there) = there else {
        return vec![wrong(
            "disk",
            format_args!("{shown}: no such folder, nor one above it"),
        )];
    };
    match tempfile_in(there) {
        Err(error) => lines.push(wrong(
            "disk",
            format_args!(
                "{}: {error}: it has to be the lane's own to write",
                there.display()
            ),
        )),
        Ok(()) => match rustix::fs::statvfs(there) {
            Ok(found) => {
                let room = found.f_bavail.saturating_mul(found.f_frsize);
                let said = format!("{shown}: {} MiB are free", room >> 20);
                lines.push(match room < ROOM {
                    true => doubtful("disk", format_args!("{said}: make room for 1 GiB")),
                    false => good("disk", said),
                });
            }
            Err(error) => lines.push(doubtful("disk", format_args!("{shown}: {error}"))),
        },
    }
    let store = config.state.join("lane.sqlite");
    if store.exists() {
        lines.push(match Store::check(&store) {
            Ok(()) => good("store", format_args!("{}: whole", store.display())),
            Err(error) => wrong("store", error),
        });
    }
    lines
}

/// Whether something can be written there; it is gone at once.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".rowcall-check-{}", std::process::id()));
    let written = std::fs::write(&path, b"is there room");
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}

fn keys(config: &Config) -> Line {
    let read = KeyFolder::open(&config.keys).and_then(|folder| folder.read());
    match read {
        Err(error) => wrong("keys", error),
        Ok(keys) => match keys
            .log
            .first()
            .map(|key| key.verifier().name().to_string())
        {
            Some(name) if name == config.log => good("keys", format_args!("of the log {name}")),
            Some(name) => wrong(
                "keys",
                format_args!(
                    "they are of the log {name}; service.log says {}",
                    config.log
                ),
            ),
            None => wrong(
                "keys",
                "there is no key of a log: rowcall keys make makes one",
            ),
        },
    }
}

fn network(config: &Config, now: i64) -> Vec<Line> {
    let at = config.listen;
    let listens = match TcpListener::bind(at) {
        Ok(_) => good("address", format_args!("{at} is free")),
        Err(error) => doubtful(
            "address",
            format_args!("{at}: {error}: does the lane run already?"),
        ),
    };
    let secured = match &config.tls {
        Some(files) => match Tls::read(files, now) {
            Ok(tls) => good("certificate", format_args!("good for {} days", tls.days())),
            Err(error) => wrong("certificate", error),
        },
        None if at.ip().is_loopback() => {
            good("certificate", "none: it listens to this machine alone")
        }
        None => doubtful(
            "certificate",
            "none, and it listens to the network: passwords and pictures pass in the clear; write [service.tls]",
        ),
    };
    vec![listens, secured]
}

fn networks(lane: &LaneConfig, models: &Path) -> Line {
    let what = format!("{}: models", lane.name);
    let policy = &lane.layouts[0].lane.policy;
    match Models::load(models, &policy.model, policy.calibration.as_deref()) {
        Ok(models) if models.calibration.is_provisional() => doubtful(
            &what,
            format_args!(
                "{}: its calibration is provisional: what is confirmed rests on no measured error",
                policy.model
            ),
        ),
        Ok(_) => good(&what, &policy.model),
        Err(error) => wrong(&what, error),
    }
}

fn trusted(lane: &LaneConfig) -> Line {
    let what = format!("{}: trust", lane.name);
    match trust::load_store(&lane.trust, &lane.revocation) {
        Err(error) => wrong(&what, error),
        Ok((_, unreadable)) if !unreadable.is_empty() => {
            let all: Vec<String> = unreadable
                .iter()
                .map(|file| format!("{} ({})", file.name, file.why))
                .collect();
            wrong(&what, format_args!("mend or remove {}", all.join(", ")))
        }
        Ok((store, _)) if store.is_empty() => doubtful(
            &what,
            "no certificate: no document can be trusted, and nobody is confirmed by one",
        ),
        Ok((store, _)) if store.revocation_lists() == 0 => doubtful(
            &what,
            format_args!("{} certificates, and no revocation list", store.len()),
        ),
        Ok((store, _)) => good(
            &what,
            format_args!(
                "{} certificates, {} revocation lists",
                store.len(),
                store.revocation_lists()
            ),
        ),
    }
}

async fn look(lane: String, camera: CameraConfig) -> Line {
    let what = format!("{lane}: {}", camera.name);
    let watch = match Watch::of(&camera, 1, Arc::new(SystemClock)) {
        Ok((_, Some(_))) => {
            return good(&what, "its frames are brought: whoever brings them knows");
        }
        Ok((watch, None)) => watch,
        Err(error) => return wrong(&what, error),
    };
    let begun = Instant::now();
    loop {
        let state = watch.health().state;
        let is_over = begun.elapsed() >= LOOK;
        if state == State::Delivering || is_over {
            return match state {
                State::Delivering => good(&what, "it shows frames"),
                state if state.is_usable() => doubtful(&what, state.name()),
                state => wrong(
                    &what,
                    format_args!("{}: rowcall camera check says more", state.name()),
                ),
            };
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn line(standing: Standing, what: &str, said: impl fmt::Display) -> Line {
    Line {
        standing,
        what: what.to_owned(),
        said: said.to_string(),
    }
}

fn good(what: &str, said: impl fmt::Display) -> Line {
    line(Standing::Good, what, said)
}

fn doubtful(what: &str, said: impl fmt::Display) -> Line {
    line(Standing::Doubtful, what, said)
}

fn wrong(what: &str, said: impl fmt::Display) -> Line {
    line(Standing::Wrong, what, said)
}

/// Copies what the lane itself keeps (people, tokens, counts) while it may be running.
/// What custody keeps is left out: what is destroyed must not live on in a copy.
///
/// # Errors
/// If the store isn't there or isn't whole, or the copy can't be written.
pub fn back_up(path: &Path, to: &Path) -> Result<(), Error> {
    let config = Config::read(path)?;
    Store::copy(&config.state.join("lane.sqlite"), to)
}
