//! Bytes to [`Advisory`]s: OSV, OpenVEX, CycloneDX VEX, CSAF and our own `ml_advisory`, told by content.
//!
//! Invariant: what selects nothing is an error, what selects everything or cannot be decided is said; nothing is dropped in
//! silence.
//! Invariant: what cannot be read of something that widens is a doubt or an error; of something that narrows it is left out.
//! Absent on purpose: paths, disk, a graph, trust.

mod csaf;
mod cyclonedx_vex;
mod ml_advisory;
mod openvex;
mod osv;
mod picks;

use crate::formats;
use crate::formats::detect;
use crate::formats::json;
use crate::formats::limits;
use crate::formats::tree::Node;
use crate::formats::yaml;
use crate::model::advisory::Advisory;
use crate::model::advisory::AdvisoryFormat;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;

/// What one file gave.
#[derive(Debug, Default)]
pub(crate) struct Advisories {
    /// In the order of the file.
    pub all: Vec<Advisory>,
    /// What was not read (errors), and what was and is doubtful.
    pub findings: Vec<Finding>,
    /// Some document in it is an SBOM that lists no vulnerabilities.
    pub is_sbom: bool,
}

/// Reads a file's bytes. `name` is the file's name; an advisory without id of its own is called so.
pub(crate) fn read(bytes: &[u8], name: &str) -> Advisories {
    let lower = name.to_ascii_lowercase();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut read = Advisories::default();
    if let Some(finding) = detect::unread(bytes, &lower) {
        read.findings.push(finding);
        return read;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => read_text(text, &lower, &mut read),
        Err(error) => {
            let not_text = formats::not_utf8(bytes, error.valid_up_to(), "sbom");
            read.findings.push(not_text.unwrap_or_else(|| none(detect::FIRST, "it is no text")));
        }
    }
    for advisory in read.all.iter_mut().filter(|advisory| advisory.id.is_empty()) {
        name.clone_into(&mut advisory.id);
    }
    read
}

/// What an object is, by its keys; `None` for what is no advisory. A CycloneDX BOM is one only if it lists vulnerabilities.
pub(super) fn format(root: Node<'_>) -> Option<AdvisoryFormat> {
    let has = |key: &str| root.get(key).is_some();
    let contexts = || root.each("@context").into_iter().filter_map(Node::text);
    if has("ml_advisory") {
        Some(AdvisoryFormat::MlAdvisory)
    } else if contexts().any(|text| text.contains("openvex")) {
        Some(AdvisoryFormat::OpenVex)
    } else if root.get("document").is_some_and(|document| document.get("csaf_version").is_some()) {
        Some(AdvisoryFormat::Csaf)
    } else if has("bomFormat") || root.str("$schema").is_some_and(|schema| schema.contains("cyclonedx.org/schema/bom")) {
        has("vulnerabilities").then_some(AdvisoryFormat::CycloneDx)
    } else {
        (has("id") && has("modified") && (has("affected") || has("schema_version") || has("withdrawn")))
            .then_some(AdvisoryFormat::Osv)
    }
}

fn read_text(text: &str, name: &str, read: &mut Advisories) {
    let is_json = text.trim_start().starts_with(['{', '[']);
    if is_json {
        match json::read(text) {
            Ok((tree, findings)) => {
                read.findings.extend(findings);
                lower_each(tree.root(), read);
            }
            // YAML has braces too.
            Err(_) if name.ends_with("yaml") || name.ends_with("yml") => read_yaml(text, read),
            Err(finding) => read.findings.push(formats::with_excerpt(finding, text)),
        }
    } else {
        read_yaml(text, read);
    }
    if read.all.is_empty() && !read.findings.iter().any(Finding::is_unread) {
        read.findings.push(none(detect::FIRST, "it is empty"));
    }
}

fn read_yaml(text: &str, read: &mut Advisories) {
    let stream = yaml::read(text);
    // Prose reads as YAML up to some line: only what looked like an advisory so far has a syntax error worth its place.
    let is_prose = stream.documents.is_empty() && !begins_as_advisory(text);
    for (tree, findings) in stream.documents {
        read.findings.extend(findings);
        lower_each(tree.root().filter(|root| !root.is_null()), read);
    }
    if let Some(error) = stream.error {
        read.findings.push(if is_prose { none(detect::FIRST, NONE_OF_THEM) } else { formats::with_excerpt(error, text) });
    }
}

/// Whether a line of YAML begins with a key that only advisories have.
fn begins_as_advisory(text: &str) -> bool {
    let keys = ["ml_advisory:", "affected:", "modified:", "schema_version:", "statements:", "vulnerabilities:"];
    text.lines().any(|line| keys.iter().any(|key| line.trim_start_matches("- ").starts_with(key)))
}

/// Reads the root, or each item of a list.
fn lower_each(root: Option<Node<'_>>, read: &mut Advisories) {
    let Some(root) = root else { return };
    let roots: Vec<_> = if root.is_list() { root.children().collect() } else { vec![root] };
    for root in roots {
        if read.all.len() >= limits::DOCUMENTS {
            read.findings.push(limits::too_many_documents(root.place()));
            return;
        }
        lower(root, read);
    }
}

fn lower(root: Node<'_>, read: &mut Advisories) {
    let before = read.all.len();
    match format(root) {
        Some(AdvisoryFormat::Osv) => osv::read(root, read),
        Some(AdvisoryFormat::OpenVex) => openvex::read(root, read),
        Some(AdvisoryFormat::CycloneDx) => cyclonedx_vex::read(root, read),
        Some(AdvisoryFormat::Csaf) => csaf::read(root, read),
        Some(AdvisoryFormat::MlAdvisory) => root.items("ml_advisory").for_each(|value| ml_advisory::read(value, read)),
        None => {
            let sbom = ["bomFormat", "spdxVersion", "ml_sbom", "ml_deployments"].into_iter().any(|key| root.get(key).is_some());
            read.is_sbom |= sbom;
            let what = if sbom { "an SBOM or inventory that lists no vulnerabilities" } else { NONE_OF_THEM };
            return read.findings.push(none(root.place(), what));
        }
    }
    if read.all.len() == before && !read.findings.iter().any(Finding::is_unread) {
        read.findings.push(none(root.place(), "it names no vulnerability"));
    }
}

const NONE_OF_THEM: &str = "not OSV, OpenVEX, CycloneDX VEX, CSAF or ml_advisory";

/// The finding for what is no advisory.
fn none(place: Place, what: &str) -> Finding {
    let help = "give OSV, OpenVEX, CycloneDX VEX, CSAF or `ml_advisory`; SBOMs are given with `--repo`";
    Finding::new(Code::NotAnAdvisory, place, what, help)
}

#[cfg(test)]
mod tests;
