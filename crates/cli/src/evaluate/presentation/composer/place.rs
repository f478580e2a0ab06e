//! Where a picture is held, and the other photograph of a holder.

use image::{RgbImage, imageops::crop_imm};
use rowcall_evaluate::FaceTruth;
use rowcall_face::{Image, Point, Rect};
use rowcall_picture::Limits;
use rowcall_pipeline::folder::entries::read_limited;
use rowcall_simulate::{Target, luminance_within};
use rowcall_words::seat::Seat;

use super::{Attack, Composer, Portrait, raster};
use crate::failure::Failure;

/// Eyes of a frontal face are this share of the face's width apart.
const EYES_OVER_FACE: f32 = 0.45;

impl Composer<'_> {
    /// Where the picture's face goes in a frame: before the occupant's, or to
    /// the middle of an empty seat's zone; as large and as far turned as its
    /// instrument is.
    pub(super) fn target(
        &self,
        attack: &Attack,
        i: usize,
        frame: &RgbImage,
    ) -> Option<(Target, Rect)> {
        let (target, place) = self.head(attack, i, frame)?;
        let camera = &self.known.folder.frames[i].camera;
        let own = self.chosen.iter().take_while(|&&j| j < i);
        let own = own.filter(|&&j| &self.known.folder.frames[j].camera == camera);
        let scale = attack.instrument.scale();
        let across = scale * attack.instrument.turned(own.count()).to_radians().cos();
        let [l, r] = target.eyes;
        let middle = [(l[0] + r[0]) / 2.0, (l[1] + r[1]) / 2.0];
        let moved = |[x, y]: [f32; 2]| {
            [
                middle[0] + across * (x - middle[0]),
                middle[1] + across * (y - middle[1]),
            ]
        };
        let target = Target {
            eyes: target.eyes.map(moved),
            unturned: scale * target.unturned,
            ..target
        };
        Some((target, place))
    }

    /// Where the head is, or would be.
    fn head(&self, attack: &Attack, i: usize, frame: &RgbImage) -> Option<(Target, Rect)> {
        if !attack.empty_seat {
            let face = self.face(attack.seat, i)?;
            let [x0, y0, x1, y1] = face.head_box?;
            let ([lx, ly], [rx, ry]) = (face.eye_right?, face.eye_left?);
            let (l, r) = (Point::new(lx, ly), Point::new(rx, ry));
            let turned = face.face_turned_from_camera_deg.unwrap_or(0.0).to_radians();
            let head = Rect {
                x: x0,
                y: y0,
                width: x1 - x0,
                height: y1 - y0,
            };
            let target = Target {
                eyes: [[l.x, l.y], [r.x, r.y]],
                unturned: l.distance(r) / turned.cos().max(0.35),
                luminance: luminance_within(frame, [x0, y0, x1 - x0, y1 - y0]),
            };
            return (r.x > l.x).then_some((target, head));
        }
        let camera = self
            .known
            .folder
            .lane
            .camera(&self.known.folder.frames[i].camera)?;
        let zone = camera.zones.iter().find(|z| z.seat == attack.seat)?;
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        let n = zone.polygon.len() as f32;
        let sum = zone
            .polygon
            .iter()
            .fold(Point::default(), |s, p| Point::new(s.x + p.x, s.y + p.y));
        let middle = Point::new(sum.x / n * width, sum.y / n * height);
        let face = (zone.face_width.0 * zone.face_width.1).sqrt() * width;
        let apart = face * EYES_OVER_FACE;
        let eyes_y = middle.y - 0.15 * face;
        let place = Rect {
            x: middle.x - face / 2.0,
            y: middle.y - face / 2.0,
            width: face,
            height: face,
        };
        let target = Target {
            eyes: [-0.5, 0.5].map(|s| [middle.x + s * apart, eyes_y]),
            unturned: apart,
            luminance: luminance_within(frame, [place.x, place.y, face, face]).clamp(45.0, 140.0),
        };
        Some((target, place))
    }

    /// A crop of the holder from the frame in which they are seen largest from
    /// the front: another photograph of them, the same in every frame that it is
    /// held into.
    pub(super) fn other_photo(&self, attack: &Attack) -> Result<Option<Portrait>, Failure> {
        if !attack.instrument.is_other() || attack.empty_seat {
            return Ok(None);
        }
        let frontal = |j: &usize| {
            let face = self.face(attack.seat, *j).filter(|f| f.visible);
            let turned = face.and_then(|f| f.face_turned_from_camera_deg);
            turned.map(|t| (t * 8.0) as i64)
        };
        let all = 0..self.known.folder.frames.len();
        let best = all.filter_map(|j| Some((frontal(&j)?, j))).min();
        let Some((_, j)) = best else { return Ok(None) };
        let Some(face) = self.face(attack.seat, j) else {
            return Ok(None);
        };
        let path = &self.known.folder.frames[j].path;
        let frame = Image::decode(&read_limited(path)?, &Limits::FRAME)
            .map_err(|e| Failure::file(path, &e))?;
        let (Some([x0, y0, x1, y1]), Some(l), Some(r)) =
            (face.head_box, face.eye_right, face.eye_left)
        else {
            return Ok(None);
        };
        let (x0, y0) = (x0.max(0.0) as u32, y0.max(0.0) as u32);
        let (x1, y1) = (
            (x1 as u32).min(frame.width()),
            (y1 as u32).min(frame.height()),
        );
        let Some(frame) = raster(&frame).filter(|_| x1 > x0 && y1 > y0) else {
            return Ok(None);
        };
        let at = |[x, y]: [f32; 2]| [x - x0 as f32, y - y0 as f32];
        Ok(Some(Portrait {
            image: crop_imm(&frame, x0, y0, x1 - x0, y1 - y0).to_image(),
            eyes: [at(l), at(r)],
        }))
    }

    fn face(&self, seat: Seat, i: usize) -> Option<&FaceTruth> {
        let name = self
            .known
            .folder
            .relative(&self.known.folder.frames[i].path);
        let frame = self.known.truth.frames.iter().find(|f| f.file == name)?;
        frame.occupants.iter().find(|o| o.seat == seat)
    }
}
