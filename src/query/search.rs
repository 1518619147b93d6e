//! Search over names, aliases, digests, purls and files (screens.md F5, F6).
//!
//! Order: exact, prefix, word start, contiguous, fuzzy; ties by DEPLOYS, then name; never by the matcher's score.
//!
//! A [`finder::Finder`] looks through an [`index::Index`] in steps, so that it can be left at any of them, and keeps which
//! rows match; what is known of a hit besides is found out when it is asked for, since nobody looks at all of a million.

pub(crate) mod admit;
mod class;
mod column;
pub(crate) mod finder;
pub(crate) mod hits;
mod identifiers;
pub(crate) mod index;
mod marks;
mod mask;
mod needle;
mod pass;
mod plain;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::text::TextId;
use class::Class;
use class::Pattern;

/// What was typed: terms that must all match, and filters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    patterns: Vec<Pattern>,
    not: Vec<Pattern>,
    pub kind: Option<Kind>,
    owner: Option<String>,
    pub state: Option<State>,
    file: Option<String>,
}

/// By what a hit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HitBy {
    /// What lists show; the positions are in it.
    Label,
    /// Its printed id, purl or digest.
    Identifier,
    /// Another name that it is known by; the positions are in that.
    Alias(TextId),
    /// A file that mentions it, or is about it; the positions are in the file's name.
    File(DocumentId),
}

/// One found component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub component: ComponentId,
    pub by: HitBy,
    /// The matcher's; orders nothing.
    pub score: i64,
    /// Matched characters, counted from 0.
    pub positions: Vec<usize>,
}

impl Query {
    /// Reads what was typed: blanks part terms, capitals count once one is typed, `'term` is contiguous, `!term` must not
    /// match, `kind:` `owner:` `state:` `file:` filter.
    pub(crate) fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        for term in typed.split_whitespace() {
            match term.split_once(':').filter(|(_, value)| !value.is_empty()) {
                Some(("kind", value)) if Kind::parse(value).is_some() => query.kind = Kind::parse(value),
                Some(("owner", value)) => query.owner = Some(value.to_lowercase()),
                Some(("file", value)) => query.file = Some(value.to_lowercase()),
                Some(("state", value)) => {
                    let state = State::ALL.into_iter().find(|state| state.word().eq_ignore_ascii_case(value));
                    match state {
                        Some(state) => query.state = Some(state),
                        None => query.patterns.push(Pattern::new(term)),
                    }
                }
                _ => match term.strip_prefix('!').filter(|rest| !rest.is_empty()) {
                    Some(rest) => query.not.push(Pattern::new(rest)),
                    None => query.patterns.push(Pattern::new(term)),
                },
            }
        }
        query
    }

    /// Whether it asks for nothing; then nothing is found.
    pub(crate) fn is_empty(&self) -> bool {
        let has_filter = self.kind.is_some() || self.owner.is_some() || self.state.is_some() || self.file.is_some();
        self.patterns.is_empty() && self.not.is_empty() && !has_filter
    }

    /// The term that may be part of an identifier.
    fn pasted(&self) -> Option<&Pattern> {
        match (&self.patterns[..], &self.not[..]) {
            ([only], []) if only.len() >= identifiers::LEAST => Some(only),
            _ => None,
        }
    }

    /// Whether everything that `longer` finds by a name is found by this too. States come and go with marks, so that what
    /// was found by them does not last.
    fn is_begun_by(&self, longer: &Self) -> bool {
        let within = |mine: &Option<String>, theirs: &Option<String>| {
            mine.as_ref().is_none_or(|mine| theirs.as_ref().is_some_and(|theirs| theirs.contains(mine)))
        };
        !self.patterns.is_empty()
            && self.patterns.iter().all(|mine| longer.patterns.iter().any(|theirs| mine.is_begun_by(theirs)))
            && self.not.iter().all(|mine| longer.not.contains(mine))
            && self.kind.is_none_or(|kind| longer.kind == Some(kind))
            && self.state.is_none()
            && within(&self.owner, &longer.owner)
            && within(&self.file, &longer.file)
    }

    /// Matches a text: the worst class of all terms, their scores together, all positions.
    fn matches(&self, text: &str) -> Option<(Class, i64, Vec<usize>)> {
        if self.not.iter().any(|pattern| pattern.contiguous(text).is_some()) {
            return None;
        }
        let mut all = (Class::Exact, 0, Vec::new());
        for pattern in &self.patterns {
            let (class, score, positions) = pattern.matches(text)?;
            all = (all.0.max(class), all.1 + score, [all.2, positions].concat());
        }
        all.2.sort_unstable();
        all.2.dedup();
        Some(all)
    }
}
