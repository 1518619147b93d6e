//! Why: the paths from one component to another, best first, no component twice.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::query::walk::Step;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::VecDeque;

/// Counting stops here.
pub(crate) const COUNTED: usize = 100;
/// Partial paths looked at before the search gives up: lineages are shallow, but a hostile one need not be.
const EFFORT: usize = 200_000;

/// The paths that were found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paths {
    /// At most the limit asked for.
    pub paths: Vec<Vec<Step>>,
    /// How many there are; with `more`, at least so many.
    pub total: usize,
    pub more: bool,
}

/// A path that is being extended, upstream first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Partial {
    weak: u32,
    length: usize,
    nodes: Vec<ComponentId>,
    links: Vec<LinkId>,
}

/// Returns the paths from `from` to `to`: fewest weak links first, then the shortest, then by the ids on the way. With a
/// hazard only over relations that it follows.
pub(crate) fn paths(graph: &Graph, from: ComponentId, to: ComponentId, hazard: Option<Hazard>, limit: usize) -> Paths {
    let follows = |link: LinkId| hazard.is_none_or(|hazard| hazard.follows(graph.link(link).relation));
    let near = leads_to(graph, to, &follows);
    let mut found = Paths::default();
    let mut heap = BinaryHeap::new();
    if near[from.row()] && from != to {
        heap.push(Reverse(Partial { weak: 0, length: 0, nodes: vec![from], links: Vec::new() }));
    }
    let mut effort = 0;
    while let Some(Reverse(partial)) = heap.pop() {
        let Some(last) = partial.nodes.last().copied() else { continue };
        if last == to {
            if found.total == COUNTED {
                found.more = true;
                break;
            }
            found.total += 1;
            if found.paths.len() < limit {
                found.paths.push(partial.links.iter().map(|link| step(graph, *link)).collect());
            }
            continue;
        }
        effort += 1;
        if effort > EFFORT {
            found.more = true;
            break;
        }
        for link in graph.down(last).filter(|link| follows(*link)) {
            let next = graph.link(link).downstream;
            if near[next.row()] && !partial.nodes.contains(&next) {
                let weak = partial.weak + u32::from(graph.link(link).evidence.is_weak());
                let nodes = partial.nodes.iter().copied().chain([next]).collect();
                let links = partial.links.iter().copied().chain([link]).collect();
                heap.push(Reverse(Partial { weak, length: partial.length + 1, nodes, links }));
            }
        }
    }
    found
}

/// By row: whether a component is upstream of `to`, or `to` itself.
fn leads_to(graph: &Graph, to: ComponentId, follows: &dyn Fn(LinkId) -> bool) -> Vec<bool> {
    let mut near = vec![false; graph.len()];
    near[to.row()] = true;
    let mut todo = VecDeque::from([to]);
    while let Some(id) = todo.pop_front() {
        for link in graph.up(id).filter(|link| follows(*link)) {
            let upstream = graph.link(link).upstream;
            if !std::mem::replace(&mut near[upstream.row()], true) {
                todo.push_back(upstream);
            }
        }
    }
    near
}

fn step(graph: &Graph, link: LinkId) -> Step {
    let evidence: Evidence = graph.link(link).evidence;
    Step { link, evidence, source: graph.sources(link).next(), mention: None }
}
