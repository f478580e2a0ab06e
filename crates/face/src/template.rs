//! Templates: the one thing in Rowcall that could identify a person elsewhere,
//! and therefore the one thing with no way out.
//!
//! There is no `Serialize`, no `Clone`, no getter and no `Debug` that shows a
//! value; the vector is zeroized on drop. Two templates can be compared, and
//! several of one person can be fused; nothing else. `tests/compile_fail` keeps
//! it so.

use zeroize::Zeroizing;

/// A comparison score: the cosine between two embeddings, in −1..=1.
/// Higher means more alike (ISO/IEC 2382-37, 37.03.27).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(pub f32);

/// A face embedding of unit length (ISO/IEC 2382-37, 37.03.22: biometric
/// template).
pub struct Template {
    unit: Zeroizing<Vec<f32>>,
}

/// The fused template of one occupant (ISO/IEC 2382-37, 37.03.14).
#[derive(Debug)]
pub struct Probe(Template);

/// The template of a document's portrait (ISO/IEC 2382-37, 37.03.16).
#[derive(Debug)]
pub struct Reference(Template);

impl Template {
    /// Normalises `embedding` to unit length. `None` if it is empty, has a
    /// value that is not finite, or has no length to speak of.
    pub fn from_embedding(embedding: Vec<f32>) -> Option<Self> {
        let mut unit = Zeroizing::new(embedding);
        let norm = unit
            .iter()
            .map(|v| f64::from(*v).powi(2))
            .sum::<f64>()
            .sqrt();
        if !norm.is_finite() || norm < 1e-9 {
            return None;
        }
        for v in unit.iter_mut() {
            *v = (f64::from(*v) / norm) as f32;
        }
        Some(Self { unit })
    }

    /// The vector, for comparisons inside this crate.
    pub(crate) fn unit(&self) -> &[f32] {
        &self.unit
    }

    /// The comparison score of two templates; `None` if they come from models
    /// of different dimension.
    pub fn compare(&self, other: &Self) -> Option<Score> {
        if self.unit.len() != other.unit.len() {
            return None;
        }
        let dot: f64 = self
            .unit
            .iter()
            .zip(other.unit.iter())
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum();
        Some(Score(dot.clamp(-1.0, 1.0) as f32))
    }

    /// Fuses templates of one person into one: the weighted mean, normalised.
    /// Weights that are not finite or not above zero count nothing. `None` if
    /// nothing is left, the dimensions differ, or the mean has no direction.
    pub fn fuse<'a>(parts: impl IntoIterator<Item = (&'a Self, f32)>) -> Option<Self> {
        let mut sum: Zeroizing<Vec<f32>> = Zeroizing::new(Vec::new());
        for (template, weight) in parts {
            if !weight.is_finite() || weight <= 0.0 {
                continue;
            }
            if sum.is_empty() {
                sum.resize(template.unit.len(), 0.0);
            }
            if sum.len() != template.unit.len() {
                return None;
            }
            for (s, v) in sum.iter_mut().zip(template.unit.iter()) {
                *s += weight * v;
            }
        }
        Self::from_embedding(std::mem::take(&mut *sum))
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} values, withheld)", self.unit.len())
    }
}

impl From<Template> for Probe {
    fn from(fused: Template) -> Self {
        Self(fused)
    }
}

impl From<Template> for Reference {
    fn from(portrait: Template) -> Self {
        Self(portrait)
    }
}

impl Reference {
    /// Compares two portraits of what should be one holder: a passport's and a
    /// visa's of the same party member.
    pub fn agreement(&self, other: &Self) -> Option<Score> {
        self.0.compare(&other.0)
    }
}

impl Probe {
    /// Compares this occupant with one portrait: the only comparison that
    /// Rowcall makes a decision from. A probe cannot be compared with a probe.
    pub fn compare(&self, reference: &Reference) -> Option<Score> {
        self.0.compare(&reference.0)
    }
}
