//! What is compared of everything that was seen of one person.

use crate::{Gate, Quality, Template};

impl Gate {
    /// Whether a face of this quality may be compared.
    pub fn passes(&self, quality: &Quality) -> bool {
        quality.failures(self).is_empty()
    }

    /// The gate for telling people apart: what may not be compared with a portrait
    /// since its eyes or mouth are hidden still shows that somebody else sat there.
    pub fn but_for_covers(self) -> Self {
        Self {
            lets_hidden_pass: true,
            ..self
        }
    }

    /// The faces of one person that pass, each with the weight that it is fused
    /// with, its [`Quality::weight`].
    pub fn weigh<'a>(
        &self,
        faces: impl IntoIterator<Item = (&'a Template, &'a Quality)>,
    ) -> impl Iterator<Item = (&'a Template, f32)> {
        let fit = faces.into_iter().filter(|(_, q)| self.passes(q));
        fit.map(|(template, q)| (template, q.weight()))
    }
}

#[cfg(test)]
mod tests {
    use rowcall_template::danger::Unguarded as _;

    use crate::{Gate, Quality, Template};

    #[test]
    fn what_does_not_pass_counts_nothing_and_the_better_counts_more() {
        let quality = |confidence| Quality {
            confidence,
            ..Quality::CLEAR
        };
        let axis = |k: usize| {
            let unit = (0..3).map(|i| f32::from(u8::from(i == k))).collect();
            Template::from_embedding(unit).expect("a direction")
        };
        let axes = [axis(0), axis(1), axis(2)];
        let qualities = [quality(0.95), quality(0.9), quality(0.55)];
        let gate = Gate::default();
        let passes = qualities.each_ref().map(|q| gate.passes(q));
        assert_eq!(passes, [true, true, false]);
        let fused = Template::fuse(gate.weigh(axes.iter().zip(&qualities))).expect("two pass");
        let towards = |i: usize| fused.compare(&axes[i]).expect("same dimension").0;
        assert!(towards(0) > towards(1) && towards(1) > 0.01);
        assert!(towards(2).abs() < 1e-6);
        assert_eq!(gate.weigh([(&axes[2], &qualities[2])]).count(), 0);
    }
}
