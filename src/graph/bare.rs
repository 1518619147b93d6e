//! Graphs of nothing but components and links, for measuring and for tests of walks.

use crate::graph::Component;
use crate::graph::DeploymentInfo;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::links::Stated;
use crate::model::document::Section;
use crate::model::document::Sections;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;

/// A link between two numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BareLink {
    pub upstream: u32,
    pub downstream: u32,
    pub relation: Relation,
    pub evidence: Evidence,
}

/// Builds a graph of components that are numbers, each with its kind and whether it has a document. Numbers become rows by
/// kind, in their order; the rows are given back.
pub(crate) fn bare(components: &[(Kind, bool)], links: impl Iterator<Item = BareLink>) -> (Graph, Vec<u32>) {
    let mut order: Vec<u32> = (0..components.len() as u32).collect();
    order.sort_by_key(|number| components[*number as usize].0);
    let mut rows = vec![0; components.len()];
    let mut graph = Graph { complete: true, ..Graph::default() };
    let mut sections = Sections::default();
    for section in
        [Section::Base, Section::TrainingData, Section::Dependencies, Section::Framework, Section::System, Section::Code]
    {
        sections.add(section);
    }
    for (row, number) in order.into_iter().enumerate() {
        rows[number as usize] = row as u32;
        let (kind, documented) = components[number as usize];
        let id = graph.statements.texts.intern(&format!("{}-{number:08}", kind.word()));
        let component = Component { kind, id, label: id, name: id, version: None, owner: None, sections, documented };
        graph.components.push(component);
        if kind == Kind::Deployment {
            graph.deployments.insert(ComponentId::new(row), DeploymentInfo::default());
        }
    }
    let stated: Vec<Stated> = links
        .map(|link| Stated {
            upstream: rows[link.upstream as usize],
            downstream: rows[link.downstream as usize],
            relation: link.relation,
            evidence: link.evidence,
            firm: true,
            method: 0,
            document: 0,
            line: 1,
            statement: 0,
        })
        .collect();
    graph.links = crate::graph::links::join(&graph, stated, Vec::new());
    (graph, rows)
}
