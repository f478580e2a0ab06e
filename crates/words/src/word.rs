//! How a closed list of words is made.

/// Enums of plain words. Each word has one name, its variant's in kebab-case, by which it
/// is shown, serialized and read; each list has `ALL` of its words in their order.
macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $word:ident,)+ })+) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
            strum::Display, strum::EnumString, strum::IntoStaticStr,
        )]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $word,)+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            /// The name in kebab-case.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }
    )+};
}

pub(crate) use words;
