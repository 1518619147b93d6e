//! Lineages that cannot be right or cannot be followed: cycles, bases by name only, bases without a document.

use crate::graph::Graph;
use crate::graph::doubts::finding;
use crate::graph::doubts::first_place;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use rustc_hash::FxHashSet;

pub(super) fn find(graph: &Graph) -> Vec<Finding> {
    let mut findings = cycles(graph);
    for id in graph.of_kind(Kind::Model) {
        let bases = || graph.down(id).filter(|link| graph.link(*link).relation == Relation::Base);
        findings.extend(bases().filter_map(|link| by_name_only(graph, link)));
        let component = graph.component(id);
        let first = bases().flat_map(|link| graph.sources(link)).min_by_key(|s| (s.document, s.line));
        if !component.documented && !graph.is_root(id) && first.is_some() {
            let n = bases().count();
            let message = format!("{} has no document of its own; base of {n} here", graph.id(id).show());
            let help = "get its SBOM from its publisher, or declare it in `roots:` if it was trained from scratch";
            findings.push(finding(graph, Code::BaseWithoutDocument, id, first, message, help));
        }
    }
    findings
}

fn by_name_only(graph: &Graph, link: LinkId) -> Option<Finding> {
    let ends = graph.link(link);
    let source = graph.sources(link).next().filter(|_| ends.evidence == Evidence::Name)?;
    let name = source.statement.map_or(graph.component(ends.upstream).name, |s| graph.statements().get(s).name);
    let message = format!("base `{}` is given by name only", graph.text(name).show());
    Some(finding(graph, Code::NameOnlyBase, ends.downstream, Some(source), message, "give its digest, or name and version"))
}

/// Components upstream of themselves, one finding a knot. petgraph's view leaves `maybe-same` out, which runs both ways.
fn cycles(graph: &Graph) -> Vec<Finding> {
    let knots = petgraph::algo::kosaraju_scc(graph);
    let knots = knots.into_iter().filter(|knot| knot.len() > 1);
    knots
        .map(|mut knot| {
            knot.sort_unstable();
            let names: Vec<String> = knot.iter().take(4).map(|id| graph.id(*id).show().into_string()).collect();
            let more = if knot.len() > 4 { format!(" and {} more", knot.len() - 4) } else { String::new() };
            let message = format!("upstream of one another: {}{more}", names.join(", "));
            let inside: FxHashSet<ComponentId> = knot.iter().copied().collect();
            let links = knot.iter().flat_map(|id| graph.down(*id)).filter(|link| inside.contains(&graph.link(*link).downstream));
            let at = links.flat_map(|link| graph.sources(link)).min_by_key(|s| (s.document, s.line));
            let about = knot[0];
            finding(
                graph,
                Code::Cycle,
                about,
                at.or_else(|| first_place(graph, about)),
                message,
                "one of these links is wrong: remove it",
            )
        })
        .collect()
}
