//! Making, comparing and fusing templates whoever they are of.
//!
//! Whoever has this can read a template out, value by value, by comparing it with unit
//! vectors, and can keep one beyond its transaction by fusing it with nothing. It is for
//! the room that makes templates from pixels, for measuring on folders that the user
//! already holds, and for tests. A lane has neither this crate nor one that hands
//! it on.

use crate::{Probe, Reference, Score, Template};

/// What can be done with a template that nobody guards.
pub trait Unguarded: Sized {
    /// Normalises `embedding` to unit length. `None` if it is empty, has a
    /// value that is not finite, or has no length to speak of.
    fn from_embedding(embedding: Vec<f32>) -> Option<Self>;

    /// The comparison score of two templates; `None` if they come from models
    /// of different dimension.
    fn compare(&self, other: &Self) -> Option<Score>;

    /// Fuses templates of one person into one: the weighted mean, normalised.
    /// Weights that are not finite or not above zero count nothing. `None` if
    /// nothing is left, the dimensions differ, or the mean has no direction.
    fn fuse<'a>(parts: impl IntoIterator<Item = (&'a Self, f32)>) -> Option<Self>
    where
        Self: 'a;
}

impl Unguarded for Template {
    fn from_embedding(embedding: Vec<f32>) -> Option<Self> {
        Self::normalised(embedding)
    }

    fn compare(&self, other: &Self) -> Option<Score> {
        self.cosine(other)
    }

    fn fuse<'a>(parts: impl IntoIterator<Item = (&'a Self, f32)>) -> Option<Self> {
        Self::mean(parts)
    }
}

/// What a template stands for, given and taken away without asking.
pub trait Role {
    /// The template in this role.
    fn of(template: Template) -> Self;

    /// The template without it.
    fn opened(self) -> Template;
}

impl Role for Probe {
    fn of(template: Template) -> Self {
        Self(template)
    }

    fn opened(self) -> Template {
        self.0
    }
}

impl Role for Reference {
    fn of(template: Template) -> Self {
        Self(template)
    }

    fn opened(self) -> Template {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Unguarded as _;
    use crate::Template;

    /// Why this is a door that a lane doesn't have.
    #[test]
    fn unit_vectors_read_a_template_out() {
        let values = vec![0.5_f32, -0.25, 0.125, 0.7];
        let template = Template::from_embedding(values.clone()).expect("a direction");
        let axis = |k: usize| {
            let unit = (0..4).map(|i| f32::from(u8::from(i == k))).collect();
            Template::from_embedding(unit).expect("a direction")
        };
        let read = |k| template.compare(&axis(k)).expect("one dimension").0;
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
        for (k, value) in values.iter().enumerate() {
            assert!((read(k) - value / norm).abs() < 1e-6, "{k}");
        }
    }

    #[test]
    fn what_has_no_direction_is_no_template() {
        for none in [
            vec![],
            vec![0.0; 4],
            vec![f32::NAN, 1.0],
            vec![f32::INFINITY],
        ] {
            assert!(Template::from_embedding(none.clone()).is_none(), "{none:?}");
        }
        let template = Template::from_embedding(vec![1.0, 0.0]).expect("a direction");
        let longer = Template::from_embedding(vec![1.0, 0.0, 0.0]).expect("a direction");
        assert_eq!(template.compare(&longer), None);
        assert!(Template::fuse([(&template, 1.0), (&longer, 1.0)]).is_none());
        assert!(Template::fuse([(&template, 0.0), (&template, f32::NAN)]).is_none());
    }
}
