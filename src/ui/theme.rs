//! Colours and characters: what a tone looks like here, and what stands for our drawing characters in ASCII.
//!
//! Invariant: without colour only bold, underline and reverse are used; in ASCII no byte over 0x7f is drawn.

use crate::app::line::Tone;
use crate::model::state::State;
use ratatui::buffer::Buffer;
use ratatui::style::Color;
use ratatui::style::Modifier;
use ratatui::style::Style;

/// How this terminal is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    /// The terminal's own 16 colours; no background is ever set.
    pub color: bool,
    pub ascii: bool,
}

/// Ours to ASCII (screens.md section 2).
const ASCII: [(&str, &str); 15] = [
    ("─", "-"),
    ("│", "|"),
    ("┬", "+"),
    ("┴", "+"),
    ("├", "+"),
    ("┤", "+"),
    ("┌", "+"),
    ("┐", "+"),
    ("└", "+"),
    ("┘", "+"),
    ("┼", "+"),
    ("▾", "-"),
    ("▸", "+"),
    ("…", "*"),
    ("·", "."),
];

impl Theme {
    /// The style of a tone.
    pub(super) fn style(self, tone: Tone) -> Style {
        let plain = Style::new();
        let colored = |color: Color| if self.color { plain.fg(color) } else { plain };
        match tone {
            Tone::Title => plain.add_modifier(Modifier::BOLD),
            Tone::Dim if self.color => plain.add_modifier(Modifier::DIM),
            Tone::Plain | Tone::Dim | Tone::State(State::Clear) => plain,
            Tone::State(State::Affected) | Tone::Marked => colored(Color::Red),
            Tone::State(State::Possible) | Tone::Warn => colored(Color::Yellow),
            Tone::State(State::Unknown) | Tone::Error => colored(Color::Magenta),
            Tone::State(State::Contained) => colored(Color::Cyan),
            Tone::Match => plain.add_modifier(Modifier::UNDERLINED),
        }
    }

    /// The mark of a cut.
    pub(super) fn cut(self) -> char {
        if self.ascii { '*' } else { '…' }
    }

    /// Replaces what an ASCII terminal cannot show.
    pub(super) fn finish(self, buffer: &mut Buffer) {
        if !self.ascii {
            return;
        }
        for cell in &mut buffer.content {
            if !cell.symbol().is_ascii() {
                let ours = ASCII.iter().find(|(ours, _)| *ours == cell.symbol());
                cell.set_symbol(ours.map_or("?", |(_, ascii)| ascii));
            }
        }
    }
}
