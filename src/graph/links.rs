//! The links of a graph as parallel arrays: what a walk reads of a link is one number, one after another.
//!
//! A link's id is its position in the order (upstream, downstream, relation), so what is downstream of a component is a run
//! of ids. Upstream rows have the same links by the other end; their ids are found in the row of that end.
//!
//! Invariant: one link a (upstream, downstream, relation). Rows both ways are sorted by the other end, then relation.
//! Invariant: plain numbers only, so that the whole can be written and read as it is.
//! Absent on purpose: change after building.

mod join;
mod kept;
mod place;
mod places;

use crate::graph::Graph;
use crate::graph::Link;
use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::meanings::Target;
use crate::graph::rows::span;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::text::TextId;
use std::ops::Range;
use zerocopy::FromBytes;
use zerocopy::Immutable;
use zerocopy::IntoBytes;

pub(super) use join::{NONE, Stated, join};
pub(super) use place::place;
pub(crate) use places::Sources;

/// All links of a graph.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// By component: where its run of links starts.
    down: Vec<u32>,
    /// By link: its downstream end.
    to: Vec<Hop>,
    /// By component: where its row in `from` starts.
    up: Vec<u32>,
    /// Components with links down.
    leads_on: Bits,
    /// The upstream ends of all links, by downstream end.
    from: Vec<Hop>,
    places: places::Places,
    /// Links that say how, with the row of it in `words`.
    methods: Sparse,
    words: Vec<TextId>,
}

/// A link as one of its ends sees it: the other end, and what a walk must know of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(transparent)]
pub(crate) struct Hop(u32);

const META: u32 = 25;

/// So many components can have links: the number of each fits a [`Hop`].
pub(crate) const MOST_COMPONENTS: usize = 1 << META;

impl Hop {
    fn new(end: u32, meta: Meta) -> Self {
        Self(end & (MOST_COMPONENTS as u32 - 1) | u32::from(meta.0) << META)
    }

    /// The row of the other end.
    pub(crate) fn end(self) -> usize {
        self.0 as usize & (MOST_COMPONENTS - 1)
    }

    /// What is known of the link.
    pub(crate) fn meta(self) -> Meta {
        Meta((self.0 >> META) as u8)
    }
}

/// What a walk must know of a link: relation, grade, whether its upstream end is a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Meta(u8);

const CHOICE: u8 = 1 << 6;

impl Meta {
    /// How many there may be.
    pub(crate) const MOST: usize = 1 << (u32::BITS - META);

    fn new(relation: Relation, evidence: Evidence, choice: bool) -> Self {
        Self(relation as u8 | (evidence as u8) << 4 | if choice { CHOICE } else { 0 })
    }

    /// All of them, each at its [`Self::row`].
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..Self::MOST).map(|row| Self(row as u8))
    }

    /// A number below [`Self::MOST`].
    pub(crate) fn row(self) -> usize {
        usize::from(self.0)
    }

    /// What the upstream end is to the downstream end.
    pub(crate) fn relation(self) -> Relation {
        Relation::ALL.get(usize::from(self.0 & 15)).copied().unwrap_or(Relation::MaybeSame)
    }

    /// The best grade of all places.
    pub(crate) fn evidence(self) -> Evidence {
        Evidence::ALL[usize::from(self.0 >> 4 & 3)]
    }

    /// Whether it says something.
    fn is_sound(self) -> bool {
        usize::from(self.0 & 15) < Relation::ALL.len()
    }

    /// Whether its upstream end is one of several, not known which.
    pub(crate) fn is_choice(self) -> bool {
        self.0 & CHOICE != 0
    }
}

/// A number for some links only.
#[derive(Debug, Default)]
struct Sparse {
    links: Vec<u32>,
    values: Vec<u16>,
}

impl Sparse {
    fn get(&self, link: LinkId) -> Option<usize> {
        let row = self.links.binary_search_by(|known| (*known as usize).cmp(&link.row())).ok()?;
        self.values.get(row).map(|value| usize::from(*value))
    }
}

impl Links {
    /// How many links there are.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn len(&self) -> usize {
        self.to.len()
    }

    /// The links down of a component.
    pub(crate) fn down(&self, component: usize) -> &[Hop] {
        self.to.get(span(&self.down, component)).unwrap_or_default()
    }

    /// The links up of a component.
    pub(crate) fn up(&self, component: usize) -> &[Hop] {
        self.from.get(span(&self.up, component)).unwrap_or_default()
    }

    /// Components that have links down.
    pub(crate) fn leads_on(&self) -> &Bits {
        &self.leads_on
    }

    /// Notes which components have links down.
    fn sealed(mut self) -> Self {
        self.leads_on = Bits::new(self.down.len());
        for (row, run) in self.down.windows(2).enumerate() {
            if let [start, end] = run
                && start < end
            {
                self.leads_on.add(row);
            }
        }
        self
    }

    /// The links down of a component that a statement of it states somewhere.
    pub(crate) fn stated_by(&self, graph: &Graph, component: ComponentId, statement: StatementId) -> Vec<LinkId> {
        let row = graph.statements_of(component).iter().position(|own| *own == statement).and_then(|row| u8::try_from(row).ok());
        let states = |id: &usize| match self.places.told(*id) {
            Some(told) => row == Some(told),
            None => graph.sources(LinkId::new(*id)).any(|source| source.statement == Some(statement)),
        };
        span(&self.down, component.row()).filter(states).map(LinkId::new).collect()
    }

    fn upstream(&self, link: LinkId) -> usize {
        self.down.partition_point(|start| *start as usize <= link.row()).saturating_sub(1)
    }

    /// The id of the `at`-th link down of a component.
    pub(crate) fn down_id(&self, component: usize, at: usize) -> LinkId {
        LinkId::new(span(&self.down, component).start + at)
    }

    /// The id of the `at`-th link up of a component.
    pub(crate) fn up_id(&self, component: usize, at: usize) -> Option<LinkId> {
        self.id_of(component, span(&self.up, component).start + at)
    }

    /// The id of the link in the `at`-th place of `from`, which is one of `component`.
    fn id_of(&self, component: usize, at: usize) -> Option<LinkId> {
        let hop = *self.from.get(at)?;
        let (upstream, relation) = (hop.end(), hop.meta().relation());
        let to = self.down(upstream);
        let begin = to.partition_point(|other| other.end() < component);
        let of_both = to.iter().skip(begin).position(|hop| hop.meta().relation() == relation)?;
        Some(LinkId::new(span(&self.down, upstream).start + begin + of_both))
    }

    /// Bytes in memory: what a walk reads, and the places and methods.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> (usize, usize) {
        let rows = size_of_val(&*self.down) + size_of_val(&*self.up);
        let walked = rows + size_of_val(&*self.to) + size_of_val(&*self.from) + self.leads_on.bytes();
        let methods = size_of_val(&*self.methods.links) + size_of_val(&*self.methods.values) + size_of_val(&*self.words);
        (walked, self.places.bytes() + methods)
    }
}

/// Some links of one component.
#[derive(Debug, Clone)]
pub(crate) struct LinkIds<'g> {
    links: &'g Links,
    /// Ids; with `up` places in the row of that component.
    left: Range<usize>,
    up: Option<usize>,
}

impl LinkIds<'_> {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    fn at(&self, at: usize) -> Option<LinkId> {
        match self.up {
            None => Some(LinkId::new(at)),
            Some(component) => self.links.id_of(component, at),
        }
    }
}

impl Iterator for LinkIds<'_> {
    type Item = LinkId;
    fn next(&mut self) -> Option<LinkId> {
        let at = self.left.next()?;
        self.at(at)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl ExactSizeIterator for LinkIds<'_> {}

impl Graph {
    /// All links, for what walks many of them.
    pub(crate) fn links(&self) -> &Links {
        &self.links
    }

    /// Links to what is made with a component, by the other end's id.
    pub(crate) fn down(&self, id: ComponentId) -> LinkIds<'_> {
        LinkIds { links: &self.links, left: span(&self.links.down, id.row()), up: None }
    }

    /// Links to what a component is made of, by the other end's id.
    pub(crate) fn up(&self, id: ComponentId) -> LinkIds<'_> {
        LinkIds { links: &self.links, left: span(&self.links.up, id.row()), up: Some(id.row()) }
    }

    /// The link of an id. Costs a search for its upstream end: what follows many links asks [`Links`].
    pub(crate) fn link(&self, id: LinkId) -> Link {
        let hop = self.links.to[id.row()];
        let meta = hop.meta();
        Link {
            upstream: ComponentId::new(self.links.upstream(id)),
            downstream: ComponentId::new(hop.end()),
            relation: meta.relation(),
            evidence: meta.evidence(),
        }
    }

    /// How the downstream end was made: `LoRA`, `quantized`.
    pub(crate) fn method(&self, id: LinkId) -> Option<TextId> {
        self.links.words.get(self.links.methods.get(id)?).copied()
    }

    /// The places that state a link, best grade first, then by file and line. Empty only for `maybe-same`.
    pub(crate) fn sources(&self, id: LinkId) -> Sources<'_> {
        Sources::of(self, id)
    }

    /// How many places state a link.
    pub(crate) fn n_sources(&self, id: LinkId) -> usize {
        self.links.places.n_of(id)
    }

    /// The components of which the upstream end of a link is one, where it is not known which.
    pub(crate) fn candidates(&self, id: LinkId) -> Option<&[Target]> {
        if !self.links.to[id.row()].meta().is_choice() {
            return None;
        }
        let statement = self.sources(id).next()?.statement?;
        Some(self.meaning(statement).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fits_a_number() {
        for relation in Relation::ALL {
            for evidence in Evidence::ALL {
                for choice in [false, true] {
                    let hop = Hop::new(MOST_COMPONENTS as u32 - 1, Meta::new(relation, evidence, choice));
                    let meta = hop.meta();
                    assert_eq!((meta.relation(), meta.evidence(), meta.is_choice()), (relation, evidence, choice));
                    assert_eq!((hop.end(), Meta::all().nth(meta.row())), (MOST_COMPONENTS - 1, Some(meta)));
                }
            }
        }
    }
}
