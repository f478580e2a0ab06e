//! A lane file: TOML, checked while it is read.

use std::collections::BTreeSet;

use rowcall_face::Point;
use serde::Deserialize;

use super::{Camera, Lane, Zone};
use crate::{Error, ErrorKind, Policy, Seat};

impl Lane {
    /// Reads a lane file: TOML, no unknown keys.
    ///
    /// # Errors
    /// [`ErrorKind::Lane`], naming the key, camera or zone that is wrong.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(toml).map_err(|e| bad(e.to_string().trim_end()))?;
        if file.format != 1 {
            return Err(bad(&format!(
                "format {} isn't one this version reads; it reads format 1",
                file.format
            )));
        }
        if file.camera.is_empty() {
            return Err(bad(
                "it has no camera; a lane needs one [[camera]] at least",
            ));
        }
        let mut names = BTreeSet::new();
        for camera in &file.camera {
            if !names.insert(&camera.name) {
                return Err(bad(&format!(
                    "the camera {:?} stands there twice",
                    camera.name
                )));
            }
            if camera.name.is_empty()
                || !camera
                    .name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            {
                return Err(bad(&format!(
                    "{:?} can't be a camera's name: letters, digits, - and _ only",
                    camera.name
                )));
            }
        }
        check_policy(&file.policy)?;
        let cameras = file
            .camera
            .into_iter()
            .map(|camera| {
                let zones: Vec<Zone> = camera
                    .zone
                    .into_iter()
                    .map(|z| z.check(&camera.name))
                    .collect::<Result<_, _>>()?;
                let cabin = match camera.cabin {
                    Some(corners) => outline(&format!("camera {:?}, cabin", camera.name), corners)?,
                    None => around(&zones),
                };
                Ok(Camera {
                    name: camera.name,
                    zones,
                    cabin,
                })
            })
            .collect::<Result<_, Error>>()?;
        let lane = Self {
            name: file.name,
            description: file.description,
            trust: file.trust,
            cameras,
            policy: file.policy,
        };
        check_needed(&lane)?;
        Ok(lane)
    }
}

/// The cameras that seats need must be there and have a zone for the seat.
fn check_needed(lane: &Lane) -> Result<(), Error> {
    for (seat, names) in &lane.policy.needed_cameras {
        for name in names {
            let sees = |c: &Camera| c.zones.iter().any(|zone| zone.seat == *seat);
            if !lane.camera(name).is_some_and(sees) {
                return Err(bad(&format!(
                    "policy.needed_cameras: the seat {seat} needs the camera {name:?}, which has no zone for it"
                )));
            }
        }
    }
    Ok(())
}

/// The least convex outline around all zones (Andrew's monotone chain).
fn around(zones: &[Zone]) -> Vec<Point> {
    let mut points: Vec<Point> = zones.iter().flat_map(|z| z.polygon.clone()).collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let turns_right =
        |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0.0;
    let chain = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while let [.., a, b] = chain[..]
                && turns_right(a, b, p)
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut outline = chain(&mut points.iter().copied());
    outline.extend(chain(&mut points.iter().rev().copied()));
    outline
}

fn bad(why: &str) -> Error {
    Error::new(
        ErrorKind::Lane,
        format!("the lane file can't be used: {why}"),
    )
}

fn check_policy(policy: &Policy) -> Result<(), Error> {
    let rate = policy.vehicle_false_confirm_rate;
    if !(rate > 0.0 && rate <= 0.1) {
        return Err(bad(&format!(
            "policy.vehicle_false_confirm_rate: {rate} isn't above 0 and at most 0.1"
        )));
    }
    if !(0.0..=0.5).contains(&policy.look_alike_guard) {
        return Err(bad(&format!(
            "policy.look_alike_guard: {} isn't between 0 and 0.5",
            policy.look_alike_guard
        )));
    }
    if !(policy.ambiguity_margin >= 0.0) {
        return Err(bad(&format!(
            "policy.ambiguity_margin: {} is below 0",
            policy.ambiguity_margin
        )));
    }
    Ok(())
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
    zone: Vec<ZoneFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneFile {
    seat: Seat,
    polygon: Vec<[f32; 2]>,
    face_width: [f32; 2],
}

impl ZoneFile {
    fn check(self, camera: &str) -> Result<Zone, Error> {
        let place = format!("camera {camera:?}, zone {}", self.seat);
        let polygon = outline(&format!("{place}: polygon"), self.polygon)?;
        let [least, greatest] = self.face_width;
        if !(least > 0.0 && least < greatest && greatest <= 1.0) {
            return Err(bad(&format!(
                "{place}: face_width must be [least, greatest], shares of the picture's width"
            )));
        }
        Ok(Zone {
            seat: self.seat,
            polygon,
            face_width: (least, greatest),
        })
    }
}

/// The corners of an outline, checked; `place` says whose.
fn outline(place: &str, corners: Vec<[f32; 2]>) -> Result<Vec<Point>, Error> {
    if !(3..=64).contains(&corners.len()) {
        return Err(bad(&format!(
            "{place} has {} corners, 3 to 64 are needed",
            corners.len()
        )));
    }
    let is_outside = |c: &&[f32; 2]| c.iter().any(|v| !(0.0..=1.0).contains(v));
    if let Some(corner) = corners.iter().find(is_outside) {
        return Err(bad(&format!(
            "{place}: the corner {corner:?} lies outside the picture; x and y are shares, 0 to 1"
        )));
    }
    Ok(corners.into_iter().map(|[x, y]| Point::new(x, y)).collect())
}

#[cfg(test)]
mod tests {
    use crate::lane::{Lane, tests::LANE};

    #[test]
    fn a_lane_that_is_wrong_says_where() {
        for (expected, from, to) in [
            (
                "unknown field `colour`",
                "name = \"test\"",
                "name = \"test\"\ncolour = 1",
            ),
            ("format 2", "format = 1", "format = 2"),
            (
                "no camera",
                LANE.split_once("[[camera]]").map_or("", |(_, rest)| rest),
                "",
            ),
            ("\"1-middle\" isn't a seat", "1-left", "1-middle"),
            (
                "lies outside the picture",
                "[0.5, 0.0], [1.0",
                "[0.5, 0.0], [1.5",
            ),
            ("has 2 corners", ", [1.0, 1.0], [0.5, 1.0]]", "]"),
            ("face_width must be", "[0.08, 0.2]", "[0.3, 0.2]"),
            ("isn't above 0", "rate = 0.001", "rate = 0"),
            ("can't be a camera's name", "\"front\"", "\"../front\""),
        ] {
            let text = if expected == "no camera" {
                "format = 1\nname = \"x\"".to_owned()
            } else {
                LANE.replacen(from, to, 1)
            };
            let error = Lane::parse(&text).expect_err(expected).to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }
}
