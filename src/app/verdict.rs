//! How everything stands to what is marked, counted once: header, panes and dialog read the same numbers.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::incident::journal::body::Question;
use crate::incident::standing::Stage;
use crate::incident::worklist::Answer;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::impact;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::impact::StateCounts;
use crate::query::typed;
use crate::text::Untrusted;
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
    /// Each incident by itself, in the order in which they were asked about.
    pub each: Vec<Each>,
}

/// One incident's own answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Each {
    /// Its id.
    pub id: String,
    /// Of its deployments.
    pub counts: StateCounts,
    /// Of all that it marks; `None` where it marks nothing.
    pub hazard: Option<&'static str>,
    /// What its first selector means, where that is one component.
    pub component: Option<ComponentId>,
}

/// What decisions come to in one graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// Deployments that are CONTAINED in every open incident that reaches them.
    pub contained: Vec<ComponentId>,
    /// By incident in which something was decided: how its deployments stand.
    pub counts: Vec<(String, StateCounts)>,
    /// Deployments whose last decision no longer stands, and why; safe to print.
    pub ended: Vec<(String, String)>,
}

impl Held {
    /// What the rows of open incidents come to.
    pub(crate) fn of(graph: &Graph, answers: &[Answer<'_>]) -> Self {
        let mut held = Self::default();
        let n = graph.rows_of(Kind::Deployment).len();
        for answer in answers {
            for line in answer.lines.iter().filter(|line| line.decision.is_some()) {
                if line.state == Some(State::Contained) {
                    held.contained.extend(line.component);
                }
                if !line.stage.is_none_or(Stage::stands) {
                    let name = line.component.map_or(Untrusted::new(&line.deployment), |id| graph.label(id));
                    let deployment = name.show().into_string();
                    held.ended.push((deployment, line.why.first().cloned().unwrap_or_default()));
                }
            }
            let count = |state| answer.count(state);
            let (affected, possible) = (count(State::Affected), count(State::Possible));
            let (unknown, contained) = (count(State::Unknown), count(State::Contained));
            let clear = n.saturating_sub(affected + possible + unknown + contained);
            let id = Untrusted::new(&answer.case.id).show().into_string();
            held.counts.push((id, StateCounts { affected, possible, unknown, contained, clear }));
        }
        held.contained.sort_unstable();
        held.contained.dedup();
        held
    }
}

impl Verdict {
    /// Answers some marks. A mark costs what is downstream of it.
    pub(crate) fn new(graph: &Graph, marks: &[Mark]) -> Self {
        Self::of(graph, impact::impact(graph, marks), marks)
    }

    /// Answers all open incidents together, and each by itself.
    pub(crate) fn of_incidents(graph: &Graph, incidents: &[(String, Arc<[Question]>)], held: &Held) -> Self {
        let (mut all, mut together, mut each) = (Vec::new(), Vec::new(), Vec::new());
        for (_, parts) in incidents {
            // A selector that was recorded was read before; one of a planted journal selects nothing.
            let asked = parts.iter().filter_map(|question| question.marks(graph).ok());
            let marks: Vec<Mark> = asked.flat_map(|asked| asked.marks).collect();
            each.push((hazard(&marks), parts.first().and_then(|question| component(graph, question, &marks))));
            together.push(marks.len());
            all.extend(marks);
        }
        let mut answer = impact::impact(graph, &all);
        answer.contain(&held.contained);
        let mut verdict = Self::of(graph, answer, &all);
        let alone = verdict.impact.each(graph, Kind::Deployment, &together);
        for (((hazard, component), alone), (id, _)) in each.into_iter().zip(alone).zip(incidents) {
            let counts = held.counts.iter().find(|(held, _)| held == id).map_or(alone, |(_, counts)| *counts);
            verdict.each.push(Each { id: id.clone(), counts, hazard, component });
        }
        verdict
    }

    fn of(graph: &Graph, answer: Impact, marks: &[Mark]) -> Self {
        let mut marked: Vec<(ComponentId, Hazard)> = marks
            .iter()
            .flat_map(|mark| mark.selection.starts.iter().map(|start| (start.at, mark.hazard)))
            .flat_map(|(at, hazard)| match at {
                StartAt::Component(component) => vec![(component, hazard)],
                StartAt::Mention(statement) => {
                    graph.meaning(statement).0.iter().map(|target| (target.component(), hazard)).collect()
                }
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

    /// `11 confirmed, 3 possible`, and what decisions contain, if anything.
    pub(crate) fn sum(&self) -> String {
        let counts = self.deployments;
        let contained = if counts.contained > 0 { format!(", {} contained", counts.contained) } else { String::new() };
        format!("{} confirmed, {} possible{contained}", counts.affected, counts.possible)
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

/// The hazard of some marks, where they have one and the same.
fn hazard(marks: &[Mark]) -> Option<&'static str> {
    let (first, rest) = marks.split_first()?;
    Some(if rest.iter().all(|mark| mark.hazard == first.hazard) { first.hazard.word() } else { "mixed" })
}

/// The component that a question is about.
fn component(graph: &Graph, question: &Question, marks: &[Mark]) -> Option<ComponentId> {
    let [selector] = &question.selectors[..] else { return None };
    typed::printed(graph, selector).or_else(|| match marks {
        [Mark { selection, .. }] => match selection.starts[..] {
            [Start { at: StartAt::Component(only), .. }] => Some(only),
            _ => None,
        },
        _ => None,
    })
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
