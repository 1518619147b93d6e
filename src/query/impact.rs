//! What is downstream of what is marked: state, certainty, path and holes of every component (design.md section 4).

use crate::graph::Graph;
use crate::graph::bits;
use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::kept::Shadow;
use crate::graph::select::StartAt;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::holes;
use crate::query::holes::Hole;
use crate::query::holes::Missing;
use crate::query::select::RuledOut;
use crate::query::select::Selection;
use crate::query::shadow;
use crate::query::walk::Walk;
use std::sync::Arc;

pub(crate) use crate::query::walk::{Step, Window};

/// One marked thing: each is walked alone, under its own hazard.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub selection: Selection,
    pub hazard: Hazard,
    pub window: Window,
    /// What is asked about besides the kinds that are marked: they too decide which sections are holes.
    pub kinds: Vec<Kind>,
}

/// The answer for all components of a graph.
#[derive(Debug, Clone)]
pub(crate) struct Impact {
    answers: Vec<Answer>,
    /// All answers together.
    sets: Sets,
    ruled_out: Vec<RuledOut>,
    complete: bool,
}

/// The answer to one mark.
#[derive(Debug, Clone)]
struct Answer {
    walk: Walk,
    /// Kinds that are marked: they decide which sections are holes.
    kinds: Vec<Kind>,
    shadow: Arc<Shadow>,
}

/// What stands how, one bit a component.
#[derive(Debug, Clone)]
struct Sets {
    sure: Bits,
    reached: Bits,
    /// A hole upstream could hide what is marked.
    hidden: Bits,
    marked: Bits,
    /// What a decision contains.
    contained: Bits,
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

/// Answers for several marks. A mark costs what is downstream of it.
pub(crate) fn impact(graph: &Graph, marks: &[Mark]) -> Impact {
    let answers: Vec<Answer> = marks.iter().map(|mark| Answer::new(graph, mark)).collect();
    let mut ruled_out: Vec<RuledOut> = Vec::new();
    for (mark, answer) in marks.iter().zip(&answers) {
        ruled_out.extend(mark.selection.ruled_out.iter().cloned());
        let outside = answer.walk.outside_window(graph);
        ruled_out.extend(outside.into_iter().map(|link| RuledOut::outside_window(graph, link)));
    }
    ruled_out.sort();
    ruled_out.dedup();
    Impact { sets: Sets::of(graph, &answers), answers, ruled_out, complete: graph.complete() }
}

impl Answer {
    fn new(graph: &Graph, mark: &Mark) -> Self {
        let kind = |at: StartAt| match at {
            StartAt::Component(component) => graph.kind(component),
            StartAt::Mention(statement) => graph.statements().get(statement).kind,
        };
        let marked = mark.selection.starts.iter().map(|start| kind(start.at));
        let mut kinds: Vec<Kind> = marked.chain(mark.kinds.iter().copied()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let shadow = shadow::shadow(graph, mark.hazard, &kinds);
        let walk = Walk::new(graph, &mark.selection.starts, mark.hazard, mark.window);
        Self { walk, kinds, shadow }
    }
}

impl Sets {
    fn of(graph: &Graph, answers: &[Answer]) -> Self {
        let mut marked = Bits::new(graph.len());
        for component in answers.iter().flat_map(|answer| answer.walk.begin()) {
            marked.add(component.row());
        }
        let [first, others @ ..] = answers else {
            let none = || Bits::new(graph.len());
            return Self { sure: none(), reached: none(), hidden: none(), marked, contained: none() };
        };
        let (mut sure, mut reached) = (first.walk.sure().clone(), first.walk.reached().clone());
        let mut hidden = first.shadow.hidden.clone();
        for other in others {
            sure.join(other.walk.sure());
            reached.join(other.walk.reached());
            hidden.join(&other.shadow.hidden);
        }
        Self { sure, reached, hidden, marked, contained: Bits::new(graph.len()) }
    }

    fn state(&self, row: usize, complete: bool) -> State {
        if self.contained.has(row) { State::Contained } else { self.reached(row, complete) }
    }

    /// What the walks say, before decisions.
    fn reached(&self, row: usize, complete: bool) -> State {
        match (self.sure.has(row), self.reached.has(row)) {
            (true, _) => State::Affected,
            (false, true) => State::Possible,
            (false, false) if self.hidden.has(row) || !complete => State::Unknown,
            (false, false) => State::Clear,
        }
    }

    /// How the components of a kind stand, sixty-four at once.
    fn counts(&self, graph: &Graph, kind: Kind, complete: bool) -> StateCounts {
        let mut counts = StateCounts::default();
        for (word, rows) in bits::words(graph.rows_of(kind)) {
            let rows = if kind == Kind::Deployment { rows } else { rows & !self.marked.word(word) };
            let (sure, reached) = (self.sure.word(word), self.reached.word(word));
            let hidden = if complete { self.hidden.word(word) } else { u64::MAX };
            let contained = self.contained.word(word);
            let n = |rows: u64| rows.count_ones() as usize;
            counts.contained += n(rows & contained);
            let rows = rows & !contained;
            counts.affected += n(rows & sure);
            counts.possible += n(rows & reached & !sure);
            counts.unknown += n(rows & !reached & hidden);
            counts.clear += n(rows & !reached & !hidden);
        }
        counts
    }
}

impl Impact {
    /// How a component stands; a marked one is AFFECTED, or POSSIBLE where it is not surely in scope.
    pub(crate) fn state(&self, id: ComponentId) -> State {
        self.sets.state(id.row(), self.complete)
    }

    /// How a component would stand if nothing were decided.
    pub(crate) fn reached(&self, id: ComponentId) -> State {
        self.sets.reached(id.row(), self.complete)
    }

    /// Takes in which deployments decisions contain; what the walks say of others is no matter of these.
    pub(crate) fn contain(&mut self, deployments: &[ComponentId]) {
        for id in deployments.iter().filter(|id| self.reached(**id) != State::Clear).copied().collect::<Vec<_>>() {
            self.sets.contained.add(id.row());
        }
    }

    /// The walk that reaches a component by the best path.
    fn best(&self, graph: &Graph, id: ComponentId) -> Option<&Walk> {
        let mut reaching = self.answers.iter().map(|answer| &answer.walk).filter(|walk| walk.reached().has(id.row()));
        match self.answers[..] {
            [_] => reaching.next(),
            _ => reaching.min_by_key(|walk| walk.cost(graph, id)),
        }
    }

    /// Whether a component is itself marked.
    pub(crate) fn is_marked(&self, id: ComponentId) -> bool {
        self.sets.marked.has(id.row())
    }

    /// How the components of a kind stand; marked ones are left out, but for deployments, which are their own answer.
    pub(crate) fn counts(&self, graph: &Graph, kind: Kind) -> StateCounts {
        self.sets.counts(graph, kind, self.complete)
    }

    /// The same for some marks at a time, each by itself and before decisions: so many marks belong together, in their order.
    pub(crate) fn each(&self, graph: &Graph, kind: Kind, together: &[usize]) -> Vec<StateCounts> {
        let mut rest = &self.answers[..];
        let alone = |n: &usize| {
            let (own, others) = rest.split_at_checked(*n).unwrap_or((rest, &[]));
            rest = others;
            match own {
                // Where nothing is marked there is nothing that a file that was not read could hide.
                [] => StateCounts { clear: graph.rows_of(kind).len(), ..StateCounts::default() },
                own => Sets::of(graph, own).counts(graph, kind, self.complete),
            }
        };
        together.iter().map(alone).collect()
    }

    /// All deployments: by state, worst first, then stage, criticality and label.
    pub(crate) fn ranked(&self, graph: &Graph) -> Vec<ComponentId> {
        let mut of_state = State::ALL.map(|_| Vec::new());
        for id in in_order(graph).iter() {
            of_state[self.state(*id) as usize].push(*id);
        }
        of_state.concat()
    }

    /// The components where the walks begin.
    pub(crate) fn marked(&self) -> impl Iterator<Item = ComponentId> + '_ {
        let words = self.sets.marked.words();
        let rows = words.flat_map(|(word, bits)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit));
        rows.map(ComponentId::new)
    }

    /// What the walks go over right before a component: the components upstream, each once, and whether a walk begins at a
    /// mention that leads there.
    pub(crate) fn before(&self, graph: &Graph, id: ComponentId) -> (Vec<ComponentId>, bool) {
        let (mut all, mut begins) = (Vec::new(), false);
        for answer in self.answers.iter().filter(|answer| answer.walk.reached().has(id.row())) {
            let (before, begun) = answer.walk.before(graph, id);
            all.extend(before);
            begins |= begun;
        }
        all.sort_unstable();
        all.dedup();
        (all, begins)
    }

    /// The best path to a component, upstream first; empty where it is marked or not reached.
    pub(crate) fn path(&self, graph: &Graph, id: ComponentId) -> Vec<Step> {
        self.best(graph, id).map(|walk| walk.path(graph, id)).unwrap_or_default()
    }

    /// The weakest link of the best path.
    pub(crate) fn weakest(&self, graph: &Graph, id: ComponentId) -> Option<Evidence> {
        self.path(graph, id).iter().map(|step| step.evidence).max()
    }

    /// Links of the best path.
    pub(crate) fn depth(&self, graph: &Graph, id: ComponentId) -> u32 {
        self.best(graph, id).map_or(0, |walk| walk.n_links(graph, id))
    }

    /// The holes upstream of a component that make it UNKNOWN, nearest first.
    pub(crate) fn holes(&self, graph: &Graph, id: ComponentId) -> Vec<Hole> {
        let mut all: Vec<Hole> = Vec::new();
        for answer in &self.answers {
            for hole in holes::upstream(graph, id, answer.walk.hazard(), &answer.kinds) {
                if !all.contains(&hole) {
                    all.push(hole);
                }
            }
        }
        all
    }

    /// What the nearest hole upstream of an UNKNOWN deployment lacks: a file that was not read, else what comes first in
    /// [`Self::holes`]; of several marks the first one's.
    pub(crate) fn lack(&self, graph: &Graph, id: ComponentId) -> Option<Missing> {
        self.answers.iter().find_map(|answer| shadow::nearest(graph, &answer.shadow, id))
    }

    /// Components and mentions that share a name with what is marked and are surely not it.
    pub(crate) fn ruled_out(&self) -> &[RuledOut] {
        &self.ruled_out
    }
}

/// All deployments, once a graph: by stage, criticality and label.
fn in_order(graph: &Graph) -> Arc<[ComponentId]> {
    let make = || {
        let mut all: Vec<ComponentId> = graph.of_kind(Kind::Deployment).collect();
        all.sort_by_cached_key(|id| {
            let info = graph.deployment(*id);
            let criticality = info.and_then(|info| info.criticality).map_or("", |id| graph.text(id).as_key()).to_lowercase();
            let criticality = ["critical", "high", "medium", "low"].iter().position(|word| *word == criticality).unwrap_or(4);
            (info.map_or(u16::MAX, |info| info.stage), criticality, graph.label(*id).as_key(), *id)
        });
        all.into()
    };
    Arc::clone(graph.kept().deployments.get_or_init(make))
}
