//! What a file holds, told by its content; its name only decides whether a failure is worth a word.
//!
//! Invariant: what looks like an SBOM and is none, or is in a format that is not read, is named, never passed over.
//! Absent on purpose: reading; a text that cannot hold an SBOM is not parsed at all.

use crate::formats::advisory;
use crate::formats::facts::shown;
use crate::formats::tree::Node;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use memchr::memmem;
use std::sync::LazyLock;

/// What one JSON object or YAML mapping is.
pub(super) enum Content<'t> {
    /// The mapping or list under the key.
    MlSbom(Node<'t>),
    Inventory(Node<'t>),
    CycloneDx,
    Spdx2,
    Spdx3,
    /// Known and without lineage of its own: `OpenVEX`, CSAF, OSV, `ml_advisory`, Kubernetes objects, adapter
    /// configurations, JSON Schemas. No reader takes them yet.
    Later,
    /// Looks like an SBOM and is none; what it is.
    LookAlike(String),
    Other,
}

/// Words of the formats that are read: a JSON text without any of them is passed over unparsed.
const MARKS: [&str; 11] = [
    "bomFormat",
    "spdxVersion",
    "SPDXRef",
    "spdx.org/rdf",
    "cyclonedx",
    "CycloneDX",
    "ml_sbom",
    "ml_deployments",
    "AIBOM",
    "aibom",
    "AI-BOM",
];
/// Parts of file names, in lower case, that promise an SBOM.
const NAMES: [&str; 9] = ["sbom", "aibom", "ai-bom", "mlbom", "ml-bom", "bom.json", ".cdx", ".spdx", "cyclonedx"];
/// Parts of file names that speak about SBOMs and are none.
const ABOUT: [&str; 4] = ["schema", "config", "settings", "package"];
/// Ends of names of texts for people, and of programs: they may quote an SBOM.
const PROSE: [&str; 14] = ["md", "markdown", "rst", "adoc", "txt", "html", "htm", "py", "rs", "go", "js", "ts", "sh", "ipynb"];
/// Ends of names of data, as SBOMs have.
const DATA: [&str; 8] = ["json", "jsonld", "yaml", "yml", "xml", "cdx", "spdx", "rdf"];
/// Lines that begin other formats in YAML.
static SPDX_LINE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("\nspdxVersion:"));
static CYCLONEDX_LINE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("\nbomFormat:"));
/// Where a document is looked for inside another one.
const WRAPPER_DEPTH: usize = 4;

/// Whether the file's name ends as those of data files do.
pub(crate) fn is_data(name: &str) -> bool {
    DATA.contains(&end(name))
}

/// Whether the text, or the file's name, has a word of a format that is read.
pub(crate) fn is_suspect(bytes: &[u8], name: &str) -> bool {
    promises(name) || MARKS.iter().any(|mark| memmem::find(bytes, mark.as_bytes()).is_some())
}

/// Whether a file that cannot be parsed was meant to be read: it is not prose that quotes an SBOM.
pub(super) fn is_claim(bytes: &[u8], name: &str) -> bool {
    !PROSE.contains(&end(name)) && is_suspect(bytes, name)
}

/// Whether a YAML text has the key of one of our formats, at the beginning of a line or not.
pub(super) fn has_our_key(bytes: &[u8]) -> bool {
    let keys = [&b"ml_sbom"[..], b"ml_deployments"];
    keys.iter().any(|key| bytes.starts_with(key)) || keys.iter().any(|key| memmem::find(bytes, key).is_some())
}

/// Whether a line of YAML begins with the key of one of our formats.
pub(super) fn begins_with_our_key(text: &str) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "-{[?\"'".contains(c));
        line.starts_with("ml_sbom") || line.starts_with("ml_deployments")
    };
    text.lines().any(begins)
}

fn end(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn promises(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|part| name.contains(part)) && !ABOUT.iter().any(|part| name.contains(part))
}

/// What a file that is neither JSON nor YAML of ours holds, where it is a format that is not read.
pub(super) fn unread(bytes: &[u8], name: &str) -> Option<Finding> {
    let not_read = |what: &str, advice: &str| {
        Some(Finding::new(Code::UnreadFormat, FIRST, format!("{what}: this version does not read it"), advice))
    };
    let packed = match bytes {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("Zstandard"),
        _ => None,
    };
    if let Some(packed) = packed {
        let inside = name.rsplit_once('.').map_or(name, |(inside, _)| inside);
        return (is_data(inside) || promises(name))
            .then(|| not_read(&format!("packed with {packed}"), "unpack it beside the packed file"))
            .flatten();
    }
    let has = |mark: &str| memmem::find(bytes, mark.as_bytes()).is_some();
    let first_line = first_line(bytes);
    if first_line.starts_with(b"<") {
        if has("cyclonedx.org/schema/bom") {
            return not_read("CycloneDX as XML", "convert it to JSON, as `cyclonedx convert` does");
        }
        let rdf = has("spdx.org/rdf/terms") && !PROSE.contains(&end(name));
        return rdf.then(|| not_read("SPDX as RDF", "convert it to JSON, as `pyspdxtools` does")).flatten();
    }
    if first_line.starts_with(b"SPDXVersion:") {
        return not_read("SPDX as tag-value", "convert it to JSON, as `pyspdxtools` does");
    }
    if PROSE.contains(&end(name)) {
        return None;
    }
    let line_begins = |key: &memmem::Finder<'_>| {
        let needle = key.needle().strip_prefix(b"\n").unwrap_or_default();
        bytes.starts_with(needle) || key.find(bytes).is_some()
    };
    if line_begins(&SPDX_LINE) {
        return not_read("SPDX as YAML", "convert it to JSON, as `pyspdxtools` does");
    }
    if line_begins(&CYCLONEDX_LINE) {
        return not_read("CycloneDX as YAML", "convert it to JSON");
    }
    None
}

/// Where a finding about a whole file stands.
pub(super) const FIRST: Place = Place { line: 1, column: 1 };

/// The first line that is neither blank nor a comment of tag-value or YAML.
fn first_line(bytes: &[u8]) -> &[u8] {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default()
}

/// What an object is, by its keys: usually one thing, but nothing forbids two of ours in one mapping.
pub(super) fn contents<'t>(root: Node<'t>, name: &str) -> Vec<Content<'t>> {
    let models = root.all("ml_sbom").map(Content::MlSbom);
    let mut found: Vec<_> = models.chain(root.all("ml_deployments").map(Content::Inventory)).collect();
    if let Some(content) = foreign(root) {
        found.push(content);
    } else if found.is_empty() {
        found.push(look_alike(root, name).map_or(Content::Other, Content::LookAlike));
    }
    found
}

/// A format that others defined.
fn foreign(root: Node<'_>) -> Option<Content<'_>> {
    let text = |key| root.str(key).unwrap_or_default();
    let context = |word: &str| root.each("@context").into_iter().filter_map(Node::text).any(|text| text.contains(word));
    let is_spdx3 = |element: Node<'_>| element.get("spdxId").is_some() || element.str("type") == Some("CreationInfo");
    if let Some(format) = root.str("bomFormat") {
        return Some(match format {
            _ if format.eq_ignore_ascii_case("CycloneDX") => Content::CycloneDx,
            _ => Content::LookAlike(format!("its `bomFormat` is `{}`, not `CycloneDX`", shown(format))),
        });
    }
    if context("spdx.org/rdf/3") || root.all("@graph").flat_map(Node::children).any(is_spdx3) {
        return Some(Content::Spdx3);
    }
    if let Some(version) = root.str("spdxVersion") {
        return Some(match version {
            _ if version.starts_with("SPDX-2") || version.starts_with("SPDX-1") => Content::Spdx2,
            _ => Content::LookAlike(format!("its `spdxVersion` is `{}`, which is not known", shown(version))),
        });
    }
    if text("$schema").contains("cyclonedx.org/schema/bom") {
        return Some(Content::CycloneDx);
    }
    let later = advisory::format(root).is_some()
        || (root.get("apiVersion").is_some() && root.get("kind").is_some())
        || root.get("peft_type").is_some()
        || text("$schema").contains("json-schema.org");
    later.then_some(Content::Later)
}

/// What looks like an SBOM and is none.
fn look_alike(root: Node<'_>, name: &str) -> Option<String> {
    if let Some(inside) = wrapped(root, WRAPPER_DEPTH) {
        let of_types = |key: &str| root.each(key).into_iter().filter_map(Node::text).any(|text| text.contains("Credential"));
        let wrapper = if of_types("type") || of_types("@type") {
            "a verifiable credential"
        } else if root.get("predicateType").is_some() {
            "an in-toto statement"
        } else {
            "another object"
        };
        return Some(format!("it holds {inside} wrapped in {wrapper}"));
    }
    let named = |key: &str| ["aibom", "ai_bom", "ai-bom", "aisbom", "mlbom", "ml_bom"].iter().any(|word| key.contains(word));
    let key = root.children().filter_map(Node::key).find(|key| named(&key.to_ascii_lowercase()));
    if let Some(key) = key {
        return Some(format!("it has a key `{}`, but is in no known format", shown(key)));
    }
    (root.is_map() && promises(name)).then(|| "its name promises an SBOM, but it is in no known format".to_owned())
}

/// The format of a document that stands inside another object.
fn wrapped(node: Node<'_>, depth: usize) -> Option<&'static str> {
    if node.is_map() && node.str("bomFormat").is_some() {
        return Some("a CycloneDX document");
    }
    if node.is_map() && node.str("spdxVersion").is_some() {
        return Some("an SPDX document");
    }
    if node.get("ml_sbom").is_some() {
        return Some("an `ml_sbom`");
    }
    let mut children = node.children().filter(|_| depth > 0);
    children.find_map(|child| wrapped(child, depth - 1))
}
