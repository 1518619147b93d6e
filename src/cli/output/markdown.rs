//! Answers as Markdown, for a wiki, a ticket or a channel.
//!
//! Invariant: whatever a document or a person wrote stands in a code span, in which nothing is a link, a picture, a mention
//! or HTML, and which it cannot end.

pub(in crate::cli) mod handover;
pub(in crate::cli) mod report;
pub(in crate::cli) mod tickets;

use crate::text::Untrusted;

/// A text as a code span, escaped.
pub(super) fn code(text: &str) -> String {
    span(Untrusted::new(text).show().as_str())
}

/// A text that is safe to print as a code span, fenced with more backticks than it has in a row.
pub(super) fn span(shown: &str) -> String {
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank on each side is taken off again by whoever shows it.
    let blank = if longest > 0 || shown.trim() != shown || shown.is_empty() { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_cannot_end_its_span() {
        for (text, span) in [
            ("chat@production", "`chat@production`"),
            ("a`b", "`` a`b ``"),
            ("``", "``` `` ```"),
            ("![x](http://evil)\n# head", "`![x](http://evil)\\u{a}# head`"),
            ("<script>", "`<script>`"),
            ("", "`  `"),
        ] {
            assert_eq!(code(text), span);
        }
    }

    proptest! {
        #[test]
        fn whatever_it_is(text in "[`a |\\n]{0,12}") {
            let span = code(&text);
            let fence = span.len() - span.trim_start_matches('`').len();
            let inner = span.get(fence..span.len() - fence).unwrap();
            prop_assert!(!inner.contains(&"`".repeat(fence)) && !inner.contains('\n'));
            prop_assert!(!inner.starts_with('`') && !inner.ends_with('`'));
        }
    }
}
