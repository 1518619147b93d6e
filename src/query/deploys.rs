//! How many deployments are downstream of every component, under its kind's default hazard.
//!
//! Walked up from what is deployed, not down from everything: deployments are few, lineages shallow.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::record;
use std::io;

/// Deployments downstream of one component: never added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reached {
    /// By `==` and `--` links alone.
    pub confirmed: u32,
    /// Through a weak link only.
    pub possible: u32,
}

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
    let mut counts = vec![Reached::default(); graph.len()];
    let mut seen = vec![0_u32; graph.len()];
    let mut stamp = 0;
    for deployment in graph.of_kind(Kind::Deployment) {
        for hazard in [Hazard::Poisoned, Hazard::Vulnerable] {
            // The strong walk first: what it sees is confirmed, what only the second one sees is possible.
            stamp += 2;
            for (stamp, weak_too) in [(stamp, false), (stamp + 1, true)] {
                walk_up(graph, deployment, hazard, weak_too, stamp, &mut seen, &mut |id| {
                    if Hazard::default_for(graph.kind(id)) == hazard {
                        let count = &mut counts[id.row()];
                        *(if weak_too { &mut count.possible } else { &mut count.confirmed }) += 1;
                    }
                });
            }
        }
    }
    Deploys(counts)
}

/// Visits what is upstream. In the weak walk (`stamp` odd) what the strong walk before saw is passed through silently.
fn walk_up(
    graph: &Graph,
    from: ComponentId,
    hazard: Hazard,
    weak_too: bool,
    stamp: u32,
    seen: &mut [u32],
    visit: &mut dyn FnMut(ComponentId),
) {
    let mut todo = vec![from];
    while let Some(id) = todo.pop() {
        let before = std::mem::replace(&mut seen[id.row()], stamp);
        if before == stamp {
            continue;
        }
        if !(weak_too && before == stamp - 1) {
            visit(id);
        }
        let links = graph.up(id).map(|link| graph.link(link));
        let next = links.filter(|link| hazard.follows(link.relation) && (weak_too || !link.evidence.is_weak()));
        todo.extend(next.map(|link| link.upstream).filter(|up| seen[up.row()] != stamp));
    }
}
