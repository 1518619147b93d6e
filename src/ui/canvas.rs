//! Writing into the buffer: nothing leaves its area, and too long text is cut in the middle.

use crate::app::App;
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::line::Piece;
use crate::app::line::Tone;
use crate::text;
use crate::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::style::Style;

/// What is drawn on, with what is drawn.
pub(super) struct Canvas<'a> {
    pub buffer: &'a mut Buffer,
    pub app: &'a App,
    pub theme: Theme,
}

/// Blank cells at the right of a text pane.
pub(crate) const MARGIN: u16 = 2;

/// What stands in the cursor column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    None,
    /// The row of the pane that has the keys.
    Here,
    /// The chosen row of another pane.
    Chosen,
}

impl Canvas<'_> {
    /// Writes text at most `width` cells wide; returns the cells it took.
    pub(super) fn text(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y >= area.height || x >= area.width {
            return 0;
        }
        let room = width.min(area.width - x);
        let (end, _) = self.buffer.set_stringn(x, y, text, usize::from(room), style);
        end - x
    }

    /// Writes our own words plainly.
    pub(super) fn plain(&mut self, x: u16, y: u16, width: u16, text: &str) -> u16 {
        self.text(x, y, width, text, Style::new())
    }

    /// Fills a row with a horizontal line.
    pub(super) fn rule(&mut self, x: u16, y: u16, width: u16) {
        self.plain(x, y, width, &"─".repeat(usize::from(width)));
    }

    /// Draws a row of a pane: cursor column, line, and reverse video on the row that has the keys.
    pub(super) fn row(&mut self, x: u16, y: u16, width: u16, mark: Mark, line: &Line) {
        let symbol = match mark {
            Mark::None => " ",
            Mark::Here => ">",
            Mark::Chosen => "·",
        };
        self.plain(x, y, width.min(1), symbol);
        self.line(x + 1, y, width.saturating_sub(1), line);
        if mark == Mark::Here {
            self.reverse(x, y, width);
        }
    }

    /// Draws a row of a text pane, which keeps a margin at its right.
    pub(super) fn margin_row(&mut self, x: u16, y: u16, width: u16, mark: Mark, line: &Line) {
        self.row(x, y, width.saturating_sub(MARGIN), mark, line);
        if mark == Mark::Here {
            self.reverse(x, y, width);
        }
    }

    /// Reverse video, without colours: the row is one run of cells of one style.
    pub(super) fn reverse(&mut self, x: u16, y: u16, width: u16) {
        for x in x..x.saturating_add(width).min(self.buffer.area.width) {
            if let Some(cell) = self.buffer.cell_mut((x, y)) {
                let kept = cell.modifier & Modifier::UNDERLINED;
                cell.set_style(Style::reset().add_modifier(kept | Modifier::REVERSED));
            }
        }
    }

    /// Draws a line: the right part whole at the right end, of the left part the longest piece cut to what is left.
    pub(super) fn line(&mut self, x: u16, y: u16, width: u16, line: &Line) {
        let cells = |pieces: &[Piece]| pieces.iter().map(|piece| text::width(&piece.text)).sum::<usize>();
        let width_left = usize::from(width);
        let mut right = cells(&line.right);
        if right > 0 && right + 1 + cells(&line.left).min(8) > width_left {
            right = 0;
        }
        let room = width_left.saturating_sub(if right > 0 { right + 1 } else { 0 });
        let over = cells(&line.left).saturating_sub(room);
        let longest = line.left.iter().enumerate().max_by_key(|(_, piece)| text::width(&piece.text)).map(|(at, _)| at);
        let mut at = x;
        let end = x.saturating_add(u16::try_from(room).unwrap_or(width));
        for (row, piece) in line.left.iter().enumerate() {
            let style = self.theme.style(piece.tone);
            let left = end.saturating_sub(at);
            if over > 0 && Some(row) == longest {
                let keep = text::width(&piece.text).saturating_sub(over);
                let cut = text::cut_middle(&piece.text, keep, self.theme.cut());
                at += self.text(at, y, left, &cut, style);
            } else {
                at += self.text(at, y, left, &piece.text, style);
            }
        }
        if right > 0 {
            let mut at = x.saturating_add(u16::try_from(width_left - right).unwrap_or(0));
            for piece in &line.right {
                at += self.text(at, y, width, &piece.text, self.theme.style(piece.tone));
            }
        }
    }

    /// Underlines the letters that were searched for; `positions` count characters of `label`, whose first cell is at `x`.
    pub(super) fn underline(&mut self, x: u16, y: u16, label: &str, positions: &[usize], end: u16) {
        let mut at = x;
        let mut next = positions.iter().copied().peekable();
        for (position, c) in label.chars().enumerate() {
            let cells = u16::try_from(unicode_width::UnicodeWidthChar::width(c).unwrap_or(0)).unwrap_or(0);
            if next.next_if_eq(&position).is_some()
                && at < end
                && let Some(cell) = self.buffer.cell_mut((at, y))
            {
                cell.set_style(self.theme.style(Tone::Match));
            }
            at = at.saturating_add(cells);
        }
    }

    /// Blanks an area.
    pub(super) fn clear(&mut self, area: Area) {
        let area = Rect::new(area.x, area.y, area.width, area.height).intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                // A wide character whose first half stays outside would reach in.
                if x == area.left() && x > 0 {
                    let wide = self.buffer.cell((x - 1, y)).is_some_and(|cell| text::width(cell.symbol()) > 1);
                    if let Some(cell) = self.buffer.cell_mut((x - 1, y)).filter(|_| wide) {
                        cell.set_symbol(" ");
                    }
                }
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
    }

    /// Draws a box with titles in its upper and lower edge, blank inside.
    pub(super) fn frame(&mut self, area: Area, title: &str, corner: &str, foot: &str) {
        self.clear(area);
        if area.width < 4 || area.height < 2 {
            return;
        }
        let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
        for y in area.y..=bottom {
            self.plain(area.x, y, 1, "│");
            self.plain(right, y, 1, "│");
        }
        for (y, left_corner, right_corner, words) in [(area.y, "┌", "┐", title), (bottom, "└", "┘", foot)] {
            self.rule(area.x, y, area.width);
            self.plain(area.x, y, 1, left_corner);
            self.plain(right, y, 1, right_corner);
            if !words.is_empty() {
                let bold = self.theme.style(Tone::Title);
                let words = text::cut_middle(words, usize::from(area.width.saturating_sub(6)), self.theme.cut()).into_owned();
                let style = if y == area.y { bold } else { Style::new() };
                self.text(area.x + 2, y, area.width - 4, &format!(" {words} "), style);
            }
        }
        if !corner.is_empty() {
            let cells = u16::try_from(text::width(corner) + 2).unwrap_or(0);
            let x = right.saturating_sub(cells + 1);
            self.plain(x, area.y, cells, &format!(" {corner} "));
        }
    }

    /// Draws a rule across a box.
    pub(super) fn divide(&mut self, area: Area, y: u16, title: &str) {
        self.rule(area.x, y, area.width);
        self.plain(area.x, y, 1, "├");
        self.plain(area.x + area.width.saturating_sub(1), y, 1, "┤");
        if !title.is_empty() {
            let bold = self.theme.style(Tone::Title);
            self.text(area.x + 2, y, area.width.saturating_sub(4), &format!(" {title} "), bold);
        }
    }
}
