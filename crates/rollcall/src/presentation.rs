//! Whether a picture was held up instead of a head.
//!
//! What is too small, too large or beside its seat never reaches this: the
//! zone leaves it out as a bystander, or the seat is crowded. Here the document's
//! own portrait is known again by its fine structure. Another photograph of the
//! holder, a mask or a moving face on a screen isn't.

use crate::{holder::Holder, occupant::Occupant};

/// Fine structure that agrees with the portrait's this much is the portrait's.
/// Live faces of the rendered vehicles, which share texture and expression with
/// their portraits as no real face does, reach 0.924; portraits composed into
/// the same frames reach 0.989 at least (docs/evaluation.md, "Pictures held up").
pub const SAME_PICTURE: f32 = 0.96;

/// Whether what was seen of an occupant is a picture of the holder's portrait.
/// One frame is enough: a live face never agrees so far.
pub(crate) fn is_picture(occupant: &Occupant<'_>, holder: &Holder<'_>) -> bool {
    let mut pairs = occupant
        .fit
        .iter()
        .flat_map(|face| holder.imprints.iter().map(move |p| (&face.imprint, p)));
    pairs.any(|(face, portrait)| face.agreement(portrait) >= SAME_PICTURE)
}
