//! What documents state of the component that Detail shows, and of its neighbours: those are read ahead, so that the next
//! move finds them there.

use crate::graph::ids::ComponentId;
use crate::query::facts::Facts;
use std::sync::Arc;

/// Facts of so many components are kept: the one shown, its neighbours, and the one come from.
const KEPT: usize = 4;

/// Whose facts, in the graph of which generation.
type FactsOf = (Option<ComponentId>, u64);

/// What was read, as far as it may be looked at next.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    wanted: FactsOf,
    /// Newest last.
    read: Vec<(FactsOf, Arc<Facts>)>,
    /// Grows with every answer that was wanted.
    pub(super) changes: u64,
}

impl Stated {
    /// The facts that are wanted; `None`: being read, or of nobody.
    pub(super) fn facts(&self) -> Option<&Facts> {
        self.known(self.wanted)
    }

    fn known(&self, of: FactsOf) -> Option<&Facts> {
        self.read.iter().find(|(known, _)| *known == of).map(|(_, facts)| &**facts)
    }

    /// Wants the facts of a component now, and of some others soon: which are to be read, in this order.
    pub(super) fn want(&mut self, of: Option<ComponentId>, generation: u64, near: &[ComponentId]) -> Vec<ComponentId> {
        if self.wanted == (of, generation) {
            return Vec::new();
        }
        self.wanted = (of, generation);
        let all = of.into_iter().chain(near.iter().copied().filter(|_| of.is_some()));
        all.filter(|id| self.known((Some(*id), generation)).is_none()).collect()
    }

    /// Takes an answer, if it is of the graph that is looked at.
    pub(super) fn take(&mut self, of: ComponentId, generation: u64, facts: Facts) {
        let of = (Some(of), generation);
        if generation != self.wanted.1 {
            return;
        }
        self.read.retain(|(known, _)| *known != of && known.1 == generation);
        self.read.push((of, Arc::new(facts)));
        self.changes += u64::from(of == self.wanted);
        if self.read.len() > KEPT
            && let Some(oldest) = self.read.iter().position(|(known, _)| *known != self.wanted)
        {
            self.read.remove(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(row: usize) -> ComponentId {
        ComponentId::new(row)
    }

    #[test]
    fn a_move_to_a_neighbour_waits_for_nothing() {
        let mut stated = Stated::default();
        assert_eq!(stated.want(Some(id(1)), 1, &[id(2), id(0)]), [id(1), id(2), id(0)]);
        assert!(stated.facts().is_none());
        for row in [1, 2, 0] {
            stated.take(id(row), 1, Facts::default());
        }
        assert!(stated.facts().is_some() && stated.changes == 1);
        assert_eq!(stated.want(Some(id(1)), 1, &[id(2), id(0)]), []);
        assert_eq!(stated.want(Some(id(2)), 1, &[id(3), id(1)]), [id(3)]);
        assert!(stated.facts().is_some());
        stated.take(id(3), 1, Facts::default());
        stated.take(id(9), 1, Facts::default());
        assert!(stated.facts().is_some(), "what is shown is kept");
        assert_eq!(stated.read.len(), KEPT);
    }

    #[test]
    fn another_graph_is_read_anew() {
        let mut stated = Stated::default();
        stated.want(Some(id(1)), 1, &[]);
        stated.take(id(1), 1, Facts::default());
        assert_eq!(stated.want(Some(id(1)), 2, &[]), [id(1)]);
        stated.take(id(1), 1, Facts::default());
        assert!(stated.facts().is_none(), "an answer of the graph before");
        stated.take(id(1), 2, Facts::default());
        assert!(stated.facts().is_some() && stated.read.len() == 1);
        assert_eq!(stated.want(None, 2, &[id(2)]), []);
    }
}
