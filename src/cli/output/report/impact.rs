//! What a compromise reaches, as a part of a page: the facts of `impact`.

use crate::cli::output::report::Cell;
use crate::cli::output::report::Report;
use crate::cli::output::report::Text;
use crate::cli::output::report::one;
use crate::cli::output::report::own;
use crate::cli::output::text::chain;
use crate::cli::output::text::impact::missing;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::words::shown;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::select::StartAt;
use crate::text;

const DEPLOYMENTS: [&str; 6] = ["Deployment", "Owner", "Criticality", "Weakest link", "Path", "Open question"];

/// Adds the answer. `all` lists CLEAR ones too.
pub(in crate::cli) fn add(report: &mut Report, graph: &Graph, marks: &[Mark], impact: &Impact, all: bool) {
    for kind in [Kind::Deployment, Kind::Model] {
        report.blocks.push(crate::cli::output::report::Block::Sentence(own(counts(graph, impact, kind))));
    }
    report.heading(3, "Marked");
    report.table(&["Component", "Kind", "Hazard", "By", "Sure"], marked(graph, marks));
    let ranked = impact.ranked(graph);
    for state in State::ALL.into_iter().filter(|state| all || *state != State::Clear) {
        let ids: Vec<ComponentId> = ranked.iter().copied().filter(|id| impact.state(*id) == state).collect();
        if !ids.is_empty() {
            report.state(format!("{state} deployments: {}", text::thousands(ids.len())), Some(state));
            report.table(&DEPLOYMENTS, ids.into_iter().map(|id| deployment(graph, impact, id)).collect());
        }
    }
    let models = models(graph, impact, all);
    if !models.is_empty() {
        report.heading(3, format!("Models: {}", text::thousands(models.len())));
        report.table(&["Model", "State", "Links away"], models);
    }
    if !impact.ruled_out().is_empty() {
        report.heading(3, "Ruled out");
        let row = |id| graph.id(id).show().into_string();
        let rows = impact.ruled_out().iter().map(|out| vec![one(Some(row(out.component))), one(Some(shown(&out.reason)))]);
        report.table(&["Component", "Because"], rows.collect());
    }
    let unread: Vec<_> = graph.findings().iter().filter(|finding| finding.is_unread()).collect();
    if !unread.is_empty() || !graph.complete() {
        report.heading(3, "Not read, so that the answer may be incomplete");
        let row = |finding: &&crate::model::finding::Finding| {
            vec![one(Some(shown(&finding.address()))), one(Some(shown(&finding.message)))]
        };
        report.table(&["File", "Because"], unread.iter().map(row).collect());
    }
}

/// `31 deployments: 11 AFFECTED, 3 POSSIBLE, 2 UNKNOWN, 15 CLEAR`.
fn counts(graph: &Graph, impact: &Impact, kind: Kind) -> String {
    let counts = impact.counts(graph, kind);
    let shown = State::ALL.into_iter().filter(|state| *state == State::Affected || counts.of(*state) > 0);
    let parts: Vec<String> = shown.map(|state| format!("{} {state}", text::thousands(counts.of(state)))).collect();
    format!("{}: {}", text::count(counts.total(), kind.word()), parts.join(", "))
}

fn marked(graph: &Graph, marks: &[Mark]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for mark in marks {
        for start in &mark.selection.starts {
            let (kind, name, mention) = match start.at {
                StartAt::Component(id) => (graph.kind(id), graph.id(id).show(), ""),
                StartAt::Mention(id) => {
                    let statement = graph.statements().get(id);
                    (statement.kind, graph.text(statement.name).show(), ", as a reference states it")
                }
            };
            let sure = if start.sure { "yes" } else { "perhaps" };
            let by = format!("{}{mention}", start.matched.word());
            rows.push(vec![one(Some(name.into_string())), own(kind.word()), own(mark.hazard.word()), own(by), own(sure)]);
        }
    }
    rows
}

fn deployment(graph: &Graph, impact: &Impact, id: ComponentId) -> Vec<Cell> {
    let info = graph.deployment(id);
    let known = |text: Option<crate::text::TextId>| one(text.map(|id| graph.text(id).show().into_string()));
    let path = impact.path(graph, id);
    let weakest = path.iter().map(|step| step.evidence).max();
    let link = |(said, place): (String, String)| if place.is_empty() { said } else { format!("{said} ({place})") };
    let state = impact.state(id);
    let open = match state {
        State::Possible => chain::settle(graph, &path, id),
        State::Unknown => match impact.holes(graph, id) {
            holes if holes.is_empty() => vec!["not everything was read".to_owned()],
            holes => holes.iter().map(|hole| missing(graph, hole)).collect(),
        },
        State::Affected | State::Contained | State::Clear => Vec::new(),
    };
    vec![
        one(Some(graph.label(id).show().into_string())),
        known(info.and_then(|info| info.owner)),
        known(info.and_then(|info| info.criticality)),
        weakest.map_or_else(Vec::new, |evidence| own(evidence.mark())),
        chain::lines(graph, &path).into_iter().map(link).map(Text::Shown).collect(),
        open.into_iter().map(Text::Shown).collect(),
    ]
}

fn models(graph: &Graph, impact: &Impact, all: bool) -> Vec<Vec<Cell>> {
    let mut models: Vec<ComponentId> = graph.of_kind(Kind::Model).filter(|id| !impact.is_marked(*id)).collect();
    models.retain(|id| all || impact.state(*id).is_reached());
    models.sort_by_cached_key(|id| (impact.state(*id), impact.depth(graph, *id), graph.id(*id).as_key()));
    let row = |id: ComponentId| {
        let state = impact.state(id);
        let depth = if state.is_reached() { own(impact.depth(graph, id).to_string()) } else { Vec::new() };
        vec![one(Some(graph.id(id).show().into_string())), own(state.word()), depth]
    };
    models.into_iter().map(row).collect()
}
