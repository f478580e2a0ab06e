//! A lane file: TOML, checked while it is read.

use std::collections::BTreeSet;

use rowcall_picture::Turn;
use serde::Deserialize;

use super::pass::PassFile;
use super::place::{Path, Wrong};
use super::said_of_toml;
use super::{Camera, Lane, Zone, polygon, ranges};
use crate::{Error, ErrorKind, Policy};
use rowcall_words::seat::Seat;

impl Lane {
    /// Reads a lane file: TOML, no unknown keys.
    ///
    /// # Errors
    /// [`ErrorKind::Lane`], naming the line, the key and what is wrong with it.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(toml)
            .map_err(|e| Error::new(ErrorKind::Lane, said_of_toml(toml, &e)))?;
        file.check().map_err(|(path, why)| bad(toml, &path, &why))
    }
}

fn bad(toml: &str, path: &Path, why: &str) -> Error {
    let place = match path.line_in(toml) {
        Some(line) => format!("line {line}: {path}"),
        None => path.to_string(),
    };
    Error::new(ErrorKind::Lane, format!("{place}: {why}"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    name: String,
    #[serde(default)]
    description: String,
    trust: Option<String>,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    camera: Vec<CameraFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CameraFile {
    name: String,
    cabin: Option<Vec<[f32; 2]>>,
    #[serde(default)]
    rotate: i64,
    #[serde(default)]
    zone: Vec<ZoneFile>,
    pass: Option<PassFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneFile {
    seat: Seat,
    polygon: Vec<[f32; 2]>,
    face_width: [f32; 2],
}

impl File {
    fn check(self) -> Result<Lane, Wrong> {
        if self.format != 1 {
            return Err((
                Path::to("format"),
                format!("{} isn't read by this version, which reads 1", self.format),
            ));
        }
        if self.camera.is_empty() {
            return Err((
                Path::to("camera"),
                "there is none; a lane needs one [[camera]] at least".to_owned(),
            ));
        }
        ranges::check(&self.policy)?;
        let mut names = BTreeSet::new();
        let mut cameras = Vec::new();
        for (i, camera) in self.camera.into_iter().enumerate() {
            let path = Path::to("camera").index(i);
            if !names.insert(camera.name.clone()) {
                let why = format!("a camera {:?} stands there already", camera.name);
                return Err((path.key("name"), why));
            }
            cameras.push(camera.check(&path)?);
        }
        check_needed(&self.policy, &cameras)?;
        Ok(Lane {
            name: self.name,
            description: self.description,
            trust: self.trust,
            cameras,
            policy: self.policy,
        })
    }
}

/// The cameras that seats need must be there and have a zone for the seat.
fn check_needed(policy: &Policy, cameras: &[Camera]) -> Result<(), Wrong> {
    for (seat, names) in &policy.needed_cameras {
        for name in names {
            let sees =
                |c: &Camera| c.name == *name && c.zones.iter().any(|zone| zone.seat == *seat);
            if !cameras.iter().any(sees) {
                let path = Path::to("policy")
                    .key("needed_cameras")
                    .key(&seat.to_string());
                return Err((
                    path,
                    format!("the camera {name:?} has no zone for this seat"),
                ));
            }
        }
    }
    Ok(())
}

impl CameraFile {
    fn check(self, path: &Path) -> Result<Camera, Wrong> {
        if !ranges::is_name(&self.name) {
            return Err((
                path.key("name"),
                format!(
                    "{:?} can't be a camera's name: letters, digits, -, _ and . only",
                    self.name
                ),
            ));
        }
        let rotate = Turn::from_degrees(self.rotate).ok_or_else(|| {
            (
                path.key("rotate"),
                format!(
                    "{} isn't 0, 90, 180 or 270, the degrees clockwise by which its pictures are turned",
                    self.rotate
                ),
            )
        })?;
        let zones = self
            .zone
            .into_iter()
            .enumerate()
            .map(|(i, zone)| zone.check(&path.key("zone").index(i)))
            .collect::<Result<Vec<Zone>, _>>()?;
        let cabin = match &self.cabin {
            Some(corners) => polygon::check(corners).map_err(|why| (path.key("cabin"), why))?,
            None => polygon::around(&zones),
        };
        let pass = self.pass.map(|pass| pass.check(&path.key("pass")));
        let pass = pass.transpose()?;
        Ok(Camera {
            name: self.name,
            rotate,
            zones,
            cabin,
            pass,
        })
    }
}

impl ZoneFile {
    fn check(self, path: &Path) -> Result<Zone, Wrong> {
        let of_seat =
            |key: &str, why: String| (path.key(key), format!("seat {}: {why}", self.seat));
        let polygon = polygon::check(&self.polygon).map_err(|why| of_seat("polygon", why))?;
        let [least, greatest] = self.face_width;
        let shares = least > 0.0 && greatest <= 1.0;
        if !shares || !(least < greatest) {
            let reversed = least > greatest && greatest > 0.0 && least <= 1.0;
            let why = format!(
                "[{least}, {greatest}] {}: [least, greatest] are shares of the picture's width, above 0 and at most 1",
                if reversed {
                    "is the wrong way round"
                } else {
                    "can't be"
                }
            );
            return Err(of_seat("face_width", why));
        }
        Ok(Zone {
            seat: self.seat,
            polygon,
            face_width: (least, greatest),
        })
    }
}
