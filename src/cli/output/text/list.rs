//! `list`, `list --documents` and `search`: one aligned line a row, its id or file last and whole.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::reached;
use crate::graph::DocumentInfo;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::query::deploys::Deploys;
use crate::query::search::Hit;
use crate::query::search::HitBy;
use std::io;
use std::io::Write;

/// Writes the components, by kind, most deployments first.
pub(in crate::cli) fn components(
    out: &mut dyn Write,
    graph: &Graph,
    deploys: &Deploys,
    kind: Option<Kind>,
    paint: Paint,
) -> io::Result<()> {
    heading(out, paint)?;
    for kind in Kind::ALL.into_iter().filter(|own| kind.is_none_or(|kind| kind == *own)) {
        for id in deploys.order(graph, kind) {
            row(out, graph, deploys, id, "")?;
        }
    }
    Ok(())
}

/// Writes what was found, best first, and by what where that is not the name.
pub(in crate::cli) fn hits(out: &mut dyn Write, graph: &Graph, deploys: &Deploys, hits: &[Hit], paint: Paint) -> io::Result<()> {
    if hits.is_empty() {
        return Ok(());
    }
    heading(out, paint)?;
    for hit in hits {
        let by = match hit.by {
            HitBy::Label => String::new(),
            HitBy::Identifier => "  (an identifier of it)".to_owned(),
            HitBy::Alias(name) => format!("  (also called {})", graph.text(name).show()),
            HitBy::File(document) => format!("  (in {})", graph.file(document).show()),
        };
        row(out, graph, deploys, hit.component, &by)?;
    }
    Ok(())
}

fn heading(out: &mut dyn Write, paint: Paint) -> io::Result<()> {
    writeln!(out, "{}", paint.bold("KIND        DEPLOYMENTS   ID"))
}

fn row(out: &mut dyn Write, graph: &Graph, deploys: &Deploys, id: ComponentId, note: &str) -> io::Result<()> {
    writeln!(out, "{:<11}{}  {}{note}", graph.kind(id), reached(deploys.of(id)), graph.id(id).show())
}

/// Writes the documents with what each says, before anything is joined.
pub(in crate::cli) fn documents(out: &mut dyn Write, graph: &Graph, paint: Paint) -> io::Result<()> {
    writeln!(out, "{}", paint.bold("FORMAT          VERSION     COMPONENTS  LINKS  MODELS  FILE"))?;
    for document in graph.documents().iter() {
        let DocumentInfo { format, format_version, counts, .. } = document;
        let member = if document.member > 0 { format!(" (member {})", document.member) } else { String::new() };
        let (file, format_version) = (graph.text(document.file).show(), graph.text(format_version).show());
        writeln!(
            out,
            "{format:<15} {format_version:<10} {:>11} {:>6} {:>7}  {file}{member}",
            counts.components, counts.links, counts.models
        )?;
    }
    Ok(())
}
