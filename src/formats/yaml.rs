//! A YAML stream to [`Tree`]s: the usual layout line by line, everything else from parser events that know their place.
//!
//! Aliases are replayed under a stated limit, merge keys taken in, duplicate keys kept; each of them is reported.
//! A merge key's own value and a key that is no text stay in their mapping as values without key: no lookup meets them.
//!
//! Invariant: a mapping's members stand before those that it merged in, and hide them where keys are equal.
//! Absent on purpose: types; a plain `null`, `~` or nothing is the only word with a meaning.

mod dash;
mod plain;
mod syntax;

use crate::formats::json;
use crate::formats::limits;
use crate::formats::tree::Node;
use crate::formats::tree::Open;
use crate::formats::tree::Tree;
use crate::formats::tree::Value;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::text::Untrusted;
use dash::{Dashes, Lines};
use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};
use std::borrow::Cow;

/// A replayed value costs at least this many of the alias bytes: an empty list takes memory too.
const VALUE_COST: usize = 16;

/// What a stream holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stream<'a> {
    /// The documents before the error, each with what is doubtful in it.
    pub documents: Vec<(Tree<'a>, Vec<Finding>)>,
    /// Why the rest was not read.
    pub error: Option<Finding>,
}

/// Reads a stream of documents, up to the first error.
pub(crate) fn read(input: &str) -> Stream<'_> {
    plain::read(input).unwrap_or_else(|| general(input))
}

/// Whether the usual layout's reader declines `input` or reads it as the general one does.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn ways_agree(input: &str) -> bool {
    plain::read(input).is_none_or(|stream| stream == general(input))
}

/// Reads any YAML.
fn general(input: &str) -> Stream<'_> {
    let mut reader = Reader::new(input);
    let error = reader.run().err();
    Stream { documents: reader.documents, error }
}

/// A value with an anchor.
#[derive(Clone, Copy)]
struct Anchor {
    at: Open,
    /// Containers inside containers in it, itself included.
    height: usize,
}

/// A list or mapping that is being read.
struct Frame<'a> {
    open: Open,
    anchor: usize,
    height: usize,
    shape: Shape<'a>,
}

enum Shape<'a> {
    List(Dashes),
    Map {
        key: Option<Key<'a>>,
        merged: Vec<Open>,
    },
    /// A list or mapping where a key should stand.
    OddKey,
}

struct Key<'a> {
    text: Cow<'a, str>,
    place: Place,
    merge: bool,
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    input: &'a str,
    lines: Lines<'a>,
    documents: Vec<(Tree<'a>, Vec<Finding>)>,
    tree: Tree<'a>,
    findings: Vec<Finding>,
    frames: Vec<Frame<'a>>,
    anchors: FxHashMap<usize, Anchor>,
    tags: FxHashSet<String>,
    /// Values of the documents before.
    before: usize,
    repeated: usize,
}

impl<'a> Reader<'a> {
    fn new(input: &'a str) -> Self {
        Self {
            parser: Parser::new_from_str(input),
            input,
            lines: Lines::new(input),
            documents: Vec::new(),
            tree: Tree::default(),
            findings: Vec::new(),
            frames: Vec::new(),
            anchors: FxHashMap::default(),
            tags: FxHashSet::default(),
            before: 0,
            repeated: 0,
        }
    }

    fn run(&mut self) -> Result<(), Finding> {
        while let Some(event) = self.parser.next_event() {
            let (event, span) = event.map_err(|error| syntax::finding(self.input, &error))?;
            match event {
                Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
                Event::DocumentStart(_) => {
                    self.anchors.clear();
                    self.tags.clear();
                }
                Event::DocumentEnd => {
                    self.before += self.tree.len();
                    self.documents.push((std::mem::take(&mut self.tree), std::mem::take(&mut self.findings)));
                }
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::Scalar(text, style, anchor, tag) => {
                    let quoted = self.tag(tag.as_deref(), at(span.start)) || style != ScalarStyle::Plain;
                    self.scalar(text, quoted, anchor, span)?;
                }
                Event::SequenceStart(anchor, tag) => self.container(Value::List, anchor, tag.as_deref(), span)?,
                Event::MappingStart(anchor, tag) => self.container(Value::Map, anchor, tag.as_deref(), span)?,
                Event::SequenceEnd | Event::MappingEnd => self.end()?,
            }
        }
        Ok(())
    }

    /// Whether a mapping is open and the next value is its key.
    fn awaits_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { shape: Shape::Map { key: None, .. }, .. }))
    }

    /// Key and place of the value that begins at `span`; and whether it is to be merged.
    fn slot(&mut self, span: Span) -> (Option<Cow<'a, str>>, Place, bool) {
        match self.frames.last_mut().map(|frame| &mut frame.shape) {
            Some(Shape::List(dashes)) => (None, dashes.next(&mut self.lines, span.start), false),
            Some(Shape::Map { key, .. }) => match key.take() {
                Some(Key { text, place, merge: false }) => (Some(text), place, false),
                Some(Key { place, merge: true, .. }) => (None, place, true),
                None => (None, at(span.start), false),
            },
            Some(Shape::OddKey) | None => (None, at(span.start), false),
        }
    }

    /// Notes that a value stands there: for a merge key, an anchor, and the height of what holds it.
    fn placed(&mut self, open: Open, merge: bool, anchor: usize, height: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchor { at: open, height });
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.height = frame.height.max(height + 1);
            if let Shape::Map { merged, .. } = &mut frame.shape
                && merge
            {
                merged.push(open);
            }
        }
    }

    fn room_for(&self, values: usize, place: Place) -> Result<(), Finding> {
        if self.before + self.tree.len() + values > limits::NODES { Err(limits::too_many(place)) } else { Ok(()) }
    }

    fn scalar(&mut self, text: Cow<'a, str>, quoted: bool, anchor: usize, span: Span) -> Result<(), Finding> {
        let place = at(span.start);
        if self.awaits_key() {
            if anchor > 0 {
                let copy = Value::Text { text: text.clone(), quoted };
                let open = self.tree.open(None, copy, place);
                self.placed(open, false, anchor, 0);
            }
            self.key(text, quoted, place);
            return Ok(());
        }
        self.room_for(1, place)?;
        let value = if !quoted && is_null(&text) { Value::Null } else { Value::Text { text, quoted } };
        let (key, place, merge) = self.slot(span);
        let open = self.tree.open(key, value, place);
        self.placed(open, merge, anchor, 0);
        Ok(())
    }

    /// Takes the key of the next member.
    fn key(&mut self, text: Cow<'a, str>, quoted: bool, place: Place) {
        let merge = !quoted && text == "<<";
        if let Some(Frame { shape: Shape::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some(Key { text, place, merge });
        }
        if merge {
            let help = "write the members out: many tools do not know merge keys and miss them";
            self.report(Finding::new(Code::MergeKey, place, "merge key `<<`: its members were taken in", help));
        }
    }

    fn odd_key(&mut self, place: Place) {
        let help = "write a plain text before the colon";
        self.report(Finding::new(Code::Invalid, place, "a key that is no text; its value was not used", help));
        if let Some(Frame { shape: Shape::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some(Key { text: Cow::Borrowed("?"), place, merge: false });
        }
    }

    fn container(&mut self, value: Value<'a>, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), Finding> {
        self.tag(tag, at(span.start));
        let odd = self.awaits_key();
        let parent_key = match self.frames.last() {
            Some(Frame { shape: Shape::Map { key: Some(key), .. }, .. }) => Some(key.place),
            _ => None,
        };
        let (key, place, merge) = self.slot(span);
        self.room_for(1, place)?;
        if self.frames.len() >= limits::DEPTH {
            return Err(limits::too_deep(place));
        }
        let shape = match value {
            _ if odd => Shape::OddKey,
            Value::List => Shape::List(Dashes::new(&mut self.lines, span, parent_key)),
            Value::Map | Value::Null | Value::Text { .. } => Shape::Map { key: None, merged: Vec::new() },
        };
        let open = self.tree.open(key, value, place);
        self.placed(open, merge, 0, 0);
        self.frames.push(Frame { open, anchor, height: 1, shape });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Finding> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        self.tree.close(frame.open);
        match frame.shape {
            Shape::List(_) => {}
            Shape::Map { merged, .. } => {
                self.report_doubles(frame.open);
                self.merge(frame.open, &merged)?;
            }
            Shape::OddKey => {
                let place = self.tree.node(frame.open).place();
                self.odd_key(place);
            }
        }
        self.placed(frame.open, false, frame.anchor, frame.height);
        Ok(())
    }

    /// Appends the members of merged mappings that the mapping itself does not have.
    fn merge(&mut self, map: Open, merged: &[Open]) -> Result<(), Finding> {
        if merged.is_empty() {
            return Ok(());
        }
        let own: FxHashSet<&str> = self.tree.node(map).children().filter_map(Node::key).collect();
        let mut taken = Vec::new();
        for source in merged.iter().map(|open| self.tree.node(*open)) {
            let maps = if source.is_list() { source.children().collect() } else { vec![source] };
            let members = maps.into_iter().filter(|node| node.is_map()).flat_map(Node::children);
            taken.extend(members.filter(|node| node.key().is_some_and(|key| !own.contains(key))).map(Node::handle));
        }
        for member in taken {
            let (key, place) = (self.tree.key_of(member), self.tree.node(member).place());
            self.repeat(member, key, place)?;
        }
        self.tree.close(map);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Finding> {
        let place = at(span.start);
        let Some(&Anchor { at: original, height }) = self.anchors.get(&anchor) else {
            let help = "an alias stands after its anchor, in the same document, and not inside it";
            return Err(Finding::new(Code::Syntax, place, "alias of an anchor that is not complete here", help));
        };
        if self.awaits_key() {
            match self.tree.text_of(original) {
                Some((text, quoted)) => self.key(text, quoted, place),
                None => self.odd_key(place),
            }
            return Ok(());
        }
        if self.frames.len() + height > limits::DEPTH {
            return Err(limits::too_deep(place));
        }
        let (key, place, merge) = self.slot(span);
        let open = self.repeat(original, key, place)?;
        self.placed(open, merge, 0, height);
        Ok(())
    }

    /// Copies a value that stands earlier, within the limits.
    fn repeat(&mut self, original: Open, key: Option<Cow<'a, str>>, place: Place) -> Result<Open, Finding> {
        let (values, bytes) = self.tree.node(original).weight();
        self.room_for(values, place)?;
        self.repeated += bytes + values * VALUE_COST;
        if self.repeated > limits::alias_bytes(self.input.len()) {
            return Err(limits::too_much_repeated(place));
        }
        Ok(self.tree.repeat(original, key, place))
    }

    fn report_doubles(&mut self, map: Open) {
        let mut seen = FxHashSet::default();
        let mut doubles = Vec::new();
        for member in self.tree.node(map).children() {
            if let Some(key) = member.key()
                && !seen.insert(key)
            {
                doubles.push(json::duplicate_key(Untrusted::new(key).show().as_str(), member.place()));
            }
        }
        for finding in doubles {
            self.report(finding);
        }
    }

    /// Whether a tag says that a scalar is text; a tag with another meaning is reported once a document.
    fn tag(&mut self, tag: Option<&Tag>, place: Place) -> bool {
        let Some(tag) = tag else { return false };
        let core = tag.is_yaml_core_schema();
        let silent =
            (core && matches!(tag.suffix.as_str(), "str" | "map" | "seq")) || (tag.handle == "!" && tag.suffix.is_empty());
        let written = if core { format!("!!{}", tag.suffix) } else { format!("{}{}", tag.handle, tag.suffix) };
        if !silent && !self.tags.contains(&written) {
            let message = format!("tag `{}` was not applied: the text counts as written", Untrusted::new(&written).show());
            self.report(Finding::new(Code::Tag, place, message, "remove the tag, and quote the text"));
            self.tags.insert(written);
        }
        silent
    }

    fn report(&mut self, finding: Finding) {
        if self.findings.len() < limits::FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// The parser counts columns from 0.
fn at(mark: Marker) -> Place {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Place { line: number(mark.line()), column: number(mark.col() + 1) }
}

/// Whether a plain scalar is YAML's null.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(input: &str) -> (Tree<'_>, Vec<Finding>) {
        let mut stream = read(input);
        assert_eq!(stream.error, None, "{input}");
        assert_eq!(stream.documents.len(), 1, "{input}");
        stream.documents.remove(0)
    }

    fn codes(findings: &[Finding]) -> Vec<(Code, u32, u32)> {
        findings.iter().map(|f| (f.code, f.place.unwrap().line, f.place.unwrap().column)).collect()
    }

    #[test]
    fn scalars_keep_their_text() {
        for (written, read, why) in [
            ("2.10", Some("2.10"), "not 2.1"),
            ("1e3", Some("1e3"), "not 1000.0"),
            ("0o7", Some("0o7"), "not 7"),
            ("no", Some("no"), "not false"),
            ("2026-02-14", Some("2026-02-14"), "an unquoted date"),
            ("123456789012345678901234567890", Some("123456789012345678901234567890"), "larger than 64 bits"),
            ("'it''s'", Some("it's"), "single quotes"),
            ("\"a\\tb\"", Some("a\tb"), "double quotes"),
            ("\"null\"", Some("null"), "a quoted word"),
            ("!!str null", Some("null"), "a word tagged as text"),
            ("|-\n  a\n  b", Some("a\nb"), "a block"),
            (">-\n  a\n  b", Some("a b"), "a folded block"),
            ("a\n  b", Some("a b"), "a plain text over two lines"),
            ("null", None, "null"),
            ("~", None, "null"),
            ("", None, "nothing"),
        ] {
            let input = format!("k: {written}");
            let (tree, findings) = one(&input);
            assert_eq!(tree.root().unwrap().get("k").unwrap().text(), read, "{why}");
            assert!(findings.is_empty(), "{why}");
        }
    }

    #[test]
    fn a_place_is_the_key_or_the_dash() {
        for (input, places, why) in [
            ("a:\n  - name: x\n    b: 1\n  -\n    name: y\n", [(2, 3), (4, 3)], "indented, the second dash alone on its line"),
            ("a:\n- b\n- c: d\n", [(2, 1), (3, 1)], "not indented"),
            ("a: &x\n- b\n# - no\n- &z\n  c: 1\n", [(2, 1), (4, 1)], "anchors and a comment between"),
            ("a: !t\n  - b\n\n\n  - !t\n    - c\n", [(2, 3), (5, 3)], "tags, blank lines and a list in a list"),
            ("a:\n- - b\n  - c\n- d\n", [(2, 1), (4, 1)], "two dashes on a line"),
            ("ä: [ b,\n c]\n", [(1, 6), (2, 2)], "brackets have no dashes"),
        ] {
            let (tree, _) = one(input);
            let list = tree.root().unwrap().children().next().unwrap();
            let found: Vec<_> = list.children().map(|n| (n.place().line, n.place().column)).collect();
            assert_eq!(found, places, "{why}");
            assert_eq!(list.place(), Place { line: 1, column: 1 }, "{why}");
        }
    }

    #[test]
    fn every_document_of_a_stream_counts_up_to_the_error() {
        let stream = read("a: 1\n---\n# nothing\n---\n- b\n...\n---\nc: d: e\n---\nf: 1\n");
        assert_eq!(stream.documents.len(), 3);
        let error = stream.error.unwrap();
        assert_eq!(codes(std::slice::from_ref(&error)), [(Code::Syntax, 8, 5)]);
    }

    #[test]
    fn an_error_says_where_and_what_to_do() {
        for (input, line, column, message, help) in [
            ("ft:\n  framework: transformers: 4.38.0\n", 2, 26, "second ': '", "framework: \"transformers==4.38.0\""),
            ("ä: b: \"c\"\n", 1, 5, "second ': '", "ä: \"b: 'c'\""),
            ("a: 1\n b: 2\n", 2, 3, "mapping not allowed", "align"),
            ("a:\n\tb: 1\n", 2, 2, "tab", "spaces"),
            ("a:\n  - b\n c: 1\n", 3, 2, "expected a key", "align"),
            ("a: [1, 2\nb: 3\n", 2, 2, "not closed", "bracket"),
            ("a: \"x\nb: 2\n", 1, 4, "not closed", "quote"),
            ("a: \"x\\q\"\n", 1, 6, "escape", "backslash"),
            ("a: \"\\x41\\\\\n  C:\\Users\"\n", 2, 5, "escape", "backslash"),
            ("a: *no\n", 1, 4, "anchor", "define"),
            ("a: &x 1\n---\nb: *x\n", 2, 4, "anchor", "same document"),
            ("a: &x [*x]\n", 1, 8, "anchor", "not inside"),
            ("a: @x\n", 1, 4, "begin", "quote"),
        ] {
            let error = read(input).error.unwrap_or_else(|| panic!("{input}"));
            assert!(error.message.contains(message), "{input}: {}", error.message);
            assert!(error.help.contains(help), "{input}: {}", error.help);
            let line = if input.contains("---") { 3 } else { line };
            assert_eq!(error.place, Some(Place { line, column }), "{input}: {}", error.message);
        }
    }

    #[test]
    fn what_other_tools_read_differently_is_reported_and_kept() {
        let (tree, findings) = one("a: 1\nb: !!float 2\n\"a\": 3\nc: {d: 1, e: 2, d: 3}\n");
        let root = tree.root().unwrap();
        assert_eq!(root.each("a").len(), 2);
        assert_eq!(root.get("c").unwrap().all("d").count(), 2);
        assert_eq!(codes(&findings), [(Code::Tag, 2, 4), (Code::DuplicateKey, 4, 17), (Code::DuplicateKey, 3, 1)]);
    }

    #[test]
    fn merged_members_follow_and_never_win() {
        let input = "x: &x {name: a, hash: b}\ny: &y {name: c, size: d}\nz:\n  <<: [*x, *y]\n  name: own\nw: {'<<': e}\nv:\n  <<: *x\n  <<: *y\n";
        let (tree, findings) = one(input);
        let root = tree.root().unwrap();
        let z = root.get("z").unwrap();
        let members: Vec<_> = z.children().filter_map(|n| Some((n.key()?, n.text()?))).collect();
        assert_eq!(members, [("name", "own"), ("hash", "b"), ("size", "d")]);
        assert_eq!(z.get("hash").unwrap().place(), Place { line: 1, column: 17 }, "where it is written");
        assert_eq!(root.get("w").unwrap().str("<<"), Some("e"), "quoted, it is a key like any other");
        assert_eq!(root.get("v").unwrap().all("name").count(), 2, "who wins is disputed, so both are read");
        assert_eq!(codes(&findings), [(Code::MergeKey, 4, 3), (Code::MergeKey, 8, 3), (Code::MergeKey, 9, 3)]);
    }

    #[test]
    fn aliases_stand_for_what_they_name() {
        let (tree, findings) = one("a: &a {n: &n x}\nb: [*a, *n]\n&k c: 1\n*n : 2\nd: *k\n? [e]\n: f\ng: h\n");
        let root = tree.root().unwrap();
        assert_eq!(root.each("b")[0].str("n"), Some("x"));
        assert_eq!(root.each("b")[1].text(), Some("x"));
        assert_eq!((root.str("x"), root.str("d"), root.str("g")), (Some("2"), Some("c"), Some("h")));
        assert_eq!(codes(&findings), [(Code::Invalid, 6, 3)], "a list is no key");
    }

    #[test]
    fn bombs_are_refused() {
        let laughs: String = (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))).collect();
        let big = format!("a: &a {}\nb:\n{}", "x".repeat(200_000), "- *a\n".repeat(5_000));
        let deep: String = (1..100).map(|n| format!("a{n}: &a{n} [[*a{}]]\n", n - 1)).collect();
        let merges = format!("a: &a {{{}}}\n", (0..1000).map(|n| format!("k{n}: v,")).collect::<String>())
            + &(0..1000).map(|n| format!("b{n}: {{<<: *a}}\n")).collect::<String>();
        for (input, why) in [
            (format!("a0: &a0 x\n{laughs}"), "billion laughs"),
            (big, "a large text, many times"),
            (format!("a0: &a0 x\n{deep}"), "aliases inside aliases"),
            (merges, "merge keys"),
            ("- ".repeat(200), "dashes"),
            ("[".repeat(100_000), "brackets"),
            ((0..200).map(|n| format!("{}k:\n", " ".repeat(n))).collect(), "mappings"),
        ] {
            let stream = read(&input);
            assert!(stream.documents.is_empty(), "{why}");
            assert_eq!(stream.error.map(|e| e.code), Some(Code::Limit), "{why}");
        }
    }

    #[test]
    fn doubled_input_takes_no_more_than_its_share() {
        // Values counted, not time: what is replayed stays under its limit however often it is named.
        let input = format!("a: &a {}\nb: [{}]\n", "x".repeat(1000), "*a, ".repeat(60));
        let (tree, _) = one(&input);
        assert_eq!(tree.len(), 63);
    }

    proptest! {
        #[test]
        fn scalars_read_as_yaml_serde_reads_strings(text in "[ -~äß\u{7f}\u{1b}\u{202e}\n]{0,40}", plain in "[a-zA-Z0-9_./+-]{1,20}( [a-z0-9.#]{1,5})?") {
            let mut quoted = String::new();
            for c in text.chars() {
                match c {
                    '"' | '\\' => quoted.extend(['\\', c]),
                    '\n' => quoted.push_str("\\n"),
                    c if c.is_control() => quoted.extend(format!("\\x{:02x}", u32::from(c)).chars()),
                    c => quoted.push(c),
                }
            }
            let quoted = format!("k: \"{quoted}\"\n");
            let single = format!("k: '{}'\n", text.replace('\'', "''").replace(|c: char| c.is_control(), " "));
            for input in [quoted, single, format!("k: {plain}\n")] {
                let expected: Result<std::collections::BTreeMap<String, String>, _> = serde_yaml::from_str(&input);
                let stream = read(&input);
                if let Ok(expected) = expected {
                    let tree = &stream.documents.first().expect("a document").0;
                    let got = tree.root().and_then(|root| root.get("k")).and_then(Node::text).map(str::to_owned);
                    if !is_null(&expected["k"]) {
                        prop_assert_eq!(got, Some(expected["k"].clone()), "{}", input);
                    }
                }
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "([-?:,\\[\\]{}#&*!|>'\"%@` \n\t\r~<ab0\u{85}\u{feff}ä]|---\n|<<: |&a |\\*a |- |\\? |: ){0,60}") {
            let _ = read(&text);
        }
    }
}
