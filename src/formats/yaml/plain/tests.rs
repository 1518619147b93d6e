//! The usual layout is read, and whatever is read is what the general reader gives.

use super::read;
use crate::formats::tree::Node;
use crate::formats::yaml;
use crate::formats::yaml::general;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const SCHEMA: &str = include_str!("../../../../tests/data/yaml/usual-schema.yaml");
const EMITTED: &str = include_str!("../../../../tests/data/yaml/usual-emitted.yaml");

fn is_read(input: &str) -> bool {
    assert!(yaml::ways_agree(input), "{input}");
    read(input).is_some()
}

#[test]
fn the_usual_layouts_are_read() {
    for (input, why) in [
        (SCHEMA, "the schema's own"),
        (EMITTED, "what an emitter writes"),
        ("# c\na: b # c\n\n  # d\nc: 'd' #e\n", "comments"),
        ("a:\nb:\n  # nothing\nc: ~\nd: null\n", "nulls"),
        ("- a: 1\n  b:\n  - c\n  - d: e\n    f: g\n  h: i\n- j: k\n", "a list of mappings"),
        ("---\na: 1\n---\nb: 2\n", "a stream"),
        ("a: 1\r\nb:\r\n  - c\r\n\r\n", "line ends of another system"),
        ("a: []\nb: {} # c\n", "nothing in brackets"),
        ("a: sha256:ab#c\n", "colons and hashes inside a text"),
        ("a: äöü\nb: \"日本\"\n", "letters of all people"),
        ("a:\n    b:\n          c: d\n    e: f\n", "any indentation"),
    ] {
        assert!(is_read(input), "{why}");
    }
}

#[test]
fn a_usual_document_takes_one_allocation() {
    for text in [SCHEMA, EMITTED] {
        let stream = read(text).unwrap();
        assert_eq!(stream.documents[0].0.work(text.len() / super::LINE_BYTES), (0, false), "borrowed, in the room reserved");
    }
}

#[test]
fn what_is_not_surely_known_is_declined() {
    for (input, why) in [
        ("a: b\n  c\n", "a text over two lines"),
        ("a: \"b\n  c\"\n", "a text over two lines, in quotes"),
        ("a: 1\na: 2\n", "a key that stands twice"),
        ("<<: a\n", "a merge key"),
        ("a: &b c\n", "an anchor"),
        ("a: !!str c\n", "a tag"),
        ("a: |\n  b\n", "a block text"),
        ("a: [b]\n", "a list in brackets"),
        ("a: \"b\\n\"\n", "an escape"),
        ("a: 'b\\n'\n", "a backslash, though it is none"),
        ("a: 'b''c'\n", "an escape in single quotes"),
        ("a:\tb\n", "a tab"),
        ("a: b: c\n", "a second colon"),
        ("a: b\n c: d\n", "an odd indentation"),
        ("? a\n: b\n", "a question mark"),
        ("\"a\": b\n", "a key in quotes"),
        ("a: b\u{2028}c\n", "a line separator"),
        ("a: b\rc: d\n", "a line end of long ago"),
        ("- - a\n", "a list in a list"),
        ("-\n  a: b\n", "a dash alone"),
        ("", "nothing"),
        ("---\n---\na: b\n", "an empty document"),
        ("a: b\n...\n", "an end"),
        ("%YAML 1.2\n---\na: b\n", "a directive"),
        ("a: b #c\n---\n", "nothing after a mark"),
    ] {
        assert!(!is_read(input), "{why}");
    }
    let deep: String = (0..60).map(|n| format!("{}k:\n", " ".repeat(n))).collect();
    assert!(!is_read(&deep), "a long chain");
}

#[test]
fn every_document_at_hand_is_read_alike_both_ways() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("DOWNRIVER_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let mut open = vec![root.join("tests/data"), root.join("sample-sboms"), root.join("fuzz/corpus"), shared];
    let mut texts = 0;
    while let Some(path) = open.pop() {
        if let Ok(folder) = fs::read_dir(&path) {
            open.extend(folder.map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path)
            && text.len() < 200_000
        {
            assert!(yaml::ways_agree(&text), "{}", path.display());
            texts += 1;
        }
    }
    assert!(texts > 20);
}

/// A document to be written down in one layout or another.
#[derive(Debug, Clone)]
enum Written {
    Nothing,
    Text(String),
    Map(Vec<(String, Written)>),
    List(Vec<Written>),
}

fn written() -> impl Strategy<Value = Written> {
    let text = prop_oneof![
        "[a-zA-Z0-9_./+-]{1,20}".prop_map(|text| format!("x{text}")),
        "\"[ -!#-\\[\\]-~]{0,20}\"",
        "'[ -&(-\\[\\]-~]{0,20}'",
        "(sha256:[0-9a-f]{8}|1e-5|2\\.10|~|null|no|0o7|2026-02-14|<2|-5|8x H100 #1)",
    ];
    let leaf = prop_oneof![1 => Just(Written::Nothing), 5 => text.prop_map(Written::Text)];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let map = prop::collection::vec(("[a-z_]{1,8}", inner.clone()), 1..6).prop_map(|members| {
            let members = members.into_iter().enumerate();
            Written::Map(members.map(|(n, (key, value))| (format!("{key}{n}"), value)).collect())
        });
        let item = prop_oneof![map.clone(), "[a-z]{1,9}".prop_map(Written::Text)];
        prop_oneof![map, prop::collection::vec(item, 1..5).prop_map(Written::List)]
    })
}

/// Layout: blanks before a dash below its key, and whether comments and blank lines stand between.
#[derive(Debug, Clone, Copy)]
struct Layout {
    indent: usize,
    dash: usize,
    comments: bool,
}

fn write(value: &Written, blanks: usize, layout: Layout, out: &mut String) {
    let pad = |blanks: usize| " ".repeat(blanks);
    match value {
        Written::Nothing => out.push('\n'),
        Written::Text(text) => writeln!(out, " {text}{}", if layout.comments { "  # c: d" } else { "" }).unwrap(),
        Written::Map(members) => {
            out.push('\n');
            for (key, value) in members {
                if layout.comments {
                    out.push_str("  \n   # c\n");
                }
                write!(out, "{}{key}:", pad(blanks)).unwrap();
                let below = if matches!(value, Written::List(_)) { layout.dash } else { layout.indent };
                write(value, blanks + below, layout, out);
            }
        }
        Written::List(items) => {
            out.push('\n');
            for item in items {
                let mut text = String::new();
                write(item, blanks + 2, layout, &mut text);
                let text = text.trim_start_matches(['\n', ' ']);
                let text = text.strip_prefix("# c\n").unwrap_or(text).trim_start();
                write!(out, "{}- {text}", pad(blanks)).unwrap();
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let layout = (1..5_usize, prop::bool::ANY, prop::bool::ANY);
    (prop::collection::vec(("[a-z]{1,5}", written()), 1..5), layout).prop_map(|(members, (indent, dash, comments))| {
        let layout = Layout { indent, dash: if dash { indent } else { 0 }, comments };
        let members = members.into_iter().enumerate().map(|(n, (key, value))| (format!("{key}{n}"), value)).collect();
        let mut out = String::new();
        write(&Written::Map(members), 0, layout, &mut out);
        out
    })
}

/// Every key and text of a value, as serde reads them, except null.
fn same_as_serde(node: Node<'_>, value: &serde_yaml::Value) -> bool {
    match value {
        serde_yaml::Value::Mapping(map) => {
            node.children().count() == map.len()
                && node
                    .children()
                    .zip(map)
                    .all(|(child, (key, value))| child.key() == key.as_str() && same_as_serde(child, value))
        }
        serde_yaml::Value::Sequence(items) => {
            node.children().count() == items.len() && node.children().zip(items).all(|(child, item)| same_as_serde(child, item))
        }
        serde_yaml::Value::String(text) => node.text() == Some(text),
        serde_yaml::Value::Null => node.is_null(),
        serde_yaml::Value::Bool(_) | serde_yaml::Value::Number(_) => node.text().is_some(),
        serde_yaml::Value::Tagged(_) => false,
    }
}

proptest! {
    #[test]
    fn a_usual_document_is_read_as_the_others_read_it(text in text()) {
        let stream = read(&text);
        prop_assert!(stream.is_some(), "{}", text);
        prop_assert!(yaml::ways_agree(&text), "{}", text);
        let value: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        let tree = &stream.unwrap().documents[0].0;
        prop_assert!(same_as_serde(tree.root().unwrap(), &value), "{}", text);
    }

    #[test]
    fn a_damaged_document_is_read_alike_or_declined(
        base in prop_oneof![Just(SCHEMA.to_owned()), Just(EMITTED.to_owned()), text()],
        cuts in prop::collection::vec((0..3000_usize, 0..30_usize, "([ -~\n\t]|---\n|- |: | #|  |ä|\r\n|<<: |\\? |a: b\n|[\"']){0,4}"), 1..4),
    ) {
        let mut text: Vec<char> = base.chars().collect();
        for (at, len, put) in cuts {
            let at = at % (text.len() + 1);
            let end = (at + len).min(text.len());
            text.splice(at..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        prop_assert!(yaml::ways_agree(&text), "{}", text);
    }

    #[test]
    fn lines_in_any_order_are_read_alike_or_declined(
        picks in prop::collection::vec((0..200_usize, -2..3_isize), 1..30),
    ) {
        let lines: Vec<&str> = SCHEMA.lines().chain(EMITTED.lines()).chain(["---", "- a", "- b: c", "k:", "", "# x", "  - 'y'"]).collect();
        let mut text = String::new();
        for (pick, shift) in picks {
            let line = lines[pick % lines.len()];
            let blanks = line.len() - line.trim_start().len();
            text.push_str(&" ".repeat(blanks.saturating_add_signed(shift)));
            text.push_str(line.trim_start());
            text.push('\n');
        }
        prop_assert!(yaml::ways_agree(&text), "{}", text);
    }

    #[test]
    fn crumbs_are_read_alike_or_declined(text in "([-?:,{}#&*!|>'\"%@` \n\r~<ab0ä]|---\n|- |a: |  |b:\n|\\[\\]|\n- |\n  ){0,40}") {
        prop_assert!(yaml::ways_agree(&text), "{}", text);
        prop_assert!(general(&text).documents.len() < 100);
    }
}
