//! Whether a picture was held up instead of a head.
//!
//! What is too small, too large or beside its seat never reaches this: the
//! zone leaves it out as a bystander, or the seat is crowded. Here three things
//! are looked for, each by itself, and any of them leaves the seat to the
//! officer. A face cut out along its outline and held still, a mask or a moving
//! face on a screen that fills the zone shows none of them.

use rowcall_face::{FaceObservation, Landmarks, Registrations};

use crate::{
    CLOSED_BORDER, FLAT_AGREEMENT, FLAT_FORESHORTENING, SAME_PICTURE, holder::Holder,
    occupant::Occupant,
};
use rowcall_words::outcome::PictureCue;

/// Views whose landmarks are nearer than this in proportion, a natural
/// logarithm, aren't worth registering.
const OTHER_SIDE: f32 = 0.05;
/// So many views of an occupant are registered on one another at most.
const MOST_VIEWS: usize = 8;

/// What suggests that a picture of `holder` is on the occupant's seat. One
/// frame, or one pair of frames, is enough: a live face never gets so far.
pub(crate) fn cues(
    occupant: &Occupant<'_>,
    holder: &Holder<'_>,
    registrations: &Registrations,
) -> Vec<PictureCue> {
    let is = |cue: &PictureCue| match cue {
        PictureCue::SamePicture => is_portrait(&occupant.fit, holder, registrations),
        PictureCue::Flat => is_flat(&views(&occupant.fit), registrations),
        PictureCue::Border => occupant.border.is_some_and(|b| b >= CLOSED_BORDER),
    };
    PictureCue::ALL.iter().copied().filter(is).collect()
}

/// The views to hold against one another: of all that was seen well, the few that
/// show the face in the most different proportions, from either end.
fn views<'a>(fit: &[&'a FaceObservation]) -> Vec<&'a FaceObservation> {
    let mut views = fit.to_vec();
    let key = |f: &FaceObservation| proportion(&f.landmarks);
    views.sort_by(|a, b| key(a).total_cmp(&key(b)));
    let from_end = MOST_VIEWS / 2;
    if views.len() > MOST_VIEWS {
        views.drain(from_end..views.len() - from_end);
    }
    views
}

fn is_portrait(
    fit: &[&FaceObservation],
    holder: &Holder<'_>,
    registrations: &Registrations,
) -> bool {
    let mut pairs = fit
        .iter()
        .flat_map(|face| holder.imprints.iter().map(move |p| (&face.imprint, p)));
    pairs.any(|(face, portrait)| {
        registrations
            .between(face, portrait)
            .is_some_and(|r| r.agreement >= SAME_PICTURE)
    })
}

fn is_flat(views: &[&FaceObservation], registrations: &Registrations) -> bool {
    let mut pairs = views
        .iter()
        .enumerate()
        .flat_map(|(i, b)| views[..i].iter().map(move |a| (a, b)));
    pairs.any(|(a, b)| {
        change(&a.landmarks, &b.landmarks) >= OTHER_SIDE
            && registrations
                .between(&b.imprint, &a.imprint)
                .is_some_and(|r| {
                    r.foreshortening >= FLAT_FORESHORTENING && r.agreement >= FLAT_AGREEMENT
                })
    })
}

/// How differently two faces are proportioned.
fn change(a: &Landmarks, b: &Landmarks) -> f32 {
    (proportion(a) - proportion(b)).abs()
}

/// The logarithm of eye distance over the height from eyes to mouth.
fn proportion(l: &Landmarks) -> f32 {
    let eyes = l.right_eye.midpoint(l.left_eye);
    let mouth = l.right_mouth.midpoint(l.left_mouth);
    (l.eye_distance().max(1e-3) / eyes.distance(mouth).max(1e-3)).ln()
}
