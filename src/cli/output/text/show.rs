//! `show`: all that is known of one component.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::cli::output::text::place;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::graph::links::LinkIds;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::query::deploys::Deploys;
use crate::query::facts::Facts;
use crate::text;
use crate::text::TextId;
use crate::text::Untrusted;
use std::io;
use std::io::Write;

/// At most this many links of one direction are written; `lineage` has all.
const LINKS: usize = 40;

/// Writes the facts of a component.
pub(in crate::cli) fn show(
    out: &mut dyn Write,
    graph: &Graph,
    deploys: &Deploys,
    id: ComponentId,
    facts: &Facts,
    paint: Paint,
) -> io::Result<()> {
    let shown = |id: TextId| graph.text(id).show().into_string();
    let component = graph.component(id);
    writeln!(out, "{}  {}", paint.bold(&shown(component.label)), component.kind)?;
    let mut fact = |name: &str, value: &str| writeln!(out, "  {name:<11} {value}");
    fact("id", graph.id(id).show().as_str())?;
    for (name, value) in [("version", component.version), ("purl", graph.purl(id)), ("owner", component.owner)] {
        value.map_or(Ok(()), |value| fact(name, &shown(value)))?;
    }
    for digest in graph.digests(id) {
        fact("digest", &digest.to_string())?;
    }
    for (name, evidence) in graph.aliases(id) {
        fact("also as", &format!("{}  {evidence} {}", shown(name), because(evidence)))?;
    }
    if let Some(info) = graph.deployment(id) {
        let of = [("service", info.service), ("environment", info.environment), ("criticality", info.criticality)];
        for (name, value) in of {
            value.map_or(Ok(()), |value| fact(name, &shown(value)))?;
        }
    }
    documents(graph, id, &mut fact)?;
    if component.kind != Kind::Deployment {
        let reached = deploys.of(id);
        let possible = if reached.possible > 0 { format!(", {} possible", reached.possible) } else { String::new() };
        let hazard = Hazard::default_for(component.kind);
        fact("reaches", &format!("{} confirmed{possible}, if {hazard}", text::count(reached.confirmed as usize, "deployment")))?;
    }
    findings(out, graph, id, paint)?;
    links(out, graph, "UP: made of", graph.up(id), |link| graph.link(link).upstream, paint)?;
    links(out, graph, "DOWN: made with it", graph.down(id), |link| graph.link(link).downstream, paint)?;
    fields(out, graph, facts, paint)
}

/// Where the component's own document is, and how many files name it.
fn documents(graph: &Graph, id: ComponentId, fact: &mut dyn FnMut(&str, &str) -> io::Result<()>) -> io::Result<()> {
    for source in graph.declared_in(id) {
        fact("document", &place(graph, source))?;
    }
    let named = text::count(graph.documents_of(id).len(), "document");
    if graph.is_listed(id) { fact("named in", &named) } else { fact("document", &format!("none; named in {named}")) }
}

/// What a grade says of two names.
fn because(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Digest => "same digest",
        Evidence::Exact => "same identifier, or name and version",
        Evidence::Name => "same name only",
        Evidence::Clash => "same name, another digest",
    }
}

fn findings(out: &mut dyn Write, graph: &Graph, id: ComponentId, paint: Paint) -> io::Result<()> {
    let findings: Vec<_> = graph.findings_of(id).collect();
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{} {}", paint.bold("FINDINGS"), findings.len())?;
    for finding in findings {
        let address = finding.address();
        let severity = paint.severity(finding.severity(), finding.severity().word());
        writeln!(out, "  {} {severity}  {}", finding.code, paint.dim(Untrusted::new(&address).show().as_str()))?;
        writeln!(out, "    {}", finding.message)?;
    }
    Ok(())
}

fn links(
    out: &mut dyn Write,
    graph: &Graph,
    title: &str,
    links: LinkIds<'_>,
    end: impl Fn(LinkId) -> ComponentId,
    paint: Paint,
) -> io::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let n = links.len();
    writeln!(out, "\n{} {}", paint.bold(title), text::thousands(n))?;
    for id in links.take(LINKS) {
        let link = graph.link(id);
        let left = format!("  {} {:<12} {}", link.evidence, link.relation.word(), graph.id(end(id)).show());
        pair(out, paint, &left, &graph.sources(id).next().map_or_else(String::new, |source| place(graph, source)))?;
    }
    if n > LINKS {
        writeln!(out, "  {} more: `downriver lineage` has all", text::thousands(n - LINKS))?;
    }
    Ok(())
}

fn fields(out: &mut dyn Write, graph: &Graph, facts: &Facts, paint: Paint) -> io::Result<()> {
    if facts.all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{} {}", paint.bold("FIELDS"), facts.all.len())?;
    for fact in &facts.all {
        let source = format!("{}:{}", graph.file(fact.document).show(), fact.line);
        let (key, value) = (Untrusted::new(&fact.key), Untrusted::new(&fact.value));
        pair(out, paint, &format!("  {}: {}", key.show(), value.show()), &source)?;
    }
    if facts.more {
        writeln!(out, "  more documents mention it: their fields are not shown")?;
    }
    Ok(())
}
