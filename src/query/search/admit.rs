//! The filters of a query: `kind:`, `owner:`, `state:`, `file:`.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::search::Query;
use crate::query::search::index::Index;
use crate::text::TextId;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// How a component stands to what is marked; `None` where nothing is.
pub(crate) type StateOf<'a> = &'a (dyn Fn(ComponentId) -> Option<State> + Sync);

/// Some kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    /// All there are.
    pub(crate) const ALL: Self = Self(u8::MAX);

    /// These kinds.
    pub(crate) fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | bit(*kind)))
    }

    pub(super) fn has(self, kind: Kind) -> bool {
        self.0 & bit(kind) != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

fn bit(kind: Kind) -> u8 {
    1 << kind as u8
}

/// The filters, prepared: each owner and each file is looked at once.
pub(super) struct Admit<'a> {
    graph: &'a Graph,
    pub kinds: Kinds,
    owners: Option<FxHashSet<TextId>>,
    state: Option<(State, StateOf<'a>)>,
    /// By document.
    documents: Option<Vec<bool>>,
}

impl<'a> Admit<'a> {
    pub(super) fn new(graph: &'a Graph, index: &Index, query: &Query, kinds: Kinds, state: StateOf<'a>) -> Self {
        let has = |text: TextId, wanted: &String| graph.text(text).as_key().to_lowercase().contains(wanted);
        let owners = |wanted: &String| index.owners.iter().copied().filter(|owner| has(*owner, wanted)).collect();
        let documents = |wanted: &String| graph.documents().files().par_iter().map(|file| has(*file, wanted)).collect();
        Self {
            graph,
            kinds: query.kind.map_or(kinds, |kind| kinds.and(Kinds::of(&[kind]))),
            owners: query.owner.as_ref().map(owners),
            state: query.state.map(|wanted| (wanted, state)),
            documents: query.file.as_ref().map(documents),
        }
    }

    /// Whether a component passes all filters.
    pub(super) fn passes(&self, id: ComponentId) -> bool {
        self.kinds.has(self.graph.kind(id)) && self.passes_others(id)
    }

    /// The same where its kind is known to pass.
    pub(super) fn passes_others(&self, id: ComponentId) -> bool {
        let owner = || self.graph.component(id).owner;
        self.owners.as_ref().is_none_or(|owners| owner().is_some_and(|owner| owners.contains(&owner)))
            && self.state.is_none_or(|(wanted, state)| state(id) == Some(wanted))
            && self.documents.as_ref().is_none_or(|wanted| self.is_in(id, wanted))
    }

    /// Whether one of these documents mentions a component.
    fn is_in(&self, id: ComponentId, wanted: &[bool]) -> bool {
        let graph = self.graph;
        let is_wanted = |document: DocumentId| wanted.get(document.row()).is_some_and(|wanted| *wanted);
        let mut links = graph.up(id).chain(graph.down(id));
        graph.declared_in(id).any(|source| is_wanted(source.document))
            || links.any(|link| graph.sources(link).any(|source| is_wanted(source.document)))
    }
}
