//! Zones from the faces that a camera saw: heads of one seat lie together, and are
//! about as large as each other.

use rowcall_face::Point;
use rowcall_rollcall::Zone;
use rowcall_words::seat::Seat;

use super::FaceBox;

/// Faces whose middles are nearer than this, in face widths, may be one seat's.
const NEAR: f32 = 1.3;
/// Faces of one seat differ in width by this factor at most.
const ALIKE: f32 = 1.7;
/// What a group may have fewer of than the largest and still be a seat: a passer-by, or
/// a pattern that looked like a face once, is none.
const SHARE: usize = 10;
/// How far beyond the faces a zone reaches, in widths of the largest: people lean.
const ROOM: f32 = 0.6;
/// What widths may fall short of or go beyond those seen.
const WIDTHS: (f32, f32) = (0.6, 1.6);
/// A group belongs to a seat whose zone is no farther than this, in face widths.
const REACH: f32 = 3.0;

/// A zone that faces suggest.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The seat whose zone lies there already; none where a person has to say whose
    /// faces these are.
    pub seat: Option<Seat>,
    /// The corners, in shares.
    pub polygon: Vec<Point>,
    /// The least and the greatest width of a face, in shares of the picture's width.
    pub face_width: (f32, f32),
    /// How many faces it is made from.
    pub faces: usize,
}

/// Zones about the faces that one camera saw, those with the most faces first. `zones`
/// are those that it has: they give suggestions their seats.
pub fn suggest(faces: &[FaceBox], zones: &[Zone]) -> Vec<Suggestion> {
    let mut groups = groups(faces);
    let most = groups.iter().map(|g| g.faces.len()).max().unwrap_or(0);
    groups.retain(|group| group.faces.len() * SHARE >= most);
    groups.sort_by_key(|group| std::cmp::Reverse(group.faces.len()));
    let mut boxes: Vec<Bounds> = groups.iter().map(Group::bounds).collect();
    for i in 0..boxes.len() {
        for j in i + 1..boxes.len() {
            let (head, tail) = boxes.split_at_mut(j);
            part(
                &mut head[i],
                &mut tail[0],
                &groups[i].middles(),
                &groups[j].middles(),
            );
        }
    }
    let seats = seats(&groups, zones);
    let all = groups.iter().zip(boxes).zip(seats);
    all.map(|((group, bounds), seat)| Suggestion {
        seat,
        polygon: bounds.corners(),
        face_width: group.widths(),
        faces: group.faces.len(),
    })
    .collect()
}

/// Faces of what seems to be one seat.
struct Group {
    faces: Vec<FaceBox>,
}

impl Group {
    fn middle(&self) -> Point {
        let n = self.faces.len().max(1) as f32;
        self.faces.iter().fold(Point::default(), |sum, face| {
            let at = face.centre();
            Point::new(sum.x + at.x / n, sum.y + at.y / n)
        })
    }

    fn width(&self) -> f32 {
        self.faces.iter().map(|f| f.width).sum::<f32>() / self.faces.len().max(1) as f32
    }

    /// How far a face is from the middle, in face widths; none where its size is
    /// another's.
    fn distance(&self, face: &FaceBox) -> Option<f32> {
        let width = self.width();
        let ratio = (face.width / width).max(width / face.width);
        let (middle, at) = (self.middle(), face.centre());
        // A face's own height over its width tells how the picture's sides compare.
        let high = face.height.max(f32::EPSILON) / 1.25;
        let away = ((at.x - middle.x) / width).hypot((at.y - middle.y) / high);
        (ratio <= ALIKE && away <= NEAR).then_some(away)
    }

    fn bounds(&self) -> Bounds {
        let room = ROOM * self.faces.iter().map(|f| f.width).fold(0.0, f32::max);
        let high = ROOM * self.faces.iter().map(|f| f.height).fold(0.0, f32::max);
        let least = |of: fn(&FaceBox) -> f32| self.faces.iter().map(of).fold(1.0, f32::min);
        let most = |of: fn(&FaceBox) -> f32| self.faces.iter().map(of).fold(0.0, f32::max);
        Bounds {
            left: (least(|f| f.x) - room).clamp(0.0, 1.0),
            top: (least(|f| f.y) - high).clamp(0.0, 1.0),
            right: (most(|f| f.x + f.width) + room).clamp(0.0, 1.0),
            bottom: (most(|f| f.y + f.height) + high).clamp(0.0, 1.0),
        }
    }

    /// The least box about the faces' middles.
    fn middles(&self) -> Bounds {
        let least = |of: fn(Point) -> f32| {
            let all = self.faces.iter().map(|f| of(f.centre()));
            all.fold(1.0, f32::min)
        };
        let most = |of: fn(Point) -> f32| {
            let all = self.faces.iter().map(|f| of(f.centre()));
            all.fold(0.0, f32::max)
        };
        Bounds {
            left: least(|p| p.x),
            top: least(|p| p.y),
            right: most(|p| p.x),
            bottom: most(|p| p.y),
        }
    }

    fn widths(&self) -> (f32, f32) {
        let all = || self.faces.iter().map(|f| f.width);
        let (least, greatest) = (all().fold(1.0, f32::min), all().fold(0.0, f32::max));
        (WIDTHS.0 * least, (WIDTHS.1 * greatest).min(1.0))
    }
}

/// Each face goes to the nearest group; groups that have grown together are one.
fn groups(faces: &[FaceBox]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for face in faces.iter().filter(|f| f.width > 0.0 && f.height > 0.0) {
        let near = groups.iter().enumerate();
        let near = near.filter_map(|(i, group)| Some((i, group.distance(face)?)));
        match near.min_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((i, _)) => groups[i].faces.push(*face),
            None => groups.push(Group { faces: vec![*face] }),
        }
    }
    loop {
        let pairs = (0..groups.len()).flat_map(|i| (i + 1..groups.len()).map(move |j| (i, j)));
        let is_one = |(i, j): &(usize, usize)| {
            let (a, b): (&Group, &Group) = (&groups[*i], &groups[*j]);
            let (first, second) = (&a.faces[0], &b.faces[0]);
            let middle = |group: &Group, like: &FaceBox| FaceBox {
                x: group.middle().x - group.width() / 2.0,
                y: group.middle().y - like.height / 2.0,
                width: group.width(),
                height: like.height,
            };
            a.distance(&middle(b, second)).is_some() && b.distance(&middle(a, first)).is_some()
        };
        let Some((i, j)) = pairs.into_iter().find(is_one) else {
            return groups;
        };
        let other = groups.swap_remove(j);
        groups[i].faces.extend(other.faces);
    }
}

/// A box in shares.
#[derive(Clone, Copy)]
struct Bounds {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Bounds {
    fn corners(&self) -> Vec<Point> {
        vec![
            Point::new(self.left, self.top),
            Point::new(self.right, self.top),
            Point::new(self.right, self.bottom),
            Point::new(self.left, self.bottom),
        ]
    }
}

/// Draws a line between two boxes that overlap, halfway between their faces: the zone
/// of who opts out is blackened, and a neighbour shall be seen. Where the faces' own
/// places overlap nothing is drawn: who is nearer is told by size then.
fn part(a: &mut Bounds, b: &mut Bounds, faces_a: &Bounds, faces_b: &Bounds) {
    let wide = a.right.min(b.right) - a.left.max(b.left);
    let high = a.bottom.min(b.bottom) - a.top.max(b.top);
    if wide <= 0.0 || high <= 0.0 {
        return;
    }
    let beside = |first: &Bounds, second: &Bounds| second.left - first.right;
    let above = |first: &Bounds, second: &Bounds| second.top - first.bottom;
    let gaps = [
        beside(faces_a, faces_b),
        beside(faces_b, faces_a),
        above(faces_a, faces_b),
        above(faces_b, faces_a),
    ];
    let widest = (0..4).max_by(|i, j| gaps[*i].total_cmp(&gaps[*j]));
    let Some(side) = widest.filter(|side| gaps[*side] > 0.0) else {
        return;
    };
    let (first, second) = match side {
        0 | 2 => (a, b),
        _ => (b, a),
    };
    let (faces_first, faces_second) = match side {
        0 | 2 => (faces_a, faces_b),
        _ => (faces_b, faces_a),
    };
    match side {
        0 | 1 => {
            let line = (faces_first.right + faces_second.left) / 2.0;
            first.right = first.right.min(line);
            second.left = second.left.max(line);
        }
        _ => {
            let line = (faces_first.bottom + faces_second.top) / 2.0;
            first.bottom = first.bottom.min(line);
            second.top = second.top.max(line);
        }
    }
}

/// Each group's seat: the nearest zone's, each zone once, the nearest pairs first.
fn seats(groups: &[Group], zones: &[Zone]) -> Vec<Option<Seat>> {
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (i, group) in groups.iter().enumerate() {
        for (j, zone) in zones.iter().enumerate() {
            let n = zone.polygon.len().max(1) as f32;
            let middle = zone.polygon.iter().fold(Point::default(), |m, p| {
                Point::new(m.x + p.x / n, m.y + p.y / n)
            });
            let at = group.middle();
            let usual = (zone.face_width.0 * zone.face_width.1).sqrt();
            let size = (group.width() / usual).log2().abs();
            let away = (at.x - middle.x).hypot(at.y - middle.y) / group.width();
            if away <= REACH {
                pairs.push((away + size, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut seats = vec![None; groups.len()];
    let mut taken = vec![false; zones.len()];
    for (_, i, j) in pairs {
        if seats[i].is_none() && !taken[j] {
            seats[i] = Some(zones[j].seat);
            taken[j] = true;
        }
    }
    seats
}
