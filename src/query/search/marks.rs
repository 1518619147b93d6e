//! Which rows of a column match, by class: one bit a row, so that nothing has to be sorted.
//!
//! Invariant: a row is in one class at most.

use crate::query::search::class::Class;
use crate::query::search::column::PART;

/// Words of a part.
const WORDS: usize = PART / 64;

/// The rows that match.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    parts: Vec<Part>,
    totals: [usize; Class::ALL.len()],
}

/// The rows of one part of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    classes: [Bits; Class::ALL.len()],
}

/// Rows of one class.
#[derive(Debug, Clone, Default)]
struct Bits {
    /// Empty where no row has the class.
    words: Box<[u64]>,
    n: u32,
}

/// A part while its rows are looked at.
pub(super) struct Draft([[u64; WORDS]; Class::ALL.len()]);

impl Draft {
    pub(super) fn new() -> Self {
        Self([[0; WORDS]; Class::ALL.len()])
    }

    /// Marks a row that has no class yet.
    #[inline]
    pub(super) fn mark(&mut self, row: usize, class: Class) {
        if let Some(word) = self.0.get_mut(class as usize).and_then(|words| words.get_mut(row / 64)) {
            *word |= 1 << (row % 64);
        }
    }

    /// Whether a row has a class.
    pub(super) fn has(&self, row: usize) -> bool {
        self.0.iter().any(|words| words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1))
    }

    /// The finished part.
    pub(super) fn finish(self) -> Part {
        let classes = self.0.map(|words| {
            let n = words.iter().map(|word| word.count_ones()).sum();
            Bits { words: if n == 0 { Box::default() } else { Box::new(words) }, n }
        });
        Part { classes }
    }
}

impl Marks {
    /// Adds the next part.
    pub(super) fn push(&mut self, part: Part) {
        for (total, bits) in self.totals.iter_mut().zip(&part.classes) {
            *total += bits.n as usize;
        }
        self.parts.push(part);
    }

    /// Adds the next parts.
    pub(super) fn extend(&mut self, parts: Vec<Part>) {
        for part in parts {
            self.push(part);
        }
    }

    /// Whether a row matches.
    pub(super) fn has(&self, row: usize) -> bool {
        self.parts.get(row / PART).is_some_and(|part| part.classes.iter().any(|bits| bits.has(row % PART)))
    }

    /// How many rows match.
    pub(super) fn len(&self) -> usize {
        self.totals.iter().sum()
    }

    /// The column's row of the `nth` match, best class first.
    pub(super) fn nth(&self, nth: usize) -> Option<usize> {
        let mut rest = nth;
        let class = self.totals.iter().position(|total| {
            let here = rest < *total;
            rest -= if here { 0 } else { *total };
            here
        })?;
        for (part, bits) in self.of_class(class).enumerate() {
            if rest < bits.n as usize {
                return Some(part * PART + bits.nth(rest)?);
            }
            rest -= bits.n as usize;
        }
        None
    }

    /// Which match a row of the column is.
    pub(super) fn position(&self, row: usize) -> Option<usize> {
        let (part, row) = (row / PART, row % PART);
        let class = self.parts.get(part)?.classes.iter().position(|bits| bits.has(row))?;
        let better: usize = self.totals.iter().take(class).sum();
        let before: usize = self.of_class(class).take(part).map(|bits| bits.n as usize).sum();
        let bits = self.of_class(class).nth(part)?;
        Some(better + before + bits.before(row))
    }

    /// The column's rows that match, best class first.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..Class::ALL.len())
            .flat_map(|class| self.of_class(class).enumerate())
            .flat_map(|(part, bits)| bits.iter().map(move |row| part * PART + row))
    }

    /// The rows of a part that match, a bit each.
    pub(super) fn of_part(&self, part: usize) -> [u64; WORDS] {
        let mut all = [0; WORDS];
        for bits in self.parts.get(part).into_iter().flat_map(|part| &part.classes) {
            all.iter_mut().zip(&bits.words).for_each(|(all, word)| *all |= word);
        }
        all
    }

    fn of_class(&self, class: usize) -> impl Iterator<Item = &Bits> {
        self.parts.iter().filter_map(move |part| part.classes.get(class))
    }
}

impl Bits {
    fn has(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many are before a row.
    fn before(&self, row: usize) -> usize {
        let whole: u32 = self.words.iter().take(row / 64).map(|word| word.count_ones()).sum();
        let rest = self.words.get(row / 64).map_or(0, |word| (word & ((1 << (row % 64)) - 1)).count_ones());
        (whole + rest) as usize
    }

    fn nth(&self, nth: usize) -> Option<usize> {
        let mut rest = nth;
        let at = self.words.iter().position(|word| {
            let n = word.count_ones() as usize;
            let here = rest < n;
            rest -= if here { 0 } else { n };
            here
        })?;
        ones(*self.words.get(at)?).nth(rest).map(|bit| at * 64 + bit)
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| ones(*word).map(move |bit| at * 64 + bit))
    }
}

/// The places of the bits that are set, lowest first.
pub(super) fn ones(word: u64) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)))
        .take_while(|word| *word != 0)
        .map(|word| word.trailing_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_match_is_found_by_its_number_and_back(classes in prop::collection::vec(prop::option::weighted(0.3, 0_usize..5), 0..60)) {
            // Rows far apart, so that they fall into several parts.
            let far = |row: usize| row * 19;
            let mut marks = Marks::default();
            for part in 0..=far(classes.len()) / PART {
                let mut draft = Draft::new();
                for (row, class) in classes.iter().enumerate().filter(|(row, _)| far(*row) / PART == part) {
                    class.inspect(|class| draft.mark(far(row) % PART, Class::ALL[*class]));
                }
                marks.push(draft.finish());
            }
            let mut wanted: Vec<(usize, usize)> =
                classes.iter().enumerate().filter_map(|(row, class)| Some(((*class)?, far(row)))).collect();
            wanted.sort_unstable();
            let wanted: Vec<usize> = wanted.into_iter().map(|(_, row)| row).collect();
            prop_assert_eq!(marks.len(), wanted.len());
            prop_assert_eq!(marks.iter().collect::<Vec<_>>(), wanted.clone());
            for (nth, row) in wanted.iter().enumerate() {
                prop_assert_eq!(marks.nth(nth), Some(*row));
                prop_assert_eq!(marks.position(*row), Some(nth));
            }
            prop_assert_eq!(marks.nth(wanted.len()), None);
        }
    }
}
