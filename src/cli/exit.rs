//! Exit codes: one list, documented for people in README.md.

use std::process::ExitCode;

/// How the program ends. Where several hold, the order is 2, 4, 1, 5, 3, 0 (design.md section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and nothing found.
    Done = 0,
    /// Something was found: an affected model or deployment, a finding above `note`.
    Findings = 1,
    /// Wrong usage, or a reference that means several components where one is needed.
    Usage = 2,
    /// Nothing found, but part of the input could not be read: the answer is incomplete.
    Incomplete = 3,
    /// No SBOM at all.
    NoSbom = 4,
    /// The reference matches nothing.
    NoSuchReference = 5,
    /// A bug of ours.
    Bug = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command has no answer: how to leave, what to say, and what might help.
#[derive(Debug)]
pub(super) struct Failure {
    pub exit: Exit,
    pub message: String,
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a hint.
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    /// The same failure with what might help, if anything is known.
    pub(super) fn hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }
}
