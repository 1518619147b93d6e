//! What a search found: which rows match, in order; all else of a hit on demand.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query::search::Hit;
use crate::query::search::HitBy;
use crate::query::search::Query;
use crate::query::search::admit::Kinds;
use crate::query::search::index::Index;
use crate::query::search::marks::Marks;
use std::sync::Arc;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Where {
    pub kinds: Kinds,
    /// In aliases and files too.
    pub everywhere: bool,
}

/// Work done, for tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// Texts that were read, not those whose mask told enough.
    pub texts: usize,
}

/// What was found, of one graph.
#[derive(Debug, Clone)]
pub(crate) struct Hits {
    pub(super) index: Arc<Index>,
    pub(super) query: Query,
    pub(super) within: Where,
    pub(super) labels: Marks,
    pub(super) aliases: Marks,
    pub(super) files: Marks,
    pub(super) complete: bool,
    pub(super) work: Work,
}

/// A row of one of the columns.
#[derive(Debug, Clone, Copy)]
enum Place {
    Label(usize),
    Alias(usize),
    File(usize),
}

impl Hits {
    /// How many there are so far.
    pub(crate) fn len(&self) -> usize {
        self.labels.len() + self.aliases.len() + self.files.len()
    }

    /// Whether all was looked through.
    pub(crate) fn is_complete(&self) -> bool {
        self.complete
    }

    /// The component of a hit. O(log n) in practice: a few hundred counts.
    pub(crate) fn component(&self, nth: usize) -> Option<ComponentId> {
        self.component_at(self.place(nth)?)
    }

    /// Which hit a component is by its own names; the best of them.
    pub(crate) fn position(&self, id: ComponentId) -> Option<usize> {
        self.labels.position(self.index.order.rank(id)?)
    }

    /// All components in order, those by alias and by file last.
    pub(crate) fn components(&self) -> impl Iterator<Item = ComponentId> + '_ {
        self.places().filter_map(|place| self.component_at(place))
    }

    /// Everything that is known of a hit: score and positions are made here.
    pub(crate) fn describe(&self, graph: &Graph, nth: usize) -> Option<Hit> {
        self.describe_at(graph, self.place(nth)?)
    }

    /// All hits described, in order.
    pub(crate) fn all(&self, graph: &Graph) -> Vec<Hit> {
        self.places().filter_map(|place| self.describe_at(graph, place)).collect()
    }

    /// What it cost.
    #[cfg(test)]
    pub(crate) fn work(&self) -> Work {
        self.work
    }

    fn place(&self, nth: usize) -> Option<Place> {
        let (labels, aliases) = (self.labels.len(), self.aliases.len());
        if nth < labels {
            return self.labels.nth(nth).map(Place::Label);
        }
        let nth = nth - labels;
        if nth < aliases { self.aliases.nth(nth).map(Place::Alias) } else { self.files.nth(nth - aliases).map(Place::File) }
    }

    fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let labels = self.labels.iter().map(Place::Label);
        labels.chain(self.aliases.iter().map(Place::Alias)).chain(self.files.iter().map(Place::File))
    }

    fn component_at(&self, place: Place) -> Option<ComponentId> {
        match place {
            Place::Label(rank) => self.index.order.at(rank),
            Place::Alias(row) => self.index.aliases.get(row).map(|(_, id)| *id),
            Place::File(row) => self.index.files.get(row).map(|(_, id)| *id),
        }
    }

    fn describe_at(&self, graph: &Graph, place: Place) -> Option<Hit> {
        let component = self.component_at(place)?;
        let (by, text) = match place {
            Place::Label(_) => (HitBy::Label, graph.label(component)),
            Place::Alias(row) => self.index.aliases.get(row).map(|(name, _)| (HitBy::Alias(*name), graph.text(*name)))?,
            Place::File(row) => self.index.files.get(row).map(|(file, _)| (HitBy::File(*file), graph.file(*file)))?,
        };
        Some(match self.query.matches(text.as_key()) {
            Some((_, score, positions)) => Hit { component, by, score, positions },
            None => Hit { component, by: HitBy::Identifier, score: 0, positions: Vec::new() },
        })
    }
}
