//! What is around a component: facts, every relation, whatever the hazard.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// A part of the graph around one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lineage {
    /// With the distance of each: upstream negative; the least distance counts, upstream first.
    pub nodes: BTreeMap<ComponentId, i64>,
    pub links: BTreeSet<LinkId>,
}

/// Returns what is up and down of a component, `depth` links far at most.
pub(crate) fn lineage(graph: &Graph, root: ComponentId, up: bool, down: bool, depth: Option<u32>) -> Lineage {
    let mut found = Lineage { nodes: BTreeMap::from([(root, 0)]), links: BTreeSet::new() };
    for (wanted, sign) in [(up, -1), (down, 1)] {
        let mut level = if wanted { vec![root] } else { Vec::new() };
        let mut seen = BTreeSet::from([root]);
        let mut distance = 0;
        while !level.is_empty() && depth.is_none_or(|depth| distance < i64::from(depth)) {
            distance += 1;
            let mut next = Vec::new();
            for id in level {
                for link in if sign < 0 { graph.up(id) } else { graph.down(id) } {
                    let ends = graph.link(link);
                    let other = if sign < 0 { ends.upstream } else { ends.downstream };
                    found.links.insert(link);
                    if seen.insert(other) {
                        found.nodes.entry(other).or_insert(sign * distance);
                        next.push(other);
                    }
                }
            }
            level = next;
        }
    }
    found
}
