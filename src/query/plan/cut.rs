//! The fewest of our models whose replacement clears every AFFECTED deployment: a minimum vertex cut.
//!
//! Of several the one nearest to what is marked. Exact: maximum flow and minimum cut are equal (Ford and Fulkerson, 1956), each
//! model split in two with a link of capacity one between its halves. What hangs together only through what is marked is cut
//! apart first, so that a hub of many children is as many small questions.

use crate::graph::ids::ComponentId;
use crate::query::plan::Question;
use crate::query::plan::network::Network;
use petgraph::algo::dinics;
use petgraph::algo::dominators;
use petgraph::graph::DiGraph;
use petgraph::graph::NodeIndex;
use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef as _;
use std::collections::BTreeMap;

/// What to replace.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cut {
    /// By most cleared, then id: a model, and how many deployments its replacement clears by itself.
    pub models: Vec<(ComponentId, usize)>,
    /// How many deployments all of them clear together.
    pub clears: usize,
    /// Deployments that no model of ours stands before: they run what is marked, or what is not ours.
    pub beyond: Vec<ComponentId>,
}

/// Finds the cut.
pub(super) fn cut(question: &Question<'_>, network: &Network) -> Cut {
    let ours: Vec<bool> = network.ids.iter().map(|id| question.is_ours(*id)).collect();
    let is_ours = |place: usize| ours.get(place).copied().unwrap_or(false);
    let open = network.reached(|place| !is_ours(place));
    let (beyond, targets): (Vec<usize>, Vec<usize>) =
        network.targets.iter().partition(|place| open.get(**place).copied().unwrap_or(false));
    let id = |place: &usize| network.ids.get(*place).copied();
    let mut cut = Cut {
        models: Vec::new(),
        clears: targets.len(),
        beyond: network.marked.iter().copied().chain(beyond.iter().filter_map(id)).collect(),
    };
    let chosen = apart(network, &targets).into_iter().flat_map(|part| of_part(network, &part, &is_ours));
    let alone = alone(network, &targets);
    cut.models = chosen.filter_map(|place| Some((id(&place)?, alone.get(&place).copied().unwrap_or(0)))).collect();
    cut.models.sort_by_key(|(id, clears)| (std::cmp::Reverse(*clears), *id));
    cut
}

/// Places that hang together, with the deployments to clear among them.
struct Part {
    places: Vec<usize>,
    targets: Vec<usize>,
}

/// Only what leads to a deployment that can be cleared matters, and only what hangs together is one question.
fn apart(network: &Network, targets: &[usize]) -> Vec<Part> {
    let n = network.ids.len();
    let mut up = vec![Vec::new(); n];
    for (place, down) in network.down.iter().enumerate() {
        for end in down {
            if let Some(up) = up.get_mut(*end) {
                up.push(place);
            }
        }
    }
    let mut leads = vec![false; n];
    let mut todo = targets.to_vec();
    while let Some(place) = todo.pop() {
        if let Some(seen) = leads.get_mut(place).filter(|seen| !**seen) {
            *seen = true;
            todo.extend(up.get(place).into_iter().flatten());
        }
    }
    let leads = |place: usize| leads.get(place).copied().unwrap_or(false);
    let mut together = UnionFind::<usize>::new(n);
    for (place, down) in network.down.iter().enumerate().filter(|(place, _)| leads(*place)) {
        for end in down.iter().filter(|end| leads(**end)) {
            together.union(place, *end);
        }
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let new = || Part { places: Vec::new(), targets: Vec::new() };
    for place in (0..n).filter(|place| leads(*place)) {
        parts.entry(together.find(place)).or_insert_with(new).places.push(place);
    }
    for target in targets {
        parts.entry(together.find(*target)).or_insert_with(new).targets.push(*target);
    }
    parts.into_values().collect()
}

/// The cut of one part: models whose near half is on the side of what is marked, and whose far half is not.
fn of_part(network: &Network, part: &Part, is_ours: &impl Fn(usize) -> bool) -> Vec<usize> {
    let whole = u32::try_from(part.places.len() + 1).unwrap_or(u32::MAX);
    let mut flow: DiGraph<(), u32> = DiGraph::new();
    let (source, sink) = (flow.add_node(()), flow.add_node(()));
    let mut halves: BTreeMap<usize, (NodeIndex, NodeIndex)> = BTreeMap::new();
    for place in &part.places {
        let near = flow.add_node(());
        let far = flow.add_node(());
        flow.add_edge(near, far, if is_ours(*place) { 1 } else { whole });
        halves.insert(*place, (near, far));
    }
    for (place, (_, far)) in &halves {
        for (near, _) in network.down.get(*place).into_iter().flatten().filter_map(|end| halves.get(end)) {
            flow.add_edge(*far, *near, whole);
        }
    }
    for (near, _) in network.begins.iter().filter_map(|place| halves.get(place)) {
        flow.add_edge(source, *near, whole);
    }
    for (_, far) in part.targets.iter().filter_map(|place| halves.get(place)) {
        flow.add_edge(*far, sink, whole);
    }
    let (_, flows) = dinics(&flow, source, sink);
    let mut near_side = vec![false; flow.node_count()];
    let mut todo = vec![source];
    while let Some(node) = todo.pop() {
        let Some(seen) = near_side.get_mut(node.index()).filter(|seen| !**seen) else { continue };
        *seen = true;
        let used = |edge: petgraph::graph::EdgeIndex| flows.get(edge.index()).copied().unwrap_or(0);
        todo.extend(flow.edges(node).filter(|edge| used(edge.id()) < *edge.weight()).map(|edge| edge.target()));
        let back = flow.edges_directed(node, petgraph::Direction::Incoming);
        todo.extend(back.filter(|edge| used(edge.id()) > 0).map(|edge| edge.source()));
    }
    let is_near = |node: &NodeIndex| near_side.get(node.index()).copied().unwrap_or(false);
    halves.iter().filter(|(_, (near, far))| is_near(near) && !is_near(far)).map(|(place, _)| *place).collect()
}

/// By place: how many of the deployments have it on every way to them.
fn alone(network: &Network, targets: &[usize]) -> BTreeMap<usize, usize> {
    let mut ways: DiGraph<(), ()> = DiGraph::with_capacity(network.ids.len() + 1, 0);
    let nodes: Vec<NodeIndex> = network.ids.iter().map(|_| ways.add_node(())).collect();
    let root = ways.add_node(());
    let node = |place: &usize| nodes.get(*place).copied();
    for (place, down) in network.down.iter().enumerate() {
        for (from, to) in down.iter().filter_map(|end| Some((node(&place)?, node(end)?))) {
            ways.add_edge(from, to, ());
        }
    }
    for begin in network.begins.iter().filter_map(node) {
        ways.add_edge(root, begin, ());
    }
    let dominators = dominators::simple_fast(&ways, root);
    let mut clears = BTreeMap::new();
    for target in targets.iter().filter_map(node) {
        for on_every_way in dominators.strict_dominators(target).into_iter().flatten().filter(|node| *node != root) {
            *clears.entry(on_every_way.index()).or_default() += 1;
        }
    }
    clears
}
