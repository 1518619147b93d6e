//! `search`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::query::search::Hit;
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
}

/// Writes what was found, best first; `positions` are those of the matched characters in what lists show.
pub(in crate::cli) fn search(out: &mut dyn Write, graph: &Graph, hits: &[Hit]) -> io::Result<()> {
    let row = |hit: &'_ Hit| HitRow {
        id: graph.id(hit.component).as_key(),
        kind: graph.component(hit.component).kind.word(),
        score: hit.score,
        positions: &hit.positions,
    };
    let answer = Hits { schema: "downriver/search/1", hits: Each(|| hits.iter().map(row)), problems: Each(|| problems(graph)) };
    write(out, &answer)
}
