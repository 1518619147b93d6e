//! What a fire drill asks about: components with deployments downstream, drawn by lot.
//!
//! Invariant: the same graph and seed draw the same components in the same order, on every machine.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::query::deploys;

/// Draws at most `n` components that reach a deployment, no one twice. Each is as likely as any other.
pub(crate) fn draw(graph: &Graph, seed: u64, n: usize) -> Vec<ComponentId> {
    let deploys = deploys::deploys(graph);
    let reaches = |id: &ComponentId| graph.kind(*id) != Kind::Deployment && deploys.of(*id).confirmed > 0;
    let mut all: Vec<ComponentId> = graph.ids().filter(reaches).collect();
    let mut lot = Lot(seed);
    let n = n.min(all.len());
    for at in 0..n {
        let other = at + lot.below(all.len() - at);
        all.swap(at, other);
    }
    all.truncate(n);
    all
}

/// `SplitMix64` (Steele, Lea, Flood, 2014): numbers that depend on the seed alone.
struct Lot(u64);

impl Lot {
    /// A number below `n`, which is not 0.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // The upper half of a product of 128 bits: as good as even for any size that fits memory.
        ((u128::from(z) * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;
    use std::collections::BTreeSet;

    #[test]
    fn only_what_reaches_a_deployment_is_drawn_and_the_seed_decides() {
        let graph = fixture::graph("a -> b -> x@production\nc -> d\npackage:torch -> b");
        let names = |seed| draw(&graph, seed, 10).into_iter().map(|id| graph.id(id).as_key().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(1).into_iter().collect::<BTreeSet<_>>(), ["a", "b", "torch@1.0"].map(str::to_owned).into());
        assert_eq!(names(7), names(7));
        assert!((0..50).any(|seed| names(seed) != names(7)), "seeds differ");
        assert_eq!(draw(&graph, 1, 2).len(), 2);
    }

    #[test]
    fn the_first_numbers_are_those_of_the_published_algorithm() {
        let mut lot = Lot(1_234_567);
        let first: Vec<usize> = (0..3).map(|_| lot.below(1 << 32)).collect();
        assert_eq!(first, [1_503_580_183, 745_795_716, 2_285_812_965]);
    }
}
