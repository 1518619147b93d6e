//! Changed cells to bytes, with as few sequences as possible: a line may be slow, and every one counts.
//!
//! Invariant: only cursor moves and SGR are written; without colours in the cells, SGR is bold, dim, underline, reverse and
//! their end.

use ratatui::buffer::Cell;
use ratatui::style::Color;
use ratatui::style::Modifier;
use std::fmt::Write as _;

/// Cells in order of rows as text with as few sequences as possible; ends with plain style.
pub(super) fn encode(cells: &[(u16, u16, &Cell)], out: &mut String) {
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
    use ratatui::buffer::Buffer;
    use ratatui::style::Style;

    fn sent(before: &Buffer, after: &Buffer) -> String {
        let mut out = String::new();
        encode(&before.diff(after), &mut out);
        out
    }

    #[test]
    fn only_changed_cells_are_sent() {
        let before = Buffer::with_lines(["abcdef", "x     "]);
        let after = Buffer::with_lines(["abXdeY", "x     "]);
        assert_eq!(sent(&before, &before), "");
        assert_eq!(sent(&before, &after), "\x1b[1;3HX\x1b[2CY");
    }

    #[test]
    fn styles_are_set_once_and_ended() {
        let before = Buffer::with_lines(["  "]);
        let mut after = before.clone();
        after.set_string(0, 0, "ab", Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        assert_eq!(sent(&before, &after), "\x1b[1;1H\x1b[0;1;31mab\x1b[0m");
    }

    #[test]
    fn a_wide_character_moves_two_cells() {
        let before = Buffer::with_lines(["    "]);
        let after = Buffer::with_lines(["本a "]);
        assert_eq!(sent(&before, &after), "\x1b[1;1H本a");
    }
}
