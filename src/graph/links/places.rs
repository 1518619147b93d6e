//! Where links are stated. Nearly every link is stated once, in the document of its downstream end: four bytes tell where.
//!
//! The line and the row of the statement among those of the upstream end lie with the link; what does not fit there (several
//! places, another document, a far line) lies apart, and the same four bytes say where.

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::links::Links;
use crate::graph::links::Meta;
use crate::graph::links::NONE;
use crate::graph::links::Stated;
use crate::graph::rows::span;
use crate::model::kind::Evidence;
use std::ops::Range;

/// The places of all links.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By link: the line; apart: the lower half of its row in `starts`.
    pub(super) lines: Vec<u16>,
    /// By link: the row among the statements of its upstream end; apart: the upper half.
    pub(super) told: Vec<u16>,
    /// Where the places of each link that has them apart start.
    pub(super) starts: Vec<u32>,
    pub(super) evidence: Vec<u8>,
    pub(super) document: Vec<u32>,
    pub(super) line: Vec<u32>,
    /// One more than the statement; 0 is none.
    pub(super) statement: Vec<u32>,
}

impl Places {
    pub(super) fn with_capacity(n: usize) -> Self {
        Self { lines: Vec::with_capacity(n), told: Vec::with_capacity(n), starts: vec![0], ..Self::default() }
    }

    /// Adds the place of the next link.
    pub(super) fn one(&mut self, line: u16, told: u16) {
        self.lines.push(line);
        self.told.push(told);
    }

    /// Adds the places of the next link, which lie apart.
    pub(super) fn several<'s>(&mut self, all: impl Iterator<Item = &'s Stated>) {
        let row = self.starts.len() - 1;
        self.one((row & 0xffff) as u16, (row >> 16) as u16);
        for stated in all {
            self.evidence.push(stated.evidence as u8);
            self.document.push(stated.document);
            self.line.push(stated.line);
            self.statement.push(stated.statement);
        }
        self.starts.push(u32::try_from(self.line.len()).unwrap_or(u32::MAX));
    }

    /// How many places a link has.
    pub(super) fn n_of(&self, links: &Links, id: LinkId) -> usize {
        if Meta::of(links.meta[id.row()]).is_apart() { self.row_apart(id).len() } else { 1 }
    }

    /// The places of a link that has them apart.
    fn row_apart(&self, id: LinkId) -> Range<usize> {
        span(&self.starts, usize::from(self.told[id.row()]) << 16 | usize::from(self.lines[id.row()]))
    }

    /// Of a link whose place does not lie apart.
    pub(super) fn told(&self, link: usize) -> Option<u16> {
        self.told.get(link).copied()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.lines.shrink_to_fit();
        self.told.shrink_to_fit();
        for numbers in [&mut self.starts, &mut self.document, &mut self.line, &mut self.statement] {
            numbers.shrink_to_fit();
        }
        self.evidence.shrink_to_fit();
    }

    fn apart(&self, at: usize) -> Option<Source> {
        let statement = *self.statement.get(at)? as usize;
        Some(Source {
            evidence: Evidence::ALL.get(usize::from(*self.evidence.get(at)?)).copied()?,
            document: DocumentId::new(*self.document.get(at)? as usize),
            line: *self.line.get(at)?,
            statement: statement.checked_sub(1).map(StatementId::new),
        })
    }

    #[cfg(any(test, feature = "bench"))]
    pub(super) fn bytes(&self) -> usize {
        let apart =
            [&self.starts, &self.document, &self.line, &self.statement].into_iter().map(|numbers| size_of_val(&**numbers));
        size_of_val(&*self.lines) + size_of_val(&*self.told) + apart.sum::<usize>() + self.evidence.len()
    }
}

/// The document that speaks of a component first: most often the one that states what it is made of.
pub(super) fn home(graph: &Graph, component: ComponentId) -> Option<DocumentId> {
    graph.declared_in(component).first().map(|source| source.document)
}

/// The places of one link, best grade first.
#[derive(Debug, Clone)]
pub(crate) struct Sources<'g> {
    only: Option<Source>,
    places: &'g Places,
    left: Range<usize>,
}

impl<'g> Sources<'g> {
    pub(super) fn of(graph: &'g Graph, id: LinkId) -> Self {
        let places = &graph.links.places;
        if Meta::of(graph.links.meta[id.row()]).is_apart() {
            return Self { only: None, places, left: places.row_apart(id) };
        }
        let (line, told) = (places.lines[id.row()], places.told[id.row()]);
        let link = graph.link(id);
        let only = home(graph, link.downstream).map(|document| Source {
            evidence: link.evidence,
            document,
            line: u32::from(line),
            statement: graph.statements_of(link.upstream).get(usize::from(told)).copied(),
        });
        Self { only, places, left: 0..0 }
    }
}

impl Iterator for Sources<'_> {
    type Item = Source;
    fn next(&mut self) -> Option<Source> {
        self.only.take().or_else(|| self.places.apart(self.left.next()?))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        let n = usize::from(self.only.is_some()) + self.left.len();
        (n, Some(n))
    }
}

impl ExactSizeIterator for Sources<'_> {}

impl Stated {
    /// Line and row of the statement, where four bytes are enough to tell this place. `told` is the row of its statement
    /// among those of the upstream end, if it is one of them.
    pub(super) fn short(&self, home: Option<DocumentId>, told: Option<u32>) -> Option<(u16, u16)> {
        let at_home = home.is_some_and(|home| home.row() == self.document as usize) && self.document != NONE;
        let (line, told) = (u16::try_from(self.line).ok()?, u16::try_from(told?).ok()?);
        at_home.then_some((line, told))
    }

    /// The order of places: best grade first, then by file, line and what is said.
    pub(super) fn place(&self) -> (Evidence, u32, u32, u32) {
        (self.evidence, self.document, self.line, self.statement)
    }
}
