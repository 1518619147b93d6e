//! What the CycloneDX specification refuses, said as findings; the reader uses what it can all the same.
//!
//! Absent on purpose: the whole JSON schema. Here is what changes an answer or what the specification's own tests try.

use crate::formats::cyclonedx::refs;
use crate::formats::tree::Node;
use crate::model::digest;
use crate::model::digest::Algorithm;
use crate::model::digest::Digest;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::purl::Purl;
use crate::text::Untrusted;

/// `component.type` of CycloneDX 1.2 to 1.7.
const TYPES: [&str; 13] = [
    "application",
    "framework",
    "library",
    "container",
    "platform",
    "operating-system",
    "device",
    "device-driver",
    "firmware",
    "file",
    "machine-learning-model",
    "data",
    "cryptographic-asset",
];

/// The finding for a member that the specification refuses.
pub(crate) fn invalid(place: Place, message: impl Into<String>, help: &str) -> Finding {
    Finding::new(Code::Invalid, place, message, help)
}

/// Judges the top of a document.
pub(crate) fn header(root: Node<'_>, findings: &mut Vec<Finding>) {
    let at = |key: &str| root.get(key).map_or(root.place(), Node::place);
    let format = root.str("bomFormat").unwrap_or_default();
    if format != "CycloneDX" {
        let message = format!("`bomFormat` is `{}`", Untrusted::new(format).show());
        findings.push(invalid(at("bomFormat"), message, "CycloneDX JSON says `\"bomFormat\": \"CycloneDX\"`"));
    }
    if root.str("specVersion").is_none() {
        findings.push(invalid(root.place(), "no `specVersion`", "say which CycloneDX version it is"));
    }
    let serial = root.str("serialNumber").map(str::trim);
    if let Some(serial) = serial.filter(|serial| !serial.strip_prefix("urn:uuid:").is_some_and(refs::is_uuid)) {
        let message = format!("`serialNumber` is `{}`", Untrusted::new(serial).show());
        findings.push(invalid(
            at("serialNumber"),
            message,
            "expected `urn:uuid:` and a UUID; without it other files cannot refer here",
        ));
    }
    for key in ["components", "services", "dependencies"] {
        for value in root.all(key).filter(|value| !value.is_list() && !value.is_null()) {
            findings.push(invalid(value.place(), format!("`{key}` is not a list"), "put its members into `[...]`"));
        }
    }
}

/// Judges one component (not a service): its type, name, versions and purl.
pub(crate) fn component(node: Node<'_>, findings: &mut Vec<Finding>) {
    let at = |key: &str| node.get(key).map_or(node.place(), Node::place);
    match node.str("type") {
        None => findings.push(invalid(node.place(), "component without `type`", "say what it is: `library`, `data`, ...")),
        Some(kind) if !TYPES.contains(&kind) => {
            let message = format!("`{}` is no component type", Untrusted::new(kind).show());
            findings.push(invalid(at("type"), message, "use a type of the CycloneDX specification; read as `library`"));
        }
        Some(_) => {}
    }
    if node.str("name").is_none() {
        findings.push(invalid(node.place(), "component without `name`", "give it a name"));
    }
    if node.str("version").is_some() && node.str("versionRange").is_some() {
        findings.push(invalid(
            at("versionRange"),
            "component with `version` and `versionRange`",
            "keep one of them; `version` is used",
        ));
    }
    bom_ref(node, findings);
    if let Some(purl) = node.str("purl").filter(|purl| Purl::parse(purl).is_none()) {
        let message = format!("`{}` is no purl", Untrusted::new(purl).show());
        findings.push(Finding::new(
            Code::BadPurl,
            at("purl"),
            message,
            "expected `pkg:TYPE/NAME@VERSION`; the name is used instead",
        ));
    }
    for hash in node.each_map("hashes") {
        self::hash(hash, findings);
    }
}

/// Judges the `bom-ref` of a component or service.
pub(crate) fn bom_ref(node: Node<'_>, findings: &mut Vec<Finding>) {
    if let Some(empty) = node.get("bom-ref").filter(|value| value.text().is_none_or(|text| text.trim().is_empty())) {
        findings.push(invalid(empty.place(), "empty `bom-ref`", "give it a reference of its own, or leave the key out"));
    }
}

/// A missing digest is silent; one that was meant and is none is told; one that no CycloneDX document may hold is invalid too.
fn hash(node: Node<'_>, findings: &mut Vec<Finding>) {
    let (algorithm, content) = (node.str("alg").unwrap_or_default(), node.str("content").unwrap_or_default().trim());
    let is_hex = content.chars().all(|c| c.is_ascii_hexdigit());
    let length = Algorithm::parse(algorithm).map(|algorithm| algorithm.bytes() * 2);
    // Streebog is an algorithm of the specification that decides no identity here.
    let unread = algorithm.to_ascii_lowercase().starts_with("streebog");
    let well_formed = is_hex && length.map_or(unread, |length| length == content.len());
    if digest::is_placeholder(content) || well_formed || Digest::of(algorithm, content).is_some() {
        return;
    }
    let message = format!("`{}` is no {} digest", Untrusted::new(content).show(), Untrusted::new(algorithm).show());
    findings.push(Finding::new(
        Code::BadDigest,
        node.place(),
        message,
        "give the whole digest in hex; as it is, it joins nothing",
    ));
    if !is_hex || ![32, 40, 56, 64, 96, 128].contains(&content.len()) {
        let message = format!("hash content of {} characters", content.chars().count());
        findings.push(invalid(node.place(), message, "CycloneDX wants 32, 40, 64, 96 or 128 hex digits"));
    }
}
