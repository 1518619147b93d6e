//! Questions whose answers may take longer than a key press, and their answers.
//!
//! Invariant: `update` only asks; an answer comes back as a message with the number of its question, and a number that
//! nobody waits for any more is dropped.

use crate::app::group::Group;
use crate::app::group::Grouping;
use crate::app::preview::Preview;
use crate::app::snapshot::Snapshot;
use crate::app::snapshot::Sort;
use crate::app::tab::Tab;
use crate::app::verdict::Held;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::incident;
use crate::incident::advised::Asks;
use crate::incident::journal::body::Question as Asked;
use crate::model::advisory;
use crate::model::advisory::Advisory;
use crate::model::advisory::files::AdvisoryFiles;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::advisory::Options;
use crate::query::advisory::advised::Advised;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::path;
use crate::query::path::Paths;
use crate::query::search::Query;
use crate::query::search::finder::Finder;
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use crate::query::select;
use std::sync::Arc;

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// A list in another order.
    Rows { tab: Tab, sort: Sort },
    /// What matches; `before`: what a shorter text found.
    Search { typed: String, within: Where, before: Option<Arc<Hits>> },
    /// Names of a kind near to what was typed, where none matches.
    Near { typed: String, kind: Kind },
    /// How everything stands to all open incidents, given by id and what they ask, and each incident's own counts.
    Incidents { parts: Vec<(String, Arc<[Asked]>)>, held: Arc<Held> },
    /// What marking this would say.
    Preview(Asked),
    /// What an incident that asks this would say.
    Previewed(Asked),
    /// What an incident would ask of the answer of this number, and say.
    Adopted { advised: Arc<Advised>, number: usize },
    /// What some marks together reach.
    Reach(Vec<Mark>),
    /// What advisories come to.
    Advisories(Arc<AdvisoryFiles>),
    /// What would be reached if this were marked under its kind's default hazard.
    WhatIf(ComponentId),
    /// All ways from what is marked to a component.
    Paths { from: Vec<(ComponentId, Hazard)>, to: ComponentId },
    /// The children of a hub, in groups.
    Groups { root: ComponentId, up: bool, by: Grouping },
}

impl Question {
    /// Whether its answer may take long even in a small repository.
    pub(crate) fn is_long(&self) -> bool {
        matches!(self, Self::Advisories(_) | Self::Adopted { .. } | Self::Previewed(_))
    }
}

/// A question with what is needed to answer it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub seq: u64,
    pub data: Arc<Snapshot>,
    pub verdict: Option<Arc<Verdict>>,
    pub question: Question,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Rows {
        tab: Tab,
        sort: Sort,
        rows: Arc<[ComponentId]>,
    },
    /// Some of what matches while it is looked for, all of it in the end.
    Found(Arc<Hits>),
    Near(Vec<ComponentId>),
    Verdict(Arc<Verdict>),
    Advised(Arc<Advised>),
    /// `None`: it meets nothing.
    Adopted(Option<(Arc<Preview>, Asks)>),
    /// The error says why a range is none.
    Preview(Result<Arc<Preview>, String>),
    Paths(Paths),
    Groups(Vec<Group>),
}

/// Shown at most.
pub(crate) const PATHS: usize = 10;
/// Suggested where nothing matches.
const NEAR: usize = 2;

/// Asked between two steps of work, with what may be shown so far: whether to go on.
pub(crate) type GoOn<'a> = &'a dyn Fn(&dyn Fn() -> Option<Answer>) -> bool;

/// Answers a question; `None` where it was left.
pub(crate) fn answer(ask: &Ask, go_on: GoOn<'_>) -> Option<Answer> {
    let (data, graph) = (&*ask.data, &ask.data.graph);
    let impact = ask.verdict.as_deref().map(|verdict| &verdict.impact);
    let state = |id: ComponentId| -> Option<State> { impact.map(|impact| impact.state(id)) };
    Some(match &ask.question {
        Question::Rows { tab, sort } => Answer::Rows { tab: *tab, sort: *sort, rows: data.sorted(*tab, *sort, impact) },
        Question::Search { typed, within, before } => {
            let mut finder = Finder::new(graph, data.index(), Query::parse(typed), *within, &state, before.as_deref());
            while finder.step() {
                if !go_on(&|| Some(Answer::Found(Arc::new(finder.so_far().clone())))) {
                    return None;
                }
            }
            Answer::Found(Arc::new(finder.finish()))
        }
        Question::Near { typed, kind } => {
            Answer::Near(select::nearest(graph, &format!("{kind}:{typed}"), NEAR, &|| go_on(&|| None))?)
        }
        Question::Incidents { parts, held } => Answer::Verdict(Arc::new(Verdict::of_incidents(graph, parts, held))),
        Question::Preview(asked) => Answer::Preview(match asked.marks(graph) {
            Ok(asked) => Ok(Arc::new(Preview::new(data, &asked.marks))),
            Err(error) => Err(error.to_string()),
        }),
        Question::Previewed(question) => Answer::Preview(Ok(Arc::new(previewed(data, question)))),
        Question::Adopted { advised, number } => {
            let asks = advised.answers.get(*number).and_then(|answer| {
                let members: Vec<&Advisory> = advised.members(answer).map(|(_, advisory)| advisory).collect();
                incident::advised::question(graph, &members, &answer.starts)
            });
            Answer::Adopted(asks.map(|asks| (Arc::new(previewed(data, &asks.question)), asks)))
        }
        Question::Reach(marks) => Answer::Verdict(Arc::new(Verdict::new(graph, marks))),
        Question::Advisories(files) => {
            let options = Options { hazard: None, window: Window::default(), ancestry: &advisory::no_history };
            Answer::Advised(Arc::new(Advised::new(graph, Arc::clone(files), &options)))
        }
        Question::WhatIf(component) => {
            let selection = select::select_component(graph, *component, select::narrowest(graph, *component));
            let hazard = Hazard::default_for(graph.kind(*component));
            let mark = Mark { selection, hazard, window: Window::default(), kinds: Vec::new() };
            Answer::Verdict(Arc::new(Verdict::new(graph, &[mark])))
        }
        Question::Paths { from, to } => Answer::Paths(paths(data, from, *to)),
        Question::Groups { root, up, by } => Answer::Groups(crate::app::group::groups(data, *root, *up, *by)),
    })
}

/// What an incident that asks this would say.
fn previewed(data: &Snapshot, question: &Asked) -> Preview {
    let marks = question.marks(&data.graph).map(|asked| asked.marks).unwrap_or_default();
    Preview::new(data, &marks)
}

/// Ways from several marked components, best first.
fn paths(data: &Snapshot, from: &[(ComponentId, Hazard)], to: ComponentId) -> Paths {
    let mut all = Paths::default();
    for (from, hazard) in from {
        let some = path::paths(&data.graph, *from, to, Some(*hazard), PATHS);
        all.paths.extend(some.paths);
        all.total += some.total;
        all.more |= some.more;
    }
    let cost = |steps: &Vec<crate::query::impact::Step>| (steps.iter().filter(|s| s.evidence.is_weak()).count(), steps.len());
    all.paths.sort_by_key(cost);
    all.paths.truncate(PATHS);
    if all.total >= path::COUNTED {
        (all.total, all.more) = (path::COUNTED, true);
    }
    all
}
