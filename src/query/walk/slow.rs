//! The same walk as its definition reads: every component by cost, a queue of costs, nothing saved. For tests only.

use crate::graph::Graph;
use crate::graph::Link;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::model::document::Standing;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::query::walk::Step;
use crate::query::walk::Window;
use crate::query::walk::cost::Cost;
use crate::query::walk::cost::UNREACHED;
use crate::query::walk::cost::WEAK;
use crate::query::walk::cost::step_cost;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// A finished walk under one hazard.
#[derive(Debug, Clone)]
pub(super) struct Slow {
    hazard: Hazard,
    window: Window,
    marked: FxHashSet<ComponentId>,
    /// By component start: its own cost (0, or one weak link where it is not surely in scope).
    begin: BTreeMap<ComponentId, Cost>,
    /// Links that begin at a mention, with their cost.
    first: BTreeMap<LinkId, (Cost, Step)>,
    cost: Vec<Cost>,
}

impl Slow {
    /// Slows downstream. O(components + links) time; cycles are walked once.
    pub(super) fn new(graph: &Graph, starts: &[Start], hazard: Hazard, window: Window) -> Self {
        let component = |start: &Start| match start.at {
            StartAt::Component(component) => Some((component, if start.sure { 0 } else { WEAK })),
            StartAt::Mention(_) => None,
        };
        let begin: BTreeMap<ComponentId, Cost> = starts.iter().filter_map(component).collect();
        let marked = begin.iter().filter(|(_, cost)| **cost == 0).map(|(component, _)| *component).collect();
        let mut walk = Self { hazard, window, marked, begin, first: BTreeMap::new(), cost: vec![UNREACHED; graph.len()] };
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
        for link in components.flat_map(|component| graph.down(component)) {
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
        let mut queue: BTreeMap<Cost, Vec<ComponentId>> = BTreeMap::new();
        for (component, cost) in &self.begin {
            queue.entry(*cost).or_default().push(*component);
        }
        for (link, (cost, _)) in &self.first {
            queue.entry(*cost).or_default().push(graph.link(*link).downstream);
        }
        while let Some((cost, components)) = queue.pop_first() {
            for component in components {
                if self.cost[component.row()] <= cost {
                    continue;
                }
                self.cost[component.row()] = cost;
                for link in graph.down(component) {
                    let Some(evidence) = self.follows(graph, link).map(|(evidence, _)| evidence) else { continue };
                    let next = cost + step_cost(evidence);
                    if next < self.cost[graph.link(link).downstream.row()] {
                        queue.entry(next).or_default().push(graph.link(link).downstream);
                    }
                }
            }
        }
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

    /// Whether a component is where the walk began.
    pub(super) fn is_marked(&self, component: ComponentId) -> bool {
        self.begin.contains_key(&component)
    }

    /// Weak links of the best path, scope counted; `None` where the component is not reached.
    pub(super) fn n_weak(&self, component: ComponentId) -> Option<u32> {
        let cost = self.cost[component.row()];
        (cost != UNREACHED).then(|| u32::try_from(cost / WEAK).unwrap_or(u32::MAX))
    }

    /// Links of the best path; 0 for what is marked or not reached.
    pub(super) fn n_links(&self, component: ComponentId) -> u32 {
        let cost = self.cost[component.row()];
        if cost == UNREACHED { 0 } else { u32::try_from(cost % WEAK).unwrap_or(u32::MAX) }
    }

    /// Direct mentions that the window rules out: links of a marked component none of whose places is inside.
    pub(super) fn outside_window(&self, graph: &Graph) -> Vec<LinkId> {
        let links = self.begin.keys().flat_map(|component| graph.down(*component));
        links.filter(|link| self.hazard.follows(graph.link(*link).relation) && self.follows(graph, *link).is_none()).collect()
    }

    /// The best path to a component, upstream first: fewest weak links, then the shortest, then by the ids upstream of each
    /// step. Empty for what is marked or not reached.
    pub(super) fn path(&self, graph: &Graph, component: ComponentId) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = component;
        loop {
            let cost = self.cost[at.row()];
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
                let upstream = self.cost[graph.link(id).upstream.row()];
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
