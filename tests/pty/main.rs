//! The explorer as a person meets it: the real binary in a real terminal, its screen read through an emulator.
//!
//! Invariant: no test measures time. Tests wait for what is on the screen, with a limit that only a hang can reach.
//! Absent on purpose: whether an answer is right (`tests/cli`, `tests/sample.rs`); here the screen must say the same.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails"
)]

mod advisories;
mod answers;
mod bytes;
mod colours;
mod costs;
mod empty;
mod ends;
mod hostile;
mod journal;
mod keys;
mod main_job;
mod marking;
mod problems;
mod repository;
mod screen;
mod searching;
mod sizes;
mod start;
mod storms;
mod terminal;
mod trees;
mod watching;
mod why;
