//! The parts that several answers share.

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::LinkId;
use crate::incident::runbook::Command;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::query::deploys::Deploys;
use crate::query::deploys::Reached;
use crate::query::impact::Step;
use serde::Serialize;
use serde::Serializer;

/// At most this many problems stand in an answer (threats.md section 2).
const PROBLEMS: usize = 100_000;

/// An array whose rows are made while they are written, so that two million of them need no memory.
pub(super) struct Each<F>(pub F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A line of the runbook, or why there is none; just one is there.
#[derive(Serialize)]
pub(super) struct CommandRow {
    command: Option<String>,
    refused: Option<String>,
}

impl CommandRow {
    pub(super) fn new(line: Command) -> Self {
        match line {
            Ok(command) => Self { command: Some(command), refused: None },
            Err(why) => Self { command: None, refused: Some(why) },
        }
    }
}

#[derive(Serialize)]
pub(super) struct ComponentRow<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    digests: Vec<String>,
    external: bool,
    documents: Vec<&'a str>,
    deployments: ReachedRow,
}

impl<'a> ComponentRow<'a> {
    pub(super) fn new(graph: &'a Graph, deploys: &Deploys, id: ComponentId) -> Self {
        let component = graph.component(id);
        let text = |id| graph.text(id).as_key();
        Self {
            id: graph.id(id).as_key(),
            kind: component.kind.word(),
            name: text(component.name),
            version: component.version.map(text),
            purl: graph.purl(id).map(text),
            digests: graph.digests(id).iter().map(ToString::to_string).collect(),
            external: is_external(graph, id),
            documents: documents(graph, id),
            deployments: deploys.of(id).into(),
        }
    }
}

/// Whether only references name it: no document lists it with facts of its own.
fn is_external(graph: &Graph, id: ComponentId) -> bool {
    let declared = graph.statements_of(id).iter().any(|statement| graph.statements().get(*statement).is_anchor());
    graph.kind(id) != Kind::Deployment && !declared
}

/// The files that mention a component, each once, sorted.
fn documents(graph: &Graph, id: ComponentId) -> Vec<&str> {
    let mut files: Vec<&str> = graph.documents_of(id).into_iter().map(|document| graph.file(document).as_key()).collect();
    files.sort_unstable();
    files.dedup();
    files
}

#[derive(Serialize)]
pub(super) struct ReachedRow {
    confirmed: u32,
    possible: u32,
}

impl From<Reached> for ReachedRow {
    fn from(reached: Reached) -> Self {
        Self { confirmed: reached.confirmed, possible: reached.possible }
    }
}

#[derive(Serialize)]
pub(super) struct LinkRow<'a> {
    from: &'a str,
    to: &'a str,
    relation: &'static str,
    evidence: &'static str,
    source: Option<SourceRow<'a>>,
}

impl<'a> LinkRow<'a> {
    /// A link as it stands in the graph, with its best place.
    pub(super) fn new(graph: &'a Graph, id: LinkId) -> Self {
        let link = graph.link(id);
        Self::at(graph, id, link.evidence, graph.sources(id).next())
    }

    /// A link as it counts on a path.
    pub(super) fn step(graph: &'a Graph, step: &Step) -> Self {
        let row = Self::at(graph, step.link, step.evidence, step.source);
        let written = step.mention.map(|mention| graph.text(graph.statements().get(mention).name).as_key());
        Self { from: written.unwrap_or(row.from), ..row }
    }

    fn at(graph: &'a Graph, id: LinkId, evidence: Evidence, source: Option<Source>) -> Self {
        let link = graph.link(id);
        Self {
            from: graph.id(link.upstream).as_key(),
            to: graph.id(link.downstream).as_key(),
            relation: link.relation.word(),
            evidence: evidence.mark(),
            source: source.map(|source| SourceRow::new(graph, source)),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SourceRow<'a> {
    pub file: &'a str,
    pub line: u32,
}

impl<'a> SourceRow<'a> {
    pub(super) fn new(graph: &'a Graph, source: Source) -> Self {
        Self::at(graph, source.document, source.line)
    }

    pub(super) fn at(graph: &'a Graph, document: DocumentId, line: u32) -> Self {
        Self { file: graph.file(document).as_key(), line }
    }
}

/// The place of the first thing that was not read.
pub(super) fn unread(graph: &Graph) -> Option<SourceRow<'_>> {
    let finding = graph.findings().iter().find(|finding| finding.is_unread())?;
    Some(SourceRow { file: &finding.file, line: finding.place.map_or(1, |place| place.line) })
}

/// A place that may be known in part only.
#[derive(Serialize)]
pub(super) struct PlaceRow<'a> {
    file: &'a str,
    line: Option<u32>,
    column: Option<u32>,
}

impl<'a> PlaceRow<'a> {
    fn new(finding: &'a Finding) -> Self {
        let known = |n: u32| (n > 0).then_some(n);
        Self {
            file: &finding.file,
            line: finding.place.and_then(|place| known(place.line)),
            column: finding.place.and_then(|place| known(place.column)),
        }
    }
}

/// Something that was not read, as every answer names it.
#[derive(Serialize)]
pub(super) struct ProblemRow<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    code: &'static str,
    message: &'a str,
}

impl<'a> ProblemRow<'a> {
    pub(super) fn new(finding: &'a Finding) -> Self {
        Self { place: PlaceRow::new(finding), code: finding.code.number(), message: &finding.message }
    }
}

/// What was not read, in the order of the graph's findings.
pub(super) fn problems(graph: &Graph) -> impl Iterator<Item = ProblemRow<'_>> {
    let unread = graph.findings().iter().filter(|finding| finding.is_unread()).take(PROBLEMS);
    unread.map(ProblemRow::new)
}

#[derive(Serialize)]
pub(super) struct FindingRow<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    help: &'a str,
    component: Option<&'a str>,
    source: PlaceRow<'a>,
}

impl<'a> FindingRow<'a> {
    pub(super) fn new(finding: &'a Finding) -> Self {
        Self {
            code: finding.code.number(),
            severity: finding.severity().word(),
            message: &finding.message,
            help: &finding.help,
            component: finding.component.as_deref(),
            source: PlaceRow::new(finding),
        }
    }
}

/// Components in the order of their ids.
pub(super) fn by_id(graph: &Graph, mut components: Vec<ComponentId>) -> Vec<ComponentId> {
    components.sort_by_key(|id| graph.id(*id).as_key());
    components
}
