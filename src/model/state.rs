//! The five answers about one deployment or model (design.md section 4).

use std::fmt;

/// How a component stands to what was marked, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum State {
    /// Reached by a path all of whose links are `==` or `--`.
    Affected,
    /// Reached only through a `..` or `!=` link, or scope could not be decided.
    Possible,
    /// Not reached, but a hole upstream could hide the marked component.
    Unknown,
    /// Reached, and a decision with a person's name is recorded.
    Contained,
    /// Not reached, and nothing is missing.
    Clear,
}

impl State {
    /// All states, worst first.
    pub(crate) const ALL: [Self; 5] = [Self::Affected, Self::Possible, Self::Unknown, Self::Contained, Self::Clear];

    /// The word used in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Affected => "AFFECTED",
            Self::Possible => "POSSIBLE",
            Self::Unknown => "UNKNOWN",
            Self::Contained => "CONTAINED",
            Self::Clear => "CLEAR",
        }
    }

    /// The state that `word` names, in any case.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word().eq_ignore_ascii_case(word))
    }

    /// The symbol that repeats the word (screens.md section 2).
    pub(crate) fn symbol(self) -> char {
        match self {
            Self::Affected => '!',
            Self::Possible => '?',
            Self::Unknown => '~',
            Self::Contained => 'o',
            Self::Clear => ' ',
        }
    }

    /// Whether something marked is, or may be, upstream.
    pub(crate) fn is_reached(self) -> bool {
        matches!(self, Self::Affected | Self::Possible | Self::Contained)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
