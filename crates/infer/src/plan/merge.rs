//! Heads that read the same tensor become one.

use super::graph::{Activation, Filter, Graph, Operation, Step, TensorId, Window};

/// A filter over all channels, a depthwise one after it, and the outputs that are
/// made of that, by the numbers of their steps.
struct Head {
    convolve: usize,
    depthwise: usize,
    emits: Vec<usize>,
}

/// Detectors end in many narrow heads over one tensor (a class, an object, four
/// sides, ten coordinates), each padded to a block of channels. Those that fit
/// into fewer blocks together are computed as one.
pub(super) fn merge_heads(graph: &mut Graph) {
    let heads: Vec<Head> = (0..graph.steps.len())
        .filter_map(|i| head(graph, i))
        .collect();
    let mut groups: Vec<Vec<Head>> = Vec::new();
    for head in heads {
        let like = |group: &&mut Vec<Head>| key(graph, &group[0]) == key(graph, &head);
        match groups.iter_mut().find(like) {
            Some(group) => group.push(head),
            None => groups.push(vec![head]),
        }
    }
    let mut gone = Vec::new();
    for group in groups {
        let blocks = |channels: usize| channels.div_ceil(rowcall_kernels::BLOCK);
        let channels: Vec<usize> = group.iter().map(|h| outputs(graph, h.depthwise)).collect();
        let fewer = blocks(channels.iter().sum()) < channels.iter().map(|c| blocks(*c)).sum();
        if fewer && join(graph, &group) {
            for head in group {
                gone.extend(head.emits);
                gone.extend([head.convolve, head.depthwise]);
            }
        }
    }
    let mut i = 0;
    graph.steps.retain(|_| {
        i += 1;
        !gone.contains(&(i - 1))
    });
}

fn filter(graph: &Graph, step: usize) -> Option<&Filter> {
    match &graph.steps[step].operation {
        Operation::Convolve(filter) | Operation::Depthwise(filter) => Some(filter),
        _ => None,
    }
}

fn outputs(graph: &Graph, step: usize) -> usize {
    filter(graph, step).map_or(0, |f| f.outputs)
}

fn sole_reader(graph: &Graph, step: usize) -> Option<usize> {
    let mut readers = graph.readers(graph.steps[step].output?);
    readers.next().filter(|_| readers.next().is_none())
}

fn head(graph: &Graph, convolve: usize) -> Option<Head> {
    let plain = |step: usize| filter(graph, step).filter(|f| f.activation == Activation::None);
    let Operation::Convolve(_) = graph.steps[convolve].operation else {
        return None;
    };
    let depthwise = sole_reader(graph, convolve)?;
    let Operation::Depthwise(_) = graph.steps[depthwise].operation else {
        return None;
    };
    plain(convolve).and(plain(depthwise))?;
    let emits: Vec<usize> = graph.readers(graph.steps[depthwise].output?).collect();
    let ends = |i: &usize| matches!(graph.steps[*i].operation, Operation::Emit(_));
    emits.iter().all(ends).then_some(Head {
        convolve,
        depthwise,
        emits,
    })
}

/// What heads must have in common.
fn key(graph: &Graph, head: &Head) -> (TensorId, [Option<Window>; 2]) {
    let window = |step: usize| filter(graph, step).map(|f| f.window);
    (
        graph.steps[head.convolve].inputs[0],
        [window(head.convolve), window(head.depthwise)],
    )
}

/// Appends one head that does what these do; `false` if their weights don't go
/// together.
fn join(graph: &mut Graph, heads: &[Head]) -> bool {
    let together = |step_of: fn(&Head) -> usize| {
        let mut filters = heads.iter().filter_map(|h| filter(graph, step_of(h)));
        let mut all = filters.next()?.clone();
        for filter in filters {
            all.outputs += filter.outputs;
            all.bias.extend_from_slice(&filter.bias);
            if !all.weights.append(&filter.weights) {
                return None;
            }
        }
        Some(all)
    };
    let (Some(convolve), Some(depthwise)) = (together(|h| h.convolve), together(|h| h.depthwise))
    else {
        return false;
    };
    let mut emissions = Vec::new();
    let mut first = 0;
    for head in heads {
        for &emit in &head.emits {
            if let Operation::Emit(own) = &graph.steps[emit].operation {
                let shifted = own.iter().map(|e| super::graph::Emission {
                    first_channel: e.first_channel + first,
                    ..*e
                });
                emissions.extend(shifted);
            }
        }
        first += outputs(graph, head.depthwise);
    }
    let input = graph.steps[heads[0].convolve].inputs[0];
    let (narrow, filtered) = (graph.tensor(first), graph.tensor(first));
    graph.steps.extend([
        Step {
            operation: Operation::Convolve(convolve),
            inputs: vec![input],
            output: Some(narrow),
        },
        Step {
            operation: Operation::Depthwise(depthwise),
            inputs: vec![narrow],
            output: Some(filtered),
        },
        Step {
            operation: Operation::Emit(emissions),
            inputs: vec![filtered],
            output: None,
        },
    ]);
    true
}
