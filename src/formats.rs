//! Bytes to [`Document`]s: raw text first, then lowering to what is meant.
//!
//! Invariant: no reader knows a path, opens a file or decides identity across documents.
//! Invariant: lowering never fails; what it cannot use becomes a finding beside what it could.

pub(crate) mod advisory;
pub(crate) mod cyclonedx;
pub(crate) mod detect;
mod excerpt;
mod facts;
mod inventory;
pub(crate) mod json;
pub(crate) mod limits;
mod ml_sbom;
pub(crate) mod settings;
mod spdx;
pub(crate) mod spdx2;
pub(crate) mod spdx3;
pub(crate) mod trail;
pub(crate) mod tree;
mod words;
pub(crate) mod yaml;

use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use detect::Content;
use tree::Node;

/// What one file gave.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// In the order of the file; `member` counts them.
    pub documents: Vec<Document>,
    /// Why something in it was not read; what is doubtful in a document stands in the document.
    pub problems: Vec<Finding>,
    /// It is plainly something else.
    pub passed_over: bool,
}

impl Read {
    /// Whether no more documents fit; says so once.
    fn is_full(&mut self, place: Place) -> bool {
        let full = self.documents.len() + self.problems.len() >= limits::DOCUMENTS;
        if full && self.problems.last().is_none_or(|problem| problem.code != Code::Limit) {
            self.problems.push(limits::too_many_documents(place));
        }
        full
    }
}

/// Reads a file's bytes. `name` is the file's name or at least its extension.
pub(crate) fn read(bytes: &[u8], name: &str, depth: Depth) -> Read {
    let name = name.to_ascii_lowercase();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut read = Read::default();
    if let Some(finding) = detect::unread(bytes, &name) {
        read.problems.push(finding);
        return read;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read_text(text, &name, depth, &mut read),
        Err(error) => read.problems.extend(not_utf8(bytes, error.valid_up_to(), &name)),
    }
    for (row, document) in read.documents.iter_mut().enumerate() {
        document.member = u32::try_from(row).unwrap_or(u32::MAX);
    }
    read.passed_over = read.documents.is_empty() && read.problems.is_empty();
    read
}

/// Whether a file gives the same at both depths, but for its facts.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn depths_agree(bytes: &[u8], name: &str) -> bool {
    let lineage = |depth| {
        let read = read(bytes, name, depth);
        let documents = read.documents.iter().map(|document| {
            let text = |id: crate::text::TextId| document.texts.key(id).to_owned();
            let mentions = document.mentions.iter().map(|mention| mention.in_words(text)).collect::<Vec<_>>();
            let links = document.links.iter().map(|link| link.in_words(text)).collect::<Vec<_>>();
            let kept = (document.format, document.format_version.clone(), document.member, document.counts);
            (kept, mentions, links, document.findings.clone())
        });
        (documents.collect::<Vec<_>>(), read.problems.clone(), read.passed_over)
    };
    let bare = read(bytes, name, Depth::Lineage).documents.iter().all(|document| document.fields.is_empty());
    bare && lineage(Depth::Lineage) == lineage(Depth::Facts)
}

fn read_text(text: &str, name: &str, depth: Depth, read: &mut Read) {
    let starts_as_json = text.trim_start().starts_with(['{', '[']);
    if !starts_as_json {
        read_yaml(text, name, depth, read);
    } else if detect::is_suspect(text.as_bytes(), name) {
        match json::read(text) {
            Ok((tree, findings)) => lower(tree.root(), findings, name, depth, read),
            // YAML has braces too.
            Err(_) if name.ends_with("yaml") || name.ends_with("yml") => read_yaml(text, name, depth, read),
            Err(finding) => {
                if detect::is_claim(text.as_bytes(), name) {
                    read.problems.push(with_excerpt(finding, text));
                }
            }
        }
    }
}

fn read_yaml(text: &str, name: &str, depth: Depth, read: &mut Read) {
    if !detect::has_our_key(text.as_bytes()) {
        return;
    }
    let stream = yaml::read(text);
    for (tree, findings) in stream.documents {
        lower(tree.root(), findings, name, depth, read);
    }
    let meant = !read.documents.is_empty() || detect::is_claim(text.as_bytes(), name) && detect::begins_with_our_key(text);
    read.problems.extend(stream.error.filter(|_| meant).map(|finding| with_excerpt(finding, text)));
}

/// Gives the root, or each item of a list, to the reader of its format. The findings go with the first document.
fn lower(root: Option<Node<'_>>, mut findings: Vec<Finding>, name: &str, depth: Depth, read: &mut Read) {
    let roots = root.map_or_else(Vec::new, |root| if root.is_list() { root.children().collect() } else { vec![root] });
    for root in roots {
        for content in detect::contents(root, name) {
            if read.is_full(root.place()) {
                return;
            }
            match content {
                Content::MlSbom(value) => lower_each(value, &mut findings, depth, read),
                Content::Inventory(value) => read.documents.push(inventory::read(value, std::mem::take(&mut findings), depth)),
                Content::CycloneDx => read.documents.push(cyclonedx::read(root, std::mem::take(&mut findings), depth)),
                Content::Spdx2 => read.documents.push(spdx2::read(root, std::mem::take(&mut findings), depth)),
                Content::Spdx3 => read.documents.push(spdx3::read(root, std::mem::take(&mut findings), depth)),
                Content::LookAlike(what) => read.problems.push(not_an_sbom(root.place(), &what)),
                Content::Later | Content::Other => {}
            }
        }
    }
}

/// The mapping under `ml_sbom`, or each of the list there.
fn lower_each(value: Node<'_>, findings: &mut Vec<Finding>, depth: Depth, read: &mut Read) {
    let items: Vec<_> = if value.is_list() { value.children().collect() } else { vec![value] };
    for item in items {
        if read.is_full(item.place()) {
            return;
        }
        if item.is_map() {
            read.documents.push(ml_sbom::read(item, std::mem::take(findings), depth));
        } else {
            read.problems.push(not_an_sbom(item.place(), "what stands under `ml_sbom` is no mapping"));
        }
    }
}

fn not_an_sbom(place: Place, what: &str) -> Finding {
    let help = "write CycloneDX, SPDX or `ml_sbom`, each in a file of its own; nothing was taken from this one";
    Finding::new(Code::NotAnSbom, place, format!("looks like an SBOM and is none: {what}"), help)
}

/// The finding for a file that is meant as text and is not UTF-8, as far as it could be an SBOM.
fn not_utf8(bytes: &[u8], valid: usize, name: &str) -> Option<Finding> {
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let meant = if utf16 { detect::is_data(name) } else { detect::is_claim(bytes, name) };
    let before = bytes.get(..valid).and_then(|before| std::str::from_utf8(before).ok()).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |n| u32::try_from(n).unwrap_or(u32::MAX);
    let place = Place { line: number(line), column: number(column) };
    let message = if utf16 { "the text is UTF-16" } else { "a byte that is no UTF-8" };
    meant.then(|| with_excerpt(Finding::new(Code::Syntax, place, message, "save the file as UTF-8"), before))
}

fn with_excerpt(mut finding: Finding, text: &str) -> Finding {
    finding.excerpt = finding.place.map_or_else(Vec::new, |place| excerpt::of(text, place));
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Format;
    use proptest::prelude::*;

    fn read(bytes: &[u8], name: &str) -> Read {
        super::read(bytes, name, Depth::Facts)
    }

    fn problem(bytes: &[u8], name: &str) -> Option<(Code, u32, u32, String)> {
        let read = read(bytes, name);
        assert_eq!(read.passed_over, read.problems.is_empty() && read.documents.is_empty(), "{name}");
        let finding = read.problems.first()?;
        let place = finding.place.unwrap_or_default();
        Some((finding.code, place.line, place.column, finding.message.clone()))
    }

    #[test]
    fn a_broken_document_is_named_with_its_line() {
        let second_colon = include_bytes!("../tests/data/yaml/second-colon.yaml");
        let trailing_comma = include_bytes!("../tests/data/unrecognised/trailing-comma.json");
        for (bytes, name, line, column, why) in [
            (&second_colon[..], "x.yaml", 7, 28, "a second colon"),
            (trailing_comma, "x.json", 6, 5, "a comma before a brace"),
            (b"{\"ml_sbom\": 1 // why\n}", "x.json", 1, 15, "a comment in JSON"),
            (b"\xef\xbb\xbf{\"bomFormat\"", "x.json", 1, 13, "cut off, behind a byte order mark"),
            (b"ml_sbom:\n  model_id: \xff\n", "x.yaml", 2, 13, "no UTF-8"),
            (b"{}x", "a.cdx.json", 1, 3, "its name promises an SBOM"),
            (b"\xff\xfe{\0", "x.json", 1, 1, "UTF-16"),
            (b"ml_sbom: [\n", "sbom", 2, 1, "a name without extension"),
        ] {
            let (code, at, from, message) = problem(bytes, name).unwrap_or_else(|| panic!("{why}"));
            assert_eq!((code, at, from), (Code::Syntax, line, column), "{why}: {message}");
        }
        let read = read(second_colon, "x.yaml");
        assert_eq!(read.documents.len(), 1, "what stands before the error counts");
        assert_eq!(read.problems[0].excerpt[1], (7, "    framework: transformers: 4.38.0".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_named_for_what_it_is() {
        let credential = include_bytes!("../tests/data/unrecognised/credential.json");
        let xml = b"<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>";
        for (bytes, name, code, words) in [
            (&credential[..], "x.json", Code::NotAnSbom, "CycloneDX document wrapped in a verifiable credential"),
            (b"{\"bomFormat\": \"AIBOM\"}", "x.json", Code::NotAnSbom, "`bomFormat` is `AIBOM`"),
            (b"{\"spdxVersion\": \"SPDX-9\"}", "x.json", Code::NotAnSbom, "`SPDX-9`"),
            (b"{\"Provider\": {}}", "aisbom-spec.json", Code::NotAnSbom, "its name promises"),
            (b"{\"aibom\": {\"models\": []}}", "x.json", Code::NotAnSbom, "`aibom`"),
            (b"{\"predicateType\": \"x\", \"predicate\": {\"spdxVersion\": \"SPDX-2.3\"}}", "x.json", Code::NotAnSbom, "in-toto"),
            (b"ml_sbom: text\n", "x.yaml", Code::NotAnSbom, "no mapping"),
            (xml, "x.xml", Code::UnreadFormat, "CycloneDX as XML"),
            (b"# c\nSPDXVersion: SPDX-2.3\n", "x.txt", Code::UnreadFormat, "SPDX as tag-value"),
            (b"SPDXID: a\nspdxVersion: SPDX-2.3\n", "x.yaml", Code::UnreadFormat, "SPDX as YAML"),
            (b"\x1f\x8b\x08", "x.cdx.json.gz", Code::UnreadFormat, "gzip"),
            (b"\x28\xb5\x2f\xfd", "x.yaml.zst", Code::UnreadFormat, "Zstandard"),
        ] {
            let (found, _, _, message) = problem(bytes, name).unwrap_or_else(|| panic!("{words}"));
            assert_eq!(found, code, "{words}");
            assert!(message.contains(words), "{words}: {message}");
        }
    }

    #[test]
    fn what_is_plainly_something_else_is_passed_over() {
        for (bytes, name, why) in [
            (&b"# Title\n\nml_sbom:\n  model_id: a: b\n"[..], "README.md", "prose that quotes an SBOM"),
            (b"{\"a\": 1,}", "tsconfig.json", "broken, and no SBOM"),
            (b"a: b: c\n", "values.yaml", "broken, and no SBOM"),
            (b"# ml_sbom is meant\na: b: c\n", "values.yaml", "speaks about it, and is broken"),
            (b"key: ml_sbom\n", "x.yaml", "a word only"),
            (b"{\"@context\": \"https://openvex.dev/ns/v0.2.0\"}", "sbom.vex.json", "an advisory: later"),
            (b"{\"$schema\": \"http://json-schema.org/x\", \"$id\": \"cyclonedx\"}", "x.json", "a JSON Schema"),
            (b"\x1f\x8b\x08", "weights.tar.gz", "an archive"),
            (b"\x89PNG\r\n", "logo.png", "an image"),
            (b"\xff\xfebomFormat", "weights.bin", "binary"),
            (b"<html>cyclonedx</html>", "x.html", "a page"),
            (b"", "empty.json", "nothing"),
        ] {
            assert_eq!(problem(bytes, name), None, "{why}");
        }
    }

    #[test]
    fn a_document_is_known_by_content_not_by_name() {
        for (bytes, name, format) in [
            (&b"{ml_sbom: {model_id: a}}"[..], "x.yaml", Format::MlSbom),
            (b"{\"ml_sbom\": {\"model_id\": \"a\"}}", "x.txt", Format::MlSbom),
            (b"\xef\xbb\xbf# c\n---\n\"ml_sbom\":\r\n  model_id: a\r\n", "", Format::MlSbom),
            (b"{\"ml_deployments\": []}", "x", Format::Inventory),
            (b"{\"bomFormat\": \"CycloneDX\"}", "x.yaml", Format::CycloneDx),
            (b"{\"$schema\": \"http://cyclonedx.org/schema/bom-1.6.schema.json\"}", "x", Format::CycloneDx),
            (b"{\"spdxVersion\": \"SPDX-2.3\"}", "x", Format::Spdx2),
            (b"{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\"}", "x", Format::Spdx3),
            (b"{\"@graph\": [{\"spdxId\": \"a\"}], \"x\": \"spdx.org/rdf\"}", "x", Format::Spdx3),
        ] {
            let read = read(bytes, name);
            assert_eq!(read.documents.iter().map(|d| d.format).collect::<Vec<_>>(), [format], "{name} {:?}", read.problems);
        }
    }

    #[test]
    fn the_two_depths_differ_in_facts_only() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let shared = std::env::var_os("DOWNRIVER_SHARED").map_or_else(|| root.join("../shared"), Into::into);
        let mut open = vec![root.join("tests/data"), root.join("sample-sboms"), root.join("fuzz/corpus"), shared];
        let (mut with_facts, mut without) = (0, 0);
        while let Some(path) = open.pop() {
            if let Ok(folder) = std::fs::read_dir(&path) {
                open.extend(folder.map(|entry| entry.unwrap().path()));
            } else if let Ok(bytes) = std::fs::read(&path) {
                let name = path.file_name().unwrap().to_string_lossy();
                assert!(depths_agree(&bytes, &name), "{}", path.display());
                let facts: usize = read(&bytes, &name).documents.iter().map(|document| document.fields.len()).sum();
                *(if facts > 0 { &mut with_facts } else { &mut without }) += 1;
            }
        }
        assert!(with_facts > 20, "{with_facts} of {without}");
    }

    #[test]
    fn a_file_of_too_many_documents_is_read_up_to_the_limit() {
        let text = "--- {ml_sbom: {}}\n".repeat(limits::DOCUMENTS + 5);
        let read = read(text.as_bytes(), "x.yaml");
        assert_eq!(read.documents.len(), limits::DOCUMENTS);
        assert_eq!(read.problems.iter().map(|p| p.code).collect::<Vec<_>>(), [Code::Limit]);
    }

    proptest! {
        #[test]
        fn a_damaged_document_is_read_or_refused_and_never_more(at in 0..2000_usize, len in 0..40_usize, put in "[ -~\n\t:\\[\\]{}&*<]{0,6}") {
            for bytes in [
                &include_bytes!("../tests/data/ml_sbom/every-section.yaml")[..],
                include_bytes!("../tests/data/inventory/with-taken.yaml"),
                include_bytes!("../tests/data/yaml/merge-and-anchors.yaml"),
                include_bytes!("../tests/data/unrecognised/credential.json"),
            ] {
                let mut bytes = bytes.to_vec();
                let at = at % bytes.len();
                bytes.splice(at..(at + len).min(bytes.len()), put.bytes());
                let read = read(&bytes, "x.yaml");
                prop_assert!(read.problems.iter().all(|problem| problem.place.is_some_and(|place| place.line > 0)));
            }
        }
    }
}
