//! Schemas of what other rooms name: they don't know the API, and the API lists their
//! names so that none can be missed.

use rowcall_rollcall as rollcall;
use rowcall_rollcall::Guise;
use rowcall_words::{document, fault, log, outcome, seat};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

/// Words of a closed list, which lists them itself.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident of $of:path;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                type Of = $of;
                let all = Of::ALL.iter().map(|word| Value::from(word.as_str()));
                one_of(concat!($($doc),+).trim(), all)
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    /// The vehicle's outcome: every holder confirmed, or an officer looks.
    VehicleOutcome of outcome::VehicleOutcome;

    /// What speaks against `all-confirmed`, or beside it.
    VehicleReason of outcome::VehicleReason;

    /// Where in the lane an outcome was decided.
    Stage of outcome::Stage;

    /// What makes a seat ambiguous.
    Ambiguity of outcome::Ambiguity;

    /// What suggests that a picture is held up instead of a head.
    PictureCue of outcome::PictureCue;

    /// How a camera did.
    CameraState of outcome::CameraState;

    /// How far a document can be trusted, from best to worst.
    Verdict of document::Verdict;

    /// What was found out about who signed a document.
    Authenticity of document::Authenticity;

    /// How much a finding weighs.
    Severity of document::Severity;

    /// Why an officer decided as they did.
    AdjudicationReason of log::AdjudicationReason;

    /// Why an image pair is kept for a while.
    HoldReason of log::HoldReason;

    /// Whose fault a problem is.
    Fault of fault::Fault;
}

/// Where a face is that is on no seat.
pub(crate) enum Whereabouts {}

impl PartialSchema for Whereabouts {
    fn schema() -> RefOr<Schema> {
        use rollcall::Whereabouts as Of;
        let seat = seat::Seat {
            row: 1,
            side: seat::Side::Left,
        };
        let _ = |value: Of| match value {
            Of::Outside | Of::Leaning(_) => (),
            Of::Inside(Guise::Picture | Guise::Small | Guise::Large | Guise::BetweenSeats) => (),
        };
        let all = [
            Of::Outside,
            Of::Leaning(seat),
            Of::Inside(Guise::Picture),
            Of::Inside(Guise::Small),
            Of::Inside(Guise::Large),
            Of::Inside(Guise::BetweenSeats),
        ];
        let all = all.map(|place| Value::from(place.as_str()));
        one_of("Where a face is that is on no seat.", all.into_iter())
    }
}

impl ToSchema for Whereabouts {}

/// A seat: row 1 is the front row, the side as the driver sees it.
pub(crate) enum Seat {}

impl PartialSchema for Seat {
    fn schema() -> RefOr<Schema> {
        let seat = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[1-9]-(left|centre|right)$"))
            .description(Some(
                "A seat: row 1 is the front row, the side as the driver sees it.",
            ))
            .examples(["1-left"]);
        seat.into()
    }
}

impl ToSchema for Seat {}

/// A picture, as bytes.
pub(crate) enum Picture {}

impl PartialSchema for Picture {
    fn schema() -> RefOr<Schema> {
        let picture = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("A JPEG."));
        picture.into()
    }
}

impl ToSchema for Picture {}

/// A quality component that falls short, named as in ISO/IEC 29794-5.
pub(crate) enum Component {}

impl PartialSchema for Component {
    fn schema() -> RefOr<Schema> {
        // An open list: a later version may measure more.
        let word = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A quality component that falls short, named as in ISO/IEC 29794-5; more may come.",
            ))
            .examples(["head-pose-yaw"]);
        word.into()
    }
}

impl ToSchema for Component {}

/// How many occupants.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the roll call's own")]
pub(crate) struct OccupantCount {
    /// As declared by the officer or a sensor.
    declared: Option<u8>,
    /// Seen by a camera.
    seen: usize,
    /// Confirmed as holders.
    confirmed: usize,
    /// Opted out.
    opted_out: usize,
}

// A field that isn't described doesn't compile.
const _: fn(rollcall::OccupantCount) = |count| {
    let rollcall::OccupantCount {
        declared: _,
        seen: _,
        confirmed: _,
        opted_out: _,
    } = count;
};

fn one_of(about: &str, words: impl Iterator<Item = Value>) -> RefOr<Schema> {
    let words = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .description(Some(about));
    words.into()
}
