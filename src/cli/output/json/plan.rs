//! `plan`.

use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query::plan::Plan;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<'a, P> {
    schema: &'static str,
    cut: Vec<Cut<'a>>,
    /// AFFECTED deployments that the cut clears, all together.
    cleared: usize,
    beyond: Vec<&'a str>,
    waves: Vec<Vec<Rebuild<'a>>>,
    rollback: Vec<Rollback<'a>>,
    upgrades: Vec<Upgrade<'a>>,
    problems: P,
}

#[derive(Serialize)]
struct Cut<'a> {
    id: &'a str,
    clears: usize,
}

#[derive(Serialize)]
struct Rebuild<'a> {
    id: &'a str,
    method: Option<&'a str>,
    hours: Option<f64>,
}

#[derive(Serialize)]
struct Rollback<'a> {
    deployment: &'a str,
    to: Option<&'a str>,
    candidates: Vec<Candidate<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    none_because: &'a str,
}

#[derive(Serialize)]
struct Candidate<'a> {
    id: &'a str,
    state: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct Upgrade<'a> {
    package: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
    places: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
}

/// Writes a plan.
pub(in crate::cli) fn plan(out: &mut dyn Write, graph: &Graph, plan: &Plan) -> io::Result<()> {
    let id = |id: &ComponentId| graph.id(*id).as_key();
    let answer = Answer {
        schema: "downriver/plan/1",
        cut: plan.cut.models.iter().map(|(model, clears)| Cut { id: id(model), clears: *clears }).collect(),
        cleared: plan.cut.clears,
        beyond: plan.cut.beyond.iter().map(id).collect(),
        waves: plan.waves.waves.iter().map(|wave| wave.iter().map(|model| rebuild(graph, model)).collect()).collect(),
        rollback: plan.rollbacks.iter().map(|rollback| rolled(graph, rollback)).collect(),
        upgrades: plan.upgrades.iter().map(|upgrade| upgraded(graph, upgrade)).collect(),
        problems: problems(graph).collect::<Vec<_>>(),
    };
    write(out, &answer)
}

fn rebuild<'a>(graph: &'a Graph, model: &'a crate::query::plan::Rebuild) -> Rebuild<'a> {
    Rebuild { id: graph.id(model.id).as_key(), method: model.method.as_deref(), hours: model.hours }
}

fn rolled<'a>(graph: &'a Graph, rollback: &'a crate::query::plan::Rollback) -> Rollback<'a> {
    let candidate = |candidate: &'a crate::query::plan::Candidate| Candidate {
        id: graph.id(candidate.id).as_key(),
        state: candidate.state.to_string(),
        reason: &candidate.reason,
    };
    Rollback {
        deployment: graph.id(rollback.deployment).as_key(),
        to: rollback.to.map(|id| graph.id(id).as_key()),
        candidates: rollback.candidates.iter().map(candidate).collect(),
        none_because: &rollback.none_because,
    }
}

fn upgraded<'a>(graph: &'a Graph, upgrade: &'a crate::query::plan::Upgrade) -> Upgrade<'a> {
    let place = |source: &crate::graph::Source| Place { file: graph.file(source.document).as_key(), line: source.line };
    Upgrade {
        package: graph.id(upgrade.package).as_key(),
        from: graph.component(upgrade.package).version.map(|version| graph.text(version).as_key()),
        to: upgrade.to.as_deref(),
        places: upgrade.places.iter().map(place).collect(),
    }
}
