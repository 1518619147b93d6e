//! What a snapshot keeps for the next run: its first page, and how its lists begin.
//!
//! Invariant: what is taken back names only components of its graph.

use crate::app::snapshot::Snapshot;
use crate::app::snapshot::Totals;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::query::deploys::Deploys;
use crate::query::order::Order;
use rustc_hash::FxHashMap;
use std::io;
use std::sync::Arc;

/// Rows of each list on a first page: more than any screen has.
const FIRST_ROWS: usize = 256;

/// What is made of a graph for the lists.
#[derive(Debug)]
pub(crate) struct Lists {
    deploys: Option<Deploys>,
    order: Order,
    /// Components with the places of their findings, by component.
    flagged: Vec<(ComponentId, usize)>,
}

/// A snapshot that shows the first rows and nothing below them.
#[derive(Debug)]
pub(crate) struct FirstPage(pub Snapshot);

impl Snapshot {
    /// The first page of this snapshot.
    pub(crate) fn first_page(&self) -> FirstPage {
        let mut ids: Vec<ComponentId> = self.rows.iter().flat_map(|rows| rows.iter().take(FIRST_ROWS)).copied().collect();
        ids.sort_unstable();
        let new = |id: &ComponentId| ids.binary_search(id).ok().map(ComponentId::new);
        let page = Self {
            front: true,
            totals: self.totals,
            graph: self.graph.excerpt(&ids),
            deploys: self.deploys.as_ref().map(|deploys| deploys.excerpt(&ids)),
            order: Arc::new(Order::of(self.order.components().iter().filter_map(new).collect())),
            ..Self::default()
        };
        FirstPage(page.with_rows())
    }

    /// What would have to be made of the graph again.
    pub(crate) fn lists(&self) -> Lists {
        let mut flagged: Vec<_> = self.flagged.iter().flat_map(|(id, all)| all.iter().map(|at| (*id, *at))).collect();
        flagged.sort_unstable();
        Lists { deploys: self.deploys.clone(), order: Order::of(self.order.components().into()), flagged }
    }

    /// A graph with its lists; `None` where these are of another one.
    pub(crate) fn with_lists(graph: Graph, lists: Lists) -> Option<Self> {
        let totals = Totals::of(&graph);
        let Lists { deploys, order, flagged } = lists;
        let mut all = order.components().iter().chain(flagged.iter().map(|(id, _)| id));
        let known = all.all(|id| id.row() < graph.len())
            && order.components().len() == graph.len()
            && flagged.iter().all(|(_, at)| *at < graph.findings().len())
            && deploys.as_ref().is_none_or(|deploys| deploys.len() == graph.len());
        let mut by_component: FxHashMap<ComponentId, Vec<usize>> = FxHashMap::default();
        for (id, at) in flagged {
            by_component.entry(id).or_default().push(at);
        }
        let order = Arc::new(order);
        known.then(|| Self { totals, graph, deploys, order, flagged: by_component, ..Self::default() }.with_rows())
    }
}

impl Pack for Lists {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.deploys.pack(out)?;
        out.words(self.order.components())?;
        let (ids, places): (Vec<ComponentId>, Vec<u32>) =
            self.flagged.iter().map(|(id, at)| (*id, u32::try_from(*at).unwrap_or(u32::MAX))).unzip();
        out.words(&ids)?;
        out.array(&places)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let deploys = Pack::unpack(input)?;
        let order = Order::of(input.words()?);
        let (ids, places) = (input.words()?, input.array::<u32>()?);
        Ok(Self { deploys, order, flagged: ids.into_iter().zip(places.into_iter().map(|at| at as usize)).collect() })
    }
}

impl Pack for Totals {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        [self.documents, self.components, self.unread].iter().chain(&self.listed).try_for_each(|n| n.pack(out))
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let mut n = || usize::unpack(input);
        Ok(Self { documents: n()?, components: n()?, unread: n()?, listed: [n()?, n()?, n()?, n()?] })
    }
}

impl Pack for FirstPage {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.0.totals.pack(out)?;
        self.0.graph.pack(out)?;
        self.0.lists().pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let totals = Pack::unpack(input)?;
        let page = Snapshot::with_lists(Pack::unpack(input)?, Pack::unpack(input)?).ok_or(Damaged)?;
        Ok(Self(Snapshot { front: true, totals, ..page }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    fn again<T: Pack>(value: &T) -> T {
        let mut bytes = Vec::new();
        value.pack(&mut Out::new(&mut bytes)).unwrap();
        T::unpack(&mut In::new(&mut &*bytes, bytes.len() as u64)).unwrap()
    }

    fn whole() -> Snapshot {
        Snapshot::new(fixture::graph("a -> b -> x@production\nc -> y@staging\nb -> z@edge"), true)
    }

    /// Labels and counts of each tab.
    fn shown(snapshot: &Snapshot) -> Vec<(String, String)> {
        let deploys = snapshot.deploys.as_ref().unwrap();
        let row = |id: &ComponentId| (snapshot.graph.label(*id).show().into_string(), format!("{:?}", deploys.of(*id)));
        snapshot.rows.iter().flat_map(|rows| rows.iter().map(row)).collect()
    }

    #[test]
    fn a_first_page_shows_what_the_whole_shows() {
        let whole = whole();
        let FirstPage(page) = again(&whole.first_page());
        assert_eq!((page.front, page.totals), (true, whole.totals));
        assert_eq!(shown(&page), shown(&whole));
        for id in page.graph.ids() {
            assert!(whole.carry(&page, id).is_some_and(|other| whole.graph.kind(other) == page.graph.kind(id)));
        }
    }

    #[test]
    fn lists_belong_to_their_graph() {
        let whole = whole();
        let kept = Snapshot::with_lists(again(&whole.graph), again(&whole.lists())).unwrap();
        assert_eq!((kept.front, kept.totals, shown(&kept)), (false, whole.totals, shown(&whole)));
        assert!(Snapshot::with_lists(fixture::graph("a -> b"), whole.lists()).is_none());
    }
}
