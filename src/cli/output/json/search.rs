//! `search`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::query::search::Hit;
use crate::query::search::HitBy;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Hits<H, P> {
    schema: &'static str,
    hits: H,
    problems: P,
}

#[derive(Serialize)]
struct HitRow<'a> {
    id: &'a str,
    kind: &'static str,
    score: i64,
    positions: &'a [usize],
    /// What was met: `label`, `identifier`, `alias` or `file`.
    by: &'static str,
    /// The text that the positions are in.
    text: &'a str,
}

impl<'a> HitRow<'a> {
    fn new(graph: &'a Graph, hit: &'a Hit) -> Self {
        let (by, text) = match hit.by {
            HitBy::Label => ("label", graph.label(hit.component)),
            HitBy::Identifier => ("identifier", graph.id(hit.component)),
            HitBy::Alias(name) => ("alias", graph.text(name)),
            HitBy::File(document) => ("file", graph.file(document)),
        };
        Self {
            id: graph.id(hit.component).as_key(),
            kind: graph.kind(hit.component).word(),
            score: hit.score,
            positions: &hit.positions,
            by,
            text: text.as_key(),
        }
    }
}

/// Writes what was found, best first.
pub(in crate::cli) fn search(out: &mut dyn Write, graph: &Graph, hits: &[Hit]) -> io::Result<()> {
    let rows = Each(|| hits.iter().map(|hit| HitRow::new(graph, hit)));
    write(out, &Hits { schema: "downriver/search/1", hits: rows, problems: Each(|| problems(graph)) })
}
