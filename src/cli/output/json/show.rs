//! `show`.

use crate::cli::output::json::rows::ComponentRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::FindingRow;
use crate::cli::output::json::rows::LinkRow;
use crate::cli::output::json::rows::SourceRow;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query;
use crate::query::deploys::Deploys;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Show<'a, P> {
    schema: &'static str,
    component: Facts<'a>,
    problems: P,
}

#[derive(Serialize)]
struct Facts<'a> {
    #[serde(flatten)]
    row: ComponentRow<'a>,
    owner: Option<&'a str>,
    documented: bool,
    root: bool,
    aliases: Vec<Alias<'a>>,
    declared: Vec<SourceRow<'a>>,
    deployment: Option<DeploymentRow<'a>>,
    fields: Vec<FieldRow<'a>>,
    /// Further documents mention it; their fields are not here.
    fields_left_out: bool,
    links_up: Vec<LinkRow<'a>>,
    links_down: Vec<LinkRow<'a>>,
    findings: Vec<FindingRow<'a>>,
}

#[derive(Serialize)]
struct Alias<'a> {
    name: &'a str,
    evidence: &'static str,
}

#[derive(Serialize)]
struct DeploymentRow<'a> {
    service: Option<&'a str>,
    environment: Option<&'a str>,
    owner: Option<&'a str>,
    criticality: Option<&'a str>,
    inventory_only: bool,
}

#[derive(Serialize)]
struct FieldRow<'a> {
    key: &'a str,
    value: &'a str,
    source: SourceRow<'a>,
}

/// Writes all that is known of one component.
pub(in crate::cli) fn show(
    out: &mut dyn Write,
    graph: &Graph,
    deploys: &Deploys,
    id: ComponentId,
    stated: &query::facts::Facts,
) -> io::Result<()> {
    write(
        out,
        &Show { schema: "downriver/show/1", component: facts(graph, deploys, id, stated), problems: Each(|| problems(graph)) },
    )
}

fn facts<'a>(graph: &'a Graph, deploys: &Deploys, id: ComponentId, stated: &'a query::facts::Facts) -> Facts<'a> {
    let component = graph.component(id);
    let text = |id| graph.text(id).as_key();
    let fields = stated.all.iter().map(|fact| FieldRow {
        key: &fact.key,
        value: &fact.value,
        source: SourceRow::at(graph, fact.document, fact.line),
    });
    let deployment = graph.deployment(id).map(|deployment| DeploymentRow {
        service: deployment.service.map(text),
        environment: deployment.environment.map(text),
        owner: deployment.owner.map(text),
        criticality: deployment.criticality.map(text),
        inventory_only: deployment.inventory_only,
    });
    let aliases = graph.aliases(id).into_iter();
    Facts {
        row: ComponentRow::new(graph, deploys, id),
        owner: component.owner.map(text),
        documented: component.documented,
        root: graph.is_root(id),
        aliases: aliases.map(|(name, evidence)| Alias { name: text(name), evidence: evidence.mark() }).collect(),
        declared: graph.declared_in(id).map(|source| SourceRow::new(graph, source)).collect(),
        deployment,
        fields: fields.collect(),
        fields_left_out: stated.more,
        links_up: graph.up(id).map(|link| LinkRow::new(graph, link)).collect(),
        links_down: graph.down(id).map(|link| LinkRow::new(graph, link)).collect(),
        findings: graph.findings_of(id).map(FindingRow::new).collect(),
    }
}
