//! The links of a graph as parallel arrays: what a walk reads of a link is five bytes, one after another.
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
use crate::graph::rows::span;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::text::TextId;
use std::ops::Range;

pub(super) use join::{NONE, Stated, join};
pub(super) use place::place;
pub(crate) use places::Sources;

/// All links of a graph.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// By component: where its run of links starts.
    down: Vec<u32>,
    /// By link: its downstream end.
    to: Vec<u32>,
    /// By link.
    meta: Vec<u8>,
    /// By component: where its row in `from` starts.
    up: Vec<u32>,
    /// Components with links down.
    leads_on: Bits,
    /// The upstream ends of all links, by downstream end.
    from: Vec<u32>,
    /// As `from`.
    from_meta: Vec<u8>,
    places: places::Places,
    /// Links that say how, with the row of it in `words`.
    methods: Sparse,
    words: Vec<TextId>,
}

/// What a walk must know of a link: relation, grade, whether its upstream end is a choice, whether its places lie apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Meta(u8);

const CHOICE: u8 = 1 << 6;
const APART: u8 = 1 << 7;

impl Meta {
    fn new(relation: Relation, evidence: Evidence) -> Self {
        Self(relation as u8 | (evidence as u8) << 4)
    }

    fn with(self, flag: u8, set: bool) -> Self {
        Self(if set { self.0 | flag } else { self.0 & !flag })
    }

    /// What the upstream end is to the downstream end.
    pub(crate) fn relation(self) -> Relation {
        Relation::ALL.get(usize::from(self.0 & 15)).copied().unwrap_or(Relation::MaybeSame)
    }

    /// The best grade of all places.
    pub(crate) fn evidence(self) -> Evidence {
        Evidence::ALL[usize::from(self.0 >> 4 & 3)]
    }

    /// What a byte of [`Links::down`] or [`Links::up`] says.
    pub(crate) fn of(byte: u8) -> Self {
        Self(byte)
    }

    /// Whether the byte says something.
    fn is_sound(self) -> bool {
        usize::from(self.0 & 15) < Relation::ALL.len()
    }

    /// Whether its upstream end is one of several, not known which.
    pub(crate) fn is_choice(self) -> bool {
        self.0 & CHOICE != 0
    }

    fn is_apart(self) -> bool {
        self.0 & APART != 0
    }
}

/// A number for some links only.
#[derive(Debug, Default)]
struct Sparse {
    links: Vec<u32>,
    values: Vec<u32>,
}

impl Sparse {
    fn get(&self, link: LinkId) -> Option<usize> {
        let row = self.links.binary_search_by(|known| (*known as usize).cmp(&link.row())).ok()?;
        self.values.get(row).map(|value| *value as usize)
    }
}

impl Links {
    /// How many links there are.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn len(&self) -> usize {
        self.to.len()
    }

    /// The links down of a component: the other ends and a [`Meta`] of each.
    pub(crate) fn down(&self, component: usize) -> (&[u32], &[u8]) {
        let run = span(&self.down, component);
        (self.to.get(run.clone()).unwrap_or_default(), self.meta.get(run).unwrap_or_default())
    }

    /// The links up of a component: the other ends and a [`Meta`] of each.
    pub(crate) fn up(&self, component: usize) -> (&[u32], &[u8]) {
        let run = span(&self.up, component);
        (self.from.get(run.clone()).unwrap_or_default(), self.from_meta.get(run).unwrap_or_default())
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
        let row = graph.statements_of(component).iter().position(|own| *own == statement).and_then(|row| u16::try_from(row).ok());
        let states = |id: &usize| {
            if self.meta.get(*id).is_some_and(|meta| Meta::of(*meta).is_apart()) {
                graph.sources(LinkId::new(*id)).any(|source| source.statement == Some(statement))
            } else {
                row.is_some() && self.places.told(*id) == row
            }
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
        let upstream = *self.from.get(at)? as usize;
        let (to, meta) = self.down(upstream);
        let relation = Meta::of(*self.from_meta.get(at)?).relation();
        let begin = to.partition_point(|other| (*other as usize) < component);
        let of_both = meta.iter().skip(begin).position(|meta| Meta::of(*meta).relation() == relation)?;
        Some(LinkId::new(span(&self.down, upstream).start + begin + of_both))
    }

    /// Bytes in memory: what a walk reads, and the places and methods.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> (usize, usize) {
        let numbers = [&self.down, &self.to, &self.up, &self.from].into_iter().map(|numbers| size_of_val(&**numbers));
        let walked = numbers.sum::<usize>() + self.leads_on.bytes() + self.meta.len() + self.from_meta.len();
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
        let meta = Meta::of(self.links.meta[id.row()]);
        Link {
            upstream: ComponentId::new(self.links.upstream(id)),
            downstream: ComponentId::new(self.links.to[id.row()] as usize),
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
        self.links.places.n_of(&self.links, id)
    }

    /// The components of which the upstream end of a link is one, where it is not known which.
    pub(crate) fn candidates(&self, id: LinkId) -> Option<&[(ComponentId, Evidence)]> {
        if !Meta::of(self.links.meta[id.row()]).is_choice() {
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
    fn what_is_known_of_a_link_fits_a_byte() {
        for relation in Relation::ALL {
            for evidence in Evidence::ALL {
                for choice in [false, true] {
                    let meta = Meta::new(relation, evidence).with(CHOICE, choice);
                    assert_eq!((meta.relation(), meta.evidence(), meta.is_choice()), (relation, evidence, choice));
                    assert!(!meta.is_apart());
                }
            }
        }
    }
}
