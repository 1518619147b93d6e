//! How everything stands to what is marked, counted once: header, panes and dialog read the same numbers.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::select::StartAt;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::impact;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::impact::StateCounts;
use std::sync::Arc;

/// The answer to some marks.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub impact: Impact,
    pub deployments: StateCounts,
    pub models: StateCounts,
    /// All deployments, worst first.
    pub ranked: Arc<[ComponentId]>,
    /// What is marked, with the hazard of each: where paths begin.
    pub marked: Vec<(ComponentId, Hazard)>,
    /// Each incident's own counts of deployments; none where nobody asked for incidents.
    pub each: Vec<StateCounts>,
}

impl Verdict {
    /// Answers some marks. A mark costs what is downstream of it.
    pub(crate) fn new(graph: &Graph, marks: &[Mark]) -> Self {
        let answer = impact::impact(graph, marks);
        let mut marked: Vec<(ComponentId, Hazard)> = marks
            .iter()
            .flat_map(|mark| mark.selection.starts.iter().map(|start| (start.at, mark.hazard)))
            .flat_map(|(at, hazard)| match at {
                StartAt::Component(component) => vec![(component, hazard)],
                StartAt::Mention(statement) => graph.meaning(statement).0.iter().map(|(c, _)| (*c, hazard)).collect(),
            })
            .collect();
        marked.sort();
        marked.dedup();
        Self {
            deployments: answer.counts(graph, Kind::Deployment),
            models: answer.counts(graph, Kind::Model),
            ranked: answer.ranked(graph).into(),
            each: Vec::new(),
            marked,
            impact: answer,
        }
    }

    /// Answers the marks of some incidents, and each incident alone.
    pub(crate) fn of_incidents(graph: &Graph, incidents: &[Vec<Mark>]) -> Self {
        let marks: Vec<Mark> = incidents.iter().flatten().cloned().collect();
        let mut verdict = Self::new(graph, &marks);
        let mut of_marks = verdict.impact.each(graph, Kind::Deployment).into_iter();
        for own in incidents {
            let counts: Vec<StateCounts> = of_marks.by_ref().take(own.len()).collect();
            verdict.each.push(match counts[..] {
                [one] => one,
                _ => impact::impact(graph, own).counts(graph, Kind::Deployment),
            });
        }
        verdict
    }

    /// Deployments reached for sure. A recorded decision does not undo that they are.
    pub(crate) fn confirmed(&self) -> usize {
        self.deployments.affected + self.deployments.contained
    }

    /// How many of a list's rows are reached, the marked ones left out but for deployments. The rows are sorted by state:
    /// what is marked first, which is little.
    pub(crate) fn n_reached(&self, graph: &Graph, rows: &[ComponentId]) -> usize {
        let (marked, others) = rows.split_at(rows.partition_point(|id| self.impact.is_marked(*id)));
        let counts = |id: &&ComponentId| graph.kind(**id) == Kind::Deployment && self.impact.state(**id).is_reached();
        let end = |state: State| others.partition_point(|id| self.impact.state(*id) <= state);
        let begin = |state: State| others.partition_point(|id| self.impact.state(*id) < state);
        let of_state = State::ALL.into_iter().filter(|state| state.is_reached()).map(|state| end(state) - begin(state));
        marked.iter().filter(counts).count() + of_state.sum::<usize>()
    }

    /// The word and symbol of a component's row: `X MARKED`, `! AFFECTED`; nothing for CLEAR.
    pub(crate) fn standing(&self, id: ComponentId) -> Standing {
        if self.impact.is_marked(id) { Standing::Marked } else { Standing::State(self.impact.state(id)) }
    }
}

/// How a component's row is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Marked,
    State(State),
}

impl Standing {
    /// The word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Marked => "MARKED",
            Self::State(state) => state.word(),
        }
    }

    /// The symbol that repeats the word.
    pub(crate) fn symbol(self) -> char {
        match self {
            Self::Marked => 'X',
            Self::State(state) => state.symbol(),
        }
    }

    /// The tone that repeats both.
    pub(crate) fn tone(self) -> crate::app::line::Tone {
        match self {
            Self::Marked => crate::app::line::Tone::Marked,
            Self::State(state) => crate::app::line::Tone::State(state),
        }
    }
}
