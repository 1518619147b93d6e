//! What a graph takes in memory, by part.
//!
//! Counted are the bytes of what the graph owns as it is after building: vectors by their length, hash tables by their
//! capacity with one byte a slot, boxed lists with 16 bytes for the allocator. Names aside: the texts, with their index, have
//! a part of their own. Findings, and what queries keep with the graph once they are asked, are not counted.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;

impl Graph {
    /// Bytes by part.
    pub(crate) fn memory(&self) -> Vec<(&'static str, usize)> {
        let (links, places) = self.links.bytes();
        vec![
            ("links", links),
            ("places of links", places),
            ("components", size_of_val(&*self.components)),
            ("statements", self.statements.bytes() + self.meanings.bytes() + self.statements_of.bytes()),
            ("declared in", self.declared_in.bytes()),
            ("documents", self.documents.bytes()),
            ("deployments", self.deployments.capacity() * (size_of::<(ComponentId, crate::graph::DeploymentInfo)>() + 1)),
            ("names", self.statements.texts.bytes()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::bare::BareLink;
    use crate::graph::bare::bare;
    use crate::model::kind::Evidence;
    use crate::model::kind::Kind;
    use crate::model::kind::Relation;

    #[test]
    fn a_link_takes_eleven_bytes_and_a_component_eight_more() {
        let link =
            |n: u32| BareLink { upstream: n % 10, downstream: 10 + n / 10, relation: Relation::Base, evidence: Evidence::Digest };
        let (graph, _) = bare(&[(Kind::Model, true); 1000], (0..9900).map(link));
        let memory = graph.memory();
        let of = |part| memory.iter().find(|(name, _)| *name == part).unwrap().1;
        assert_eq!(graph.links().len(), 9900);
        assert!(of("links") <= 9900 * 8 + 1001 * 8 + 1024 / 8, "{memory:?}");
        assert_eq!(graph.id(graph.ids().next().unwrap()).as_key(), "model-00000000");
    }
}
