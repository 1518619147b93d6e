//! All ways from what is marked to the AFFECTED deployments, weak links too, and nothing else of the graph.

use crate::graph::ids::ComponentId;
use crate::query::plan::Question;
use rustc_hash::FxHashMap;

/// Components by place, with the links between them. What is marked is not in it: its links down are beginnings.
#[derive(Debug, Default)]
pub(super) struct Network {
    pub ids: Vec<ComponentId>,
    /// By place: places downstream, each once.
    pub down: Vec<Vec<usize>>,
    /// Places that a walk reaches right from what is marked.
    pub begins: Vec<usize>,
    /// Places of the deployments that are to be cleared.
    pub targets: Vec<usize>,
    /// Deployments that are marked themselves: no model stands between.
    pub marked: Vec<ComponentId>,
}

impl Network {
    /// Goes up from the deployments, over what the walks went down.
    pub(super) fn new(question: &Question<'_>, affected: &[ComponentId]) -> Self {
        let mut network = Self::default();
        let mut places: FxHashMap<ComponentId, usize> = FxHashMap::default();
        for id in affected {
            if question.impact.is_marked(*id) {
                network.marked.push(*id);
            } else {
                let place = network.place(&mut places, *id);
                network.targets.push(place);
            }
        }
        let mut at = 0;
        while let Some(id) = network.ids.get(at).copied() {
            let (before, mut begins) = question.impact.before(question.graph, id);
            for upstream in before {
                if question.impact.is_marked(upstream) {
                    begins = true;
                } else {
                    let place = network.place(&mut places, upstream);
                    if let Some(down) = network.down.get_mut(place) {
                        down.push(at);
                    }
                }
            }
            network.begins.extend(begins.then_some(at));
            at += 1;
        }
        network
    }

    fn place(&mut self, places: &mut FxHashMap<ComponentId, usize>, id: ComponentId) -> usize {
        let next = self.ids.len();
        let place = *places.entry(id).or_insert(next);
        if place == next {
            self.ids.push(id);
            self.down.push(Vec::new());
        }
        place
    }

    /// Which places are reached from the beginnings by way of places that `through` lets pass; those it does not are reached
    /// too, but not gone on from.
    pub(super) fn reached(&self, through: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.ids.len()];
        let mut todo = self.begins.clone();
        while let Some(place) = todo.pop() {
            let Some(seen) = reached.get_mut(place).filter(|seen| !**seen) else { continue };
            *seen = true;
            if through(place) {
                todo.extend(self.down.get(place).into_iter().flatten());
            }
        }
        reached
    }
}
