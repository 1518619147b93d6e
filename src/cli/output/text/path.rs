//! `path`: one proof after the other.

use crate::cli::output::text::chain;
use crate::cli::output::text::paint::Paint;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query::path::Paths;
use crate::text;
use std::io;
use std::io::Write;

/// Writes the paths between two components, best first.
pub(in crate::cli) fn paths(
    out: &mut dyn Write,
    graph: &Graph,
    (from, to): (ComponentId, ComponentId),
    paths: &Paths,
    paint: Paint,
) -> io::Result<()> {
    let ends = format!("from {} to {}", graph.id(from).show(), graph.id(to).show());
    if paths.paths.is_empty() {
        return writeln!(out, "no path {ends}");
    }
    let more = if paths.more { "+" } else { "" };
    writeln!(out, "{}{more} {ends}", text::count(paths.total, "path"))?;
    for (row, path) in paths.paths.iter().enumerate() {
        let weak = path.iter().filter(|step| step.evidence.is_weak()).count();
        let title = format!("path {} of {}{more}: {}, {weak} weak", row + 1, paths.total, text::count(path.len(), "link"));
        writeln!(out, "\n{}", paint.bold(&title))?;
        chain::chain(out, graph, paint, path, 2)?;
    }
    Ok(())
}
