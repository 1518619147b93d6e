//! The order in which components are listed: most deployments first, then by label.
//!
//! Invariant: what is equal in both goes by id, so that the order is the same on every run.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query::deploys::Deploys;
use crate::text::Untrusted;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::cmp::Reverse;

/// All components of a graph in order.
#[derive(Debug, Default)]
pub(crate) struct Order {
    components: Box<[ComponentId]>,
    ranks: Box<[u32]>,
}

impl Order {
    /// Orders all components, in parallel. Ids are by printed id already, and labels mostly follow them, so that the stable
    /// sorts find long runs.
    pub(crate) fn new(graph: &Graph, deploys: &Deploys) -> Self {
        let mut components: Vec<ComponentId> = graph.ids().collect();
        components.par_sort_by(|a, b| {
            let (a, b) = (graph.component(*a).label, graph.component(*b).label);
            if a == b { Ordering::Equal } else { graph.text(a).cmp(&graph.text(b)) }
        });
        components.par_sort_by_key(|id| Reverse(deploys.of(*id)));
        Self::of(components)
    }

    /// Components that are in order already.
    pub(crate) fn of(components: Vec<ComponentId>) -> Self {
        let mut ranks = vec![0; components.len()].into_boxed_slice();
        for (rank, component) in (0..).zip(&components) {
            if let Some(place) = ranks.get_mut(component.row()) {
                *place = rank;
            }
        }
        Self { components: components.into(), ranks }
    }

    /// All components, first to last.
    pub(crate) fn components(&self) -> &[ComponentId] {
        &self.components
    }

    /// The component of a rank.
    pub(crate) fn at(&self, rank: usize) -> Option<ComponentId> {
        self.components.get(rank).copied()
    }

    /// The rank of a component.
    pub(crate) fn rank(&self, id: ComponentId) -> Option<usize> {
        self.ranks.get(id.row()).map(|rank| *rank as usize)
    }
}

/// All components by name, as people sort names: capitals beside small letters.
pub(crate) fn by_name(graph: &Graph) -> Vec<ComponentId> {
    let mut components: Vec<ComponentId> = graph.ids().collect();
    components.par_sort_by(|a, b| folded(graph.label(*a), graph.label(*b)));
    components
}

/// Compares two labels as shown, without case. Most are shown as they are written.
fn folded(a: Untrusted<'_>, b: Untrusted<'_>) -> Ordering {
    let (x, y) = (a.as_key(), b.as_key());
    if is_plain(x) && is_plain(y) {
        let small = |c: u8| c.to_ascii_lowercase();
        return x.bytes().map(small).cmp(y.bytes().map(small));
    }
    let small = |text: Untrusted<'_>| text.brief().as_str().to_lowercase();
    small(a).cmp(&small(b))
}

/// Whether a label is shown as it is written, in ASCII.
fn is_plain(label: &str) -> bool {
    label.len() <= 1_000 && label.bytes().all(|c| matches!(c, b' '..=b'~') && c != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture::graph;
    use crate::query::deploys;

    #[test]
    fn deployments_come_before_names() {
        let graph = graph("b -> x@production\nb ..> y@edge\nc -> y@edge\na\nd -> y@edge");
        let order = Order::new(&graph, &deploys::deploys(&graph));
        let labels: Vec<&str> = order.components().iter().map(|id| graph.label(*id).as_key()).collect();
        assert_eq!(labels, ["b", "c", "d", "x@production", "y@edge", "a"]);
        for (rank, id) in order.components().iter().enumerate() {
            assert_eq!((order.rank(*id), order.at(rank)), (Some(rank), Some(*id)));
        }
    }
}
