//! Frames of cameras that the vehicle passed: where it is in each of them.

use std::collections::BTreeMap;

use rowcall_rollcall::Camera;

use super::Folder;
use crate::{
    pass::{Follower, MOST_FRAMES, Offset, Place, chosen},
    source::FrameSource,
};

/// By a frame's name: where the vehicle is, or that it isn't looked at. Frames of other
/// cameras, and those that can't be read, aren't here.
#[derive(Default)]
pub(super) struct Passing {
    pub(super) frames: BTreeMap<String, Option<Offset>>,
    /// What an operator may want to know of it.
    pub(super) said: Vec<String>,
}

impl Passing {
    /// Follows the vehicle through the frames of each camera that it passed.
    pub(super) fn of(folder: &Folder) -> Self {
        let mut passing = Self::default();
        for camera in &folder.lane.cameras {
            passing.follow(folder, camera);
        }
        passing
    }

    fn follow(&mut self, folder: &Folder, camera: &Camera) {
        let Some(pass) = &camera.pass else {
            return;
        };
        let mut follower = Follower::new(pass);
        let (mut names, mut places) = (Vec::new(), Vec::new());
        for source in folder.all_frames().filter(|f| f.camera() == camera.name) {
            // One that can't be read is told as such; what it would have shown is a step
            // that the next one may be too far for.
            if let Ok(image) = source.load() {
                names.push(source.name());
                places.push(follower.next(&image.turned(camera.rotate)));
            }
        }
        let looked = chosen(&places, camera, MOST_FRAMES);
        let known = places.iter().filter(|p| matches!(p, Place::At(_))).count();
        let lost = places.iter().filter(|p| **p == Place::Unknown).count();
        self.said.push(format!(
            "camera {}: the passing vehicle's place is known in {known} of {} frames, {lost} are left out since it isn't, {} are looked at",
            camera.name,
            places.len(),
            looked.len()
        ));
        for (i, (name, place)) in names.into_iter().zip(&places).enumerate() {
            let offset = match place {
                Place::At(offset) if looked.contains(&i) => Some(*offset),
                _ => None,
            };
            self.frames.insert(name, offset);
        }
    }
}
