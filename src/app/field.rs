//! One line of typed text with a cursor.
//!
//! Invariant: the text holds no control character: what is pasted is one insertion without its line breaks, and never
//! runs keys.

use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::text;

/// A pasted text is cut to so many characters.
const LONGEST: usize = 4096;

/// A text field. The cursor counts characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    chars: Vec<char>,
    cursor: usize,
}

impl Field {
    /// A field that holds `text`, cursor at the end.
    pub(crate) fn new(text: &str) -> Self {
        let mut field = Self::default();
        field.insert(text);
        field
    }

    /// What was typed.
    pub(crate) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// The text before and after the cursor.
    pub(crate) fn parts(&self) -> (String, String) {
        let (before, after) = self.chars.split_at(self.cursor.min(self.chars.len()));
        (before.iter().collect(), after.iter().collect())
    }

    /// Inserts at the cursor: line breaks and hidden characters are dropped.
    pub(crate) fn insert(&mut self, pasted: &str) {
        let room = LONGEST.saturating_sub(self.chars.len());
        let visible: Vec<char> = pasted.chars().filter(|c| !text::is_hidden(*c)).take(room).collect();
        let n = visible.len();
        self.chars.splice(self.cursor..self.cursor, visible);
        self.cursor += n;
    }

    /// Takes an editing key; `true` if it was one.
    pub(crate) fn edit(&mut self, key: KeyPress) -> bool {
        match (key.code, key.ctrl) {
            (Code::Char('a'), true) | (Code::Home, _) => self.cursor = 0,
            (Code::Char('e'), true) | (Code::End, _) => self.cursor = self.chars.len(),
            (Code::Char('u'), true) => {
                self.chars.drain(..self.cursor);
                self.cursor = 0;
            }
            (Code::Char('w'), true) => self.delete_word(),
            (Code::Backspace, _) if self.cursor > 0 => {
                self.cursor -= 1;
                self.chars.remove(self.cursor);
            }
            (Code::Delete, _) if self.cursor < self.chars.len() => {
                self.chars.remove(self.cursor);
            }
            (Code::Left, _) => self.cursor = self.cursor.saturating_sub(1),
            (Code::Right, _) => self.cursor = (self.cursor + 1).min(self.chars.len()),
            (Code::Backspace | Code::Delete, _) => {}
            _ => match key.typed() {
                Some(c) => self.insert(c.encode_utf8(&mut [0; 4])),
                None => return false,
            },
        }
        true
    }

    fn delete_word(&mut self) {
        let end = self.cursor;
        while self.before().is_some_and(char::is_whitespace) {
            self.cursor -= 1;
        }
        while self.before().is_some_and(|c| !c.is_whitespace()) {
            self.cursor -= 1;
        }
        self.chars.drain(self.cursor..end);
    }

    fn before(&self) -> Option<char> {
        self.cursor.checked_sub(1).and_then(|at| self.chars.get(at)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_the_line() {
        let mut field = Field::new("eu te");
        for (key, text, why) in [
            (KeyPress::ctrl('w'), "eu ", "a word back"),
            (KeyPress::char('x'), "eu x", "letters type"),
            (KeyPress::ctrl('a'), "eu x", "to the start"),
            (KeyPress::char('/'), "/eu x", "at the cursor"),
            (KeyPress::plain(Code::Delete), "/u x", "the next character"),
            (KeyPress::plain(Code::Backspace), "u x", "the last character"),
            (KeyPress::plain(Code::Backspace), "u x", "nothing before"),
            (KeyPress::ctrl('e'), "u x", "to the end"),
            (KeyPress::ctrl('u'), "", "all before the cursor"),
        ] {
            assert!(field.edit(key), "{why}");
            assert_eq!(field.text(), text, "{why}");
        }
        assert!(!field.edit(KeyPress::plain(Code::Enter)));
    }

    #[test]
    fn a_paste_is_one_insertion_without_line_breaks() {
        let mut field = Field::new("ab");
        field.edit(KeyPress::plain(Code::Left));
        field.insert("1\r\n2\u{1b}[31m\u{202e}3");
        assert_eq!(field.text(), "a12[31m3b");
        field.insert(&"x".repeat(10_000));
        assert_eq!(field.text().len(), LONGEST);
    }
}
