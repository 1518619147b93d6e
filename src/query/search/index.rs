//! Everything that a search looks through, laid out once a graph.
//!
//! Cost: of a component 29 bytes and its label, with the order; of an alias or a file 28 bytes and its text, of an id or a
//! purl that is not the label 16 bytes, of a digest 8.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::model::kind::Kind;
use crate::query::order::Order;
use crate::query::search::column::Column;
use crate::query::search::identifiers::Identifiers;
use crate::text::TextId;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// What a search looks through.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(super) order: Arc<Order>,
    /// By rank.
    pub(super) kinds: Vec<Kind>,
    /// Labels, by rank.
    pub(super) labels: Column,
    pub(super) identifiers: Identifiers,
    /// Other names with their components, by rank.
    pub(super) aliases: Vec<(TextId, ComponentId)>,
    pub(super) alias_names: Column,
    /// Documents with the component that each is about, by file.
    pub(super) files: Vec<(DocumentId, ComponentId)>,
    pub(super) file_names: Column,
    /// Each owner once.
    pub(super) owners: FxHashSet<TextId>,
}

impl Index {
    /// Lays out a graph. O(names) time.
    pub(crate) fn new(graph: &Graph, order: Arc<Order>) -> Self {
        let components = order.components();
        let at = |rank: usize| order.at(rank).map_or("", |id| graph.label(id).as_key());
        let aliases: Vec<(TextId, ComponentId)> =
            components.par_iter().flat_map_iter(|id| graph.aliases(*id).into_iter().map(|(name, _)| (name, *id))).collect();
        let files = files(graph);
        Self {
            kinds: components.par_iter().map(|id| graph.kind(*id)).collect(),
            labels: Column::new(components.len(), at),
            identifiers: Identifiers::new(graph, &order),
            alias_names: Column::new(aliases.len(), |row| aliases.get(row).map_or("", |(name, _)| graph.text(*name).as_key())),
            aliases,
            file_names: Column::new(files.len(), |row| files.get(row).map_or("", |(file, _)| graph.file(*file).as_key())),
            files,
            owners: components.iter().filter_map(|id| graph.component(*id).owner).collect(),
            order,
        }
    }
}

/// Documents with the first component that each is about.
fn files(graph: &Graph) -> Vec<(DocumentId, ComponentId)> {
    let mut about = vec![None; graph.documents().len()];
    for id in graph.ids().rev() {
        if let Some(slot) = graph.declared_in(id).next().and_then(|source| about.get_mut(source.document.row())) {
            *slot = Some(id);
        }
    }
    about.into_iter().enumerate().filter_map(|(row, id)| Some((DocumentId::new(row), id?))).collect()
}
