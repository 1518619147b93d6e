//! `path`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::LinkRow;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::query::path::Paths;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<'a, P> {
    schema: &'static str,
    paths: Vec<Vec<LinkRow<'a>>>,
    total: usize,
    more: bool,
    problems: P,
}

/// Writes the paths, best first.
pub(in crate::cli) fn paths(out: &mut dyn Write, graph: &Graph, paths: &Paths) -> io::Result<()> {
    let rows = paths.paths.iter().map(|path| path.iter().map(|step| LinkRow::step(graph, step)).collect());
    let answer = Answer {
        schema: "downriver/path/1",
        paths: rows.collect(),
        total: paths.total,
        more: paths.more,
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}
