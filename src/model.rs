//! What the words mean, as plain types: components, links, evidence, hazards, documents, findings.
//!
//! Invariant: nothing here reads a format, a file or a clock; the words are those of design.md sections 1 to 4.
//! Absent on purpose: serde (JSON shapes live in `cli::output`), ids of a built graph, queries.

pub(crate) mod advisory;
pub(crate) mod affected;
pub(crate) mod date;
pub(crate) mod digest;
pub(crate) mod document;
pub(crate) mod ecosystem;
pub(crate) mod finding;
pub(crate) mod hazard;
pub(crate) mod hub;
pub(crate) mod kind;
pub(crate) mod moment;
pub(crate) mod order;
pub(crate) mod purl;
pub(crate) mod range;
pub(crate) mod runbook;
pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod version;
