//! Every word of the console, by language, in Fluent's syntax under `locales/`.

use std::{borrow::Borrow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};

/// A language of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// English with marks about each message: shows text that is outside it.
    #[cfg(test)]
    Marked,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its tag (BCP 47), for `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            #[cfg(test)]
            Self::Marked => "en",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            #[cfg(test)]
            Self::Marked => "⟦Marked⟧",
        }
    }

    /// The language of a tag such as `es` or `es-AR`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The first language of an `Accept-Language` header that the console speaks, in
    /// the header's order.
    pub fn accepted(header: &str) -> Option<Self> {
        header
            .split(',')
            .filter_map(|range| range.split(';').next())
            .find_map(|tag| Self::from_tag(tag.trim()))
    }
}

/// The files of a language: one for each page, and one that all share.
macro_rules! locale {
    ($tag:literal) => {
        [
            include_str!(concat!("../../locales/", $tag, "/common.ftl")),
            include_str!(concat!("../../locales/", $tag, "/officer.ftl")),
            include_str!(concat!("../../locales/", $tag, "/pages.ftl")),
        ]
    };
}

pub(crate) const ENGLISH: &[&str] = &locale!("en");
pub(crate) const SPANISH: &[&str] = &locale!("es");

static ENGLISH_BUNDLE: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle("en", ENGLISH));
static SPANISH_BUNDLE: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle("es", SPANISH));

/// A bundle of what can be read of the sources; tests prove that all of them can.
fn bundle(tag: &str, sources: &[&str]) -> FluentBundle<FluentResource> {
    let locale = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Pages are of one direction: marks around each argument would only be noise for
    // screen readers and tests.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(partial, _)| partial));
    }
    bundle
}

/// The words of one language.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    language: Language,
}

impl Words {
    pub(crate) fn of(language: Language) -> Self {
        Self { language }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// A message without arguments; its key where there is none.
    pub(crate) fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// A message of a kind: `t2("seat-state", "confirmed")` is `seat-state-confirmed`.
    pub(crate) fn t2(&self, kind: &str, name: &str) -> String {
        self.t(&format!("{kind}-{name}"))
    }

    /// A message about a count. (Templates hand fields by reference and results by
    /// value.)
    pub(crate) fn n(&self, key: &str, count: impl Borrow<usize>) -> String {
        self.with(key, &[("count", FluentValue::from(*count.borrow()))])
    }

    /// A message about something with a name.
    pub(crate) fn named(&self, key: &str, name: &str) -> String {
        self.with(key, &[("name", FluentValue::from(name))])
    }

    /// A message with arguments.
    pub(crate) fn with(&self, key: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        self.format(key, Some(&arguments))
    }

    /// Whether there is such a message.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn bundle(&self) -> &'static FluentBundle<FluentResource> {
        match self.language {
            Language::English => &ENGLISH_BUNDLE,
            Language::Spanish => &SPANISH_BUNDLE,
            #[cfg(test)]
            Language::Marked => &ENGLISH_BUNDLE,
        }
    }

    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        assert!(pattern.is_some() || !cfg!(test), "no message {key}");
        let Some(pattern) = pattern else {
            // An officer's page shows a key rather than nothing at all.
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors);
        assert!(!cfg!(test) || errors.is_empty(), "{key}: {errors:?}");
        #[cfg(test)]
        if self.language == Language::Marked {
            return format!("⟦{text}⟧");
        }
        text.into_owned()
    }
}
