//! The usual block layout of a YAML stream to [`Tree`]s, line by line: what [`read`](super::read) gives, many times faster.
//!
//! Known are mappings and lists in block layout, texts on one line (plain, or in quotes without escapes), comments, `[]`,
//! `{}` and `---`. At the first thing that is not known the whole text is declined, and the general reader reads it.
//!
//! Invariant: what is read here is exactly what the general reader gives; there is nothing doubtful in it to report.
//! Absent on purpose: findings, errors, anchors, tags, text over several lines, brackets with something in them.

use super::{Stream, is_null};
use crate::formats::limits;
use crate::formats::tree::Keys;
use crate::formats::tree::Open;
use crate::formats::tree::Tree;
use crate::formats::tree::Value;
use crate::model::document::Place;
use std::borrow::Cow;

/// Containers inside containers; fewer than the general reader takes, more than any usual document has.
const DEPTH: usize = 32;
/// Bytes of a key; the general reader takes 1,024 characters.
const KEY_BYTES: usize = 128;
/// A usual line has at least this many bytes.
const LINE_BYTES: usize = 24;

/// The bytes that a key consists of.
const IN_KEYS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
        byte += 1;
    }
    table
};

/// Reads a stream that is in the usual layout throughout; `None` where it is not.
pub(super) fn read(input: &str) -> Option<Stream<'_>> {
    if !is_calm(input.as_bytes()) {
        return None;
    }
    let mut reader = Reader::new(input);
    while reader.at < input.len() {
        reader.line()?;
    }
    reader.end_document()?;
    Some(reader.stream)
}

/// Whether no character stands there that needs a closer look: backslashes, tabs, control characters, line ends but `\n` and
/// `\r\n`, and what begins with the first byte of a line separator, an invisible blank or a byte order mark.
#[expect(clippy::needless_bitwise_bool, reason = "without branches the loop looks at many bytes at once")]
fn is_calm(bytes: &[u8]) -> bool {
    let calm = |byte: u8| {
        let plain = (byte >= 0x20) & (byte != b'\\') & (byte != 0x7f) & (byte != 0xc2) & (byte != 0xe2) & (byte != 0xef);
        plain | (byte == b'\n') | (byte == b'\r')
    };
    bytes.chunks(128).all(|chunk| chunk.iter().fold(true, |all, byte| all & calm(*byte)))
        && memchr::memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Map,
}

/// A container whose lines are being read.
struct Frame {
    open: Open,
    shape: Shape,
    /// Blanks before its keys or dashes.
    indent: usize,
    keys: Keys,
}

struct Reader<'a> {
    input: &'a str,
    /// Where the next line begins.
    at: usize,
    /// The line that is being read, from 1, without its end, and where it begins.
    line: u32,
    bytes: &'a [u8],
    start: usize,
    stream: Stream<'a>,
    tree: Tree<'a>,
    frames: Vec<Frame>,
    /// The last value is a key's that is not written yet: null, unless the next line goes on below it.
    awaits: bool,
    /// A `---` stands before the document.
    marked: bool,
    /// Values of the documents before.
    before: usize,
}

impl<'a> Reader<'a> {
    fn new(input: &'a str) -> Self {
        let mut tree = Tree::default();
        tree.reserve((input.len() / LINE_BYTES).min(limits::NODES));
        Self {
            input,
            at: 0,
            line: 0,
            bytes: &[],
            start: 0,
            stream: Stream::default(),
            tree,
            frames: Vec::with_capacity(8),
            awaits: false,
            marked: false,
            before: 0,
        }
    }

    fn line(&mut self) -> Option<()> {
        let rest = self.input.as_bytes().get(self.at..)?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end)?;
        self.bytes = line.strip_suffix(b"\r").unwrap_or(line);
        self.start = self.at;
        self.line = self.line.checked_add(1)?;
        self.at += end + 1;
        let indent = self.after_blanks(0);
        match self.bytes.get(indent..)? {
            [] | [b'#', ..] => Some(()),
            [b'-', b' ', ..] => self.item(indent),
            b"---" if indent == 0 => self.next_document(),
            _ => self.member(indent),
        }
    }

    /// `---` alone on its line.
    fn next_document(&mut self) -> Option<()> {
        if self.tree.len() > 0 {
            self.end_document()?;
        } else if self.marked {
            return None;
        }
        self.marked = true;
        Some(())
    }

    /// Ends the document; one without content is not known here.
    fn end_document(&mut self) -> Option<()> {
        while let Some(frame) = self.frames.pop() {
            self.tree.close(frame.open);
        }
        if self.tree.len() == 0 {
            return None;
        }
        self.before += self.tree.len();
        self.awaits = false;
        self.stream.documents.push((std::mem::take(&mut self.tree), Vec::new()));
        Some(())
    }

    /// A list item: `- key: value`, which opens a mapping, or `- text`.
    fn item(&mut self, indent: usize) -> Option<()> {
        self.enter(indent, Shape::List)?;
        let place = self.place(indent);
        let from = self.after_blanks(indent + 1);
        if !self.has_key(from) {
            return self.value(None, place, from);
        }
        let open = self.open(None, Value::Map, place)?;
        self.push(open, Shape::Map, from)?;
        self.member_here(from)
    }

    /// A line with a key.
    fn member(&mut self, indent: usize) -> Option<()> {
        self.enter(indent, Shape::Map)?;
        self.member_here(indent)
    }

    /// `key: value`, `key:` in the innermost mapping.
    fn member_here(&mut self, from: usize) -> Option<()> {
        let colon = self.key_end(from);
        let key = self.text(from, colon)?;
        let after = match self.bytes.get(colon..)? {
            [b':'] => colon + 1,
            [b':', b' ', ..] => self.after_blanks(colon + 2),
            _ => return None,
        };
        let frame = self.frames.last_mut()?;
        let begins = key.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
        if !begins || key.len() > KEY_BYTES {
            return None;
        }
        frame.keys.add(&self.tree, frame.open, key)?;
        let place = self.place(from);
        if matches!(self.bytes.get(after..)?, [] | [b'#', ..]) {
            self.open(Some(key), Value::Null, place)?;
            self.awaits = true;
            return Some(());
        }
        self.value(Some(key), place, after)
    }

    /// Makes the container with this indentation the innermost one, opened below the key that awaits it or known already.
    fn enter(&mut self, indent: usize, shape: Shape) -> Option<()> {
        loop {
            let Some(top) = self.frames.last() else {
                // The outermost container; nothing may stand before it.
                if indent > 0 || self.tree.len() > 0 {
                    return None;
                }
                let open = self.open(None, shape.value(), self.place(0))?;
                return self.push(open, shape, 0);
            };
            // A list may stand below its key without being indented.
            let below = top.indent < indent || (top.indent == indent && top.shape == Shape::Map && shape == Shape::List);
            if below {
                if !std::mem::take(&mut self.awaits) {
                    return None;
                }
                let open = self.tree.turn_last(shape.value())?;
                return self.push(open, shape, indent);
            }
            if top.indent == indent && top.shape == shape {
                self.awaits = false;
                return Some(());
            }
            self.tree.close(top.open);
            self.frames.pop();
            self.awaits = false;
        }
    }

    fn push(&mut self, open: Open, shape: Shape, indent: usize) -> Option<()> {
        self.frames.push(Frame { open, shape, indent, keys: Keys::default() });
        (self.frames.len() <= DEPTH).then_some(())
    }

    /// A value on this line, which begins at `from`.
    fn value(&mut self, key: Option<&'a str>, place: Place, from: usize) -> Option<()> {
        let (value, end) = match self.bytes.get(from..)? {
            [quote @ (b'"' | b'\''), rest @ ..] => {
                let len = memchr::memchr(*quote, rest)?;
                let text = Cow::Borrowed(self.text(from + 1, from + 1 + len)?);
                // In single quotes, two of them are one.
                let closes = rest.get(len + 1) != Some(quote);
                (closes.then_some(Value::Text { text, quoted: true })?, from + 1 + len + 1)
            }
            [b'[', b']', ..] => (Value::List, from + 2),
            [b'{', b'}', ..] => (Value::Map, from + 2),
            rest => {
                let text = self.text(from, from + plain(rest)?)?.trim_end_matches(' ');
                let value = if is_null(text) { Value::Null } else { Value::Text { text: Cow::Borrowed(text), quoted: false } };
                (value, from + text.len())
            }
        };
        let rest = self.bytes.get(end..)?;
        let ends = matches!(rest, [] | [b' ', ..]) && matches!(self.bytes.get(self.after_blanks(end)..)?, [] | [b'#', ..]);
        self.open(key, ends.then_some(value)?, place)?;
        self.awaits = false;
        Some(())
    }

    fn open(&mut self, key: Option<&'a str>, value: Value<'a>, place: Place) -> Option<Open> {
        let room = self.before + self.tree.len() < limits::NODES;
        room.then(|| self.tree.open(key.map(Cow::Borrowed), value, place))
    }

    fn place(&self, indent: usize) -> Place {
        Place { line: self.line, column: u32::try_from(indent).unwrap_or(u32::MAX).saturating_add(1) }
    }

    /// The first byte from `from` on that is no blank, or the end of the line.
    fn after_blanks(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len())
    }

    /// Where the letters of a key that begins at `from` end.
    fn key_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !IN_KEYS[usize::from(*byte)]).unwrap_or(rest.len())
    }

    /// Whether a key begins at `from`.
    fn has_key(&self, from: usize) -> bool {
        matches!(self.bytes.get(self.key_end(from)..), Some([b':'] | [b':', b' ', ..]))
    }

    /// A part of the line.
    fn text(&self, from: usize, to: usize) -> Option<&'a str> {
        self.input.get(self.start + from..self.start + to)
    }
}

impl Shape {
    fn value<'a>(self) -> Value<'a> {
        match self {
            Self::List => Value::List,
            Self::Map => Value::Map,
        }
    }
}

/// The length of a plain text at the beginning of `rest`, up to a comment; `None` where it is not surely one.
fn plain(rest: &[u8]) -> Option<usize> {
    let begins = match rest {
        [b'-', next, ..] => next.is_ascii_alphanumeric(),
        [first, ..] => first.is_ascii_alphanumeric() || *first >= 0x80 || b"_/.(+<=~^$;".contains(first),
        [] => false,
    };
    for at in memchr::memchr2_iter(b':', b'#', rest) {
        match rest.get(at)? {
            b':' if matches!(rest.get(at + 1), None | Some(b' ')) => return None,
            b'#' if rest.get(at.checked_sub(1)?) == Some(&b' ') => return begins.then_some(at),
            _ => {}
        }
    }
    begins.then_some(rest.len())
}

#[cfg(test)]
mod tests;
