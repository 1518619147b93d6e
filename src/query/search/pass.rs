//! One look through some parts of a column, on all threads.

use crate::query::search::column::Column;
use crate::query::search::column::PART;
use crate::query::search::marks;
use crate::query::search::marks::Draft;
use crate::query::search::marks::Marks;
use crate::query::search::needle::Matcher;
use rayon::prelude::*;
use std::ops::Range;

/// A column and what is looked for in it. Closures take the column's row.
pub(super) struct Pass<'a, Text, May, Admits> {
    pub column: &'a Column,
    pub matcher: &'a Matcher,
    /// Only these rows can match.
    pub before: Option<&'a Marks>,
    /// The text of a row, where the column does not have it.
    pub text: Text,
    /// Whether a row can count: asked before its text is matched.
    pub may: May,
    /// Whether a row counts: asked of those that match.
    pub admits: Admits,
}

impl<'t, Text, May, Admits> Pass<'_, Text, May, Admits>
where
    Text: Fn(usize) -> &'t str + Sync,
    May: Fn(usize) -> bool + Sync,
    Admits: Fn(usize) -> bool + Sync,
{
    /// Looks through some parts; `add` may mark rows that do not match by text. Also how many texts were read.
    pub(super) fn run(&self, parts: Range<usize>, add: &(impl Fn(usize, &mut Draft) + Sync)) -> (Vec<marks::Part>, usize) {
        let looked: Vec<(marks::Part, usize)> = parts
            .into_par_iter()
            .map(|part| {
                let mut draft = Draft::new();
                let texts = self.look(part, &mut draft);
                add(part, &mut draft);
                (draft.finish(), texts)
            })
            .collect();
        let texts = looked.iter().map(|(_, texts)| texts).sum();
        (looked.into_iter().map(|(part, _)| part).collect(), texts)
    }

    fn look(&self, part: usize, draft: &mut Draft) -> usize {
        let need = self.matcher.need;
        let before = self.before.map(|before| before.of_part(part));
        let mut texts = 0;
        for (at, masks) in self.column.masks(part).chunks(64).enumerate() {
            let open = before.as_ref().map_or(u64::MAX, |words| words.get(at).copied().unwrap_or(0));
            if open == 0 {
                continue;
            }
            let may_match = masks.iter().zip(0_u32..).fold(0, |bits, (mask, at)| bits | u64::from(mask & need == need) << at);
            self.column.fetch(part, at * 64, open & may_match);
            for bit in marks::ones(open & may_match) {
                let (row, own) = (part * PART + at * 64 + bit, at * 64 + bit);
                if !(self.may)(row) {
                    continue;
                }
                let class = self.matcher.by_mask(masks.get(bit).copied().unwrap_or(0)).or_else(|| {
                    texts += 1;
                    self.column.class(self.matcher, part, own, || (self.text)(row))
                });
                if let Some(class) = class.filter(|_| (self.admits)(row)) {
                    draft.mark(own, class);
                }
            }
        }
        texts
    }
}
