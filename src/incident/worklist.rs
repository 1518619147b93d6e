//! What is to be done in each incident: every deployment that it reaches or may reach, and what was decided of it.
//!
//! Invariant: a row is CONTAINED only by a decision that stands, of a kind that contains, with a person's name, in each open
//! incident that reaches it.
//! Invariant: a decision that no longer stands opens the row again, and the row says why.
//! Absent on purpose: the clock, files and the journal's lines.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::book::Book;
use crate::incident::book::Case;
use crate::incident::book::Decision;
use crate::incident::book::Row;
use crate::incident::journal::body::Action;
use crate::incident::standing;
use crate::incident::standing::Stage;
use crate::incident::standing::World;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::moment::End;
use crate::model::moment::Moment;
use crate::model::settings::Response;
use crate::model::state::State;
use crate::query::impact;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::select::Start;
use crate::text::TextId;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// One incident as it stands.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub case: &'a Case,
    /// Of all its questions together.
    pub impact: Impact,
    pub marks: Vec<Mark>,
    /// Selectors that match nothing now.
    pub unmatched: Vec<String>,
    /// AFFECTED, POSSIBLE, CONTAINED and UNKNOWN deployments, worst first; then those that were decided of and are no
    /// longer reached.
    pub lines: Vec<Line<'a>>,
    /// By question, where there are several: the entry that asked it, and what it reaches that no earlier one asked about.
    parts: Vec<(u64, Impact)>,
    /// The rows that are worse than contained, by deployment.
    worse: FxHashMap<ComponentId, State>,
}

/// One deployment in one incident.
#[derive(Debug, Clone)]
pub(crate) struct Line<'a> {
    /// Printed id.
    pub deployment: String,
    /// `None` where it is not in the repository any more.
    pub component: Option<ComponentId>,
    /// What the walk says, before decisions.
    pub reached: Option<State>,
    pub state: Option<State>,
    pub owner: Option<String>,
    pub criticality: Option<String>,
    /// The last one, whether or not it stands.
    pub decision: Option<&'a Decision>,
    pub stage: Option<Stage>,
    /// Earlier decisions, which stand beside it.
    pub beside: Vec<&'a Decision>,
    /// Why it is open, or what else there is to know; safe to print.
    pub why: Vec<String>,
    /// When something must have been decided, or done.
    pub due: Option<Moment>,
    pub ticket: Option<String>,
}

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Open,
    Closed,
    /// Closed, and something that was not open then is open now.
    ReachedAgain,
    /// Its opening was taken back.
    Undone,
}

impl Standing {
    /// The word used in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::ReachedAgain => "closed, reached again",
            Self::Undone => "undone",
        }
    }
}

impl Line<'_> {
    /// Whether a decision that stands contains it, in its own incident.
    pub(crate) fn is_contained(&self) -> bool {
        let stands = self.stage.is_some_and(Stage::stands);
        let decision = self.decision.filter(|decision| stands && decision.action.contains());
        decision.is_some_and(|decision| match self.reached {
            Some(State::Affected | State::Possible | State::Contained) => true,
            // Not known to be reached: there is nothing to accept or to roll back, but it can be taken out of service.
            Some(State::Unknown) => decision.action == Action::Quarantine,
            Some(State::Clear) | None => false,
        })
    }

    /// Whether it still needs a decision: reached, and not contained.
    pub(crate) fn is_open(&self) -> bool {
        self.reached.is_some_and(State::is_reached) && !self.is_contained()
    }

    /// Whether it is not known whether it is reached, and nothing contains it.
    pub(crate) fn is_to_find_out(&self) -> bool {
        self.reached == Some(State::Unknown) && !self.is_contained()
    }

    /// Whether nothing remains to be done.
    pub(crate) fn is_settled(&self) -> bool {
        self.is_contained() && self.decision.is_some_and(|decision| !decision.action.is_work() || decision.is_done())
    }
}

/// Holds all incidents of a book against the world.
pub(crate) fn answers<'a>(book: &'a Book, world: &World<'_>) -> Vec<Answer<'a>> {
    let mut answers: Vec<Answer<'a>> = book.cases.iter().map(|case| Answer::new(case, world)).collect();
    let mut lifted = Vec::new();
    for (row, answer) in answers.iter().enumerate() {
        for (at, line) in answer.lines.iter().enumerate().filter(|(_, line)| line.is_contained()) {
            let others = answers.iter().enumerate().filter(|(other, answer)| *other != row && answer.case.is_open());
            let open = others.filter_map(|(_, other)| Some((*other.worse.get(&line.component?)?, other.case.id.as_str())));
            let worst = open.min().map(|(state, id)| (state, format!("{} has it {state}", Untrusted::new(id).show())));
            lifted.push((row, at, worst));
        }
    }
    for (row, at, worst) in lifted {
        if let Some(line) = answers.get_mut(row).and_then(|answer| answer.lines.get_mut(at)) {
            line.state = Some(worst.as_ref().map_or(State::Contained, |(state, _)| *state));
            line.why.extend(worst.map(|(_, why)| why));
        }
    }
    for answer in &mut answers {
        answer.put_in_order();
    }
    answers
}

impl<'a> Answer<'a> {
    fn new(case: &'a Case, world: &World<'_>) -> Self {
        let graph = world.graph;
        let (mut marks, mut unmatched, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, question) in &case.parts {
            // A selector that was recorded was read before; one of a planted journal selects nothing.
            let asked = question.marks(graph).unwrap_or_default();
            unmatched.extend(asked.unmatched);
            if case.parts.len() > 1 {
                parts.push((*entry, impact::impact(graph, &fresh(&asked.marks, &marks))));
            }
            marks.extend(asked.marks);
        }
        let impact = impact::impact(graph, &marks);
        let mut answer = Self { case, impact, marks, unmatched, lines: Vec::new(), parts, worse: FxHashMap::default() };
        let reached = |id: &ComponentId| answer.impact.state(*id) != State::Clear && !answer.marks.is_empty();
        let mut lines: Vec<Line<'a>> = Vec::new();
        for id in answer.impact.ranked(graph).into_iter().filter(reached) {
            let row = case.rows.get(graph.id(id).as_key());
            lines.push(answer.line(world, graph.id(id).as_key(), Some(id), row));
        }
        let known: FxHashSet<String> = lines.iter().map(|line| line.deployment.clone()).collect();
        for (name, row) in case.rows.iter().filter(|(name, row)| !row.decisions.is_empty() && !known.contains(*name)) {
            lines.push(answer.line(world, name, graph.by_id_of(Kind::Deployment, name), Some(row)));
        }
        let worse = |line: &Line<'_>| {
            let state = line.reached.filter(|state| *state < State::Contained && !line.is_contained());
            line.component.zip(state)
        };
        answer.worse = lines.iter().filter_map(worse).collect();
        answer.lines = lines;
        answer
    }

    fn line(&self, world: &World<'_>, name: &str, component: Option<ComponentId>, row: Option<&'a Row>) -> Line<'a> {
        let graph = world.graph;
        let text = |id: TextId| graph.text(id).as_key().to_owned();
        let info = component.and_then(|id| graph.deployment(id));
        let reached = component.map(|id| self.impact.state(id));
        let owner = row.and_then(|row| row.owner.clone()).or_else(|| info.and_then(|info| info.owner).map(text));
        let decisions = row.map_or(&[][..], |row| &row.decisions[..]);
        let mut line = Line {
            deployment: name.to_owned(),
            component,
            reached,
            state: reached,
            owner,
            criticality: info.and_then(|info| info.criticality).map(text),
            decision: None,
            stage: None,
            beside: Vec::new(),
            why: Vec::new(),
            due: None,
            ticket: row.and_then(|row| row.ticket.clone()),
        };
        if let Some((last, earlier)) = decisions.split_last() {
            let grown = component.and_then(|component| self.grown_over(component, last.by.seq));
            let (stage, why) = standing::stage(world, last, component, grown);
            (line.decision, line.stage) = (Some(last), Some(stage));
            line.why.extend(why);
            line.beside = earlier.iter().collect();
            line.why.extend(earlier.iter().map(|decision| beside(decision, world.now)));
        }
        let since = decisions.last().map_or(0, |decision| decision.by.seq);
        if let Some((action, by, reason)) = row.and_then(|row| row.undone.as_ref()).filter(|(_, by, _)| by.seq > since) {
            let shown = |text: &str| Untrusted::new(text).show().into_string();
            let reason = reason.as_ref().map_or_else(String::new, |reason| format!(": {}", shown(reason)));
            line.why.push(format!("{action} taken back by {} {}{reason}", shown(&by.actor), by.time.brief(world.now)));
        }
        if component.is_none() {
            line.why.push("not in the repository any more".to_owned());
        }
        line.due = self.due(graph, &line);
        line
    }

    /// The question, asked after entry `since`, that reaches a deployment.
    fn grown_over(&self, deployment: ComponentId, since: u64) -> Option<u64> {
        let later = self.parts.iter().filter(|(entry, _)| *entry > since);
        later.filter(|(_, impact)| impact.state(deployment).is_reached()).map(|(entry, _)| *entry).next()
    }

    fn due(&self, graph: &Graph, line: &Line<'_>) -> Option<Moment> {
        let response = &graph.settings().response;
        let criticality = line.criticality.as_deref();
        let from = |limits| Response::limit(limits, criticality).map(|(_, seconds)| self.case.aware.after(*seconds));
        let own = line.decision.and_then(|decision| decision.due).map(End::moment);
        if line.is_open() || line.is_to_find_out() {
            // Whoever was asked answers by then; whatever is decided is decided no later.
            let asked = own.filter(|_| line.is_to_find_out() && line.stage.is_some_and(Stage::stands));
            return asked.or_else(|| from(&response.decide));
        }
        own.or_else(|| from(&response.done)).filter(|_| line.decision.is_some() && !line.is_settled())
    }

    /// By state, worst first; rows that are no longer reached last; else as they were ranked.
    fn put_in_order(&mut self) {
        self.lines.sort_by_key(|line| line.state.map_or(State::ALL.len(), |state| state as usize));
    }

    /// Where the incident stands.
    pub(crate) fn standing(&self) -> Standing {
        match (&self.case.undone, &self.case.closed) {
            (Some(_), _) => Standing::Undone,
            (None, None) => Standing::Open,
            (None, Some(closed)) => {
                let left = |line: &Line<'_>| closed.open.get(&line.deployment).and_then(|word| State::parse(word));
                let worse = |line: &Line<'_>| left(line).is_none_or(|left| line.reached.is_some_and(|now| now < left));
                let again = self.lines.iter().any(|line| line.is_open() && worse(line));
                if again { Standing::ReachedAgain } else { Standing::Closed }
            }
        }
    }

    /// The hazard of all it marks, or `mixed`; of nothing that is marked, the one that was asked for.
    pub(crate) fn hazard(&self) -> &'static str {
        let asked = self.case.parts.iter().filter_map(|(_, question)| question.hazard);
        let marked: Vec<Hazard> = self.marks.iter().map(|mark| mark.hazard).chain(asked).collect();
        match marked.split_first() {
            None => Hazard::Poisoned.word(),
            Some((first, rest)) if rest.iter().all(|hazard| hazard == first) => first.word(),
            Some(_) => "mixed",
        }
    }

    /// How many of its rows stand in a state.
    pub(crate) fn count(&self, state: State) -> usize {
        self.lines.iter().filter(|line| line.state == Some(state)).count()
    }
}

/// What is marked without what was marked so before: a new version of an advisory asks most of what the last one asked.
fn fresh(marks: &[Mark], before: &[Mark]) -> Vec<Mark> {
    let is_known = |mark: &Mark, start: &Start| {
        let alike = before.iter().filter(|known| known.hazard == mark.hazard && known.window == mark.window);
        alike.flat_map(|known| &known.selection.starts).any(|known| known.at == start.at && (known.sure || !start.sure))
    };
    let rest = marks.iter().map(|mark| {
        let mut rest = mark.clone();
        rest.selection.starts.retain(|start| !is_known(mark, start));
        rest
    });
    rest.filter(|mark| !mark.selection.starts.is_empty()).collect()
}

/// The rows of an incident that are open or were not found out, with their states.
pub(crate) fn left_open(book: &Book, id: &str, world: &World<'_>) -> BTreeMap<String, State> {
    let answers = answers(book, world);
    let lines = answers.iter().filter(|answer| answer.case.id == id).flat_map(|answer| &answer.lines);
    let open = lines.filter(|line| line.is_open() || line.is_to_find_out());
    open.filter_map(|line| Some((line.deployment.clone(), line.reached?))).collect()
}

fn beside(decision: &Decision, now: Moment) -> String {
    let actor = Untrusted::new(&decision.by.actor).show();
    format!("{} by {actor} {} (#{}) stands beside it", decision.action.word(), decision.by.time.brief(now), decision.by.seq)
}

#[cfg(test)]
mod tests;
