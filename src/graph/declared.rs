//! Which documents list each component, or are about it: eight bytes a place, but for few.

use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::StatementId;
use crate::graph::rows::Rows;
use crate::graph::rows::span;
use crate::model::kind::Evidence;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Word as _;
use std::io;
use std::ops::Range;

/// Line, row of the statement among those of the component, evidence; or a row of what lies apart.
#[derive(Debug, Clone, Copy)]
struct Told(u32);

const ROW: u32 = 21;
const EVIDENCE: u32 = 29;
const APART: u32 = 1 << 31;
/// In place of a row: there is no statement.
const NO_ROW: u32 = (1 << (EVIDENCE - ROW)) - 1;

impl Told {
    /// In one number, if it fits; `own` are the statements of the component.
    fn new(source: &Source, own: &[StatementId]) -> Option<Self> {
        let row = |statement: StatementId| own.iter().take(NO_ROW as usize).position(|known| *known == statement);
        let row = source.statement.map_or(Some(NO_ROW), |statement| row(statement).and_then(|row| u32::try_from(row).ok()))?;
        let fits = source.line < 1 << ROW;
        fits.then_some(Self(source.line | row << ROW | source.evidence.to_word() << EVIDENCE))
    }

    fn row(self) -> Option<usize> {
        Some(self.0 >> ROW & NO_ROW).filter(|row| *row != NO_ROW).map(|row| row as usize)
    }

    fn source(self, document: DocumentId, own: &[StatementId]) -> Source {
        Source {
            evidence: Evidence::ALL[(self.0 >> EVIDENCE & 3) as usize],
            document,
            line: self.0 & ((1 << ROW) - 1),
            statement: self.row().and_then(|row| own.get(row).copied()),
        }
    }
}

/// The places of all components.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// By component: where its places start.
    starts: Vec<u32>,
    documents: Vec<u32>,
    told: Vec<u32>,
    apart: Vec<Source>,
}

impl Declared {
    /// Those of `n` components; the places of one keep their order.
    pub(super) fn new(n: usize, pairs: &[(usize, Source)], statements_of: &Rows<StatementId>) -> Self {
        let rows = Rows::build(n, pairs);
        let mut declared = Self::default();
        for component in 0..n {
            let own = statements_of.row(component);
            for source in rows.row(component) {
                declared.documents.push(source.document.to_word());
                let told = Told::new(source, own).map_or_else(|| declared.lay_apart(*source), |told| told.0);
                declared.told.push(told);
            }
        }
        declared.starts = rows.into_starts();
        declared
    }

    fn lay_apart(&mut self, source: Source) -> u32 {
        self.apart.push(source);
        APART | u32::try_from(self.apart.len() - 1).unwrap_or(0)
    }

    /// The places of a component, whose statements are `own`.
    pub(super) fn of<'g>(&'g self, component: ComponentId, own: &'g [StatementId]) -> Declarations<'g> {
        Declarations { declared: self, own, left: span(&self.starts, component.row()) }
    }

    /// Whether all documents and statements are below these numbers, and everything apart is there.
    pub(super) fn are_below(&self, components: usize, documents: usize, statements: usize) -> bool {
        let of_apart = |told: &u32| told & APART == 0 || ((told & !APART) as usize) < self.apart.len();
        let sound =
            |source: &Source| source.document.row() < documents && source.statement.is_none_or(|id| id.row() < statements);
        self.documents.len() == self.told.len()
            && (self.starts.is_empty() || self.starts.len() == components + 1)
            && self.starts.is_sorted()
            && self.starts.last().map_or(0, |end| *end as usize) == self.told.len()
            && self.documents.iter().all(|document| (*document as usize) < documents)
            && self.told.iter().all(of_apart)
            && self.apart.iter().all(sound)
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(super) fn bytes(&self) -> usize {
        let numbers = [&self.starts, &self.documents, &self.told].into_iter().map(|numbers| size_of_val(&**numbers));
        numbers.sum::<usize>() + size_of_val(&*self.apart)
    }
}

/// The places of one component, in the order of documents.
#[derive(Debug, Clone)]
pub(crate) struct Declarations<'g> {
    declared: &'g Declared,
    own: &'g [StatementId],
    left: Range<usize>,
}

impl Iterator for Declarations<'_> {
    type Item = Source;
    fn next(&mut self) -> Option<Source> {
        let at = self.left.next()?;
        let told = *self.declared.told.get(at)?;
        if told & APART != 0 {
            return self.declared.apart.get((told & !APART) as usize).copied();
        }
        let document = DocumentId::new(*self.declared.documents.get(at)? as usize);
        Some(Told(told).source(document, self.own))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl ExactSizeIterator for Declarations<'_> {}

impl Pack for Declared {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        [&self.starts, &self.documents, &self.told].into_iter().try_for_each(|numbers| out.array(numbers))?;
        out.rows(self.apart.len(), self.apart.iter().copied())
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self { starts: input.array()?, documents: input.array()?, told: input.array()?, apart: input.rows()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn source() -> impl Strategy<Value = Source> {
        let lines = prop::sample::select(vec![1, 7, (1 << ROW) - 1, 1 << ROW, u32::MAX]);
        (0..4_usize, 0..9_usize, lines, prop::option::of(0..600_usize)).prop_map(|(grade, document, line, statement)| Source {
            evidence: Evidence::ALL[grade],
            document: DocumentId::new(document),
            line,
            statement: statement.map(StatementId::new),
        })
    }

    proptest! {
        #[test]
        fn every_place_comes_back(pairs in prop::collection::vec((0..3_usize, source()), 0..30)) {
            let own: Vec<(usize, StatementId)> = (0..400).map(|row| (row % 2, StatementId::new(row))).collect();
            let statements_of = Rows::build(3, &own);
            let declared = Declared::new(3, &pairs, &statements_of);
            prop_assert!(declared.are_below(3, 9, 600));
            for row in 0..3 {
                let expected: Vec<Source> = pairs.iter().filter(|(of, _)| *of == row).map(|(_, source)| *source).collect();
                let places = declared.of(ComponentId::new(row), statements_of.row(row));
                prop_assert_eq!(places.len(), expected.len());
                prop_assert_eq!(places.collect::<Vec<_>>(), expected);
            }
        }
    }
}
