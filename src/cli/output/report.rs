//! An answer as headings, sentences and tables, the same for every form of report.
//!
//! Invariant: whatever a document or a person wrote is [`Text::Shown`], safe to print but not yet safe in HTML or Markdown;
//! only words of this program are [`Text::Own`].
//! Absent on purpose: markup, which is the form's business.

pub(in crate::cli) mod impact;
pub(in crate::cli) mod incident;

use crate::model::state::State;

/// A page.
#[derive(Debug, Default)]
pub(in crate::cli) struct Report {
    pub title: Vec<Text>,
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug)]
pub(in crate::cli) enum Block {
    /// A part begins; the level is 2 or 3.
    Heading {
        level: u8,
        text: String,
        state: Option<State>,
    },
    Sentence(Vec<Text>),
    Table {
        columns: &'static [&'static str],
        rows: Vec<Vec<Cell>>,
    },
}

/// Lines of a cell.
pub(in crate::cli) type Cell = Vec<Text>;

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Text {
    Own(String),
    /// Quoted, escaped as on screen.
    Shown(String),
}

impl Text {
    /// Words of this program.
    pub(in crate::cli) fn own(text: impl Into<String>) -> Self {
        Self::Own(text.into())
    }

    /// Something quoted that was escaped already.
    pub(in crate::cli) fn shown(text: impl Into<String>) -> Self {
        Self::Shown(text.into())
    }
}

impl Report {
    /// Adds a heading of a part.
    fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.blocks.push(Block::Heading { level, text: text.into(), state: None });
    }

    /// Adds the heading of the rows in a state.
    fn state(&mut self, title: String, state: Option<State>) {
        self.blocks.push(Block::Heading { level: 3, text: title, state });
    }

    /// Adds a table, where it has rows.
    fn table(&mut self, columns: &'static [&'static str], rows: Vec<Vec<Cell>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table { columns, rows });
        }
    }
}

/// A cell with one quoted text; empty where there is none.
fn one(text: Option<String>) -> Cell {
    text.map(Text::Shown).into_iter().collect()
}

/// A cell of this program's words.
fn own(text: impl Into<String>) -> Cell {
    vec![Text::own(text)]
}
