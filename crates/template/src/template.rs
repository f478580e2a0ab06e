//! A template and its two roles.

use zeroize::Zeroizing;

/// A comparison score: the cosine between two embeddings, in −1..=1.
/// Higher means more alike (ISO/IEC 2382-37, 37.03.27).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(pub f32);

/// A face embedding of unit length, of one sighting (ISO/IEC 2382-37, 37.03.22:
/// biometric template).
pub struct Template {
    unit: Zeroizing<Vec<f32>>,
}

/// The fused template of one occupant (ISO/IEC 2382-37, 37.03.14).
#[derive(Debug)]
pub struct Probe(pub(crate) Template);

/// The template of a document's portrait (ISO/IEC 2382-37, 37.03.16).
#[derive(Debug)]
pub struct Reference(pub(crate) Template);

impl Template {
    /// See [`crate::danger::Unguarded::from_embedding`].
    pub(crate) fn normalised(embedding: Vec<f32>) -> Option<Self> {
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

    pub(crate) fn unit(&self) -> &[f32] {
        &self.unit
    }

    /// See [`crate::danger::Unguarded::compare`].
    pub(crate) fn cosine(&self, other: &Self) -> Option<Score> {
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

    /// See [`crate::danger::Unguarded::fuse`].
    pub(crate) fn mean<'a>(parts: impl IntoIterator<Item = (&'a Self, f32)>) -> Option<Self> {
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
        Self::normalised(std::mem::take(&mut *sum))
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} values, withheld)", self.unit.len())
    }
}
