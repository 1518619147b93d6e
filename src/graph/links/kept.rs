//! Links to bytes and back.
//!
//! Invariant: links that come back name only components, places and words that are there.

use crate::graph::bits::Bits;
use crate::graph::links::Hop;
use crate::graph::links::Links;
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
        let Self { down, to, up, leads_on: _, from, places, methods, words } = self;
        out.array(down)?;
        out.array(up)?;
        out.array(to)?;
        out.array(from)?;
        places.pack(out)?;
        methods.pack(out)?;
        out.words(words)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let [down, up] = [input.array()?, input.array()?];
        let [to, from] = [input.array()?, input.array()?];
        let (places, methods, words) = (Pack::unpack(input)?, Pack::unpack(input)?, input.words()?);
        let links = Self { down, to, up, leads_on: Bits::default(), from, places, methods, words };
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
        let by_link = [self.from.len(), self.places.len()];
        let sound = |hop: &Hop| hop.end() < n && hop.meta().is_sound();
        by_link.iter().all(|len| *len == links)
            && self.up.len() == self.down.len()
            && are_starts(&self.down, links)
            && are_starts(&self.up, links)
            && self.to.iter().chain(&self.from).all(sound)
    }
}

/// Whether these are where rows start that hold `n` items together.
fn are_starts(starts: &[u32], n: usize) -> bool {
    starts.is_sorted() && starts.last().is_none_or(|end| *end as usize == n) && (n == 0 || !starts.is_empty())
}

impl Pack for Places {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { lines, told, apart, starts, evidence, document, line, statement } = self;
        out.array(lines)?;
        out.array(told)?;
        out.array(evidence)?;
        [apart, starts, document, line, statement].into_iter().try_for_each(|numbers| out.array(numbers))
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let (lines, told, evidence) = (input.array()?, input.array()?, input.array()?);
        let [apart, starts] = [input.array()?, input.array()?];
        let [document, line, statement] = [input.array()?, input.array()?, input.array()?];
        let places = Self { lines, told, apart, starts, evidence, document, line, statement };
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
