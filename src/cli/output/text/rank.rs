//! `rank`: one aligned line a component, its id last and whole.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::reached;
use crate::graph::Graph;
use crate::query::rank::Ranked;
use std::io;
use std::io::Write;

/// Writes the components, most deployments first.
pub(in crate::cli) fn rank(out: &mut dyn Write, graph: &Graph, rows: &[Ranked], paint: Paint) -> io::Result<()> {
    writeln!(out, "{}", paint.bold("KIND        DEPLOYMENTS        MODELS   ID"))?;
    for Ranked { component, deployments, models } in rows {
        let (kind, id) = (graph.kind(*component), graph.id(*component).show());
        writeln!(out, "{kind:<11}{} {}  {id}", reached(*deployments), reached(*models))?;
    }
    Ok(())
}
