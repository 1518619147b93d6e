//! Many short lists in two vectors (compressed rows).

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
        let mut starts = vec![0_u32; n + 1];
        for (row, _) in pairs {
            if let Some(count) = starts.get_mut(row + 1) {
                *count += 1;
            }
        }
        for row in 1..starts.len() {
            starts[row] += starts[row - 1];
        }
        let mut order: Vec<usize> = (0..pairs.len()).filter(|i| pairs[*i].0 < n).collect();
        order.sort_by_key(|i| pairs[*i].0);
        let items = order.into_iter().map(|i| pairs[i].1).collect();
        Self { starts, items }
    }

    /// How many items all rows have.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The items of a row; empty for a row that does not exist.
    pub(crate) fn row(&self, row: usize) -> &[T] {
        let start = self.starts.get(row).copied().unwrap_or(0) as usize;
        let end = self.starts.get(row + 1).copied().unwrap_or(0) as usize;
        self.items.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_land_in_their_rows_in_order() {
        let rows = Rows::build(3, &[(2, 'a'), (0, 'b'), (2, 'c'), (9, 'x')]);
        assert_eq!(rows.row(0), ['b']);
        assert_eq!(rows.row(1), []);
        assert_eq!(rows.row(2), ['a', 'c']);
        assert_eq!(rows.row(9), []);
    }
}
