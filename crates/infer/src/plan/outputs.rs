//! What a run gives, for as long as it is looked at.

use std::sync::Arc;

use rowcall_kernels::wipe;

use super::{
    graph::{Graph, OutputKind},
    layout::Layout,
};

/// The outputs of a run, in the arena that it ran in. When they are dropped all that
/// the run wrote there is wiped.
pub struct Outputs<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) layout: Arc<Layout>,
    graph: &'a Graph,
}

/// One output: values in row-major order and their shape.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The size along each axis, outermost first; axes of length 1 before the first
    /// are left out.
    pub shape: [usize; 2],
    /// The values, as many as the product of `shape`.
    pub values: &'a [f32],
}

impl<'a> Outputs<'a> {
    pub(super) fn new(values: &'a mut [f32], layout: Arc<Layout>, graph: &'a Graph) -> Self {
        Self {
            values,
            layout,
            graph,
        }
    }

    /// How many outputs there are.
    pub fn len(&self) -> usize {
        self.layout.outputs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The output in place `i`, in the order of the plan's names.
    pub fn get(&self, i: usize) -> Option<View<'_>> {
        let values = &self.values[self.layout.outputs.get(i)?.clone()];
        let shape = match self.graph.outputs.get(i)?.kind {
            OutputKind::Vector { length } => [1, length],
            OutputKind::Cells { channels } => [values.len() / channels.max(1), channels],
        };
        Some(View { shape, values })
    }
}

impl Drop for Outputs<'_> {
    fn drop(&mut self) {
        wipe(self.values);
    }
}
