//! `lineage`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::LinkRow;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::query::lineage::Lineage;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Tree<'a, N, L, P> {
    schema: &'static str,
    root: &'a str,
    nodes: N,
    links: L,
    problems: P,
}

#[derive(Serialize)]
struct Node<'a> {
    id: &'a str,
    kind: &'static str,
    /// Links from the root; upstream negative.
    depth: i64,
}

/// Writes the components up and down from `root`, and the links between them.
pub(in crate::cli) fn lineage(out: &mut dyn Write, graph: &Graph, root: ComponentId, lineage: &Lineage) -> io::Result<()> {
    let mut nodes: Vec<(ComponentId, i64)> = lineage.nodes.iter().map(|(id, depth)| (*id, *depth)).collect();
    nodes.sort_by_key(|(id, _)| graph.id(*id).as_key());
    let node = |(id, depth): &(ComponentId, i64)| Node {
        id: graph.id(*id).as_key(),
        kind: graph.component(*id).kind.word(),
        depth: *depth,
    };
    let mut links: Vec<LinkId> = lineage.links.iter().copied().collect();
    links.sort_by_key(|id| {
        let link = graph.link(*id);
        (graph.id(link.upstream).as_key(), graph.id(link.downstream).as_key(), link.relation)
    });
    let answer = Tree {
        schema: "downriver/lineage/1",
        root: graph.id(root).as_key(),
        nodes: Each(|| nodes.iter().map(node)),
        links: Each(|| links.iter().map(|link| LinkRow::new(graph, *link))),
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}
