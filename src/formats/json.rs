//! JSON text to a [`Tree`], in one pass where nothing is wrong with it.
//!
//! Invariant: what the one pass gives is exactly what the careful reader gives, to whom it leaves all that is doubtful.
//! Absent on purpose: numbers as numbers; their text is kept.

mod careful;
mod scan;

use crate::formats::tree::Tree;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Reads one JSON document. Findings are what was read but is doubtful; the error is why nothing was read.
pub(crate) fn read(input: &str) -> Result<(Tree<'_>, Vec<Finding>), Finding> {
    match scan::read(input) {
        Some(tree) => Ok((tree, Vec::new())),
        None => careful::read(input),
    }
}

/// Whether the one pass declines `input` or reads it as the careful reader does.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn ways_agree(input: &str) -> bool {
    scan::read(input).is_none_or(|tree| careful::read(input) == Ok((tree, Vec::new())))
}

/// The finding for a key that stands twice, in JSON or YAML.
pub(crate) fn duplicate_key(shown: &str, place: Place) -> Finding {
    let message = format!("key `{shown}` stands twice; both values are used");
    Finding::new(Code::DuplicateKey, place, message, "keep one of them: other tools read only one, and not all the same one")
}

/// A string, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Visit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::limits;
    use proptest::prelude::*;
    use std::path::Path;
    use std::path::PathBuf;

    #[test]
    fn scalars_keep_their_text_and_values_their_place() {
        let input = "{\n  \"version\": 2.10,\n  \"name\": \"a\\u00e4\",\n  \"list\": [1e3, null, true]\n}";
        let (tree, findings) = read(input).unwrap();
        let root = tree.root().unwrap();
        assert_eq!(root.str("version"), Some("2.10"));
        assert_eq!(root.str("name"), Some("aä"));
        assert_eq!(root.get("version").unwrap().place(), Place { line: 2, column: 14 });
        let items: Vec<_> = root.each("list").into_iter().filter_map(crate::formats::tree::Node::text).collect();
        assert_eq!(items, ["1e3", "true"]);
        assert!(findings.is_empty());
    }

    #[test]
    fn doubles_are_kept_and_reported() {
        let (tree, findings) = read("{\"hash\": \"a\",\n \"hash\": \"b\"}").unwrap();
        assert_eq!(tree.root().unwrap().each("hash").len(), 2);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, Some(Place { line: 2, column: 10 }));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place_and_advice() {
        for (input, line, column, advice) in [
            ("{\n  \"a\": 1,\n}", 3, 1, "comma"),
            ("{\n  \"a\": 1, // why\n}", 2, 11, "comments"),
            ("{\n  \"a\": ", 2, 8, "ends too early"),
        ] {
            let finding = read(input).unwrap_err();
            assert_eq!(finding.place, Some(Place { line, column }), "{input}");
            assert!(finding.help.contains(advice), "{input}: {}", finding.help);
        }
        assert_eq!(read(&"[".repeat(100_000)).unwrap_err().code, Code::Syntax);
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(read(&deep).unwrap_err().code, Code::Limit);
    }

    #[test]
    fn what_is_plain_is_read_in_one_pass() {
        for (input, plain, why) in [
            ("{}", true, "nothing in it"),
            (" [ ] \r\n", true, "a list"),
            ("{\"a\": [1, -2.50e+3, true, null, \"\\u00e4\\n\"], \"b\": {\"c\": {}}}", true, "all there is"),
            ("{\"ä\": \"日本\", \"b\": 1}", true, "columns are characters"),
            ("{\"a\": 1, \"a\": 2}", false, "a key that stands twice"),
            ("[1,]", false, "a comma too many"),
            ("[01]", false, "no number"),
            ("[1.]", false, "no number"),
            ("[\"\\ud800\"]", false, "half a character"),
            ("[\"\t\"]", false, "a control character"),
            ("[\"\\q\"]", false, "no escape"),
            ("[1] 2", false, "more behind it"),
            ("[\"a", false, "cut off"),
            ("{1: 2}", false, "a key that is no text"),
            ("{\"a\" 2}", false, "no colon"),
            ("[nul]", false, "no word"),
            ("[1}", false, "another bracket"),
            ("", false, "no value"),
        ] {
            assert_eq!(scan::read(input).is_some(), plain, "{why}");
            assert!(ways_agree(input), "{why}");
            assert_eq!(read(input), careful::read(input), "{why}");
        }
        for depth in [limits::DEPTH, limits::DEPTH + 1, limits::DEPTH + 2] {
            assert!(ways_agree(&format!("{}{}", "[".repeat(depth), "]".repeat(depth))), "{depth}");
        }
    }

    #[test]
    fn a_usual_document_takes_one_allocation() {
        let text = include_str!("../../tests/data/cyclonedx/usual.json");
        let tree = scan::read(text).unwrap();
        assert_eq!(tree.work(text.len() / scan::VALUE_BYTES), (0, false), "borrowed, in the room reserved");
    }

    #[test]
    fn every_document_at_hand_is_read_alike_both_ways() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let shared = std::env::var_os("DOWNRIVER_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
        let mut open = vec![root.join("tests/data"), root.join("assets"), root.join("fuzz/corpus"), shared];
        let (mut plain, mut all) = (0, 0);
        while let Some(path) = open.pop() {
            if let Ok(folder) = std::fs::read_dir(&path) {
                open.extend(folder.map(|entry| entry.unwrap().path()));
            } else if let Ok(text) = std::fs::read_to_string(&path)
                && text.trim_start().starts_with(['{', '['])
            {
                assert!(ways_agree(&text), "{}", path.display());
                all += 1;
                plain += usize::from(scan::read(&text).is_some());
            }
        }
        assert!(plain > 20 && plain * 10 > all * 8, "{plain} of {all}");
    }

    proptest! {
        #[test]
        fn a_damaged_document_is_read_alike_or_declined(
            pick in 0..3_usize,
            cuts in prop::collection::vec((0..9000_usize, 0..20_usize, "([ -~\n\t]|\\\\u00e4|\\\\ud800|\"a\": |[\\[\\]{},:]|ä|-?[0-9]\\.e|null){0,3}"), 1..3),
        ) {
            let base = [
                include_str!("../../tests/data/cyclonedx/pedigree.json"),
                include_str!("../../tests/data/cyclonedx/hub-tags.json"),
                include_str!("../../tests/data/cyclonedx/nested.json"),
            ][pick];
            let mut text: Vec<char> = base.chars().collect();
            for (at, len, put) in cuts {
                let at = at % (text.len() + 1);
                let end = (at + len).min(text.len());
                text.splice(at..end, put.chars());
            }
            let text: String = text.into_iter().collect();
            prop_assert!(ways_agree(&text), "{}", text);
        }

        #[test]
        fn crumbs_are_read_alike_or_declined(text in "([{}\\[\\],: \n\r\t\"\\\\ua0-9.eE+ä-]|\"a\"|\"b\":|true|null|-0){0,30}") {
            prop_assert!(ways_agree(&text), "{}", text);
        }
    }
}
