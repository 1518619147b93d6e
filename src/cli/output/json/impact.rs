//! `impact`: the contract that scripts rely on.

use crate::cli::advise::Advised;
use crate::cli::output::json::advisories;
use crate::cli::output::json::advisories::InventoryRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::LinkRow;
use crate::cli::output::json::rows::ProblemRow;
use crate::cli::output::json::rows::SourceRow;
use crate::cli::output::json::rows::by_id;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::rows::unread;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::state::State;
use crate::query::holes::Hole;
use crate::query::holes::Missing;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::impact::StateCounts;
use crate::query::select::RuledOut;
use crate::query::select::Start;
use crate::query::select::StartAt;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<'a, D, M, P, A> {
    schema: &'static str,
    hazard: &'static str,
    matched: Vec<Matched<'a>>,
    ruled_out: Vec<RuledOutRow<'a>>,
    deployments: D,
    models: M,
    counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    advisories: Option<A>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inventories: Option<Vec<InventoryRow<'a>>>,
    problems: P,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Matched<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    version: Option<&'a str>,
    digests: Vec<String>,
    #[serde(rename = "match")]
    matched: &'static str,
    hazard: &'static str,
    /// The selector names what a reference states, not the component that it joined.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    mention: bool,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct RuledOutRow<'a> {
    id: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct DeploymentRow<'a> {
    id: &'a str,
    model: Option<&'a str>,
    environment: Option<&'a str>,
    owner: Option<&'a str>,
    state: &'static str,
    path: Vec<LinkRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holes: Option<Vec<HoleRow<'a>>>,
}

#[derive(Serialize)]
struct ModelRow<'a> {
    id: &'a str,
    state: &'static str,
    depth: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holes: Option<Vec<HoleRow<'a>>>,
}

#[derive(Serialize)]
struct HoleRow<'a> {
    id: &'a str,
    missing: &'static str,
    source: Option<SourceRow<'a>>,
}

#[derive(Serialize)]
struct Counts {
    deployments: CountsRow,
    models: CountsRow,
}

#[derive(Serialize)]
struct CountsRow {
    affected: usize,
    possible: usize,
    unknown: usize,
    clear: usize,
    contained: usize,
}

impl From<StateCounts> for CountsRow {
    fn from(counts: StateCounts) -> Self {
        let StateCounts { affected, possible, unknown, contained, clear } = counts;
        Self { affected, possible, unknown, clear, contained }
    }
}

/// Writes the answer. `all` lists UNKNOWN and CLEAR too; `counts` are always of all.
pub(in crate::cli) fn impact(
    out: &mut dyn Write,
    graph: &Graph,
    marks: &[Mark],
    impact: &Impact,
    all: bool,
    advised: Option<&Advised>,
) -> io::Result<()> {
    let listed = |kind| {
        let shown = |id: &ComponentId| all || impact.state(*id).is_reached();
        let ids = graph.of_kind(kind).filter(|id| kind == Kind::Deployment || !impact.is_marked(*id)).filter(shown);
        by_id(graph, ids.collect())
    };
    let (deployments, models) = (listed(Kind::Deployment), listed(Kind::Model));
    let answer = Answer {
        schema: "downriver/impact/1",
        hazard: hazard(marks),
        matched: matched(graph, marks),
        ruled_out: ruled_out(graph, impact.ruled_out()),
        deployments: Each(|| deployments.iter().map(|id| DeploymentRow::new(graph, impact, *id))),
        models: Each(|| models.iter().map(|id| ModelRow::new(graph, impact, *id))),
        counts: Counts {
            deployments: impact.counts(graph, Kind::Deployment).into(),
            models: impact.counts(graph, Kind::Model).into(),
        },
        advisories: advised.map(|advised| Each(move || advisories::rows(graph, advised))),
        inventories: advised
            .map(|advised| advised.inventories.iter().map(|(file, taken)| InventoryRow::new(file, taken.as_deref())).collect()),
        problems: Each(|| {
            problems(graph).chain(advised.into_iter().flat_map(|advised| advised.told.unread()).map(ProblemRow::new))
        }),
    };
    write(out, &answer)
}

/// The one hazard of all marks, or `mixed`.
fn hazard(marks: &[Mark]) -> &'static str {
    let mut words = marks.iter().map(|mark| mark.hazard.word());
    let first = words.next().unwrap_or("poisoned");
    if words.all(|word| word == first) { first } else { "mixed" }
}

fn matched<'a>(graph: &'a Graph, marks: &[Mark]) -> Vec<Matched<'a>> {
    let row = |start: &Start, hazard| Matched::new(graph, start, hazard);
    let mut rows: Vec<_> =
        marks.iter().flat_map(|mark| mark.selection.starts.iter().map(|s| row(s, mark.hazard.word()))).collect();
    rows.sort();
    rows.dedup();
    rows
}

fn ruled_out<'a>(graph: &'a Graph, ruled_out: &'a [RuledOut]) -> Vec<RuledOutRow<'a>> {
    let mut rows: Vec<_> =
        ruled_out.iter().map(|out| RuledOutRow { id: graph.id(out.component).as_key(), reason: &out.reason }).collect();
    rows.sort();
    rows
}

impl<'a> Matched<'a> {
    fn new(graph: &'a Graph, start: &Start, hazard: &'static str) -> Self {
        let text = |id| graph.text(id).as_key();
        let matched = start.matched.word();
        match start.at {
            StartAt::Component(id) => {
                let component = graph.component(id);
                Self {
                    id: graph.id(id).as_key(),
                    kind: component.kind.word(),
                    name: text(component.name),
                    version: component.version.map(text),
                    digests: graph.digests(id).iter().map(ToString::to_string).collect(),
                    matched,
                    hazard,
                    mention: false,
                }
            }
            StartAt::Mention(id) => {
                let statement = graph.statements().get(id);
                let digests = statement.digests.iter().map(|digest| graph.statements().digest_of(*digest).to_string());
                // The component that the mention joined, or would have: what it is printed as.
                let joined = graph.meaning(id).0.first().map(|target| graph.id(target.component()).as_key());
                Self {
                    id: joined.unwrap_or_else(|| text(statement.name)),
                    kind: statement.kind.word(),
                    name: text(statement.name),
                    version: statement.version.map(text),
                    digests: digests.collect(),
                    matched,
                    hazard,
                    mention: true,
                }
            }
        }
    }
}

impl<'a> DeploymentRow<'a> {
    fn new(graph: &'a Graph, impact: &Impact, id: ComponentId) -> Self {
        let text = |id| graph.text(id).as_key();
        let info = graph.deployment(id);
        let runs = graph.up(id).map(|link| graph.link(link)).find(|link| link.relation == Relation::Deployed);
        Self {
            id: graph.id(id).as_key(),
            model: runs.map(|link| graph.id(link.upstream).as_key()),
            environment: info.and_then(|info| info.environment).map(text),
            owner: info.and_then(|info| info.owner).map(text),
            state: impact.state(id).word(),
            path: impact.path(graph, id).iter().map(|step| LinkRow::step(graph, step)).collect(),
            holes: holes(graph, impact, id),
        }
    }
}

impl<'a> ModelRow<'a> {
    fn new(graph: &'a Graph, impact: &Impact, id: ComponentId) -> Self {
        let state = impact.state(id);
        Self {
            id: graph.id(id).as_key(),
            state: state.word(),
            depth: state.is_reached().then(|| impact.depth(graph, id)),
            holes: holes(graph, impact, id),
        }
    }
}

/// What hides the answer about an UNKNOWN; `None` for every other state.
fn holes<'a>(graph: &'a Graph, impact: &Impact, id: ComponentId) -> Option<Vec<HoleRow<'a>>> {
    let row = |hole: Hole| HoleRow {
        id: graph.id(hole.component).as_key(),
        missing: hole.missing.word(),
        source: match hole.missing {
            Missing::File => unread(graph),
            Missing::Document | Missing::Base | Missing::TrainingData | Missing::Dependencies | Missing::BuiltWith => {
                hole.source.map(|source| SourceRow::new(graph, source))
            }
        },
    };
    (impact.state(id) == State::Unknown).then(|| impact.holes(graph, id).into_iter().map(row).collect())
}
