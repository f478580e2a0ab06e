//! Schemas of what other rooms name: they don't know the API, and the API lists their
//! names so that none can be missed.

use rowcall_document as document;
use rowcall_rollcall as rollcall;
use rowcall_rollcall::Guise;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

/// Words of a closed list, each a plain variant as serde names it. One that isn't
/// listed doesn't compile.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident of $of:path { $($variant:ident),+ $(,)? })+) => {$(
        $(#[doc = $doc])+
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                type Of = $of;
                let _ = |value: Of| match value { $(Of::$variant => ()),+ };
                let all = [$(Of::$variant),+].map(|word| serde_json::to_value(word));
                one_of(concat!($($doc),+).trim(), all.into_iter().flatten())
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    /// The vehicle's outcome: every holder confirmed, or an officer looks.
    VehicleOutcome of rollcall::VehicleOutcome { AllConfirmed, Refer }

    /// What speaks against `all-confirmed`, or beside it.
    VehicleReason of rollcall::VehicleReason {
        NobodySeen, NoDocuments, SeatReferred, DocumentReferred, FewerThanDeclared,
        MoreThanDeclared, FramesUnreadable, FaceUnexplained, CameraMissing, CameraFrozen,
        CountNotDeclared,
    }

    /// Where in the lane an outcome was decided.
    Stage of rollcall::Stage { Seen, Quality, Match, Document, Policy }

    /// What makes a seat ambiguous.
    Ambiguity of rollcall::Ambiguity {
        RunnerUpClose, LookAlikePossible, SeveralFaces, PortraitsDiffer, PictureSuspected,
    }

    /// What suggests that a picture is held up instead of a head.
    PictureCue of rollcall::PictureCue { SamePicture, Flat, Border }

    /// How a camera did.
    CameraState of rollcall::CameraState { Delivering, Missing, Frozen }

    /// How far a document can be trusted, from best to worst.
    Verdict of document::Verdict {
        Valid, ValidWithWarning, Unsigned, Untrusted, Unsupported, Invalid,
    }

    /// What was found out about who signed a document.
    Authenticity of document::Authenticity { NotChecked, NotSigned, Trusted, NotTrusted, Broken }

    /// How much a finding weighs.
    Severity of document::Severity { Info, Warning, Error }
}

/// Where a face is that is on no seat.
pub(crate) enum Whereabouts {}

impl PartialSchema for Whereabouts {
    fn schema() -> RefOr<Schema> {
        use rollcall::Whereabouts as Of;
        let seat = rollcall::Seat {
            row: 1,
            side: rollcall::Side::Left,
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

/// Codes of the audit log, which lists them itself.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let all = rowcall_audit::entry::$name::ALL.iter();
                one_of(concat!($($doc),+).trim(), all.map(|word| Value::from(word.code())))
            }
        }

        impl ToSchema for $name {}
    )+};
}

codes! {
    /// Why an officer decided as they did.
    AdjudicationReason;
    /// Why an image pair is kept for a while.
    HoldReason;
}

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
