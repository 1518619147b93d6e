//! Where links are stated. Nearly every link is stated once, in the document of its downstream end: three bytes tell where.
//!
//! The line, counted from where that document begins to speak of the downstream end, and the row of the statement among those
//! of the upstream end lie with the link; what does not fit there (several places, another document, a far line) lies apart.

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::links::NONE;
use crate::graph::links::Stated;
use crate::graph::rows::span;
use crate::model::kind::Evidence;
use std::ops::Range;

/// Not the row of a statement: the places lie apart.
const APART: u8 = u8::MAX;

/// The places of all links.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By link: the line, from its home on.
    pub(super) lines: Vec<u16>,
    /// By link: the row among the statements of its upstream end, or [`APART`].
    pub(super) told: Vec<u8>,
    /// Links whose places lie apart, in their order.
    pub(super) apart: Vec<u32>,
    /// Where the places of each of those start.
    pub(super) starts: Vec<u32>,
    pub(super) evidence: Vec<u8>,
    pub(super) document: Vec<u32>,
    pub(super) line: Vec<u32>,
    /// One more than the statement; 0 is none.
    pub(super) statement: Vec<u32>,
}

/// Where a document begins to speak of a component: most often the one that states what it is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    pub document: DocumentId,
    line: u32,
}

impl Home {
    pub(super) fn of(graph: &Graph, component: ComponentId) -> Option<Self> {
        graph.declared_in(component).next().map(|Source { document, line, .. }| Self { document, line })
    }
}

impl Places {
    pub(super) fn with_capacity(n: usize) -> Self {
        Self { lines: Vec::with_capacity(n), told: Vec::with_capacity(n), starts: vec![0], ..Self::default() }
    }

    /// Adds the place of the next link.
    pub(super) fn one(&mut self, line: u16, told: u8) {
        self.lines.push(line);
        self.told.push(told);
    }

    /// Adds the places of the next link, which lie apart.
    pub(super) fn several<'s>(&mut self, link: u32, all: impl Iterator<Item = &'s Stated>) {
        self.one(0, APART);
        self.apart.push(link);
        for stated in all {
            self.evidence.push(stated.evidence as u8);
            self.document.push(stated.document);
            self.line.push(stated.line);
            self.statement.push(stated.statement);
        }
        self.starts.push(u32::try_from(self.line.len()).unwrap_or(u32::MAX));
    }

    /// How many places a link has.
    pub(super) fn n_of(&self, id: LinkId) -> usize {
        if self.told(id.row()).is_some() { 1 } else { self.row_apart(id).len() }
    }

    /// The places of a link that has them apart.
    fn row_apart(&self, id: LinkId) -> Range<usize> {
        let row = self.apart.binary_search_by(|known| (*known as usize).cmp(&id.row()));
        row.map_or(0..0, |row| span(&self.starts, row))
    }

    /// Of a link whose place does not lie apart: the row of its statement.
    pub(super) fn told(&self, link: usize) -> Option<u8> {
        self.told.get(link).copied().filter(|told| *told != APART)
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.lines.shrink_to_fit();
        self.told.shrink_to_fit();
        for numbers in [&mut self.apart, &mut self.starts, &mut self.document, &mut self.line, &mut self.statement] {
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
        let apart = [&self.apart, &self.starts, &self.document, &self.line, &self.statement]
            .into_iter()
            .map(|numbers| size_of_val(&**numbers));
        size_of_val(&*self.lines) + self.told.len() + apart.sum::<usize>() + self.evidence.len()
    }
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
        let Some(told) = places.told(id.row()) else {
            return Self { only: None, places, left: places.row_apart(id) };
        };
        let link = graph.link(id);
        let only = Home::of(graph, link.downstream).map(|home| Source {
            evidence: link.evidence,
            document: home.document,
            line: home.line.wrapping_add_signed(i32::from(places.lines[id.row()].cast_signed())),
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
    /// Line and row of the statement, where three bytes are enough to tell this place. `told` is the row of its statement
    /// among those of the upstream end, if it is one of them.
    pub(super) fn short(&self, home: Option<Home>, told: Option<u32>) -> Option<(u16, u8)> {
        let home = home.filter(|home| home.document.row() == self.document as usize && self.document != NONE)?;
        let line = i16::try_from(i64::from(self.line) - i64::from(home.line)).ok()?;
        let told = u8::try_from(told?).ok().filter(|told| *told != APART)?;
        Some((line.cast_unsigned(), told))
    }

    /// The order of places: best grade first, then by file, line and what is said.
    pub(super) fn place(&self) -> (Evidence, u32, u32, u32) {
        (self.evidence, self.document, self.line, self.statement)
    }
}
