//! The service file as it is written, and what makes it wrong.

use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use rowcall_audit::entry::Digest;
use rowcall_camera::{CameraConfig, Source};
use rowcall_rollcall::Lane;
use serde::Deserialize;

use super::{
    Config, LaneConfig, Layout, Limits, Notice, OpenIdConfig, Retention, TlsConfig, apart::Apart,
    name::is_name,
};
use crate::{Error, console::Hand, view::Direction};

/// A service file is at most this large.
const MAX_FILE: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    format: u32,
    pub(super) notice: Notice,
    pub(super) retention: Retention,
    service: ServiceFile,
    #[serde(default)]
    pub(super) lane: Vec<LaneFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFile {
    listen: SocketAddr,
    address: Option<String>,
    tls: Option<TlsConfig>,
    openid: Option<OpenIdConfig>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    hand: Hand,
    state: PathBuf,
    keys: PathBuf,
    log: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LaneFile {
    name: String,
    direction: Direction,
    files: Vec<PathBuf>,
    #[serde(default)]
    camera: Vec<CameraConfig>,
    apart: Option<Apart>,
    #[serde(default)]
    trust: Vec<PathBuf>,
    #[serde(default)]
    revocation: Vec<PathBuf>,
}

impl Config {
    /// Reads a service file and the lane files that it names; paths are relative to
    /// it.
    ///
    /// # Errors
    /// What is wrong, with file, line and key.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = read_text(path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let wrong = |why: &dyn Display| Error::operator(format_args!("{}: {why}", path.display()));
        let file: File = toml::from_str(&text).map_err(|e| {
            let line = e
                .span()
                .map_or(1, |s| text[..s.start].matches('\n').count() + 1);
            let message = e.message().replace('\n', " ");
            wrong(&format_args!("line {line}: {message}"))
        })?;
        if file.format != 1 {
            return Err(wrong(&format_args!(
                "format: {} isn't read by this version, which reads 1",
                file.format
            )));
        }
        file.notice.check().map_err(|why| wrong(&why))?;
        file.retention.check().map_err(|why| wrong(&why))?;
        if file.lane.is_empty() {
            return Err(wrong(
                &"lane: there is none; a service has one [[lane]] at least",
            ));
        }
        let mut digest = without_passwords(&text).into_bytes();
        let mut lanes: Vec<LaneConfig> = Vec::new();
        for (i, lane) in file.lane.into_iter().enumerate() {
            let key = |key: &str, why: &str| wrong(&format_args!("lane[{i}].{key}: {why}"));
            if !is_name(&lane.name) {
                return Err(key("name", "letters, digits and - only, at most 40"));
            }
            if lanes.iter().any(|l| l.name == lane.name) {
                return Err(key("name", "another lane has it already"));
            }
            let mut layouts: Vec<Layout> = Vec::new();
            let mut trust: Vec<PathBuf> = Vec::new();
            for file in &lane.files {
                let path = folder.join(file);
                let text = read_text(&path)?;
                let parsed = Lane::parse(&text)
                    .map_err(|e| Error::operator(format_args!("{}: {e}", path.display())))?;
                digest.extend_from_slice(text.as_bytes());
                let beside = path.parent().unwrap_or(Path::new("."));
                if let Some(own) = parsed.trust.as_ref().map(|own| beside.join(own))
                    && !trust.contains(&own)
                {
                    trust.push(own);
                }
                layouts.push(Layout {
                    name: parsed.name.clone(),
                    lane: parsed,
                    file: path,
                });
            }
            check_layouts(&layouts).map_err(|why| key("files", &why))?;
            let mut cameras = lane.camera;
            for j in 0..cameras.len() {
                check_camera(&cameras[..=j], &layouts)
                    .map_err(|why| key(&format!("camera[{j}].name"), &why))?;
                if let Source::Folder { path, .. } = &mut cameras[j].source {
                    *path = folder.join(&*path);
                }
            }
            if let Some(apart) = &lane.apart {
                let checked = apart.check();
                checked.map_err(|(of, why)| key(&format!("apart.{of}"), &why))?;
            }
            trust.extend(lane.trust.iter().map(|trust| folder.join(trust)));
            lanes.push(LaneConfig {
                trust,
                revocation: lane.revocation.iter().map(|r| folder.join(r)).collect(),
                name: lane.name,
                direction: lane.direction,
                layouts,
                cameras,
                apart: lane.apart,
            });
        }
        Ok(Self {
            notice: file.notice,
            listen: file.service.listen,
            address: file.service.address,
            tls: file.service.tls.map(|tls| TlsConfig {
                certificate: folder.join(tls.certificate),
                key: folder.join(tls.key),
            }),
            openid: file.service.openid.map(|openid| OpenIdConfig {
                secret: openid.secret.map(|path| folder.join(path)),
                authorities: openid.authorities.map(|path| folder.join(path)),
                ..openid
            }),
            limits: file.service.limits,
            hand: file.service.hand,
            state: folder.join(file.service.state),
            keys: folder.join(file.service.keys),
            log: file.service.log,
            retention: file.retention,
            lanes,
            digest: Digest::of(&digest),
        })
    }
}

/// A file's text with cameras' passwords left out: the log has a hash of it, from which
/// a weak one could be guessed.
pub(super) fn without_passwords(text: &str) -> String {
    let line = |line: &str| match line.trim_start().starts_with("password") {
        true => "password = \"\"\n".to_owned(),
        false => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Layouts of one lane are told apart by name and read scores alike.
fn check_layouts(layouts: &[Layout]) -> Result<(), String> {
    let Some(first) = layouts.first() else {
        return Err("there is none; a lane has one lane file at least".into());
    };
    for (i, layout) in layouts.iter().enumerate() {
        if layouts[..i].iter().any(|l| l.name == layout.name) {
            return Err(format!("two lane files have the name {:?}", layout.name));
        }
        let (a, b) = (&first.lane.policy, &layout.lane.policy);
        if (&a.model, &a.calibration) != (&b.model, &b.calibration) {
            return Err(format!(
                "{:?} has another model or calibration than {:?}: scores of one lane mean one thing",
                layout.name, first.name
            ));
        }
    }
    Ok(())
}

/// The last of the cameras is one that a lane file knows, and no other has its name.
fn check_camera(cameras: &[CameraConfig], layouts: &[Layout]) -> Result<(), String> {
    let Some((camera, before)) = cameras.split_last() else {
        return Ok(());
    };
    let name = &camera.name;
    if before.iter().any(|other| other.name == *name) {
        return Err(format!("another camera of the lane is {name:?} already"));
    }
    let known = || layouts.iter().filter_map(|l| l.lane.camera(name));
    let passed = layouts.iter().flat_map(|l| &l.lane.cameras);
    if passed.clone().any(|c| c.pass.is_some()) && known().any(|c| c.pass.is_none()) {
        return Err(format!(
            "vehicles pass other cameras of this lane, and stand before {name:?} after that: then the next one passes already, and its frames have to be brought to the transaction that they are of"
        ));
    }
    if known().next().is_some() {
        return Ok(());
    }
    let mut known: Vec<&str> = layouts
        .iter()
        .flat_map(|l| l.lane.cameras.iter().map(|c| c.name.as_str()))
        .collect();
    known.sort_unstable();
    known.dedup();
    Err(format!(
        "the lane files know no camera {name:?}; they have {}",
        known.join(", ")
    ))
}

pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let failed = |why: &dyn Display| Error::operator(format_args!("{}: {why}", path.display()));
    let found = std::fs::metadata(path).map_err(|e| failed(&e))?;
    if !found.is_file() || found.len() > MAX_FILE {
        return Err(failed(&"it isn't a file of at most 1 MiB"));
    }
    std::fs::read_to_string(path).map_err(|e| failed(&e))
}
