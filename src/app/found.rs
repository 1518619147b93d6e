//! What a search found, as the screen needs it: every row's component, and of the rows on screen what the letters met.
//!
//! Invariant: the rows described are those on screen; scores and positions of others are not known.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query::search::Hit;
use crate::query::search::hits::Hits;
use std::ops::Range;
use std::sync::Arc;

/// Rows that match.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// `None`: of an older graph; then the rows described are all that is left, until the new answer comes.
    hits: Option<Arc<Hits>>,
    first: usize,
    described: Vec<Hit>,
}

impl Found {
    /// What was found; nothing is described yet.
    pub(super) fn new(hits: Arc<Hits>) -> Self {
        Self { hits: Some(hits), ..Self::default() }
    }

    /// How many rows there are so far.
    pub(crate) fn len(&self) -> usize {
        self.hits.as_ref().map_or(self.described.len(), |hits| hits.len())
    }

    /// Whether surely nothing matches.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0 && self.hits.as_ref().is_none_or(|hits| hits.is_complete())
    }

    /// The component of a row.
    pub(crate) fn at(&self, row: usize) -> Option<ComponentId> {
        match (self.hit(row), &self.hits) {
            (Some(hit), _) => Some(hit.component),
            (None, Some(hits)) => hits.component(row),
            (None, None) => None,
        }
    }

    /// The row of a component.
    pub(super) fn position(&self, id: ComponentId) -> Option<usize> {
        match &self.hits {
            Some(hits) => hits.position(id),
            None => self.described.iter().position(|hit| hit.component == id),
        }
    }

    /// All components in order.
    pub(super) fn components(&self) -> impl Iterator<Item = ComponentId> + '_ {
        let described = if self.hits.is_none() { &self.described[..] } else { &[] };
        self.hits.iter().flat_map(|hits| hits.components()).chain(described.iter().map(|hit| hit.component))
    }

    /// What the letters met in a row, if it is on screen.
    pub(crate) fn hit(&self, row: usize) -> Option<&Hit> {
        self.described.get(row.checked_sub(self.first)?)
    }

    /// What a longer query may go on from.
    pub(super) fn hits(&self) -> Option<&Arc<Hits>> {
        self.hits.as_ref()
    }

    /// Describes the rows on screen; those that were described before are not described again.
    pub(super) fn describe(&mut self, graph: &Graph, rows: Range<usize>) {
        let Some(hits) = &self.hits else { return };
        let rows = rows.start..rows.end.min(hits.len());
        if self.first == rows.start && self.described.len() == rows.len() {
            return;
        }
        let before = self.first;
        let mut known: Vec<Option<Hit>> = std::mem::take(&mut self.described).into_iter().map(Some).collect();
        let mut known = |row: usize| known.get_mut(row.checked_sub(before)?)?.take();
        self.first = rows.start;
        self.described = rows.map_while(|row| known(row).or_else(|| hits.describe(graph, row))).collect();
    }

    /// Takes the rows on screen over to another graph, and drops the rest: how many went before them.
    pub(super) fn carry(&mut self, carry: impl Fn(ComponentId) -> Option<ComponentId>) {
        (self.hits, self.first) = (None, 0);
        self.described.retain_mut(|hit| carry(hit.component).map(|id| hit.component = id).is_some());
    }
}
