//! petgraph's view of the graph: stated links, dense indices. Serves its non-recursive algorithms (threats.md 3).
//!
//! `maybe-same` links are left out: they run both ways by nature and no document states them.

use crate::graph::Graph;
use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::graph::links::Hop;
use crate::model::kind::Relation;
use petgraph::Direction;
use petgraph::visit::{
    GraphBase, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, NodeCount, NodeIndexable, VisitMap, Visitable,
};

impl GraphBase for Graph {
    type NodeId = ComponentId;
    type EdgeId = LinkId;
}

impl NodeCount for Graph {
    fn node_count(&self) -> usize {
        self.len()
    }
}

impl NodeIndexable for Graph {
    fn node_bound(&self) -> usize {
        self.len()
    }
    fn to_index(&self, id: ComponentId) -> usize {
        id.row()
    }
    fn from_index(&self, row: usize) -> ComponentId {
        ComponentId::new(row)
    }
}

impl Visitable for Graph {
    type Map = Seen;
    fn visit_map(&self) -> Seen {
        Seen(Bits::new(self.len()))
    }
    fn reset_map(&self, map: &mut Seen) {
        *map = self.visit_map();
    }
}

/// The components that an algorithm has visited.
pub(crate) struct Seen(Bits);

impl VisitMap<ComponentId> for Seen {
    fn visit(&mut self, id: ComponentId) -> bool {
        self.0.add(id.row())
    }
    fn is_visited(&self, id: &ComponentId) -> bool {
        self.0.has(id.row())
    }
    fn unvisit(&mut self, id: ComponentId) -> bool {
        self.0.remove(id.row())
    }
}

/// The other ends of a component's links.
pub(crate) struct Neighbors<'g>(std::slice::Iter<'g, Hop>);

impl Iterator for Neighbors<'_> {
    type Item = ComponentId;
    fn next(&mut self) -> Option<ComponentId> {
        let hop = self.0.by_ref().find(|hop| hop.meta().relation() != Relation::MaybeSame)?;
        Some(ComponentId::new(hop.end()))
    }
}

impl<'g> IntoNeighbors for &'g Graph {
    type Neighbors = Neighbors<'g>;
    fn neighbors(self, id: ComponentId) -> Neighbors<'g> {
        self.neighbors_directed(id, Direction::Outgoing)
    }
}

impl<'g> IntoNeighborsDirected for &'g Graph {
    type NeighborsDirected = Neighbors<'g>;
    fn neighbors_directed(self, id: ComponentId, towards: Direction) -> Neighbors<'g> {
        let hops = match towards {
            Direction::Outgoing => self.links.down(id.row()),
            Direction::Incoming => self.links.up(id.row()),
        };
        Neighbors(hops.iter())
    }
}

impl<'g> IntoNodeIdentifiers for &'g Graph {
    type NodeIdentifiers = Box<dyn Iterator<Item = ComponentId> + 'g>;
    fn node_identifiers(self) -> Self::NodeIdentifiers {
        Box::new(self.ids())
    }
}
