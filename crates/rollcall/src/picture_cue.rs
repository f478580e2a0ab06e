//! From where on something suggests that a picture was held up.

/// Fine structure that agrees with the portrait's this much is the portrait's.
/// Live faces of the rendered vehicles, which share texture and expression with
/// their portraits as no real face does, reach 0.924; portraits composed into
/// the same frames reach 0.989 at least (docs/evaluation.md, "Pictures held up").
pub const SAME_PICTURE: f32 = 0.96;

/// Two views that agree this much ...
pub const FLAT_AGREEMENT: f32 = 0.94;
/// ... although one is foreshortened against the other by this much are of
/// something flat. Without foreshortening they may be of one head held still,
/// which agrees with itself; live heads foreshortened so agree by 0.876 at most,
/// sheets by 0.98 in the median (docs/evaluation.md).
pub const FLAT_FORESHORTENING: f32 = 0.10;
/// From here on a border is a sheet's. Live faces of the rendered vehicles
/// reach 0.58 and photographs of real people 0.71 (docs/evaluation.md).
pub const CLOSED_BORDER: f32 = 0.73;
