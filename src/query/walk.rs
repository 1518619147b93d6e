//! Downstream from what is marked: for every component whether it is reached, and whether surely.
//!
//! Two passes over bits: over sure links from what is surely marked, then over all links from there and from the rest. Which
//! path is the best one is found out where it is asked ([`cost`]), since for most components nobody asks.

mod cost;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod tests;

use crate::graph::Graph;
use crate::graph::Link;
use crate::graph::Source;
use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::model::date::Day;
use crate::model::document::Standing;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::query::spread;
use crate::query::spread::Passage;
use crate::query::spread::Passages;
use crate::query::todo::Todo;
use crate::query::walk::cost::Cost;
use crate::query::walk::cost::Costs;
use crate::query::walk::cost::UNREACHED;
use crate::query::walk::cost::WEAK;
use crate::query::walk::cost::step_cost;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Days in which the marked component was to be had, inclusive; `None`: no limit on that side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Window {
    pub since: Option<Day>,
    pub until: Option<Day>,
}

impl Window {
    fn is_open(self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    fn contains(self, day: Day) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// One link of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub link: LinkId,
    /// The grade that counts on this path.
    pub evidence: Evidence,
    /// The place that states it so.
    pub source: Option<Source>,
    /// The path begins at what a document wrote, not at the component it joined.
    pub mention: Option<StatementId>,
}

/// A finished walk under one hazard.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    hazard: Hazard,
    window: Window,
    passages: Passages,
    /// Component starts that are surely in scope.
    marked: FxHashSet<ComponentId>,
    /// By component start: its own cost (0, or one weak link where it is not surely in scope).
    begin: BTreeMap<ComponentId, Cost>,
    /// Links that begin at a mention, with their cost.
    first: BTreeMap<LinkId, (Cost, Step)>,
    sure: Bits,
    reached: Bits,
    costs: Costs,
    /// How many links were looked at.
    n_links: usize,
}

impl Walk {
    /// Walks downstream. Every component and every link downstream is looked at once at most.
    pub(crate) fn new(graph: &Graph, starts: &[Start], hazard: Hazard, window: Window) -> Self {
        let component = |start: &Start| match start.at {
            StartAt::Component(component) => Some((component, if start.sure { 0 } else { WEAK })),
            StartAt::Mention(_) => None,
        };
        let begin: BTreeMap<ComponentId, Cost> = starts.iter().filter_map(component).collect();
        let mut walk = Self {
            hazard,
            window,
            passages: Passages::of(hazard),
            marked: begin.iter().filter(|(_, cost)| **cost == 0).map(|(component, _)| *component).collect(),
            begin,
            first: BTreeMap::new(),
            sure: Bits::new(graph.len()),
            reached: Bits::new(graph.len()),
            costs: Costs::default(),
            n_links: 0,
        };
        for start in starts {
            if let StartAt::Mention(statement) = start.at {
                walk.begin_at_mention(graph, statement, start.sure);
            }
        }
        walk.spread(graph);
        walk
    }

    fn begin_at_mention(&mut self, graph: &Graph, statement: StatementId, sure: bool) {
        let components = graph.meaning(statement).0.iter().map(|target| target.component());
        for link in components.flat_map(|component| graph.links().stated_by(graph, component, statement)) {
            if !self.hazard.follows(graph.link(link).relation) {
                continue;
            }
            let own = graph.sources(link).filter(|source| source.statement == Some(statement));
            // What the mention itself states was selected: by digest it is what was marked, by name it is as sure as a name.
            let by_digest = sure && !graph.statements().get(statement).digests.is_empty();
            let joined = graph.grade(statement, graph.link(link).upstream);
            let steps = own.filter_map(|source| {
                // A link that is weaker than what joined the mention is weak at its other end, which no digest of this one mends.
                let mends = by_digest && joined.is_none_or(|joined| source.evidence <= joined);
                let evidence = if mends { Evidence::Digest } else { source.evidence };
                let evidence = self.in_window(graph, &source, evidence)?;
                let weak = if evidence.is_weak() || !sure { WEAK } else { 0 };
                let step = Step { link, evidence, source: Some(source), mention: Some(statement) };
                Some((weak + 1, step))
            });
            if let Some((cost, step)) = steps.min_by_key(|(cost, step)| (*cost, step.source)) {
                let entry = self.first.entry(link).or_insert((cost, step));
                if cost < entry.0 {
                    *entry = (cost, step);
                }
            }
        }
    }

    fn spread(&mut self, graph: &Graph) {
        let links = graph.links();
        // What is marked has rules of its own for its links, so both passes go round it.
        let mut leads = links.leads_on().clone();
        for marked in self.begin.keys() {
            leads.remove(marked.row());
        }
        let (mut todo, mut later) = (Todo::new(graph.len()), Bits::new(graph.len()));
        for (link, (cost, _)) in &self.first {
            let end = graph.link(*link).downstream.row();
            if *cost < WEAK {
                todo.add(end / 64, self.sure.add_if(end, true) & leads.word(end / 64));
            } else {
                later.add(end);
            }
        }
        for (marked, cost) in &self.begin {
            if *cost < WEAK {
                self.sure.add(marked.row())
            } else {
                self.reached.add(marked.row())
            };
        }
        let mut left: Vec<ComponentId> = self.begin.keys().copied().collect();
        loop {
            let begun: Vec<ComponentId> = left.extract_if(.., |marked| self.sure.has(marked.row())).collect();
            for marked in &begun {
                self.go_on(graph, *marked, |walk, end, surely| {
                    if surely {
                        todo.add(end / 64, walk.sure.add_if(end, true) & leads.word(end / 64));
                    } else {
                        later.add(end);
                    }
                });
            }
            let weakly = |end| _ = later.add(end);
            self.n_links += spread::spread(links, &self.passages, &leads, &mut todo, &mut self.sure, weakly);
            if !left.iter().any(|marked| self.sure.has(marked.row())) {
                break;
            }
        }
        for marked in left {
            self.go_on(graph, marked, |_, end, _| _ = later.add(end));
        }
        self.reached.join(&self.sure);
        for (word, rows) in later.words() {
            todo.add(word, self.reached.add_all(word, rows) & leads.word(word));
        }
        let alike = self.passages.alike();
        self.n_links += spread::spread(links, &alike, &leads, &mut todo, &mut self.reached, |_| ());
    }

    /// Goes over all links down of what is marked: hands on what is at the other end, and whether surely.
    fn go_on(&mut self, graph: &Graph, marked: ComponentId, mut meet: impl FnMut(&mut Self, usize, bool)) {
        let down = graph.links().down(marked.row());
        self.n_links += down.len();
        for (at, hop) in down.iter().enumerate() {
            let passage = if hop.meta().is_choice() || self.is_narrowed() {
                self.own_passage(graph, graph.links().down_id(marked.row(), at))
            } else {
                self.passages.at(hop.meta())
            };
            if passage != Passage::No {
                meet(self, hop.end(), passage == Passage::Sure);
            }
        }
    }

    /// The passage at a link where its places or its candidates decide.
    fn own_passage(&self, graph: &Graph, link: LinkId) -> Passage {
        match self.follows(graph, link) {
            None => Passage::No,
            Some((evidence, _)) if evidence.is_weak() => Passage::Weak,
            Some(_) => Passage::Sure,
        }
    }

    fn is_narrowed(&self) -> bool {
        !self.window.is_open()
    }

    /// The grade at which this walk goes over a link, and the place that says so; `None` where it does not.
    fn follows(&self, graph: &Graph, id: LinkId) -> Option<(Evidence, Option<Source>)> {
        let link = graph.link(id);
        if !self.hazard.follows(link.relation) {
            return None;
        }
        let source = graph.sources(id).next();
        if !self.begin.contains_key(&link.upstream) {
            return Some((link.evidence, source));
        }
        let evidence = self.certain_choice(graph, id, &link);
        if self.window.is_open() {
            return Some((evidence, source));
        }
        let best = graph.sources(id).filter_map(|source| {
            let of_source = if evidence < link.evidence { evidence } else { source.evidence };
            Some((self.in_window(graph, &source, of_source)?, Some(source)))
        });
        best.min()
    }

    /// "Some version of NAME" from a candidate: where every candidate is marked it counts as `--` (design.md section 3).
    fn certain_choice(&self, graph: &Graph, id: LinkId, link: &Link) -> Evidence {
        let all = graph.candidates(id).is_some_and(|all| all.iter().all(|target| self.marked.contains(&target.component())));
        if all && link.evidence == Evidence::Name { Evidence::Exact } else { link.evidence }
    }

    /// The grade of a place under the window: none where the mention was taken wholly outside, weak where it has no date.
    fn in_window(&self, graph: &Graph, source: &Source, evidence: Evidence) -> Option<Evidence> {
        let statement = source.statement.map(|id| graph.statements().get(id)).filter(|s| s.standing == Standing::Reference);
        match statement.filter(|_| !self.window.is_open()) {
            None => Some(evidence),
            Some(statement) => match statement.downloaded {
                Some(day) => self.window.contains(day).then_some(evidence),
                None => Some(evidence.max(Evidence::Name)),
            },
        }
    }

    /// The hazard that was walked.
    pub(crate) fn hazard(&self) -> Hazard {
        self.hazard
    }

    /// Whether a component is where the walk began.
    pub(crate) fn is_marked(&self, component: ComponentId) -> bool {
        self.begin.contains_key(&component)
    }

    /// The components upstream of one by links that the walk went over, and whether it began at a mention that leads there.
    pub(crate) fn before(&self, graph: &Graph, component: ComponentId) -> (Vec<ComponentId>, bool) {
        let links = || graph.up(component);
        let went = links().filter(|link| {
            let upstream = graph.link(*link).upstream;
            self.reached.has(upstream.row()) && self.follows(graph, *link).is_some()
        });
        let begins = !self.first.is_empty() && links().any(|link| self.first.contains_key(&link));
        (went.map(|link| graph.link(link).upstream).collect(), begins)
    }

    /// The components where it began.
    pub(crate) fn begin(&self) -> impl Iterator<Item = ComponentId> {
        self.begin.keys().copied()
    }

    /// What is reached by a path without a weak link from what is surely in scope.
    pub(crate) fn sure(&self) -> &Bits {
        &self.sure
    }

    /// What is reached, surely or not.
    pub(crate) fn reached(&self) -> &Bits {
        &self.reached
    }

    /// Links of the best path; 0 for what is marked or not reached.
    pub(crate) fn n_links(&self, graph: &Graph, component: ComponentId) -> u32 {
        let cost = self.cost(graph, component);
        if cost == UNREACHED { 0 } else { u32::try_from(cost % WEAK).unwrap_or(u32::MAX) }
    }

    /// Direct mentions that the window rules out: links of a marked component none of whose places is inside.
    pub(crate) fn outside_window(&self, graph: &Graph) -> Vec<LinkId> {
        if !self.is_narrowed() {
            return Vec::new();
        }
        let links = self.begin.keys().flat_map(|component| graph.down(*component));
        links.filter(|link| self.hazard.follows(graph.link(*link).relation) && self.follows(graph, *link).is_none()).collect()
    }

    /// The best path to a component, upstream first: fewest weak links, then the shortest, then by the ids upstream of each
    /// step. Empty for what is marked or not reached.
    pub(crate) fn path(&self, graph: &Graph, component: ComponentId) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = component;
        loop {
            let cost = self.cost(graph, at);
            if cost == UNREACHED || self.begin.get(&at) == Some(&cost) {
                break;
            }
            let mention = graph.up(at).find_map(|link| self.first.get(&link).filter(|(first, _)| *first == cost));
            if let Some((_, step)) = mention {
                steps.push(*step);
                break;
            }
            let before = graph.up(at).find_map(|id| {
                let (evidence, source) = self.follows(graph, id)?;
                let upstream = self.cost(graph, graph.link(id).upstream);
                let fits = upstream != UNREACHED && upstream + step_cost(evidence) == cost;
                fits.then_some(Step { link: id, evidence, source, mention: None })
            });
            // Every reached component was reached from somewhere; costs fall with each step, so this ends.
            let Some(step) = before else { break };
            steps.push(step);
            at = graph.link(step.link).upstream;
        }
        steps.reverse();
        steps
    }
}
