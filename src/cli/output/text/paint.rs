//! Colour, where it is wanted: the terminal's own sixteen, no background.

use crate::model::finding::Severity;
use crate::model::state::State;

/// Colours text, or leaves it alone.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Paint(bool);

impl Paint {
    pub(in crate::cli) fn new(on: bool) -> Self {
        Self(on)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// CLEAR has no colour: nothing is celebrated.
    pub(super) fn state(self, state: State, text: &str) -> String {
        match state {
            State::Affected => self.with("31", text),
            State::Possible => self.with("33", text),
            State::Unknown => self.with("35", text),
            State::Contained => self.with("36", text),
            State::Clear => text.to_owned(),
        }
    }

    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        match severity {
            Severity::Error => self.with("35", text),
            Severity::High => self.with("31", text),
            Severity::Medium => self.with("33", text),
            Severity::Low | Severity::Note => text.to_owned(),
        }
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
