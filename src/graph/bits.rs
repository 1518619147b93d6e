//! One bit a component.

use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::io;
use std::ops::Range;

/// A set of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Pack for Bits {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.array(&self.0)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        input.array().map(Self)
    }
}

impl Bits {
    /// An empty set of rows below `n`.
    pub(crate) fn new(n: usize) -> Self {
        Self(vec![0; n.div_ceil(64)])
    }

    /// Whether a row is in the set.
    pub(crate) fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Adds a row; whether it is new. Rows past the end are none.
    pub(crate) fn add(&mut self, row: usize) -> bool {
        let Some(word) = self.0.get_mut(row / 64) else { return false };
        let bit = 1 << (row % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Adds a row or leaves all as it is, without a branch; the row in its word if it is new, else nothing.
    pub(crate) fn add_if(&mut self, row: usize, wanted: bool) -> u64 {
        let Some(word) = self.0.get_mut(row / 64) else { return 0 };
        let bit = u64::from(wanted) << (row % 64);
        let new = bit & !*word;
        *word |= bit;
        new
    }

    /// Takes a row out; whether it was in the set.
    pub(crate) fn remove(&mut self, row: usize) -> bool {
        let Some(word) = self.0.get_mut(row / 64) else { return false };
        let bit = 1 << (row % 64);
        let was = *word & bit != 0;
        *word &= !bit;
        was
    }

    /// Adds all rows of another set.
    pub(crate) fn join(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Adds rows of a word; those that are new.
    pub(crate) fn add_all(&mut self, word: usize, rows: u64) -> u64 {
        let Some(own) = self.0.get_mut(word) else { return 0 };
        let new = rows & !*own;
        *own |= rows;
        new
    }

    /// All words, each with its place.
    pub(crate) fn words(&self) -> impl Iterator<Item = (usize, u64)> {
        self.0.iter().copied().enumerate()
    }

    /// Sixty-four rows at once.
    pub(crate) fn word(&self, word: usize) -> u64 {
        self.0.get(word).copied().unwrap_or_default()
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

/// The words that hold a range of rows, each with the bits of those rows.
pub(crate) fn words(rows: Range<usize>) -> impl Iterator<Item = (usize, u64)> {
    let words = if rows.is_empty() { 0..0 } else { rows.start / 64..rows.end.div_ceil(64) };
    words.map(move |at| {
        let below = u64::MAX.checked_shl((rows.start.saturating_sub(at * 64)) as u32).unwrap_or(0);
        let left = (rows.end - at * 64).min(64);
        (at, below & u64::MAX >> (64 - left))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_rows_of_their_range() {
        let mut bits = Bits::new(300);
        let rows = [0, 1, 63, 64, 65, 127, 128, 200, 255, 256, 299];
        for row in rows {
            assert!(bits.add(row) && !bits.add(row));
        }
        for start in 0..300 {
            for end in start..=300 {
                let expected = rows.iter().filter(|row| (start..end).contains(*row)).count();
                let found = words(start..end).map(|(word, rows)| (bits.word(word) & rows).count_ones() as usize);
                assert_eq!(found.sum::<usize>(), expected, "{start}..{end}");
            }
        }
        assert!(!bits.has(2) && bits.has(299) && !bits.has(300));
    }
}
