//! What the cues say of photographs of real people.

use std::path::Path;

use rowcall_face::{Analyser, FaceObservation, Image, Reference, Worker};
use rowcall_picture::Limits;
use rowcall_rollcall::{CLOSED_BORDER, FLAT_AGREEMENT, FLAT_FORESHORTENING, SAME_PICTURE};
use serde::Serialize;

use crate::{Error, ErrorKind, Manifest, Proportion, scores::on_every_core};

/// A picture file is at most this large.
const MAX_FILE: u64 = 32 << 20;
/// An outer row or column that is no brighter than this is no picture ...
const BLACK: u8 = 12;
/// ... if nearly all of it is so.
const MOSTLY: f32 = 0.95;

/// Photographs of real people: faces as they are, each in a picture of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Photographs {
    /// Of pictures with a face: those in which a border is found. Pictures with
    /// a black margin are left out: they have a border.
    pub border: Proportion,
    /// Which these are.
    pub with_border: Vec<String>,
    /// The greatest closeness of a border among the others.
    pub greatest_border_otherwise: f32,
    /// Pictures with a black margin, in which a border is found: a test of the
    /// cue on photographs of something real that has one.
    pub border_of_margin: Proportion,
    /// Of pairs of pictures of one person: those taken for one flat picture.
    pub flat: Proportion,
    /// Of these, pairs foreshortened enough against each other to be judged.
    pub foreshortened: u64,
    /// The greatest agreement among these.
    pub greatest_agreement: f32,
    /// Of pairs of pictures of one person: those taken for the same picture.
    pub same_picture: Proportion,
}

struct Found {
    face: Option<FaceObservation<Reference>>,
    border: Option<f32>,
    has_margin: bool,
}

impl Photographs {
    /// Looks at every picture of the manifest and at every pair of one person's,
    /// on every core; `done` is called after each picture.
    ///
    /// # Errors
    /// [`ErrorKind::Manifest`] for a picture that can't be read;
    /// [`ErrorKind::Inference`] if a model fails, which is a fault of ours.
    pub fn measure(
        analyser: &Analyser,
        manifest: &Manifest,
        images: &Path,
        done: impl Fn() + Sync,
    ) -> Result<Self, Error> {
        let parts = on_every_core(
            manifest.entries.len(),
            || (Worker::new(), Vec::new()),
            |(worker, own), i| {
                own.push((
                    i,
                    look(analyser, &images.join(&manifest.entries[i].path), worker),
                ));
                done();
            },
        );
        let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
        all.sort_by_key(|(i, _)| *i);
        let found: Vec<Found> = all.into_iter().map(|(_, f)| f).collect::<Result<_, _>>()?;
        let mut of_subject: Vec<Vec<usize>> = vec![Vec::new(); manifest.subjects];
        for (i, entry) in manifest.entries.iter().enumerate() {
            if found[i].face.is_some() {
                of_subject[entry.subject as usize].push(i);
            }
        }
        let pairs: Vec<(usize, usize)> = of_subject
            .iter()
            .flat_map(|own| {
                let before = |(k, &i): (usize, &usize)| own[..k].iter().map(move |&j| (i, j));
                own.iter().enumerate().flat_map(before).collect::<Vec<_>>()
            })
            .collect();
        let registered = on_every_core(pairs.len(), Vec::new, |own, k| {
            let (a, b) = (&found[pairs[k].0].face, &found[pairs[k].1].face);
            let pair = a.as_ref().zip(b.as_ref());
            own.extend(pair.and_then(|(a, b)| a.imprint.registration(&b.imprint)));
        });
        let registered: Vec<_> = registered.into_iter().flatten().collect();
        let judged = || {
            let own = registered.iter();
            own.filter(|r| r.foreshortening >= FLAT_FORESHORTENING)
                .map(|r| r.agreement)
        };
        let of_pairs = |k: usize| Proportion::of(k as u64, pairs.len() as u64);
        let border = |has_margin: bool| {
            let own = manifest.entries.iter().zip(&found);
            let own = own.filter(move |(_, f)| f.has_margin == has_margin);
            own.filter_map(|(e, f)| Some((e, f.border?)))
        };
        let share = |has_margin: bool| {
            let closed = border(has_margin).filter(|(_, b)| *b >= CLOSED_BORDER);
            Proportion::of(closed.count() as u64, border(has_margin).count() as u64)
        };
        let name = |(e, _): (&crate::Entry, f32)| e.path.display().to_string();
        Ok(Self {
            border: share(false),
            with_border: border(false)
                .filter(|(_, b)| *b >= CLOSED_BORDER)
                .map(name)
                .collect(),
            greatest_border_otherwise: border(false)
                .map(|(_, b)| b)
                .filter(|b| *b < CLOSED_BORDER)
                .fold(0.0, f32::max),
            border_of_margin: share(true),
            flat: of_pairs(judged().filter(|a| *a >= FLAT_AGREEMENT).count()),
            foreshortened: judged().count() as u64,
            greatest_agreement: judged().fold(0.0, f32::max),
            same_picture: of_pairs(
                registered
                    .iter()
                    .filter(|r| r.agreement >= SAME_PICTURE)
                    .count(),
            ),
        })
    }
}

fn look(analyser: &Analyser, path: &Path, worker: &Worker) -> Result<Found, Error> {
    let bad = |why: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Manifest, format!("{}: {why}", path.display()))
    };
    let size = std::fs::metadata(path).map_err(|e| bad(&e))?.len();
    if size > MAX_FILE {
        return Err(bad(&format!(
            "the file has {size} bytes, at most {MAX_FILE} are read"
        )));
    }
    let file = std::fs::read(path).map_err(|e| bad(&e))?;
    let image = Image::decode(&file, &Limits::FRAME).map_err(|e| bad(&e))?;
    let portrait = analyser
        .portrait(&image, worker)
        .map_err(|e| Error::new(ErrorKind::Inference, format!("{}: {e}", path.display())))?;
    Ok(Found {
        border: portrait.as_ref().map(|p| p.view.border),
        face: portrait.map(|p| p.face),
        has_margin: has_margin(&image),
    })
}

/// Whether a side of the picture is black: it was turned or moved within its
/// frame, and has a border.
fn has_margin(image: &Image) -> bool {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let black = |x: usize, y: usize| {
        let i = 3 * (y * width + x);
        image.rgb()[i..i + 3].iter().all(|v| *v <= BLACK)
    };
    let row = |y: usize| (0..width).filter(|&x| black(x, y)).count() as f32 / width as f32;
    let column = |x: usize| (0..height).filter(|&y| black(x, y)).count() as f32 / height as f32;
    let sides = [row(0), row(height - 1), column(0), column(width - 1)];
    sides.iter().any(|share| *share >= MOSTLY)
}

#[cfg(test)]
mod tests {
    use rowcall_face::Image;

    use super::has_margin;

    #[test]
    fn a_black_side_is_a_margin() {
        let picture = |margin: usize| {
            let pixel = |i: usize| [if i % 20 < margin { 4 } else { 90 }; 3];
            Image::from_rgb(20, 20, (0..400).flat_map(pixel).collect()).expect("the size")
        };
        assert!(has_margin(&picture(1)));
        assert!(!has_margin(&picture(0)));
    }
}
