//! The lines around a place, for a person to see what is meant.
//!
//! Invariant: every line is escaped and cut; the file cannot draw with it.

use crate::model::document::Place;
use crate::text::Untrusted;

/// A line keeps at most this many characters.
const CHARS: usize = 160;

/// The line of a place and the one before it, with their numbers.
pub(super) fn of(text: &str, place: Place) -> Vec<(u32, String)> {
    let first = place.line.saturating_sub(1).max(1);
    let wanted = (place.line.saturating_sub(first) + u32::from(place.line > 0)) as usize;
    let lines = text.split('\n').skip(first as usize - 1).take(wanted);
    lines.zip(first..).map(|(line, number)| (number, cut(line.trim_end_matches('\r')))).collect()
}

fn cut(line: &str) -> String {
    let end = line.char_indices().nth(CHARS).map_or(line.len(), |(end, _)| end);
    let shown = Untrusted::new(line.get(..end).unwrap_or_default()).show().into_string();
    // An escape is longer than what it stands for.
    shown.chars().take(CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_two_lines_escaped_and_cut() {
        let text = format!("a\r\nb\u{202e}\u{1b}[31m\n{}\n", "x".repeat(500));
        let at = |line| of(&text, Place { line, column: 1 });
        assert_eq!(at(1), [(1, "a".to_owned())]);
        assert_eq!(at(2), [(1, "a".to_owned()), (2, "b\\u{202e}\\u{1b}[31m".to_owned())]);
        assert_eq!(at(3)[1].1.len(), CHARS);
        assert!(at(0).is_empty(), "no line is known");
        assert!(at(99).is_empty(), "behind the end");
    }
}
