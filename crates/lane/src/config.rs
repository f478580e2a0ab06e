//! The service file: TOML, checked before anything starts. A lane doesn't start
//! until it says who runs it, why, on what legal basis, with what notice, and how
//! long anything is kept.

use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use rowcall_audit::entry::{Approval, Count, Digest, Minutes};
use rowcall_camera::{CameraConfig, Source};
use rowcall_rollcall::Lane;
use serde::Deserialize;

use crate::{
    Error,
    console::{Hand, Language},
    view::Direction,
};

/// A service file is at most this large.
const MAX_FILE: u64 = 1 << 20;

/// What a service runs on, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who runs it and why, for the notice.
    pub notice: Notice,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where travellers and officers reach it, such as `https://lane3.example.org`, for
    /// the sign's code.
    pub address: Option<String>,
    /// Where most drivers sit.
    pub hand: Hand,
    /// The folder of everything that it keeps.
    pub state: PathBuf,
    /// The folder of the lane's keys.
    pub keys: PathBuf,
    /// The name of the audit log.
    pub log: String,
    /// How long things last, and who has to agree to what.
    pub retention: Retention,
    /// Its lanes.
    pub lanes: Vec<LaneConfig>,
    /// SHA-256 of the whole file and of the lane files, as the log has it.
    pub digest: Digest,
}

/// What the public is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Who operates the lane.
    pub operator: String,
    /// What for.
    pub purpose: String,
    /// On what legal basis.
    pub legal_basis: String,
    /// Where to ask, complain, or have it explained.
    pub contact: String,
    /// Languages of the notice, the first by default.
    pub languages: Vec<Language>,
}

/// How long things last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The longest that a transaction may stay open, in minutes.
    pub transaction_minutes: u32,
    /// The longest that a hold may last, in minutes.
    pub hold_minutes: u32,
    /// The longest that a hold for an order or an incident may last, in minutes.
    pub order_minutes: u32,
    /// How many holds may be made in 24 hours.
    pub holds_per_day: u16,
    /// Whether a hold needs two officers.
    pub two_officers: bool,
    /// How long counts without identity are kept, in days.
    pub outcomes_days: u32,
}

/// A lane of the service.
#[derive(Clone, Debug)]
pub struct LaneConfig {
    /// Its name, which is part of addresses.
    pub name: String,
    /// Which way vehicles go.
    pub direction: Direction,
    /// Sorts of vehicles, the usual one first: cameras, zones and policy of each.
    pub layouts: Vec<Layout>,
    /// Cameras whose frames the lane has itself. Those of the others are brought to a
    /// transaction.
    pub cameras: Vec<CameraConfig>,
    /// Folders and files of trusted certificates.
    pub trust: Vec<PathBuf>,
    /// Folders of revocation lists.
    pub revocation: Vec<PathBuf>,
}

/// Where a sort of vehicle has its seats.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name, that of the lane file.
    pub name: String,
    /// What the lane file says.
    pub lane: Lane,
    /// The lane file.
    pub file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    notice: Notice,
    retention: Retention,
    service: ServiceFile,
    #[serde(default)]
    lane: Vec<LaneFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFile {
    listen: SocketAddr,
    address: Option<String>,
    #[serde(default)]
    hand: Hand,
    state: PathBuf,
    keys: PathBuf,
    log: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LaneFile {
    name: String,
    direction: Direction,
    files: Vec<PathBuf>,
    #[serde(default)]
    camera: Vec<CameraConfig>,
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
            trust.extend(lane.trust.iter().map(|trust| folder.join(trust)));
            lanes.push(LaneConfig {
                trust,
                revocation: lane.revocation.iter().map(|r| folder.join(r)).collect(),
                name: lane.name,
                direction: lane.direction,
                layouts,
                cameras,
            });
        }
        Ok(Self {
            notice: file.notice,
            listen: file.service.listen,
            address: file.service.address,
            hand: file.service.hand,
            state: folder.join(file.service.state),
            keys: folder.join(file.service.keys),
            log: file.service.log,
            retention: file.retention,
            lanes,
            digest: Digest::of(&digest),
        })
    }

    /// Custody's limits.
    pub(crate) fn custody_policy(&self) -> Result<rowcall_custody::Policy, Error> {
        let minutes = |n: u32| Minutes::new(n).ok_or_else(|| Error::operator("a time is too long"));
        let r = &self.retention;
        Ok(rowcall_custody::Policy {
            configuration: self.digest,
            transaction_limit: minutes(r.transaction_minutes)?,
            hold_limit: minutes(r.hold_minutes)?,
            order_limit: minutes(r.order_minutes)?,
            holds_per_day: Count::saturating(usize::from(r.holds_per_day)),
            approval: match r.two_officers {
                true => Approval::TwoOfficers,
                false => Approval::OneOfficer,
            },
            live_holds: 64,
            keep_outcomes: minutes(r.outcomes_days.saturating_mul(24 * 60))?,
        })
    }
}

impl Notice {
    fn check(&self) -> Result<(), String> {
        for (key, text) in [
            ("operator", &self.operator),
            ("purpose", &self.purpose),
            ("legal_basis", &self.legal_basis),
            ("contact", &self.contact),
        ] {
            if text.trim().is_empty() {
                return Err(format!(
                    "notice.{key}: it is empty, and no lane starts without it"
                ));
            }
        }
        match self.languages.is_empty() {
            true => Err("notice.languages: there is none; write languages = [\"en\"]".into()),
            false => Ok(()),
        }
    }
}

impl Retention {
    fn check(&self) -> Result<(), String> {
        for (key, value, most) in [
            ("transaction_minutes", self.transaction_minutes, 60),
            ("hold_minutes", self.hold_minutes, 14 * 24 * 60),
            ("order_minutes", self.order_minutes, 366 * 24 * 60),
            ("outcomes_days", self.outcomes_days, 366),
        ] {
            if value == 0 || value > most {
                return Err(format!(
                    "retention.{key}: {value} isn't between 1 and {most}"
                ));
            }
        }
        Ok(())
    }
}

/// A file's text with cameras' passwords left out: the log has a hash of it, from which
/// a weak one could be guessed.
fn without_passwords(text: &str) -> String {
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
    if layouts.iter().any(|l| l.lane.camera(name).is_some()) {
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

fn is_name(name: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    (1..=40).contains(&name.len()) && name.bytes().all(fits)
}

pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let failed = |why: &dyn Display| Error::operator(format_args!("{}: {why}", path.display()));
    let found = std::fs::metadata(path).map_err(|e| failed(&e))?;
    if !found.is_file() || found.len() > MAX_FILE {
        return Err(failed(&"it isn't a file of at most 1 MiB"));
    }
    std::fs::read_to_string(path).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Config, File, without_passwords};

    fn documented() -> String {
        let text = include_str!("../../../docs/lane.md");
        let mut blocks = text
            .split("```toml\n")
            .filter_map(|rest| rest.split("```").next());
        let found = blocks.find(|block| block.starts_with("# service.toml"));
        found.expect("an example").to_owned()
    }

    #[test]
    fn the_documented_file_is_one() {
        let file: File = toml::from_str(&documented()).expect("as it says");
        file.notice.check().expect("a notice");
        file.retention.check().expect("a retention");
        assert_eq!(file.lane.len(), 1);
    }

    #[test]
    fn a_cameras_password_is_in_no_hash() {
        let file = |password: &str| {
            let camera = format!("[[lane.camera]]\nname = \"front\"\n  password = {password:?}\n");
            without_passwords(&camera)
        };
        assert_eq!(file("one"), file("another"));
        assert!(file("one").contains("name = \"front\""));
    }

    /// Each change makes a file with which no lane starts; the error names the key.
    #[test]
    fn no_lane_starts_without_what_it_owes() {
        let folder = tempfile::tempdir().expect("a folder");
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/lanes");
        let samples = samples.canonicalize().expect("the samples");
        let lane = |name: &str| format!("{:?}", samples.join(name));
        let good = documented()
            .replace("\"car.toml\"", &lane("front-row.toml"))
            .replace("\"van.toml\"", &lane("two-row.toml"));
        let read = |text: &str| {
            let path = folder.path().join("service.toml");
            std::fs::write(&path, text).expect("written");
            Config::read(&path)
        };
        read(&good).expect("it is right");
        let mut wrong = Vec::new();
        for (from, to, key) in [
            (
                "operator = \"Example Border Service\"",
                "operator = \" \"",
                "notice.operator",
            ),
            (
                "legal_basis = \"Example Act, section 1\"",
                "legal_basis = \"\"",
                "notice.legal_basis",
            ),
            (
                "legal_basis = \"Example Act, section 1\"",
                "",
                "legal_basis",
            ),
            (
                "contact = \"privacy@example.org, +999 555 0100\"",
                "",
                "contact",
            ),
            (
                "languages = [\"en\", \"es\"]",
                "languages = []",
                "notice.languages",
            ),
            (
                "languages = [\"en\", \"es\"]",
                "languages = [\"tlh\"]",
                "line",
            ),
            (
                "transaction_minutes = 10",
                "transaction_minutes = 0",
                "retention.transaction_minutes",
            ),
            (
                "transaction_minutes = 10",
                "transaction_minutes = 6000",
                "retention.transaction_minutes",
            ),
            (
                "outcomes_days = 90",
                "outcomes_days = 367",
                "retention.outcomes_days",
            ),
            ("outcomes_days = 90", "", "outcomes_days"),
            ("format = 1", "format = 2", "format"),
            ("name = \"booth-3\"", "name = \"../x\"", "lane[0].name"),
            ("direction = \"entry\"", "direction = \"in\"", "line"),
            (
                "[service]",
                "[service]\nplate_reader = true",
                "plate_reader",
            ),
            (
                &lane("two-row.toml"),
                &lane("front-row.toml"),
                "lane[0].files",
            ),
            (&lane("two-row.toml"), "\"absent.toml\"", "absent.toml"),
        ] {
            assert!(good.contains(from), "{from}");
            match read(&good.replacen(from, to, 1)) {
                Ok(_) => wrong.push(format!("{from} -> {to}: it starts")),
                Err(e) if !e.to_string().contains(key) => wrong.push(format!("{key}: {e}")),
                Err(_) => {}
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
