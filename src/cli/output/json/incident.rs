//! `incident list` and `incident show`.

use crate::cli::output::json::journal::JournalRow;
use crate::cli::output::json::journal::SignatureRow;
use crate::cli::output::json::kept;
use crate::cli::output::json::rows::CommandRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::incident::book::Decision;
use crate::incident::clocks::Clock;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Share;
use crate::incident::keep::Seen;
use crate::incident::runbook;
use crate::incident::standing::Stage;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::state::State;
use crate::store::journal::Journal;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct List<'a, I, P> {
    schema: &'static str,
    incidents: I,
    journal: JournalRow<'a>,
    problems: P,
}

#[derive(Serialize)]
struct Show<'a, K, R, P> {
    schema: &'static str,
    incident: Full<'a>,
    advisories: K,
    rows: R,
    journal: JournalRow<'a>,
    problems: P,
}

#[derive(Serialize)]
struct Brief<'a> {
    id: &'a str,
    state: &'static str,
    hazard: &'static str,
    selectors: Vec<&'a str>,
    aware: String,
    lead: &'a str,
    counts: Counts,
}

#[derive(Serialize)]
struct Counts {
    affected: usize,
    possible: usize,
    unknown: usize,
    contained: usize,
}

#[derive(Serialize)]
struct Full<'a> {
    #[serde(flatten)]
    brief: Brief<'a>,
    clocks: Vec<ClockRow<'a>>,
}

#[derive(Serialize)]
struct ClockRow<'a> {
    name: &'a str,
    due: String,
    met: Option<String>,
}

#[derive(Serialize)]
struct Row<'a> {
    deployment: &'a str,
    state: Option<&'static str>,
    owner: Option<&'a str>,
    criticality: Option<&'a str>,
    action: Option<&'static str>,
    to: Option<&'a str>,
    stage: Option<&'static str>,
    share: Option<String>,
    by: Option<&'a str>,
    signature: Option<SignatureRow<'a>>,
    time: Option<String>,
    entry: Option<u64>,
    ends: Option<String>,
    due: Option<String>,
    ticket: Option<&'a str>,
    why: &'a [String],
    runbook: Option<CommandRow>,
}

impl<'a> Brief<'a> {
    fn new(answer: &'a Answer<'_>) -> Self {
        let case = answer.case;
        let count = |state| answer.count(state);
        Self {
            id: &case.id,
            state: answer.standing().word(),
            hazard: answer.hazard(),
            selectors: case.parts.iter().flat_map(|(_, question)| &question.selectors).map(String::as_str).collect(),
            aware: case.aware.to_string(),
            lead: &case.lead,
            counts: Counts {
                affected: count(State::Affected),
                possible: count(State::Possible),
                unknown: count(State::Unknown),
                contained: count(State::Contained),
            },
        }
    }
}

impl<'a> Row<'a> {
    fn new(graph: &Graph, line: &'a Line<'_>) -> Self {
        let decision = line.decision;
        let share = |decision: &Decision| decision.done.as_ref().and_then(|(_, share)| *share);
        let written = |share: Share| format!("{}/{}", share.done, share.of);
        let (mut to, mut ends) = (None, None);
        match decision.map(|decision| &decision.action) {
            Some(Action::Rollback { to: model }) => to = Some(model.as_str()),
            Some(Action::Upgrade { to: version }) => to = version.as_deref(),
            Some(Action::Accept { ends: end, .. }) => ends = Some(end.to_string()),
            Some(Action::Quarantine | Action::Retrain | Action::NotAffected { .. } | Action::Ask { .. }) | None => {}
        }
        Self {
            deployment: &line.deployment,
            state: line.state.map(State::word),
            owner: line.owner.as_deref(),
            criticality: line.criticality.as_deref(),
            action: decision.map(|decision| decision.action.word()),
            to,
            stage: line.stage.map(Stage::word),
            share: decision.and_then(share).map(written),
            by: decision.map(|decision| decision.by.actor.as_str()),
            signature: decision.map(|decision| SignatureRow::new(&decision.by.signature)),
            time: decision.map(|decision| decision.by.time.to_string()),
            entry: decision.map(|decision| decision.by.seq),
            ends,
            due: line.due.map(|due| due.to_string()),
            ticket: line.ticket.as_deref(),
            why: &line.why,
            runbook: runbook::decided(graph, line).map(CommandRow::new),
        }
    }
}

/// Writes all incidents, in the order of opening.
pub(in crate::cli) fn list(out: &mut dyn Write, graph: &Graph, journal: &Journal, answers: &[Answer<'_>]) -> io::Result<()> {
    let incidents = Each(|| answers.iter().map(Brief::new));
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(out, &List { schema: "downriver/incidents/1", incidents, journal, problems })
}

/// Writes one incident, its rows worst first.
pub(in crate::cli) fn show(
    out: &mut dyn Write,
    graph: &Graph,
    journal: &Journal,
    answer: &Answer<'_>,
    clocks: &[Clock],
    seen: &[Seen<'_>],
) -> io::Result<()> {
    let clock = |clock: &'_ Clock| (clock.due.to_string(), clock.met.map(|met| met.to_string()));
    let row = |own| {
        let (due, met) = clock(own);
        ClockRow { name: own.name.as_str(), due, met }
    };
    let incident = Full { brief: Brief::new(answer), clocks: clocks.iter().map(row).collect() };
    let advisories = Each(|| kept::kept(answer, seen));
    let rows = Each(|| answer.lines.iter().map(|line| Row::new(graph, line)));
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(out, &Show { schema: "downriver/incident/1", incident, advisories, rows, journal, problems })
}
