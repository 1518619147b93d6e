//! Which characters are shown as a visible escape, and how.

use std::borrow::Cow;
use std::fmt::Write as _;

/// At most this many combining marks follow one letter as themselves; a longer run is escaped (threats.md T1).
const MARKS_A_LETTER: usize = 8;

/// Whether `c` is shown as `\u{..}`: controls, bidi, zero-width, fillers, tags, separators, private use, non-characters.
pub(super) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(u32::from(c),
        0x80..=0x9f                       // C1 controls
        | 0xa0 | 0xad                     // no-break space, soft hyphen
        | 0x34f | 0x61c                   // grapheme joiner, Arabic letter mark
        | 0x115f | 0x1160 | 0x3164 | 0xffa0 // Hangul fillers
        | 0x1680 | 0x2000..=0x200a | 0x202f | 0x205f | 0x3000 // blanks of other widths
        | 0x17b4 | 0x17b5 | 0x180b..=0x180f // Khmer inherent vowels, Mongolian selectors
        | 0x200b..=0x200f | 0x2028..=0x202e // zero-width, marks, separators, bidi
        | 0x2060..=0x206f | 0x2800        // invisible operators, isolates, blank braille
        | 0xfe00..=0xfe0f | 0xfeff | 0xfff0..=0xfffb // selectors, BOM, interlinear
        | 0x1d173..=0x1d17a | 0x1bca0..=0x1bca3
        | 0x1f3fb..=0x1f3ff               // skin tones: two cells of their own, or none, as the terminal pleases
        | 0xe000..=0xf8ff | 0xf0000..=0x0010_ffff // private use
        | 0xe0000..=0xe0fff               // tags, variation selectors supplement
        | 0xfdd0..=0xfdef)
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether `c` joins the letter before it.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_width::UnicodeWidthChar::width(c) == Some(0)
}

/// Each character of `raw`, with whether it must be written as an escape wherever it could meet an eye or a terminal.
pub(super) fn judge(raw: &str) -> impl Iterator<Item = (char, bool)> {
    let mut marks = MARKS_A_LETTER; // a mark that leads the text has no letter to sit on
    raw.chars().map(move |c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        (c, is_hidden(c) || marks > MARKS_A_LETTER)
    })
}

/// Whether [`escape`] would change `raw`.
pub(super) fn needs_escape(raw: &str) -> bool {
    judge(raw).any(|(c, hide)| hide || c == '\\')
}

/// Replaces every hidden character by `\u{hex}` and a backslash by two: one-to-one, so it can be undone.
pub(super) fn escape(raw: &str) -> Cow<'_, str> {
    if !needs_escape(raw) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len() + 16);
    for (c, hide) in judge(raw) {
        if c == '\\' {
            out.push_str("\\\\");
        } else if hide {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn undo(shown: &str) -> String {
        let mut out = String::new();
        let mut rest = shown.chars();
        while let Some(c) = rest.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            if rest.next() == Some('\\') {
                out.push('\\');
                continue;
            }
            let hex: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
            out.push(char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap());
        }
        out
    }

    #[test]
    fn what_could_deceive_is_shown() {
        for (raw, shown) in [
            ("bert", "bert"),
            ("a\u{1b}[31m", "a\\u{1b}[31m"),
            ("a\rb", "a\\u{d}b"),
            ("evil\u{202e}tpg", "evil\\u{202e}tpg"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("C:\\Users", "C:\\\\Users"),
            ("\u{301}x", "\\u{301}x"),
            ("日本語", "日本語"),
        ] {
            assert_eq!(escape(raw), shown);
        }
    }

    #[test]
    fn a_flood_of_marks_is_cut_into_escapes() {
        let flood = format!("e{}", "\u{301}".repeat(1000));
        assert!(escape(&flood).matches('\u{301}').count() <= MARKS_A_LETTER);
    }

    proptest! {
        #[test]
        fn escaping_can_be_undone(raw in any::<String>()) {
            let shown = escape(&raw);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert_eq!(undo(&shown), raw);
        }
    }
}
