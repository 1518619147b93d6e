//! Bytes to [`Document`]s: raw text first, then lowering to what is meant.
//!
//! Invariant: no reader knows a path, opens a file or decides identity across documents.
//! Invariant: lowering never fails; what it cannot use becomes a finding beside what it could.

pub(crate) mod cyclonedx;
pub(crate) mod json;
pub(crate) mod limits;
pub(crate) mod tree;
pub(crate) mod words;
