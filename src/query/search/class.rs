//! One term against one text: how well it matches, and where.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// How a term matches, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    Exact,
    Prefix,
    WordStart,
    Contiguous,
    Fuzzy,
}

impl Class {
    /// All classes, best first.
    pub(super) const ALL: [Self; 5] = [Self::Exact, Self::Prefix, Self::WordStart, Self::Contiguous, Self::Fuzzy];
}

/// A term as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    text: Vec<char>,
    /// A capital was typed: case counts.
    cased: bool,
    /// `'term`: no fuzzy match.
    contiguous_only: bool,
}

impl Pattern {
    pub(super) fn new(term: &str) -> Self {
        let contiguous_only = term.len() > 1 && term.starts_with('\'');
        let term = if contiguous_only { term.trim_start_matches('\'') } else { term };
        let cased = term.chars().any(char::is_uppercase);
        let text = if cased { term.chars().collect() } else { term.chars().map(lower).collect() };
        Self { text, cased, contiguous_only }
    }

    /// How many characters were typed.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The characters typed; small ones where case does not count.
    pub(super) fn chars(&self) -> impl Iterator<Item = char> {
        self.text.iter().copied()
    }

    /// Whether case counts.
    pub(super) fn is_cased(&self) -> bool {
        self.cased
    }

    /// Whether the characters must stand side by side.
    pub(super) fn is_contiguous_only(&self) -> bool {
        self.contiguous_only
    }

    /// Whether every text that matches `longer` matches this too.
    pub(super) fn is_begun_by(&self, longer: &Self) -> bool {
        self.cased == longer.cased && (!self.contiguous_only || longer.contiguous_only) && longer.text.starts_with(&self.text)
    }

    /// The class without score and positions.
    pub(super) fn class(&self, text: &str) -> Option<Class> {
        let run = self.contiguous(text).map(|(class, _)| class);
        run.or_else(|| (!self.contiguous_only && self.may_match(text) && self.is_within(text)).then_some(Class::Fuzzy))
    }

    /// Whether the matcher finds the letters in order. It takes capitals and small letters of ASCII only as one.
    fn is_within(&self, text: &str) -> bool {
        let same = |a: char, b: char| if self.cased { a == b } else { a.eq_ignore_ascii_case(&b) };
        let mut rest = self.text.iter().peekable();
        for c in text.chars() {
            rest.next_if(|wanted| same(c, **wanted));
        }
        rest.peek().is_none()
    }

    /// Class, score and positions in characters.
    pub(super) fn matches(&self, text: &str) -> Option<(Class, i64, Vec<usize>)> {
        if let Some((class, start)) = self.contiguous(text) {
            let score = self.score(text).map_or(0, |(score, _)| score);
            return Some((class, score, (start..start + self.text.len()).collect()));
        }
        if self.contiguous_only || !self.may_match(text) {
            return None;
        }
        let (score, positions) = self.score(text)?;
        Some((Class::Fuzzy, score, positions))
    }

    /// The best contiguous match: its class and first character.
    pub(super) fn contiguous(&self, text: &str) -> Option<(Class, usize)> {
        let chars: Vec<char> = text.chars().collect();
        let same = |a: char, b: char| if self.cased { a == b } else { lower(a) == b };
        let starts = (0..(chars.len() + 1).saturating_sub(self.text.len().max(1)))
            .filter(|start| self.text.iter().enumerate().all(|(i, c)| chars.get(start + i).is_some_and(|t| same(*t, *c))));
        let class = |start: usize| match start {
            0 if chars.len() == self.text.len() => Class::Exact,
            0 => Class::Prefix,
            _ if starts_word(&chars, start) => Class::WordStart,
            _ => Class::Contiguous,
        };
        starts.map(|start| (class(start), start)).min()
    }

    /// Cheap test before the matcher: the letters occur in order, the first of them at the start of a word.
    fn may_match(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let Some(first) = self.text.first() else { return true };
        let same = |a: char, b: char| if self.cased { a == b } else { lower(a) == b };
        let starts = (0..chars.len()).filter(|at| chars.get(*at).is_some_and(|c| same(*c, *first)) && starts_word(&chars, *at));
        for start in starts {
            let mut rest = self.text.iter().skip(1).peekable();
            for c in chars.iter().skip(start + 1) {
                rest.next_if(|wanted| same(*c, **wanted));
            }
            if rest.peek().is_none() {
                return true;
            }
        }
        false
    }

    fn score(&self, text: &str) -> Option<(i64, Vec<usize>)> {
        let matcher = SkimMatcherV2::default();
        let matcher = if self.cased { matcher.respect_case() } else { matcher.ignore_case() };
        matcher.fuzzy_indices(text, &self.text.iter().collect::<String>())
    }
}

/// A character without case.
pub(super) fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Whether a character begins a word: after a separator, a capital after a small letter, a digit after a letter.
pub(super) fn starts_word(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| chars.get(before)) else { return true };
    let Some(here) = chars.get(at) else { return false };
    !before.is_alphanumeric() || (before.is_lowercase() && here.is_uppercase()) || (!before.is_numeric() && here.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_its_class() {
        for (term, text, class) in [
            ("bert", "bert", Some(Class::Exact)),
            ("bert", "bert-base", Some(Class::Prefix)),
            ("base", "bert-base", Some(Class::WordStart)),
            ("6b", "gpt-j-6B", Some(Class::WordStart)),
            ("ert", "bert", Some(Class::Contiguous)),
            ("bbs", "bert-base", Some(Class::Fuzzy)),
            ("eute", "EleutherAI/gpt-j-6b", Some(Class::Fuzzy)),
            ("eute", "ticket-router", None),
            ("'bbs", "bert-base", None),
            ("Bert", "bert", None),
            ("x", "bert", None),
        ] {
            let got = Pattern::new(term).matches(text).map(|(class, ..)| class);
            assert_eq!(got, class, "{term} in {text}");
        }
    }

    #[test]
    fn positions_are_characters() {
        let (_, _, positions) = Pattern::new("ab").matches("äöab").unwrap();
        assert_eq!(positions, [2, 3]);
    }
}
