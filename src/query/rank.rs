//! How much is downstream of every component: exact counts of distinct targets, under the hazard that is usual for its kind.
//!
//! Walked up from the targets, not down from everything: what has none downstream is never looked at. Usually little is
//! upstream of a target, and each is walked up from alone. Where much is, they go together, as many as there are bits in a
//! mask, each in an order in which a component comes before what is upstream of it, so that one sweep hands the masks up.
//! What a cycle brings back is handed on until nothing changes.

use crate::graph::Graph;
use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::links::Links;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::spread::Passage;
use crate::query::spread::Passages;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// What is downstream of one component: never added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reached {
    /// By `==` and `--` links alone.
    pub confirmed: u32,
    /// Through a weak link only.
    pub possible: u32,
}

/// One row of the rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ranked {
    pub component: ComponentId,
    pub deployments: Reached,
    pub models: Reached,
}

/// The components of a kind, or all: most deployments first, then most models, then by kind and id.
pub(crate) fn rank(graph: &Graph, kind: Option<Kind>, limit: usize) -> Vec<Ranked> {
    let (deployments, models) = (downstream(graph, Kind::Deployment), downstream(graph, Kind::Model));
    let row =
        |component: ComponentId| Ranked { component, deployments: deployments[component.row()], models: models[component.row()] };
    let listed = graph.ids().filter(|id| kind.is_none_or(|kind| kind == graph.kind(*id)));
    let mut rows: Vec<Ranked> = listed.map(row).collect();
    rows.sort_by_key(|row| Reverse((row.deployments, row.models)));
    rows.truncate(limit);
    rows
}

/// By component: how many of `targets`, deployments or models, are downstream of it. A model is not downstream of itself; a
/// deployment is its own answer.
pub(crate) fn downstream(graph: &Graph, targets: Kind) -> Vec<Reached> {
    let mut counts = vec![Reached::default(); graph.len()];
    for hazard in [Hazard::Poisoned, Hazard::Vulnerable] {
        count(graph, hazard, graph.rows_of(targets), ALONE, &mut counts);
    }
    if targets != Kind::Deployment {
        for row in graph.rows_of(targets) {
            counts[row].confirmed = counts[row].confirmed.saturating_sub(1);
        }
    }
    counts
}

/// How many links up the targets of a block are worth each before the rest of them go together.
const ALONE: usize = 100;

/// Who counts at once; each has a tally of all components.
const WORKERS: usize = 8;

/// Counts the targets downstream of the components for which a hazard is the usual one. Returns how many components were
/// looked at, again for each target or block.
fn count(graph: &Graph, hazard: Hazard, targets: Range<usize>, alone: usize, counts: &mut [Reached]) -> usize {
    let field = Field::new(graph, hazard);
    let n_workers = rayon::current_num_threads().clamp(1, WORKERS);
    let work = |worker: usize| {
        let mut tally = vec![Reached::default(); graph.len()];
        let (mut walker, mut cone) = (Walker::new(graph.len()), Cone::default());
        let mut visited = 0;
        for start in targets.clone().step_by(TARGETS).skip(worker).step_by(n_workers) {
            let end = (start + TARGETS).min(targets.end);
            let mut left = TARGETS * alone;
            let mut next = start;
            while next < end && left > 0 {
                visited += walker.walk(&field, next as u32, &mut left, &mut tally);
                next += 1;
            }
            if next < end {
                cone.fill(&field, next..end);
                cone.sweep(&field);
                cone.add_to(&field, &mut tally);
                visited += cone.rows.len();
            }
        }
        (tally, visited)
    };
    let tallies: Vec<(Vec<Reached>, usize)> = (0..n_workers).into_par_iter().map(work).collect();
    for (tally, _) in &tallies {
        for (count, more) in counts.iter_mut().zip(tally) {
            count.confirmed += more.confirmed;
            count.possible += more.possible;
        }
    }
    tallies.iter().map(|(_, visited)| visited).sum()
}

/// Words of a mask; sixty-four targets each.
const WORDS: usize = 4;
const TARGETS: usize = WORDS * 64;

/// Which targets of a block are downstream: surely, and at all.
#[derive(Debug, Clone, Copy, Default)]
struct Mask {
    sure: [u64; WORDS],
    all: [u64; WORDS],
}

impl Mask {
    /// Adds what is downstream of the other end of a link; whether that changes anything.
    fn hand_up(&mut self, from: &Self, surely: bool) -> bool {
        let before = (self.sure, self.all);
        for word in 0..WORDS {
            self.all[word] |= from.all[word];
            if surely {
                self.sure[word] |= from.sure[word];
            }
        }
        (self.sure, self.all) != before
    }

    fn reached(&self) -> Reached {
        let ones = |words: [u64; WORDS]| words.into_iter().map(u64::count_ones).sum::<u32>();
        Reached { confirmed: ones(self.sure), possible: ones(self.all) - ones(self.sure) }
    }
}

/// What all blocks have in common.
struct Field<'g> {
    links: &'g Links,
    passages: Passages,
    /// Components that are counted under this hazard.
    counted: Bits,
    /// Those, and what has something upstream: the rest need not be looked at.
    worth: Bits,
}

impl<'g> Field<'g> {
    fn new(graph: &'g Graph, hazard: Hazard) -> Self {
        let links = graph.links();
        let (mut counted, mut worth) = (Bits::new(graph.len()), Bits::new(graph.len()));
        for kind in Kind::ALL {
            let own = Hazard::default_for(kind) == hazard;
            for row in graph.rows_of(kind) {
                if own {
                    counted.add(row);
                }
                if own || !links.up(row).is_empty() {
                    worth.add(row);
                }
            }
        }
        Self { links, passages: Passages::of(hazard), counted, worth }
    }

    /// What is directly upstream of a component and matters: its row, and whether the link is sure.
    fn up(&self, row: u32, from: usize) -> impl Iterator<Item = (usize, u32, bool)> {
        let left = self.links.up(row as usize).iter().enumerate().skip(from);
        left.filter_map(|(at, hop)| {
            let surely = match self.passages.at(hop.meta()) {
                Passage::No => return None,
                Passage::Sure => true,
                Passage::Weak => false,
            };
            self.worth.has(hop.end()).then_some((at, hop.end() as u32, surely))
        })
    }
}

/// Walks up from one target at a time.
struct Walker {
    sure: Bits,
    all: Bits,
    /// What is surely upstream of the target, itself included, then what is upstream by a weak link.
    rows: [Vec<u32>; 2],
}

impl Walker {
    fn new(n: usize) -> Self {
        Self { sure: Bits::new(n), all: Bits::new(n), rows: [Vec::new(), Vec::new()] }
    }

    /// Counts a target for all that is upstream of it, and takes the links it looked at from `left`, the last of them in debt.
    /// Returns how many components there are.
    fn walk(&mut self, field: &Field<'_>, target: u32, left: &mut usize, tally: &mut [Reached]) -> usize {
        let Self { sure, all, rows: [surely, weakly] } = self;
        surely.push(target);
        sure.add(target as usize);
        let mut links = 0;
        let mut at = 0;
        while let Some(row) = surely.get(at).copied() {
            at += 1;
            for (_, up, is_sure) in field.up(row, 0) {
                links += 1;
                if is_sure {
                    if sure.add(up as usize) {
                        surely.push(up);
                    }
                } else if all.add(up as usize) {
                    weakly.push(up);
                }
            }
        }
        let mut at = 0;
        while let Some(row) = weakly.get(at).copied() {
            at += 1;
            if !sure.has(row as usize) {
                for (_, up, _) in field.up(row, 0) {
                    links += 1;
                    if !sure.has(up as usize) && all.add(up as usize) {
                        weakly.push(up);
                    }
                }
            }
        }
        *left = left.saturating_sub(links);
        let n = surely.len() + weakly.len();
        // In this order: what is upstream both ways is surely so.
        for row in weakly.drain(..).map(|row| row as usize) {
            all.remove(row);
            tally[row].possible += u32::from(field.counted.has(row) && !sure.has(row));
        }
        for row in surely.drain(..).map(|row| row as usize) {
            sure.remove(row);
            tally[row].confirmed += u32::from(field.counted.has(row));
        }
        n
    }
}

/// One block of targets with all that is upstream of them.
#[derive(Debug, Default)]
struct Cone {
    /// Each after all that is upstream of it, but for cycles.
    rows: Vec<u32>,
    /// Where `rows` has a component.
    places: FxHashMap<u32, usize>,
    masks: Vec<Mask>,
}

impl Cone {
    /// Finds what is upstream, with a stack of its own: a component is done after what is upstream of it.
    fn fill(&mut self, field: &Field<'_>, targets: Range<usize>) {
        self.rows.clear();
        self.places.clear();
        let mut open: Vec<(u32, usize)> = Vec::new();
        for target in targets.clone() {
            let target = target as u32;
            // A model that is upstream of an earlier one has its place.
            if let Entry::Vacant(place) = self.places.entry(target) {
                place.insert(0);
                open.push((target, 0));
            }
            while let Some((row, from)) = open.pop() {
                let new = field.up(row, from).find(|(_, up, _)| !self.places.contains_key(up));
                if let Some((at, up, _)) = new {
                    open.push((row, at + 1));
                    self.places.insert(up, 0);
                    open.push((up, 0));
                } else {
                    self.places.insert(row, self.rows.len());
                    self.rows.push(row);
                }
            }
        }
        self.masks.clear();
        self.masks.resize(self.rows.len(), Mask::default());
        for (number, target) in targets.enumerate() {
            if let Some(mask) = self.places.get(&(target as u32)).and_then(|place| self.masks.get_mut(*place)) {
                mask.sure[number / 64] |= 1 << (number % 64);
                mask.all[number / 64] |= 1 << (number % 64);
            }
        }
    }

    /// Hands all masks up.
    fn sweep(&mut self, field: &Field<'_>) {
        let mut again = Vec::new();
        for place in (0..self.rows.len()).rev() {
            self.hand_up(field, place, place, &mut again);
        }
        while let Some(place) = again.pop() {
            self.hand_up(field, place, 0, &mut again);
        }
    }

    /// Hands one mask up; who has changed and has a place from `done` on must hand up `again`.
    fn hand_up(&mut self, field: &Field<'_>, place: usize, done: usize, again: &mut Vec<usize>) {
        let mask = self.masks[place];
        for (_, up, surely) in field.up(self.rows[place], 0) {
            let Some(up) = self.places.get(&up).copied() else { continue };
            if self.masks[up].hand_up(&mask, surely) && up >= done {
                again.push(up);
            }
        }
    }

    fn add_to(&self, field: &Field<'_>, tally: &mut [Reached]) {
        for (row, mask) in self.rows.iter().zip(&self.masks).filter(|(row, _)| field.counted.has(**row as usize)) {
            let reached = mask.reached();
            tally[*row as usize].confirmed += reached.confirmed;
            tally[*row as usize].possible += reached.possible;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::bare::BareLink;
    use crate::graph::bare::bare;
    use crate::graph::select::Match;
    use crate::graph::select::Start;
    use crate::graph::select::StartAt;
    use crate::model::kind::Evidence;
    use crate::model::kind::Relation;
    use crate::query::impact::Mark;
    use crate::query::impact::Window;
    use crate::query::impact::impact;
    use crate::query::select::Selection;
    use proptest::prelude::*;

    const MODELS: u32 = 60;
    const DEPLOYMENTS: u32 = 700;

    /// Models with any links among them, cycles too; more deployments than fit one block, all of the first models.
    fn crowded(links: &[(u32, u32, bool)]) -> Graph {
        let kinds = (0..MODELS + DEPLOYMENTS).map(|n| (if n < MODELS { Kind::Model } else { Kind::Deployment }, true));
        let grade = |weak| if weak { Evidence::Name } else { Evidence::Digest };
        let between = links.iter().map(|(upstream, downstream, weak)| BareLink {
            upstream: *upstream,
            downstream: *downstream,
            relation: Relation::Base,
            evidence: grade(*weak),
        });
        let deployed = (0..DEPLOYMENTS).map(|n| BareLink {
            upstream: n * 7 % 40,
            downstream: MODELS + n,
            relation: Relation::Deployed,
            evidence: grade(n % 50 == 0),
        });
        bare(&kinds.collect::<Vec<_>>(), between.chain(deployed)).0
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn blocks_add_up(links in prop::collection::vec((0..MODELS, 0..MODELS, any::<bool>()), 0..200)) {
            let graph = crowded(&links);
            for targets in [Kind::Deployment, Kind::Model] {
                let counted = |alone| {
                    let mut counts = vec![Reached::default(); graph.len()];
                    count(&graph, Hazard::Poisoned, graph.rows_of(targets), alone, &mut counts);
                    counts
                };
                prop_assert_eq!(counted(0), counted(usize::MAX / TARGETS), "together or alone");
                prop_assert_eq!(counted(0), counted(1), "together or some alone");
            }
            for row in rank(&graph, None, usize::MAX) {
                let id = row.component;
                let starts = vec![Start { at: StartAt::Component(id), sure: true, matched: Match::Name }];
                let hazard = Hazard::default_for(graph.kind(id));
                let selection = Selection { starts, ruled_out: Vec::new() };
                let answer = impact(&graph, &[Mark { selection, hazard, window: Window::default(), kinds: Vec::new() }]);
                for (kind, found) in [(Kind::Deployment, row.deployments), (Kind::Model, row.models)] {
                    let counts = answer.counts(&graph, kind);
                    let expected = Reached { confirmed: counts.affected as u32, possible: counts.possible as u32 };
                    prop_assert_eq!(found, expected, "{} of {:?}", kind, id);
                }
            }
        }
    }

    #[test]
    fn only_what_has_a_deployment_downstream_is_looked_at() {
        let mut components = vec![(Kind::Model, true); 10_000];
        components.extend([(Kind::Deployment, true); 3]);
        let link = |upstream, downstream, relation| BareLink { upstream, downstream, relation, evidence: Evidence::Digest };
        let chain = (1..10_000).map(|n| link(if n < 10 { n - 1 } else { 0 }, n, Relation::Base));
        let deployed = (0..3).map(|n| link(9 - n, 10_000 + n, Relation::Deployed));
        let (graph, _) = bare(&components, chain.chain(deployed));
        for (alone, visited) in [(0, 13), (ALONE, 11 + 10 + 9)] {
            let mut counts = vec![Reached::default(); graph.len()];
            assert_eq!(count(&graph, Hazard::Poisoned, graph.rows_of(Kind::Deployment), alone, &mut counts), visited);
            assert_eq!(counts[0].confirmed, 3);
        }
    }
}
