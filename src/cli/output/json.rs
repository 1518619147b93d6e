//! Answers as JSON, whose shape is the contract of design.md section 5; its schemas are in `assets/schemas/`.
//!
//! Invariant: keys keep their meaning within a schema version; lists are sorted by id unless the contract says otherwise.

mod advisories;
pub(in crate::cli) mod bundle;
pub(in crate::cli) mod check;
pub(in crate::cli) mod drill;
mod escape;
pub(in crate::cli) mod export;
pub(in crate::cli) mod impact;
pub(in crate::cli) mod incident;
mod journal;
mod kept;
pub(in crate::cli) mod lineage;
pub(in crate::cli) mod list;
pub(in crate::cli) mod log;
pub(in crate::cli) mod path;
pub(in crate::cli) mod plan;
pub(in crate::cli) mod rank;
pub(in crate::cli) mod recorded;
mod rows;
pub(in crate::cli) mod search;
pub(in crate::cli) mod show;
pub(in crate::cli) mod tickets;
pub(in crate::cli) mod vex;

use crate::cli::output::json::escape::SafeFormatter;
use serde::Serialize;
use serde_json::Serializer;
use std::io;
use std::io::Write;

/// Writes one answer and a line end.
fn write(out: &mut dyn Write, answer: &impl Serialize) -> io::Result<()> {
    answer.serialize(&mut Serializer::with_formatter(&mut *out, SafeFormatter::new()))?;
    out.write_all(b"\n")
}
