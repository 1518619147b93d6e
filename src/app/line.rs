//! A line of text for a pane, with what each part means and where Enter leads.
//!
//! Invariant: every piece was made of our own words and of `SafeText`, so it may be drawn.
//! Absent on purpose: colours; the theme gives each tone its style.

use crate::graph::ids::ComponentId;
use crate::model::state::State;

/// What a piece of text is, for the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Tone {
    Plain,
    Title,
    /// File and line, and what else stands back.
    Dim,
    State(State),
    Marked,
    Error,
    Warn,
    /// Letters that were searched for.
    Match,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub text: String,
    pub tone: Tone,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilePlace {
    /// As the repository names it: exact, for opening; escape it for people.
    pub file: String,
    /// From 1; 0: the file as a whole.
    pub line: u32,
}

/// A line: the left part is cut in the middle of its longest piece where it is too long, the right part never.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub left: Vec<Piece>,
    pub right: Vec<Piece>,
    /// What Enter goes to.
    pub target: Option<ComponentId>,
    /// What `o` opens.
    pub place: Option<FilePlace>,
}

impl Line {
    /// An empty line.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A line of plain text.
    pub(crate) fn of(text: impl Into<String>) -> Self {
        Self::new().plain(text)
    }

    /// Adds plain text.
    pub(crate) fn plain(self, text: impl Into<String>) -> Self {
        self.add(text, Tone::Plain)
    }

    /// Adds a piece.
    pub(crate) fn add(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.left.push(Piece { text: text.into(), tone });
        self
    }

    /// Adds a piece at the right end.
    pub(crate) fn right(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.right.push(Piece { text: text.into(), tone });
        self
    }

    /// Says where Enter leads.
    pub(crate) fn to(mut self, target: ComponentId) -> Self {
        self.target = Some(target);
        self
    }

    /// Says what `o` opens.
    pub(crate) fn at(mut self, place: Option<FilePlace>) -> Self {
        self.place = place;
        self
    }

    /// The whole text, right part set off by two blanks.
    pub(crate) fn text(&self) -> String {
        let join = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
        let (left, right) = (join(&self.left), join(&self.right));
        if right.is_empty() { left } else { format!("{left}  {right}") }
    }
}

/// Breaks words at blanks so that each line has at most `cells`; a longer word stands alone and is cut when drawn.
pub(crate) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if crate::text::width(line) + 1 + crate::text::width(word) <= cells => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_at_blanks() {
        assert_eq!(wrap("look-alike: one letter away from", 15), ["look-alike: one", "letter away", "from"]);
        assert!(wrap("", 10).is_empty());
    }
}
