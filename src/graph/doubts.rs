//! What is doubtful across documents: cycles, contradictions, look-alikes. Findings, never links.

mod contradictions;
mod lineage;
mod lookalikes;

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;

/// All findings that only the whole repository shows.
pub(super) fn find(graph: &Graph) -> Vec<Finding> {
    let (others, (mut findings, contradictions)) =
        rayon::join(|| lookalikes::find(graph), || rayon::join(|| lineage::find(graph), || contradictions::find(graph)));
    findings.extend(contradictions);
    findings.extend(others);
    findings
}

/// A finding about a component, at a place that mentions it.
fn finding(graph: &Graph, code: Code, about: ComponentId, at: Option<Source>, message: String, help: &str) -> Finding {
    let place = at.map(|source| Place { line: source.line, column: 0 }).unwrap_or_default();
    Finding {
        file: at.map(|source| graph.file(source.document).as_key().to_owned()).unwrap_or_default(),
        component: Some(graph.id(about).as_key().to_owned()),
        ..Finding::new(code, place, message, help)
    }
}

/// The place that names a component first: its document, or the first reference by file and line.
fn first_place(graph: &Graph, id: ComponentId) -> Option<Source> {
    let declared = graph.declared_in(id).min_by_key(|s| (s.document, s.line));
    let mentioned = graph.down(id).flat_map(|link| graph.sources(link)).min_by_key(|s| (s.document, s.line));
    declared.or(mentioned)
}

/// How many places mention a component.
fn n_mentions(graph: &Graph, id: ComponentId) -> usize {
    graph.declared_in(id).len() + graph.down(id).map(|link| graph.n_sources(link)).sum::<usize>()
}
