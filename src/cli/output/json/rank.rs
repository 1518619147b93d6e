//! `rank`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::ReachedRow;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::query::rank::Ranked;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<C, P> {
    schema: &'static str,
    components: C,
    problems: P,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    kind: &'static str,
    deployments: ReachedRow,
    models: ReachedRow,
}

/// Writes the components, most deployments first.
pub(in crate::cli) fn rank(out: &mut dyn Write, graph: &Graph, rows: &[Ranked]) -> io::Result<()> {
    let row = |ranked: &Ranked| Row {
        id: graph.id(ranked.component).as_key(),
        kind: graph.kind(ranked.component).word(),
        deployments: ranked.deployments.into(),
        models: ranked.models.into(),
    };
    let answer =
        Answer { schema: "downriver/rank/1", components: Each(|| rows.iter().map(row)), problems: Each(|| problems(graph)) };
    write(out, &answer)
}
