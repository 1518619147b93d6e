//! `list` and `list --documents`.

use crate::cli::output::json::rows::ComponentRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::by_id;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::DocumentInfo;
use crate::graph::Graph;
use crate::model::kind::Kind;
use crate::query::deploys::Deploys;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Components<C, P> {
    schema: &'static str,
    components: C,
    problems: P,
}

/// Writes the components, of one kind or all.
pub(in crate::cli) fn components(out: &mut dyn Write, graph: &Graph, deploys: &Deploys, kind: Option<Kind>) -> io::Result<()> {
    let listed = by_id(graph, kind.map_or_else(|| graph.ids().collect(), |kind| graph.of_kind(kind).collect()));
    let answer = Components {
        schema: "downriver/list/1",
        components: Each(|| listed.iter().map(|id| ComponentRow::new(graph, deploys, *id))),
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}

#[derive(Serialize)]
struct Documents<D, P> {
    schema: &'static str,
    documents: D,
    problems: P,
}

#[derive(Serialize)]
struct DocumentRow<'a> {
    file: &'a str,
    member: u32,
    format: &'static str,
    format_version: &'a str,
    components: usize,
    links: usize,
    models: usize,
    datasets: usize,
    ancestors: usize,
    /// Signatures are not read yet, so none is known.
    signed_by: Option<&'a str>,
}

impl<'a> DocumentRow<'a> {
    fn new(graph: &'a Graph, document: &'a DocumentInfo) -> Self {
        Self {
            file: graph.text(document.file).as_key(),
            member: document.member,
            format: document.format.word(),
            format_version: graph.text(document.format_version).as_key(),
            components: document.counts.components,
            links: document.counts.links,
            models: document.counts.models,
            datasets: document.counts.datasets,
            ancestors: document.counts.ancestors,
            signed_by: None,
        }
    }
}

/// Writes the documents, by file and member.
pub(in crate::cli) fn documents(out: &mut dyn Write, graph: &Graph) -> io::Result<()> {
    let mut listed: Vec<DocumentInfo> = graph.documents().iter().collect();
    listed.sort_by_key(|document| (graph.text(document.file).as_key(), document.member));
    let answer = Documents {
        schema: "downriver/documents/1",
        documents: Each(|| listed.iter().map(|document| DocumentRow::new(graph, document))),
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}
