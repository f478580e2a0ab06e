//! What a lane's operator decides, and nothing that DESIGN's limits forbid.

use std::collections::BTreeMap;

use rowcall_face::{Gate, PortraitGate};
use serde::{Deserialize, Serialize};

use rowcall_words::seat::Seat;

/// How a lane decides; the table `[policy]` of a lane file. Unknown keys are
/// refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The embedding model, by its name.
    pub model: String,
    /// The calibration to read its scores by, by its name; the one that the
    /// model's manifest names, where this is `None`.
    pub calibration: Option<String>,
    /// The probability that a vehicle in which every occupant is a stranger to
    /// every document has a seat confirmed all the same.
    pub vehicle_false_confirm_rate: f64,
    /// A pair whose evidence exceeds its runner-up's by less than this, in nats
    /// (3 is 20 to 1), is `ambiguous`.
    pub ambiguity_margin: f32,
    /// A pair is `ambiguous` below the score that only this share of people reach
    /// with the document of the person who is most like them in a large set: the
    /// stand-in for relatives. 0 turns it off. Of a share rarer than the calibration
    /// gives, the rarest that it gives counts. It acts where that score lies above the
    /// threshold for strangers.
    pub look_alike_guard: f64,
    /// Holders younger than this in years, by the date of birth in their
    /// document, are checked by hand.
    pub manual_below_age: u8,
    /// The least quality of a face that is compared.
    pub quality: Gate,
    /// The least that a portrait must be to be compared with.
    pub portrait: PortraitGate,
    /// The cameras that a seat needs, by their names: if one of them shows nothing,
    /// or the same picture again and again, the vehicle is referred. A seat that
    /// isn't named needs every camera that has a zone for it.
    pub needed_cameras: BTreeMap<Seat, Vec<String>>,
    /// How documents are judged and which verdicts may confirm.
    pub documents: rowcall_document::Policy,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            model: "sface".into(),
            calibration: None,
            vehicle_false_confirm_rate: 0.001,
            ambiguity_margin: 3.0,
            look_alike_guard: 0.002,
            manual_below_age: 6,
            quality: Gate::default(),
            portrait: PortraitGate::default(),
            needed_cameras: BTreeMap::new(),
            documents: rowcall_document::Policy::default(),
        }
    }
}
