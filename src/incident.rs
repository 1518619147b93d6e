//! Marked compromises, as a journal has them: what was marked, how far, under which hazard, and what was decided.
//!
//! Invariant: an incident names components by text, so that it keeps its meaning when files change and the graph is built
//! anew.
//! Absent on purpose: the clock, disk, drawing.

pub(crate) mod act;
pub(crate) mod advised;
pub(crate) mod book;
pub(crate) mod clocks;
pub(crate) mod filter;
pub(crate) mod journal;
pub(crate) mod keep;
mod question;
pub(crate) mod runbook;
pub(crate) mod standing;
pub(crate) mod ticket;
pub(crate) mod vex;
pub(crate) mod wish;
pub(crate) mod words;
pub(crate) mod work;
pub(crate) mod worklist;
