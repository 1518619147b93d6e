//! How many deployments are downstream of every component, under its kind's default hazard.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::query::rank;

pub(crate) use crate::query::rank::Reached;

/// The counts of all components.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deploys(Vec<Reached>);

impl Deploys {
    /// The counts of a component.
    pub(crate) fn of(&self, id: ComponentId) -> Reached {
        self.0.get(id.row()).copied().unwrap_or_default()
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

/// Counts for all components.
pub(crate) fn deploys(graph: &Graph) -> Deploys {
    Deploys(rank::downstream(graph, Kind::Deployment))
}
