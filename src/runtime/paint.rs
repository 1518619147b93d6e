//! Frames to bytes: only changed cells, inside synchronized-update marks; nothing at all where nothing changed.

use ratatui::buffer::Buffer;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::style::Modifier;
use std::fmt::Write as _;
use std::io;
use std::io::Write;

/// Remembers what the terminal shows.
#[derive(Debug, Default)]
pub(super) struct Painter {
    shown: Buffer,
    next: Buffer,
    /// What the terminal shows is not known: draw all.
    unknown: bool,
}

impl Painter {
    /// Draws all of the next frame: somebody else wrote to the terminal.
    pub(super) fn forget(&mut self) {
        self.unknown = true;
    }

    /// Makes a frame and sends what changed.
    pub(super) fn frame(&mut self, out: &mut impl Write, size: (u16, u16), draw: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        let area = Rect::new(0, 0, size.0, size.1);
        let all = self.shown.area != area || self.unknown;
        self.next.resize(area);
        self.next.reset();
        draw(&mut self.next);
        if all {
            self.shown.resize(area);
            self.shown.reset();
        }
        let changed = self.shown.diff(&self.next);
        if all || !changed.is_empty() {
            let clear = if all { "\x1b[0m\x1b[2J" } else { "" };
            let mut bytes = format!("\x1b[?2026h{clear}");
            encode(&changed, &mut bytes);
            bytes.push_str("\x1b[?2026l");
            out.write_all(bytes.as_bytes())?;
            out.flush()?;
        }
        self.unknown = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(())
    }
}

/// Cells in order of rows as text with as few sequences as possible; ends with plain style.
fn encode(cells: &[(u16, u16, &Cell)], out: &mut String) {
    let mut at: Option<(u16, u16)> = None;
    let mut style = (Color::Reset, Modifier::empty());
    for (x, y, cell) in cells {
        match at {
            Some((column, row)) if row == *y && column == *x => {}
            Some((column, row)) if row == *y && column < *x => {
                let _ = write!(out, "\x1b[{}C", x - column);
            }
            _ => {
                let _ = write!(out, "\x1b[{};{}H", y + 1, x + 1);
            }
        }
        let wanted = (cell.fg, cell.modifier);
        if wanted != style {
            restyle(wanted, out);
            style = wanted;
        }
        out.push_str(cell.symbol());
        let width = u16::try_from(crate::text::width(cell.symbol())).unwrap_or(1).max(1);
        at = Some((x + width, *y));
    }
    if style != (Color::Reset, Modifier::empty()) {
        out.push_str("\x1b[0m");
    }
}

/// From any style to the wanted one.
fn restyle((color, modifier): (Color, Modifier), out: &mut String) {
    out.push_str("\x1b[0");
    for (flag, code) in [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::UNDERLINED, 4), (Modifier::REVERSED, 7)] {
        if modifier.contains(flag) {
            let _ = write!(out, ";{code}");
        }
    }
    if let Some(code) = foreground(color) {
        let _ = write!(out, ";{code}");
    }
    out.push('m');
}

/// The code of one of the terminal's own colours; the theme uses no other.
fn foreground(color: Color) -> Option<u8> {
    const DARK: [Color; 8] =
        [Color::Black, Color::Red, Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan, Color::Gray];
    const LIGHT: [Color; 8] = [
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    let code =
        |from: u8, colors: &[Color]| colors.iter().position(|c| *c == color).and_then(|n| Some(from + u8::try_from(n).ok()?));
    code(30, &DARK).or_else(|| code(90, &LIGHT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn frames(frames: &[&[&str]]) -> Vec<String> {
        let mut painter = Painter::default();
        let drawn = frames.iter().map(|rows| {
            let mut out = Vec::new();
            let draw = |buffer: &mut Buffer| {
                for (y, row) in rows.iter().enumerate() {
                    buffer.set_string(0, u16::try_from(y).unwrap(), row, Style::new());
                }
            };
            painter.frame(&mut out, (10, 2), draw).unwrap();
            String::from_utf8(out).unwrap()
        });
        drawn.collect()
    }

    #[test]
    fn an_unchanged_frame_sends_nothing() {
        let sent = frames(&[&["abc"], &["abc"]]);
        assert!(sent[0].contains("abc"));
        assert_eq!(sent[1], "");
    }

    #[test]
    fn only_changed_cells_are_sent() {
        let sent = frames(&[&["abcdef", "x"], &["abXdeY", "x"]]);
        assert_eq!(sent[1], "\x1b[?2026h\x1b[1;3HX\x1b[2CY\x1b[?2026l");
    }

    #[test]
    fn styles_are_set_once_and_ended() {
        let mut painter = Painter::default();
        let mut out = Vec::new();
        let draw = |buffer: &mut Buffer| {
            let style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
            buffer.set_string(0, 0, "ab", style);
        };
        painter.frame(&mut out, (2, 1), draw).unwrap();
        let sent = String::from_utf8(out).unwrap();
        assert_eq!(sent, "\x1b[?2026h\x1b[0m\x1b[2J\x1b[1;1H\x1b[0;1;31mab\x1b[0m\x1b[?2026l");
    }
}
