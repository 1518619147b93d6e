//! Answers as bytes: one writer an answer and form.
//!
//! Invariant: writers ask the graph for facts and decide nothing; text goes through `Untrusted::show`, JSON has the exact text.
//! Absent on purpose: queries, exit codes, reading a terminal.

pub(super) mod csv;
pub(super) mod html;
pub(super) mod json;
pub(super) mod junit;
pub(super) mod markdown;
pub(super) mod report;
pub(super) mod text;
mod ticket;
