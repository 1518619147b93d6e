//! How many deployments are downstream of every component, under its kind's default hazard.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::record;
use crate::query::rank;
use std::io;

pub(crate) use crate::query::rank::Reached;

/// The counts of all components.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deploys(Vec<Reached>);

impl Deploys {
    /// The counts of a component.
    pub(crate) fn of(&self, id: ComponentId) -> Reached {
        self.0.get(id.row()).copied().unwrap_or_default()
    }

    /// Of how many components.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The counts of some components, which are numbered anew in their order.
    pub(crate) fn excerpt(&self, ids: &[ComponentId]) -> Self {
        Self(ids.iter().map(|id| self.of(*id)).collect())
    }

    /// Components of a kind, most confirmed first, then most possible, then by label.
    pub(crate) fn order(&self, graph: &Graph, kind: Kind) -> Vec<ComponentId> {
        let mut all: Vec<ComponentId> = graph.of_kind(kind).collect();
        all.sort_by(|a, b| self.of(*b).cmp(&self.of(*a)).then_with(|| graph.label(*a).cmp(&graph.label(*b))).then(a.cmp(b)));
        all
    }
}

record!(Reached { confirmed, possible });

impl Pack for Deploys {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.rows(self.0.len(), self.0.iter().copied())
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        input.rows().map(Self)
    }
}

/// Counts for all components.
pub(crate) fn deploys(graph: &Graph) -> Deploys {
    Deploys(rank::downstream(graph, Kind::Deployment))
}
