//! What is downstream of what is marked: state, certainty, path and holes of every component (design.md section 4).

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::select::StartAt;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::holes;
use crate::query::holes::Hole;
use crate::query::select::RuledOut;
use crate::query::select::Selection;
use crate::query::walk::Walk;

pub(crate) use crate::query::walk::{Step, Window};

/// One marked thing: each is walked alone, under its own hazard.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub selection: Selection,
    pub hazard: Hazard,
    pub window: Window,
}

/// The answer for all components of a graph.
#[derive(Debug, Clone)]
pub(crate) struct Impact {
    walks: Vec<Walk>,
    /// Kinds that are marked, by walk: they decide which sections are holes.
    kinds: Vec<Vec<Kind>>,
    /// By component row: a hole upstream could hide what is marked.
    shadow: Vec<bool>,
    ruled_out: Vec<RuledOut>,
    complete: bool,
}

/// How many of a kind stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct StateCounts {
    pub affected: usize,
    pub possible: usize,
    pub unknown: usize,
    pub contained: usize,
    pub clear: usize,
}

impl StateCounts {
    /// Adds one.
    pub(crate) fn add(&mut self, state: State) {
        *match state {
            State::Affected => &mut self.affected,
            State::Possible => &mut self.possible,
            State::Unknown => &mut self.unknown,
            State::Contained => &mut self.contained,
            State::Clear => &mut self.clear,
        } += 1;
    }

    /// How many stand in a state.
    pub(crate) fn of(self, state: State) -> usize {
        match state {
            State::Affected => self.affected,
            State::Possible => self.possible,
            State::Unknown => self.unknown,
            State::Contained => self.contained,
            State::Clear => self.clear,
        }
    }

    /// All of them.
    pub(crate) fn total(self) -> usize {
        State::ALL.into_iter().map(|state| self.of(state)).sum()
    }
}

/// Answers for several marks. O(components + links) time a mark.
pub(crate) fn impact(graph: &Graph, marks: &[Mark]) -> Impact {
    let mut shadow = vec![false; graph.len()];
    let mut walks = Vec::new();
    let mut all_kinds = Vec::new();
    let mut ruled_out: Vec<RuledOut> = Vec::new();
    for mark in marks {
        let mut kinds: Vec<Kind> = mark
            .selection
            .starts
            .iter()
            .map(|start| match start.at {
                StartAt::Component(component) => graph.kind(component),
                StartAt::Mention(statement) => graph.statements().get(statement).kind,
            })
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        for (all, one) in shadow.iter_mut().zip(holes::shadows(graph, mark.hazard, &kinds)) {
            *all |= one;
        }
        let walk = Walk::new(graph, &mark.selection.starts, mark.hazard, mark.window);
        ruled_out.extend(mark.selection.ruled_out.iter().cloned());
        ruled_out.extend(walk.outside_window(graph).into_iter().map(|link| RuledOut::outside_window(graph, link)));
        walks.push(walk);
        all_kinds.push(kinds);
    }
    ruled_out.sort();
    ruled_out.dedup();
    Impact { walks, kinds: all_kinds, shadow, ruled_out, complete: graph.complete() }
}

impl Impact {
    /// How a component stands; a marked one is AFFECTED, or POSSIBLE where it is not surely in scope.
    pub(crate) fn state(&self, id: ComponentId) -> State {
        match self.best(id) {
            Some(walk) if walk.n_weak(id) == Some(0) => State::Affected,
            Some(_) => State::Possible,
            None if self.shadow[id.row()] || !self.complete => State::Unknown,
            None => State::Clear,
        }
    }

    /// The walk that reaches a component by the best path.
    fn best(&self, id: ComponentId) -> Option<&Walk> {
        let reaching = self.walks.iter().filter(|walk| walk.n_weak(id).is_some());
        reaching.min_by_key(|walk| (walk.n_weak(id), walk.n_links(id)))
    }

    /// Whether a component is itself marked.
    pub(crate) fn is_marked(&self, id: ComponentId) -> bool {
        self.walks.iter().any(|walk| walk.is_marked(id))
    }

    /// How the components of a kind stand; marked ones are left out, but for deployments, which are their own answer.
    pub(crate) fn counts(&self, graph: &Graph, kind: Kind) -> StateCounts {
        let mut counts = StateCounts::default();
        for id in graph.of_kind(kind).filter(|id| kind == Kind::Deployment || !self.is_marked(*id)) {
            counts.add(self.state(id));
        }
        counts
    }

    /// All deployments: by state, worst first, then stage, criticality and label.
    pub(crate) fn ranked(&self, graph: &Graph) -> Vec<ComponentId> {
        let mut all: Vec<ComponentId> = graph.of_kind(Kind::Deployment).collect();
        all.sort_by_cached_key(|id| {
            let info = graph.deployment(*id);
            let criticality = info.and_then(|info| info.criticality).map_or("", |id| graph.text(id).as_key()).to_lowercase();
            let criticality = ["critical", "high", "medium", "low"].iter().position(|word| *word == criticality).unwrap_or(4);
            (self.state(*id), info.map_or(u16::MAX, |info| info.stage), criticality, graph.label(*id).as_key().to_owned(), *id)
        });
        all
    }

    /// The best path to a component, upstream first; empty where it is marked or not reached.
    pub(crate) fn path(&self, graph: &Graph, id: ComponentId) -> Vec<Step> {
        self.best(id).map(|walk| walk.path(graph, id)).unwrap_or_default()
    }

    /// The weakest link of the best path.
    pub(crate) fn weakest(&self, graph: &Graph, id: ComponentId) -> Option<Evidence> {
        self.path(graph, id).iter().map(|step| step.evidence).max()
    }

    /// Links of the best path.
    pub(crate) fn depth(&self, id: ComponentId) -> u32 {
        self.best(id).map_or(0, |walk| walk.n_links(id))
    }

    /// The holes upstream of a component that make it UNKNOWN, nearest first.
    pub(crate) fn holes(&self, graph: &Graph, id: ComponentId) -> Vec<Hole> {
        let mut all: Vec<Hole> = Vec::new();
        for (walk, kinds) in self.walks.iter().zip(&self.kinds) {
            for hole in holes::upstream(graph, id, walk.hazard(), kinds) {
                if !all.contains(&hole) {
                    all.push(hole);
                }
            }
        }
        all
    }

    /// Components and mentions that share a name with what is marked and are surely not it.
    pub(crate) fn ruled_out(&self) -> &[RuledOut] {
        &self.ruled_out
    }
}
