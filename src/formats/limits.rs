//! How much one document may ask of us (threats.md P6).

use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;

/// Bytes of one file.
pub(crate) const FILE_BYTES: u64 = 64 << 20;
/// Containers inside containers.
pub(crate) const DEPTH: usize = 128;
/// Values in one document, or in all of a YAML stream, aliases replayed.
pub(crate) const NODES: usize = 2_000_000;

/// Documents in one file.
pub(crate) const DOCUMENTS: usize = 50_000;
/// Links of one document.
pub(crate) const LINKS: usize = 1_000_000;
/// Findings of one document; further ones of the same reader are left out.
pub(crate) const FINDINGS: usize = 1_000;

/// Bytes that replayed YAML aliases may add to a document of `input` bytes.
pub(crate) fn alias_bytes(input: usize) -> usize {
    (8 << 20).min(input.saturating_mul(16)).max(64 << 10)
}

/// The finding for a document that is nested too deep.
pub(crate) fn too_deep(place: Place) -> Finding {
    Finding::new(
        Code::Limit,
        place,
        format!("nested deeper than {DEPTH} levels"),
        "flatten the document; no SBOM needs this depth",
    )
}

/// The finding for YAML aliases that blow a document up.
pub(crate) fn too_much_repeated(place: Place) -> Finding {
    Finding::new(
        Code::Limit,
        place,
        "aliases repeat too much: more than 8 MiB, or 16 times the file",
        "write the repeated part out where it is meant; no SBOM needs this",
    )
}

/// The finding for a document with too many values.
pub(crate) fn too_many(place: Place) -> Finding {
    Finding::new(Code::Limit, place, "more than 2,000,000 values in one document", "split the document")
}

/// The finding for a document whose entries multiply into too many links.
pub(crate) fn too_many_links(place: Place) -> Finding {
    Finding::new(Code::Limit, place, "more than 1,000,000 links in one document", "split the document")
}

/// The finding for a file of too many documents; those before the place were read.
pub(crate) fn too_many_documents(place: Place) -> Finding {
    Finding::new(Code::Limit, place, "more than 50,000 documents in one file: the rest was not read", "split the file")
}
