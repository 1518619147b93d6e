//! Many texts laid out to be looked through: masks, and the short ASCII ones end to end, in parts.
//!
//! Invariant: the rows of a part are [`PART`], of the last one at most; rows are in the order in which hits are listed.

use crate::query::search::class::Class;
use crate::query::search::marks;
use crate::query::search::mask;
use crate::query::search::mask::Mask;
use crate::query::search::needle;
use crate::query::search::needle::Matcher;
use crate::query::search::plain::PADDING;
use crate::query::search::plain::Plain;
use rayon::prelude::*;
use std::hint::black_box;

/// Rows of a part. In tests so few that small graphs have several.
pub(super) const PART: usize = if cfg!(test) { 64 } else { 1 << 14 };

/// The texts.
#[derive(Debug, Default)]
pub(super) struct Column {
    parts: Vec<Part>,
}

/// Some of the texts.
#[derive(Debug)]
struct Part {
    masks: Vec<Mask>,
    /// Where words start in each text, a bit a byte.
    starts: Vec<u64>,
    /// Where each text ends in `bytes`; one that is matched the general way has nothing there.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Column {
    /// Lays out the texts of `n` rows, in parallel.
    pub(super) fn new<'t>(n: usize, text: impl Fn(usize) -> &'t str + Sync) -> Self {
        let parts = (0..n.div_ceil(PART)).into_par_iter();
        Self { parts: parts.map(|part| Part::new((part * PART..n.min((part + 1) * PART)).map(&text))).collect() }
    }

    /// How many parts there are.
    pub(super) fn n_parts(&self) -> usize {
        self.parts.len()
    }

    /// The mask of each row of a part.
    pub(super) fn masks(&self, part: usize) -> &[Mask] {
        self.parts.get(part).map_or(&[], |part| &part.masks)
    }

    /// Reads a byte of each of some rows (a bit each, from `first` on), so that memory fetches their texts side by side and not
    /// one after the other.
    #[inline]
    pub(super) fn fetch(&self, part: usize, first: usize, rows: u64) {
        let Some(part) = self.parts.get(part) else { return };
        let starts = marks::ones(rows).filter_map(|bit| part.ends.get((first + bit).checked_sub(1)?));
        let byte = |start: &u32| part.bytes.get(*start as usize).copied().unwrap_or(0);
        black_box(starts.fold(0, |all, start| all ^ byte(start)));
    }

    /// The class of a row of a part; `whole` gives the text of a row that is matched the general way.
    #[inline]
    pub(super) fn class<'t>(&self, matcher: &Matcher, part: usize, row: usize, whole: impl Fn() -> &'t str) -> Option<Class> {
        let part = self.parts.get(part)?;
        let mask = *part.masks.get(row)?;
        if needle::is_general(mask) {
            return matcher.general(whole());
        }
        let start = row.checked_sub(1).and_then(|before| part.ends.get(before)).copied().unwrap_or(0) as usize;
        let end = *part.ends.get(row)? as usize;
        matcher.plain(&Plain::read(part.bytes.get(start..)?, end - start)?, mask, *part.starts.get(row)?)
    }
}

impl Part {
    fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut part = Self { masks: Vec::new(), starts: Vec::new(), ends: Vec::new(), bytes: Vec::new() };
        for text in texts {
            let mask = mask::of(text);
            if !needle::is_general(mask) {
                part.bytes.extend_from_slice(text.as_bytes());
            }
            part.masks.push(mask);
            part.ends.push(u32::try_from(part.bytes.len()).unwrap_or(u32::MAX));
        }
        part.bytes.extend_from_slice(&PADDING);
        let mut start = 0;
        for end in &part.ends {
            let text = part.bytes.get(start..).and_then(|bytes| Plain::read(bytes, *end as usize - start));
            part.starts.push(text.map_or(0, |text| text.word_starts()));
            start = *end as usize;
        }
        part.starts.shrink_to_fit();
        part.bytes.shrink_to_fit();
        part.masks.shrink_to_fit();
        part.ends.shrink_to_fit();
        part
    }
}
