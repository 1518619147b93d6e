//! A graph with what every screen of it needs, made once, away from the interface.
//!
//! Invariant: ids of one snapshot mean nothing in another; [`Snapshot::carry`] translates.

use crate::app::roster::Roster;
use crate::app::tab::Tab;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::deploys;
use crate::query::deploys::Deploys;
use crate::query::impact::Impact;
use crate::query::order;
use crate::query::order::Order;
use crate::query::search::index::Index;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::OnceLock;

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    State,
    Deploys,
    Name,
}

impl Sort {
    /// The word in the rule under the list.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Deploys => "deploys",
            Self::Name => "name",
        }
    }
}

/// Numbers of the header and the tabs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub documents: usize,
    pub components: usize,
    /// Files or documents that were not read.
    pub unread: usize,
    /// By tab.
    pub(super) listed: [usize; 4],
}

impl Totals {
    /// The numbers of a whole graph.
    pub(super) fn of(graph: &Graph) -> Self {
        let listed = TABS.map(|tab| tab.kinds().iter().map(|kind| graph.of_kind(*kind).len()).sum());
        Self { documents: graph.documents().len(), components: graph.len(), unread: graph.n_unread(), listed }
    }
}

/// A repository as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// It is a first page: components without their links, and only the first ones of each list.
    pub front: bool,
    pub totals: Totals,
    pub graph: Graph,
    /// `None` while documents are still being read.
    pub deploys: Option<Deploys>,
    /// By tab: rows in the order a list begins with.
    pub rows: [Arc<[ComponentId]>; 4],
    /// By component that some finding is about: positions in the graph's findings.
    pub(super) flagged: FxHashMap<ComponentId, Vec<usize>>,
    pub(super) order: Arc<Order>,
    pub(super) roster: OnceLock<Roster>,
    /// Made when it is first needed.
    pub(super) index: OnceLock<Arc<Index>>,
    /// All components by name; made when it is first needed.
    pub(super) by_name: OnceLock<Box<[ComponentId]>>,
}

impl Snapshot {
    /// Prepares a graph; `done` says that no more documents will come.
    pub(crate) fn new(graph: Graph, done: bool) -> Self {
        let deploys = done.then(|| deploys::deploys(&graph));
        let order = Arc::new(Order::new(&graph, deploys.as_ref().unwrap_or(&Deploys::default())));
        let mut flagged: FxHashMap<ComponentId, Vec<usize>> = FxHashMap::default();
        for (at, finding) in graph.findings().iter().enumerate() {
            if let Some(id) = finding.component.as_deref().and_then(|id| graph.by_id(id)) {
                flagged.entry(id).or_default().push(at);
            }
        }
        let totals = Totals::of(&graph);
        Self { totals, graph, deploys, flagged, order, ..Self::default() }.with_rows()
    }

    /// The same with the rows that its lists begin with.
    pub(super) fn with_rows(self) -> Self {
        let mut snapshot = self;
        let sort = snapshot.first_sort();
        snapshot.rows = TABS.map(|tab| snapshot.sorted(tab, sort, None));
        snapshot
    }

    /// Stage, service and owner of every deployment.
    pub(crate) fn roster(&self) -> &Roster {
        self.roster.get_or_init(|| Roster::new(&self.graph))
    }

    /// The order a list begins with.
    pub(crate) fn first_sort(&self) -> Sort {
        if self.deploys.is_some() { Sort::Deploys } else { Sort::Name }
    }

    /// What a search looks through. The first one to ask waits until it is made.
    pub(crate) fn index(&self) -> &Arc<Index> {
        self.index.get_or_init(|| Arc::new(Index::new(&self.graph, Arc::clone(&self.order))))
    }

    /// The rows of a tab in some order; ties go by label, then id.
    pub(crate) fn sorted(&self, tab: Tab, sort: Sort, impact: Option<&Impact>) -> Arc<[ComponentId]> {
        let of_tab = |id: &ComponentId| tab.kinds().contains(&self.graph.kind(*id));
        let rows = |order: &[ComponentId]| -> Vec<ComponentId> { order.iter().copied().filter(of_tab).collect() };
        match (sort, impact, &self.deploys) {
            (Sort::State, Some(impact), _) => {
                let mut rows = rows(self.by_name());
                rows.sort_by_key(|id| (!impact.is_marked(*id), impact.state(*id)));
                rows.into()
            }
            (Sort::Deploys, _, Some(_)) => rows(self.order.components()).into(),
            (Sort::State | Sort::Deploys | Sort::Name, ..) => rows(self.by_name()).into(),
        }
    }

    fn by_name(&self) -> &[ComponentId] {
        self.by_name.get_or_init(|| order::by_name(&self.graph).into())
    }

    /// The component of this snapshot that `id` was in an older one.
    pub(crate) fn carry(&self, old: &Self, id: ComponentId) -> Option<ComponentId> {
        let printed = old.graph.id(id).as_key();
        // More documents may have made the id longer, where two components now share its beginning.
        let bare = printed.split_once('#').map_or(printed, |(bare, _)| bare);
        self.graph.by_id(printed).or_else(|| self.graph.by_id(bare)).or_else(|| {
            let label = old.graph.label(id);
            let kind = old.graph.kind(id);
            self.graph.of_kind(kind).find(|other| self.graph.label(*other) == label)
        })
    }

    /// Whether a component has no document that would tell what it is made of.
    pub(crate) fn is_hole(&self, id: ComponentId) -> bool {
        let component = self.graph.component(id);
        matches!(component.kind, Kind::Model | Kind::Application) && !component.documented && !self.graph.is_root(id)
    }

    /// How many components a tab lists.
    pub(crate) fn n_of(&self, tab: Tab) -> usize {
        self.totals.listed.get(tab.row()).copied().unwrap_or(0)
    }

    /// The findings about one component, worst first.
    pub(crate) fn findings_of(&self, id: ComponentId) -> impl Iterator<Item = &Finding> {
        self.flagged.get(&id).into_iter().flatten().filter_map(|at| self.graph.findings().get(*at))
    }

    /// Whether some finding is about a component.
    pub(crate) fn is_flagged(&self, id: ComponentId) -> bool {
        self.flagged.contains_key(&id)
    }
}

/// The tabs that list components.
const TABS: [Tab; 4] = [Tab::Models, Tab::Datasets, Tab::Packages, Tab::Deployments];

/// Whether `n` and `N` stop at a state.
pub(crate) fn is_hit(state: State) -> bool {
    matches!(state, State::Affected | State::Possible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn rows_begin_with_what_reaches_most() {
        let snapshot = Snapshot::new(fixture::graph("a -> b -> x@production\nc -> y@staging\nb -> z@edge"), true);
        let labels: Vec<String> = snapshot.rows[0].iter().map(|id| snapshot.graph.label(*id).show().into_string()).collect();
        assert_eq!(labels, ["a", "b", "c"]);
    }

    #[test]
    fn a_component_is_found_again_by_its_id() {
        let old = Snapshot::new(fixture::graph("b -> x@production"), false);
        let new = Snapshot::new(fixture::graph("a -> b -> x@production"), true);
        let b = old.graph.find("b").unwrap();
        assert_eq!(new.carry(&old, b), new.graph.find("b"));
    }
}
