//! Text that came from a document, and the one door through which it reaches a person.
//!
//! Invariant: an [`Untrusted`] cannot be printed; [`Untrusted::show`] is its only way to a screen, a report or a message.
//! Invariant: [`SafeText`] holds no control, bidi, zero-width, tag or line-separator character.
//! Absent on purpose: identity rules, drawing, domain words.

mod arena;
mod escape;
mod fit;

pub(crate) use arena::{Arena, TextId, Texts};
pub(crate) use fit::{cells, cut_middle, cut_until_different, pad, width};

use std::borrow::Cow;
use std::fmt;

/// A string as some document wrote it. It has no `Display`, `Deref` or `AsRef<str>`.
///
/// ```
/// println!("{}", downriver::text::Untrusted::new("bert").show());
/// ```
/// ```compile_fail
/// println!("{}", downriver::text::Untrusted::new("bert"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Untrusted<'a>(&'a str);

impl<'a> Untrusted<'a> {
    /// Wraps the exact text.
    pub fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// The text for people: `\u{1b}` for ESC, `\\` for a backslash, so that different texts never look the same.
    pub fn show(self) -> SafeText<'a> {
        SafeText(escape::escape(self.0))
    }

    /// The text for a screen: as [`Self::show`], but of a very long text only the two ends, so that a name of 10 MB costs no
    /// more than the cells it gets.
    pub fn brief(self) -> SafeText<'a> {
        const END: usize = 600;
        if self.0.len() <= 4 * END {
            return self.show();
        }
        let head = self.0.char_indices().nth(END).and_then(|(at, _)| self.0.get(..at));
        let tail = self.0.char_indices().nth_back(END).and_then(|(at, _)| self.0.get(at..));
        match (head, tail) {
            (Some(head), Some(tail)) if head.len() + tail.len() < self.0.len() => {
                SafeText(Cow::Owned(format!("{}…{}", escape::escape(head), escape::escape(tail))))
            }
            _ => self.show(),
        }
    }

    /// The exact text, for identity and JSON only.
    pub fn as_key(self) -> &'a str {
        self.0
    }

    /// Whether [`Self::show`] differs from the exact text.
    pub fn is_escaped(self) -> bool {
        escape::needs_escape(self.0)
    }
}

/// Text that may be printed: every character of it is visible and keeps to its cells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText<'a>(Cow<'a, str>);

impl SafeText<'_> {
    /// The escaped text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The escaped text, owned.
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl fmt::Display for SafeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether a character must never reach a terminal, a report or a log as itself.
pub(crate) fn is_hidden(c: char) -> bool {
    escape::is_hidden(c)
}

/// Whether a text has such a character.
pub(crate) fn has_hidden(text: &str) -> bool {
    let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    !plain && text.chars().any(is_hidden)
}

/// Each character of `raw`, with whether a writer that keeps the exact text (JSON) must write it as an escape.
pub(crate) fn judge(raw: &str) -> impl Iterator<Item = (char, bool)> {
    escape::judge(raw)
}

/// `1 file`, `2 files`: a count with its word, the plural made with `s`.
pub(crate) fn count(n: usize, word: &str) -> String {
    let many = if n == 1 { "" } else { "s" };
    format!("{} {word}{many}", thousands(n))
}

/// `2,050,877`: a whole number with its thousands set apart.
pub(crate) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// One word for a shell.
pub(crate) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_long_name_keeps_its_ends() {
        let long = format!("head{}tail", "x".repeat(10_000_000));
        let brief = Untrusted::new(&long).brief();
        assert!(brief.as_str().starts_with("head") && brief.as_str().ends_with("tail") && brief.as_str().len() < 2000);
        assert_eq!(Untrusted::new("bert").brief().as_str(), "bert");
    }

    #[test]
    fn numbers_are_written_with_thousands() {
        for (n, written) in [(0, "0"), (999, "999"), (1000, "1,000"), (2_050_877, "2,050,877")] {
            assert_eq!(thousands(n), written);
        }
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(1200, "file"), "1,200 files");
    }
}
