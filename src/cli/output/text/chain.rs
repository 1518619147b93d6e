//! A path as proof: where it begins, then each link with its relation, grade, other end and place.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::cli::output::text::place;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Evidence;
use crate::query::impact::Step;
use std::io;
use std::io::Write;

/// Writes the links of a path, `indent` blanks in. A path without links writes nothing.
pub(super) fn chain(out: &mut dyn Write, graph: &Graph, paint: Paint, path: &[Step], indent: usize) -> io::Result<()> {
    let blanks = " ".repeat(indent);
    let Some(first) = path.first() else { return Ok(()) };
    match first.mention {
        None => writeln!(out, "{blanks}{}", graph.id(graph.link(first.link).upstream).show())?,
        Some(mention) => {
            let written = graph.text(graph.statements().get(mention).name).show();
            writeln!(out, "{blanks}{written}, as a document writes it")?;
        }
    }
    for step in path {
        let link = graph.link(step.link);
        let left = format!("{blanks}{} {} -> {}", step.evidence, link.relation.word(), graph.id(link.downstream).show());
        pair(out, paint, &left, &step.source.map_or_else(String::new, |source| place(graph, source)))?;
    }
    Ok(())
}

/// What would settle the weak links of a path, a sentence each; where no link is weak, it is the marked end that is unsure.
pub(super) fn settle(graph: &Graph, path: &[Step], end: ComponentId) -> Vec<String> {
    let weak: Vec<String> = path.iter().filter(|step| step.evidence.is_weak()).map(|step| settle_link(graph, step)).collect();
    if !weak.is_empty() {
        return weak;
    }
    let start = path.first().map_or(end, |step| graph.link(step.link).upstream);
    vec![format!("a digest or version of {}: it is not sure that it is the one meant", graph.id(start).show())]
}

fn settle_link(graph: &Graph, step: &Step) -> String {
    let link = graph.link(step.link);
    let at = step.source.map_or_else(String::new, |source| format!(" in {}", place(graph, source)));
    match step.evidence {
        Evidence::Clash => format!("which file is really used; the digest{at} is not that of {}", graph.id(link.upstream).show()),
        Evidence::Digest | Evidence::Exact | Evidence::Name => format!("a digest{at}, which gives a name only"),
    }
}
