//! Every way out of every biometric type, as a table: none of these types has
//! any of these traits. The commonest ways stand one by one, with what the
//! compiler says, in `compile_fail`.

use rowcall_custody::{Biometrics, Cut, HeldPair, LockedKey, OpenTransaction, Seen};
use rowcall_face::{FaceObservation, Image, Imprint, Probe, Reference, Template};
use rowcall_rollcall::{Frame, Presented};
use rowcall_template::danger::{Role as _, Unguarded as _};

/// Does not compile if the type has one of the traits: then `Ways<_>` could be
/// two things.
macro_rules! has_none_of {
    ($type:ty: $($way:path),+) => {
        const _: fn() = || {
            trait Ways<A> {
                fn out() {}
            }
            impl<T: ?Sized> Ways<()> for T {}
            $({
                struct Way;
                impl<T: ?Sized + $way> Ways<Way> for T {}
            })+
            let _ = <$type as Ways<_>>::out;
        };
    };
}

macro_rules! no_way_out_of {
    ($($type:ty),+) => {$(
        has_none_of!(
            $type: Clone, Copy, Default, PartialEq, PartialOrd, std::hash::Hash,
            std::fmt::Display, std::fmt::LowerHex, std::fmt::Pointer, std::fmt::Write,
            std::ops::Deref, std::ops::Index<usize>, std::ops::Index<std::ops::RangeFull>,
            IntoIterator, Iterator, std::io::Read, std::io::Write,
            AsRef<[u8]>, AsRef<[f32]>, AsRef<Vec<u8>>, AsRef<Vec<f32>>, AsMut<[u8]>, AsMut<[f32]>,
            std::borrow::Borrow<[u8]>, std::borrow::Borrow<[f32]>,
            Into<Vec<u8>>, Into<Vec<f32>>, Into<Box<[u8]>>, Into<Box<[f32]>>, Into<String>,
            serde::Serialize, serde::de::DeserializeOwned
        );
        has_none_of!(&'static $type: IntoIterator, Into<Vec<u8>>, Into<Vec<f32>>, std::io::Read);
    )+};
}

no_way_out_of!(
    Template,
    Probe,
    Reference,
    Imprint,
    Image,
    Cut,
    Seen,
    FaceObservation,
    Frame,
    Presented,
    HeldPair,
    OpenTransaction,
    LockedKey
);
// An empty one says nothing about anybody: custody itself begins with it.
has_none_of!(
    Biometrics: Clone, PartialEq, std::hash::Hash, std::fmt::Debug, std::fmt::Display,
    std::ops::Deref, IntoIterator, AsRef<[Image]>, serde::Serialize, serde::de::DeserializeOwned
);
has_none_of!(Cut: std::fmt::Debug);
has_none_of!(Seen: std::fmt::Debug);
has_none_of!(HeldPair: std::fmt::Debug);
has_none_of!(OpenTransaction: std::fmt::Debug);

/// Where there is a `Debug`, it shows sizes and nothing else: two different ones
/// print alike.
#[test]
fn printing_shows_no_value() {
    let template = |sign: f32| {
        let values = (1..=128).map(|value| sign * value as f32).collect();
        Template::from_embedding(values).unwrap()
    };
    let image = |seed| Image::from_rgb(2, 1, vec![seed; 6]).unwrap();
    let cases = [
        (
            format!("{:?}", template(1.0)),
            format!("{:?}", template(-1.0)),
        ),
        (
            format!("{:#?}", Probe::of(template(1.0))),
            format!("{:#?}", Probe::of(template(-1.0))),
        ),
        (
            format!("{:#?}", Reference::of(template(1.0))),
            format!("{:#?}", Reference::of(template(-1.0))),
        ),
        (format!("{:#?}", image(1)), format!("{:#?}", image(200))),
        (
            format!("{:#?}", Imprint::of(&image(1))),
            format!("{:#?}", Imprint::of(&image(200))),
        ),
        (
            format!("{:#?}", LockedKey::new([1; 32])),
            format!("{:#?}", LockedKey::new([200; 32])),
        ),
    ];
    for (one, other) in cases {
        assert!(one.contains("withheld"), "{one}");
        assert_eq!(one, other);
    }
}
