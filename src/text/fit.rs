//! Fitting text into terminal cells.
//!
//! Invariant: a text takes as many cells as its characters one by one. Some terminals draw a few clusters narrower, none of
//! them draws one wider, and all of them place the next cell where we say.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// How many terminal cells `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// What goes into one cell each: a character with the marks on it, and its cells.
pub(crate) fn cells(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, first) = chars.next()?;
        let end = chars.find(|(_, c)| c.width() != Some(0)).map_or(rest.len(), |(at, _)| at);
        let (cell, tail) = rest.split_at(end);
        rest = tail;
        Some((cell, first.width().unwrap_or(0)))
    })
}

/// Cuts `text` in the middle to at most `cells`, with `mark` (one cell, `…` or `*`) where something was left out.
///
/// Look-alikes differ early and versions late, so both ends are kept (screens.md 1.12).
pub(crate) fn cut_middle(text: &str, cells: usize, mark: char) -> Cow<'_, str> {
    cut_keeping(text, cells, mark, head_cells(text, cells))
}

/// Cells of a tail that tells versions and digests apart, and of a head to know a name by.
const TAIL: usize = 7;
const LEAST_HEAD: usize = 6;

/// How many cells the head of a cut text gets: the tail keeps a whole environment or version after `@` where that leaves a
/// head to know the rest by, else [`TAIL`] cells.
fn head_cells(text: &str, cells: usize) -> usize {
    let after_at = text.rsplit_once('@').map_or(0, |(_, after)| width(after));
    let room = cells.saturating_sub(1);
    let tail = if after_at > TAIL && after_at + LEAST_HEAD <= room { after_at } else { TAIL };
    if tail + LEAST_HEAD <= room { room - tail } else { room.div_ceil(2) }
}

/// Cuts each of `texts` to `cells`; where two different ones would look equal they are cut elsewhere until they differ.
pub(crate) fn cut_until_different(texts: &[&str], cells: usize, mark: char) -> Vec<String> {
    let mut cut: Vec<String> = texts.iter().map(|text| cut_middle(text, cells, mark).into_owned()).collect();
    // Rows on one screen: few, so comparing all pairs is fine.
    for row in 1..cut.len() {
        let clashes = |candidate: &str, cut: &[String]| {
            (0..row).any(|other| cut.get(other).is_some_and(|c| c == candidate) && texts.get(other) != texts.get(row))
        };
        let Some(text) = texts.get(row) else { continue };
        if !cut.get(row).is_some_and(|c| clashes(c, &cut)) {
            continue;
        }
        let middle = head_cells(text, cells);
        let heads = (0..cells).rev().filter(|head| *head != middle);
        let other = heads.map(|head| cut_keeping(text, cells, mark, head).into_owned()).find(|c| !clashes(c, &cut));
        if let (Some(other), Some(slot)) = (other, cut.get_mut(row)) {
            *slot = other;
        }
    }
    cut
}

/// `text` filled up with blanks to `cells`.
pub(crate) fn pad(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(width(text))))
}

fn cut_keeping(text: &str, cells: usize, mark: char, head: usize) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    let mut out = String::new();
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let next = used + width(cluster);
        if next > head {
            break;
        }
        out.push_str(cluster);
        used = next;
    }
    out.push(mark);
    let room = cells - 1 - used;
    let mut tail: Vec<&str> = Vec::new();
    let mut tail_cells = 0;
    for cluster in text.graphemes(true).rev() {
        tail_cells += width(cluster);
        if tail_cells > room {
            break;
        }
        tail.push(cluster);
    }
    out.extend(tail.into_iter().rev());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_survive_a_cut() {
        assert_eq!(cut_middle("legal-summarizer@prod-eu-west-1", 31, '…'), "legal-summarizer@prod-eu-west-1");
        assert_eq!(cut_middle("legal-summarizer@prod-eu-west-1", 30, '…'), "legal-summarize…prod-eu-west-1");
        assert_eq!(cut_middle("EleuterAI/gpt-j-6B#5f1c", 21, '…'), "EleuterAI/gpt…6B#5f1c");
        assert_eq!(cut_middle("contract-review-v0.9.0", 21, '…'), "contract-revi…-v0.9.0");
        assert_eq!(cut_middle("abcdefghijkl", 7, '…'), "abc…jkl");
        assert_eq!(cut_middle("abcdef", 1, '…'), "…");
        assert_eq!(cut_middle("abcdef", 0, '…'), "");
        assert!(width(&cut_middle("日本語のモデル名", 7, '…')) <= 7);
    }

    #[test]
    fn cells_are_counted_as_terminals_move() {
        for (text, n, why) in [
            ("bert", 4, "one each"),
            ("日本", 4, "two each"),
            ("e\u{301}\u{302}", 1, "marks sit on their letter"),
            ("لا", 2, "a ligature in print, two letters on a terminal"),
            ("क्षि", 3, "what terminals do not join"),
        ] {
            assert_eq!(width(text), n, "{why}");
            assert_eq!(cells(text).map(|(_, n)| n).sum::<usize>(), n, "{why}");
            assert_eq!(cells(text).map(|(cell, _)| cell).collect::<String>(), text);
        }
    }

    #[test]
    fn different_names_stay_different_where_they_can() {
        let cut = cut_until_different(&["aaaa-MIDDLE1-zzzz", "aaaa-MIDDLE2-zzzz"], 9, '…');
        assert_ne!(cut[0], cut[1]);
        let same = cut_until_different(&["aaaa-MIDDLE1-zzzz", "aaaa-MIDDLE1-zzzz"], 9, '…');
        assert_eq!(same[0], same[1]);
    }
}
