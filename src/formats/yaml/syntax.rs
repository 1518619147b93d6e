//! What the YAML parser refuses, said so that a person can mend it.

use super::at;
use crate::formats::limits;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::text::Untrusted;
use saphyr_parser::ScanError;

/// Part of the parser's words, our message, and what to do.
const KNOWN: [(&str, &str, &str); 14] = [
    ("tabs disallowed", "a tab in the indentation", "indent with spaces"),
    ("tab", "a tab where only blanks may stand", "use spaces"),
    ("did not find expected key", "expected a key here", "align it with the keys above, or with the dash of its list"),
    ("simple key", "expected ': ' after the key", "write `key: value`, or quote a text that goes over several lines"),
    ("unknown anchor", "alias of an anchor that is not defined", "define it above, in the same document, or quote the text"),
    ("quoted scalar, found unexpected end", "a quoted text that is not closed", "close the quote"),
    ("indentation in quoted", "a quoted text that is not closed on its line", "close the quote, or indent its further lines"),
    ("trailing content", "text after the closing quote", "move it inside the quotes, or put `#` before a comment"),
    ("unexpected character", "a text cannot begin with this character", "quote the text"),
    ("block sequence entries", "a list item not allowed here", "begin the list on a line of its own, or quote the text"),
    ("misplaced bracket", "a closing bracket without an opening one", "remove it, or quote the text"),
    (
        "did not find expected ','",
        "a list or mapping in brackets that is not closed",
        "close the bracket, or put a comma between its members",
    ),
    ("illegal placement of ':'", "a list or mapping in brackets that is not closed", "close the bracket before the next key"),
    ("expected node content", "expected a value here", "remove the extra comma, or close the bracket"),
];

/// The finding for a text that is not YAML.
pub(super) fn finding(input: &str, error: &ScanError) -> Finding {
    let mark = error.marker();
    let found = |message: &str, help: &str| Finding::new(Code::Syntax, at(*mark), message, help);
    if error.info().contains("recursion limit") {
        return limits::too_deep(at(*mark));
    }
    if error.info().contains("mapping values are not allowed") {
        let line = input.lines().nth(mark.line().saturating_sub(1)).unwrap_or_default();
        return match second_colon(line, mark.col()) {
            Some(quoted) => {
                found("mapping not allowed here: a second ': ' on one line", &format!("expected a quoted text:  {quoted}"))
            }
            None => found("mapping not allowed here", "align this key with its neighbours, or quote the text above it"),
        };
    }
    if ["escape", "hexadecimal", "Unicode"].iter().any(|word| error.info().contains(word)) {
        let place = bad_escape(input, at(*mark));
        let help = "write two backslashes, or use single quotes";
        return Finding::new(Code::Syntax, place, "an unknown escape in a text in double quotes", help);
    }
    let known = KNOWN.iter().find(|(words, ..)| error.info().contains(words));
    match known {
        Some((_, message, help)) => found(message, help),
        None => found(Untrusted::new(error.info()).show().as_str(), "correct the text: this is not YAML"),
    }
}

/// The line with its value in quotes, where the colon in `column` (from 0) is not its first; ready to be shown.
fn second_colon(line: &str, column: usize) -> Option<String> {
    let end = line.char_indices().nth(column).map_or(line.len(), |(end, _)| end);
    let (key, _) = line.get(..end)?.split_once(": ")?;
    let value = line.get(key.len() + 2..)?.trim();
    let (key, value) = (key.trim().trim_start_matches("- "), value.replace('"', "'"));
    let value = if key == "framework" { value.replacen(": ", "==", 1) } else { value };
    let quoted: String = format!("{key}: \"{value}\"").chars().take(120).collect();
    Some(Untrusted::new(&quoted).show().into_string())
}

/// The first backslash, in the text that opens at `quote`, which no escape begins with; `quote` if there is none.
fn bad_escape(input: &str, quote: Place) -> Place {
    let mut place = quote;
    let lines = input.lines().skip(quote.line.saturating_sub(1) as usize).enumerate();
    for (row, line) in lines {
        let skip = if row == 0 { quote.column.saturating_sub(1) as usize } else { 0 };
        place.line = quote.line + u32::try_from(row).unwrap_or(0);
        let mut rest = line.chars().enumerate().skip(skip);
        while let Some((column, c)) = rest.next() {
            if c != '\\' {
                continue;
            }
            place.column = u32::try_from(column + 1).unwrap_or(u32::MAX);
            let digits = match rest.next() {
                None => 0,
                Some((_, 'x')) => 2,
                Some((_, 'u')) => 4,
                Some((_, 'U')) => 8,
                Some((_, c)) if "0abt\tnvfre \"/\\N_LP".contains(c) => 0,
                Some(_) => return place,
            };
            if rest.by_ref().take(digits).filter(|(_, c)| c.is_ascii_hexdigit()).count() < digits {
                return place;
            }
        }
    }
    quote
}
