//! Questions about one graph, with plain answers.
//!
//! Invariant: an answer depends on the graph and the question only, and is the same on every run.
//! Absent on purpose: I/O, formatting, caches across graphs.

pub(crate) mod advisory;
pub(crate) mod closure;
pub(crate) mod deploys;
pub(crate) mod drill;
pub(crate) mod facts;
pub(crate) mod holes;
pub(crate) mod impact;
pub(crate) mod lineage;
pub(crate) mod order;
pub(crate) mod path;
pub(crate) mod plan;
pub(crate) mod rank;
pub(crate) mod search;
pub(crate) mod select;
mod shadow;
mod spread;
mod todo;
pub(crate) mod typed;
mod walk;

#[cfg(test)]
mod monotone;
#[cfg(test)]
mod oracle;
