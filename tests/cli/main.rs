//! The real binary, from its arguments to its bytes and exit code: one file a command.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod advisories;
mod bundle;
mod cache;
mod check;
mod drill;
mod exits;
mod explore;
mod export;
mod help;
mod hostile;
mod impact;
mod incident;
mod kept;
mod lineage;
mod list;
mod log;
mod night;
mod path;
mod plan;
mod rank;
mod readme;
mod run;
mod schemas;
mod search;
mod show;
mod signed;
