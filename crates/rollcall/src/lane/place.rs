//! Where in a lane file something stands, for messages: file, line and key.

use std::{borrow::Cow, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A key's path, as it is written in messages: `camera[1].zone[0].polygon`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path(Vec<Step>);

/// A key, and what is wrong with its value.
pub(super) type Wrong = (Path, String);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    /// Of a key in the file, its tables separated by dots.
    pub(super) fn to(keys: &str) -> Self {
        Self(
            keys.split('.')
                .map(|key| Step::Key(key.to_owned()))
                .collect(),
        )
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// Whether it is of something in an array, and not of a key of the file itself.
    pub(super) fn is_within(&self) -> bool {
        self.0.iter().any(|step| matches!(step, Step::Index(_)))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The line on which its value stands, counted from 1; `None` where the file
    /// hasn't the key, or isn't TOML.
    pub(super) fn line_in(&self, text: &str) -> Option<usize> {
        let table = DeTable::parse(text).ok()?;
        let (first, rest) = self.0.split_first()?;
        let Step::Key(key) = first else { return None };
        let mut value = table.get_ref().get(key.as_str())?;
        for step in rest {
            value = match step {
                Step::Key(key) => value.get_ref().get(key.as_str())?,
                Step::Index(index) => value.get_ref().get(*index)?,
            };
        }
        Some(line_of(text, value.span().start))
    }

    /// Of the innermost value that `span` lies in, or whose key it is; `None` for
    /// what belongs to the whole file.
    pub(super) fn at(text: &str, span: &Range<usize>) -> Option<Self> {
        let table = DeTable::parse(text).ok()?;
        let mut found = None;
        Self::default().search(table.get_ref().iter(), span, &mut found);
        found
    }

    /// A table's own span is that of its header, so that all of them are searched.
    fn search<'a, 'i: 'a>(
        &self,
        table: impl Iterator<Item = (&'a Spanned<Cow<'i, str>>, &'a Spanned<DeValue<'i>>)>,
        span: &Range<usize>,
        found: &mut Option<Self>,
    ) {
        for (key, value) in table {
            let path = self.key(key.get_ref());
            if holds(&key.span(), span) {
                *found = Some(path.clone());
            }
            path.search_in(value, span, found);
        }
    }

    fn search_in(
        &self,
        value: &Spanned<DeValue<'_>>,
        span: &Range<usize>,
        found: &mut Option<Self>,
    ) {
        if holds(&value.span(), span) {
            *found = Some(self.clone());
        }
        match value.get_ref() {
            DeValue::Table(table) => self.search(table.iter(), span, found),
            DeValue::Array(array) => {
                for (i, value) in array.iter().enumerate() {
                    self.index(i).search_in(value, span, found);
                }
            }
            _ => {}
        }
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The line of a byte, counted from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    1 + before.matches('\n').count()
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if i > 0 => write!(f, ".{}", key.escape_debug())?,
                Step::Key(key) => write!(f, "{}", key.escape_debug())?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
