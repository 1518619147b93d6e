//! Links to bytes and back.
//!
//! Invariant: links that come back name only components, places and words that are there.

use crate::graph::bits::Bits;
use crate::graph::links::Links;
use crate::graph::links::Meta;
use crate::graph::links::Sparse;
use crate::graph::links::places::Places;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::io;

impl Pack for Links {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        // What leads on is found again from the rows.
        let Self { down, to, meta, up, leads_on: _, from, from_meta, places, methods, words } = self;
        for numbers in [down, to, up, from] {
            out.array(numbers)?;
        }
        for bytes in [meta, from_meta] {
            out.array(bytes)?;
        }
        places.pack(out)?;
        methods.pack(out)?;
        out.words(words)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let [down, to, up, from] = [input.array()?, input.array()?, input.array()?, input.array()?];
        let [meta, from_meta] = [input.array()?, input.array()?];
        let (places, methods, words) = (Pack::unpack(input)?, Pack::unpack(input)?, input.words()?);
        let links = Self { down, to, meta, up, leads_on: Bits::default(), from, from_meta, places, methods, words };
        if links.is_sound() { Ok(links.sealed()) } else { Err(Damaged) }
    }
}

impl Links {
    /// Whether there is none.
    pub(in crate::graph) fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// How many components there are for these links.
    pub(in crate::graph) fn n_components(&self) -> usize {
        self.down.len().saturating_sub(1)
    }

    /// Whether all documents, statements and texts are below these numbers.
    pub(in crate::graph) fn names_only(&self, documents: usize, statements: usize, texts: usize) -> bool {
        self.places.are_below(documents, statements) && self.words.iter().all(|word| word.row() < texts)
    }

    /// Whether everything that is looked up by row is there.
    fn is_sound(&self) -> bool {
        let (n, links) = (self.n_components(), self.to.len());
        let by_link = [self.meta.len(), self.from.len(), self.from_meta.len(), self.places.len()];
        let inside = |ends: &[u32]| ends.iter().all(|end| (*end as usize) < n);
        by_link.iter().all(|len| *len == links)
            && self.up.len() == self.down.len()
            && are_starts(&self.down, links)
            && are_starts(&self.up, links)
            && inside(&self.to)
            && inside(&self.from)
            && self.meta.iter().chain(&self.from_meta).all(|byte| Meta::of(*byte).is_sound())
    }
}

/// Whether these are where rows start that hold `n` items together.
fn are_starts(starts: &[u32], n: usize) -> bool {
    starts.is_sorted() && starts.last().is_none_or(|end| *end as usize == n) && (n == 0 || !starts.is_empty())
}

impl Pack for Places {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { lines, told, starts, evidence, document, line, statement } = self;
        out.array(lines)?;
        out.array(told)?;
        out.array(evidence)?;
        [starts, document, line, statement].into_iter().try_for_each(|numbers| out.array(numbers))
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let [lines, told] = [input.array()?, input.array()?];
        let evidence = input.array()?;
        let [starts, document, line, statement] = [input.array()?, input.array()?, input.array()?, input.array()?];
        let places = Self { lines, told, starts, evidence, document, line, statement };
        if places.lines.len() == places.told.len() { Ok(places) } else { Err(Damaged) }
    }
}

impl Places {
    /// How many links have their places here.
    fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether all documents and statements are below these numbers.
    fn are_below(&self, documents: usize, statements: usize) -> bool {
        self.document.iter().all(|document| (*document as usize) < documents)
            && self.statement.iter().all(|statement| *statement as usize <= statements)
    }
}

impl Pack for Sparse {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.array(&self.links)?;
        out.array(&self.values)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self { links: input.array()?, values: input.array()? })
    }
}
