//! What the best path to a component costs, for those that are asked about.
//!
//! A cost is (weak links, links), compared in that order: fewest weak links first, then the shortest. It depends on what is
//! upstream only, so a component costs a search of what is upstream of it and reached, once: all that is found is kept.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::links::Hop;
use crate::model::kind::Evidence;
use crate::query::spread::Passage;
use crate::query::walk::Walk;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Weak links in the upper half, links in the lower: plain comparison is the order of paths.
pub(in crate::query) type Cost = u64;
pub(super) const WEAK: Cost = 1 << 32;
pub(super) const UNREACHED: Cost = Cost::MAX;

/// Costs found so far; clones of a walk share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Costs(Arc<Mutex<FxHashMap<u32, Cost>>>);

/// What one more link costs.
pub(super) fn step_cost(evidence: Evidence) -> Cost {
    if evidence.is_weak() { WEAK + 1 } else { 1 }
}

/// Components whose cost is not known yet, with the links between them.
#[derive(Default)]
struct Cone {
    rows: Vec<u32>,
    places: FxHashMap<u32, usize>,
    /// By place: the best cost that is known without the others.
    costs: Vec<Cost>,
    /// By place: where its links go, and what each costs.
    down: Vec<Vec<(usize, Cost)>>,
}

impl Cone {
    fn place(&mut self, row: u32) -> usize {
        let next = self.rows.len();
        let place = *self.places.entry(row).or_insert(next);
        if place == next {
            self.rows.push(row);
            self.costs.push(UNREACHED);
            self.down.push(Vec::new());
        }
        place
    }

    /// The least costs over all links between them.
    fn settle(&mut self) {
        let begun = self.costs.iter().enumerate().filter(|(_, cost)| **cost != UNREACHED);
        let mut queue: BinaryHeap<Reverse<(Cost, usize)>> = begun.map(|(place, cost)| Reverse((*cost, place))).collect();
        while let Some(Reverse((cost, place))) = queue.pop() {
            if self.costs[place] < cost {
                continue;
            }
            for (down, step) in &self.down[place] {
                let next = cost + step;
                if next < self.costs[*down] {
                    self.costs[*down] = next;
                    queue.push(Reverse((next, *down)));
                }
            }
        }
    }
}

impl Walk {
    /// How many costs were found out.
    #[cfg(test)]
    pub(super) fn n_costs(&self) -> usize {
        self.costs.0.lock().unwrap().len()
    }

    /// The cost of the best path to a component.
    pub(in crate::query) fn cost(&self, graph: &Graph, component: ComponentId) -> Cost {
        if !self.reached.has(component.row()) {
            return UNREACHED;
        }
        let mut known = self.costs.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = component.row() as u32;
        if let Some(cost) = known.get(&row) {
            return *cost;
        }
        let mut cone = self.cone(graph, row, &known);
        cone.settle();
        known.extend(cone.rows.iter().copied().zip(cone.costs));
        known.get(&row).copied().unwrap_or(UNREACHED)
    }

    /// What is upstream of a component, reached and not known.
    fn cone(&self, graph: &Graph, row: u32, known: &FxHashMap<u32, Cost>) -> Cone {
        let mut cone = Cone::default();
        cone.place(row);
        let mut looked_at = 0;
        while let Some(row) = cone.rows.get(looked_at).copied() {
            let mut best = self.begin.get(&ComponentId::new(row as usize)).copied().unwrap_or(UNREACHED);
            for (at, hop) in graph.links().up(row as usize).iter().enumerate() {
                let own = graph.links().up_id(row as usize, at).filter(|_| !self.first.is_empty());
                best = own.and_then(|link| self.first.get(&link)).map_or(best, |(cost, _)| best.min(*cost));
                let Some(step) = self.step(graph, row, at, *hop) else { continue };
                let upstream = hop.end() as u32;
                if let Some(cost) = known.get(&upstream) {
                    best = best.min(cost + step);
                } else {
                    let place = cone.place(upstream);
                    cone.down[place].push((looked_at, step));
                }
            }
            cone.costs[looked_at] = best;
            looked_at += 1;
        }
        cone
    }

    /// What going over one link up of a component costs; `None` where the walk does not.
    fn step(&self, graph: &Graph, row: u32, at: usize, hop: Hop) -> Option<Cost> {
        let upstream = hop.end();
        if !self.reached.has(upstream) {
            return None;
        }
        if self.is_marked(ComponentId::new(upstream)) {
            let link = graph.links().up_id(row as usize, at)?;
            return self.follows(graph, link).map(|(evidence, _)| step_cost(evidence));
        }
        match self.passages.at(hop.meta()) {
            Passage::No => None,
            Passage::Sure => Some(1),
            Passage::Weak => Some(WEAK + 1),
        }
    }
}
