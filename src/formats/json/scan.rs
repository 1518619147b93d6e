//! One pass over a JSON text that nothing is wrong with.
//!
//! Invariant: what is declined (`None`) is read again by the careful reader, which knows what to say of it.
//! Absent on purpose: findings and errors; recursion.

use super::Text;
use crate::formats::limits;
use crate::formats::tree::Keys;
use crate::formats::tree::Open;
use crate::formats::tree::Tree;
use crate::formats::tree::Value;
use crate::model::document::Place;
use std::borrow::Cow;

/// A value and the blanks around it usually take at least this many bytes.
pub(super) const VALUE_BYTES: usize = 24;

/// The bytes in a text that are more than a character of one byte.
const NEEDS_A_LOOK: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = byte < 0x20 || byte >= 0x80 || byte == b'"' as usize || byte == b'\\' as usize;
        byte += 1;
    }
    table
};

/// Reads a document without fault and without doubled keys; `None` for any other.
pub(super) fn read(input: &str) -> Option<Tree<'_>> {
    let mut tree = Tree::default();
    tree.reserve((input.len() / VALUE_BYTES).min(limits::NODES));
    Scanner { input, at: 0, line: 1, line_start: 0, tree, frames: Vec::with_capacity(16) }.run()
}

/// A list or mapping that is being read.
struct Frame {
    open: Open,
    /// The keys so far; `None` for a list.
    keys: Option<Keys>,
}

struct Scanner<'a> {
    input: &'a str,
    at: usize,
    line: u32,
    /// Where the line would begin if each of its characters had one byte.
    line_start: usize,
    tree: Tree<'a>,
    frames: Vec<Frame>,
}

impl<'a> Scanner<'a> {
    fn run(mut self) -> Option<Tree<'a>> {
        let mut key = None;
        loop {
            self.blanks();
            let opened = self.value(key.take())?;
            if !opened || self.closes() {
                while self.closes() {}
                if self.frames.is_empty() {
                    return (self.at == self.input.len()).then_some(self.tree);
                }
                self.take(b',')?;
            }
            if self.frames.last().is_some_and(|frame| frame.keys.is_some()) {
                self.blanks();
                key = Some(self.key()?);
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.input.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.byte()? == byte).then(|| self.at += 1)
    }

    fn blanks(&mut self) {
        let rest = self.input.as_bytes().get(self.at..).unwrap_or_default();
        let mut skipped = rest.len();
        for (at, byte) in rest.iter().enumerate() {
            match byte {
                b' ' | b'\t' | b'\r' => {}
                b'\n' => {
                    self.line = self.line.saturating_add(1);
                    self.line_start = self.at + at + 1;
                }
                _ => {
                    skipped = at;
                    break;
                }
            }
        }
        self.at += skipped;
    }

    /// Ends the innermost container if its bracket comes next.
    fn closes(&mut self) -> bool {
        self.blanks();
        let Some(frame) = self.frames.last() else { return false };
        let bracket = if frame.keys.is_some() { b'}' } else { b']' };
        let closes = self.byte() == Some(bracket);
        if closes {
            self.at += 1;
            self.tree.close(frame.open);
            self.frames.pop();
        }
        closes
    }

    /// `"key":`, unless the mapping has it already.
    fn key(&mut self) -> Option<Cow<'a, str>> {
        let key = self.string()?;
        self.blanks();
        self.take(b':')?;
        let frame = self.frames.last_mut()?;
        frame.keys.as_mut()?.add(&self.tree, frame.open, &key)?;
        Some(key)
    }

    /// Reads a scalar or the beginning of a container; whether it is the latter.
    fn value(&mut self, key: Option<Cow<'a, str>>) -> Option<bool> {
        let column = u32::try_from(self.at - self.line_start).unwrap_or(u32::MAX).saturating_add(1);
        let place = Place { line: self.line, column };
        if self.frames.len() > limits::DEPTH || self.tree.len() >= limits::NODES {
            return None;
        }
        let value = match self.byte()? {
            b'{' => Value::Map,
            b'[' => Value::List,
            b'"' => Value::Text { text: self.string()?, quoted: true },
            b'n' => self.word("null").map(|_| Value::Null)?,
            b't' => Value::Text { text: Cow::Borrowed(self.word("true")?), quoted: false },
            b'f' => Value::Text { text: Cow::Borrowed(self.word("false")?), quoted: false },
            _ => Value::Text { text: Cow::Borrowed(self.number()?), quoted: false },
        };
        let keys = match value {
            Value::Map => Some(Keys::default()),
            Value::List | Value::Null | Value::Text { .. } => None,
        };
        let opens = matches!(value, Value::Map | Value::List);
        let open = self.tree.open(key, value, place);
        if opens {
            self.at += 1;
            self.frames.push(Frame { open, keys });
        }
        Some(opens)
    }

    fn word(&mut self, word: &str) -> Option<&'a str> {
        let start = self.at;
        let found = self.input.get(start..start + word.len()).filter(|found| *found == word)?;
        self.at += word.len();
        Some(found)
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        self.input.get(start..self.at)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// A text in quotes, borrowed where it has no escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.take(b'"')?;
        let start = self.at;
        let (mut escapes, mut further) = (false, 0);
        loop {
            let rest = self.input.as_bytes().get(self.at..)?;
            self.at += rest.iter().position(|byte| NEEDS_A_LOOK[usize::from(*byte)])?;
            match self.byte()? {
                b'"' => break,
                b'\\' => {
                    escapes = true;
                    self.at += 2;
                }
                0..0x20 => return None,
                byte => {
                    further += usize::from(byte & 0xc0 == 0x80);
                    self.at += 1;
                }
            }
        }
        let end = self.at;
        self.at += 1;
        self.line_start += further;
        if escapes {
            let quoted = self.input.get(start - 1..self.at)?;
            return serde_json::from_str(quoted).ok().map(|Text(text)| text);
        }
        self.input.get(start..end).map(Cow::Borrowed)
    }
}
