//! The usual block layout of a YAML stream to [`Tree`]s, line by line: what [`read`](super::read) gives, many times faster.
//!
//! Known are mappings and lists in block layout, texts on one line (plain, or in quotes without escapes), comments, `[]`,
//! `{}` and `---`. At the first thing that is not known the whole text is declined, and the general reader reads it.
//!
//! Invariant: what is read here is exactly what the general reader gives; there is nothing doubtful in it to report.
//! Absent on purpose: findings, errors, anchors, tags, text over several lines, brackets with something in them.

use super::{Stream, is_null};
use crate::formats::limits;
use crate::formats::tree::Open;
use crate::formats::tree::Tree;
use crate::formats::tree::Value;
use crate::model::document::Place;
use std::borrow::Cow;

/// Containers inside containers; fewer than the general reader takes, more than any usual document has.
const DEPTH: usize = 32;
/// Keys of one mapping; its keys are compared with one another.
const KEYS: usize = 256;
/// Bytes of a key; the general reader takes 1,024 characters.
const KEY_BYTES: usize = 128;
/// A usual line has at least this many bytes.
const LINE_BYTES: usize = 20;

/// Reads a stream that is in the usual layout throughout; `None` where it is not.
pub(super) fn read(input: &str) -> Option<Stream<'_>> {
    let bytes = input.as_bytes();
    if !is_calm(bytes) {
        return None;
    }
    let mut reader = Reader { input, line: 0, at: 0, stream: Stream::default(), tree: Tree::default(), frames: Vec::new(), awaits: false, before: 0 };
    reader.tree.reserve((input.len() / LINE_BYTES).min(limits::NODES));
    reader.frames.reserve(8);
    while reader.at < bytes.len() {
        reader.line()?;
    }
    reader.end_document()?;
    Some(reader.stream)
}

/// Whether only ASCII that can be seen, blanks and line ends stand there.
fn is_calm(bytes: &[u8]) -> bool {
    let calm = |byte: &u8| (0x20..0x7f).contains(byte) | (*byte == b'\n') | (*byte == b'\r');
    bytes.chunks(64).all(|chunk| chunk.iter().fold(true, |all, byte| all & calm(byte)))
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
    /// A bit for each of its keys, by [`mark`]: two equal keys have the same one.
    marks: u64,
    keys: usize,
}

struct Reader<'a> {
    input: &'a str,
    /// The line that is being read, from 1.
    line: u32,
    /// Where the next line begins.
    at: usize,
    stream: Stream<'a>,
    tree: Tree<'a>,
    frames: Vec<Frame>,
    /// The last value is a key's that is not written yet: it is null unless the next line goes on deeper.
    awaits: bool,
    /// Values of the documents before.
    before: usize,
}

impl<'a> Reader<'a> {
    fn line(&mut self) -> Option<()> {
        let bytes = self.input.as_bytes();
        let start = self.at;
        let rest = bytes.get(start..)?;
        let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |end| start + end);
        self.at = end + 1;
        self.line += 1;
        let line = bytes.get(start..end)?;
        // A line may end with `\r\n`; anywhere else a `\r` ends a line too.
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let indent = line.iter().position(|byte| *byte != b' ').unwrap_or(line.len());
        match line.get(indent..)? {
            [] | [b'#', ..] => Some(()),
            [b'-', b' ', ..] => self.item(start, line, indent),
            b"---" if indent == 0 => self.next_document(),
            _ => self.member(start, line, indent),
        }
    }

    /// `---` alone on its line.
    fn next_document(&mut self) -> Option<()> {
        if self.tree.len() > 0 {
            self.end_document()?;
        } else if !self.stream.documents.is_empty() || self.awaits {
            return None;
        }
        // Until a value stands there the document is open and empty: a second `---` is declined.
        self.awaits = true;
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
}
