//! JSON that is refused or doubtful: borrowed raw values level by level, with a reason and a place for all that is wrong.
//!
//! Invariant: duplicate keys are kept, all of them, and reported.
//! Absent on purpose: speed; a text without fault never comes here.

use super::{Text, duplicate_key};
use crate::formats::limits;
use crate::formats::tree::Tree;
use crate::formats::tree::Value;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::text::Untrusted;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Reads one JSON document. Findings are what was read but is doubtful; the error is why nothing was read.
pub(super) fn read(input: &str) -> Result<(Tree<'_>, Vec<Finding>), Finding> {
    let raw: &RawValue = serde_json::from_str(input).map_err(|e| syntax(input, &e))?;
    let mut reader = Reader { input, tree: Tree::default(), findings: Vec::new(), last: Cursor::default() };
    reader.value(None, raw, 0)?;
    Ok((reader.tree, reader.findings))
}

/// Where the reader has counted lines and characters up to; values come in order, so the whole input is counted once.
#[derive(Default)]
struct Cursor {
    offset: usize,
    line: u32,
    column: u32,
}

struct Reader<'a> {
    input: &'a str,
    tree: Tree<'a>,
    findings: Vec<Finding>,
    last: Cursor,
}

impl<'a> Reader<'a> {
    fn place(&mut self, raw: &RawValue) -> Place {
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.input.as_ptr() as usize);
        let between = self.input.get(self.last.offset..offset).unwrap_or_default();
        match memchr::memrchr(b'\n', between.as_bytes()) {
            Some(newline) => {
                let lines = memchr::memchr_iter(b'\n', between.as_bytes()).count();
                self.last.line += u32::try_from(lines).unwrap_or(u32::MAX);
                let rest = between.get(newline + 1..).unwrap_or_default();
                self.last.column = u32::try_from(rest.chars().count()).unwrap_or(u32::MAX);
            }
            None => self.last.column += u32::try_from(between.chars().count()).unwrap_or(u32::MAX),
        }
        self.last.offset = self.last.offset.max(offset);
        Place { line: self.last.line + 1, column: self.last.column + 1 }
    }

    fn value(&mut self, key: Option<Cow<'a, str>>, raw: &'a RawValue, depth: usize) -> Result<(), Finding> {
        let place = self.place(raw);
        if depth > limits::DEPTH {
            return Err(limits::too_deep(place));
        }
        if self.tree.len() >= limits::NODES {
            return Err(limits::too_many(place));
        }
        let text = raw.get();
        let wrong = |e: serde_json::Error| Finding::new(Code::Syntax, place, plain(&e), "correct the text");
        match text.as_bytes().first() {
            Some(b'{') => {
                let members: Members<'a> = serde_json::from_str(text).map_err(wrong)?;
                let open = self.tree.open(key, Value::Map, place);
                let mut seen = FxHashSet::default();
                for (name, member) in members.0 {
                    let double = !seen.insert(name.clone());
                    let shown = double.then(|| Untrusted::new(&name).show().into_string());
                    self.value(Some(name), member, depth + 1)?;
                    if let Some(shown) = shown {
                        let at = Place { line: self.last.line + 1, column: self.last.column + 1 };
                        self.findings.push(duplicate_key(&shown, at));
                    }
                }
                self.tree.close(open);
            }
            Some(b'[') => {
                let items: Items<'a> = serde_json::from_str(text).map_err(wrong)?;
                let open = self.tree.open(key, Value::List, place);
                for item in items.0 {
                    self.value(None, item, depth + 1)?;
                }
                self.tree.close(open);
            }
            Some(b'"') => {
                let Text(text) = serde_json::from_str(text).map_err(wrong)?;
                self.tree.open(key, Value::Text { text, quoted: true }, place);
            }
            Some(b'n') => {
                self.tree.open(key, Value::Null, place);
            }
            _ => {
                self.tree.open(key, Value::Text { text: Cow::Borrowed(text), quoted: false }, place);
            }
        }
        Ok(())
    }
}

fn syntax(input: &str, error: &serde_json::Error) -> Finding {
    let line = input.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    // At the end of the text the parser stands on its last character; the fault is behind it.
    let bytes = error.column().saturating_sub(usize::from(!error.is_eof())).min(line.len());
    let column = line.char_indices().take_while(|(at, _)| *at < bytes).count() + 1;
    let place = Place { line: u32::try_from(error.line()).unwrap_or(0), column: u32::try_from(column).unwrap_or(0) };
    let help = match input.as_bytes().get(offset_of(input, error)) {
        _ if error.is_eof() => "the text ends too early: is the file complete?",
        Some(b'/') => "JSON has no comments: remove it",
        Some(b'}' | b']') => "remove the comma before it",
        _ => "correct the text: this is not JSON",
    };
    Finding::new(Code::Syntax, place, plain(error), help)
}

fn offset_of(input: &str, error: &serde_json::Error) -> usize {
    let before: usize = input.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    before + error.column().saturating_sub(1)
}

/// The parser's message without its own place, which we give better.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    Untrusted::new(text).show().into_string()
}

struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Text(key)) = map.next_key()? {
                    members.push((key, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Items<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Visit)
    }
}
