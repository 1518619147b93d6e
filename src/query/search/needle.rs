//! A query prepared for many texts: the mask that a text must have, then one pass over its places.
//!
//! Invariant: the class is the one that [`Pattern::class`] gives; the passes over [`Plain`] texts are only faster.

use crate::query::search::Query;
use crate::query::search::class::Class;
use crate::query::search::class::Pattern;
use crate::query::search::class::lower;
use crate::query::search::mask;
use crate::query::search::mask::GENERAL;
use crate::query::search::mask::Mask;
use crate::query::search::plain::Letter;
use crate::query::search::plain::Plain;

/// All terms of a query.
#[derive(Debug)]
pub(super) struct Matcher {
    needles: Vec<Needle>,
    not: Vec<Needle>,
    /// What every matching text has.
    pub need: Mask,
}

/// One term.
#[derive(Debug)]
struct Needle {
    pattern: Pattern,
    /// `None`: no ASCII text has it.
    letters: Option<Vec<Letter>>,
    /// The bit of the first letter at the start of a word; 0 where there is none to tell by.
    start: Mask,
}

impl Matcher {
    pub(super) fn new(query: &Query) -> Self {
        let all = |patterns: &[Pattern]| patterns.iter().map(Needle::new).collect();
        let needed = query.patterns.iter().flat_map(Pattern::chars).fold(0, |need, c| need | mask::bit(lower(c)));
        Self { needles: all(&query.patterns), not: all(&query.not), need: needed }
    }

    /// The class of any text whose mask has what is needed and no more than one term asks for, by the mask alone.
    pub(super) fn by_mask(&self, mask: Mask) -> Option<Class> {
        match (&self.needles[..], &self.not[..]) {
            ([only], []) if only.pattern.len() == 1 && only.start != 0 && !only.pattern.is_cased() && mask & only.start == 0 => {
                Some(Class::Contiguous)
            }
            _ => None,
        }
    }

    /// The class of a short ASCII text, given where its words start: of all terms the worst.
    #[inline]
    pub(super) fn plain(&self, text: &Plain, mask: Mask, starts: u64) -> Option<Class> {
        if self.not.iter().any(|needle| needle.contiguous(text, starts).is_some()) {
            return None;
        }
        self.needles.iter().try_fold(Class::Exact, |worst, needle| Some(worst.max(needle.class(text, mask, starts)?)))
    }

    /// The class of any text.
    pub(super) fn general(&self, text: &str) -> Option<Class> {
        if self.not.iter().any(|needle| needle.pattern.contiguous(text).is_some()) {
            return None;
        }
        self.needles.iter().try_fold(Class::Exact, |worst, needle| Some(worst.max(needle.pattern.class(text)?)))
    }
}

impl Needle {
    fn new(pattern: &Pattern) -> Self {
        let folds = !pattern.is_cased();
        let letters = pattern.chars().map(|c| Some(Letter::new(u8::try_from(c).ok().filter(u8::is_ascii)?, folds))).collect();
        let start = pattern.chars().next().map_or(0, |c| mask::start(lower(c)));
        Self { pattern: pattern.clone(), letters, start }
    }

    #[inline]
    fn class(&self, text: &Plain, mask: Mask, starts: u64) -> Option<Class> {
        let fuzzy = !self.pattern.is_contiguous_only() && (mask & self.start != 0 || self.start == 0);
        if !fuzzy {
            return self.contiguous(text, starts);
        }
        let letters = self.letters.as_deref()?;
        // Bits of `run`: where all letters so far stand side by side. Bits of `open`: where the next letter may be taken; the
        // first one that can be is the best choice, since it leaves most to the rest.
        let mut run = text.valid();
        let mut open = starts;
        let mut taken = open;
        for (letter, at) in letters.iter().zip(0..) {
            let places = text.places(*letter);
            run &= places.checked_shr(at).unwrap_or(0);
            taken = lowest(places & open);
            open = above(taken);
            if run | taken == 0 {
                return None;
            }
        }
        self.of_run(text, run, starts).or_else(|| (taken != 0).then_some(Class::Fuzzy))
    }

    #[inline]
    fn contiguous(&self, text: &Plain, starts: u64) -> Option<Class> {
        let mut run = text.valid();
        for (letter, at) in self.letters.as_deref()?.iter().zip(0..) {
            run &= text.places(*letter).checked_shr(at).unwrap_or(0);
            if run == 0 {
                return None;
            }
        }
        self.of_run(text, run, starts)
    }

    /// The best class of what stands side by side from these places on.
    #[inline]
    fn of_run(&self, text: &Plain, run: u64, starts: u64) -> Option<Class> {
        match run {
            0 => None,
            _ if run & 1 == 0 => Some(if run & starts != 0 { Class::WordStart } else { Class::Contiguous }),
            _ => Some(if text.len() == self.pattern.len() { Class::Exact } else { Class::Prefix }),
        }
    }
}

fn lowest(places: u64) -> u64 {
    places & places.wrapping_neg()
}

/// All places after a single one; none after none.
fn above(single: u64) -> u64 {
    single.wrapping_neg() ^ single
}

/// Whether a text must be matched the general way.
pub(super) fn is_general(mask: Mask) -> bool {
    mask & GENERAL != 0
}
