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
    lines(graph, path).iter().try_for_each(|(left, place)| pair(out, paint, &format!("{blanks}{left}"), place))
}

/// Where a path begins, then its links; each with its place, where it has one.
pub(in crate::cli::output) fn lines(graph: &Graph, path: &[Step]) -> Vec<(String, String)> {
    let Some(first) = path.first() else { return Vec::new() };
    let start = match first.mention {
        None => graph.id(graph.link(first.link).upstream).show().into_string(),
        Some(mention) => {
            let written = graph.text(graph.statements().get(mention).name).show();
            format!("{written}, as a document writes it")
        }
    };
    let link = |step: &Step| {
        let link = graph.link(step.link);
        let said = format!("{} {} -> {}", step.evidence, link.relation.word(), graph.id(link.downstream).show());
        (said, step.source.map_or_else(String::new, |source| place(graph, source)))
    };
    std::iter::once((start, String::new())).chain(path.iter().map(link)).collect()
}

/// What would settle the weak links of a path, a sentence each; where no link is weak, it is the marked end that is unsure.
pub(in crate::cli::output) fn settle(graph: &Graph, path: &[Step], end: ComponentId) -> Vec<String> {
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
