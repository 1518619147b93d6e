//! Many short lists in two vectors (compressed rows).

use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Record;
use std::io;

/// Row `i` is a slice; built once, never changed.
#[derive(Debug, Clone)]
pub(crate) struct Rows<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { starts: Vec::new(), items: Vec::new() }
    }
}

impl<T> Rows<T> {
    /// Distributes `pairs` over `n` rows; within a row the order of `pairs` is kept. Pairs of other rows are dropped.
    pub(crate) fn build(n: usize, pairs: &[(usize, T)]) -> Self
    where
        T: Copy,
    {
        let (starts, order) = distribute(n, pairs.len(), |pair| pairs.get(pair).map_or(n, |(row, _)| *row));
        let items = order.into_iter().filter_map(|pair| pairs.get(pair as usize)).map(|(_, item)| *item).collect();
        Self { starts, items }
    }

    /// How many items all rows have.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The items of a row; empty for a row that does not exist.
    pub(crate) fn row(&self, row: usize) -> &[T] {
        self.items.get(span(&self.starts, row)).unwrap_or_default()
    }

    /// Appends the rows.
    pub(super) fn pack<const N: usize>(&self, out: &mut Out<'_>) -> io::Result<()>
    where
        T: Record<N> + Copy,
    {
        out.array(&self.starts)?;
        out.rows(self.items.len(), self.items.iter().copied())
    }

    /// Takes them back, as many as there were.
    pub(super) fn unpack<const N: usize>(input: &mut In<'_>) -> Result<Self, Damaged>
    where
        T: Record<N>,
    {
        Ok(Self { starts: input.array()?, items: input.rows()? })
    }

    /// Where each row starts, and where the last one ends.
    pub(super) fn into_starts(self) -> Vec<u32> {
        self.starts
    }

    /// All items, row by row.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.items)
    }
}

/// Which items of a row are meant, by where each row starts.
pub(super) fn span(starts: &[u32], row: usize) -> std::ops::Range<usize> {
    match starts.get(row..row + 2) {
        Some(&[start, end]) => start as usize..end as usize,
        Some(_) | None => 0..0,
    }
}

/// Items by row, in one pass and without a comparison: where each of `n` rows starts, and the items in the order of their
/// rows, equal rows in the order they came. Items of other rows are dropped.
pub(super) fn distribute(n: usize, n_items: usize, row: impl Fn(usize) -> usize) -> (Vec<u32>, Vec<u32>) {
    let items = 0..u32::try_from(n_items).unwrap_or(u32::MAX);
    let starts = count(n, n_items, &row);
    let mut next = starts.clone();
    let mut order = vec![0; starts.last().map_or(0, |end| *end as usize)];
    for item in items {
        if let Some(at) = next.get_mut(row(item as usize)).filter(|at| (**at as usize) < order.len()) {
            order[*at as usize] = item;
            *at += 1;
        }
    }
    (starts, order)
}

/// Where each of `n` rows starts, and where the last one ends.
pub(super) fn count(n: usize, n_items: usize, row: impl Fn(usize) -> usize) -> Vec<u32> {
    let mut starts = vec![0_u32; n + 1];
    for item in 0..n_items {
        if let Some(count) = starts.get_mut(row(item) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_land_in_their_rows_in_order() {
        let rows = Rows::build(3, &[(2, 'a'), (0, 'b'), (2, 'c'), (9, 'x'), (3, 'y')]);
        assert_eq!(rows.row(0), ['b']);
        assert_eq!(rows.row(1), []);
        assert_eq!(rows.row(2), ['a', 'c']);
        assert_eq!(rows.row(3), []);
        assert_eq!(rows.row(9), []);
    }
}
