//! Where the dash of a list item stands; the parser tells only where the item's value begins.
//!
//! Invariant: a place that is not found is the value's own; nothing here can fail.

use super::at;
use crate::model::document::Place;
use saphyr_parser::{Marker, Span};

/// The lines of a text, found when they are first asked for.
pub(super) struct Lines<'a> {
    input: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: &'a str) -> Self {
        Self { input, starts: Vec::new() }
    }

    /// Whether a dash stands in `line` (from 1) after `indent` bytes, and nothing but indentation before it.
    fn has_dash(&mut self, line: usize, indent: usize) -> bool {
        if self.starts.is_empty() {
            self.starts.push(0);
            self.starts.extend(memchr::memchr_iter(b'\n', self.input.as_bytes()).map(|newline| newline + 1));
        }
        let bytes =
            line.checked_sub(1).and_then(|row| self.starts.get(row)).and_then(|start| self.input.as_bytes().get(*start..));
        let Some((before, rest)) = bytes.and_then(|bytes| bytes.split_at_checked(indent)) else { return false };
        before.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'?' | b':'))
            && matches!(rest, [b'-'] | [b'-', b' ' | b'\t' | b'\n' | b'\r', ..])
    }
}

/// The dashes of one list: all in one column.
pub(super) struct Dashes {
    /// Bytes before the dash; `None` for a list in brackets.
    indent: Option<usize>,
    /// Line of the last item.
    line: usize,
}

impl Dashes {
    /// A list that begins at `span`, under a mapping's key or not.
    pub(super) fn new(lines: &mut Lines<'_>, span: Span, key: Option<Place>) -> Self {
        // A list that is indented no deeper than its key is reported where its first value begins.
        let line = span.end.line();
        let under_key = key.map(|place| place.column as usize - 1).filter(|indent| lines.has_dash(line, *indent));
        let indent = under_key.or_else(|| Some(span.end.col()).filter(|indent| lines.has_dash(line, *indent)));
        Self { indent, line }
    }

    /// The place of the dash whose value begins at `value`.
    pub(super) fn next(&mut self, lines: &mut Lines<'_>, value: Marker) -> Place {
        let Some(indent) = self.indent else { return at(value) };
        let dash = (self.line..=value.line()).rev().find(|line| lines.has_dash(*line, indent));
        self.line = value.line();
        dash.map_or_else(|| at(value), |line| Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: indent as u32 + 1 })
    }
}
