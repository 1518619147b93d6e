//! What a walk has still to look at: a set of rows that comes back in its order, round after round, sixty-four at a time.
//!
//! Rows that come one after another lie side by side in memory, as their links do; with a stack a walk would jump about.

/// A set of rows. Taking some and adding some cost a few steps, however many rows there could be.
#[derive(Debug)]
pub(super) struct Todo {
    rows: Vec<u64>,
    /// A bit for each word of `rows` that is not empty.
    some: Vec<u64>,
    /// A bit for each word of `some` that is not empty.
    any: Vec<u64>,
    /// The word of `rows` that the round has come to.
    at: usize,
}

impl Todo {
    /// An empty set of rows below `n`.
    pub(super) fn new(n: usize) -> Self {
        let words = n.div_ceil(64);
        Self { rows: vec![0; words], some: vec![0; words.div_ceil(64)], any: vec![0; words.div_ceil(64 * 64)], at: 0 }
    }

    /// Adds rows of a word, or none. Without a branch: which rows are new cannot be foretold. Words past the end are none.
    pub(super) fn add(&mut self, word: usize, rows: u64) {
        let bit = u64::from(rows != 0);
        let words = (self.rows.get_mut(word), self.some.get_mut(word / 64), self.any.get_mut(word / (64 * 64)));
        if let (Some(own), Some(some), Some(any)) = words {
            *own |= rows;
            *some |= bit << (word % 64);
            *any |= bit << (word / 64 % 64);
        }
    }

    /// Takes the rows of the next word: the first that has some from where the round has come to, else the first of all.
    pub(super) fn take(&mut self) -> Option<(usize, u64)> {
        let word = self.next(self.at).or_else(|| self.next(0))?;
        self.at = word;
        let rows = std::mem::take(self.rows.get_mut(word)?);
        let some = self.some.get_mut(word / 64)?;
        *some &= !(1 << (word % 64));
        if *some == 0 {
            *self.any.get_mut(word / (64 * 64))? &= !(1 << (word / 64 % 64));
        }
        Some((word, rows))
    }

    fn next(&self, from: usize) -> Option<usize> {
        let left = |words: &[u64], at: usize| Some(words.get(at / 64)? & (u64::MAX << (at % 64)));
        let ones = left(&self.some, from)?;
        if ones != 0 {
            return Some(from / 64 * 64 + ones.trailing_zeros() as usize);
        }
        let mut at = from / 64 + 1;
        loop {
            let ones = left(&self.any, at)?;
            if ones != 0 {
                let word = at / 64 * 64 + ones.trailing_zeros() as usize;
                return Some(word * 64 + self.some.get(word)?.trailing_zeros() as usize);
            }
            at = (at / 64 + 1) * 64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn rows_come_in_rounds(
            n in 1_usize..700_000,
            steps in prop::collection::vec(prop::option::weighted(0.6, (0_usize..700_000, 0_u64..4)), 0..300),
        ) {
            let (mut todo, mut plain, mut at) = (Todo::new(n), BTreeMap::new(), 0);
            for step in steps {
                if let Some((row, rows)) = step {
                    let word = row / 64;
                    todo.add(word, rows);
                    if word < n.div_ceil(64) && rows != 0 {
                        *plain.entry(word).or_insert(0) |= rows;
                    }
                } else {
                    let next = plain.range(at..).next().or_else(|| plain.first_key_value()).map(|(word, rows)| (*word, *rows));
                    prop_assert_eq!(todo.take(), next);
                    at = next.map_or(at, |(word, _)| word);
                    plain.remove(&at);
                }
            }
        }
    }
}
